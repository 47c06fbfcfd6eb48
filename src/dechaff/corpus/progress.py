"""How far a run is: a bar on a terminal, a line now and then elsewhere, JSON for machines, or nothing."""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from dechaff.corpus.options import Options
from dechaff.escaped import escaped

#: Seconds between two lines where there is no terminal.
EVERY = 10.0


class Progress:
    """Counts what was done, from several threads, and shows it on standard error.

    `total` is the bytes of all inputs, `before` those that an earlier run had done; `name` says which pass it is.
    """

    def __init__(self, options: Options, total: int, before: int = 0, name: str = "") -> None:
        self.name = name
        self.lock = threading.Lock()
        self.total, self.before = total, before
        self.documents = self.flags = self.failed = 0
        self.consumed = before
        self.started = self.told = time.monotonic()
        self.json = options.json_log
        self.quiet = options.quiet or sys.stderr is None
        self.bar = None
        if not self.quiet and not self.json and sys.stderr.isatty():
            self.bar = _bar(total, before, name)

    def step(self, documents: int, consumed: int, flags: int, failed: int) -> None:
        """Add what was done; negative numbers take back what is done again."""
        with self.lock:
            self.documents += documents
            self.consumed += consumed
            self.flags += flags
            self.failed += failed
            if self.bar is not None:
                self.bar.set_postfix_str(self._counts(), refresh=False)
                self.bar.n = min(max(self.consumed, 0), self.total)
                self.bar.update(0)
            elif not self.quiet and time.monotonic() - self.told >= EVERY:
                self._tell("progress")

    def done(self, weight: int, counted: int) -> None:
        """A shard is done: what of its bytes was not counted by steps is now."""
        self.step(0, weight - counted, 0, 0)

    def say(self, message: str) -> None:
        """A message between progress; shown even if that is not, for it is about something that went wrong."""
        with self.lock:
            if self.json:
                print(json.dumps({"event": "message", "message": message}), file=sys.stderr, flush=True)
            elif self.bar is not None:
                self.bar.write(f"dechaff: {escaped(message)}", file=sys.stderr)
            elif sys.stderr is not None:
                print(f"dechaff: {escaped(message)}", file=sys.stderr, flush=True)

    def close(self, finished: bool) -> None:
        """End the bar; say how far it came where there is none."""
        with self.lock:
            if self.bar is not None:
                self.bar.close()
            elif not self.quiet:
                self._tell("finished" if finished else "stopped")

    def _tell(self, event: str) -> None:
        self.told = time.monotonic()
        seconds = self.told - self.started
        share = min(self.consumed / self.total, 1.0) if self.total else 1.0
        rate = (self.consumed - self.before) / seconds if seconds > 0 else 0.0
        left = (self.total - self.consumed) / rate if rate > 0 else None
        if self.json:
            facts: dict[str, Any] = {
                "event": event,
                **({"pass": self.name} if self.name else {}),
                "documents": self.documents,
                "bytes": self.consumed,
                "total_bytes": self.total,
                "share": round(share, 4),
                "documents_per_second": round(self.documents / seconds, 1) if seconds > 0 else 0.0,
                "bytes_per_second": round(rate),
                "seconds": round(seconds, 1),
                "seconds_left": None if left is None else round(max(left, 0.0), 1),
                "flags": self.flags,
                "failed": self.failed,
            }
            print(json.dumps(facts), file=sys.stderr, flush=True)
            return
        more = f", about {_time(left)} left" if left is not None and event == "progress" else ""
        head = f"{self.name}: " if self.name else ""
        print(
            f"dechaff: {head}{share:.0%} {'done' if event == 'progress' else event}: {self.documents} documents, "
            f"{rate / 1e6:.1f} MB/s, {self._counts()}, {_time(seconds)}{more}",
            file=sys.stderr,
            flush=True,
        )

    def _counts(self) -> str:
        rate = self.documents / max(time.monotonic() - self.started, 1e-9)
        return f"{rate:.0f} docs/s, {self.documents} docs, {self.flags} flags, {self.failed} failed"


def _bar(total: int, before: int, name: str) -> Any:
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:  # then there are lines
        return None
    return tqdm(
        total=total, initial=before, unit="B", unit_scale=True, dynamic_ncols=True, desc=name or "dechaff", leave=True
    )


def _time(seconds: float | None) -> str:
    """
    >>> _time(75), _time(4000)
    ('1:15', '1:06:40')
    """
    whole = round(max(seconds or 0.0, 0.0))
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
