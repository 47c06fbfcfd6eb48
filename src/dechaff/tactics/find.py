"""Lines → the tactics they use, each with its probability and the words that show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dechaff.hidden.orders import SHOWN_SCORE, order_in
from dechaff.labels import PROMOTIONAL, Label, Tactic
from dechaff.result import TacticSpan
from dechaff.tactics.cues import Dense, dense, groups, spans
from dechaff.tactics.weights import LEARNED, TacticsModel, model

#: Cues of less weight than this, in log-odds, show nothing.
_MIN_WEIGHT = 0.3


class Read(NamedTuple):
    """A line to be read: its text, where it starts in the source, and the label it is flagged with, if it is.

    A flagged line has spoken against itself; of others a tactic must be much surer.
    """

    text: str
    start: int
    label: Label | None = None


def tactics_of(lines: Sequence[Read]) -> list[tuple[TacticSpan, ...]]:
    """The tactics of each line, the likeliest first; spans index the source, as lines do.

    >>> (found,) = tactics_of([Read("Hurry, only 3 left, offer ends tonight!", 100, Label.AD)])
    >>> sorted(span.tactic.value for span in found)
    ['scarcity', 'urgency']
    >>> tactics_of([Read("The bridge was built in 1931.", 0)])
    [()]
    """
    if not lines:
        return []
    known = model()
    texts = [line.text for line in lines]
    seen = dense(texts)
    odds = known.probabilities_with(texts, seen)
    found = []
    for line, row, cues in zip(lines, odds.tolist(), seen, strict=True):
        own = [
            _span(known, line, cues, number, tactic, probability)
            for number, (tactic, probability) in enumerate(zip(LEARNED, row, strict=False))
            if probability >= known.threshold(tactic.value, flagged=line.label is not None)
            and (tactic is not Tactic.DISGUISED_AD or line.label in PROMOTIONAL)
        ]
        order = order_in(line.text)
        if order is not None and order.score >= SHOWN_SCORE:
            start, end = line.start + order.start, line.start + order.end
            own.append(TacticSpan(Tactic.MACHINE_INSTRUCTION, order.score, start, end))
        found.append(tuple(sorted(own, key=lambda span: -span.score)))
    return found


def _span(known: TacticsModel, line: Read, cues: Dense, number: int, tactic: Tactic, probability: float) -> TacticSpan:
    """A tactic with the one of the line's cues that speaks most for it; the whole line where no cue does."""
    weights = known.arrays["dense"][: len(groups()), number] * cues[: len(groups())]
    best = int(np.argmax(weights))
    start, end = 0, len(line.text)
    if weights[best] >= _MIN_WEIGHT:
        found = spans(line.text, groups()[best])
        start, end = max(found, key=lambda span: span[1] - span[0], default=(start, end))
    return TacticSpan(tactic, round(probability, 5), line.start + start, line.start + end)
