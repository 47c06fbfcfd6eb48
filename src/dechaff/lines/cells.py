"""Which tables hold data: lines in them are cells of rows. A table that lays out a page keeps its paragraphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from dechaff.lines.elements import HEADINGS
from dechaff.lines.table import Joint, Lines

#: Where a line stands among tables: the containers of its cell, its row and its table, 0 for none.
Cell = tuple[int, int, int]

NO_CELL: Cell = (0, 0, 0)

#: Cells longer than this belong to a layout, not to a table of data.
_MAX_CELL_CHARS = 300

#: Cells with more lines do so, too.
_MAX_CELL_LINES = 8

#: Rows from which on a table with cells of several lines may be one of data, and such a table with heading cells.
_MIN_ROWS, _MIN_ROWS_HEADED = 3, 2


def cell_below(tag: str, container: int, around: Cell) -> Cell:
    """The cell, row and table of what stands in a part of a table that is itself a container.

    >>> cell_below("td", 7, cell_below("tr", 6, cell_below("table", 5, NO_CELL)))
    (7, 6, 5)
    """
    if tag == "table":
        return 0, 0, container
    cell, row, table = around
    return (cell, container, table) if tag == "tr" else (container, row, table)


def join_cells(lines: Lines, cells: Sequence[Cell], around: dict[int, int]) -> set[int]:
    """Set the joints of lines in tables of data; `around` gives the table around each table, 0 for none.

    Returns those of the tables that hold data.

    A table lays out a page if it has a table inside, a long cell, or a cell with several lines and not the form of one
    that holds data.
    """
    layout: set[int] = set()
    broken: set[int] = set()  # tables with several lines in a cell
    previous = NO_CELL
    for place, text in zip(cells, lines.texts, strict=True):
        if place[0] and place[2]:
            if len(text) > _MAX_CELL_CHARS:
                layout.add(place[2])
            elif place == previous:
                broken.add(place[2])
        previous = place
    outer: set[int] = set()
    for table in {place[2] for place in cells}:
        above = around.get(table, 0)
        while above and above not in outer:
            outer.add(above)
            above = around[above]
    layout |= outer
    if broken := broken - layout:
        layout |= broken - _of_data(lines, cells, broken)
    previous = NO_CELL
    for i, place in enumerate(cells):
        cell, row, table = place
        if cell and table and table not in layout and previous[2] == table and previous[0]:
            if place == previous:
                lines.joints[i] = Joint.WITHIN
            else:
                lines.joints[i] = Joint.CELL if previous[1] == row else Joint.LINE
        previous = place
    return around.keys() - layout


def _of_data(lines: Lines, cells: Sequence[Cell], tables: set[int]) -> set[int]:
    """Those of `tables`, which have cells with several lines, that look like tables of data all the same.

    Such have heading cells or three rows and more, most rows have cells beside each other, most cells one line, and
    none many lines, much text or a heading.
    """
    tags = lines.containers.tags
    found: defaultdict[int, dict[int, dict[int, list[int]]]] = defaultdict(dict)  # table → row → cell → lines
    for i, (cell, row, table) in enumerate(cells):
        if cell and table in tables:
            found[table].setdefault(row, {}).setdefault(cell, []).append(i)
    of_data = set()
    for table, rows in found.items():
        filled = [numbers for row in rows.values() for numbers in row.values()]
        several = [numbers for numbers in filled if len(numbers) > 1]
        headed = any(tags[cell] == "th" for row in rows.values() for cell in row)
        if (
            len(rows) >= (_MIN_ROWS_HEADED if headed else _MIN_ROWS)
            and 2 * sum(len(row) > 1 for row in rows.values()) > len(rows)
            and 2 * len(several) <= len(filled)
            and all(
                len(numbers) <= _MAX_CELL_LINES
                and sum(len(lines.texts[i]) for i in numbers) <= _MAX_CELL_CHARS
                and not any(tags[lines.blocks[i]] in HEADINGS for i in numbers)
                for numbers in several
            )
        ):
            of_data.add(table)
    return of_data


def number_columns(lines: Lines, cells: Sequence[Cell], columns: Mapping[int, int]) -> None:
    """Note the column of each line in a table of data; `columns` are those of its cells."""
    lines.columns = {i: columns[cell] for i, (cell, _, _) in enumerate(cells) if cell and cell in columns}
