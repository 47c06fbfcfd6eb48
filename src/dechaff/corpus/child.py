"""The process that works: it takes calls from its parent over a pipe, one at a time, and ends when the parent does.

A call is (name, arguments) for `_CALLS`; answers are ("step", …) while it runs and then ("done", value) or ("failed",
kind, message).
"""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO

from dechaff.corpus.cleaning import Cleaning
from dechaff.corpus.options import Options
from dechaff.corpus.pipe import receive, send
from dechaff.corpus.records import Outcome, Record
from dechaff.corpus.shard_run import Job, Step, run_shard
from dechaff.corpus.shards import Shard
from dechaff.model.store import fingerprint

#: Seconds between two reports of progress.
_EVERY = 0.2

#: Objects more than before from which on cycles among them are looked for: a page makes thousands, and next to none are
#: in cycles. With the 700 of Python 3.11 the search took 2 % of the time.
_CYCLES = 20_000

#: Seconds without a call after which the process ends: on a cluster nobody says that there will be none.
_IDLE = 120.0


class _Watched:
    """Cleans, and ends this process if a chunk takes longer than a document may: also when C code hangs, for the
    watch is a thread that needs no lock of Python's. The parent then has the shard cleaned with `Guarded`."""

    def __init__(self, options: Options, repetition: str | None = None) -> None:
        self.cleaning = Cleaning(options, repetition)
        self.limit = options.timeout_per_document
        self.cleaning.outcomes([Record("", "A text that has what is made on first use made.")])  # not in anybody's time
        self.silent = open(os.devnull, "w")  # noqa: SIM115 (it lives as long as the process)

    def outcomes(self, records: Sequence[Record]) -> list[Outcome]:
        """As `Cleaning.outcomes`."""
        with self._watch():
            return self.cleaning.outcomes(records)

    def lines(self, record: Record) -> list[str]:
        """As `Cleaning.lines`."""
        with self._watch():
            return self.cleaning.lines(record)

    @contextmanager
    def _watch(self) -> Iterator[None]:
        if not self.limit:
            yield
            return
        faulthandler.dump_traceback_later(self.limit, exit=True, file=self.silent)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


_cleanings: dict[tuple[str | None, ...], _Watched] = {}


def _cleaning(options: Options, repetition: str | None = None) -> _Watched:
    # Another model may come under the same name before this process ends.
    model = None if options.model is None else fingerprint(Path(options.model))
    key = (options.digest(), repetition, model)
    if key not in _cleanings:
        _cleanings.clear()
        _cleanings[key] = _Watched(options, repetition)
    return _cleanings[key]


def _shard(out: BinaryIO, shard: list[Any], job: Job, guarded: bool) -> dict[str, Any]:
    """Clean a shard; gives its summary."""
    from dechaff.corpus.supervisor import Guarded

    steps = _Steps(out)
    if guarded:
        with Guarded(job.options, job.repetition) as cleaning:
            summary = run_shard(Shard.of(shard), job, cleaning, steps.add)
    else:
        summary = run_shard(Shard.of(shard), job, _cleaning(job.options, job.repetition), steps.add)
    steps.send()
    return summary.to_dict()


class _Steps:
    """Tells the parent what was done, now and then."""

    def __init__(self, out: BinaryIO) -> None:
        self.out = out
        self.waiting: list[Step] = []
        self.last = time.monotonic()

    def add(self, step: Step) -> None:
        self.waiting.append(step)
        if time.monotonic() - self.last >= _EVERY:
            self.send()

    def send(self) -> None:
        if self.waiting:
            send(self.out, ("step", tuple(map(sum, zip(*self.waiting, strict=True)))))
        self.waiting.clear()
        self.last = time.monotonic()


def _sketch(out: BinaryIO, shard: list[Any], job: Job, guarded: bool) -> Any:
    """Gather the lines of a shard; gives its sketch."""
    from dechaff.corpus.repetition import sketch_of
    from dechaff.corpus.supervisor import Guarded

    if guarded:
        with Guarded(job.options) as cleaning:
            return sketch_of(Shard.of(shard), job.options, cleaning.lines)
    return sketch_of(Shard.of(shard), job.options, _cleaning(job.options).lines)


def _chunk(out: BinaryIO, records: list[Record], options: Options, repetition: str | None) -> list[Outcome]:
    """Clean some records; gives their outcomes."""
    return _cleaning(options, repetition).outcomes(records)


def _lines(out: BinaryIO, record: Record, options: Options) -> list[str]:
    """The texts of the lines of a document."""
    return _cleaning(options).lines(record)


_CALLS: dict[str, Callable[..., Any]] = {"shard": _shard, "sketch": _sketch, "chunk": _chunk, "lines": _lines}


def main() -> None:
    """Answer calls until the parent closes the pipe or dies."""
    gc.set_threshold(_CYCLES)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to stop
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between answers
    calls: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, calls), daemon=True).start()
    while True:
        try:
            name, arguments = calls.get(timeout=_IDLE)
        except Empty:
            return
        try:
            answer = ("done", _CALLS[name](out, *arguments))
        except BaseException as error:
            answer = ("failed", type(error).__name__, _said(error))  # type: ignore[assignment]
        try:
            send(out, answer)
        except OSError:
            os._exit(1)


def _listen(stream: BinaryIO, calls: SimpleQueue[Any]) -> None:
    """Take calls; end the process at once, whatever it is at, when nobody waits for it any more."""
    while True:
        try:
            calls.put(receive(stream))
        except (EOFError, OSError):
            os._exit(0)


def _said(error: BaseException) -> str:
    name = getattr(error, "filename", None)
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{name}: {said}" if name else str(said)


if __name__ == "__main__":
    main()
