"""How a walk over a page takes what is hidden in it, and what it says of that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from dechaff.lines.opened import Opened

if TYPE_CHECKING:
    from dechaff.lines.sheets import Rules

#: In place of its container, for an element whose text is none of the page's.
UNSEEN = -1

#: The same for what is inside the k-th element that hides its text from a reader: `FIRST_HIDDEN - k`.
FIRST_HIDDEN = -2


@dataclass(frozen=True, slots=True)
class Reading:
    """`opened` are the parts that a reader can open, which are seen; None if they count as hidden.

    `rules` of the page hide elements, too. `soft`: elements are hidden by what pages also use for parts that they show
    later. `shown` are elements, by their keys, that are read whatever hides them.
    """

    opened: Opened | None = field(default_factory=Opened)
    rules: Rules | None = None
    soft: bool = True
    shown: frozenset[int] = frozenset()


class HiddenElement(NamedTuple):
    """Why an element's text is hidden, the container around it, its step of a path, and what tells it apart."""

    why: str
    container: int
    step: str
    soft: bool
    key: int
