"""joblib and a corpus on Ray, in a process of its own: Ray leaves files and processes open behind it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dechaff import corpus
from tests.pages import AD, article

pytest.importorskip("ray")

ROOT = Path(__file__).parent.parent.parent

#: Ray on loopback with two processors: 30 small jobs without and with a worker killed, and a corpus.
PROGRAM = """
import sys
from pathlib import Path

import ray

from dechaff import corpus
from tests.engines.jobs import run

folder = Path(sys.argv[1])
ray.init(num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", log_to_driver=False)
assert run("ray", folder / "jobs", kill=False) == [*range(30)]
assert run("ray", folder / "killed", kill=True) == [*range(30)]
corpus.clean(folder / "pages.jsonl", folder / "ray.jsonl", html_field="html", shard_bytes=50_000, scheduler="ray")
assert ray.is_initialized()  # who started it ends it
ray.shutdown()
"""


def test_ray(tmp_path: Path) -> None:
    pages = tmp_path / "pages.jsonl"
    with pages.open("w", encoding="utf-8") as file:
        for i in range(100):
            file.write(json.dumps({"id": i, "html": article(ad=AD if i % 3 else "")}) + "\n")
    for name in ("jobs", "killed"):
        (tmp_path / name).mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr[-5000:]
    for name in ("jobs", "killed"):
        assert sorted(int(path.name) for path in (tmp_path / name).iterdir()) == [*range(30)]
    corpus.clean(pages, tmp_path / "local.jsonl", html_field="html", shard_bytes=50_000, jobs=1, quiet=True)
    assert (tmp_path / "ray.jsonl").read_bytes() == (tmp_path / "local.jsonl").read_bytes()
