"""HTML → `Lines`: one walk over lexbor's tree, with what stands above each text remembered by parent."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import Any

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from dechaff import limits
from dechaff.hidden.characters import shown, unveil
from dechaff.lines.apart import stand_apart
from dechaff.lines.aside import ASIDE_IDS, SCRIPT_ID, SCRIPT_IDS, Aside
from dechaff.lines.cells import Cell, join_cells, number_columns
from dechaff.lines.code import join_code
from dechaff.lines.columns import columns_of_node
from dechaff.lines.elements import BLOCK, PREFORMATTED
from dechaff.lines.guard import encoded, guard
from dechaff.lines.later import Later, add_hidden, settled
from dechaff.lines.opened import Opened, controlled
from dechaff.lines.owner import owner_of
from dechaff.lines.places import Places
from dechaff.lines.reading import FIRST_HIDDEN, UNSEEN, Reading
from dechaff.lines.table import Hidden, Joint, Lines
from dechaff.lines.unshown import Unshown, stuffed

# Tags by lexbor's numbers, for most nodes are passed by: a set of small numbers is the fastest question to ask.
_create = LexborHTMLParser("<p>").create_node
_PRE_IDS = frozenset(_create(tag).tag_id for tag in PREFORMATTED)
_BLOCK_IDS = frozenset(_create(tag).tag_id for tag in BLOCK - PREFORMATTED)
_RARE_IDS = _PRE_IDS | ASIDE_IDS
_BR_ID = _create("br").tag_id
_TEXT_ID = 2  # LXB_TAG__TEXT

_PARAGRAPH, _LINE = Joint.PARAGRAPH, Joint.LINE


def lines_of_html(html: str, collapsed: bool = True) -> Lines:
    """The visible lines of an HTML page, split at block-level elements and at `<br>`, and the text it hides.

    `collapsed` says that what a reader can open is seen: parts of accordions, panels of tabs.

    >>> lines = lines_of_html("<title>T</title><p>One <b>t</b>wo<br>three<ul><li><a href=x>four</a></ul><p hidden>five")
    >>> lines.texts, lines.title, lines.link_chars
    (['One two', 'three', 'four'], 'T', [0, 0, 4])
    >>> [(hidden.text, hidden.why) for hidden in lines.hidden]
    [('five', 'hidden')]
    """
    page, warnings = encoded(html)
    lines = lines_of_utf8(page, collapsed)
    lines.warnings.extend(warnings)
    return lines


def lines_of_utf8(page: bytes, collapsed: bool = True) -> Lines:
    """As `lines_of_html`, for a page that is UTF-8 already, without NUL characters."""
    data, hit = guard(page)
    root = LexborHTMLParser(data, options=LexborDocumentOptions.WO_EVENTS).root
    if root is None:  # lexbor makes no tree of an empty document
        return Lines(kind="html")
    opened = Opened(partial(controlled, page)) if collapsed else None

    def walk_of(reading: Reading) -> _Walk:
        return _Walk(root, reading)

    walk = settled(walk_of, opened)
    lines = walk.table
    walk.add_unshown()
    lines.join()
    unveil(lines)
    lines.title = shown(walk.aside.title())
    lines.owner = owner_of(walk.aside.site or "", walk.aside.url(), lines.title)
    lines.warnings.extend(limit for limit in hit if limit not in lines.warnings)
    lines.limited |= bool(hit)
    return lines


class _Walk:
    """One pass over a tree. Text is gathered until its block changes or a break comes between."""

    def __init__(self, root: Any, reading: Reading) -> None:
        self.table = Lines(kind="html")
        self.places = Places(self.table.containers, reading)
        self.later = Later()
        self.cells: list[Cell] = []  # of every line
        self.aside = Aside()
        self._run(root)

    @property
    def sheets(self) -> list[str]:
        return self.aside.sheets()

    def _run(self, root: Any) -> None:
        known, blocks, styles, place_for = self.places.known, self.places.blocks, self.places.styles, self.places.add
        text_id, br_id, script_id, script_ids = _TEXT_ID, _BR_ID, SCRIPT_ID, SCRIPT_IDS
        block_ids, rare_ids, pre_ids, note = _BLOCK_IDS, _RARE_IDS, _PRE_IDS, self.aside.note
        texts, containers, flush = self.table.texts, self.table.containers, self._flusher()
        hidden: list[tuple[int, int, str]] = []  # the lines before it, what stands in place of its container, text
        parts: list[str] = []
        link_parts: list[str] = []
        first = 0  # the container of the first part
        line_block = 0
        last: Any = None  # the node of the last part, and its container
        last_place = 0
        joint = _PARAGRAPH
        breaks = 0  # 0: none since the last text, 1: one <br>, 2: more, or a block element
        pre_seen = False
        known[root.parent.mem_id] = 0
        for node in root.parent.traverse(include_text=True, skip_empty=True):
            tag_id = node.tag_id
            if tag_id == text_id:
                parent = node.parent
                place = known.get(parent.mem_id)
                if place is None:
                    place = place_for(parent)
                if place < 0:
                    if place != UNSEEN:
                        hidden.append((len(texts) + bool(parts), place, node.text_content))
                    continue
                text = node.text_content
                block = blocks[place]
                link, pre, _, _ = styles[place]
                if breaks or block != line_block:
                    if text.isspace():
                        continue  # between blocks, or between two breaks
                    if parts:
                        flush(parts, link_parts, joint, first)
                        parts.clear()
                        link_parts.clear()
                    joint = _LINE if breaks == 1 and block == line_block else _PARAGRAPH
                    first, line_block, breaks = place, block, 0
                elif pre or link_parts or not (text[0].isspace() or parts[-1][-1].isspace()):
                    self._fill(node, last, block, parts, link_parts)
                    if not pre and stand_apart(containers, last_place, place, parts[-1][-1], text[0]):
                        parts.append(" ")
                        if link and styles[last_place][0]:
                            link_parts.append(" ")
                last, last_place = node, place
                parts.append(text)
                if link:
                    link_parts.append(text)
            elif tag_id in block_ids:
                breaks = 2
            elif tag_id == br_id:
                if pre_seen and parts and not breaks and self._is_pre(node):
                    self._fill(node, last, line_block, parts, link_parts)
                    last = node
                    parts.append("\n")
                else:
                    breaks += 1
            elif tag_id in rare_ids:
                if tag_id in pre_ids:
                    breaks, pre_seen = 2, True
                    continue
                if tag_id in script_ids:
                    known[node.mem_id] = UNSEEN
                if tag_id != script_id:
                    note(node, tag_id, len(texts) + bool(parts))
        if parts:
            flush(parts, link_parts, joint, first)
        if hidden:
            self.later = add_hidden(self.table, hidden, self.places.hidden)
        if self.places.tables:
            columns: dict[int, int] = {}
            for table in join_cells(self.table, self.cells, self.places.tables):
                columns.update(columns_of_node(self.places.table_nodes[table], known))
            number_columns(self.table, self.cells, columns)
        if pre_seen:
            join_code(self.table, self.cells)
        self.table.ordinals = self.places.ordinals
        if self.places.too_deep:
            self.table.warnings.append(limits.TOO_DEEP)
            self.table.limited = True

    def add_unshown(self) -> None:
        """Adds lines for what comments, templates and attributes say, if a reader of the page should know of it."""
        table, places, titles = self.table, self.aside.attributes, self.places.titles
        for before, node, (kind, text) in self.aside.prose:
            table.hidden.append(Hidden(text, before, kind, self._around(node), kind))
        attributes = [*(item for _, _, item in places), *(Unshown("title", text) for _, text in titles)]
        for i in stuffed(attributes, table.texts):
            kind, text = attributes[i].kind, " ".join(attributes[i].text.split())
            if i < len(places):
                before, node, _ = places[i]
                table.hidden.append(Hidden(text, before, kind, self._around(node), node.tag))
            else:
                container = titles[i - len(places)][0]
                highest = list(accumulate(table.leaves, max))  # rises, where containers need not
                before = min(bisect_left(highest, container) + 1, len(table))
                container = min(container, len(table.containers.parents) - 1)
                table.hidden.append(Hidden(text, before, kind, container, kind))

    def _around(self, node: Any) -> int:
        """The nearest container around a node: none is made for it."""
        place = None
        while place is None:
            node = node.parent
            place = self.places.known.get(node.mem_id)
        return max(place, 0)

    def _flusher(self) -> Callable[[list[str], list[str], Joint, int], None]:
        # A closure, as `Places._finder`.
        table, blocks, styles = self.table, self.places.blocks, self.places.styles
        texts, joints, all_link_chars = table.texts, table.joints, table.link_chars
        line_blocks, leaves, cells = table.blocks, table.leaves, self.cells

        def flush(parts: list[str], link_parts: list[str], joint: Joint, first: int) -> None:
            """Adds the line of the texts between two breaks, whose first stands at `first`."""
            _, pre, cell, _ = styles[first]
            text = parts[0] if len(parts) == 1 else "".join(parts)
            text = text.strip("\n").rstrip() if pre else _folded(text)
            if not link_parts:
                link_chars = 0
            elif len(link_parts) == len(parts):
                link_chars = len(text)
            else:
                link_chars = min(len(text), len(" ".join("".join(link_parts).split())))
            texts.append(text)
            joints.append(joint)
            all_link_chars.append(link_chars)
            line_blocks.append(blocks[first])
            leaves.append(first)
            cells.append(cell)

        return flush

    def _is_pre(self, node: Any) -> bool:
        """Whether white space stands as written around a node; around what is hidden, where it is hidden."""
        place = self.places.of(node.parent)
        if place == UNSEEN:
            return False
        return self.places.styles[place if place >= 0 else self.places.hidden[FIRST_HIDDEN - place].container][1]

    def _fill(self, node: Any, last: Any, line_block: int, parts: list[str], link_parts: list[str]) -> None:
        """Adds the white space between a node and the last part of its line, less what stands in unseen elements.

        The traversal passes over it, for most of it stands between blocks; this goes back for the rest.
        """
        gaps = []
        end = last.mem_id
        while True:
            before = node.prev
            if before is None:
                node = node.parent
                continue
            while (child := before.last_child) is not None:
                before = child
            node = before
            if node.mem_id == end:
                break
            if node.is_empty_text_node:
                gaps.append(node)
        for gap in reversed(gaps):
            place = self.places.of(gap.parent)
            if place >= 0 and self.places.blocks[place] == line_block:
                text = gap.text_content
                parts.append(text)
                if self.places.styles[place][0]:
                    link_parts.append(text)


def _folded(text: str) -> str:
    r"""A text with one space for each run of white space, and none around it.

    >>> _folded("  One  two\n\tthree"), _folded("\n  One two\n")
    ('One two three', 'One two')
    """
    text = text.strip()
    # Of all white space only the space is printable, so that most texts need not be taken apart.
    return text if text.isprintable() and "  " not in text else " ".join(text.split())
