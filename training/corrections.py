"""Labels and tactics that readers of reports corrected: JSON lines as the report saves them.

A row has a `label`, `tactics` (a list, empty for a line that uses none) or both.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from dechaff.labels import FLAGGED, Tactic
from dechaff.lines.document import lines_of
from dechaff.lines.table import Lines
from dechaff.result import Kind
from training.labels import INDEX, UNKNOWN, mask

Row = dict[str, Any]

_TACTICS = frozenset(tactic.value for tactic in Tactic)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A document that somebody looked at, with a target for each line (`UNKNOWN` for lines without a correction), and
    which of those with one stand inside the main text."""

    name: str
    lines: Lines
    targets: list[int]
    in_body: list[bool]


@dataclass(frozen=True, slots=True)
class Marked:
    """A line with the tactics that somebody saw in it; `promotes`: it is an advert or the like."""

    text: str
    tactics: frozenset[str]
    promotes: bool


def read_corrections(path: Path) -> Iterator[Corrected]:
    """The documents of a file of corrections whose lines got labels.

    Documents are looked for under their names beside the file. A correction whose text no line has is left out, with a
    message. Raises `ValueError` on a row that is none, and `OSError` on a document that cannot be read.
    """
    rows: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in _rows(path):
        if "label" in row:
            rows[row["file"], row["kind"]].append(row)
    for (name, kind), found in rows.items():
        lines = lines_of((path.parent / name).read_bytes(), cast("Kind", kind))
        corrections = _by_line(lines, found)
        targets, in_body = [UNKNOWN] * len(lines), [False] * len(lines)
        for i, row in corrections.items():
            targets[i], in_body[i] = mask(row["label"]), bool(row.get("in_body"))
        yield Corrected(name, lines, targets, in_body)
        lost = sum(row["text"] not in lines.texts for row in found)
        if lost:
            print(f"{path}: {lost} corrections of {name} fit no line", file=sys.stderr)


def read_marks(path: Path) -> Iterator[Marked]:
    """The lines of a file of corrections that got tactics; the last word on a line counts. Raises as
    `read_corrections`."""
    last = {(row["file"], row.get("start"), row["text"]): row for row in _rows(path) if "tactics" in row}
    for row in last.values():
        tactics = frozenset(row["tactics"])
        yield Marked(row["text"], tactics, bool(tactics) or (row.get("label") or row.get("was")) in FLAGGED)


def _rows(path: Path) -> Iterator[Row]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        known = row.get("kind") in ("html", "text") and row.get("file") and ("label" in row or "tactics" in row)
        if not known or row.get("label", "content") not in INDEX or not _TACTICS.issuperset(row.get("tactics", ())):
            raise ValueError(f"{path}, line {number}: no correction: {line[:80]}")
        yield row


def _by_line(lines: Lines, rows: list[Row]) -> dict[int, Row]:
    """Corrections by the number of their line; the last word on a line counts.

    A correction belongs to the line with its text at its place; where the page is read in another way by now, to the
    nearest line with its text.

    >>> lines = lines_of("<p>One<p>Two<p>One", "html")
    >>> _by_line(lines, [{"text": "One", "start": 9}, {"text": "x", "start": 0}])
    {2: {'text': 'One', 'start': 9}}
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for i, text in enumerate(lines.texts):
        places[text].append(i)
    found = {}
    for row in rows:
        start = row.get("start", 0)
        same = places.get(row["text"])
        if same:
            found[min(same, key=lambda i: abs(lines.starts[i] - start))] = row
    return found
