"""A Dask scheduler with two worker processes on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

LOOPBACK = "127.0.0.1"


@pytest.fixture(scope="session")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers, each a process of its own that is started again when it dies."""
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("dask")
    where = folder / "scheduler.json"
    root = str(Path(__file__).parent.parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    own = ["--host", LOOPBACK, "--scheduler-file", str(where), "--no-dashboard"]
    one = ["--nthreads", "1", "--local-directory", str(folder)]
    commands = [
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", *own],
        *[[sys.executable, "-m", "distributed.cli.dask_worker", *own, *one]] * 2,
    ]
    processes = [subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) for command in commands]
    try:
        from distributed import Client

        end = time.monotonic() + 120
        while not where.exists() and time.monotonic() < end:
            time.sleep(0.1)
        with Client(scheduler_file=str(where), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
            address: str = client.scheduler.address
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(120)
