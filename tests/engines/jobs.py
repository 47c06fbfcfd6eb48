"""Work for clusters, in a module of its own that workers can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import joblib

from dechaff.engines.backend import backend


def work(number: int, folder: str) -> tuple[int, int]:
    """Write a file, as a shard does; says who did it."""
    time.sleep(0.1)
    Path(folder, str(number)).write_text(str(number))
    return number, os.getpid()


def run(address: str, folder: Path, *, kill: bool) -> list[int]:
    """The numbers that came back; with `kill`, the process behind the fifth of 30 is ended when that comes."""
    numbers, processes = [], set()
    with backend(address, shared=folder) as jobs:
        assert jobs == 2
        calls = (joblib.delayed(work)(i, str(folder)) for i in range(30))
        for number, process in joblib.Parallel(jobs, return_as="generator_unordered", batch_size=1)(calls):
            numbers.append(number)
            processes.add(process)
            if kill and len(numbers) == 5:
                os.kill(process, signal.SIGKILL)
    assert os.getpid() not in processes
    assert len(processes) >= 2  # a third where the killed one's successor came before the end
    return sorted(numbers)
