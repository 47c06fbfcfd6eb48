"""joblib on a real cluster: a Dask scheduler with two worker processes on loopback, one of which is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from dechaff.engines import backend as engine
from dechaff.engines.backend import SchedulerError, backend
from tests.engines.conftest import LOOPBACK
from tests.engines.jobs import run


def test_local() -> None:
    with backend(None, 3) as jobs:
        assert jobs == 3


def test_unknown_scheduler() -> None:
    with pytest.raises(SchedulerError, match="no such scheduler: 'yarn'"), backend("yarn"):
        pass


# Dask


def test_dask(dask: str, tmp_path: Path) -> None:
    assert run(dask, tmp_path, kill=False) == [*range(30)]
    assert sorted(int(path.name) for path in tmp_path.iterdir()) == [*range(30)]  # and no token is left


def test_dask_with_a_worker_killed(dask: str, tmp_path: Path) -> None:
    assert run(dask, tmp_path, kill=True) == [*range(30)]


def test_dask_where_a_worker_does_not_see_the_folder(
    dask: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    monkeypatch.setattr(engine, "_token", lambda shared: nullcontext(str(tmp_path / "elsewhere")))
    with pytest.raises(SchedulerError, match=r"does not see .*file system"), backend(dask, shared=tmp_path):
        pass


def test_dask_with_another_version(dask: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "version", lambda name: "0.0.0")
    with pytest.raises(SchedulerError, match=r"has dechaff .*, this process 0.0.0"), backend(dask):
        pass


def test_no_dask_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(engine, "PATIENCE", 1)
    with (
        pytest.raises(SchedulerError, match=f"no Dask scheduler at tcp://{LOOPBACK}:1"),
        backend(f"tcp://{LOOPBACK}:1"),
    ):
        pass


def test_a_worker_that_cannot_answer() -> None:
    with pytest.raises(SchedulerError, match="the worker a cannot run dechaff: No module named 'dechaff'"):
        engine._check({"a": ModuleNotFoundError("No module named 'dechaff'")}, None)
