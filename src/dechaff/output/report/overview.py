"""Many results → figures and charts over all of them, and a table with a row for each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dechaff.output.report.page import Page
from dechaff.output.report.words import GOOD, label_name, named, ordered_labels, score_name

#: Sites that the chart by site names; the others are summed up.
MAX_SITES = 12

BINS = 20

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
        return _parts(self.labels)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar: where it starts, how wide it is, and what it stands for."""

    label: str
    x: float
    width: float
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its name and number; `parts` are in thousandths of the longest bar."""

    name: str
    count: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a histogram: the scores it covers, and parts from the bottom, in thousandths of the highest."""

    start: float
    end: float
    count: int
    parts: tuple[Part, ...]


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
        tactics=dict(Counter(tag.name for row in page.rows for flag in row.flags for tag in flag.tactics)),
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
        counts: Counter[str] = Counter()
        for entry in self.entries:
            counts.update(entry.labels)
        longest = max(counts.values(), default=1)
        return [_bar(label_name(label), {label: counts[label]}, longest) for label in ordered_labels() if counts[label]]

    @property
    def by_tactic(self) -> list[Bar]:
        counts: Counter[str] = Counter()
        for entry in self.entries:
            counts.update(entry.tactics)
        longest = max(counts.values(), default=1)
        return [_bar(name, {"misleading": count}, longest) for name, count in counts.most_common()]

    @property
    def by_site(self) -> list[Bar]:
        """Sites with the most flags; those after the first `MAX_SITES` as one."""
        sites: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for entry in self.entries:
            sites[entry.site].update(entry.labels)
        ranked = sorted(sites.items(), key=lambda site: (-site[1].total(), site[0]))
        shown, rest = ranked[:MAX_SITES], ranked[MAX_SITES:]
        if rest:
            shown.append((f"{len(rest)} other sites", sum((labels for _, labels in rest), Counter())))
        longest = max((labels.total() for _, labels in shown), default=0) or 1
        return [_bar(site, labels, longest) for site, labels in shown]

    @property
    def by_score(self) -> list[Column]:
        """How many flags have which score."""
        return _histogram([score for entry in self.entries for score in entry.scores])

    @property
    def score_name(self) -> str:
        return score_name(self._score)

    @property
    def by_page_score(self) -> list[Column]:
        """How many pages have which value of the score that says most about a page."""
        kind = "content" if self._score in GOOD else "ad"
        return _histogram([(entry.figures.get(self._score, 0.0), kind) for entry in self.entries])

    @property
    def _score(self) -> str:
        names = self.entries[0].figures if self.entries else {}
        return next((name for name in _HISTOGRAM_SCORES if name in names), _HISTOGRAM_SCORES[-1])

    @property
    def labels(self) -> list[tuple[str, str]]:
        """Labels that some flag has, for a legend."""
        used = {label for entry in self.entries for label in entry.labels}
        return [(label, label_name(label)) for label in ordered_labels() if label in used]

    @property
    def statuses(self) -> list[tuple[str, int]]:
        """Statuses other than `ok`, with the number of pages."""
        found = Counter(entry.status for entry in self.entries if entry.status != "ok")
        return [(named(status), count) for status, count in found.most_common()]


def _parts(counts: Mapping[str, int], whole: int = 0) -> list[Part]:
    scale = 1000 / (whole or sum(counts.values()) or 1)
    made, at = [], 0
    for label in ordered_labels():
        count = counts.get(label, 0)
        if count:
            made.append(Part(label, round(at * scale, 1), round(count * scale, 1), count))
            at += count
    return made


def _bar(name: str, counts: Mapping[str, int], longest: int) -> Bar:
    return Bar(name, sum(counts.values()), tuple(_parts(counts, longest)))


def _histogram(scores: Sequence[tuple[float, str]]) -> list[Column]:
    bins: list[Counter[str]] = [Counter() for _ in range(BINS)]
    for score, label in scores:
        bins[min(int(score * BINS), BINS - 1)][label] += 1
    highest = max(counts.total() for counts in bins) or 1
    return [
        Column(i / BINS, (i + 1) / BINS, counts.total(), tuple(_parts(counts, highest)))
        for i, counts in enumerate(bins)
    ]
