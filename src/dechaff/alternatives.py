"""Lists of regular expressions → one that is quick to search with, and what its matches can begin with."""

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


#: Characters that mean themselves nowhere in a pattern.
_SPECIAL = frozenset("\\.^$*+?{}[]|()")
_DIGIT = r"\d"


def beginnings(pattern: str) -> list[str]:
    r"""Texts of which every match of a pattern begins with one, each as long as is easily told; "0" is any digit.

    An empty one says that nothing is known of some matches.

    >>> beginnings(r"(?:only|just) \d left"), beginnings(r"\d+ left"), beginnings("we?b"), beginnings(r"\w+ly")
    (['only', 'just'], ['0'], ['we', 'wb'], [''])
    """
    begun = ""
    pieces = _PIECE.findall(pattern)
    for i, piece in enumerate(pieces):
        in_brackets = piece == "("
        end = _closing(pieces, i) if in_brackets else i
        if in_brackets:
            inner = "".join(pieces[i + 1 : end])
            next_ones = [text for choice in choices(inner[2:]) for text in beginnings(choice)]
            if not inner.startswith("?:"):  # a look around, or a name
                break
        elif piece == _DIGIT:
            next_ones = ["0"]
        elif piece in _SPECIAL or len(piece) > 1:
            next_ones = _members(piece)
            if not next_ones:
                break
        else:
            next_ones = ["0" if piece.isdecimal() else piece]
        how_often = pieces[end + 1] if end + 1 < len(pieces) else ""
        if how_often == "*" or (how_often == "{" and pieces[end + 2] in "0,"):
            break
        if how_often == "?":
            next_ones += beginnings("".join(pieces[end + 2 :]))
        if in_brackets or how_often in ("?", "+", "{") or len(next_ones) > 1:
            return [begun + text for text in next_ones]
        begun += next_ones[0]
    return [begun]


def _closing(pieces: Sequence[str], opening: int) -> int:
    """Where the bracket closes that opens there."""
    depth = 0
    for i in range(opening, len(pieces)):
        depth += (pieces[i] == "(") - (pieces[i] == ")")
        if not depth:
            return i
    raise ValueError(f"a bracket is not closed in {''.join(pieces)!r}")


def _members(piece: str) -> list[str]:
    """The characters of a class that lists them; none of one that has ranges, escapes or says what is not in it."""
    inside = piece[1:-1]
    if not piece.startswith("[") or not inside or inside[0] == "^" or "-" in inside[1:-1] or "\\" in inside:
        return []
    return ["0" if char.isdecimal() else char for char in inside]
