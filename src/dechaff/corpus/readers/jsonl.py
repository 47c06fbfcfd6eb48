"""Files with a JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from dechaff.corpus.files import BROKEN, opened
from dechaff.corpus.options import Options
from dechaff.corpus.readers import broken
from dechaff.corpus.readers.fields import failed, record_of
from dechaff.corpus.records import Chunk, Record, chunked
from dechaff.corpus.shards import Shard

#: A line may be longer than its document: quotes and other letters are escaped in it.
_LINE_FACTOR = 6
_MORE = 1_000_000


def read(shard: Shard, options: Options) -> Iterator[Chunk]:
    """A record for every line that begins between `start` and `end`; blank lines are passed over."""
    path = shard.files[0].path
    with opened(path) as (stream, raw):
        yield from chunked(records(stream, raw, path, shard, options))


def records(
    stream: BinaryIO, raw: BinaryIO | None, path: str, shard: Shard, options: Options
) -> Iterator[tuple[Record, int]]:
    """Records with the stored bytes that each took. `raw` is None where that cannot be told."""
    limit = _LINE_FACTOR * options.max_document_bytes + _MORE
    place, end = shard.start, shard.end
    packed = raw is not None and raw is not stream
    if place:
        stream.seek(place - 1)
        place += len(_rest_of_line(stream, limit)) - 1
    told = 0
    while end < 0 or place < end:
        try:
            line = stream.readline(limit)
        except BROKEN as error:
            yield broken(f"{path}@{place}", error, options, "to its end"), 0
            return
        if not line:
            return
        size = len(line)
        if size == limit and not line.endswith(b"\n"):
            size += _skip_line(stream, limit)
            said = f"a line of {size} bytes is more than max-document-bytes allows"
            record = failed(f"{path}@{place}", said, options)
        elif line.isspace() or line == b"\xef\xbb\xbf\n":
            place += size
            continue
        else:
            record = _record(line, f"{path}@{place}", options)
        place += size
        if packed and raw is not None:
            size, told = raw.tell() - told, raw.tell()
        yield record, size


def _record(line: bytes, place: str, options: Options) -> Record:
    try:
        row: Any = json.loads(line.decode("utf-8-sig"))
    except RecursionError:
        return failed(place, "not JSON that can be read: nested too deeply", options)
    except ValueError as error:
        said = f"not UTF-8: {error}" if isinstance(error, UnicodeDecodeError) else f"not JSON: {error}"
        return failed(place, said, options)
    if not isinstance(row, dict):
        return failed(place, f"a line of JSON lines is an object, not {type(row).__name__}", options)
    return record_of(row, place, options)


def _rest_of_line(stream: BinaryIO, limit: int) -> bytes:
    """The rest of the line that the byte before belongs to, as something with its length."""
    line = stream.readline(limit)
    if len(line) < limit or line.endswith(b"\n"):
        return line
    return bytes(len(line) + _skip_line(stream, limit))


def _skip_line(stream: BinaryIO, limit: int) -> int:
    skipped = 0
    while line := stream.readline(min(limit, 1 << 20)):
        skipped += len(line)
        if line.endswith(b"\n"):
            break
    return skipped
