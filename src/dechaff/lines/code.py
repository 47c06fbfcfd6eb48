"""Code that is written line by line: which lines belong to one preformatted element."""

from __future__ import annotations

from collections.abc import Sequence

from dechaff.lines.cells import Cell
from dechaff.lines.elements import HEADINGS, PREFORMATTED
from dechaff.lines.table import Joint, Lines

#: Elements that stay paragraphs also where they stand in a preformatted one.
_PROSE = HEADINGS | {"p", "blockquote"}


def join_code(lines: Lines, cells: Sequence[Cell]) -> None:
    """Set the joints of lines in one preformatted element, as of `<pre><div>a</div><div>b</div></pre>`."""
    parents, tags = lines.containers.parents, lines.containers.tags
    found = {0: 0}  # the preformatted element around a container, 0 for none

    def code_of(container: int) -> int:
        path = []
        while container not in found and tags[container] not in PREFORMATTED:
            path.append(container)
            container = parents[container]
        code = found.setdefault(container, container)
        found.update(dict.fromkeys(path, code))
        return code

    previous = 0
    for i, block in enumerate(lines.blocks):
        code = 0 if tags[block] in _PROSE else code_of(block)
        if cells[i][0] > code:  # a cell of a table in it
            code = 0
        if code and code == previous and lines.joints[i] is Joint.PARAGRAPH:
            lines.joints[i] = Joint.LINE
        previous = code
