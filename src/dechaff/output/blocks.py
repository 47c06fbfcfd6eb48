"""Lines → blocks in their containers: the structure that Markdown and HTML are both written from.

The path of a line names the elements around it; which of them it shares with the line before, the line says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from dechaff.hidden.characters import shown
from dechaff.labels import Label
from dechaff.output.marks import unmarked
from dechaff.output.tables import Cell, Piece, Rows, code_of, rows_of
from dechaff.result import Line, Result

#: Lists, quotations and items inside one another that are shown; deeper ones are laid flat, as each costs
#: every line inside it an indent.
MAX_NESTING = 24

_LISTS = {"ul": "ul", "menu": "ul", "ol": "ol", "dl": "dl"}
_ITEMS = {"li": "ul", "dt": "dl", "dd": "dl"}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_PREFORMATTED = frozenset({"pre", "listing", "plaintext", "xmp"})

BlockKind = Literal["paragraph", "heading", "code", "caption", "table"]


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """A list, an item of one (`li`, `dt`, `dd`) or a `blockquote`; compared by identity: two items are two objects.

    `key` tells it from others in the same place: the number of its element; None if it has none and is any item.
    `ordinal` is the number that an item says, or that of the first item of a list.
    """

    tag: str
    key: int | None
    ordinal: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading (with its `level`), code, caption, or table (with `rows`), and what it stands in.

    `lines` are its kept lines; code is one line, verbatim. `bare` says that no element stands between the text
    and the innermost container.
    """

    kind: BlockKind
    containers: tuple[Container, ...]
    lines: tuple[str, ...] = ()
    rows: Rows = ()
    level: int = 0
    bare: bool = False


def blocks_of(result: Result) -> Iterator[Block]:
    """The kept blocks of a document in page order, without top-level headings that repeat its title."""
    title = " ".join(result.title.split())
    for block in blocks(unmarked(result.lines) if result.kind == "text" else result.lines):
        if not (block.level == 1 and title and " ".join(" ".join(block.lines).split()) == title):
            yield block


def blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """The kept blocks of `lines`, which are all lines of a document: dropped ones still shape lists and rows.

    >>> from dechaff.labels import Label
    >>> from dechaff.result import Line
    >>> def line(text, path, shared):
    ...     return Line(0, text, 0, 0, Label.CONTENT, 1.0, {}, True, True, 0.0, path, _shared=shared)
    >>> lines = [line("Fruit", "body > h2", 0), line("pear", "body > ul > li", 1), line("fig", "body > ul > li", 2)]
    >>> for block in blocks(lines):
    ...     print(block.kind, block.level, block.lines, [container.tag for container in block.containers])
    heading 2 ('Fruit',) []
    paragraph 0 ('pear',) ['ul', 'li']
    paragraph 0 ('fig',) ['ul', 'li']
    """
    page = _Page()
    stack: list[Container] = []
    for group in _groups(lines):
        place = page.enter(group[0])
        _enter(stack, page.containers(place, dict(group[0]._ordinals)))
        for line in group[1:]:
            page.enter(line)
        if any(map(_words, group)):
            yield _block(group, place, page, tuple(stack))


def shared(before: Sequence[Container], after: Sequence[Container]) -> int:
    """How many containers two blocks have in common, counted from the outermost."""
    count = 0
    for one, other in zip(before, after, strict=False):
        if one is not other:
            break
        count += 1
    return count


#: What tells a container from others in the same place: its element; the one that holds it, for a list that is put
#: around items; nothing, for an item that is put into a list around what belongs to the item before: another list, or
#: anything in a list with numbers, for it has none itself.
_ToldBy = Literal["element", "parent", "nothing"]


class _Step(NamedTuple):
    """A container as a path says it; `at` is the place of its element in the path."""

    tag: str
    at: int
    told_by: _ToldBy = "element"


class _Place(NamedTuple):
    """What a path says; it has so many `steps`."""

    steps: int
    chain: tuple[_Step, ...]
    kind: BlockKind
    level: int
    header: bool
    bare: bool


class _Page:
    """The elements around a line, outermost first, each with a number, as lines are entered in page order."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}
        self._open: list[int] = []
        self._count = 0

    def enter(self, line: Line) -> _Place:
        """Go on to the next line; returns what its path says."""
        place = self.place(line.path)
        del self._open[line._shared :]
        while len(self._open) < place.steps:
            self._open.append(self._next())
        return place

    def place(self, path: str) -> _Place:
        """What a path says."""
        place = self._places.get(path)
        if place is None:
            place = self._places[path] = _read(path)
        return place

    def containers(self, place: _Place, ordinals: Mapping[int, int]) -> Iterator[Container]:
        """What a line just entered stands in; `ordinals` are the numbers that elements of its path say."""
        for tag, at, told_by in place.chain:
            if told_by == "nothing":
                key = None
            elif told_by == "parent":
                key = -(self._open[at - 1] if at else 0)
            else:
                key = self._open[at] if at < len(self._open) else self._next()  # text that stands right in a list
            yield Container(tag, key, ordinals.get(at) if told_by == "element" and tag in ("ol", "li") else None)

    def _next(self) -> int:
        self._count += 1
        return self._count


def _read(path: str) -> _Place:
    level = 0
    code = caption = header = False
    found: list[_Step] = []
    steps = path.split(" > ") if path else []
    for at, step in enumerate(steps):
        tag = step.partition("#")[0].partition(".")[0]
        if code:  # what stands in it lays it out
            continue
        if tag in _LISTS or tag in _ITEMS or tag == "blockquote":
            found.append(_Step(tag, at))
        elif tag in _HEADINGS:
            level = _HEADINGS[tag]
        elif tag in _PREFORMATTED:
            code = True
        elif tag == "figcaption":
            caption = True
        elif tag == "th":
            header = True
    kind: BlockKind = "code" if code else "heading" if level else "caption" if caption else "paragraph"
    bare = bool(found) and found[-1].at == len(steps) - 1 and found[-1].tag in _ITEMS
    return _Place(len(steps), _regular(found), kind, level if kind == "heading" else 0, header, bare)


def _regular(found: Sequence[_Step]) -> tuple[_Step, ...]:
    """Containers as they may stand: items in lists, and nothing else in a list. What is missing is put in."""
    chain: list[_Step] = []
    for tag, at, _ in found:
        around = chain[-1].tag if chain else ""
        if tag in _ITEMS:
            if around not in _LISTS:
                around = _ITEMS[tag]
                chain.append(_Step(around, at, "parent"))
            if around == "dl":
                chain.append(_Step(tag if tag in ("dt", "dd") else "dd", at))
            else:
                chain.append(_Step("li", at))
        else:
            if around in _LISTS:
                chain.append(_Step(_item_of(around), at, "nothing"))
            chain.append(_Step(_LISTS.get(tag, tag), at))
    del chain[MAX_NESTING:]
    if chain and chain[-1].tag in _LISTS:
        if len(chain) == MAX_NESTING:
            chain.pop()
        else:
            # Each child of a list is an item of it; but a new item of an `ol` would change the numbers of all others.
            around, at, _ = chain[-1]
            chain.append(_Step(_item_of(around), at + 1, "nothing" if around == "ol" else "element"))
    return tuple(chain)


def _item_of(tag: str) -> str:
    """The item that stands in a list for what is none."""
    return "dd" if tag == "dl" else "li"


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


def _enter(stack: list[Container], containers: Iterable[Container]) -> None:
    """Leave and enter containers until `stack` is what a new block stands in, which is in these.

    What stands in an `ol` before its first item has none to belong to: it stands before the list.
    """
    entered = [*containers]
    depth = 0
    for new, old in zip(entered, stack, strict=False):
        if new.key is None:
            if old.tag not in _ITEMS:
                break
        elif (new.key, new.tag) != (old.key, old.tag):
            break
        depth += 1
    if depth < len(entered) and entered[-1].key is None and entered[-2].tag == "ol":
        del entered[-2:]
    stack[depth:] = entered[depth:]


def _block(group: Sequence[Line], place: _Place, page: _Page, containers: tuple[Container, ...]) -> Block:
    if any(line.glue == "cell" for line in group):
        rows = rows_of(group, lambda line: _cell(line, page.place(line.path)))
        if code := code_of(rows):
            return Block("code", containers, (code,))
        return Block("table", containers, rows=rows)
    texts = tuple(filter(None, map(_words, group)))
    if place.kind == "code":
        return Block("code", containers, ("\n".join(texts),), bare=place.bare)
    return Block(place.kind, containers, texts, level=place.level, bare=place.bare)


def _cell(line: Line, place: _Place) -> Cell:
    """What a line adds to its cell."""
    words = _words(line)
    return Cell((Piece(words, place.kind == "code"),) if words else (), place.header)


def _words(line: Line) -> str:
    """What a reader sees of a line; nothing if it was dropped."""
    return shown(line.text) if line.kept else ""
