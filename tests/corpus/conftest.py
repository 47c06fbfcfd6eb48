"""Fixtures: shards cleaned in this process where processes are not what is tested, and documents that do harm."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dechaff.corpus import workers
from dechaff.corpus.cleaning import Cleaning
from dechaff.corpus.repetition import sketch_of
from dechaff.corpus.shard_run import Job, run_shard
from dechaff.corpus.shards import Shard

#: What a worker runs when it starts: documents with these words hang in C code that holds Python's lock, end the
#: process, break it as a bug in C does, or raise.
HARM = """
import re
import dechaff.cleaner as cleaner

lines_of = cleaner.lines_of

def harmed(document, *more):
    if "HANGS" in str(document):
        re.match("(a+)+$", "a" * 60 + "b")
    if "DIES" in str(document):
        import os
        os.kill(os.getpid(), 9)
    if "CRASHES" in str(document):
        import ctypes
        ctypes.string_at(0)
    if "RAISES" in str(document):
        raise RuntimeError("no such luck")
    return lines_of(document, *more)

cleaner.lines_of = harmed
"""


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clean shards in this process: faster than to start others."""

    def supervise(name: str, shard: Shard, job: Job, pool: object, step: Callable[[Any], None]) -> Any:
        cleaning = Cleaning(job.options, job.repetition)
        if name == "sketch":
            return sketch_of(shard, job.options, cleaning.lines)
        return run_shard(shard, job, cleaning, step).to_dict()

    monkeypatch.setattr(workers, "supervise", supervise)


@pytest.fixture
def harm(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers stumble over documents that say so."""
    folder: Path = tmp_path_factory.mktemp("harm")
    (folder / "sitecustomize.py").write_text(HARM)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
