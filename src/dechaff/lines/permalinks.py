"""Marks in headings that are no words of them: links to the heading itself (`¶`, `#`) and links to edit its section."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dechaff.lines.elements import HEADINGS

#: Classes and labels of such marks, as generators of documentation and wikis write them. Linear: literals.
_PERMALINK = re.compile(
    r"(?<![a-z])(?:permalink|head(?:er|ing)-?(?:link|anchor)|anchor|hash-?link|link to)", re.IGNORECASE
)
_EDIT = re.compile(r"(?<![\w-])mw-editsection(?![\w-])")

#: Symbols that lead to a heading, also where no class says so. A `*` or `†` would lead to a note.
_SYMBOLS = frozenset("¶#§🔗⚓❡⁋∞")

#: What may follow a symbol: how it is to be drawn.
_DRAWN_AS = "\ufe0e\ufe0f"

#: Elements around such a symbol, itself and the text.
MAX_AROUND = 3


def is_heading(tag: str, classes: str) -> bool:
    """Whether a block is a heading, or what a wiki puts around one and its links.

    >>> is_heading("h2", ""), is_heading("div", "mw-heading mw-heading2"), is_heading("div", "")
    (True, True, False)
    """
    return tag in HEADINGS or "mw-heading" in classes


def is_edit_mark(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element in a heading holds the links by which a wiki's section is edited.

    >>> is_edit_mark({"class": "mw-editsection"}), is_edit_mark({"class": "mw-editsection-like"})
    (True, False)
    """
    return bool(_EDIT.search(attributes.get("class") or ""))


def is_permalink(attributes: Mapping[str, str | None], text: str, alone: bool) -> bool:
    """Whether a link in a heading, with this text in it, leads to the heading; `alone`: nothing else is beside it.

    >>> is_permalink({"href": "#usage"}, "¶", False), is_permalink({"href": "#note"}, "*", False)
    (True, False)
    >>> is_permalink({"href": "/page#usage", "class": "headerlink"}, "#", False)
    True
    >>> is_permalink({"href": "#numbers"}, "#", True)
    False
    """
    if text.strip().rstrip(_DRAWN_AS) not in _SYMBOLS:
        return False
    if any(_PERMALINK.search(attributes.get(name) or "") for name in ("class", "aria-label")):
        return True
    return (attributes.get("href") or "").startswith("#") and not alone
