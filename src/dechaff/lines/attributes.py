"""What an element's attributes say: whether it is hidden, what it is called, where its link leads."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Style declarations that hide an element. Linear: no nested repetition.
_HIDING_STYLE = re.compile(r"(?:display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden)", re.IGNORECASE)

#: Names of parts that a reader opens with a click: their text is the page's, though it is not shown at first. Linear.
_OPENED = re.compile(r"accordion|collaps|expand|faq|panel|toggle|tab(?!le|oo|let)", re.IGNORECASE)

_OPENED_IN = ("class", "id", "role")

#: Attributes whose words say what an element is for.
NAMING = frozenset({"class", "id", "role", "itemprop", "data-testid", "aria-label", "rel"})

#: Attributes that can hide their element from a reader.
HIDING = frozenset({"style", "hidden", "aria-hidden"})

#: Characters of one element's names that are read: generated names run to kilobytes.
MAX_NAME_CHARS = 200

#: Characters of a link's address that are read: where it leads shows at its begin.
_MAX_TARGET_CHARS = 60

#: Parts of a page that React sends after the page itself: hidden until its script has put them in their place.
_STREAMED_ID = re.compile(r"S:[0-9a-f]{1,8}\Z")


def hides(name: str, value: str | None, attributes: Mapping[str, str | None]) -> bool:
    """Whether an attribute in `HIDING` hides its element, which has these attributes, from a reader.

    What a reader can open is not hidden: a part of an accordion, a tab's panel.

    >>> hides("style", "color: red; display: none", {}), hides("aria-hidden", "false", {})
    (True, False)
    >>> hides("hidden", "", {"hidden": "", "class": "accordion-content"})
    False
    """
    if name == "style":
        hiding = value is not None and _HIDING_STYLE.search(value) is not None
    elif name == "aria-hidden":
        hiding = value == "true"
    else:
        hiding = not _STREAMED_ID.match(attributes.get("id") or "")
    return hiding and not any(_OPENED.search(attributes.get(own) or "") for own in _OPENED_IN)


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element with these attributes is hidden from a reader.

    >>> is_hidden({"class": "x", "hidden": ""}), is_hidden({"id": "S:1", "hidden": ""})
    (True, False)
    """
    return any(name in HIDING and hides(name, value, attributes) for name, value in attributes.items())


def target(href: str) -> str:
    """What a link's address says: `external` and the host where it has one, and the begin of its path.

    >>> target("https://a.example/shop"), target("/shop")
    ('external a.example/shop', '/shop')
    """
    _, external, rest = href.partition("//")
    return f"external {rest[:_MAX_TARGET_CHARS]}" if external else href[:_MAX_TARGET_CHARS]
