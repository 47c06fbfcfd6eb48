"""CSV and TSV, with names of columns in the first line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from dechaff.corpus.files import BROKEN, opened
from dechaff.corpus.options import Options
from dechaff.corpus.readers import broken
from dechaff.corpus.readers.fields import record_of
from dechaff.corpus.records import Chunk, Record, chunked
from dechaff.corpus.shards import Shard

#: The name of what stands in a row after its last named column.
REST = "unnamed"


def read(shard: Shard, options: Options) -> Iterator[Chunk]:
    """A record for every row; `place` counts rows from 1."""
    path = shard.files[0].path
    with opened(path) as (stream, raw):
        yield from chunked(records(stream, raw, path, shard.format, options))


def records(
    stream: BinaryIO, raw: BinaryIO | None, path: str, kind: str, options: Options
) -> Iterator[tuple[Record, int]]:
    """Records with the stored bytes that each took. `raw` is None where that cannot be told."""
    csv.field_size_limit(min(options.max_document_bytes, 2**31 - 1))
    lines = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
    try:
        yield from _records(lines, raw, path, "\t" if kind == "tsv" else ",", options)
    finally:
        lines.detach()  # who opened the stream closes it


def _records(
    lines: io.TextIOWrapper, raw: BinaryIO | None, path: str, delimiter: str, options: Options
) -> Iterator[tuple[Record, int]]:
    rows = csv.DictReader(lines, delimiter=delimiter, restkey=REST)
    number = told = 0
    while True:
        number += 1
        try:
            row = next(rows, None)
        except (*BROKEN, csv.Error) as error:
            yield broken(f"{path}@{number}", error, options, "to its end"), 0
            return
        if row is None:
            return
        rest = row.get(REST)
        if isinstance(rest, list):
            row[REST] = delimiter.join(rest)
        size, told = (raw.tell() - told, raw.tell()) if raw is not None else (0, 0)
        yield record_of(row, f"{path}@{number}", options), size
