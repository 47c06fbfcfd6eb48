"""A line with its flags → what the report shows of it: the text in pieces, marks, reasons and tactics in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dechaff.output.report.words import label_name, named
from dechaff.output.visible import described, pieces, visible
from dechaff.result import Flag, Line, Reason, TacticSpan

_STEP = re.compile(r"[a-z][a-z0-9-]*")
#: Elements that give a line its look; the innermost one counts.
_LOOKS = {
    **{f"h{level}": "head" for level in range(1, 7)},
    "li": "item", "dd": "item", "blockquote": "quote", "pre": "code", "td": "cell", "th": "cell", "figcaption": "small",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a line's text: plain, a word that spoke for a flag (`weight`), or characters that do not show.

    `shown` stands instead of unseen characters; `note` says what the piece is.
    """

    text: str
    weight: float = 0.0
    shown: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason in words; `share` of the heaviest reason's weight, in whole percent."""

    name: str
    quoted: str
    weight: float
    share: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A tactic with its name in words, its score in percent, and the words that show it."""

    name: str
    score: int
    quoted: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A flag as the report shows it."""

    label: str
    score: float
    removed: bool
    tactics: tuple[Tag, ...]
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the report shows it. `label` and `score` are those of its first flag, if it has one."""

    line: Line
    label: str
    score: float
    look: str
    pieces: tuple[Piece, ...]
    flags: tuple[Statement, ...]

    @property
    def number(self) -> int:
        return self.line.index

    @property
    def kept(self) -> bool:
        return self.line.kept

    @property
    def is_verbatim(self) -> bool:
        """Whether a browser has the text as it is: without characters that are shown as something else, and without
        carriage returns, which it reads as newlines."""
        return "\r" not in self.line.text and not any(piece.shown for piece in self.pieces)

    @property
    def state(self) -> str:
        """`kept`, `removed`, or `flagged`: kept with a flag on it."""
        return "removed" if not self.kept else "flagged" if self.flags else "kept"


def row_of(line: Line, flags: Sequence[Flag], source: str) -> Row:
    statements = tuple(dict.fromkeys(_statement(flag, source) for flag in flags))  # each is said once
    first = max(flags, key=lambda flag: (flag.removed, flag.score), default=None)
    reasons = [reason for flag in flags for reason in flag.reasons]
    return Row(
        line,
        line.label.value if first is None else first.label.value,
        line.score if first is None else first.score,
        _look(line.path),
        tuple(_pieces(line, reasons)),
        statements,
    )


def _look(path: str) -> str:
    for step in reversed(path.split(" > ")[-4:]):
        found = _STEP.match(step)
        if found and found[0] in _LOOKS:
            return _LOOKS[found[0]]
    return ""


def _statement(flag: Flag, source: str) -> Statement:
    reasons = flag.reasons
    heaviest = max((abs(reason.weight) for reason in reasons), default=1.0) or 1.0
    return Statement(
        flag.label.value,
        flag.score,
        flag.removed,
        tags_of(flag.tactic_spans, source),
        tuple(_why(reason, heaviest, source) for reason in reasons),
    )


def _why(reason: Reason, heaviest: float, source: str) -> Why:
    quoted = "" if reason.start is None else _quoted(source[reason.start : reason.end])
    share = round(100 * min(abs(reason.weight) / heaviest, 1))
    return Why(reason.name, quoted, reason.weight, share)


def tags_of(spans: Iterable[TacticSpan], source: str) -> tuple[Tag, ...]:
    return tuple(
        Tag(named(span.tactic.value), round(100 * span.score), _quoted(source[span.start : span.end])) for span in spans
    )


def _quoted(text: str) -> str:
    text = visible(" ".join(text.split()))
    return text if len(text) <= 80 else text[:79] + "…"


def _pieces(line: Line, reasons: Iterable[Reason]) -> Iterator[Piece]:
    """The text of a line, cut where marked words begin and end; where marks overlap the heavier one stands."""
    spans = sorted(
        (reason for reason in reasons if reason.start is not None and reason.end is not None),
        key=lambda reason: -reason.weight,
    )
    taken: list[tuple[int, int, Reason]] = []
    for reason in spans:
        start, end = (reason.start or 0) - line.start, (reason.end or 0) - line.start
        whole = start <= 0 and end >= len(line.text)
        if 0 <= start < end <= len(line.text) and not whole and all(end <= a or b <= start for a, b, _ in taken):
            taken.append((start, end, reason))
    at = 0
    for start, end, reason in sorted(taken, key=lambda mark: mark[0]):
        yield from _shown(line.text[at:start])
        note = f"{'spoke for the flag' if reason.name == 'word' else reason.name}: {reason.weight:+.2f}"
        yield from _shown(line.text[start:end], reason.weight, note)
        at = end
    yield from _shown(line.text[at:])


def _shown(text: str, weight: float = 0.0, note: str = "") -> Iterator[Piece]:
    for run, shown in pieces(text):
        yield Piece(run, shown=shown, note=described(run)) if shown else Piece(run, weight, note=note)


def summary(row: Row) -> str:
    """A row in words, for those who do not see its colours."""
    flagged = ", flagged" if row.flags and row.kept else ""
    return f"{label_name(row.label)}, {round(100 * row.score)} percent, {'kept' if row.kept else 'removed'}{flagged}"
