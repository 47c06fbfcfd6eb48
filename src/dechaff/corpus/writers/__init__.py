"""Chunks and outcomes → files. A file takes its name when it is whole; the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol, cast

from dechaff.corpus.options import Options
from dechaff.corpus.records import Chunk, Outcome

_MODULES = {"jsonl": "jsonl", "csv": "delimited", "tsv": "delimited", "parquet": "arrow", "arrow": "arrow",
            "text": "pages", "markdown": "pages", "html": "pages"}  # fmt: skip

#: Formats with a file for every document; rows stand beside, as JSON lines.
PAGES = ("text", "markdown", "html")

#: Formats whose columns are the same in all rows.
FIXED = ("csv", "tsv", "parquet", "arrow")


class Writer(Protocol):
    """Writes chunks, in order."""

    def write(self, chunk: Chunk, outcomes: Sequence[Outcome]) -> None: ...


def suffix_of(options: Options) -> str:
    """What names of parts end with."""
    kind = options.to or "jsonl"
    packing = options.compression if kind not in ("parquet", "arrow") else None
    return f".{'jsonl' if kind in PAGES else kind}" + (f".{packing}" if packing not in (None, "none") else "")


@contextmanager
def opened_writer(path: str, folder: str, options: Options, layout: Any) -> Iterator[Writer]:
    """A writer of one part, `path`, of an output whose other files (pages of text) go below `folder`. `layout` is what
    `dechaff.corpus.layout.layout_of` made, for the formats in `FIXED`."""
    module = import_module(f"dechaff.corpus.writers.{_MODULES[options.to or 'jsonl']}")
    with cast("Callable[..., Any]", module.opened)(path, folder, options, layout) as writer:
        yield writer
