"""Inputs → shards: pieces of work of about equal size that a worker reads and writes by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dechaff.corpus.files import BROKEN, bare_name, open_raw, opened, packing_of
from dechaff.corpus.formats import HEAD, format_of, no_lines
from dechaff.corpus.options import Options, OptionsError
from dechaff.corpus.sources import Passed, Source, found
from dechaff.engines.extras import needs

#: What the names of files with the rows of a shard begin with.
PART = "part-"


@dataclass(frozen=True, slots=True)
class Shard:
    """A piece of work: some files of documents, or a part of one file.

    `start` and `end` count bytes of the stored file (jsonl, warc), row groups (parquet) or record batches (arrow); the
    whole file is 0 to -1. `weight` is its share of the stored bytes.
    """

    number: int
    format: str
    files: tuple[Source, ...]
    start: int = 0
    end: int = -1
    weight: int = 0

    def name(self) -> str:
        """What its output is called, without suffix: sorted by name, outputs are in the order of the inputs."""
        stem = bare_name(os.path.basename(self.files[0].name)).partition(".")[0] if self.format != "text" else "files"
        plain = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in stem)[:80]
        return f"{PART}{self.number:06d}-{plain}"

    def to_list(self) -> list[Any]:
        """As plain data, for `of`."""
        return [self.number, self.format, [list(file) for file in self.files], self.start, self.end, self.weight]

    @classmethod
    def of(cls, plain: list[Any]) -> Shard:
        """The shard that `to_list` wrote."""
        number, kind, files, start, end, weight = plain
        return cls(number, kind, tuple(Source(*file) for file in files), start, end, weight)


def shards_of(
    inputs: Iterable[str], options: Options, passed: Passed, skip: frozenset[str] = frozenset()
) -> Iterator[Shard]:
    """The shards of inputs, lazily, always the same for the same inputs and options. `skip` as for `sources.found`.

    Raises `FileNotFoundError` or `OSError` where an input is not there, and `OptionsError` where one that was named is
    JSON, but no JSON lines.
    """
    number = 0
    group: list[Source] = []
    size = 0
    for source, named in found(inputs, passed, skip):
        kind = options.from_ or format_of(source.path, named=named)
        if kind is None:
            passed.files += 1
            continue
        if kind == "text":
            if group and (len(group) == options.shard_files or size + source.size > options.shard_bytes):
                yield Shard(number, "text", tuple(group), weight=size)
                number, group, size = number + 1, [], 0
            group.append(source)
            size += source.size
            continue
        if kind == "jsonl" and named:
            _check_lines(source)
        for start, end, weight in _parts(kind, source, options.shard_bytes):
            yield Shard(number, kind, (source,), start, end, weight)
            number += 1
    if group:
        yield Shard(number, "text", tuple(group), weight=size)


def _check_lines(source: Source) -> None:
    try:
        with opened(source.path) as (stream, _):
            why = no_lines(stream.read(HEAD))
    except BROKEN:  # there will be a row that says so
        return
    if why:
        raise OptionsError(f"{source.path} {why}")


def _parts(kind: str, source: Source, size: int) -> list[tuple[int, int, int]]:
    """(start, end, weight) of the parts of a file; one whole where it cannot be divided, or not be read at all: who
    reads the part then says why."""
    divide = _DIVIDED.get(kind)
    try:
        parts = divide(source, size) if divide else []
    except BROKEN:
        parts = []
    return parts or [(0, -1, source.size)]


def _byte_ranges(source: Source, size: int) -> list[tuple[int, int, int]]:
    """Ranges of a file of lines that is not packed; a line belongs where it begins."""
    if source.size <= size:
        return []
    with open_raw(source.path) as file:
        if packing_of(file) is not None:
            return []
    cuts = [*range(0, source.size, size), source.size]
    return [(start, end, end - start) for start, end in pairwise(cuts)]


def _row_groups(source: Source, size: int) -> list[tuple[int, int, int]]:
    pq = needs("pyarrow.parquet", "corpus")
    with open_raw(source.path) as file, pq.ParquetFile(file) as table:
        weights = []
        for number in range(table.metadata.num_row_groups):
            group = table.metadata.row_group(number)
            weights.append(sum(group.column(column).total_compressed_size for column in range(group.num_columns)))
    return gathered(weights, size)


def _record_batches(source: Source, size: int) -> list[tuple[int, int, int]]:
    pa = needs("pyarrow", "corpus")
    with open_raw(source.path) as file:
        if file.read(6) != b"ARROW1":
            return []  # a stream is read from its begin
        file.seek(0)
        count = pa.ipc.open_file(file).num_record_batches
    return gathered([source.size // max(count, 1)] * count, size)


def _records(source: Source, size: int) -> list[tuple[int, int, int]]:
    from dechaff.corpus.readers.places import cuts

    if source.size <= size:
        return []
    places = [0, *cuts(source.path, source.size, size), source.size]
    parts = [(start, end, end - start) for start, end in pairwise(places)]
    return [*parts[:-1], (parts[-1][0], -1, parts[-1][2])]  # to its end, wherever a packed stream says that it is


def gathered(weights: list[int], size: int) -> list[tuple[int, int, int]]:
    """Runs of neighbours that together weigh about `size`: (first, last + 1, weight).

    >>> gathered([3, 3, 3, 9, 1], 6)
    [(0, 2, 6), (2, 3, 3), (3, 4, 9), (4, 5, 1)]
    """
    runs: list[tuple[int, int, int]] = []
    start = total = 0
    for number, weight in enumerate(weights):
        if number > start and total + weight > size:
            runs.append((start, number, total))
            start, total = number, 0
        total += weight
    if weights:
        runs.append((start, len(weights), total))
    return runs


_DIVIDED: dict[str, Callable[[Source, int], list[tuple[int, int, int]]]] = {
    "jsonl": _byte_ranges,
    "parquet": _row_groups,
    "arrow": _record_batches,
    "warc": _records,
}
