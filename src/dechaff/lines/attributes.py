"""What an element's attributes say: whether it is hidden, what it is called, where its link leads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TypeVar

from dechaff.lines.drawn import COLOUR_BEHIND, Drawn, drawn, is_displayed
from dechaff.lines.opened import Opened
from dechaff.lines.style import UNKNOWN, Colour

#: Attributes whose words say what an element is for.
NAMING = frozenset({"class", "id", "role", "itemprop", "data-testid", "aria-label", "rel"})

#: Attributes that can hide their element from a reader; of several, the first says why.
HIDING = ("style", "hidden", "aria-hidden", "popover")

#: Attributes that give an element a background.
BACKGROUND = frozenset({"bgcolor", "background"})

#: Characters of one element's names that are read: generated names run to kilobytes.
MAX_NAME_CHARS = 200

#: Characters of a link's address that are read: where it leads shows at its begin.
_MAX_TARGET_CHARS = 60

#: Parts of a page that React sends after the page itself: hidden until its script has put them in their place.
_STREAMED_ID = re.compile(r"S:[0-9a-f]{1,8}\Z")

#: How parts are hidden that a reader opens. Nobody opens text that is transparent or far outside the window.
_OPENED_WHYS = frozenset({"display: none", "visibility: hidden", "hidden", "aria-hidden", "no size", "opacity: 0"})

#: How elements are hidden until a script moves them into sight.
_ANIMATED_WHYS = frozenset({"visibility: hidden", "no size", "opacity: 0"})

#: Attributes of the scripts that move such elements.
_ANIMATED_BY = tuple(
    f"data-{name}"
    for name in "anim aos appear effect entrance fade framer gsap lazy motion parallax reveal sal scroll sr transition"
    " w-id wow".split()
)

#: Inline elements, in which `aria-hidden` hides nothing from who sees the page.
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong sub sup time"
    " tt u var".split()
)

ElementT = TypeVar("ElementT")

_SEEN = Drawn()
_HIDDEN, _ARIA, _POPOVER = Drawn("hidden"), Drawn("aria-hidden"), Drawn("closed popover")


@cache  # as the next ones made when first needed: not all pages hide anything so
def _animated() -> re.Pattern[str]:
    """Names of elements that scripts move. Linear: literals."""
    return re.compile(
        r"anim|fade|reveal|aos|wow|motion|slide|slick|carousel|swiper|lazy|transition|loading", re.IGNORECASE
    )


@cache
def _icon() -> re.Pattern[str]:
    """Names of icons, whose text is the name of a picture. Linear."""
    return re.compile(r"icon|symbol|glyph|material|emoji|(?<![a-z])fa(?![a-z])|anchor|permalink", re.IGNORECASE)


@cache
def _copy() -> re.Pattern[str]:
    """Names of copies of a text for who does not see it. Linear."""
    return re.compile(r"(?<![a-z])sr(?![a-z])|screen-?reader|visually-?hidden|off-?screen|assistive", re.IGNORECASE)


def concealed(
    name: str,
    value: str | None,
    tag: str,
    attributes: Mapping[str, str | None],
    background: Colour | None = None,
    opened: Opened | None = None,
) -> Drawn:
    """What an attribute in `HIDING` does to the text of its element, which has this tag and these attributes.

    `background` is the colour behind the element, where the page says it; `opened` is what a reader can open, which
    is seen.

    >>> concealed("style", "opacity: 0", "p", {}).why, concealed("style", "opacity: 0", "p", {"class": "fade-in"}).why
    ('opacity: 0', '')
    >>> white = (1.0, 1.0, 1.0)
    >>> concealed("style", "color: #fff", "p", {}, white).why
    'colour of the background behind it'
    >>> concealed("hidden", "", "div", {"class": "accordion-content"}, opened=Opened()).why
    ''
    """
    if name == "style":
        if not value:
            return _SEEN
        found = drawn(value)
        if found.why in _ANIMATED_WHYS and (found.fades or is_animated(attributes)):
            return _SEEN
        if found.colour is not None and found.colour == background and found.background is None:
            if not BACKGROUND.isdisjoint(attributes):
                return _SEEN
            found = Drawn(COLOUR_BEHIND, certain=False)
    elif name == "aria-hidden":
        found = _ARIA if value == "true" else _SEEN
    elif name == "popover":
        return _SEEN if is_displayed(attributes.get("style") or "") else _POPOVER
    elif _STREAMED_ID.match(attributes.get("id") or ""):
        found = _SEEN
    elif (value or "").lower() == "until-found":  # hides what is in the element, and leaves its box
        found = _SEEN if opened is not None else _HIDDEN
    else:
        found = _SEEN if is_displayed(attributes.get("style") or "") else _HIDDEN
    if opened is not None and found.why in _OPENED_WHYS and opened.has(tag, attributes):
        return _SEEN
    return found


def shown_as(
    tag: str,
    attributes: Mapping[str, str | None],
    background: Colour | None,
    opened: Opened | None,
    soft: bool,
    element: ElementT,
    is_in_line: Callable[[ElementT], bool],
) -> Drawn:
    """What an element's attributes do to its text, of which only the first that hides it counts.

    `soft`: so do those by which pages hide what they show later. `is_in_line` says of an element with `aria-hidden`
    whether it is text of its line; the rest is as in `concealed`.
    """
    own = UNKNOWN if "bgcolor" in attributes or "background" in attributes else None
    for name in HIDING:
        if name in attributes:
            found = concealed(name, attributes[name], tag, attributes, background, opened)
            if found.why and (soft or not found.soft) and not (name == "aria-hidden" and is_in_line(element)):
                return found
            own = found.background or own
    return _SEEN if own is None else Drawn(background=own)


def is_animated(attributes: Mapping[str, str | None]) -> bool:
    """Whether a script is likely to move an element with these attributes into sight."""
    return any(name.startswith(_ANIMATED_BY) for name in attributes) or bool(
        _animated().search(attributes.get("class") or "") or _animated().search(attributes.get("id") or "")
    )


def is_ruled_out(found: Drawn, tag: str, attributes: Mapping[str, str | None], opened: Opened | None) -> bool:
    """Whether a reader sees an element, or can open it, though a rule of a style sheet would draw it so."""
    if opened is not None and found.why in _OPENED_WHYS and opened.has(tag, attributes):
        return True
    return found.why in _ANIMATED_WHYS and (found.fades or is_animated(attributes))


def may_be_in_line(tag: str, classes: str, around: Mapping[str, str | None]) -> bool:
    """Whether an element with `aria-hidden` may be text of a line; `around` are the attributes of its parent.

    Icons are not. A parent with a label of its own has it for readers who listen: its text is for those who see.
    """
    return (tag in _INLINE or "aria-label" in around) and tag != "i" and not _icon().search(classes)


def is_for_eyes(text: str, beside: Iterable[tuple[str, str]]) -> bool:
    """Whether an element with `aria-hidden` in a line is text of it; `beside` are classes and texts of its neighbours.

    What stands there twice is not, once for readers who see the page and once for those who listen.

    >>> is_for_eyes("5 million", []), is_for_eyes("5", [("sr-only", "five")]), is_for_eyes("*", [])
    (True, False, False)
    """
    if any(_copy().search(classes) and 2 * len(copy) >= len(text) for classes, copy in beside):
        return False
    return any(map(str.isalnum, text))


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element with these attributes shows a reader nothing of what is in it, be it text or a picture.

    >>> is_hidden({"class": "x", "hidden": ""}), is_hidden({"id": "S:1", "hidden": ""})
    (True, False)
    >>> is_hidden({"aria-hidden": "true"})
    False
    """
    for name in HIDING:
        if name in attributes and name != "aria-hidden":
            found = concealed(name, attributes[name], "", attributes, opened=Opened())
            if found.why and (found.certain or found.why == "visibility: hidden"):
                return True
    return False


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
