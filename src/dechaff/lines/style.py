"""The declarations of a style: values of properties, lengths in pixels, colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: The value of each property, as tokens of tinycss2 without white space.
Values = Mapping[str, Sequence[Any]]

Colour = tuple[float, float, float]

#: What is behind text where it is no plain colour: a picture, a gradient, a colour that lets others through. No colour
#: of text is the same.
UNKNOWN: Colour = (-1.0, -1.0, -1.0)

#: Pixels of one unit; percentages are left out, for most that are far away belong to what slides in.
_PIXELS = {
    "": 1.0, "px": 1.0, "pt": 1.33, "mm": 3.78, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 10.0, "vh": 8.0,
}  # fmt: skip

#: Pixels of a font whose size is 100 %.
_FONT_PIXELS = 16.0

#: Text is seen in a colour of more than this opacity; a background of at least that covers what is behind it.
_CLEAR, _COVERS = 0.02, 0.95

#: Backgrounds through which the one behind is seen as it is.
_NO_BACKGROUND = frozenset({"none", "transparent", "initial", "unset", "inherit"})


def declarations(style: str) -> Values:
    """The values of a style's properties; of several for one property, the last counts, and `!important` before it.

    >>> [token.value for token in declarations("margin: 0 0 0 -9px")["margin-left"]]
    [-9.0]
    """
    import tinycss2

    found: dict[str, Sequence[Any]] = {}
    important = set()
    for node in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
        if node.type == "declaration" and (node.important or node.lower_name not in important):
            found[node.lower_name] = [token for token in node.value if token.type not in ("whitespace", "comment")]
            if node.important:
                important.add(node.lower_name)
    for name, side in (("margin", "margin-{}"), ("padding", "padding-{}"), ("inset", "{}")):
        if tokens := found.get(name):
            top, left = tokens[0], tokens[3 if len(tokens) > 3 else min(1, len(tokens) - 1)]
            found.setdefault(side.format("top"), [top])
            found.setdefault(side.format("left"), [left])
    return found


def word(values: Values, name: str) -> str:
    """The keyword that a property is set to."""
    tokens = values.get(name)
    return str(tokens[0].lower_value) if tokens and tokens[0].type == "ident" else ""


def number(tokens: Sequence[Any] | None) -> float | None:
    """A number or percentage."""
    if not tokens or tokens[0].type not in ("number", "percentage"):
        return None
    return float(tokens[0].value)


def length(tokens: Sequence[Any] | None) -> float | None:
    """A length in pixels."""
    if not tokens or tokens[0].type not in ("number", "dimension"):
        return None
    pixels = _PIXELS.get(tokens[0].lower_unit if tokens[0].type == "dimension" else "")
    return None if pixels is None else float(tokens[0].value) * pixels


def size_of_font(values: Values) -> float | None:
    """The size of the font in pixels, where a style gives it."""
    tokens = values.get("font-size")
    if tokens is None:  # in `font`, words and a weight may come before it
        every = values.get("font", ())
        sized = [token for token in every if token.type in ("dimension", "percentage") or _is_zero(token)]
        tokens = sized[:1]
    if tokens and tokens[0].type == "percentage":
        return float(tokens[0].value) / 100 * _FONT_PIXELS
    return length(tokens)


def _is_zero(token: Any) -> bool:
    return bool(token.type == "number" and token.value == 0)


def colour_of(tokens: Sequence[Any] | None) -> Colour | None:
    """A colour that can be seen; None if there is none."""
    colour = _parsed(tokens)
    if colour is None or colour[1] <= 0.5:
        return None
    return colour[0]


def is_transparent(tokens: Sequence[Any] | None) -> bool:
    """Whether nothing is seen of this colour."""
    colour = _parsed(tokens)
    return colour is not None and colour[1] <= _CLEAR


def background_of(values: Values) -> Colour | None:
    """The colour that a style gives the background, or `UNKNOWN`; None if it leaves the one behind.

    >>> background_of(declarations("background: #fff url(a.png)")) == UNKNOWN, background_of(declarations("left: 0"))
    (True, None)
    """
    pictures = values.get("background-image", ())
    if pictures and word(values, "background-image") not in _NO_BACKGROUND:
        return UNKNOWN
    tokens = values.get("background-color") or values.get("background")
    if not tokens or (len(tokens) == 1 and word({"": tokens}, "") in _NO_BACKGROUND):
        return None
    colours = [colour for colour in (_parsed([token]) for token in tokens) if colour is not None]
    if any(token.type in ("url", "function") and _parsed([token]) is None for token in tokens) or not colours:
        return UNKNOWN
    colour, alpha = colours[-1]
    return None if alpha == 0 else colour if alpha >= _COVERS else UNKNOWN


def _parsed(tokens: Sequence[Any] | None) -> tuple[Colour, float] | None:
    """A colour and its opacity."""
    if not tokens:
        return None
    from tinycss2.color4 import parse_color

    colour = parse_color(tokens[0])
    if colour is None or colour == "currentcolor":
        return None
    try:
        red, green, blue = colour.to("srgb").coordinates
    except (NotImplementedError, ValueError):  # a colour space that cannot be told in these three
        return None
    return (round(red or 0, 2), round(green or 0, 2), round(blue or 0, 2)), float(colour.alpha or 0)
