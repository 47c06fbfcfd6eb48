"""Places: which container a text of lexbor's tree stands in, and what holds for text there.

Only elements with text below them become containers, each when the first such text is met.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dechaff import limits
from dechaff.lines.attributes import HIDING, MAX_NAME_CHARS, NAMING, hides, target
from dechaff.lines.cells import NO_CELL, Cell, cell_below
from dechaff.lines.elements import BLOCK, CELLS, INERT, PREFORMATTED, SILENT
from dechaff.lines.table import NO_STEP, Containers

#: In place of its container, for an element that a reader does not see.
UNSEEN = -1

_INLINE, _SILENT, _BLOCK, _PRE, _TABLE_PART, _LINK = range(6)
#: What an element does to the text below it; nothing if its tag is not here.
_ROLES = {
    **dict.fromkeys(BLOCK, _BLOCK),
    **dict.fromkeys(PREFORMATTED, _PRE),
    **dict.fromkeys([*CELLS, "tr", "table"], _TABLE_PART),
    "a": _LINK,
    **dict.fromkeys(SILENT, _SILENT),
}


#: What holds for text below an element until another one changes it: in a link, white space kept, table cell.
Style = tuple[bool, bool, Cell]

_PLAIN: Style = (False, False, NO_CELL)


class Places:
    """The containers of a page, added to `containers` as they are asked for.

    `known` has the container of every element met, by lexbor's address, or `UNSEEN`. Of every container, `blocks` has
    the nearest block (itself if it is one), `depths` and `styles` what they say. `tables` has the table around each
    table; `too_deep` says that an element was too deep for a container of its own.
    """

    def __init__(self, containers: Containers, hidden_too: bool) -> None:
        self.known: dict[int, int] = {}
        self.blocks = [0]
        self.depths = [0]
        self.styles = [_PLAIN]
        self.tables: dict[int, int] = {}
        self.too_deep = False
        self._roles = _ROLES if not hidden_too else {tag: role for tag, role in _ROLES.items() if tag not in INERT}
        #: The container of an element, or `UNSEEN`.
        self.of = self._finder(containers, frozenset() if hidden_too else HIDING)

    def _finder(self, containers: Containers, hiding: frozenset[str]) -> Callable[[Any], int]:
        # A closure: asked for each text of a page, it has its names bound once.
        known, roles, naming = self.known, self._roles, NAMING
        blocks, depths, styles = self.blocks, self.depths, self.styles
        parents, tags, all_names, steps = containers.parents, containers.tags, containers.names, containers.steps
        seen_tags: dict[int, tuple[str, int]] = {}  # lexbor's number of a tag → its name and role
        max_depth, max_chars = limits.MAX_DEPTH, MAX_NAME_CHARS

        def find(element: Any) -> int:
            """Up to the nearest ancestor with a known place, and down again."""
            path = []
            while (place := known.get(element.mem_id)) is None:
                path.append(element)
                element = element.parent
            unseen = place == UNSEEN
            block, depth, style = blocks[place], depths[place], styles[place]
            while path:
                element = path.pop()
                if unseen:
                    place = known[element.mem_id] = UNSEEN
                    continue
                tag_id = element.tag_id
                if tag_id in seen_tags:
                    tag, role = seen_tags[tag_id]
                else:
                    tag = element.tag
                    tag, role = seen_tags[tag_id] = tag, roles.get(tag, _INLINE)
                unseen = role == _SILENT
                names = ident = classes = ""
                if not unseen and (attributes := element.attributes):
                    classes = attributes.get("class") or ""
                    if len(attributes) == 1 and classes:
                        names = classes  # most elements: worth not asking further
                    else:
                        ident = attributes.get("id") or ""
                        for name, value in attributes.items():
                            if name in naming:
                                if value:
                                    names = f"{names} {value}" if names else value
                            elif name in hiding and hides(name, value, attributes):
                                unseen = True
                                break
                    if role == _LINK:
                        names = f"{names} {target(attributes.get('href') or '')}"
                if unseen:
                    place = known[element.mem_id] = UNSEEN
                    continue
                above = place
                if depth < max_depth:
                    depth += 1
                else:
                    self.too_deep = True
                    if role in (_INLINE, _LINK):
                        known[element.mem_id] = place
                        continue
                    above = parents[place]  # a block of its own, beside the one it stands in
                place = known[element.mem_id] = len(parents)
                parents.append(above)
                tags.append(tag)
                all_names.append(names if len(names) <= max_chars else names[:max_chars])
                steps.append((ident, classes) if ident or classes else NO_STEP)
                if role != _INLINE:
                    if role != _LINK:
                        block = place
                    if role != _BLOCK:
                        style = self._style(style, role, tag, place)
                blocks.append(block)
                depths.append(depth)
                styles.append(style)
            return place

        return find

    def _style(self, style: Style, role: int, tag: str, container: int) -> Style:
        """The style of text below a link, a preformatted element or a part of a table."""
        link, pre, cell = style
        if role == _LINK:
            return True, pre, cell
        if role == _PRE:
            return link, True, cell
        if tag == "table":
            self.tables[container] = cell[2]
        return link, pre, cell_below(tag, container, cell)
