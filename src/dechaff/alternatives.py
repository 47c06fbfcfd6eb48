"""Lists of regular expressions → one that is quick to search with."""

from __future__ import annotations

import re
from collections.abc import Sequence

_EDGE = r"\b"

#: An escape, a class of characters, or a character of a pattern.
_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def joined(patterns: Sequence[str]) -> str:
    r"""One pattern of some, at least one. Those that begin at the edge of a word share one look for it: most places are
    none.

    >>> joined([r"\bhurry", r"\bact now|\d+ left"])
    '\\d+ left|\\b(?:hurry|act now)'
    """
    every = [choice for pattern in patterns for choice in choices(pattern)]
    at_edges = [choice.removeprefix(_EDGE) for choice in every if choice.startswith(_EDGE)]
    others = [choice for choice in every if not choice.startswith(_EDGE)]
    return "|".join([*others, f"{_EDGE}(?:{'|'.join(at_edges)})"] if at_edges else others)


def choices(pattern: str) -> list[str]:
    r"""The alternatives of a pattern that stand in no brackets.

    >>> choices(r"\b(?:a|b)c|[d|e]|\|")
    ['\\b(?:a|b)c', '[d|e]', '\\|']
    """
    found = [""]
    depth = 0
    for piece in _PIECE.findall(pattern):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            found.append("")
        else:
            found[-1] += piece
    return found
