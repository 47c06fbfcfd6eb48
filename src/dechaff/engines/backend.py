"""joblib on a cluster: Dask or Ray run what `joblib.Parallel` is given, the same function that local processes run.

Workers read and write files themselves, so they must see the same file system, and have the same dechaff installed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from dechaff.engines.extras import needs

#: Seconds to wait for a scheduler or for its first worker.
PATIENCE = 60

#: Times that a piece of work is tried again when the Ray worker that had it died; Dask's scheduler has a setting of
#: its own, `distributed.scheduler.allowed-failures`.
RETRIES = 3

_DASK = ("tcp://", "tls://", "ucx://", "ws://", "wss://", "inproc://")


class SchedulerError(RuntimeError):
    """The scheduler or its workers cannot be used; the message says why."""


@contextmanager
def backend(scheduler: str | None, jobs: int = -1, *, shared: str | Path | None = None) -> Iterator[int]:
    """Within it, `joblib.Parallel(n_jobs=…)` runs on the scheduler; gives the number of jobs to ask for.

    `scheduler`: a Dask scheduler (`tcp://host:8786`), `ray` (the cluster at `RAY_ADDRESS`, else a local one),
    `ray://host:10001`, or None for local processes. `jobs`: -1 for all that the scheduler has. `shared`: a folder that
    all workers must see; it is checked. Raises `SchedulerError` on a scheduler that cannot be used, and
    `ModuleNotFoundError` where its extra is missing.

    >>> with backend(None, 2) as jobs:
    ...     jobs
    2
    """
    if scheduler is None:
        yield jobs
    elif scheduler.startswith(_DASK):
        with _dask(scheduler, shared) as workers:
            yield workers  # it spreads work over all of them whatever it is asked for
    elif scheduler == "ray" or scheduler.startswith("ray://"):
        with _ray(scheduler, jobs, shared) as workers:
            yield workers
    else:
        raise SchedulerError(f"no such scheduler: {scheduler!r}; it is tcp://host:8786 (Dask), ray or ray://host:10001")


@contextmanager
def _dask(address: str, shared: str | Path | None) -> Iterator[int]:
    joblib, distributed = needs("joblib", "dask"), needs("distributed", "dask")
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SchedulerError(f"no Dask scheduler at {address}: {error}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise SchedulerError(f"the Dask scheduler at {address} has no workers") from None
        with _token(shared) as token:
            _check(client.run(_worker_state, token, on_error="return"), shared)
        with joblib.parallel_config(backend="dask", client=client):
            yield sum(client.ncores().values())


@contextmanager
def _ray(scheduler: str, jobs: int, shared: str | Path | None) -> Iterator[int]:
    joblib, ray = needs("joblib", "ray"), needs("ray", "ray")
    here = not ray.is_initialized()
    if here:
        address = {} if scheduler == "ray" else {"address": scheduler}
        try:
            ray.init(**address, log_to_driver=False, logging_level="warning")
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise SchedulerError(f"no Ray cluster at {scheduler}: {error}") from error
    try:
        with _token(shared) as token:
            remote = ray.remote(_worker_state)
            states = {}
            for node in ray.nodes():
                if node["Alive"]:
                    place = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
                    task = remote.options(scheduling_strategy=place, num_cpus=0).remote(token)
                    try:
                        states[node["NodeManagerAddress"]] = ray.get(task, timeout=PATIENCE)
                    except ray.exceptions.RayError as error:
                        states[node["NodeManagerAddress"]] = error
            _check(states, shared)
        processors = int(ray.cluster_resources().get("CPU", 1))
        joblib.register_parallel_backend("dechaff-ray", _ray_backend())
        tries = {"max_restarts": -1, "max_task_retries": RETRIES}
        with joblib.parallel_config(backend="dechaff-ray", ray_remote_args=tries):
            yield processors if jobs < 0 else min(jobs, processors)
    finally:
        if here:
            ray.shutdown()


def _ray_backend() -> Any:
    """Ray's back end, with results handed over as they come, which joblib's class for pools rules out."""
    base = needs("ray.util.joblib.ray_backend", "ray").RayBackend
    return type("RayBackend", (base,), {"supports_return_generator": True})


class _State(NamedTuple):
    """What a worker says of itself: the dechaff it has, and whether it sees the shared folder."""

    dechaff: str
    sees: bool


def _worker_state(token: str | None) -> _State:
    return _State(version("dechaff"), token is None or Path(token).exists())


@contextmanager
def _token(shared: str | Path | None) -> Iterator[str | None]:
    """A new file in the shared folder: who sees it sees the folder, and not another of the same name."""
    if shared is None:
        yield None
        return
    token = Path(shared).resolve() / f".dechaff-{secrets.token_hex(8)}"
    token.touch()
    try:
        yield str(token)
    finally:
        token.unlink(missing_ok=True)


def _check(states: dict[str, _State | Exception], shared: str | Path | None) -> None:
    """Raise `SchedulerError` on the first worker that would fail, or write something else."""
    own = version("dechaff")
    for worker, state in states.items():
        if isinstance(state, Exception):
            raise SchedulerError(f"the worker {worker} cannot run dechaff: {state}; install it there")
        if state.dechaff != own:
            raise SchedulerError(f"the worker {worker} has dechaff {state.dechaff}, this process {own}")
        if not state.sees:
            raise SchedulerError(
                f"the worker {worker} does not see {shared}: workers read and write files themselves, "
                "which must lie on a file system that all of them share"
            )
