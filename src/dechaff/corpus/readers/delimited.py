"""CSV and TSV, with names of columns in the first line."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from typing import BinaryIO

from dechaff.corpus.files import BROKEN, opened
from dechaff.corpus.options import Options
from dechaff.corpus.readers import broken
from dechaff.corpus.readers.fields import record_of, unique
from dechaff.corpus.records import Chunk, Record, chunked
from dechaff.corpus.shards import Shard

#: A field may be so much longer than a document before the file is given up: one that is just too long is a row with an
#: error, but a quote that is never closed must not hold a whole file in memory.
_LIMIT_FACTOR = 10

#: What C can count to on every system.
_MOST = 2**31 - 1

#: Before Python 3.11 a NUL ends the reading.
_TAKES_NUL = sys.version_info >= (3, 11)

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
    csv.field_size_limit(min(_LIMIT_FACTOR * options.max_document_bytes, _MOST))
    lines = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
    try:
        yield from _records(lines, raw, path, "\t" if kind == "tsv" else ",", options)
    finally:
        lines.detach()  # who opened the stream closes it


def _records(
    lines: io.TextIOWrapper, raw: BinaryIO | None, path: str, delimiter: str, options: Options
) -> Iterator[tuple[Record, int]]:
    rows = csv.reader(lines if _TAKES_NUL else (line.replace("\0", "\ufffd") for line in lines), delimiter=delimiter)
    number = told = 0
    names: list[str] = []
    while True:
        try:
            row = next(rows, None)
        except (*BROKEN, csv.Error) as error:
            yield broken(f"{path}@{number + 1}", error, options, "to its end"), 0
            return
        if row is None:
            return
        if not names:
            names = unique(row)
        elif row:
            number += 1
            size, told = (raw.tell() - told, raw.tell()) if raw is not None else (0, 0)
            yield record_of(_named(names, row, delimiter), f"{path}@{number}", options), size


def _named(names: list[str], row: list[str], delimiter: str) -> dict[str, str | None]:
    """The fields of a row by name: None for those that it lacks, and what it has more in one of their own."""
    named: dict[str, str | None] = {**dict.fromkeys(names), **dict(zip(names, row, strict=False))}
    if len(row) > len(names):
        named[unique([*names, REST])[-1]] = delimiter.join(row[len(names) :])
    return named
