"""Why a line got its label: which of its words spoke for it, and which element around it.

The first stage is linear, so what a word or a name adds to the log-odds of a label against content is a sum of
entries of its tables. The second stage weighs these against form, place and neighbours; a reason is therefore
evidence that the model had, not a proof that it decided alone.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dechaff.features.extract import Features
from dechaff.features.hashing import plain
from dechaff.features.segments import offsets
from dechaff.limits import HEAD_WORDS, MAX_LINE_CHARS, TAIL_WORDS
from dechaff.lines.table import Lines
from dechaff.model.weights import CLASSES, VIEWS, Model
from dechaff.result import Label, Reason

#: Reasons of less weight than this (in log-odds) say nothing.
MIN_WEIGHT = 0.15

#: Words that a flag names at most.
MAX_WORDS = 3

_CONTENT = CLASSES.index("content")

#: Words as `features.utf8` takes them: an ideograph begins one, and a lone surrogate stands in none. Linear: no
#: character can stand in both classes.
_WORD = re.compile(
    r"[\u3000-\u9fff][0-9A-Za-z\u0080-\u2fff\ua000-\ud7ff\ue000-\U0010ffff]*"
    r"|[0-9A-Za-z\u0080-\u2fff\ua000-\ud7ff\ue000-\U0010ffff]+"
)


class Explainer:
    """Evidence for lines of one batch, from its features and what the first stage made of them."""

    def __init__(self, model: Model, features: Features, scores: NDArray[np.float32]) -> None:
        self.model = model
        self.ids, self.starts = features.word_ids, offsets(features.word_counts)
        self.views = scores[:, : VIEWS * len(CLASSES)].reshape(len(scores), VIEWS, len(CLASSES))

    def evidence(self, lines: Lines, first: int, line: int, label: Label) -> Evidence:
        """What spoke for `label` on line `line` of a document whose first line has the number `first` in the batch."""
        row = first + line
        ids = self.ids[self.starts[row] : self.starts[row + 1]]
        return Evidence(self.model, lines, line, CLASSES.index(label.value), ids.copy(), self.views[row].copy())


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the model had about one line, no longer tied to its batch.

    `column` is the class in question, `ids` (words, 3) the buckets of the line's n-grams, `views` (VIEWS, classes) what
    the first stage made of it.
    """

    model: Model
    lines: Lines
    line: int
    column: int
    ids: NDArray[np.int32]
    views: NDArray[np.float32]

    def reasons(self) -> tuple[Reason, ...]:
        """Reasons why the line may be of the class, the heaviest first.

        Weights are log-odds for the class against content, as the first stage sees them.
        """
        found = [*self._words(), *self._elements()]
        found.sort(key=lambda reason: -reason.weight)
        return tuple(found)

    def _words(self) -> list[Reason]:
        ids = self.ids
        if not len(ids):
            return []
        words, scale = self.model["words"], self.model["word_scale"]
        there, here = words[ids, self.column], words[ids, _CONTENT]
        odds = there.sum(axis=1) * scale[self.column] - here.sum(axis=1) * scale[_CONTENT]
        weights = (odds / math.sqrt(len(ids))).tolist()
        best = sorted(range(len(weights)), key=lambda k: -weights[k])[:MAX_WORDS]
        if weights[best[0]] < MIN_WEIGHT:
            return []
        spans = _read_spans(self.lines.texts[self.line])
        if len(spans) != len(weights):
            return []
        start = self.lines.starts[self.line]
        return [
            Reason("word", round(weights[k], 3), start + spans[k][0], start + spans[k][1])
            for k in best
            if weights[k] >= MIN_WEIGHT
        ]

    def _elements(self) -> list[Reason]:
        """The element right around the line that speaks most for the label, and what stands further out."""
        odds = (self.views[1:, self.column] - self.views[1:, _CONTENT]).tolist()
        containers = self.lines.containers
        block = self.lines.blocks[self.line]
        near = [self.lines.leaves[self.line], block, containers.parents[block]]
        best = max(range(3), key=lambda k: odds[k])
        found = []
        if odds[best] >= MIN_WEIGHT and near[best]:
            found.append(Reason(f"element {containers.step(near[best])}", round(odds[best], 3)))
        if odds[3] >= MIN_WEIGHT:
            found.append(Reason("elements further out", round(odds[3], 3)))
        return found


def _read_spans(text: str) -> list[tuple[int, int]]:
    """Where the words stand that the model reads of a text; none if the cut in a long text may go through one."""
    if len(text) <= MAX_LINE_CHARS:
        spans = _spans(text)
        return spans if len(spans) <= HEAD_WORDS + TAIL_WORDS else spans[:HEAD_WORDS] + spans[-TAIL_WORDS:]
    half = MAX_LINE_CHARS // 2
    head, tail = _spans(text[:half]), _spans(text[-half:])
    if len(head) <= HEAD_WORDS or len(tail) <= TAIL_WORDS:
        return []
    cut = len(text) - half
    return head[:HEAD_WORDS] + [(cut + start, cut + end) for start, end in tail[-TAIL_WORDS:]]


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text stand in it.

    >>> _spans("“Buy… now”")
    [(1, 4), (6, 9)]
    """
    spans = []
    at = 0
    for word in _WORD.findall(plain(text)):
        at = text.find(word, at)
        if at < 0:
            return []
        spans.append((at, at + len(word)))
        at += len(word)
    return spans
