"""What single elements of a BeautifulSoup tree say, as `lines.places` and `lines.aside` ask it of lexbor's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dechaff.lines.attributes import is_for_eyes, may_be_in_line
from dechaff.lines.owner import owner_of
from dechaff.lines.permalinks import MAX_AROUND, is_edit_mark, is_permalink
from dechaff.lines.sheets import Rules, is_shown_inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    import bs4
    from bs4.element import NavigableString, PageElement


def attributes_of(tag: bs4.Tag) -> dict[str, str]:
    """The attributes of an element; bs4 gives a list for those that hold several words, and None for some without.

    >>> import bs4
    >>> attributes_of(bs4.BeautifulSoup("<p class='a b' hidden>", "html.parser").p)
    {'class': 'a b', 'hidden': ''}
    """
    return {
        key: " ".join(map(str, value)) if isinstance(value, (list, tuple)) else "" if value is None else str(value)
        for key, value in tag.attrs.items()
    }


def tags_of(soup: bs4.Tag) -> Iterator[bs4.Tag]:
    """The elements of a tree in document order, without those in pictures, whose titles are not the page's."""
    from bs4 import Tag

    waiting: list[PageElement] = [soup]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            yield node
            if node.name not in ("svg", "template"):
                waiting.extend(reversed(node.contents))


def title_and_owner(soup: bs4.Tag) -> tuple[str, str]:
    """The title of a page, and names of the site or company whose page it is."""
    site = canonical = url = ""
    title: str | None = None
    for tag in tags_of(soup):
        name = tag.name.lower()
        if name == "title" and title is None:
            title = " ".join(tag.get_text().split())
        elif name in ("link", "meta"):
            attributes = attributes_of(tag)
            if name == "link" and attributes.get("rel") == "canonical":
                canonical = canonical or attributes.get("href", "")
            elif attributes.get("property") == "og:site_name":
                site = site or attributes.get("content", "")
            elif attributes.get("property") == "og:url":
                url = url or attributes.get("content", "")
    return title or "", owner_of(site, canonical or url, title or "")


def is_dressed(tag: bs4.Tag, why: str, rules: Rules | None) -> bool:
    """Whether something in an element that is hidden may be drawn otherwise than the element."""
    return any(is_shown_inside(attributes_of(inside), why, rules) for inside in tag.find_all(True) if inside.attrs)


def is_mark(tag: bs4.Tag, attributes: dict[str, str]) -> bool:
    """Whether an element in a heading is no part of what it says."""
    if is_edit_mark(attributes):
        return True
    return tag.name.lower() == "a" and is_permalink(attributes, _only_text(tag), _is_alone(tag))


def _only_text(tag: bs4.Tag) -> str:
    """The text of an element that holds nothing else, but for an element around it."""
    from bs4 import Tag
    from bs4.element import PreformattedString

    for _ in range(MAX_AROUND):
        if len(tag.contents) != 1:
            return ""
        (inside,) = tag.contents
        if not isinstance(inside, Tag):
            return "" if isinstance(inside, PreformattedString) else str(inside)
        tag = inside
    return ""


def _is_alone(tag: bs4.Tag) -> bool:
    return all(
        beside is None or (isinstance(beside, str) and beside.isspace())
        for beside in (tag.previous_sibling, tag.next_sibling)
    )


def texts_in(tag: bs4.Tag) -> Iterator[NavigableString]:
    """The strings in an element."""
    from bs4.element import NavigableString

    for inside in tags_of(tag):
        yield from (node for node in inside.contents if isinstance(node, NavigableString))


def is_in_line(tag: bs4.Tag) -> bool:
    """Whether an element with `aria-hidden` is text of its line all the same."""
    around = attributes_of(tag.parent) if tag.parent is not None else {}
    if not may_be_in_line(tag.name.lower(), attributes_of(tag).get("class", ""), around):
        return False
    from bs4 import Tag

    before, after = tag.previous_sibling, tag.next_sibling
    beside = [before, after, before and before.previous_sibling, after and after.next_sibling]
    copies = [(attributes_of(node).get("class", ""), node.get_text()) for node in beside if isinstance(node, Tag)]
    return is_for_eyes(tag.get_text(), copies)
