"""One result → what the template of a page shows: rows, runs of rows that are folded away, figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from dechaff.labels import Label, Tactic
from dechaff.output.report.rows import Row, row_of, tags_of
from dechaff.output.report.what_if import made_with, remove_of, turns
from dechaff.output.report.words import GOOD, NEUTRAL, ordered_labels, ordered_scores, score_name
from dechaff.output.visible import visible
from dechaff.result import Flag, Line, Result
from dechaff.thresholds import Rules

#: Removed lines without a flag are folded away where so many or more follow one another.
MIN_RUN = 3

#: Characters of the folded lines that their heading quotes.
_TASTE = 90


@dataclass(frozen=True, slots=True)
class Run:
    """Rows in a row; `folded` ones are furniture that is shown when asked for."""

    rows: tuple[Row, ...]
    folded: bool

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Labels with how many rows have them, the most frequent first."""
        return Counter(row.label for row in self.rows).most_common()

    @property
    def taste(self) -> str:
        """The first words of what is folded away."""
        text = visible(" · ".join(" ".join(row.line.text[:_TASTE].split()) for row in self.rows[:6]))
        return text if len(text) <= _TASTE else text[: _TASTE - 1] + "…"


@dataclass(frozen=True, slots=True)
class Figure:
    """A score of the page, with what kind of news it is: `good`, `bad` or `neutral`."""

    key: str
    name: str
    value: float
    news: str


@dataclass(frozen=True, slots=True)
class Stripe:
    """A line in the strip that shows the page as a whole: thousandths from the left, and width."""

    row: Row
    x: float
    width: float


class Page:
    """A result as the templates see it. `number` counts from 1; `name` says where the document came from."""

    def __init__(self, number: int, name: str, result: Result) -> None:
        self.number, self.name, self.result = number, name, result
        by_line: defaultdict[int, list[Flag]] = defaultdict(list)
        for flag in result.flags:
            by_line[flag.line].append(flag)
        self.tactics = {line.index: _tactics(line, by_line[line.index]) for line in result.lines}
        self.rows = [row_of(line, by_line[line.index], result.source) for line in result.lines]
        self.title = visible(" ".join(result.title.split()) or name) or "Untitled document"
        self.figures = [
            Figure(key, score_name(key), value, "good" if key in GOOD else "neutral" if key in NEUTRAL else "bad")
            for key, value in ordered_scores(result.scores.to_dict())
        ]

    @property
    def runs(self) -> list[Run]:
        """All rows, with long runs of what was removed without a flag folded away."""
        found: list[Run] = []
        for furniture, group in groupby(self.rows, key=lambda row: row.state == "removed" and not row.flags):
            rows = tuple(group)
            folded = furniture and len(rows) >= MIN_RUN
            if found and not folded and not found[-1].folded:
                rows = (*found.pop().rows, *rows)
            found.append(Run(rows, folded))
        return found

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Labels that lines of the page have, in the order of labels, with their numbers."""
        found = Counter(row.label for row in self.rows)
        return [(label, found[label]) for label in ordered_labels() if found[label]]

    @property
    def flag_counts(self) -> Counter[str]:
        return Counter(flag.label.value for flag in self.result.flags)

    @property
    def link(self) -> str:
        """The page's address, if it is one that a browser may follow."""
        url = self.result.url or ""
        try:
            return url if urlsplit(url).scheme in ("http", "https") else ""
        except ValueError:
            return ""

    @property
    def site(self) -> str:
        """The host of the page's address; without one, the folder its file lies in."""
        try:
            host = urlsplit(self.result.url or "").hostname
        except ValueError:
            host = None
        return host or self.name.replace("\\", "/").rpartition("/")[0] or "no address"

    @property
    def stripes(self) -> list[Stripe]:
        """The lines from left to right, as wide as they are long; short ones can still be seen."""
        sizes = [max(len(row.line.text), 8) for row in self.rows]
        scale = 1000 / (sum(sizes) or 1)
        made, at = [], 0.0
        for row, size in zip(self.rows, sizes, strict=True):
            made.append(Stripe(row, round(at, 2), round(size * scale, 2)))
            at += size * scale
        return made

    @property
    def data(self) -> dict[str, Any]:
        """What the script of the report needs to know: columns over the lines, in page order."""
        labels = [label.value for label in Label]
        paths: dict[str, int] = {}
        result = self.result
        rules = result.rules or Rules(frozenset({Label.CONTENT}), {})
        turning = turns(result)
        return {
            "name": self.name,
            "url": result.url,
            "kind": result.kind,
            "made": made_with(rules),
            "remove": {label.value: remove_of(rules, label) for label in Label if label not in rules.keep},
            "flag": {label.value: threshold.flag for label, threshold in rules.thresholds.items()},
            "span": [[line.start, line.end] for line in result.lines],
            # Of lines whose words the page does not show as they are.
            "texts": {row.number: row.line.text for row in self.rows if not row.is_verbatim},
            "body": [int(line.in_body) for line in result.lines],
            "was": [line.label.value for line in result.lines],
            "odds": [[round(line.probabilities.get(Label(la), 0) * 1000) for la in labels] for line in result.lines],
            "turn": [[turn.label.value, turn.at] for turn in turning],
            # Of lines without a flag; those of flags stand in the page itself.
            "tactics": {
                row.number: [[tag.name, tag.score, tag.quoted] for tag in tags_of(row.line.tactic_spans, result.source)]
                for row in self.rows
                if not row.flags and row.line.tactic_spans
            },
            "uses": {number: tactics for number, tactics in self.tactics.items() if tactics},
            "path": [paths.setdefault(line.path, len(paths)) for line in result.lines],
            "paths": [*paths],
        }


def _tactics(line: Line, flags: Sequence[Flag]) -> list[str]:
    """The tactics that a line uses, by what it or a flag on it says."""
    said = {*line.tactics, *(tactic for flag in flags for tactic in flag.tactics)}
    return [tactic.value for tactic in Tactic if tactic in said]
