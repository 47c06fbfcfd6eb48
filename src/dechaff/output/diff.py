"""A result → a unified diff from everything the document says to its cleaned text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from dechaff.labels import Label
from dechaff.output.text import joint_of, to_text
from dechaff.result import Line, Result

#: Lines around a change that are shown with it.
CONTEXT = 3


class Change(NamedTuple):
    """A physical line: `" "` stands on both sides, `"-"` before cleaning, `"+"` after it."""

    sign: str
    text: str


def to_diff(result: Result, name: str = "document", context: int = CONTEXT) -> str:
    r"""A unified diff from all lines of a document, laid out as its text is, to `Result.text`.

    Its right side is `Result.text`, line for line. Empty where nothing was removed.

    >>> from dechaff.labels import Label
    >>> from dechaff.result import Line, PageScores, Result
    >>> lines = (
    ...     Line(0, "The council met.", 0, 16, Label.CONTENT, 1.0, {}, True, True, 0.0),
    ...     Line(1, "BUY NOW!", 17, 25, Label.AD, 0.9, {}, False, True, 0.0),
    ... )
    >>> result = Result("The council met.", lines, (), "The council met.\nBUY NOW!", "", PageScores(), "ok", "text")
    >>> print(to_diff(result, "minutes.txt"))
    --- minutes.txt
    +++ minutes.txt (cleaned)
    @@ -1,3 +1 @@
     The council met.
    -
    -BUY NOW!
    <BLANKLINE>
    """
    changed = [*changes(result)]
    parts = [*_hunks(changed, context)]
    if not parts:
        return ""
    head = " ".join(name.split()) or "document"
    return "".join(f"{line}\n" for line in (f"--- {head}", f"+++ {head} (cleaned)", *parts))


def changes(result: Result) -> Iterator[Change]:
    """All physical lines of a document in order. Linear: which lines are gone is known, nothing is compared."""
    right = iter(result.text.split("\n"))
    started = blank = False  # whether a kept row has come, and whether a paragraph has begun since the last one
    gone: list[Change] = []
    for number, row in enumerate(_rows(result.lines)):
        begins = number > 0 and row[0].glue == "paragraph"
        blank = blank or (begins and row[0].label is not Label.HIDDEN)
        before = _joined(row)
        kept = [line for line in row if line.kept]
        if not kept:
            gone += [Change("-", "")] * begins + [Change("-", text) for text in before]
            continue
        if started and blank:
            # Of the blank lines around what is gone one stays: the one before this row, or the last one before that.
            next(right)
            at = len(gone) if begins else max(i for i, change in enumerate(gone) if not change.text)
            yield from [*gone[:at], Change(" ", ""), *gone[at + 1 :]]
        else:
            yield from gone + [Change("-", "")] * begins
        gone, started, blank = [], True, False
        after = [*islice(right, len(_joined(kept)))]  # of the text itself, which lacks what no reader sees
        if before == after:
            yield from (Change(" ", text) for text in before)
        else:
            yield from (Change("-", text) for text in before)
            yield from (Change("+", text) for text in after)
    yield from gone


def _rows(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that stand on one row of the text: cells of a table row together, all others alone.

    What is hidden between cells comes after their row.
    """
    row: list[Line] = []
    hidden: list[list[Line]] = []
    for line in lines:
        if line.label is Label.HIDDEN:
            hidden.append([line])
            continue
        if line.glue != "cell":
            yield from [row] * bool(row) + hidden
            row, hidden = [], []
        row.append(line)
    yield from [row] * bool(row) + hidden


def _joined(row: Sequence[Line]) -> list[str]:
    """The physical lines of a row."""
    return to_text((line.text, joint_of(line), True) for line in row).split("\n")


def _hunks(changed: Sequence[Change], context: int) -> Iterator[str]:
    marks = [i for i, change in enumerate(changed) if change.sign != " "]
    spans: list[list[int]] = []
    for i in marks:
        start, end = max(i - context, 0), min(i + context + 1, len(changed))
        if spans and start <= spans[-1][1]:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    left = right = at = 0
    for start, end in spans:
        left += sum(change.sign != "+" for change in changed[at:start])
        right += sum(change.sign != "-" for change in changed[at:start])
        hunk = changed[start:end]
        ours, theirs = (sum(change.sign != sign for change in hunk) for sign in "+-")
        yield f"@@ -{_range(left, ours)} +{_range(right, theirs)} @@"
        yield from (change.sign + change.text for change in hunk)
        left, right, at = left + ours, right + theirs, end


def _range(before: int, count: int) -> str:
    """Where a hunk begins and how long it is; an empty one stands after the line before it."""
    start = before + 1 if count else before
    return str(start) if count == 1 else f"{start},{count}"
