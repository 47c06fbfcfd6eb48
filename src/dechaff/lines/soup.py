"""BeautifulSoup trees → `Lines`, by the rules of `lines.html`, with the text nodes that each line is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from dechaff import limits
from dechaff.hidden.characters import shown, unveil
from dechaff.lines.apart import stand_apart
from dechaff.lines.aside import is_applied
from dechaff.lines.attributes import (
    MAX_NAME_CHARS,
    NAMING,
    is_hidden,
    shown_as,
    stays_here,
    target,
)
from dechaff.lines.cells import NO_CELL, Cell, cell_below, join_cells, number_columns
from dechaff.lines.code import join_code
from dechaff.lines.columns import Span, columns_of, span_of
from dechaff.lines.drawn import Drawn
from dechaff.lines.elements import BLOCK, CELLS, HEADINGS, INERT, PREFORMATTED, SILENT
from dechaff.lines.later import add_hidden, settled
from dechaff.lines.opened import Opened
from dechaff.lines.ordinals import SAID_BY, ordinal_of
from dechaff.lines.permalinks import is_heading
from dechaff.lines.reading import FIRST_HIDDEN, UNSEEN, HiddenElement, Reading
from dechaff.lines.soup_tags import attributes_of, is_dressed, is_in_line, is_mark, tags_of, texts_in, title_and_owner
from dechaff.lines.style import Colour
from dechaff.lines.table import Hidden, Joint, Lines, step_of
from dechaff.lines.unshown import MIN_CHARS, MIN_ORDER_CHARS, Unshown, prose, stuffed, words_of

if TYPE_CHECKING:
    import bs4
    from bs4.element import NavigableString, PageElement

#: Elements whose content lexbor takes for text or keeps apart: elements that bs4 finds in them break no line.
OPAQUE = frozenset("iframe noembed noframes script style template textarea title".split())


@dataclass(slots=True)
class SoupLines:
    """The lines of a tree; `nodes[i]` are the text nodes of visible line i, `hidden` those that no reader sees.

    `hidden_too`: elements were read as well whose attributes would hide them.
    """

    lines: Lines
    nodes: list[list[NavigableString]]
    hidden: list[NavigableString] = field(default_factory=list)
    hidden_too: bool = False


class _Place(NamedTuple):
    """What holds for the text in an element. `hidden` is 0 where a reader sees it, else as in `lines.reading`.

    `inert`: it stands in what only readers without scripts see.
    """

    container: int
    block: int
    depth: int
    link: bool
    pre: bool
    cell: Cell
    background: Colour | None
    inert: bool
    hidden: int


_ROOT = _Place(
    container=0, block=0, depth=0, link=False, pre=False, cell=NO_CELL, background=None, inert=False, hidden=0
)


def lines_of_soup(soup: bs4.Tag, collapsed: bool = True) -> SoupLines:
    """The visible lines of a BeautifulSoup or Tag, which stays as it is. Linear, and without recursion.

    >>> import bs4
    >>> found = lines_of_soup(bs4.BeautifulSoup("<p>One <b>t</b>wo<p hidden>no</p><ul><li>three", "html.parser"))
    >>> found.lines.texts, [len(nodes) for nodes in found.nodes]
    (['One two', 'three'], [3, 1])
    """
    if soup.decomposed:  # nothing is left of it, not even a name
        return SoupLines(Lines(kind="html"), [])

    def controlled() -> set[str]:
        buttons = (tag for tag in tags_of(soup) if "aria-controls" in tag.attrs)
        return set(" ".join(attributes_of(tag)["aria-controls"] for tag in buttons).split())

    walk = settled(lambda reading: _Walk(soup, reading), Opened(controlled) if collapsed else None)
    found = walk.found
    walk.add_attributes()
    found.lines.join()
    unveil(found.lines)
    title, found.lines.owner = title_and_owner(soup)
    found.lines.title = shown(title)
    return found


@dataclass(slots=True)
class _Gathered:
    """The text since the last break."""

    place: _Place | None = None
    joint: Joint = Joint.PARAGRAPH
    parts: list[str] = field(default_factory=list)
    link_parts: list[str] = field(default_factory=list)
    nodes: list[NavigableString] = field(default_factory=list)
    last: int = 0  # the container of the last text
    linked: bool = False  # whether that stands in a link


class _Walk:
    """One pass over a tree, in document order."""

    def __init__(self, soup: bs4.Tag, reading: Reading) -> None:
        self.reading = reading
        self.table = Lines(kind="html")
        self.found = SoupLines(self.table, [])
        self.hidden: list[HiddenElement] = []
        self.hidden_parts: list[tuple[int, int, str]] = []  # lines before it, number of the element, text
        self.attributes: list[tuple[int, int, str, Unshown]] = []  # lines before it, container, step
        self.sheets: list[str] = []
        self.cells: list[Cell] = []
        self.tables: dict[int, int] = {}
        self.rows: dict[int, dict[int, list[Span]]] = {}  # of each table
        self.gathered = _Gathered()
        self.breaks = 0  # 0: none since the last text, 1: one <br>, 2: more, or a block element
        self._run(soup)
        self._flush()
        lines = self.found.lines
        if self.tables:
            columns: dict[int, int] = {}
            for table in join_cells(lines, self.cells, self.tables):
                columns.update(columns_of(self.rows.get(table, {}).values()))
            number_columns(lines, self.cells, columns)
        if not PREFORMATTED.isdisjoint(lines.containers.tags):
            join_code(lines, self.cells)
        self.later = add_hidden(lines, self.hidden_parts, self.hidden)

    def _run(self, soup: bs4.Tag) -> None:
        from bs4 import Tag
        from bs4.element import Comment, NavigableString, PreformattedString

        waiting: list[tuple[PageElement, _Place]] = [(soup, _ROOT)]
        while waiting:
            node, above = waiting.pop()
            if isinstance(node, Tag):
                place = self._below(above, node)
                if place is not None:
                    waiting.extend((child, place) for child in reversed(node.contents))
            elif isinstance(node, Comment):
                self._aside("comment", str(node), above)
            elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                if not above.hidden:
                    self._text(node, above)
                elif above.hidden != UNSEEN and not node.isspace():
                    self.hidden_parts.append((self._before(), above.hidden, str(node)))
                    self.found.hidden.append(node)

    def _before(self) -> int:
        """The lines before what comes now."""
        return len(self.found.lines) + (self.gathered.place is not None)

    def _aside(self, kind: str, text: str, above: _Place) -> None:
        """Adds a line for the prose of a comment or template."""
        if len(text) >= MIN_CHARS and (text := prose(text)):
            self.found.lines.hidden.append(Hidden(text, self._before(), kind, above.container, kind))

    def add_attributes(self) -> None:
        """Adds lines for attributes that are stuffed with text."""
        lines = self.found.lines
        for i in stuffed([item for *_, item in self.attributes], lines.texts):
            before, container, step, item = self.attributes[i]
            lines.hidden.append(Hidden(" ".join(item.text.split()), before, item.kind, container, step))

    def _text(self, node: NavigableString, place: _Place) -> None:
        gathered, text = self.gathered, str(node)
        line_block = gathered.place.block if gathered.place is not None else 0
        if self.breaks or place.block != line_block or gathered.place is None:
            if not text or text.isspace():
                return
            joint = Joint.LINE if self.breaks == 1 and place.block == line_block else Joint.PARAGRAPH
            self._flush()
            self.gathered = gathered = _Gathered(place, joint)
            self.breaks = 0
        elif not text:
            return
        elif not place.pre:
            containers, before = self.table.containers, gathered.parts[-1][-1]
            if stand_apart(containers, gathered.last, place.container, before, text[0]):
                gathered.parts.append(" ")
                if place.link and gathered.linked:
                    gathered.link_parts.append(" ")
        gathered.parts.append(text)
        gathered.last, gathered.linked = place.container, place.link
        gathered.nodes.append(node)
        if place.link:
            gathered.link_parts.append(text)

    def _flush(self) -> None:
        gathered = self.gathered
        if gathered.place is None:
            return
        text = "".join(gathered.parts)
        text = text.strip("\n").rstrip() if gathered.place.pre else " ".join(text.split())
        if not text:
            return
        if len(gathered.link_parts) == len(gathered.parts):
            link_chars = len(text)
        else:
            link_chars = min(len(text), len(" ".join("".join(gathered.link_parts).split())))
        self.found.lines.add(text, gathered.joint, link_chars, gathered.place.block, gathered.place.container)
        self.found.nodes.append(gathered.nodes)
        self.cells.append(gathered.place.cell)

    def _below(self, above: _Place, tag: bs4.Tag) -> _Place | None:
        """The place of what stands in an element; None if nothing in it matters."""
        name = tag.name.lower()
        if name == "br":
            if above.pre and above.hidden != UNSEEN and self.gathered.parts and not self.breaks:
                self.gathered.parts.append("\n")
            else:
                self.breaks += 1
            return None
        if name in BLOCK:
            self.breaks = 2
        if name == "[document]":
            return above
        if name == "head":  # html.parser puts the body into a head that nothing closes
            return above
        if name in OPAQUE:
            if name == "style":
                if is_applied(attributes_of(tag)) and not above.inert:
                    self.sheets.append("".join(map(str, tag.contents)))
            elif name == "template":
                self._aside("template", words_of(str(tag)), above)
            return None
        if name in ("img", "meta"):
            self._attributes(tag, name, above)
        if name in SILENT - INERT:
            return above._replace(hidden=UNSEEN)
        if name in INERT:
            above = above._replace(inert=True)
        if above.hidden:
            return above
        attributes = attributes_of(tag)
        around = self.table.containers.steps[above.block][1]
        if attributes and name not in BLOCK and is_heading(self._block(above), around) and is_mark(tag, attributes):
            self.found.hidden.extend(texts_in(tag))
            return above._replace(hidden=UNSEEN)
        drawn = self._drawn(tag, name, attributes, above)
        if (
            drawn.why
            and id(tag) not in self.reading.shown
            and (drawn.certain or not is_dressed(tag, drawn.why, self.reading.rules))
        ):
            step = step_of(name, attributes.get("id", ""), attributes.get("class", ""))
            self.hidden.append(HiddenElement(drawn.why, above.container, step, drawn.soft, id(tag)))
            return above._replace(hidden=FIRST_HIDDEN + 1 - len(self.hidden))
        if name in INERT or is_hidden(attributes):
            self.found.hidden_too = True
        names = " ".join(value for key, value in attributes.items() if key in NAMING and value)
        if name == "a":
            names = f"{names} {target(attributes.get('href', ''))}"
        dressed = "id" in attributes or "class" in attributes
        if name != "img" and len(attributes.get("title", "")) >= MIN_ORDER_CHARS:
            item = Unshown("title", attributes["title"])
            self.attributes.append((self._before(), above.container, "title", item))
        lines = self.found.lines
        if above.depth >= limits.MAX_DEPTH:
            if limits.TOO_DEEP not in lines.warnings:
                lines.warnings.append(limits.TOO_DEEP)
                lines.limited = True
            if name not in BLOCK:
                return above
            parent = lines.containers.parents[above.container]
        else:
            parent = above.container
        container = lines.containers.add(
            parent, name, names[:MAX_NAME_CHARS], attributes.get("id", ""), attributes.get("class", "")
        )
        if name in SAID_BY and (ordinal := ordinal_of(name, attributes)) is not None:
            lines.ordinals[container] = ordinal
        cell = above.cell
        if name in CELLS or name in ("tr", "table"):
            if name == "table":
                self.tables[container] = cell[2]
            cell = cell_below(name, container, cell)
            if name in CELLS:
                self.rows.setdefault(cell[2], {}).setdefault(cell[1], []).append(span_of(container, attributes))
        return _Place(
            container=container,
            block=container if name in BLOCK else above.block,
            depth=min(above.depth + 1, limits.MAX_DEPTH),
            link=above.link or (name == "a" and not self._is_own_anchor(above, attributes)),
            pre=above.pre or name in PREFORMATTED,
            cell=cell,
            background=drawn.background or (None if dressed else above.background),
            inert=above.inert,
            hidden=0,
        )

    def _block(self, place: _Place) -> str:
        return self.table.containers.tags[place.block]

    def _is_own_anchor(self, above: _Place, attributes: dict[str, str]) -> bool:
        """Whether a link in this place is a heading's that leads to itself."""
        return self._block(above) in HEADINGS and stays_here(attributes.get("href"))

    def _drawn(self, tag: bs4.Tag, name: str, attributes: dict[str, str], above: _Place) -> Drawn:
        """What the element's attributes and the page's rules do to its text."""
        if name in INERT:
            return Drawn(name)
        if name == "dialog" and "open" not in attributes:
            return Drawn("closed dialog")
        reading = self.reading
        behind = None if "id" in attributes or "class" in attributes else above.background
        found = shown_as(name, attributes, behind, reading.opened, reading.soft, tag, is_in_line)
        if found.why or reading.rules is None:
            return found
        containers = self.table.containers
        hide = reading.rules.of(name, attributes, containers, above.container, reading.opened)
        return found if hide is None else hide.drawn

    def _attributes(self, tag: bs4.Tag, name: str, above: _Place) -> None:
        own = attributes_of(tag)
        for key, kind in (("alt", "alt"), ("title", "title")) if name == "img" else (("content", "meta"),):
            text = own.get(key, "")
            if len(text) >= MIN_ORDER_CHARS:
                self.attributes.append((self._before(), above.container, name, Unshown(kind, text)))
