"""Held-out styles: how well lines are told that are written in a way the model has never seen.

The styles of `written/*` are dealt into groups. For each group a model is trained without its styles and without one
fold of sites, and its lines are put into articles of that fold. On the lines of `lines_held_out.jsonl` no model is
trained; they are put into the articles of every fold.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.scores import Figure, interval, ratio
from dechaff.judge import LABELS, chosen_of, judge
from dechaff.labels import Label
from training.data import FOLDS, STYLE_GROUPS, read_jsonl
from training.figures import KEEP, Chosen
from training.held_out import Injection, injections
from training.tables import Arrays
from training.train import Corpus

#: Styles with fewer lines say too little.
_MIN_LINES = 20

_WRITTEN = ("ads_en", "selfpromo_teasers_en", "hard_negatives_en", "multilingual")
#: Lines that are measured only, written to be hard: quiet adverts, and article text that looks like one.
_HELD_OUT = Path(__file__).with_name("lines_held_out.jsonl")

_PROMOTIONAL = [LABELS.index(Label.AD), LABELS.index(Label.SELF_PROMOTION)]


Table = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Style:
    """The lines of one style. `leads_away`: they are adverts, self-promotion or teasers; others are hard negatives."""

    name: str
    leads_away: bool
    lines: tuple[str, ...]

    @property
    def group(self) -> int:
        return group_of(self.name)


def group_of(style: str) -> int:
    """The group of a style, by its name; group k goes with fold k of the sites.

    >>> group_of("podcast_read") < STYLE_GROUPS
    True
    """
    return zlib.crc32(style.encode()) % STYLE_GROUPS


def read_styles(data: Path) -> list[Style]:
    """The styles of the lines written for this project, with enough lines to measure on."""
    found: dict[tuple[str, bool], dict[str, None]] = defaultdict(dict)
    for name in _WRITTEN:
        for row in read_jsonl(data / "written" / f"{name}.jsonl"):
            text = " ".join(row["text"].replace(" / ", " ").split())
            found[row["style"], row["label"] != "content"][text] = None
    return [
        Style(name, leads_away, tuple(lines))
        for (name, leads_away), lines in sorted(found.items())
        if len(lines) >= _MIN_LINES
    ]


def read_held_out_lines() -> list[Style]:
    """The lines that no model is trained on: by label, those in English apart from those in other languages."""
    found: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for row in read_jsonl(_HELD_OUT):
        where = "English" if row["lang"] == "en" else "other languages"
        found[f"{row['label']}, {where}", row["label"] != "content"].append(row["text"])
    return [Style(name, leads_away, tuple(lines)) for (name, leads_away), lines in sorted(found.items())]


def skipped(styles: Sequence[Style], group: int) -> frozenset[str]:
    """The names of the styles of a group."""
    return frozenset(style.name for style in styles if style.group == group)


def style_figures(
    corpus: Corpus, styles: Sequence[Style], models: Sequence[Arrays], chosen: Chosen
) -> dict[str, dict[str, Figure]]:
    """For each style, of its lines put into HTML articles: which were removed, and which flagged as promotional.

    `models[k]` has seen neither the sites of fold k nor the styles of group k.
    """
    found: dict[str, dict[str, Figure]] = {}
    totals: dict[bool, dict[str, Table]] = {True: defaultdict(list), False: defaultdict(list)}
    for style in styles:
        own = Corpus([page for page in corpus.pages if page.fold == style.group], [])
        fates = _fates(own, style, [models[style.group]] * FOLDS, chosen)
        name = style.name if style.leads_away else f"content: {style.name}"
        found[name] = {part: interval(table, ratio) for part, table in fates.items()}
        for part, table in fates.items():
            # One row a style: what is drawn again for the interval are styles, for articles recur in all of them.
            totals[style.leads_away][part].append((sum(row[0] for row in table), sum(row[1] for row in table)))
    for name, leads_away in (("all that leads away", True), ("all hard negatives", False)):
        found[name] = {part: interval(table, ratio) for part, table in totals[leads_away].items()}
    return found


def held_out_line_figures(corpus: Corpus, models: Sequence[Arrays], chosen: Chosen) -> dict[str, dict[str, Figure]]:
    """The same for the lines that no model is trained on; `models[k]` has not seen the sites of fold k."""
    pages = Corpus(corpus.pages, [])
    return {
        style.name: {part: interval(table, ratio) for part, table in _fates(pages, style, models, chosen).items()}
        for style in read_held_out_lines()
    }


def _fates(corpus: Corpus, style: Style, models: Sequence[Arrays], chosen: Chosen) -> dict[str, Table]:
    """For each article that lines of a style are put into: how many are removed, and flagged as promotional, of how
    many."""
    rows: dict[str, Table] = defaultdict(list)
    for article in injections(corpus, models, style.lines, html=True, seed=3):
        foreign = np.asarray(article.foreign)
        if count := float(foreign.sum()):
            removed, promotional = _fate(article, chosen)
            rows["removed"].append((float((foreign & removed).sum()), count))
            rows["flagged_promotional"].append((float((foreign & promotional).sum()), count))
    return rows


def _fate(article: Injection, chosen: Chosen) -> tuple[np.ndarray, np.ndarray]:
    """Which lines are removed, and which flagged as an advert or self-promotion."""
    thresholds = chosen[article.judged.lines.form]
    judged = judge(article.judged.lines, article.judged.odds, KEEP, thresholds)
    flagged = chosen_of(judged, KEEP, thresholds)
    promotional = np.zeros(len(judged.kept), np.bool_)
    at = np.asarray(flagged.lines, np.int64)
    promotional[at[np.isin(flagged.labels, _PROMOTIONAL)]] = True
    return ~judged.kept, promotional
