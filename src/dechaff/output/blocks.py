"""Lines → blocks in their containers: the structure that Markdown and HTML are both written from.

A line knows only the names of the elements around it, so two items of a list look alike. Which lines share an item
is read from their order: the path that came first in an item begins the next item when it comes again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from dechaff.labels import Label
from dechaff.result import Line, Result

#: Lists, quotations and items inside one another that are shown; deeper ones are laid flat, as each costs
#: every line inside it an indent.
MAX_NESTING = 24

_LISTS = {"ul": "ul", "menu": "ul", "ol": "ol", "dl": "dl"}
_ITEMS = {"li": "ul", "dt": "dl", "dd": "dl"}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_PREFORMATTED = frozenset({"pre", "listing", "plaintext", "xmp"})
_FENCES = ("```", "~~~")

#: The key of an item that stands in no path: a list right inside a list belongs to the item before it.
_ANY_ITEM = -1

BlockKind = Literal["paragraph", "heading", "code", "caption", "table"]


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """A list, an item of one (`li`, `dt`, `dd`) or a `blockquote`; compared by identity: two items are two objects.

    `key` is the node of its path, `first` the node of the path whose block began it.
    """

    tag: str
    key: int
    first: int


class Cell(NamedTuple):
    """A cell of a table row; its text is empty where its line was dropped."""

    text: str
    header: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading (with its `level`), code, caption, or table (with `rows`), and what it stands in.

    `lines` are its kept lines; code is one line, verbatim. `bare` says that no element stands between the text
    and the innermost container.
    """

    kind: BlockKind
    containers: tuple[Container, ...]
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    level: int = 0
    bare: bool = False


def blocks_of(result: Result) -> Iterator[Block]:
    """The kept blocks of a document in page order, without top-level headings that repeat its title."""
    title = " ".join(result.title.split())
    for block in blocks(result.lines):
        if not (block.level == 1 and title and " ".join(" ".join(block.lines).split()) == title):
            yield block


def blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """The kept blocks of `lines`, which are all lines of a document: dropped ones still shape lists and rows.

    >>> from dechaff.labels import Label
    >>> from dechaff.result import Line
    >>> def line(text, path):
    ...     return Line(0, text, 0, 0, Label.CONTENT, 1.0, {}, True, True, 0.0, path)
    >>> lines = [line("Fruit", "body > h2"), line("pear", "body > ul > li"), line("fig", "body > ul > li")]
    >>> for block in blocks(lines):
    ...     print(block.kind, block.level, block.lines, [container.tag for container in block.containers])
    heading 2 ('Fruit',) []
    paragraph 0 ('pear',) ['ul', 'li']
    paragraph 0 ('fig',) ['ul', 'li']
    """
    paths = _Paths()
    stack: list[Container] = []
    for group in _groups(lines):
        place = paths.place(group[0].path)
        _enter(stack, place)
        if any(line.kept for line in group):
            yield _block(group, place, paths, tuple(stack))


def shared(before: Sequence[Container], after: Sequence[Container]) -> int:
    """How many containers two blocks have in common, counted from the outermost."""
    count = 0
    for one, other in zip(before, after, strict=False):
        if one is not other:
            break
        count += 1
    return count


class _Place(NamedTuple):
    """What a path says."""

    leaf: int
    chain: tuple[tuple[int, str], ...]  # key and tag of the containers
    kind: BlockKind
    level: int
    header: bool
    bare: bool


class _Paths:
    """Places of paths. Steps are kept as a tree, so that equal beginnings of two paths are one number."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}
        self._nodes: dict[tuple[int, str], int] = {}

    def place(self, path: str) -> _Place:
        place = self._places.get(path)
        if place is None:
            place = self._places[path] = self._read(path)
        return place

    def _read(self, path: str) -> _Place:
        node, level = 0, 0
        code = caption = header = False
        found: list[tuple[int, int, str]] = []
        for step in path.split(" > ") if path else ():
            above = node
            node = self._nodes.setdefault((above, step), len(self._nodes) + 1)
            tag = step.partition("#")[0].partition(".")[0]
            if tag in _LISTS or tag in _ITEMS or tag == "blockquote":
                found.append((node, above, tag))
            elif tag in _HEADINGS:
                level = _HEADINGS[tag]
            elif tag in _PREFORMATTED:
                code = True
            elif tag == "figcaption":
                caption = True
            elif tag == "th":
                header = True
        kind: BlockKind = "code" if code else "heading" if level else "caption" if caption else "paragraph"
        bare = bool(found) and found[-1][0] == node and found[-1][2] in _ITEMS
        return _Place(node, _regular(found), kind, level if kind == "heading" else 0, header, bare)


def _regular(found: Sequence[tuple[int, int, str]]) -> tuple[tuple[int, str], ...]:
    """Containers as they may stand: items in lists, and nothing else in a list. What is missing is put in."""
    chain: list[tuple[int, str]] = []
    for node, above, tag in found:
        around = chain[-1][1] if chain else ""
        if tag in _ITEMS:
            if around not in _LISTS:
                around = _ITEMS[tag]
                chain.append((-2 - above, around))  # equal for all items of one element
            if around == "dl":
                chain.append((node, tag if tag in ("dt", "dd") else "dd"))
            else:
                chain.append((node, "li"))
        else:
            if around in _LISTS:
                chain.append((_ANY_ITEM, "dd" if around == "dl" else "li"))
            chain.append((node, _LISTS.get(tag, tag)))
    del chain[MAX_NESTING:]
    if chain and chain[-1][1] in _LISTS:
        if len(chain) == MAX_NESTING:
            chain.pop()
        else:
            chain.append((_ANY_ITEM, "dd" if chain[-1][1] == "dl" else "li"))
    return tuple(chain)


def _groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines that make one paragraph or one table."""
    group: list[Line] = []
    for line in lines:
        if line.label is Label.HIDDEN:
            continue
        if group and line.glue == "paragraph":
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _enter(stack: list[Container], place: _Place) -> None:
    """Leave and enter containers until `stack` is what a new block at `place` stands in."""
    depth = 0
    for (key, tag), container in zip(place.chain, stack, strict=False):
        if key != container.key and not (key == _ANY_ITEM and container.tag in _ITEMS):
            break
        if tag != container.tag and key != _ANY_ITEM:
            break
        depth += 1
    if depth and depth == len(place.chain):
        innermost = stack[depth - 1]
        if innermost.tag in _ITEMS and innermost.first == place.leaf:
            depth -= 1
    del stack[depth:]
    stack.extend(Container(tag, key, place.leaf) for key, tag in place.chain[depth:])


def _block(group: Sequence[Line], place: _Place, paths: _Paths, containers: tuple[Container, ...]) -> Block:
    if any(line.glue == "cell" for line in group):
        return Block("table", containers, rows=_rows(group, paths))
    texts = tuple(line.text for line in group if line.kept)
    # In plain text, which has no paths, code stands between fences.
    if place.kind == "code" or (not group[0].path and "\n" in texts[0] and texts[0].startswith(_FENCES)):
        return Block("code", containers, ("\n".join(texts),), bare=place.bare)
    return Block(place.kind, containers, texts, level=place.level, bare=place.bare)


def _rows(group: Sequence[Line], paths: _Paths) -> tuple[tuple[Cell, ...], ...]:
    """Rows with a kept cell; a dropped cell leaves an empty one, so that the others stay in their columns."""
    rows: list[list[Cell]] = []
    for line in group:
        if line.glue != "cell":
            rows.append([])
        rows[-1].append(Cell(line.text if line.kept else "", paths.place(line.path).header))
    return tuple(tuple(row) for row in rows if any(cell.text for cell in row))
