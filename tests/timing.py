"""Time in tests: of the processor, and measured again before a test fails.

A busy machine, or another process in the caches, makes one measurement long; a slow algorithm makes all of them long.
"""

from __future__ import annotations

import time
from collections.abc import Callable

#: How often a time that is too long is measured again.
ATTEMPTS = 6

#: Four times the input may take so many times the time: a quadratic algorithm takes sixteen times.
LINEAR = 10.0

#: Seconds below which a time says nothing about growth.
NOISE = 0.02


def seconds_of(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def assert_within(seconds: float, run: Callable[[], object]) -> None:
    """Assert that `run` takes less than so many seconds of processor time."""
    taken = seconds_of(run)
    for _ in range(ATTEMPTS):
        if taken < seconds:
            break
        taken = min(taken, seconds_of(run))
    assert taken < seconds


def assert_linear(seconds: Callable[[int], float], size: int, ratio: float = LINEAR) -> None:
    """Assert that an input four times as large takes at most `ratio` times as long."""
    short, long = seconds(size), seconds(4 * size)
    for _ in range(ATTEMPTS):
        if long <= ratio * max(short, NOISE):
            break
        short, long = max(short, seconds(size)), min(long, seconds(4 * size))
    assert long <= ratio * max(short, NOISE)
