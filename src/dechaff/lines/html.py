"""HTML → `Lines`: one walk over lexbor's tree, with what stands above each text remembered by parent."""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from dechaff.lines.cells import Cell, join_cells
from dechaff.lines.elements import BLOCK, PREFORMATTED
from dechaff.lines.guard import encoded, guard
from dechaff.lines.nesting import TOO_DEEP
from dechaff.lines.owner import owner_of
from dechaff.lines.places import UNSEEN, Places
from dechaff.lines.table import Joint, Lines

#: A page whose visible text is shorter than this may hide its text until a script runs …
_SCANT_CHARS = 250
#: … and is then read with hidden elements, if that gives at least this many times more text.
_HIDDEN_GAIN = 4

#: The warning for such a page.
HIDDEN_READ = "the page hides its text; hidden text was read"

# Tags by lexbor's numbers, for most nodes are passed by: a set of small numbers is the fastest question to ask.
_create = LexborHTMLParser("<p>").create_node
_BLOCK_IDS = frozenset(_create(tag).tag_id for tag in BLOCK)
_PRE_IDS = frozenset(_create(tag).tag_id for tag in PREFORMATTED)
_SCRIPT_IDS = frozenset(_create(tag).tag_id for tag in ("script", "style"))
_BR_ID = _create("br").tag_id
_TEXT_ID = 2  # LXB_TAG__TEXT

_PARAGRAPH, _LINE = Joint.PARAGRAPH, Joint.LINE


def lines_of_html(html: str) -> Lines:
    """The visible lines of an HTML page, split at block-level elements and at `<br>`.

    >>> lines = lines_of_html("<title>T</title><p>One <b>t</b>wo<br>three<ul><li><a href=x>four</a></ul>")
    >>> lines.texts, lines.title, lines.link_chars
    (['One two', 'three', 'four'], 'T', [0, 0, 4])
    """
    page, warnings = encoded(html)
    lines = lines_of_utf8(page)
    lines.warnings.extend(warnings)
    return lines


def lines_of_utf8(page: bytes) -> Lines:
    """As `lines_of_html`, for a page that is UTF-8 already, without NUL characters."""
    data, hit = guard(page)
    root = LexborHTMLParser(data, options=LexborDocumentOptions.WO_EVENTS).root
    if root is None:  # lexbor makes no tree of an empty document
        return Lines(kind="html")
    lines = _Walk(hidden_too=False).lines(root)
    if is_scant(lines):
        everything = _Walk(hidden_too=True).lines(root)
        if hides_text(lines, everything):
            lines = everything
            lines.warnings.append(HIDDEN_READ)
    title = root.css_first("title:not(svg *)")
    if title is not None:
        lines.title = " ".join(title.text().split())
    site = _attribute(root, 'meta[property="og:site_name"]', "content")
    url = _attribute(root, 'link[rel="canonical"]', "href") or _attribute(root, 'meta[property="og:url"]', "content")
    lines.owner = owner_of(site, url, lines.title)
    lines.warnings.extend(limit for limit in hit if limit not in lines.warnings)
    lines.limited |= bool(hit)
    return lines


def is_scant(lines: Lines) -> bool:
    """Whether a page shows so little text that it may hide the rest until a script runs."""
    return sum(map(len, lines.texts)) < _SCANT_CHARS


def hides_text(visible: Lines, everything: Lines) -> bool:
    """Whether hidden elements hold the text of a page."""
    shown, all_chars = sum(map(len, visible.texts)), sum(map(len, everything.texts))
    return all_chars >= _HIDDEN_GAIN * shown + _SCANT_CHARS


def _attribute(root: Any, selector: str, name: str) -> str:
    element = root.css_first(selector)
    return "" if element is None else element.attributes.get(name) or ""


class _Walk:
    """One pass over a tree. Text is gathered until its block changes or a break comes between."""

    def __init__(self, hidden_too: bool) -> None:
        self.table = Lines(kind="html")
        self.places = Places(self.table.containers, hidden_too)
        self.cells: list[Cell] = []  # of every line

    def lines(self, root: Any) -> Lines:
        known, blocks, styles, place_of = self.places.known, self.places.blocks, self.places.styles, self.places.of
        text_id, br_id, block_ids, script_ids = _TEXT_ID, _BR_ID, _BLOCK_IDS, _SCRIPT_IDS
        parts: list[str] = []
        link_parts: list[str] = []
        first = 0  # the container of the first part
        line_block = 0
        last = 0  # the node of the last part
        joint = _PARAGRAPH
        breaks = 0  # 0: none since the last text, 1: one <br>, 2: more, or a block element
        pre_seen = False
        known[root.parent.mem_id] = 0
        for node in root.traverse(include_text=True, skip_empty=True):
            tag_id = node.tag_id
            if tag_id == text_id:
                parent = node.parent
                place = known.get(parent.mem_id) or place_of(parent)
                if place == UNSEEN:
                    continue
                text = node.text_content
                block = blocks[place]
                link, pre, _ = styles[place]
                if breaks or block != line_block:
                    if text.isspace():
                        continue  # between blocks, or between two breaks
                    if parts:
                        self._flush(parts, link_parts, joint, first)
                        parts, link_parts = [], []
                    joint = _LINE if breaks == 1 and block == line_block else _PARAGRAPH
                    first, line_block, breaks = place, block, 0
                elif pre or link_parts or not (text[0].isspace() or parts[-1][-1].isspace()):
                    self._fill(node, last, block, parts, link_parts)
                last = node.mem_id
                parts.append(text)
                if link:
                    link_parts.append(text)
            elif tag_id in block_ids:
                breaks = 2
                if tag_id in _PRE_IDS:
                    pre_seen = True
            elif tag_id == br_id:
                if pre_seen and parts and not breaks and styles[place_of(node.parent)][1]:
                    self._fill(node, last, line_block, parts, link_parts)
                    last = node.mem_id
                    parts.append("\n")
                else:
                    breaks += 1
            elif tag_id in script_ids:
                known[node.mem_id] = UNSEEN
        if parts:
            self._flush(parts, link_parts, joint, first)
        if self.places.tables:
            join_cells(self.table, self.cells, self.places.tables)
        if self.places.too_deep:
            self.table.warnings.append(TOO_DEEP)
            self.table.limited = True
        self.table.join()
        return self.table

    def _flush(self, parts: list[str], link_parts: list[str], joint: Joint, first: int) -> None:
        """Adds the line of the texts between two breaks, whose first stands at `first`."""
        _, pre, cell = self.places.styles[first]
        text = parts[0] if len(parts) == 1 else "".join(parts)
        text = text.strip("\n").rstrip() if pre else " ".join(text.split())
        if not link_parts:
            link_chars = 0
        elif len(link_parts) == len(parts):
            link_chars = len(text)
        else:
            link_chars = min(len(text), len(" ".join("".join(link_parts).split())))
        self.table.add(text, joint, link_chars, self.places.blocks[first], first)
        self.cells.append(cell)

    def _fill(self, node: Any, last: int, line_block: int, parts: list[str], link_parts: list[str]) -> None:
        """Adds the white space between a node and the last part of its line, less what stands in unseen elements.

        The traversal passes over it, for most of it stands between blocks; this goes back for the rest.
        """
        gaps = []
        while True:
            before = node.prev
            if before is None:
                node = node.parent
                continue
            while (child := before.last_child) is not None:
                before = child
            node = before
            if node.mem_id == last:
                break
            if node.is_empty_text_node:
                gaps.append(node)
        for gap in reversed(gaps):
            place = self.places.of(gap.parent)
            if place != UNSEEN and self.places.blocks[place] == line_block:
                text = gap.text_content
                parts.append(text)
                if self.places.styles[place][0]:
                    link_parts.append(text)
