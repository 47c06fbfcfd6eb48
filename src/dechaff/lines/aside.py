"""What lexbor's tree says beside the text of a page: comments, descriptions, style sheets, and whose page it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from dechaff.lines.elements import INERT
from dechaff.lines.unshown import MIN_CHARS, MIN_ORDER_CHARS, Unshown, prose, words_of

# Tags by lexbor's numbers, for most nodes are passed by: a set of small numbers is the fastest question to ask.
_create = LexborHTMLParser("<p>").create_node
SCRIPT_ID, _STYLE_ID, _TITLE_ID, _TEMPLATE_ID, _IMG_ID, _META_ID, _LINK_ID = (
    _create(tag).tag_id for tag in ("script", "style", "title", "template", "img", "meta", "link")
)
_COMMENT_ID = 4  # LXB_TAG__EM_COMMENT

#: Elements whose titles are not the page's.
_PICTURES = frozenset({"svg"})

#: Nodes that no text is read from, but that may say something.
SCRIPT_IDS = frozenset({SCRIPT_ID, _STYLE_ID})
ASIDE_IDS = SCRIPT_IDS | {_TITLE_ID, _TEMPLATE_ID, _IMG_ID, _META_ID, _LINK_ID, _COMMENT_ID}


class Aside:
    """Gathered in one walk over a tree.

    `prose` are comments and templates that hold some, `attributes` texts that may be stuffed: each with the number of
    lines before it and its node. `site`, `canonical` and `address` are what the
    page calls itself in its head.
    """

    def __init__(self) -> None:
        self.prose: list[tuple[int, Any, Unshown]] = []
        self.attributes: list[tuple[int, Any, Unshown]] = []
        self._sheets: list[Any] = []
        self._title: Any = None
        self.site: str | None = None
        self.canonical: str | None = None
        self.address: str | None = None

    def note(self, node: Any, tag_id: int, before: int) -> None:
        """Reads a node of `ASIDE_IDS` that `before` lines come before."""
        if tag_id == _COMMENT_ID:
            text = node.comment_content
            if len(text) >= MIN_CHARS and (text := prose(text)):
                self.prose.append((before, node, Unshown("comment", text)))
        elif tag_id == _IMG_ID:
            attributes = node.attributes
            for name in ("alt", "title"):
                text = attributes.get(name)
                if text and len(text) >= MIN_ORDER_CHARS:
                    self.attributes.append((before, node, Unshown(name, text)))
        elif tag_id == _META_ID:
            attributes = node.attributes
            text = attributes.get("content")
            if text and len(text) >= MIN_ORDER_CHARS:
                self.attributes.append((before, node, Unshown("meta", text)))
            called = attributes.get("property")
            if called == "og:site_name" and self.site is None:
                self.site = text or ""
            elif called == "og:url" and self.address is None:
                self.address = text or ""
        elif tag_id == _LINK_ID:
            if self.canonical is None:
                attributes = node.attributes
                if (attributes.get("rel") or "").lower() == "canonical":
                    self.canonical = attributes.get("href") or ""
        elif tag_id == _STYLE_ID:
            if is_applied(node.attributes) and not _is_in(node, INERT):
                self._sheets.append(node)
        elif tag_id == _TITLE_ID:
            if self._title is None and not _is_in(node, _PICTURES):
                self._title = node
        elif tag_id == _TEMPLATE_ID and (text := prose(words_of(node.html or ""))):
            self.prose.append((before, node, Unshown("template", text)))

    def title(self) -> str:
        """What the page's `<title>` says."""
        return "" if self._title is None else " ".join(self._title.text().split())

    def url(self) -> str:
        """The address that the page gives as its own."""
        return self.canonical or self.address or ""

    def sheets(self) -> list[str]:
        """The style sheets of the page that hold on a screen."""
        texts = (sheet.first_child for sheet in self._sheets)
        return [text.text_content or "" for text in texts if text is not None]


def is_applied(attributes: Mapping[str, str | None]) -> bool:
    """Whether a `<style>` element with these attributes draws the page on a screen.

    >>> is_applied({}), is_applied({"media": "print"}), is_applied({"type": "text/less"})
    (True, False, False)
    """
    media, kind = (attributes.get("media") or "").strip().lower(), (attributes.get("type") or "").strip().lower()
    return media in ("", "all", "screen", "only screen") and kind in ("", "text/css")


def _is_in(node: Any, tags: Collection[str]) -> bool:
    """Whether a node stands in an element of one of these tags."""
    while (node := node.parent) is not None:
        if node.tag in tags:
            return True
    return False
