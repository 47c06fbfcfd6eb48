"""A corpus on a Dask cluster: the same bytes as on one machine, also when a worker is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from dechaff import corpus
from tests.pages import AD, PARAGRAPHS, article

DOCUMENTS = 120


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    path = tmp_path / "pages.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for i in range(DOCUMENTS):
            page = article(ad=AD if i % 3 == 0 else "", body=f"<p>{PARAGRAPHS[i % 6]} That was on day {i}.</p>")
            file.write(json.dumps({"id": i, "html": page}) + "\n")
    return path


def clean(pages: Path, name: str, **options: Any) -> tuple[bytes, corpus.Summary]:
    """What was written, from about 10 shards, and the summary."""
    out = pages.parent / name
    size = pages.stat().st_size // 10
    summary = corpus.clean(pages, out, html_field="html", shard_bytes=size, quiet=True, **options)
    return out.read_bytes(), summary


def test_names_start_from_where_the_run_was_begun(dask: str, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers have working directories of their own."""
    monkeypatch.chdir(pages.parent)
    Path("page.html").write_text(article(), encoding="utf-8")
    inputs = ["pages.jsonl", "page.html"]
    local = corpus.clean(inputs, "local", html_field="html", jobs=1, quiet=True)
    summary = corpus.clean(inputs, "dask", html_field="html", scheduler=dask, site_repetition=True, quiet=True)
    assert summary.documents == local.documents == DOCUMENTS + 1
    assert (summary.failures, summary.by_status) == (0, local.by_status)
    assert {path.name for path in Path("dask").iterdir()} == {path.name for path in Path("local").iterdir()}


def kill(journal: Path, pids: list[int]) -> int:
    """Wait until two shards are done, and end the first of the processes."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if journal.exists() and journal.read_bytes().count(b"\n") >= 2:
            os.kill(pids[0], signal.SIGKILL)
            return pids[0]
        time.sleep(0.02)
    raise AssertionError("no shard was done")


def test_dask_writes_the_same_and_a_killed_worker_loses_nothing(dask: str, pages: Path) -> None:
    from distributed import Client

    expected, local = clean(pages, "local.jsonl", jobs=1)
    with Client(dask, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=120)
        pids = [*client.run(os.getpid).values()]
        journal = pages.parent / "killed.jsonl.dechaff" / "journal.jsonl"
        killer = threading.Thread(target=kill, args=(journal, pids))
        killer.start()
        written, summary = clean(pages, "killed.jsonl", scheduler=dask)
        killer.join()
        client.wait_for_workers(2, timeout=120)
        assert pids[0] not in client.run(os.getpid).values()  # it was killed, and another took its place
    assert written == expected
    assert summary.documents == local.documents == DOCUMENTS
    assert (summary.failures, summary.failed_shards) == (0, [])
