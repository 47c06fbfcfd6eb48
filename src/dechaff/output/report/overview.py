"""Many results → figures and charts over all of them, and a table with a row for each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dechaff.output.report import charts
from dechaff.output.report.charts import Bar, Column, Part
from dechaff.output.report.page import Page
from dechaff.output.report.words import GOOD, score_name

#: Scores that the table of pages shows, as far as a page has them.
_TABLE_SCORES = ("trust", "content_quality", "clickbait", "promotional_share", "off_topic_share", "hidden_share")
#: Scores of which a histogram over pages is drawn: the first that there is.
_HISTOGRAM_SCORES = ("trust", "promotional_share")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as the overview knows it. `labels`: flags by label; `scores`: the flags' scores with their labels."""

    number: int
    name: str
    title: str
    site: str
    href: str
    status: str
    lines: int
    kept: int
    chars: int
    kept_chars: int
    labels: Mapping[str, int]
    tactics: Mapping[str, int]
    scores: tuple[tuple[float, str], ...]
    figures: Mapping[str, float]

    @property
    def flags(self) -> int:
        return sum(self.labels.values())

    @property
    def parts(self) -> list[Part]:
        return charts.parts_of(self.labels)


def entry_of(page: Page, href: str) -> Entry:
    """What the overview keeps of a page: the page itself can go."""
    lines, flags = page.result.lines, page.result.flags
    return Entry(
        number=page.number,
        name=page.name,
        title=page.title,
        site=page.site,
        href=href,
        status=page.result.status,
        lines=len(lines),
        kept=sum(line.kept for line in lines),
        chars=sum(len(line.text) for line in lines),
        kept_chars=sum(len(line.text) for line in lines if line.kept),
        labels=dict(page.flag_counts),
        tactics=dict(Counter(tactic.value for flag in flags for tactic in flag.tactics)),
        scores=tuple((flag.score, flag.label.value) for flag in flags),
        figures=page.result.scores.to_dict(),
    )


class Overview:
    """The charts and figures over some pages."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.flags = sum(entry.flags for entry in entries)
        self.lines = sum(entry.lines for entry in entries)
        self.flagged_pages = sum(entry.flags > 0 for entry in entries)
        self.kept_share = sum(entry.kept_chars for entry in entries) / (sum(entry.chars for entry in entries) or 1)
        names = entries[0].figures if entries else {}
        self.columns = [(name, score_name(name)) for name in _TABLE_SCORES if name in names]

    @property
    def by_label(self) -> list[Bar]:
        return charts.by_label(_sum(entry.labels for entry in self.entries))

    @property
    def by_tactic(self) -> list[Bar]:
        return charts.by_tactic(_sum(entry.tactics for entry in self.entries))

    @property
    def by_site(self) -> list[Bar]:
        sites: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for entry in self.entries:
            sites[entry.site].update(entry.labels)
        return charts.by_site(sites)

    @property
    def by_score(self) -> list[Column]:
        """How many flags have which score."""
        return charts.columns_of(charts.binned(score for entry in self.entries for score in entry.scores))

    @property
    def score_name(self) -> str:
        return score_name(self._score)

    @property
    def by_page_score(self) -> list[Column]:
        """How many pages have which value of the score that says most about a page."""
        kind = "content" if self._score in GOOD else "ad"
        return charts.columns_of(charts.binned((entry.figures.get(self._score, 0.0), kind) for entry in self.entries))

    @property
    def _score(self) -> str:
        names = self.entries[0].figures if self.entries else {}
        return next((name for name in _HISTOGRAM_SCORES if name in names), _HISTOGRAM_SCORES[-1])

    @property
    def labels(self) -> list[tuple[str, str]]:
        """Labels that some flag has, for a legend."""
        return charts.legend(label for entry in self.entries for label in entry.labels)

    @property
    def statuses(self) -> list[tuple[str, int]]:
        """Statuses other than `ok`, with the number of pages."""
        return charts.statuses(Counter(entry.status for entry in self.entries))


def _sum(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return total
