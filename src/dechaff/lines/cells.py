"""Which tables hold data: lines in them are cells of rows. A table that lays out a page keeps its paragraphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dechaff.lines.table import Joint, Lines

#: Where a line stands among tables: the containers of its cell, its row and its table, 0 for none.
Cell = tuple[int, int, int]

NO_CELL: Cell = (0, 0, 0)

#: Cells longer than this belong to a layout, not to a table of data.
_MAX_CELL_CHARS = 300


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

    A table lays out a page if it has a table inside, a cell with two lines, or a long cell.
    """
    layout: set[int] = set()
    previous = NO_CELL
    for place, text in zip(cells, lines.texts, strict=True):
        if place[0] and place[2] and (place == previous or len(text) > _MAX_CELL_CHARS):
            layout.add(place[2])
        previous = place
    outer: set[int] = set()
    for table in {place[2] for place in cells}:
        above = around.get(table, 0)
        while above and above not in outer:
            outer.add(above)
            above = around[above]
    layout |= outer
    previous = NO_CELL
    for i, place in enumerate(cells):
        cell, row, table = place
        if cell and table and table not in layout and previous[2] == table and previous[0]:
            lines.joints[i] = Joint.CELL if previous[1] == row else Joint.LINE
        previous = place
    return around.keys() - layout


def number_columns(lines: Lines, cells: Sequence[Cell], columns: Mapping[int, int]) -> None:
    """Note the column of each line in a table of data; `columns` are those of its cells."""
    lines.columns = {i: columns[cell] for i, (cell, _, _) in enumerate(cells) if cell and cell in columns}
