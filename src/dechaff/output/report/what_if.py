"""From which threshold on each line would stay: what `dechaff.judge` decides, solved for the threshold."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from dechaff.judge import (
    AWAY_POWER,
    HEADING_CHARS,
    HEADING_SCORE,
    HEADING_WORDS,
    POWER,
    SHORT_CHARS,
    SHORT_SCORE,
    SHORT_WORDS,
    best_expected_f1,
    floor_of,
)
from dechaff.labels import FLAGGED, Label
from dechaff.result import Line, Result
from dechaff.thresholds import JUDGED, Rules

#: Labels without a threshold of their own go from this score on, as in `dechaff.judge`.
DEFAULT_REMOVE = 0.5

#: Decimal places of turning points.
DECIMALS = 4

_STEP = 0.1**DECIMALS

#: Above every threshold: such a line is never kept.
NEVER_STAYS = 2.0


class Turn(NamedTuple):
    """The label whose `remove` threshold decides about a line, and the highest one at which it is removed.

    Below 0 it stays at any threshold; `NEVER_STAYS` says that none keeps it.
    """

    label: Label
    at: float


def remove_of(rules: Rules, label: Label) -> float | None:
    """The threshold from which on a label is removed; None where it never is."""
    return rules.thresholds[label].remove if label in rules.thresholds else DEFAULT_REMOVE


def made_with(rules: Rules) -> dict[str, Any]:
    """The options of a `Cleaner` that gives such rules, as plain data.

    >>> from dechaff.thresholds import Threshold
    >>> made_with(Rules({Label.CAPTION, Label.CONTENT}, {Label.AD: Threshold(0.2, None)}, "strict", {Label.AD}))
    {'strictness': 'strict', 'keep': ['content', 'caption'], 'own': {'ad': [0.2, None]}}
    """
    return {
        "strictness": rules.strictness,
        "keep": [label.value for label in Label if label in rules.keep],
        "own": {label.value: [*rules.thresholds[label]] for label in Label if label in rules.own},
    }


def turns(result: Result) -> list[Turn]:
    """The turning point of every line of a result. At the thresholds of the result they give what was decided.

    Which lines make a list that stays (`dechaff.listed`) is not asked again for other thresholds.
    """
    rules = result.rules or Rules(frozenset({Label.CONTENT}), {})
    lines = result.lines
    fixed = Turn(Label.HIDDEN, NEVER_STAYS)
    shown = [line for line in lines if line.label is not Label.HIDDEN]
    if not shown:
        return [fixed] * len(lines)
    never = {label for label, threshold in rules.thresholds.items() if threshold.remove is None}
    stay = [label for label in Label if label in rules.keep or label in never]
    go = [label for label in JUDGED if label not in stay]
    stays = np.asarray([[line.probabilities.get(label, 0.0) for label in stay] for line in shown]).sum(axis=1)
    clarity = best_expected_f1(stays, np.asarray([len(line.text) for line in shown]))
    floor = floor_of(stays, result.kind)
    found: dict[int, Turn] = {}
    for i, (line, stays_here) in enumerate(zip(shown, stays.tolist(), strict=True)):
        if not go:
            found[line.index] = Turn(line.label, -1.0)
            continue
        gone = max(go, key=lambda label: line.probabilities.get(label, 0.0))
        lowered = clarity ** (AWAY_POWER if gone in FLAGGED else POWER)
        at = 1 - stays_here / lowered if lowered else 1.0 - (stays_here > 0)
        least = _least_score(line, float(stays[i + 1]) if i + 1 < len(shown) else 0.0) if gone in FLAGGED else 0.0
        if stays_here <= floor:
            at = 1.0 if stays_here == 0 else math.nextafter(1.0, 0.0)
        elif at < least:
            at = -1.0
        remove = remove_of(rules, gone)
        found[line.index] = Turn(gone, at if remove is None else _agreeing(at, remove, line.kept))
    return [found.get(line.index, fixed) for line in lines]


def _agreeing(at: float, remove: float, kept: bool) -> float:
    """The turning point, rounded so that the threshold in force gives what was decided."""
    rounded = round(max(at, -1.0), DECIMALS)
    if at < 1:
        rounded = min(rounded, 1 - _STEP)  # a threshold of 1 removes only what cannot stay at all
    if kept and rounded >= remove:
        return remove - _STEP
    if not kept and rounded < remove:
        return remove
    return rounded


def _least_score(line: Line, next_stays: float) -> float:
    """The score that a line like a sub-heading (short, no link, before a line that likely stays) takes to go, as in
    `dechaff.judge`; 0 for others."""
    if line.link_share >= 0.5 or next_stays < 0.5:
        return 0.0
    size, spaces = len(line.text), line.text.count(" ")
    if size <= SHORT_CHARS and spaces < SHORT_WORDS:
        return SHORT_SCORE
    return HEADING_SCORE if size <= HEADING_CHARS and spaces < HEADING_WORDS else 0.0
