"""What a run was told and what of it is done, so that it can go on after any kind of end.

Beside the output stand `run.json` (inputs, options, columns), `plan.jsonl` (the shards, with size and time of change of
every file) and `journal.jsonl`, which has a line for every shard once its files are whole and on disk.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from dechaff.corpus.files import RUN, TEMPORARY, replaced, temporary_prefix
from dechaff.corpus.shards import Shard
from dechaff.corpus.summary import MAX_FAILED, Summary

PLAN, JOURNAL = "plan.jsonl", "journal.jsonl"
#: The plan of a run until it begins, in the place of another.
NEXT_PLAN = "next-plan.jsonl"
SUMMARY, OVERVIEW = "summary.json", "summary.html"


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
        """Begin anew, by the next plan."""
        with suppress(FileNotFoundError):
            os.unlink(self.path(JOURNAL))
        os.replace(self.path(NEXT_PLAN), self.path(PLAN))
        with replaced(self.path(RUN)) as file:
            file.write(json.dumps(about, ensure_ascii=False, indent=1).encode("utf-8", "surrogateescape") + b"\n")

    def about(self) -> dict[str, Any]:
        """What the earlier run was told. Raises `ValueError` where that cannot be read."""
        with open(self.path(RUN), "rb") as file:
            found: dict[str, Any] = json.loads(file.read().decode("utf-8", "surrogateescape"))
            return found

    def shards(self) -> Iterator[Shard]:
        """The planned shards, lazily."""
        with open(self.path(PLAN), "rb") as file:
            for line in file:
                yield Shard.of(json.loads(line.decode("utf-8", "surrogateescape")))

    def entries(self) -> Iterator[dict[str, Any]]:
        """What was noted. A last line that was cut off when the run was killed does not count."""
        try:
            with open(self.path(JOURNAL), "rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        with suppress(ValueError):
                            yield json.loads(line)
        except FileNotFoundError:
            return

    def done(self) -> set[int]:
        """Numbers of the shards that are done."""
        return {entry["shard"] for entry in self.entries() if "shard" in entry}

    def merged(self) -> bool:
        """Whether the parts were put together to one file."""
        return any(entry.get("merged") for entry in self.entries())

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
    Raises `BlockingIOError` if another run is there."""
    os.makedirs(folder, exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with open(os.path.join(folder, "lock"), "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def sweep(*folders: str) -> None:
    """Remove temporary files that a killed run left."""
    for folder in folders:
        for where, _, names in os.walk(folder):
            for name in names:
                if name.endswith(TEMPORARY):
                    with suppress(OSError):
                        os.unlink(os.path.join(where, name))


def sweep_beside(path: str) -> None:
    """Remove temporary files that a run left beside a file when it was killed as it wrote it."""
    folder, name = os.path.split(path)
    with suppress(OSError):
        for other in os.listdir(folder or "."):
            if other.startswith(temporary_prefix(name)) and other.endswith(TEMPORARY):
                os.unlink(os.path.join(folder, other))
