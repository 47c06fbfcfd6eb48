"""What an earlier run left: whether it is in the way, what of it is still there, and how it is cleared away."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

from dechaff.corpus.errors import CorpusError
from dechaff.corpus.files import BROKEN
from dechaff.corpus.journal import OVERVIEW, REPETITION, SUMMARY, Journal, sweep
from dechaff.corpus.options import Options
from dechaff.corpus.plan import Place
from dechaff.corpus.shard_run import SIDES, Job, part_path, side_path, side_paths
from dechaff.corpus.shards import Shard
from dechaff.corpus.writers import PAGES
from dechaff.corpus.writers.pages import begun, begun_path, listed


def check_output(place: Place, journal: Journal, options: Options) -> None:
    """Raise `CorpusError` if there is something in the way."""
    there = _occupied(place)
    if options.resume:
        if journal.exists() or not there:
            return
        raise CorpusError(f"{place.output} is there, but no journal of a run that could be resumed")
    if not there and not journal.exists():
        return
    if not options.overwrite:
        if there:
            raise CorpusError(
                f"{place.output} is there: give --resume to go on, --overwrite to replace it, or another name"
            )
        raise CorpusError(
            f"{place.side} has the journal of a run whose output is not there: give --resume to write what is missing, "
            "--overwrite to begin anew, or another name"
        )
    if not place.single and not journal.exists():
        raise CorpusError(f"{place.output} is a folder that dechaff did not write: give another name")


def _occupied(place: Place) -> bool:
    if place.single:
        return os.path.lexists(place.output)
    try:
        return any(name != os.path.basename(place.side) for name in os.listdir(place.output))
    except FileNotFoundError:
        return False


def is_ours(place: Place, journal: Journal) -> bool:
    """Whether what stands at the output was, as far as is known, written by an earlier run."""
    merged = journal.merged()
    return journal.exists() and (merged is None or _are_there([place.output], _size_of(merged)))


def sizes(job: Job, shard: Shard) -> list[int]:
    """The sizes of the files of a shard that was written: side files, then that of the rows."""
    return [os.path.getsize(path) for path in (*side_paths(job, shard).values(), part_path(job, shard))]


def done(options: Options, place: Place, journal: Journal) -> set[int]:
    """Numbers of the shards that are noted as done and whose files are still there as they were written."""
    noted, job = journal.done(), Job(options, place.parts, place.side)
    if not noted:
        return set()
    return {shard.number for shard in journal.shards() if shard.number in noted and _is_whole(job, shard, noted)}


def finished(options: Options, place: Place, journal: Journal) -> bool:
    """Whether the output, one file, and all side files are still there as they were written; the parts need not be."""
    merged, noted, job = journal.merged(), journal.done(), Job(options, place.parts, place.side)
    if merged is None or not _are_there([place.output], _size_of(merged)):
        return False
    for shard in journal.shards():
        of_shard = noted.get(shard.number)
        if not _are_there([*side_paths(job, shard).values()], of_shard and of_shard[:-1]):
            return False
    return True


def _is_whole(job: Job, shard: Shard, noted: dict[int, list[int] | None]) -> bool:
    part = part_path(job, shard)
    if not _are_there([*side_paths(job, shard).values(), part], noted[shard.number]):
        return False
    if job.options.to not in PAGES:
        return True
    try:
        return all(os.path.exists(os.path.join(job.parts, name)) for name in listed(part, job.options.prefix))
    except BROKEN:
        return False


def _size_of(merged: dict[str, Any]) -> list[int] | None:
    return [merged["size"]] if "size" in merged else None


def _are_there(paths: Sequence[str], noted: Sequence[int] | None) -> bool:
    """Whether files are there, with the sizes that were noted (None: an earlier version noted none)."""
    try:
        found = [os.path.getsize(path) for path in paths]
    except OSError:
        return False
    return noted is None or found == noted


def clear(place: Place, journal: Journal) -> None:
    """Remove what an earlier run wrote, by its own plan: its documents and parts, and its side files. What others put
    there stays. So does what says which run it was, until another begins: killed before, it can be cleared again.
    Raises `CorpusError` where it cannot be known what that run wrote."""
    if journal.exists():
        job = _earlier_job(place, journal)
        for shard in journal.shards():
            for page in _pages(job, shard):
                if {"", ".", ".."}.isdisjoint(page.split("/")):  # dechaff writes nothing outside the folder
                    with suppress(OSError):
                        _remove(os.path.join(place.output, page))
            part = part_path(job, shard)
            if job.options.to in PAGES:
                _remove(begun_path(part))
            for path in (*(side_path(job, shard, name) for name in SIDES), part):
                _remove(path)
    for name in (REPETITION, SUMMARY, OVERVIEW):
        _remove(journal.path(name))
    sweep(place.side if place.single else place.output)


def clear_parts(job: Job, journal: Journal) -> None:
    """Remove the parts that were put together to one file."""
    if os.path.isdir(job.parts):
        for shard in journal.shards():
            _remove(part_path(job, shard))


def _earlier_job(place: Place, journal: Journal) -> Job:
    """As much of the job of an earlier run, maybe of an earlier version, as names of files depend on."""
    options = journal.about()["options"]
    try:
        of_names = Options(to=options["to"], compression=options["compression"], prefix=options["prefix"])
    except (LookupError, ValueError):
        raise CorpusError(f"{place.output} was written by another version of dechaff: give another name") from None
    return Job(of_names, place.parts, place.side)


def _pages(job: Job, shard: Shard) -> Iterator[str]:
    """The names of the documents that an earlier run wrote, or was about to, by its lists."""
    if job.options.to in PAGES:
        part = part_path(job, shard)
        with suppress(*BROKEN):
            yield from chain(begun(begun_path(part)), listed(part, job.options.prefix))


def _remove(path: str) -> None:
    """Remove a file, if it is there, and folders that are empty then: up to the output, which has the side folder, or
    up to that, which has the lock."""
    with suppress(FileNotFoundError):
        os.unlink(path)
        with suppress(OSError):
            os.removedirs(os.path.dirname(path))
