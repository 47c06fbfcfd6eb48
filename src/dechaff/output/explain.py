"""A result → what a person reads in a terminal: the kept text, and in their places the flags with their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from dechaff.output.report.page import Page
from dechaff.output.report.rows import Piece, Row, Statement
from dechaff.output.report.words import label_name
from dechaff.output.text import with_newlines
from dechaff.output.visible import visible
from dechaff.result import Result

#: SGR codes; the colours are those of the terminal's own palette, which its user can read.
_BOLD, _FAINT, _UNDERLINE, _REVERSE = "1", "2", "4", "7"
_COLOURS = {
    "ad": "31", "self_promotion": "33", "teaser": "35", "off_topic": "34", "hidden": "95", "misleading": "91",
    "content": "32",
}  # fmt: skip


def to_terminal(result: Result, *, colour: bool) -> str:
    r"""The document for reading in a terminal: kept lines as they stand, flagged ones marked, furniture summed up.

    Without `colour` the same in plain characters. Control characters of the page are named, never sent.

    >>> from dechaff.labels import Label
    >>> from dechaff.result import Line, PageScores, Result
    >>> lines = (
    ...     Line(0, "The council met.", 0, 16, Label.CONTENT, 1.0, {}, True, True, 0.0),
    ...     Line(1, "BUY NOW!", 17, 25, Label.AD, 0.9, {}, False, True, 0.0),
    ... )
    >>> result = Result("The council met.", lines, (), "The council met.\nBUY NOW!", "", PageScores(), "ok", "text")
    >>> print(to_terminal(result, colour=False))
    The council met.
    <BLANKLINE>
    […] 1 line removed: advert 1
    <BLANKLINE>
    1 of 2 lines kept; flags: none
    <BLANKLINE>
    """
    ink = _Ink(colour)
    page = Page(1, "", result)
    parts = [ink(visible(page.title), _BOLD)] if result.title.strip() else []
    for removed, group in groupby(page.rows, key=lambda row: not row.kept and not row.flags):
        rows = [*group]
        if removed:
            parts.append(_summary(rows, ink))
            continue
        for row in rows:
            parts.append(_flagged(row, ink) if row.flags else visible(row.line.text))
    flags = Counter(flag.label.value for flag in result.flags)
    tally = ", ".join(f"{count} {label_name(label).lower()}" for label, count in flags.most_common()) or "none"
    kept = sum(line.kept for line in result.lines)
    parts.append(ink(f"{kept} of {len(result.lines)} lines kept; flags: {tally}", _FAINT))
    return "\n\n".join(parts) + "\n"


class _Ink:
    """Text in colour, or as it is."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def __call__(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(filter(None, codes))}m{text}\x1b[0m" if self.colour and text else text


def _summary(rows: Sequence[Row], ink: _Ink) -> str:
    counts = Counter(row.label for row in rows).most_common()
    what = ", ".join(f"{label_name(label).lower()} {count}" for label, count in counts)
    return ink(f"[…] {len(rows)} {'line' if len(rows) == 1 else 'lines'} removed: {what}", _FAINT)


def _flagged(row: Row, ink: _Ink) -> str:
    colour = _COLOURS.get(row.label, "")
    mark = ink("│", colour) if ink.colour else "|"
    body = "".join(_piece(piece, colour, ink) for piece in row.pieces)
    lines = [line for flag in row.flags for line in _statement(flag, ink)]
    return "\n".join([*lines[:1], *(f"{mark} {line}" for line in [*body.split("\n"), *lines[1:]])])


def _piece(piece: Piece, colour: str, ink: _Ink) -> str:
    if piece.shown:
        return ink(f"‹{piece.shown}›", colour, _REVERSE)
    # Codes stand around each line of their own: what follows a line break is the mark of the margin.
    codes = (colour, _BOLD, _UNDERLINE) if piece.weight else (colour,)
    return "\n".join(ink(line, *codes) for line in with_newlines(piece.text).split("\n"))


def _statement(flag: Statement, ink: _Ink) -> Iterator[str]:
    colour = _COLOURS.get(flag.label, "")
    done = "removed" if flag.removed else "flagged, kept"
    head = ink(f" {label_name(flag.label)} ", colour, _REVERSE, _BOLD) if ink.colour else label_name(flag.label)
    yield f"{'' if ink.colour else '[-] ' if flag.removed else '[!] '}{head} {flag.score:.2f}, {done}"
    if flag.tactics:
        quoted = (f"{tag.name}{f' “{visible(tag.quoted)}”' if tag.quoted else ''}" for tag in flag.tactics)
        yield ink(f"tactics: {', '.join(quoted)}", _COLOURS["misleading"])
    if flag.why:
        reasons = (
            f"{f'“{visible(why.quoted)}”' if why.name == 'word' else visible(why.name)} {why.weight:+.2f}"
            for why in flag.why
        )
        yield ink(f"because of {', '.join(reasons)}", _FAINT)
