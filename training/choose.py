"""Thresholds: chosen on held-out articles for a stated loss of content, not by eye."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from dechaff.judge import LABELS, judge
from dechaff.labels import FLAGGED, Label
from dechaff.lines.table import Form
from dechaff.thresholds import JUDGED, Threshold, Thresholds
from training.data import Page
from training.figures import KEEP
from training.held_out import Injection, Judged
from training.labels import CONTENT

#: For each strictness: how much content may be removed, and flagged, as promotional or leading away. In plain text and
#: bare HTML, lines per 1,000 lines of article text; some lines of gold text are adverts or a "read more" themselves, so
#: that less real content is lost. In pages with classes and ids, characters per 1,000 of lines labelled content.
LOSS: dict[Form, dict[str, tuple[float, float]]] = {
    "html": {"lenient": (5.0, 8.0), "balanced": (16.0, 22.0), "strict": (25.0, 36.0)},
    "bare": {"lenient": (1.0, 5.0), "balanced": (2.7, 15.0), "strict": (12.0, 30.0)},
    "text": {"lenient": (1.0, 5.0), "balanced": (3.3, 15.0), "strict": (12.0, 30.0)},
}

#: No flag on a line that is kept below these scores: doubt alone is not worth a reader's time. In documents without
#: classes and ids that lines are put into, of those scored from 0.15 to 0.35 about twice as many were put there as the
#: score says.
LEAST_FLAG: dict[Form, dict[str, float]] = {
    "html": {"lenient": 0.4, "balanced": 0.3, "strict": 0.15},
    "bare": {"lenient": 0.25, "balanced": 0.15, "strict": 0.08},
    "text": {"lenient": 0.25, "balanced": 0.15, "strict": 0.08},
}

#: From this probability of not being main text on, a line goes as navigation, byline, caption or comment. Plain text
#: mostly is main text already, and has no markup to tell furniture by.
REST: dict[Form, dict[str, float]] = {
    "html": {"lenient": 0.7, "balanced": 0.5, "strict": 0.35},
    "bare": {"lenient": 0.7, "balanced": 0.5, "strict": 0.35},
    "text": {"lenient": 0.98, "balanced": 0.95, "strict": 0.8},
}

#: The same for what is taken for a caption or byline: in bare HTML nothing but its words tells one from a short
#: paragraph. Of the lines that held-out articles lost there at 0.6, half were dates, sources and rows of rankings.
BESIDE: dict[Form, dict[str, float]] = {
    "html": {"lenient": 0.7, "balanced": 0.6, "strict": 0.45},
    "bare": {"lenient": 0.85, "balanced": 0.75, "strict": 0.55},
    "text": REST["text"],
}

#: A line on another subject is flagged, never removed: nobody but the reader knows whether it belongs.
OFF_TOPIC_FLAG = {"lenient": 0.7, "balanced": 0.5, "strict": 0.35}

#: Thresholds that are tried, from the most willing to remove on.
_STEPS = [step / 40 for step in range(2, 40)]

_AWAY = frozenset(FLAGGED - {Label.OFF_TOPIC})
_AWAY_NUMBERS = [LABELS.index(label) for label in _AWAY]

Pairs = dict[str, tuple[float, float | None]]

#: How much content these thresholds lose.
Loss = Callable[[Thresholds], float]


def thresholds(articles: Sequence[Injection], pages: Sequence[tuple[Page, Judged]]) -> dict[str, dict[str, Pairs]]:
    """For every form of documents, strictness and label the pair (flag, remove).

    `articles` are held-out articles with and without injected lines, as bare HTML and as plain text, `pages` held-out
    pages.
    """
    found = {}
    for form in get_args(Form):
        if form == "html":
            loss: Loss = partial(
                _characters_lost, [its for its in pages if its[1].lines.form == form and any(its[0].hand)]
            )
        else:
            loss = partial(_lines_lost, [article for article in articles if article.judged.lines.form == form])
        found[form] = {strictness: _chosen(loss, form, strictness) for strictness in LOSS[form]}
    return found


def _chosen(loss: Loss, form: Form, strictness: str) -> Pairs:
    lost, flagged = LOSS[form][strictness]
    losses = {step: loss(_pairs(step, step, form, strictness)) for step in _STEPS}
    remove = next((step for step in _STEPS if losses[step] <= lost), 1.0)
    flag = next((step for step in _STEPS if losses[step] <= flagged), remove)
    pairs = _pairs(min(max(flag, LEAST_FLAG[form][strictness]), remove), remove, form, strictness)
    return {label.value: (pair.flag, pair.remove) for label, pair in pairs.items()}


def _pairs(flag: float, remove: float, form: Form, strictness: str) -> dict[Label, Threshold]:
    found = {label: Threshold(1.0, REST[form][strictness]) for label in JUDGED}
    found |= {label: Threshold(1.0, BESIDE[form][strictness]) for label in (Label.CAPTION, Label.METADATA)}
    found |= {label: Threshold(flag, remove) for label in _AWAY}
    found[Label.OFF_TOPIC] = Threshold(OFF_TOPIC_FLAG[strictness], None)
    return found


def _lines_lost(articles: Sequence[Injection], pairs: Thresholds) -> float:
    """Lines per 1,000 lines of article text that go as an ad, self-promotion or a teaser."""
    lost = lines = 0
    for article in articles:
        own = ~np.asarray(article.foreign)
        lost += int((own & _led_away(article.judged, pairs)).sum())
        lines += int(own.sum())
    return 1000 * lost / lines


def _characters_lost(pages: Sequence[tuple[Page, Judged]], pairs: Thresholds) -> float:
    """Characters per 1,000 of the lines labelled content that go so."""
    lost = characters = 0
    for page, judged in pages:
        size = np.fromiter(map(len, judged.lines.texts), np.int64, len(judged.lines))
        size[~(np.asarray(page.hand) & (np.asarray(page.document.targets) == CONTENT))] = 0
        lost += int(size[_led_away(judged, pairs)].sum())
        characters += int(size.sum())
    return 1000 * lost / characters


def _led_away(judged: Judged, pairs: Thresholds) -> NDArray[np.bool_]:
    found = judge(judged.lines, judged.odds, KEEP, pairs)
    away: NDArray[np.bool_] = ~found.kept & np.isin(found.labels, _AWAY_NUMBERS)
    return away
