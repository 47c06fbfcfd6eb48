"""Files that are one document each."""

from __future__ import annotations

from collections.abc import Iterator

from dechaff.corpus.files import BROKEN, bare_name, opened
from dechaff.corpus.formats import PLAIN
from dechaff.corpus.options import Options
from dechaff.corpus.readers import broken
from dechaff.corpus.readers.fields import usual_output
from dechaff.corpus.records import Chunk, Record, chunked
from dechaff.corpus.shards import Shard
from dechaff.corpus.sources import Source


def read(shard: Shard, options: Options) -> Iterator[Chunk]:
    """A record for every file; its site is the folder it stands in below the input."""
    yield from chunked((_read(source, options), source.size) for source in shard.files)


def _read(source: Source, options: Options) -> Record:
    limit = options.max_document_bytes
    columns = {"file": source.name}
    try:
        with opened(source.path) as (stream, _):
            document = stream.read(limit + 1)
    except BROKEN as error:
        record = broken(source.path, error, options)
        record.id, record.columns = source.name, columns
        return record
    site = source.name.replace("\\", "/").partition("/")
    record = Record(source.path, document, id=source.name, site=site[0] if site[1] else "", columns=columns)
    record.output, record.file = usual_output(options), source.unique
    if options.kind != "auto":
        record.kind = options.kind  # type: ignore[assignment]
    elif bare_name(source.path).endswith(PLAIN):
        record.kind = "text"
    if len(document) > limit:
        record.document, record.error = None, f"more than max-document-bytes ({limit})"
    return record
