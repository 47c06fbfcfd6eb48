"""BeautifulSoup trees: a copy, and the same tree without what was dropped. bs4 is imported only when a tree comes.

Both functions run over the tree once or a few times, in document order and without recursion: bs4's own
`copy.copy` and `extract` take time that grows with the square of the depth and of the number of siblings
(bs4 4.15: 12 s for 20,000 nested elements).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from dechaff.lines.attributes import is_hidden
from dechaff.lines.elements import ANNOTATIONS, BLOCK, INERT, SILENT
from dechaff.lines.soup import OPAQUE
from dechaff.lines.soup_tags import attributes_of

if TYPE_CHECKING:
    import bs4
    from bs4.element import NavigableString, PageElement

    from dechaff.lines.soup import SoupLines

    TagT = TypeVar("TagT", bound=bs4.Tag)

#: Elements that are shown without text, and what only formulas have; what stands in them stays with them.
_MEDIA = frozenset("img picture svg video audio map".split()) | ANNOTATIONS

#: What the head says about the page: it stays. Elsewhere, these hold nothing to show.
_ABOUT = frozenset("title meta link base".split())

#: Elements whose content is no text of the page.
_REMOVED = SILENT - _MEDIA - _ABOUT - frozenset({"head", "param"})

#: Elements that stay, even empty, where what they stand in stays: they hold the frame or its place in a table.
_FRAME = frozenset("html head body br wbr hr col colgroup td th".split())

#: Elements that, with kept text inside, show that the element around them is read and not only a frame of a page.
_READ = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre figure figcaption".split())

#: Elements inside a line of text; from `math` on, those of formulas.
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub sup"
    " time tt u var math semantics mrow mstyle mpadded mi mn mo ms mtext msub msup msubsup munder mover munderover"
    " mfrac msqrt mroot mtable mtr mtd".split()
)


def copy_soup(soup: TagT) -> TagT:
    """A copy of a tree, unconnected to it, in time linear in its size.

    Its `descendants` come in the order of the original's, so `zip` pairs each with its copy.

    >>> import bs4
    >>> soup = bs4.BeautifulSoup("<p>One <b>two</b></p>", "html.parser")
    >>> copy_soup(soup) == soup, copy_soup(soup.p) is soup.p
    (True, False)
    """
    from bs4 import Tag

    copy = soup.__deepcopy__({}, recursive=False)
    copies: list[PageElement] = [copy]
    for node, above in _in_order(soup)[1:]:
        twin: PageElement = node.__deepcopy__({}, recursive=False)
        parent = copies[above]
        assert isinstance(parent, Tag)  # it has a child
        twin.setup(parent, previous_element=copies[-1])
        parent.contents.append(twin)
        copies.append(twin)
    return copy


def prune_soup(soup: TagT, dropped: Iterable[NavigableString], *, keep_hidden: bool = False) -> TagT:
    """Remove the text nodes `dropped`, and then every element that is left with nothing to show; returns `soup`.

    `soup` is changed: give a copy (`copy_soup`) and text nodes of that copy. What is removed must not be used
    afterwards. Scripts, styles, templates, form controls, comments and hidden elements go too; `keep_hidden` keeps
    hidden elements and `<noscript>`, for a page whose text is all there. Pictures and other media stay where the text
    around them is kept. A `<br>` takes the place of what goes where the texts on both sides would run together.

    >>> import bs4
    >>> soup = bs4.BeautifulSoup("<div><p>A <a href='x'>story</a></p><p><b>Buy!</b></p><!-- c --></div>", "html.parser")
    >>> prune_soup(soup, [soup.b.string])
    <div><p>A <a href="x">story</a></p></div>
    """
    tree = _Tree(soup, {id(node) for node in dropped}, keep_hidden)
    stays = tree.staying()
    tree.relink(stays, tree.breaks(stays))
    return soup


class _Tree:
    """A tree in document order: of node `i`, `parents[i]` is the number of its parent. Node 0 is the root."""

    def __init__(self, root: bs4.Tag, dropped: set[int], keep_hidden: bool) -> None:
        order = _in_order(root)
        self.nodes = [node for node, _ in order]
        self.parents = [above for _, above in order]
        self.dropped = dropped
        self.keep_hidden = keep_hidden

    def staying(self) -> list[bool]:
        """Which nodes stay."""
        from bs4 import Tag
        from bs4.element import Comment, Declaration, Doctype, NavigableString, ProcessingInstruction

        unseen = (Comment, Declaration, ProcessingInstruction)
        nodes, parents = self.nodes, self.parents
        names = [node.name.lower() if isinstance(node, Tag) else "" for node in nodes]
        count = len(nodes)
        gone = [False] * count  # removed whatever it holds
        media = [False] * count  # a medium, or inside one
        about = [False] * count  # what <head> says about the page; html.parser may put the page itself there, too
        had_text = [False] * count  # there was text in it
        text = [False] * count  # there is
        read = [False] * count  # text stands in it directly, or in a paragraph of it
        for i, node in enumerate(nodes):
            above = parents[i]
            media[i], about[i], gone[i] = media[above], about[above], gone[above]
            if gone[i] or not i:
                continue
            if isinstance(node, Tag):
                name = names[i]
                gone[i] = self._removed(node, name)
                media[i] = media[i] or name in _MEDIA
                about[i] = about[i] or (name in _ABOUT and names[above] == "head")
            elif isinstance(node, NavigableString):
                gone[i] = id(node) in self.dropped or isinstance(node, unseen)
                blank = not node or node.isspace() or isinstance(node, (*unseen, Doctype))
                had_text[i] = not (blank or media[i] or about[i])
                text[i] = read[i] = had_text[i] and not gone[i]
        for i in range(count - 1, 0, -1):
            above = parents[i]
            had_text[above] |= had_text[i]
            text[above] |= text[i]
            name = names[i]
            if name:
                read[above] |= (name in _READ and text[i]) or (name in _INLINE and read[i])
            else:
                read[above] |= read[i]

        spaces = self.spaces(gone, names)
        around = [False] * count  # the text around it is kept
        filled = [False] * count  # it holds what stays
        for i in range(count):
            around[i] = (text[i] and read[i]) if had_text[i] else around[parents[i]]
            filled[i] = not gone[i] and (text[i] or about[i] or ((media[i] or i in spaces) and around[i]))
        for i in range(count - 1, 0, -1):
            filled[parents[i]] |= filled[i]

        stays = [True] * count
        for i in range(1, count):
            if not stays[parents[i]] or gone[i]:
                stays[i] = False
            elif names[i]:
                stays[i] = filled[i] or names[i] in _FRAME
        return stays

    def spaces(self, gone: Sequence[bool], names: Sequence[str]) -> set[int]:
        """White space in inline elements that is all that parts two words of the same line."""
        from bs4.element import NavigableString

        found: set[int] = set()
        block = [0] * len(self.nodes)  # the element around it that is not inline
        line = 0  # the block of the last word
        parted = True  # white space that stays anyway has come since
        space = 0  # the first in an inline element since; 0: none
        for i, node in enumerate(self.nodes):
            above = self.parents[i]
            block[i] = block[above] if names[i] in _INLINE else i
            if gone[i] or not isinstance(node, NavigableString):
                continue
            if node.strip():
                if space and not parted and block[above] == line and not node[0].isspace():
                    found.add(space)
                line, parted, space = block[above], node[-1].isspace(), 0
            elif block[above] == line and names[above] in _INLINE:
                space = space or i
            elif block[above] == line:
                parted = True
        return found

    def breaks(self, stays: list[bool]) -> set[int]:
        """The elements whose removal would run two texts together: they go, and held a break between the texts."""
        from bs4 import Tag
        from bs4.element import NavigableString, PreformattedString

        found: set[int] = set()
        count = len(self.nodes)
        block = [0] * count  # the block around it that stays
        top = [0] * count  # of what goes: the outermost element that goes with it
        opaque = [False] * count
        line = -1  # the block of the last text; -1 if a break that stays has come since
        gap = 0  # what goes and held a break since the last text
        for i in range(1, count):
            node, above = self.nodes[i], self.parents[i]
            block[i], opaque[i] = block[above], opaque[above]
            top[i] = i if stays[above] else top[above]
            if isinstance(node, Tag):
                name = node.name.lower()
                if opaque[above] or (name not in BLOCK and name != "br"):
                    opaque[i] |= name in OPAQUE
                elif not stays[i]:
                    gap = gap or top[i]
                else:
                    line = -1
                    block[i] = i if name in BLOCK else block[i]
            elif (
                stays[i]
                and isinstance(node, NavigableString)
                and not isinstance(node, PreformattedString)
                and node.strip()
            ):
                if gap and line == block[i]:
                    found.add(gap)
                line, gap = block[i], 0
        return found

    def relink(self, stays: list[bool], breaks: set[int]) -> None:
        """Leave only the nodes that stay, each linked to its new neighbours; a `<br>` takes the place of `breaks`."""
        from bs4 import Tag

        root = self.nodes[0]
        after = _after(root)
        staying: list[PageElement] = []
        for i, (node, stay) in enumerate(zip(self.nodes, stays, strict=True)):
            if isinstance(node, Tag):
                node.contents = []
            if stay:
                staying.append(node)
                continue
            if i in breaks:
                staying.append(Tag(name="br", can_be_empty_element=True))
                staying[-1].parent = node.parent
            node.setup()
        last = root
        for node in staying[1:]:
            parent = node.parent
            assert parent is not None  # only the root has none
            node.setup(parent, previous_element=last)
            parent.contents.append(node)
            last = node
        last.next_element = after
        if after is not None:
            after.previous_element = last

    def _removed(self, tag: bs4.Tag, name: str) -> bool:
        if self.keep_hidden:
            return name in _REMOVED - INERT
        return name in _REMOVED or is_hidden(attributes_of(tag)) or _is_dot(tag)


def _is_dot(tag: bs4.Tag) -> bool:
    """Whether an element is a picture of one pixel, which counts its readers."""
    return tag.name == "img" and (tag.get("width") in ("0", "1") or tag.get("height") in ("0", "1"))


def _in_order(root: bs4.Tag) -> list[tuple[PageElement, int]]:
    """The nodes of a tree in document order, each with the number of its parent; the root is its own.

    It goes by `contents`: `descendants` goes wrong in trees that were changed by hand.
    """
    from bs4 import Tag

    order: list[tuple[PageElement, int]] = []
    waiting: list[tuple[PageElement, int]] = [(root, 0)]
    while waiting:
        node, above = waiting.pop()
        number = len(order)
        order.append((node, above))
        if isinstance(node, Tag):
            waiting.extend((child, number) for child in reversed(node.contents))
    return order


def _after(root: PageElement) -> PageElement | None:
    """What comes after a tree in document order, if it is part of a larger one."""
    node: PageElement | None = root
    while node is not None and node.next_sibling is None:
        node = node.parent
    return None if node is None else node.next_sibling


def pruned(soup: TagT, found: SoupLines, kept: Sequence[bool]) -> TagT:
    """A copy of a tree without the lines that are not kept; `found` are the lines of `soup`, which stays as it is."""
    from bs4.element import NavigableString

    dropped = {id(node) for nodes, stays in zip(found.nodes, kept, strict=True) if not stays for node in nodes}
    dropped.update(map(id, found.hidden))
    copy = copy_soup(soup)
    pairs = zip((node for node, _ in _in_order(soup)), (node for node, _ in _in_order(copy)), strict=True)
    gone = [twin for node, twin in pairs if id(node) in dropped and isinstance(twin, NavigableString)]
    return prune_soup(copy, gone, keep_hidden=found.hidden_too)
