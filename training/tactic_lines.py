"""Lines written for this project with the tactics that they use: `tactics | style | text`, `-` for no tactic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dechaff.labels import Tactic

#: What is learned from, and what is measured with alone.
OWN = Path(__file__).parent / "tactics.txt"
HELD_OUT = Path(__file__).parent / "tactics_held_out.txt"


class TacticLine(NamedTuple):
    """A line, the style that it is written in, and its tactics."""

    text: str
    style: str
    tactics: frozenset[str]


def read(path: Path) -> Iterator[TacticLine]:
    """The lines of a file, without those that begin with `#`. Raises `ValueError` on an unknown tactic."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            marks, style, text = line.split(" | ", 2)
            tactics = frozenset(Tactic(mark).value for mark in marks.split()) if marks != "-" else frozenset()
            yield TacticLine(text, style, tactics)
