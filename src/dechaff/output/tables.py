"""Lines of a table of data → rows of cells; and the code of tables that do nothing but number its lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from dechaff.result import Line

#: Digits that the number of a line may have: no listing is longer, and numbers of thousands of digits cost much time.
_MAX_DIGITS = 6


class Piece(NamedTuple):
    """A line of a cell, or code in it, verbatim."""

    text: str
    code: bool


class Cell(NamedTuple):
    """A cell of a table row; without pieces where it has no text, or that was dropped."""

    pieces: tuple[Piece, ...]
    header: bool

    @property
    def text(self) -> str:
        """All that it says, with newlines between its pieces."""
        return "\n".join(piece.text for piece in self.pieces)


Rows = tuple[tuple[Cell, ...], ...]

_EMPTY = Cell((), header=False)


def rows_of(group: Sequence[Line], cell_of: Callable[[Line], Cell]) -> Rows:
    """Rows with a kept cell, each cell in its column; columns of which nothing is kept are left out.

    `cell_of` says what a line adds to its cell: nothing if it was dropped.
    """
    found = [*zip(group, map(cell_of, group), strict=True)]
    used = sorted({line._column for line, cell in found if cell.pieces and line._column is not None})
    columns = {column: i for i, column in enumerate(used)}
    rows: list[list[Cell]] = []
    for line, cell in found:
        if line.glue != "cell":
            rows.append([])
        row = rows[-1]
        if line._continues and row:
            row[-1] = Cell(row[-1].pieces + cell.pieces, row[-1].header)
        elif line._column is None:
            row.append(cell)
        elif line._column in columns:
            row += [_EMPTY] * (columns[line._column] - len(row))
            row.append(cell)
    return tuple(tuple(row) for row in rows if any(cell.pieces for cell in row))


def code_of(rows: Rows) -> str:
    """The code of a table that holds nothing else, but for the numbers of its lines; empty where it holds more.

    Highlighters write such tables: a column of numbers beside one of code, in one row or a row for each line. Steps
    that are a line of code each look the same, and lose their numbers.
    """
    width = max(map(len, rows))
    code: list[Cell] = []
    numbers: list[str] = []
    for row in rows:
        left, last = (row[:-1], row[-1]) if len(row) == width else (row, _EMPTY)  # a line of code may be blank
        code.append(last)
        for cell in left:
            numbers += cell.text.split()
    if not all(piece.code for cell in code for piece in cell.pieces):
        return ""
    text = "\n".join(cell.text for cell in code)
    # Fewer numbers than lines are no numbers of lines: they may be those of exercises, each with its code.
    if numbers and not (_count_on(numbers) and len(numbers) > text.count("\n")):
        return ""
    return text


def _count_on(words: Sequence[str]) -> bool:
    """Whether words are numbers, each by one above the last."""
    if not all(word.isdecimal() and len(word) <= _MAX_DIGITS for word in words):
        return False
    return all(int(after) - int(before) == 1 for before, after in pairwise(words))
