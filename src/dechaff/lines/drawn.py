"""How an element is drawn by its style: whether a reader can see text in it, and in which colours.

Declarations are read by a CSS parser, tinycss2, which is imported when the first doubtful style comes.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache, lru_cache
from typing import NamedTuple

from dechaff.lines.style import (
    Colour,
    Values,
    background_of,
    colour_of,
    declarations,
    is_transparent,
    length,
    number,
    size_of_font,
    word,
)

#: The style that most hidden elements have: worth no parser. Linear: bounded runs.
_DISPLAY_NONE = re.compile(r"\s{0,9}display\s{0,4}:\s{0,4}none\s{0,4}(?:!important\s{0,4})?;?\s{0,9}", re.IGNORECASE)

#: A size that is nothing, as it begins: 0, 0.05, 1px, .9px or 5e-1px, and neither 0.8em nor 14px. Linear: bounded runs.
NEAR_ZERO = r"\+?(?:0(?!\.?[1-9])|\.0|1(?:px|%)|0?\.\d{1,9}(?:p[xt]|mm|%)|[\d.]{1,9}e-)"

#: Characters of a style that are read at its begin, and at its end: the last of its declarations count.
_MAX_STYLE_CHARS = 4_000

#: Lengths up to these many pixels are nothing, from these on far outside the window …
_NOTHING = 1.0
_FAR = 500.0
#: … and from these on where a script may have moved the element: a row of slides is as wide as some windows.
_FAR_MOVED = 5_000.0

#: Opacity up to this is none.
_FAINT = 0.01

#: An element with one of these properties moves: what it does not show now, it shows soon.
_CHANGES = frozenset({"transition", "transition-duration", "animation", "animation-name", "will-change"})
_MOVES = _CHANGES | {"transform", "filter"}
#: Values of these properties that move nothing.
STILL = frozenset({"none", "auto", "initial", "unset"})

#: With these, the colour of text is not all that makes it visible.
_CLIPPED = frozenset({"background-clip", "-webkit-background-clip", "-webkit-text-fill-color", "text-shadow"})

#: Why a reader does not see text that has the colour of its background, or of the background of an element around it.
SAME_COLOUR = "colour of the background"
COLOUR_BEHIND = "colour of the background behind it"

#: How text is hidden that no script shows later: pages hide so what machines shall read and nobody else. What has no
#: size may unfold, and shops describe their goods so to those who listen to a page.
FOR_GOOD = frozenset({"off screen", "font size 0", "transparent", SAME_COLOUR, COLOUR_BEHIND})


class Drawn(NamedTuple):
    """`why` a reader does not see text in the element, or nothing; the colours of its text and of its background.

    `certain` says that nothing further in can make text visible again; `fades` that a script may show it soon; `soft`
    that pages use the same for parts that they show later. The background is `UNKNOWN` where it is no plain colour.
    """

    why: str = ""
    certain: bool = True
    fades: bool = False
    soft: bool = False
    colour: Colour | None = None
    background: Colour | None = None


_SEEN = Drawn()


@cache  # made for the first style that is not the usual one
def _doubtful() -> re.Pattern[str]:
    """What a style must hold to be worth parsing: a property that can hide text with a value near zero or far away, a
    colour, or what can be written between or instead of the letters of these. For styles without white space. Linear:
    literals and bounded runs."""
    return re.compile(
        r"display:none|visibility:[hc]|opacity:(?:-|\+?[0.]|[\d.]{1,9}e-)|font:"
        rf"|(?:font-size|width|height):{NEAR_ZERO}"
        r"|-\d{3}|-\d{2,3}r?em|left:\d{4}|clip|background|color|scale|\\|/\*",
        re.IGNORECASE,
    )


@lru_cache(maxsize=4096)
def drawn(style: str) -> Drawn:
    """How the value of a `style` attribute, or what stands in the braces of a rule, draws an element.

    >>> drawn("color: red; display: none").why, drawn("position: absolute; left: -9999px").why, drawn("left: -2px").why
    ('display: none', 'off screen', '')
    >>> drawn("display: none; display: block").why
    ''
    """
    if _DISPLAY_NONE.fullmatch(style):
        return Drawn("display: none")
    if len(style) > 2 * _MAX_STYLE_CHARS:  # what is cut spoils the declaration that it stands in, not the others
        style = style[:_MAX_STYLE_CHARS] + style[-_MAX_STYLE_CHARS:]
    if not _doubtful().search("".join(style.split())):
        return _SEEN
    return of_declarations(declarations(style))


@lru_cache(maxsize=256)
def is_displayed(style: str) -> bool:
    """Whether a style gives an element a box, which counts more than what browsers do to its attributes.

    >>> is_displayed("display: block"), is_displayed("display: revert"), is_displayed("color: red")
    (True, False, False)
    """
    if "display" not in style.lower() or len(style) > _MAX_STYLE_CHARS:
        return False
    return word(declarations(style), "display") not in ("", "none", "revert", "revert-layer")


def of_declarations(values: Values) -> Drawn:
    """How these properties draw an element."""
    if word(values, "display") == "none":
        return Drawn("display: none")
    if word(values, "content-visibility") == "hidden":
        return Drawn("visibility: hidden")
    if word(values, "visibility") in ("hidden", "collapse"):
        return Drawn("visibility: hidden", certain=False, fades=_has_any(values, _MOVES))
    opacity = number(values.get("opacity"))
    if opacity is not None and opacity <= _FAINT:
        # Scripts that show an element in a while may begin with one that is not moved.
        return Drawn("opacity: 0", fades="transform" in values or _has_any(values, _MOVES), soft=True)
    if _is_off_screen(values):
        return Drawn("off screen")
    if _is_clipped(values) or _has_no_room(values):
        return Drawn("no size", fades=_has_any(values, _CHANGES), soft=True)
    colour, background = colour_of(values.get("color")), background_of(values)
    size = size_of_font(values)
    if size is not None and 0 <= size <= _NOTHING:
        return Drawn("font size 0", certain=False, background=background)
    if not _CLIPPED.isdisjoint(values):
        return Drawn(background=background)
    if is_transparent(values.get("color")):
        return Drawn("transparent", certain=False, background=background)
    if colour is not None and colour == background:
        return Drawn(SAME_COLOUR, certain=False, background=background)
    return Drawn(colour=colour, background=background)


def _has_any(values: Values, names: Set[str]) -> bool:
    """Whether one of these properties is set to anything but rest."""
    return any(name in values and word(values, name) not in STILL for name in names)


def _is_off_screen(values: Values) -> bool:
    placed = word(values, "position") in ("absolute", "fixed", "relative", "sticky")
    if placed:
        if any(_is_far(length(values.get(side))) for side in ("right", "bottom")):
            return True
        left = length(values.get("left"))
        if left is not None and left >= _FAR_MOVED:
            return True
    for side in ("left", "top"):
        # What stands at half of the width is moved back by half of its own: it is centred. What has a width is a row.
        centred = any(token.type == "percentage" for token in values.get(side, ()))
        far = _FAR_MOVED if centred or "width" in values else _FAR
        # Bands as wide as the window, and places that a link leads to, are moved out, and their text back in.
        margin, padding = length(values.get(f"margin-{side}")) or 0, length(values.get(f"padding-{side}")) or 0
        if _is_far(margin + padding, far):
            return True
        if placed and _is_far((length(values.get(side)) or 0) + max(margin, 0) + padding):
            return True
    if _is_far((length(values.get("text-indent")) or 0) + (length(values.get("padding-left")) or 0)):
        return True
    for token in values.get("transform", ()):
        if token.type == "function" and token.lower_name.startswith("translate"):
            return any(_is_far(length([argument]), _FAR_MOVED) for argument in token.arguments)
    return _is_far(length(values.get("translate")), _FAR_MOVED)


def _is_far(at: float | None, far: float = _FAR) -> bool:
    return at is not None and at <= -far


def _is_clipped(values: Values) -> bool:
    """Whether nothing is left of an element by `clip` or `clip-path`, or it is scaled to nothing."""
    if number(values.get("scale")) == 0:
        return True
    for name in ("clip", "clip-path", "transform"):
        for token in values.get(name, ()):
            if token.type != "function":
                continue
            numbers = [part.value for part in token.arguments if part.type in ("number", "dimension", "percentage")]
            function = token.lower_name
            if name == "clip" and function == "rect" and len(numbers) == 4:
                top, right, bottom, left = numbers
                return bool(bottom - top <= _NOTHING or right - left <= _NOTHING)
            if function == "inset" and numbers and numbers[0] >= 50 and token.arguments[0].type == "percentage":
                return True
            if function == "circle" and numbers and numbers[0] == 0:
                return True
            if function in ("scale", "scalex", "scaley") and numbers and not any(numbers):
                return True
    return False


def _has_no_room(values: Values) -> bool:
    """Whether an element shows nothing of what does not fit, and nothing fits."""
    if not {word(values, "overflow"), word(values, "overflow-x"), word(values, "overflow-y")} & {"hidden", "clip"}:
        return False
    if "flex" in values or "flex-grow" in values:
        return False  # it takes what room is left
    sides = (
        ("width", ("min-width", "padding-left", "padding-right")),
        ("height", ("min-height", "padding-top", "padding-bottom")),
    )
    for side, others in sides:
        if any(_is_room(values, other) for other in (*others, "padding")):
            continue
        if _is_nothing(values, side):
            return True
        # A cell of a table with `max-width: 0` is as wide as its `width`, and shortens what does not fit.
        if _is_nothing(values, f"max-{side}") and "text-overflow" not in values:
            return True
    return False


def _is_nothing(values: Values, name: str) -> bool:
    tokens = values.get(name)
    if not tokens or (tokens[0].type == "number" and tokens[0].value != 0):
        return False  # a number is no length
    pixels = length(tokens)
    return pixels is not None and 0 <= pixels <= _NOTHING


def _is_room(values: Values, name: str) -> bool:
    """Whether a property makes an element larger than nothing."""
    return any(token.type in ("dimension", "percentage") and token.value > _NOTHING for token in values.get(name, ()))
