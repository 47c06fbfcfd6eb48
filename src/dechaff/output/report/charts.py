"""Counts → bars and columns that a template draws: flags by label, by tactic and by site, and scores in bins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dechaff.output.report.words import label_name, named, ordered_labels

#: Sites that the chart by site names; the others are summed up.
MAX_SITES = 12

BINS = 20


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


def parts_of(counts: Mapping[str, int], whole: int = 0) -> list[Part]:
    """Counts by label as stretches one after the other, in thousandths of `whole` (default: of all).

    >>> [(part.label, part.x, part.width) for part in parts_of({"content": 3, "ad": 1})]
    [('ad', 0.0, 250.0), ('content', 250.0, 750.0)]
    """
    scale = 1000 / (whole or sum(counts.values()) or 1)
    made, at = [], 0
    for label in ordered_labels():
        count = counts.get(label, 0)
        if count:
            made.append(Part(label, round(at * scale, 1), round(count * scale, 1), count))
            at += count
    return made


def by_label(counts: Mapping[str, int]) -> list[Bar]:
    """A bar for each label that there is."""
    longest = max(counts.values(), default=1)
    return [_bar(label_name(label), {label: counts[label]}, longest) for label in ordered_labels() if counts.get(label)]


def by_tactic(counts: Mapping[str, int]) -> list[Bar]:
    """A bar for each tactic, the most frequent first."""
    longest = max(counts.values(), default=1)
    return [_bar(named(name), {"misleading": count}, longest) for name, count in Counter(counts).most_common()]


def by_site(sites: Mapping[str, Mapping[str, int]]) -> list[Bar]:
    """Sites with the most flags, by label; those after the first `MAX_SITES` as one."""
    ranked = sorted(sites.items(), key=lambda site: (-sum(site[1].values()), site[0]))
    shown, rest = ranked[:MAX_SITES], ranked[MAX_SITES:]
    if rest:
        shown.append((f"{len(rest)} other sites", sum((Counter(labels) for _, labels in rest), Counter())))
    longest = max((sum(labels.values()) for _, labels in shown), default=0) or 1
    return [_bar(site, labels, longest) for site, labels in shown]


def legend(used: Iterable[str]) -> list[tuple[str, str]]:
    """Labels that are used, with their names."""
    there = {*used}
    return [(label, label_name(label)) for label in ordered_labels() if label in there]


def statuses(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Statuses other than `ok` in words, with the number of documents, the most frequent first."""
    return [(named(status), count) for status, count in Counter(counts).most_common() if status != "ok"]


def binned(scores: Iterable[tuple[float, str]]) -> list[Counter[str]]:
    """Scores in `BINS` bins of equal width, counted by label."""
    bins: list[Counter[str]] = [Counter() for _ in range(BINS)]
    for score, label in scores:
        bins[min(int(score * BINS), BINS - 1)][label] += 1
    return bins


def columns_of(bins: Sequence[Mapping[str, int]]) -> list[Column]:
    """The columns of a histogram over 0..1."""
    highest = max(sum(counts.values()) for counts in bins) or 1
    return [
        Column(i / len(bins), (i + 1) / len(bins), sum(counts.values()), tuple(parts_of(counts, highest)))
        for i, counts in enumerate(bins)
    ]


def _bar(name: str, counts: Mapping[str, int], longest: int) -> Bar:
    return Bar(name, sum(counts.values()), tuple(parts_of(counts, longest)))
