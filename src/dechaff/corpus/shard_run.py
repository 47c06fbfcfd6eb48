"""One shard: read, cleaned and written. Runs in a worker; depends on nothing but its arguments and the files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from dechaff.corpus.dolma import attributes, name_of
from dechaff.corpus.files import packed, replaced
from dechaff.corpus.layout import Layout, check_free
from dechaff.corpus.options import Options
from dechaff.corpus.readers import read
from dechaff.corpus.records import Chunk, Outcome, Record
from dechaff.corpus.rows import dropped, kept, to_json
from dechaff.corpus.shards import Shard
from dechaff.corpus.summary import Summary
from dechaff.corpus.writers import PAGES, opened_writer, suffix_of


class Cleans(Protocol):
    """What makes outcomes of records, here or in another process."""

    def outcomes(self, records: Sequence[Record]) -> list[Outcome]: ...


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know of a run: options, the folder for parts, the one for side files, the columns, the
    file with repeated lines, and the folder that relative names of inputs and of a model start from (None: there are
    none)."""

    options: Options
    parts: str
    side: str
    layout: dict[str, Any] | None = None
    repetition: str | None = None
    folder: str | None = None


class Step(NamedTuple):
    """What a chunk added: documents, bytes of the stored input, flags, failed documents."""

    documents: int
    consumed: int
    flags: int
    failed: int


Report = Callable[[Step], None]


#: Folders of side files, and what the names in them end with.
SIDES = {"removed": ".jsonl", "attributes": ".jsonl.gz", "dropped": ".jsonl"}


def part_path(job: Job, shard: Shard) -> str:
    """The file that a shard's rows are written to."""
    folder = os.path.join(job.side, "rows") if job.options.to in PAGES else job.parts
    return os.path.join(folder, shard.name() + suffix_of(job.options))


def side_path(job: Job, shard: Shard, name: str) -> str:
    """One of a shard's side files."""
    return os.path.join(job.side, name, shard.name() + SIDES[name])


def side_paths(job: Job, shard: Shard) -> dict[str, str]:
    """The side files of a shard that the options ask for, by the names of their folders."""
    wanted = {"removed": job.options.removed, "attributes": job.options.attributes, "dropped": job.options.drop_below}
    return {name: side_path(job, shard, name) for name in SIDES if wanted[name]}


def run_shard(shard: Shard, job: Job, cleaning: Cleans, report: Report) -> Summary:
    """Clean the documents of a shard and write its files. The files of rows are last to take their names.

    Raises `OSError` where they cannot be written, and `ModuleNotFoundError` where an extra is missing.
    """
    summary, started = Summary(), time.perf_counter()
    with ExitStack() as stack:
        # What is entered first is left last: the rows say that all other files are there.
        writer = stack.enter_context(
            opened_writer(part_path(job, shard), job.parts, job.options, Layout.of(job.layout))
        )
        sides = [stack.enter_context(_side(job, name, path)) for name, path in side_paths(job, shard).items()]
        for chunk in read(shard, job.options):
            check_free(chunk, job.options)
            outcomes = cleaning.outcomes(chunk.records)
            for record, outcome in zip(chunk.records, outcomes, strict=True):
                summary.count(record, outcome)
            for side in sides:
                side(chunk, outcomes)
            writer.write(*kept(chunk, outcomes))
            failed = sum(outcome.status in ("error", "timeout") for outcome in outcomes)
            flags = sum(len(outcome.flags) for outcome in outcomes)
            report(Step(len(outcomes), chunk.consumed, flags, failed))
    summary.seconds = time.perf_counter() - started
    return summary


Side = Callable[[Chunk, Sequence[Outcome]], None]


@contextmanager
def _side(job: Job, name: str, path: str) -> Iterator[Side]:
    rows = _ROWS[name]
    with replaced(path) as file, packed(file, "gz" if path.endswith(".gz") else None) as out:

        def write(chunk: Chunk, outcomes: Sequence[Outcome]) -> None:
            out.write(b"".join(to_json(row) for row in rows(job, chunk, outcomes)))

        yield write


def _removed(job: Job, chunk: Chunk, outcomes: Sequence[Outcome]) -> Iterator[Any]:
    for record, outcome in zip(chunk.records, outcomes, strict=True):
        for line in outcome.removed:
            yield {"id": name_of(record), "place": record.place, **line}


def _attributes(job: Job, chunk: Chunk, outcomes: Sequence[Outcome]) -> Iterator[Any]:
    for record, outcome in zip(chunk.records, outcomes, strict=True):
        if outcome.status != "dropped":
            yield attributes(record, outcome)


def _dropped(job: Job, chunk: Chunk, outcomes: Sequence[Outcome]) -> Iterator[Any]:
    from dechaff.corpus.rows import rows_of

    yield from rows_of(*dropped(chunk, outcomes), job.options)


#: What is written to the side files, by their folder.
_ROWS: dict[str, Callable[[Job, Chunk, Sequence[Outcome]], Iterator[Any]]] = {
    "removed": _removed,
    "attributes": _attributes,
    "dropped": _dropped,
}
