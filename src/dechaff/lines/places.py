"""Places: which container a text of lexbor's tree stands in, and what holds for text there.

Only elements with text below them become containers, each when the first such text is met.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dechaff import limits
from dechaff.lines.attributes import (
    BACKGROUND,
    HIDING,
    MAX_NAME_CHARS,
    NAMING,
    is_for_eyes,
    may_be_in_line,
    shown_as,
    stays_here,
    target,
)
from dechaff.lines.cells import NO_CELL, Cell, cell_below
from dechaff.lines.drawn import Drawn
from dechaff.lines.elements import BLOCK, CELLS, HEADINGS, INERT, PREFORMATTED, SILENT
from dechaff.lines.ordinals import SAID_BY, ordinal_of
from dechaff.lines.permalinks import MAX_AROUND, is_edit_mark, is_heading, is_permalink
from dechaff.lines.reading import FIRST_HIDDEN, UNSEEN, HiddenElement, Reading
from dechaff.lines.style import Colour
from dechaff.lines.table import NO_STEP, Containers, step_of
from dechaff.lines.unshown import MIN_ORDER_CHARS

if TYPE_CHECKING:
    from dechaff.lines.sheets import Rules

_TEXT_ID = 2  # LXB_TAG__TEXT

_INLINE, _LINK, _BLOCK, _PRE, _TABLE_PART, _SILENT, _INERT, _DIALOG = range(8)
#: What an element does to the text below it; nothing if its tag is not here.
_ROLES = {
    **dict.fromkeys(BLOCK, _BLOCK),
    **dict.fromkeys(PREFORMATTED, _PRE),
    **dict.fromkeys([*CELLS, "tr", "table"], _TABLE_PART),
    "a": _LINK,
    **dict.fromkeys(SILENT, _SILENT),
    **dict.fromkeys(INERT, _INERT),
    "dialog": _DIALOG,
}


#: What holds for text below an element until another one changes it: in a link, white space kept, table cell, the
#: colour behind it where the page says it.
Style = tuple[bool, bool, Cell, "Colour | None"]

_PLAIN: Style = (False, False, NO_CELL, None)
_PLAIN_LINK: Style = (True, False, NO_CELL, None)  # one for all: thousands of tuples alike cost the collector time


class Places:
    """The containers of a page, added to `containers` as they are asked for; `reading` says which are hidden.

    `known` has the container of every element met, by lexbor's address, or what stands in its place. `hidden` says of
    each element that hides its text why; `titles` are long tooltips, with the container that their element becomes, or
    the next. Of every container, `blocks` has the nearest block (itself if it is one), `depths` and `styles` what they
    say. `tables` has the table around each table, `table_nodes` its node; `ordinals` the numbers that lists and items
    say; `too_deep` are the tags of elements too deep for a container of their own.
    """

    def __init__(self, containers: Containers, reading: Reading) -> None:
        self.known: dict[int, int] = {}
        self.blocks = [0]
        self.depths = [0]
        self.styles = [_PLAIN]
        self.hidden: list[HiddenElement] = []
        self.titles: list[tuple[int, str]] = []
        self.tables: dict[int, int] = {}
        self.table_nodes: dict[int, Any] = {}
        self.ordinals: dict[int, int] = {}
        self.too_deep: set[str] = set()
        #: The container of an element that is not known, or what stands in its place.
        self.add = self._adder(containers, reading)

    def of(self, element: Any) -> int:
        """The container of an element, or what stands in its place."""
        place = self.known.get(element.mem_id)
        return self.add(element) if place is None else place

    def _adder(self, containers: Containers, reading: Reading) -> Callable[[Any], int]:
        # A closure: asked for each text of a page, it has its names bound once. It knows nothing of `self`: in a cycle,
        # all of a page would wait for the garbage collector.
        known, roles, naming = self.known, _ROLES, NAMING
        read = NAMING | {"title"} | BACKGROUND.union(HIDING)
        opened, soft, shown = reading.opened, reading.soft, reading.shown
        rules = reading.rules
        blocks, depths, styles, tables = self.blocks, self.depths, self.styles, self.tables
        table_nodes, all_hidden, titles, too_deep = self.table_nodes, self.hidden, self.titles, self.too_deep
        ordinals = self.ordinals
        parents, tags, all_names, steps = containers.parents, containers.tags, containers.names, containers.steps
        seen_tags: dict[int, tuple[str, int]] = {}  # lexbor's number of a tag → its name and role
        #: The step of elements that have these classes and no id, and their names if they have no other attribute.
        seen_classes: dict[str, tuple[tuple[str, str], str]] = {"": (NO_STEP, "")}
        max_depth, max_chars = limits.MAX_DEPTH, MAX_NAME_CHARS

        def inside(place: int, path: list[Any]) -> int:
            """Sets what stands in place of containers below an element without one; returns it for the innermost."""
            for element in reversed(path):
                if place != UNSEEN and element.tag in SILENT and element.tag not in INERT:
                    place = UNSEEN
                known[element.mem_id] = place
            return place

        def add(element: Any) -> int:
            """Up to the nearest ancestor with a known place, and down again."""
            path = [element]
            while (place := known.get((element := element.parent).mem_id)) is None:
                path.append(element)
            if place < 0:
                return inside(place, path)
            block, depth, style = blocks[place], depths[place], styles[place]
            while path:
                element = path.pop()
                seen_tag = seen_tags.get(element.tag_id)
                if seen_tag is None:
                    tag = element.tag
                    seen_tag = seen_tags[element.tag_id] = tag, roles.get(tag, _INLINE)
                tag, role = seen_tag
                if role == _SILENT:
                    known[element.mem_id] = UNSEEN
                    return inside(UNSEEN, path)
                found: Drawn | None = None
                ident = ""
                if attributes := element.attributes:
                    around = steps[block][1]
                    if role <= _LINK and is_heading(tags[block], around) and _is_mark(tag, element, attributes):
                        known[element.mem_id] = UNSEEN
                        return inside(UNSEEN, path)
                    classes = attributes.get("class") or ""
                    seen = seen_classes.get(classes)
                    if seen is None:
                        seen = seen_classes[classes] = ("", classes), classes[:max_chars]
                    step, names = seen
                    if len(attributes) > 1 or not classes:  # else most elements: worth not asking further
                        names = ""
                        ident = attributes.get("id") or ""
                        dressed = False
                        for name in attributes:
                            if name not in read:
                                continue
                            value = attributes[name]
                            if name in naming:
                                if value:
                                    names = f"{names} {value}" if names else value
                            elif name != "title":
                                dressed = dressed or name != "aria-hidden" or value == "true"
                            elif value and len(value) >= MIN_ORDER_CHARS:
                                titles.append((len(parents), value))
                        if dressed:
                            behind = None if classes or ident else style[3]
                            found = shown_as(tag, attributes, behind, opened, soft, element, _is_in_line)
                            if found.background is not None:
                                style = (*style[:3], found.background)
                    if role == _LINK:
                        names = f"{names} {target(attributes.get('href') or '')}"
                    if len(names) > max_chars:
                        names = names[:max_chars]
                    if rules is not None and (found is None or not found.why):
                        hide = rules.of(tag, attributes, containers, place, opened)
                        found = hide.drawn if hide is not None else found
                else:
                    names = classes = ""
                    step = NO_STEP
                if role >= _INERT and (role == _INERT or "open" not in attributes):
                    found = Drawn(tag if role == _INERT else "closed dialog")
                if (
                    found is not None
                    and found.why
                    and element.mem_id not in shown
                    and (found.certain or not _is_dressed(element, found.why, rules))
                ):
                    hidden = known[element.mem_id] = FIRST_HIDDEN - len(all_hidden)
                    step_here = step_of(tag, ident, classes)
                    all_hidden.append(HiddenElement(found.why, place, step_here, found.soft, element.mem_id))
                    return inside(hidden, path)
                above = place
                if depth < max_depth:
                    depth += 1
                else:
                    too_deep.add(tag)
                    if role in (_INLINE, _LINK):
                        known[element.mem_id] = place
                        continue
                    above = parents[place]  # a block of its own, beside the one it stands in
                place = known[element.mem_id] = len(parents)
                parents.append(above)
                tags.append(tag)
                all_names.append(names)
                steps.append((ident, classes) if ident else step)
                if role == _BLOCK:
                    block = place
                    if attributes and SAID_BY.get(tag) in attributes:
                        ordinal = ordinal_of(tag, attributes)
                        if ordinal is not None:
                            ordinals[place] = ordinal
                elif role == _LINK:
                    if tags[block] not in HEADINGS or not stays_here(attributes.get("href")):  # not its own anchor
                        style = _PLAIN_LINK if style is _PLAIN else (True, *style[1:])
                elif role != _INLINE:
                    block = place
                    if role != _DIALOG:
                        style = _style_below(style, role, tag, place, tables)
                        if tag == "table":
                            table_nodes[place] = element
                if style[3] is not None and (classes or ident) and (found is None or found.background is None):
                    style = (*style[:3], None)  # its names may give it a background of its own
                blocks.append(block)
                depths.append(depth)
                styles.append(style)
            return place

        return add


def _style_below(style: Style, role: int, tag: str, container: int, tables: dict[int, int]) -> Style:
    """The style of text below a preformatted element or a part of a table; a table is added to `tables`."""
    link, pre, cell, behind = style
    if role == _PRE:
        return link, True, cell, behind
    if tag == "table":
        tables[container] = cell[2]
    return link, pre, cell_below(tag, container, cell), behind


def _is_mark(tag: str, element: Any, attributes: Mapping[str, str | None]) -> bool:
    """Whether an element in a heading is no part of what it says."""
    if is_edit_mark(attributes):
        return True
    return tag == "a" and is_permalink(attributes, _only_text(element), _is_alone(element))


def _only_text(element: Any) -> str:
    """The text of an element that holds nothing else, but for an element around it."""
    for _ in range(MAX_AROUND):
        element = element.first_child
        if element is None or element.next is not None:
            return ""
        if element.tag_id == _TEXT_ID:
            return str(element.text_content)
    return ""


def _is_alone(element: Any) -> bool:
    return all(beside is None or beside.is_empty_text_node for beside in (element.prev, element.next))


def _is_dressed(element: Any, why: str, rules: Rules | None) -> bool:
    """Whether something in an element that is hidden may be drawn otherwise than the element."""
    from dechaff.lines.sheets import is_shown_inside  # needed for few elements only

    inside = (node for node in element.css("[style], [class], [id]") if node.mem_id != element.mem_id)
    return any(is_shown_inside(node.attributes, why, rules) for node in inside)


def _is_in_line(element: Any) -> bool:
    """Whether an element with `aria-hidden` is text of its line all the same."""
    if not may_be_in_line(element.tag, element.attributes.get("class") or "", element.parent.attributes):
        return False
    before, after = element.prev, element.next
    beside = [before, after, before and before.prev, after and after.next]  # white space stands between
    copies = [
        (classes, node.text())
        for node in beside
        if node is not None and node.tag_id != _TEXT_ID and (classes := node.attributes.get("class"))
    ]
    return is_for_eyes(element.text(), copies)
