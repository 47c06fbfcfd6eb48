"""What an element's attributes say: whether it is hidden, what it is called, where its link leads."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dechaff.lines.drawn import SAME_COLOUR, Colour, Drawn, drawn

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
    return bool(concealed(name, value, attributes).why)


#: Names of elements that a script moves into sight.
_ANIMATED = re.compile(r"anim|fade|reveal|aos|wow|motion|slide|carousel|swiper|lazy|transition|loading", re.IGNORECASE)

_SEEN = Drawn()
_HIDDEN, _ARIA = Drawn("hidden"), Drawn("aria-hidden")


def concealed(
    name: str,
    value: str | None,
    attributes: Mapping[str, str | None],
    background: Colour | None = None,
    collapsed: bool = True,
) -> Drawn:
    """What an attribute in `HIDING` does to the text of its element, which has these attributes.

    `background` is the colour behind the element, where the page says it; `collapsed` says that what a reader can open
    is seen.

    >>> concealed("style", "opacity: 0", {}).why, concealed("style", "opacity: 0", {"class": "fade-in"}).why
    ('opacity: 0', '')
    >>> white = (1.0, 1.0, 1.0)
    >>> concealed("style", "color: #fff", {}, white).why
    'colour of the background'
    """
    if name == "style":
        if not value:
            return _SEEN
        found = drawn(value)
        if found.why == "opacity: 0" and (found.fades or is_animated(attributes)):
            return _SEEN
        if found.colour is not None and found.colour == background and found.background is None:
            found = Drawn(SAME_COLOUR, certain=False)
    elif name == "aria-hidden":
        found = _ARIA if value == "true" else _SEEN
    else:
        found = _SEEN if _STREAMED_ID.match(attributes.get("id") or "") else _HIDDEN
    if found.why and collapsed and is_opened(attributes):
        return _SEEN
    return found


def is_animated(attributes: Mapping[str, str | None]) -> bool:
    """Whether a script is likely to move an element with these attributes into sight."""
    return any(name.startswith("data-") for name in attributes) or bool(
        _ANIMATED.search(attributes.get("class") or "") or _ANIMATED.search(attributes.get("id") or "")
    )


def is_opened(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element with these attributes is a part that a reader opens."""
    return any(_OPENED.search(attributes.get(own) or "") for own in _OPENED_IN)


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


def stays_here(href: str | None) -> bool:
    """Whether a link leads nowhere, or to a place in the same page, as anchors do.

    >>> stays_here(None), stays_here("#return-value"), stays_here("/shop#top")
    (True, True, False)
    """
    return not href or href.startswith("#")
