"""What an earlier run left: whether it is in the way, what of it is still there, and how it is cleared away."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress

from dechaff.corpus.errors import CorpusError
from dechaff.corpus.files import BROKEN
from dechaff.corpus.journal import NEXT_PLAN, Journal, sweep
from dechaff.corpus.options import Options
from dechaff.corpus.plan import Place
from dechaff.corpus.shard_run import Job, part_path
from dechaff.corpus.writers import PAGES
from dechaff.corpus.writers.pages import listed


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


def done(options: Options, place: Place, journal: Journal) -> set[int]:
    """Numbers of the shards that are noted as done and whose files are still there."""
    noted, job = journal.done(), Job(options, place.parts, place.side)
    if not noted:
        return set()
    return {
        shard.number for shard in journal.shards() if shard.number in noted and _is_there(part_path(job, shard), job)
    }


def _is_there(part: str, job: Job) -> bool:
    if job.options.to not in PAGES:
        return os.path.exists(part)
    try:
        return all(os.path.exists(os.path.join(job.parts, name)) for name in listed(part, job.options.prefix))
    except BROKEN:
        return False


def clear(place: Place, journal: Journal) -> None:
    """Remove what an earlier run wrote: its documents and parts, its journal and side files. The plan of the next run,
    and what others put there, stay."""
    if not place.single:
        _clear_pages(place, journal)
    for name in os.listdir(place.side):
        path = os.path.join(place.side, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif name not in ("lock", NEXT_PLAN):
            os.unlink(path)
    if not place.single:
        sweep(place.output)
        for name in os.listdir(place.output):
            if name.startswith("part-") and os.path.isfile(os.path.join(place.output, name)):
                os.unlink(os.path.join(place.output, name))


def _clear_pages(place: Place, journal: Journal) -> None:
    """Remove the documents that the lists of an earlier run name, and folders that are empty then."""
    lists = os.path.join(place.side, "rows")
    try:
        prefix, names = journal.about()["options"]["prefix"], sorted(os.listdir(lists))
    except (OSError, ValueError, LookupError):  # there was no such run
        return
    for name in names:
        with suppress(*BROKEN):
            for page in listed(os.path.join(lists, name), prefix):
                if {"", ".", ".."}.isdisjoint(page.split("/")):  # dechaff writes nothing outside the folder
                    _remove(os.path.join(place.output, page))


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
        os.removedirs(os.path.dirname(path))  # up to the output, which has the side folder
