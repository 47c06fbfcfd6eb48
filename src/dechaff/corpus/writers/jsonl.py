"""A JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from dechaff.corpus.files import packed, replaced
from dechaff.corpus.options import Options
from dechaff.corpus.records import Chunk, Outcome
from dechaff.corpus.rows import rows_of, to_json


class JsonLines:
    """Writes rows to an open file."""

    def __init__(self, file: BinaryIO, options: Options) -> None:
        self.file, self.options = file, options

    def write(self, chunk: Chunk, outcomes: Sequence[Outcome]) -> None:
        self.file.write(b"".join(to_json(row) for row in rows_of(chunk, outcomes, self.options)))


@contextmanager
def opened(path: str, folder: str, options: Options, layout: Any) -> Iterator[JsonLines]:
    """A writer of the file `path`."""
    with replaced(path) as file, packed(file, options.compression) as out:
        yield JsonLines(out, options)
