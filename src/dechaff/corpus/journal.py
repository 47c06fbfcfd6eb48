"""What a run was told and what of it is done, so that it can go on after any kind of end.

Beside the output stand `run.json` (inputs, options, columns), `plan.jsonl` (the shards, with size and time of change of
every file) and `journal.jsonl`, which has a line for every shard, with the sizes of its files, once they are whole and
on disk.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from dechaff.corpus.errors import CorpusError
from dechaff.corpus.files import RUN, TEMPORARY, WHOLE_NAME, replaced, temporary_prefix
from dechaff.corpus.shards import Shard
from dechaff.corpus.summary import MAX_FAILED, Summary

PLAN, JOURNAL = "plan.jsonl", "journal.jsonl"
#: The plan of a run until it begins, in the place of another.
NEXT_PLAN = "next-plan.jsonl"
SUMMARY, OVERVIEW = "summary.json", "summary.html"
#: The lines that sites repeat, of a first pass.
REPETITION = "repetition.npz"
#: The file that keeps other runs out.
LOCK = "lock"

#: What `run.json` has at least.
_ABOUT = frozenset({"inputs", "options", "layout", "bytes", "passed_files", "made_by"})

#: What stands between the two ends of a temporary name.
_RANDOM = "[0-9a-f]{8}"


class Journal:
    """The journal of one run, in its folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.file: BinaryIO | None = None

    def path(self, name: str) -> str:
        """A file of it."""
        return os.path.join(self.folder, name)

    def exists(self) -> bool:
        """Whether there is an earlier run."""
        return os.path.exists(self.path(RUN))

    def begin(self, about: dict[str, Any]) -> None:
        """Begin anew, by the next plan. `run.json` is replaced last: killed before, it is the earlier run that stands
        here, of which nothing is done."""
        with suppress(FileNotFoundError):
            os.unlink(self.path(JOURNAL))
        os.replace(self.path(NEXT_PLAN), self.path(PLAN))
        with replaced(self.path(RUN)) as file:
            file.write(json.dumps(about, ensure_ascii=False, indent=1).encode("utf-8", "surrogateescape") + b"\n")

    def about(self) -> dict[str, Any]:
        """What the earlier run was told. Raises `CorpusError` where that cannot be read."""
        try:
            with open(self.path(RUN), "rb") as file:
                found: dict[str, Any] = json.loads(file.read().decode("utf-8", "surrogateescape"))
        except (OSError, ValueError) as error:
            raise self._broken(RUN, error) from None
        if not isinstance(found, dict) or not found.keys() >= _ABOUT or not isinstance(found["options"], dict):
            raise self._broken(RUN, "it is not what dechaff writes")
        return found

    def shards(self) -> Iterator[Shard]:
        """The planned shards, lazily. Raises `CorpusError` where they cannot be read."""
        try:
            with open(self.path(PLAN), "rb") as file:
                for line in file:
                    try:
                        shard = Shard.of(json.loads(line.decode("utf-8", "surrogateescape")))
                    except (ValueError, TypeError) as error:
                        raise self._broken(PLAN, error) from None
                    yield shard
        except FileNotFoundError as error:
            raise self._broken(PLAN, error) from None

    def _broken(self, name: str, why: Exception | str) -> CorpusError:
        said = getattr(why, "strerror", None) or why
        return CorpusError(f"{self.path(name)}, which says what the earlier run was, cannot be read ({said}): "
                           "give another output, or remove what that run wrote")  # fmt: skip

    def entries(self) -> Iterator[dict[str, Any]]:
        """What was noted. A last line that was cut off when the run was killed does not count."""
        try:
            with open(self.path(JOURNAL), "rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        with suppress(ValueError):
                            entry = json.loads(line)
                            if isinstance(entry, dict):
                                yield entry
        except FileNotFoundError:
            return

    def done(self) -> dict[int, list[int] | None]:
        """Numbers of the shards that are done, with the sizes of their files; None where an earlier version noted
        them, without sizes."""
        return {entry["shard"]: entry.get("sizes") for entry in self.entries() if "shard" in entry}

    def merged(self) -> dict[str, Any] | None:
        """The last note that the parts were put together to one file: with its `size`, but in that of an earlier
        version."""
        notes = [entry for entry in self.entries() if entry.get("merged")]
        return notes[-1] if notes else None

    def summary(self) -> Summary:
        """The sum over all shards that are done, failed documents in the order of the inputs."""
        total, seen, failed = Summary(), set(), []
        for entry in self.entries():
            if "shard" not in entry or entry["shard"] in seen:  # one that was noted twice counts once
                continue
            seen.add(entry["shard"])
            part = Summary.of(entry["summary"])
            failed += [(entry["shard"], document) for document in part.failed]
            failed = sorted(failed, key=lambda pair: int(pair[0]))[:MAX_FAILED]
            total.merge(part)
        total.failed = [document for _, document in failed]
        return total

    def note(self, entry: dict[str, Any]) -> None:
        """Add a line, on disk when this returns."""
        if self.file is None:
            self.file = open(self.path(JOURNAL), "ab")  # noqa: SIM115 (closed by `close`)
            if self.file.tell() and not self._whole():
                self.file.write(b"\n")  # after a line that was cut off
        self.file.write(json.dumps(entry, ensure_ascii=False).encode("utf-8", "surrogateescape") + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())

    def close(self) -> None:
        """Close the file of the journal."""
        if self.file is not None:
            self.file.close()
            self.file = None

    def _whole(self) -> bool:
        with open(self.path(JOURNAL), "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Keep other runs out of a folder, where the system can; the lock of a process that was killed is gone with it.
    The folder and those above it are made, and go again if no run has begun in it. Raises `BlockingIOError` if another
    run is there."""
    made = _missing(folder)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, LOCK), "ab") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # Windows
            pass
        try:
            yield
        finally:
            _unlink(os.path.join(folder, NEXT_PLAN))  # of a run that could not begin
            if not os.path.exists(os.path.join(folder, RUN)):
                file.close()  # Windows removes no file that is open
                _unlink(os.path.join(folder, LOCK))
                with suppress(OSError):
                    for empty in made:
                        os.rmdir(empty)


def _unlink(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def _missing(folder: str) -> list[str]:
    """A folder and those above it that are not there, the innermost first."""
    missing = []
    while folder and not os.path.exists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    return missing


def sweep(*folders: str) -> None:
    """Remove temporary files that a killed run left."""
    for folder in folders:
        for where, _, names in os.walk(folder):
            for name in names:
                if name.endswith(TEMPORARY):
                    _unlink(os.path.join(where, name))


def sweep_beside(path: str) -> None:
    """Remove temporary files that a run left beside a file when it was killed as it wrote it. Those of another file,
    which another run may be writing, stay."""
    folder, name = os.path.split(path)
    if len(name) > WHOLE_NAME:
        return
    its = re.compile(re.escape(temporary_prefix(name)) + _RANDOM + re.escape(TEMPORARY))
    with suppress(OSError):
        for other in os.listdir(folder or "."):
            if its.fullmatch(other):
                os.unlink(os.path.join(folder, other))
