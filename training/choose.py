"""Thresholds: chosen on held-out articles for a stated loss of content, not by eye."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dechaff.judge import LABELS, judge
from dechaff.labels import FLAGGED, Label
from dechaff.result import Kind
from dechaff.thresholds import JUDGED, Threshold, Thresholds
from training.figures import KEEP
from training.held_out import Injection

#: For each strictness: lines per 1,000 lines of article text that may be removed, and flagged. Some lines of
#: gold text are adverts or a "read more" themselves, so that less real content is lost.
LOSS: dict[Kind, dict[str, tuple[float, float]]] = {
    "html": {"lenient": (1.0, 5.0), "balanced": (4.0, 15.0), "strict": (12.0, 30.0)},
    "text": {"lenient": (1.0, 5.0), "balanced": (5.1, 15.0), "strict": (12.0, 30.0)},
}

#: No flag on a line that is kept below these scores: doubt alone is not worth a reader's time.
LEAST_FLAG = {"lenient": 0.3, "balanced": 0.2, "strict": 0.1}

#: From this probability of not being main text on, a line goes as navigation, byline, caption or comment. Plain text
#: mostly is main text already, and has no markup to tell furniture by.
REST: dict[Kind, dict[str, float]] = {
    "html": {"lenient": 0.7, "balanced": 0.5, "strict": 0.35},
    "text": {"lenient": 0.98, "balanced": 0.95, "strict": 0.8},
}

#: The same for what is taken for a caption or byline in HTML: plain pages seldom hold one, and a short paragraph may
#: look so.
BESIDE = {"lenient": 0.7, "balanced": 0.6, "strict": 0.45}

#: A line on another subject is flagged, never removed: nobody but the reader knows whether it belongs.
OFF_TOPIC_FLAG = {"lenient": 0.7, "balanced": 0.5, "strict": 0.35}

#: Thresholds that are tried, from the most willing to remove on.
_STEPS = [step / 40 for step in range(2, 40)]

_AWAY = frozenset(FLAGGED - {Label.OFF_TOPIC})
_AWAY_NUMBERS = [LABELS.index(label) for label in _AWAY]

Pairs = dict[str, tuple[float, float | None]]


def thresholds(articles: dict[Kind, Sequence[Injection]]) -> dict[str, dict[str, Pairs]]:
    """For every kind of document, strictness and label the pair (flag, remove).

    `articles` are held-out articles with and without injected lines, as HTML and as plain text.
    """
    return {
        kind: {strictness: _chosen(its, kind, strictness) for strictness in LOSS[kind]}
        for kind, its in articles.items()
    }


def _chosen(articles: Sequence[Injection], kind: Kind, strictness: str) -> Pairs:
    lost, flagged = LOSS[kind][strictness]

    def loss(remove: float) -> float:
        return _loss(articles, _pairs(remove, remove, kind, strictness))

    remove = next((step for step in _STEPS if loss(step) <= lost), 1.0)
    flag = next((step for step in _STEPS if loss(step) <= flagged), remove)
    pairs = _pairs(min(max(flag, LEAST_FLAG[strictness]), remove), remove, kind, strictness)
    return {label.value: (pair.flag, pair.remove) for label, pair in pairs.items()}


def _pairs(flag: float, remove: float, kind: Kind, strictness: str) -> dict[Label, Threshold]:
    found = {label: Threshold(1.0, REST[kind][strictness]) for label in JUDGED}
    if kind == "html":
        found |= {label: Threshold(1.0, BESIDE[strictness]) for label in (Label.CAPTION, Label.METADATA)}
    found |= {label: Threshold(flag, remove) for label in _AWAY}
    found[Label.OFF_TOPIC] = Threshold(OFF_TOPIC_FLAG[strictness], None)
    return found


def _loss(articles: Sequence[Injection], pairs: Thresholds) -> float:
    """Lines per 1,000 lines of article text that go as an ad, self-promotion or a teaser."""
    lost = lines = 0
    for article in articles:
        own = ~np.asarray(article.foreign)
        judged = judge(article.judged.lines, article.judged.odds, KEEP, pairs)
        lost += int((own & ~judged.kept & np.isin(judged.labels, _AWAY_NUMBERS)).sum())
        lines += int(own.sum())
    return 1000 * lost / lines
