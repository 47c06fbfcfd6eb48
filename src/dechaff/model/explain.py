"""Why a line got its label: which of its words spoke for it, and which element around it.

The first stage is linear, so what a word or a name adds to the log-odds of a label against content is a sum of
entries of its tables. The second stage weighs these against form, place and neighbours; a reason is therefore
evidence that the model had, not a proof that it decided alone.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from dechaff.features.extract import Features
from dechaff.features.hashing import plain
from dechaff.features.segments import offsets
from dechaff.limits import HEAD_WORDS, MAX_ANCESTORS, MAX_LINE_CHARS, TAIL_WORDS
from dechaff.lines.table import Lines
from dechaff.model.network import FAR_SHARE
from dechaff.model.weights import CLASSES, NAME_BUCKETS, Model
from dechaff.result import Label, Reason

#: Reasons of less weight than this (in log-odds) say nothing.
MIN_WEIGHT = 0.15

#: Words that a flag names at most.
MAX_WORDS = 3

_CONTENT = CLASSES.index("content")

#: Words as `features.hashing` takes them. Linear: one class, repeated.
_WORD = re.compile(r"[0-9A-Za-z\u0080-\U0010ffff]+")


class Explainer:
    """Reasons for lines of one batch."""

    def __init__(self, model: Model, features: Features) -> None:
        self.model, self.features = model, features
        self.word_starts = offsets(features.word_counts)
        self.name_starts = offsets(features.name_counts)

    def reasons(self, lines: Lines, first: int, line: int, label: Label) -> tuple[Reason, ...]:
        """Reasons why line `line` of a document may be `label`, the heaviest first.

        `first` is the number of the document's first line in the batch. Weights are log-odds for the label against
        content, as the first stage sees them.
        """
        column = CLASSES.index(label.value)
        found = [*self._words(lines, line, first + line, column), *self._container(lines, line, first + line, column)]
        return tuple(sorted(found, key=lambda reason: -reason.weight))

    def _words(self, lines: Lines, line: int, row: int, column: int) -> list[Reason]:
        text, start = lines.texts[line], lines.starts[line]
        ids = self.features.word_ids[self.word_starts[row] : self.word_starts[row + 1]]
        if not len(ids) or len(text) > MAX_LINE_CHARS:
            return []
        weights = self._odds("word", self.model["words"][ids], column) / np.sqrt(len(ids))
        spans = _spans(text)
        if len(spans) > HEAD_WORDS + TAIL_WORDS:
            spans = spans[:HEAD_WORDS] + spans[-TAIL_WORDS:]
        if len(spans) != len(weights):  # ideographs are words of their own, runs of them are none
            return []
        best = np.argsort(-weights, kind="stable")[:MAX_WORDS].tolist()
        return [
            Reason("word", round(float(weights[k]), 3), start + spans[k][0], start + spans[k][1])
            for k in best
            if weights[k] >= MIN_WEIGHT
        ]

    def _container(self, lines: Lines, line: int, row: int, column: int) -> list[Reason]:
        """The element around the line whose names speak most for the label."""
        tree, path = self.features.tree, lines.containers
        container, own = int(tree.leaves[row]), lines.leaves[line]
        parent = path.parents[lines.blocks[line]]
        share, best, best_own = 1.0, MIN_WEIGHT, -1
        for _ in range(MAX_ANCESTORS + 2):
            if not own:
                break
            ids = self.features.name_ids[self.name_starts[container] : self.name_starts[container + 1]]
            weights = self._odds("name", self.model["names"][ids & (NAME_BUCKETS - 1)], column)
            weight = share * float(weights.sum())
            if weight > best:
                best, best_own = weight, own
            if own == parent:
                share = float(FAR_SHARE)
            container, own = int(tree.parents[container]), path.parents[own]
        return [] if best_own < 0 else [Reason(f"element {path.step(best_own)}", round(best, 3))]

    def _odds(self, table: str, rows: NDArray[np.int8], column: int) -> NDArray[np.float64]:
        """Log-odds of a class against content, a number for each word of three n-grams."""
        scale = self.model[f"{table}_scale"].astype(np.float64)
        both = rows.sum(axis=1, dtype=np.int64) * scale
        odds: NDArray[np.float64] = both[:, column] - both[:, _CONTENT]
        return odds


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
