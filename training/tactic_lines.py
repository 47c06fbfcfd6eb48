"""Lines written for this project with the tactics that they use: `marks | style | text`.

Marks are tactics, or one of these for a line without any: `-` honest text, `+` a plain advert or the like, `~` open
which of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dechaff.labels import Tactic

#: Invented sites end in `.example`: that word must give no line away.
DOMAIN = (".example", ".com")

#: What is learned from, and what is measured with alone.
OWN = Path(__file__).parent / "tactics.txt"
HELD_OUT = Path(__file__).parent / "tactics_held_out.txt"

#: Whether a line without tactics promotes, by its mark.
_PROMOTES = {"-": False, "+": True, "~": None}


class TacticLine(NamedTuple):
    """A line, the style that it is written in, its tactics, and whether it promotes anything (None: open)."""

    text: str
    style: str
    tactics: frozenset[str]
    promotes: bool | None


def read(path: Path) -> Iterator[TacticLine]:
    """The lines of a file, without those that begin with `#`. Raises `ValueError` on an unknown mark."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            marks, style, text = line.replace(*DOMAIN).split(" | ", 2)
            if marks in _PROMOTES:
                yield TacticLine(text, style, frozenset(), _PROMOTES[marks])
            else:
                yield TacticLine(text, style, frozenset(Tactic(mark).value for mark in marks.split()), True)
