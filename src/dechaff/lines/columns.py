"""In which column the cells of a table of data stand: cells without text, and cells that span others, take up columns.

The model reads none of this. It keeps values under their headings where a table is written again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from dechaff.lines.elements import CELLS

#: A cell: its container (0 if it has no text), and how many columns and rows it takes up.
Span = tuple[int, int, int]

#: Columns of a table with spans that are counted. In a wider one none are: a short page could ask for millions of
#: empty cells.
MAX_COLUMNS = 100

#: Rows that a cell may span (HTML Standard, section 4.9.11).
_MAX_ROWS = 65_534

_create = LexborHTMLParser("<p>").create_node
_CELL_IDS = frozenset(_create(tag).tag_id for tag in CELLS)
_ROW_ID, _TABLE_ID = _create("tr").tag_id, _create("table").tag_id
_SPANS = frozenset({"colspan", "rowspan"})


def span_of(container: int, attributes: Mapping[str, str | None]) -> Span:
    """A cell with these attributes.

    >>> span_of(7, {"colspan": "2", "rowspan": "x"})
    (7, 2, 1)
    """
    wide, high = (_number(attributes.get(name)) for name in ("colspan", "rowspan"))
    return container, min(max(wide, 1), MAX_COLUMNS), min(high or _MAX_ROWS, _MAX_ROWS)


def _number(value: str | None) -> int:
    """What a span says; 1 where it says nothing."""
    value = (value or "").strip()
    return int(value[:9]) if value.isascii() and value.isdigit() else 1


def columns_of(rows: Iterable[Iterable[Span]]) -> dict[int, int]:
    """The column of each cell that has a container, from 0 on; none for a table that is too wide.

    >>> columns_of([[(0, 1, 1), (5, 1, 1)], [(6, 1, 2), (7, 1, 1)], [(8, 1, 1)]])
    {5: 1, 6: 0, 7: 1, 8: 1}
    """
    found: dict[int, int] = {}
    free = [0] * MAX_COLUMNS  # the first row in which nothing from above stands in each column
    for number, row in enumerate(rows):
        column = 0
        for container, wide, high in row:
            while column < MAX_COLUMNS and free[column] > number:
                column += 1
            if column >= MAX_COLUMNS:
                return {}
            if container:
                found[container] = column
            end = min(column + wide, MAX_COLUMNS)
            if high > 1:
                free[column:end] = [number + high] * (end - column)
            column = end
    return found


def columns_of_node(table: Any, known: Mapping[int, int]) -> dict[int, int]:
    """The columns of a table of lexbor's tree; `known` has the containers of its cells by lexbor's address."""
    # One pass is enough for most tables: those without spans, and without an empty table inside.
    found: dict[int, int] = {}
    row_id, cell_ids, place_of = _ROW_ID, _CELL_IDS, known.get
    column = 0
    for node in table.traverse():
        tag_id = node.tag_id
        if tag_id in cell_ids:
            place = place_of(node.mem_id, 0)
            if place >= 0:  # a cell that is hidden takes up no column
                if (attributes := node.attributes) and not _SPANS.isdisjoint(attributes):
                    break
                found[place] = column
                column += 1
        elif tag_id == row_id:
            column = 0
        elif tag_id == _TABLE_ID and column:
            break
    else:
        return found
    rows = (row for section in table.iter() for row in section.iter() if row.tag_id == row_id)
    return columns_of(_spans(row, known) for row in rows)


def _spans(row: Any, known: Mapping[int, int]) -> Iterator[Span]:
    for cell in row.iter():
        if cell.tag_id in _CELL_IDS and (place := known.get(cell.mem_id, 0)) >= 0:
            yield span_of(place, cell.attributes)
