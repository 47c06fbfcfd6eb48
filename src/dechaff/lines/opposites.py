"""Which declarations take back what hides an element."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from dechaff.lines.drawn import SAME_COLOUR, STILL
from dechaff.lines.rulesets import declared

#: The properties that move an element into sight.
MOVING = frozenset({"animation", "animation-name", "transition", "will-change"})
#: By what hides an element, the properties that can take it back.
OPPOSITES = {
    why: frozenset(names.split())
    for why, names in {
        "display: none": "display",
        "visibility: hidden": "visibility",
        "opacity: 0": "opacity animation animation-name transition will-change",
        "off screen": "position left right top bottom inset text-indent transform translate margin margin-left"
        " margin-top padding padding-left padding-top",
        "no size": "clip clip-path height width max-height max-width min-height min-width overflow overflow-x"
        " overflow-y transform scale position padding padding-top padding-bottom padding-left padding-right flex"
        " flex-grow",
        "font size 0": "font-size font",
        "transparent": "color",
        SAME_COLOUR: "color background background-color background-image",
    }.items()
}

#: Values that take nothing back.
_HIDING = {
    "display": frozenset({"none"}),
    "visibility": frozenset({"hidden", "collapse", "inherit"}),
    "opacity": frozenset({"0", "0.0", ".0", "0%"}),
    **dict.fromkeys(MOVING, STILL),
}


@lru_cache(maxsize=1024)
def shown_by(body: str) -> frozenset[str]:
    """The properties that a style sets, those left out that it sets to what hides."""
    return frozenset(name for name, (value, _) in declared(body).items() if value not in _HIDING.get(name, ()))


def is_important(body: str, why: str, of: Callable[[Iterable[bool]], bool]) -> bool:
    """Whether any, or all, of the declarations are important that hide an element so, or show it."""
    return of([important for name, (_, important) in declared(body).items() if name in OPPOSITES[why]] or [False])
