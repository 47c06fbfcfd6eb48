"""How an element is drawn by its style: whether a reader can see text in it, and in which colours.

Declarations are read by a CSS parser, tinycss2, which is imported when the first doubtful style comes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

#: Style declarations that hide an element. Linear: no nested repetition.
_DISPLAY_NONE = re.compile(r"display\s{0,4}:\s{0,4}none", re.IGNORECASE)
_VISIBILITY = re.compile(r"visibility\s{0,4}:\s{0,4}hidden", re.IGNORECASE)

#: What a style must hold to be worth parsing: a property that can hide text with a value near zero or far away, or a
#: colour. Linear: literals and bounded runs.
_DOUBTFUL = re.compile(
    r"opacity\s{0,4}:\s{0,4}0?\.?0|font(?:-size)?\s{0,4}:\s{0,4}[01.]|-\d{3}|-\d{2,3}r?em|clip|background|color"
    r"|(?:width|height)\s{0,4}:\s{0,4}[01.]|transform\s{0,4}:\s{0,4}scale",
    re.IGNORECASE,
)

#: Lengths up to these many pixels are nothing, from these on far outside the window.
_NOTHING = 1.0
_FAR = 500.0

#: Pixels of one unit; percentages are left out, for most that are far away belong to what slides in.
_PIXELS = {"": 1.0, "px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 10.0, "vh": 8.0}

#: An element with one of these properties moves: what it does not show now, it shows soon.
_MOVES = frozenset({"transform", "transition", "animation", "animation-name", "will-change", "filter"})

#: With these, the colour of text is not all that makes it visible.
_CLIPPED = frozenset({"background-clip", "-webkit-background-clip", "-webkit-text-fill-color", "text-shadow"})

#: Why a reader does not see text that has the colour of what is behind it.
SAME_COLOUR = "colour of the background"

Colour = tuple[float, float, float]


class Drawn(NamedTuple):
    """`why` a reader does not see text in the element, or nothing; the colours of its text and of its background.

    `certain` says that nothing further in can make text visible again; `fades` that a script may show it soon; `soft`
    that pages use the same for parts that they show later.
    """

    why: str = ""
    certain: bool = True
    fades: bool = False
    soft: bool = False
    colour: Colour | None = None
    background: Colour | None = None


_SEEN = Drawn()


@lru_cache(maxsize=4096)
def drawn(style: str) -> Drawn:
    """How the value of a `style` attribute, or what stands in the braces of a rule, draws an element.

    >>> drawn("color: red; display: none").why, drawn("position: absolute; left: -9999px").why, drawn("left: -2px").why
    ('display: none', 'off screen', '')
    """
    if _DISPLAY_NONE.search(style):
        return Drawn("display: none")
    if _VISIBILITY.search(style):
        return Drawn("visibility: hidden")
    if not _DOUBTFUL.search(style):
        return _SEEN
    return of_declarations(_declarations(style))


def _declarations(style: str) -> dict[str, Sequence[Any]]:
    """The values of a style's properties, as tokens without white space."""
    import tinycss2

    found: dict[str, Sequence[Any]] = {}
    for node in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
        if node.type == "declaration":
            found[node.lower_name] = [token for token in node.value if token.type not in ("whitespace", "comment")]
    return found


def of_declarations(values: dict[str, Sequence[Any]]) -> Drawn:
    """How these properties draw an element."""
    fades = not _MOVES.isdisjoint(values)
    colour, background = _colour(values.get("color")), _background(values)
    if _word(values, "display") == "none":
        return Drawn("display: none")
    if _word(values, "visibility") in ("hidden", "collapse"):
        return Drawn("visibility: hidden")
    opacity = _number(values.get("opacity"))
    if opacity is not None and opacity <= 0.01:
        return Drawn("opacity: 0", fades=fades, soft=True)
    if _is_off_screen(values):
        return Drawn("off screen")
    if _is_clipped(values) or _has_no_room(values):
        return Drawn("no size", soft=True)
    size = _length(values.get("font-size"))
    if size is not None and 0 <= size <= _NOTHING:
        return Drawn("font size 0", certain=False, background=background)
    if not _CLIPPED.isdisjoint(values):
        return Drawn(fades=fades, background=background)
    if _is_transparent(values.get("color")):
        return Drawn("transparent", certain=False, background=background)
    if colour is not None and colour == background:
        return Drawn(SAME_COLOUR, certain=False, background=background)
    return Drawn(fades=fades, colour=colour, background=background)


def _is_off_screen(values: dict[str, Sequence[Any]]) -> bool:
    if _word(values, "position") in ("absolute", "fixed"):
        sides = (values.get(side) for side in ("left", "top", "right", "bottom", "margin-left", "margin-top"))
        if any(_is_far(_length(side)) for side in sides):
            return True
    elif _is_far(_length(values.get("margin-left"))) or _is_far(_length(values.get("margin-top"))):
        return True
    if _is_far(_length(values.get("text-indent"))):
        return True
    for token in values.get("transform", ()):
        if token.type == "function" and token.lower_name.startswith("translate"):
            return any(_is_far(_length([argument])) for argument in token.arguments)
    return False


def _is_far(length: float | None) -> bool:
    return length is not None and length <= -_FAR


def _is_clipped(values: dict[str, Sequence[Any]]) -> bool:
    """Whether nothing is left of an element by `clip` or `clip-path`, or it is scaled to nothing."""
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
            if function == "scale" and numbers and not any(numbers):
                return True
    return False


def _has_no_room(values: dict[str, Sequence[Any]]) -> bool:
    """Whether an element shows nothing of what does not fit, and nothing fits."""
    if not {_word(values, "overflow"), _word(values, "overflow-x"), _word(values, "overflow-y")} & {"hidden", "clip"}:
        return False
    lengths = (_length(values.get(name)) for name in ("width", "max-width", "height", "max-height"))
    wide, max_wide, high, max_high = (length is not None and 0 <= length <= _NOTHING for length in lengths)
    return wide or max_wide or high or max_high


def _word(values: dict[str, Sequence[Any]], name: str) -> str:
    tokens = values.get(name)
    return str(tokens[0].lower_value) if tokens and tokens[0].type == "ident" else ""


def _number(tokens: Sequence[Any] | None) -> float | None:
    if not tokens or tokens[0].type not in ("number", "percentage"):
        return None
    return float(tokens[0].value)


def _length(tokens: Sequence[Any] | None) -> float | None:
    """A length in pixels."""
    if not tokens or tokens[0].type not in ("number", "dimension"):
        return None
    pixels = _PIXELS.get(tokens[0].lower_unit if tokens[0].type == "dimension" else "")
    return None if pixels is None else float(tokens[0].value) * pixels


def _background(values: dict[str, Sequence[Any]]) -> Colour | None:
    plain = values.get("background-color")
    if plain is not None:
        return _colour(plain)
    tokens = values.get("background", ())
    if any(token.type in ("url", "function") and not _colour([token]) for token in tokens):
        return None  # a picture or a gradient
    return next((colour for colour in (_colour([token]) for token in tokens) if colour is not None), None)


def _colour(tokens: Sequence[Any] | None) -> Colour | None:
    """A colour that covers what is behind it."""
    if not tokens:
        return None
    from tinycss2.color3 import parse_color

    colour = parse_color(tokens[0])
    if colour is None or colour == "currentColor" or colour.alpha < 0.5:
        return None
    return round(colour.red, 2), round(colour.green, 2), round(colour.blue, 2)


def _is_transparent(tokens: Sequence[Any] | None) -> bool:
    if not tokens:
        return False
    from tinycss2.color3 import parse_color

    colour = parse_color(tokens[0])
    return colour is not None and colour != "currentColor" and colour.alpha == 0
