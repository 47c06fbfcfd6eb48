"""CSV and TSV. Lists and objects are written as JSON, scores in columns of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from dechaff.corpus.files import packed, replaced
from dechaff.corpus.layout import Layout
from dechaff.corpus.options import Options
from dechaff.corpus.records import Chunk, Outcome
from dechaff.corpus.rows import REST, rest_of, rows_of, to_json
from dechaff.result import PageScores

#: What `csv` ends rows with. Python 3.12 and before quote a carriage return only if it is part of it.
_END = "\r\n"


class _Lines(io.StringIO):
    """Rows as `csv` writes them, each in one call, with a line feed alone at the end."""

    def write(self, row: str, /) -> int:
        return super().write(row.removesuffix(_END) + "\n")


class Delimited:
    """Writes rows to an open file, a line of names first."""

    def __init__(self, file: BinaryIO, options: Options, layout: Layout, *, names: bool = True) -> None:
        self.options, self.file = options, file
        self.scores = f"{options.prefix}scores"
        self.rest = options.prefix + REST
        scores = [options.prefix + name for name in PageScores().to_dict()] if self.scores in layout.names else []
        others = [name for name in layout.names if name != self.scores]
        self.names = [*dict.fromkeys([*others, *scores, self.rest])]
        self.no_scores = dict.fromkeys(scores)
        self.lines = _Lines(newline="")
        delimiter = "\t" if options.to == "tsv" else ","
        self.rows = csv.DictWriter(self.lines, self.names, restval="", delimiter=delimiter, lineterminator=_END)
        if names:
            self.rows.writeheader()
            self._flush()

    def write(self, chunk: Chunk, outcomes: Sequence[Outcome]) -> None:
        known = {*self.names} - {self.rest}
        for row in rows_of(chunk, outcomes, self.options):
            scores = row.pop(self.scores, None) or {}
            row |= self.no_scores | {self.options.prefix + name: value for name, value in scores.items()}
            rest = rest_of({name: row.pop(name) for name in [*row] if name not in known}, self.options)
            self.rows.writerow({name: _cell(value) for name, value in row.items()} | {self.rest: rest})
        self._flush()

    def _flush(self) -> None:
        self.file.write(self.lines.getvalue().encode("utf-8", "replace"))
        self.lines.seek(0)
        self.lines.truncate()


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, float)):
        return value
    plain = to_json(value).decode().rstrip("\n")
    return plain[1:-1] if plain.startswith('"') and not isinstance(value, (list, dict)) else plain


@contextmanager
def opened(path: str, folder: str, options: Options, layout: Layout) -> Iterator[Delimited]:
    """A writer of the file `path`."""
    with replaced(path) as file, packed(file, options.compression) as out:
        yield Delimited(out, options, layout)
