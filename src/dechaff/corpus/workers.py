"""Shards → answers, as they come: from threads that each watch a process of this machine, or from a cluster."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from dechaff.corpus.progress import Progress
from dechaff.corpus.shard_run import Job
from dechaff.corpus.shards import Shard
from dechaff.corpus.supervisor import DiedError, FailedError, Pool, StoppedError, supervise

#: The number of a shard, the answer to the call about it, and what went wrong if there is none.
Answer = tuple[int, Any, "Exception | None"]


@contextmanager
def answers(name: str, shards: Iterable[Shard], job: Job, progress: Progress) -> Iterator[Iterator[Answer]]:
    """The answers to a call ("shard" or "sketch") about shards, in the order in which they come."""
    options = job.options
    if options.scheduler is not None:
        from joblib import Parallel, delayed

        from dechaff.engines.backend import backend

        with backend(options.scheduler, options.jobs, shared=job.side) as jobs:
            parallel = Parallel(jobs, return_as="generator_unordered", batch_size=1)
            found = parallel(delayed(remote)(name, shard.to_list(), job) for shard in shards)
            yield _counted(found, progress)
        return
    pool = Pool(job.folder)
    try:
        with _threads(name, shards, job, pool, progress) as found:
            yield found
    finally:
        pool.stop()


@contextmanager
def _threads(
    name: str, shards: Iterable[Shard], job: Job, pool: Pool, progress: Progress
) -> Iterator[Iterator[Answer]]:
    waiting = iter(shards)
    firsts = [*islice(waiting, max(job.options.jobs, 1))]
    pool.start(len(firsts))  # they load what they need while this process loads joblib
    from joblib import Parallel, cpu_count, delayed

    jobs = job.options.jobs if job.options.jobs > 0 else max(cpu_count() + 1 + job.options.jobs, 1)
    parallel = Parallel(jobs, backend="threading", return_as="generator_unordered", batch_size=1)
    found = parallel(delayed(_local)(name, shard, job, pool, progress) for shard in chain(firsts, waiting))
    try:
        yield found
    finally:
        pool.stop()  # before joblib waits for its threads
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # joblib's, that work was begun and not used
            found.close()


def _local(name: str, shard: Shard, job: Job, pool: Pool, progress: Progress) -> Answer:
    counted = 0

    def step(numbers: Sequence[int]) -> None:
        nonlocal counted
        counted += numbers[1]
        progress.step(*numbers)

    try:
        answer = supervise(name, shard, job, pool, step)
    except (FailedError, DiedError, StoppedError) as error:
        return shard.number, None, error
    progress.done(shard.weight, counted)
    return shard.number, answer, None


def remote(name: str, shard: list[Any], job: Job) -> tuple[int, Any, Exception | None, int]:
    """The answer about a shard from a worker of a cluster, which watches the process that works: number, answer, what
    went wrong, weight."""
    here = Shard.of(shard)
    try:
        return here.number, supervise(name, here, job, _pool(job.folder)), None, here.weight
    except (FailedError, DiedError) as error:
        return here.number, None, error, here.weight


@lru_cache(maxsize=1)
def _pool(folder: str | None) -> Pool:
    """The processes of a worker: they wait for its next shard, and end by themselves if none comes."""
    return Pool(folder)


def _counted(found: Iterable[tuple[int, Any, Exception | None, int]], progress: Progress) -> Iterator[Answer]:
    for number, answer, error, weight in found:
        if isinstance(answer, dict):  # a summary
            statuses = answer["by_status"]
            failed = statuses.get("error", 0) + statuses.get("timeout", 0)
            progress.step(answer["documents"], weight, sum(answer["flags"].values()), failed)
        else:
            progress.step(0, weight, 0, 0)
        yield number, answer, error
