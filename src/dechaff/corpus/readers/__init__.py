"""Shards → chunks of records. Every document gives one record, and what cannot be read gives one that says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import cast

from dechaff.corpus.files import BROKEN
from dechaff.corpus.options import Options
from dechaff.corpus.readers.fields import failed
from dechaff.corpus.records import Chunk, Record
from dechaff.corpus.shards import Shard

_MODULES = {
    "text": "pages",
    "jsonl": "jsonl",
    "csv": "delimited",
    "tsv": "delimited",
    "parquet": "parquet",
    "arrow": "arrow",
    "warc": "warc",
}

Reader = Callable[[Shard, Options], Iterator[Chunk]]


def read(shard: Shard, options: Options) -> Iterator[Chunk]:
    """The documents of a shard, in order, a chunk at a time. Raises only
    `ModuleNotFoundError`, where an extra is missing."""
    reader = cast("Reader", import_module(f"dechaff.corpus.readers.{_MODULES[shard.format]}").read)
    try:
        yield from reader(shard, options)
    except ModuleNotFoundError:
        raise
    except BROKEN as error:
        yield Chunk([broken(shard.files[0].path, error, options)])


def broken(place: str, error: BaseException, options: Options, seen: str = "") -> Record:
    """The record that says that no more can be read of a file or a part of it."""
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return failed(place, f"cannot be read{f' {seen}' if seen else ''}: {said}", options, broken_input=True)
