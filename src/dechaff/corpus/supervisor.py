"""Keeps the processes that work: starts them, stops them, and does again with more care what one of them died of."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from dechaff.corpus.options import Options
from dechaff.corpus.pipe import receive, send
from dechaff.corpus.records import Outcome, Record
from dechaff.corpus.shards import Shard

#: Seconds more than a document may take that its process has to answer.
_GRACE = 2.0

#: Times that a shard is tried with care before it is given up.
_TRIES = 2


class DiedError(Exception):
    """A process ended without an answer; `overdue` says that it was stopped for taking too long."""

    def __init__(self, code: int | None, overdue: bool = False) -> None:
        self.code, self.overdue = code, overdue
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        super().__init__(f"the process that cleaned it died ({how})")

    def __reduce__(self) -> tuple[type[DiedError], tuple[int | None, bool]]:
        return DiedError, (self.code, self.overdue)


class FailedError(Exception):
    """A call raised in the process; `kind` is the name of what it raised."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind, self.message = kind, message
        super().__init__(message)

    def __reduce__(self) -> tuple[type[FailedError], tuple[str, str]]:
        return FailedError, (self.kind, self.message)


class Child:
    """A process that answers calls, one at a time. It works in `folder`, which relative names start from (None: where
    this process works). Raises `FailedError` if it cannot be started there."""

    def __init__(self, folder: str | None = None) -> None:
        here = str(Path(__file__).parents[2])
        paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
        # One thread each: there are as many processes as cores.
        threads = dict.fromkeys(
            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1"
        )
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dechaff.corpus.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=folder,
                env={**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)},
                start_new_session=True,  # Ctrl-C is for the parent
            )
        except OSError as error:
            raise FailedError(type(error).__name__, f"{error.filename}: {error.strerror}") from None
        self.overdue = False

    def call(
        self, name: str, *arguments: Any, limit: float | None = None, step: Callable[[Any], None] | None = None
    ) -> Any:
        """The answer to a call. Raises `DiedError` if the process ends, or is stopped after `limit` seconds, and
        `FailedError` if the call raised."""
        timer = threading.Timer(limit, self._late) if limit else None
        if timer:
            timer.daemon = True
            timer.start()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            send(self.process.stdin, (name, arguments))  # type: ignore[arg-type]
            while True:
                kind, *answer = receive(self.process.stdout)  # type: ignore[arg-type]
                if kind == "done":
                    return answer[0]
                if kind == "failed":
                    raise FailedError(*answer)
                if step:
                    step(answer[0])
        except (EOFError, OSError, ValueError):
            self.stop()
            raise DiedError(self.process.returncode, self.overdue) from None
        finally:
            if timer:
                timer.cancel()

    def stop(self) -> None:
        """End the process now."""
        with suppress(OSError):
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def _late(self) -> None:
        self.overdue = True
        with suppress(OSError):
            self.process.kill()


class Guarded:
    """Cleans in another process, and finds the document that kills it or that it does not come back from.

    >>> with Guarded(Options()) as guarded:
    ...     [outcome.status for outcome in guarded.outcomes([Record("1", "")])]
    ['empty']
    """

    def __init__(self, options: Options, repetition: str | None = None) -> None:
        self.repetition = repetition
        self.limit = options.timeout_per_document
        # The time is kept here; should this process be killed, the other ends itself a little later.
        self.options = replace(options, timeout_per_document=self.limit + 2 * _GRACE if self.limit else 0.0)
        self.child: Child | None = None

    def __enter__(self) -> Guarded:
        return self

    def __exit__(self, *_: object) -> None:
        if self.child is not None:
            self.child.stop()

    def outcomes(self, records: Sequence[Record]) -> list[Outcome]:
        """An outcome for every record: "timeout" or "error" for those that cannot be cleaned."""
        try:
            found: list[Outcome] = self._call("chunk", list(records), self.options, self.repetition)
            return found
        except DiedError as died:
            if len(records) == 1:
                return [self._failed(died)]
        return [self.outcomes([record])[0] for record in records]

    def lines(self, record: Record) -> list[str]:
        """The texts of the lines of a document; none of one that kills the process or takes too long."""
        try:
            found: list[str] = self._call("lines", record, self.options)
            return found
        except DiedError:
            return []

    def _call(self, name: str, *arguments: Any) -> Any:
        if self.child is None:
            self.child = Child()
            self.child.call("chunk", [], self.options, self.repetition)  # the start is not the document's time
        try:
            return self.child.call(name, *arguments, limit=self.limit or None)
        except DiedError:
            self.child = None
            raise

    def _failed(self, died: DiedError) -> Outcome:
        if died.overdue:
            return Outcome("timeout", f"it took longer than {self.limit:g} seconds")
        return Outcome("error", str(died))


class Pool:
    """Processes that wait for the next shard, in one folder (see `Child`); all of them can be stopped at once."""

    def __init__(self, folder: str | None = None) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.idle: list[Child] = []
        self.busy: set[Child] = set()
        self.stopped = False

    def start(self, count: int) -> None:
        """Have so many processes wait before they are asked for; what goes wrong, `take` says."""
        with self.lock, suppress(FailedError):
            while len(self.idle) < count:
                self.idle.append(Child(self.folder))

    def take(self) -> Child:
        """A process. Raises `StoppedError` after `stop`, and as `Child` does."""
        with self.lock:
            if self.stopped:
                raise StoppedError
            while self.idle:
                child = self.idle.pop()
                if child.process.poll() is None:
                    break
                child.stop()
            else:
                child = Child(self.folder)
            self.busy.add(child)
            return child

    def give_back(self, child: Child) -> None:
        """Let another shard have the process, if it lives."""
        with self.lock:
            self.busy.discard(child)
            if child.process.poll() is None and not self.stopped:
                self.idle.append(child)
                return
        child.stop()

    def stop(self) -> None:
        """End all processes, and start no more."""
        with self.lock:
            self.stopped = True
            idle, busy = [*self.idle], [*self.busy]
            self.idle.clear()
        for child in busy:
            with suppress(OSError):
                child.process.kill()  # who waits for its answer does the rest
        for child in idle:
            child.stop()
        for child in busy:
            child.process.wait()


class StoppedError(Exception):
    """The run was stopped."""


def supervise(name: str, shard: Shard, job: Any, pool: Pool, step: Callable[[Any], None] | None = None) -> Any:
    """The answer to a call about a shard ("shard": clean it), whatever its documents do to the process that has it.

    If the process dies, it is done again with each chunk in a process of its own, which finds the document. Raises
    `FailedError` if the shard itself fails (its output cannot be written), `DiedError` if its process dies again and
    again, and `StoppedError` if the run was stopped.
    """
    for tried in range(1 + _TRIES):
        child = pool.take()
        seen: list[Any] = []

        def note(progress: Any, seen: list[Any] = seen) -> None:
            seen.append(progress)
            if step:
                step(progress)

        try:
            return child.call(name, shard.to_list(), job, tried > 0, step=note)
        except DiedError:
            if pool.stopped:
                raise StoppedError from None
            if step:
                for progress in seen:
                    step(tuple(-number for number in progress))
            if tried == _TRIES:
                raise
        finally:
            pool.give_back(child)
    raise AssertionError("unreachable")
