"""Why a line got its label: which of its words spoke for it, which element around it, and what else about it.

The first stage is linear, so what a word or a name adds to the log-odds of a label against content is a sum of
entries of its tables. The stages after it weigh these against form, place and neighbours. What a named group of
features adds is how much the log-odds fall when the line has the mean of the training lines in their place
("occlusion", Zeiler and Fergus 2014). A reason is therefore evidence that the model had, not a proof that it decided
alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dechaff.features import extent, form, meaning, owner, place, topic
from dechaff.features.extract import DENSE, Features
from dechaff.features.hashing import plain
from dechaff.features.segments import offsets
from dechaff.labels import Label
from dechaff.limits import HEAD_WORDS, MAX_LINE_CHARS, MAX_REASONED_LINES, TAIL_WORDS
from dechaff.lines.table import Lines
from dechaff.model.network import Alone, Forward
from dechaff.model.weights import CLASSES, VIEWS, Model
from dechaff.result import Reason

#: Reasons of less weight than this (in log-odds) say nothing.
MIN_WEIGHT = 0.15

#: Probabilities below this are all the same.
_LEAST = np.float32(1e-6)

#: Words that a flag names at most.
MAX_WORDS = 3

_CONTENT = CLASSES.index("content")

_LINKS = ("link_share", "all_link")
#: Features that are named together, by what a reader would call them.
FEATURES = {
    "form": form.NAMES,
    "topic": (*topic.NAMES, *meaning.NAMES),
    "links": _LINKS,
    "place": (*(name for name in place.NAMES if name not in _LINKS), *extent.NAMES),
    "owner": owner.NAMES,
}
#: The columns of each among the inputs of the network.
_COLUMNS = [[VIEWS * len(CLASSES) + DENSE.index(name) for name in names] for names in FEATURES.values()]


@cache  # made when first asked for reasons: it takes milliseconds, and the text of a page needs none
def _word() -> re.Pattern[str]:
    """Words as `features.utf8` takes them: an ideograph begins one, and a lone surrogate stands in none. Linear: no
    character can stand in both classes."""
    return re.compile(
        r"[\u3000-\u9fff][0-9A-Za-z\u0080-\u2fff\ua000-\ud7ff\ue000-\U0010ffff]*"
        r"|[0-9A-Za-z\u0080-\u2fff\ua000-\ud7ff\ue000-\U0010ffff]+"
    )


class Explainer:
    """Evidence for lines of one batch, from its features, what the first stage made of them, and the pass over it."""

    def __init__(self, model: Model, features: Features, scores: NDArray[np.float32], forward: Forward) -> None:
        self.model, self.forward = model, forward
        self.ids, self.starts = features.word_ids, offsets(features.word_counts)
        self.scores = scores

    def evidence(self, lines: Lines, first: int, chosen: Sequence[int]) -> Evidence:
        """What there is about some lines of a document whose first line has the number `first` in the batch."""
        rows = np.asarray(chosen, np.int64) + first
        bounds = zip(self.starts[rows].tolist(), self.starts[rows + 1].tolist(), strict=True)
        ids = [self.ids[start:end].copy() for start, end in bounds]
        place = {line: k for k, line in enumerate(chosen)}
        views = self.scores[rows, : VIEWS * len(CLASSES)].reshape(len(rows), VIEWS, len(CLASSES))
        alone = self.forward.alone(rows) if len(lines) <= MAX_REASONED_LINES else None
        return Evidence(self.model, lines, place, ids, views, alone)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the model had about some lines of a document, no longer tied to its batch.

    `chosen` has the place of each line in what follows: `ids` (words, 3) are the buckets of its n-grams, `views`
    (VIEWS, classes) what the first stage made of it, `alone` what the stages after it can say of it again
    (None in a very long document).
    """

    model: Model
    lines: Lines
    chosen: Mapping[int, int]
    ids: Sequence[NDArray[np.int32]]
    views: NDArray[np.float32]
    alone: Alone | None

    def reasons(self, line: int, label: Label) -> tuple[Reason, ...]:
        """Reasons why a chosen line may be what `label` says, the heaviest first.

        Weights are log-odds for the label against content: of words and elements as the first stage sees them, of
        features as the whole model does.
        """
        k, column = self.chosen[line], CLASSES.index(label.value)
        found = [
            *self._words(line, column, self.ids[k]),
            *self._elements(line, column, self.views[k]),
            *self._features(k, column),
        ]
        found.sort(key=lambda reason: -reason.weight)
        return tuple(found)

    def _words(self, line: int, column: int, ids: NDArray[np.int32]) -> list[Reason]:
        if not len(ids):
            return []
        words, scale = self.model["words"], self.model["word_scale"]
        there, here = words[ids, column], words[ids, _CONTENT]
        odds = there.sum(axis=1) * scale[column] - here.sum(axis=1) * scale[_CONTENT]
        weights = (odds / math.sqrt(len(ids))).tolist()
        best = sorted(range(len(weights)), key=lambda k: -weights[k])[:MAX_WORDS]
        if weights[best[0]] < MIN_WEIGHT:
            return []
        spans = _read_spans(self.lines.texts[line])
        if len(spans) != len(weights):
            return []
        start = self.lines.starts[line]
        return [
            Reason("word", round(weights[k], 3), start + spans[k][0], start + spans[k][1])
            for k in best
            if weights[k] >= MIN_WEIGHT
        ]

    def _elements(self, line: int, column: int, views: NDArray[np.float32]) -> list[Reason]:
        """The element right around the line that speaks most for the label, and what stands further out."""
        odds = (views[1:, column] - views[1:, _CONTENT]).tolist()
        containers = self.lines.containers
        block = self.lines.blocks[line]
        near = [self.lines.leaves[line], block, containers.parents[block]]
        best = max(range(3), key=lambda k: odds[k])
        found = []
        if odds[best] >= MIN_WEIGHT and near[best]:
            found.append(Reason(f"element {containers.step(near[best])}", round(odds[best], 3)))
        if odds[3] >= MIN_WEIGHT:
            found.append(Reason("elements further out", round(odds[3], 3)))
        return found

    def _features(self, k: int, column: int) -> list[Reason]:
        """Features without which the label would be less likely; none in a very long document."""
        if self.alone is None:
            return []
        scores = self.alone.scores[[k] * (1 + len(_COLUMNS))]
        for row, columns in enumerate(_COLUMNS, 1):
            scores[row, columns] = self.model["mean"][columns]
        likely = np.log(np.maximum(self.alone.odds(k, scores), _LEAST))
        odds = likely[:, column] - likely[:, _CONTENT]
        weights = zip(FEATURES, (odds[0] - odds[1:]).tolist(), strict=True)
        return [Reason(name, round(weight, 3)) for name, weight in weights if weight >= MIN_WEIGHT]


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
    for word in _word().findall(plain(text)):
        at = text.find(word, at)
        if at < 0:
            return []
        spans.append((at, at + len(word)))
        at += len(word)
    return spans
