"""The forward pass: features of a batch → probabilities of every line, in numpy.

First stage: linear scores of a line's words and of the names of its containers (the log-odds of a logistic
regression on hashed n-grams). Second stage: a small network reads them beside form, place and topic, then listens
twice to what its neighbours, its containers, its document and the lines of its kind say. Third stage, in documents
without classes and ids: `plain`.

A line's numbers are the same in whatever batch it comes: sums run over integers, and rows are multiplied in
blocks of one size that begin anew with every document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dechaff.features import packed
from dechaff.features.extract import Features
from dechaff.features.segments import offsets, steps
from dechaff.features.tree import LEVELS, Tree
from dechaff.limits import MAX_ANCESTORS, MAX_REASONED_LINES
from dechaff.model import plain
from dechaff.model.layers import BLOCK, layer, product, standard, stretches
from dechaff.model.weights import CLASSES, INPUTS, LINE_WIDTH, NAME_BUCKETS, REACH, SAID_WIDTH, VIEWS, Model

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: What lines say is rounded to multiples of 1 / _STEP, so that its sums are exact.
_STEP = 1 << 16

#: Where the neighbours stand that a line hears.
_NEAR = np.asarray([sign * step for step in range(1, REACH + 1) for sign in (-1, 1)])

#: Ancestors further than the parent weigh this much in sum.
FAR_SHARE = np.float32(1 / 3)


def probabilities(model: Model, features: Features, scores: Floats) -> Floats:
    """The probability of every class for every line, shape (lines, classes); rows sum to one.

    `scores` are what `first_stage` gives for these features.
    """
    return forward(model, features, scores).odds


def classified(model: Model, features: Features, scores: Floats) -> Floats:
    """What the network says of every line, before `plain` weighs some anew."""
    return _run(model, features, scores)[0]


def forward(model: Model, features: Features, scores: Floats) -> Forward:
    """As `probabilities`, with what it takes to ask about single lines again."""
    odds, around, heard = _run(model, features, scores)
    if features.plain.any():
        plain.weighed(model, odds, features.dense, features.plain.nonzero()[0], around.row_of)
    return Forward(odds, model, scores, features.plain, around.row_of, heard)


def _run(model: Model, features: Features, scores: Floats) -> tuple[Floats, _Around, list[_Heard]]:
    """The probabilities of every class for every line, where the lines around each are, and what was heard of them."""
    around = _Around(features)
    reasoned = bool((steps(features.starts) <= MAX_REASONED_LINES).any())
    kept: list[_Heard] = []
    x = np.zeros((around.rows, INPUTS), np.float32)
    x[around.row_of] = standard(scores, model["mean"], model["std"])
    one, two = np.empty((around.rows, LINE_WIDTH), np.float32), np.empty((around.rows, LINE_WIDTH), np.float32)
    for rows in stretches(around.rows):
        one[rows] = layer(model["line"], x[rows])
    heard = _Heard(around, model, "say_1", one)
    for rows in stretches(around.rows):
        two[rows] = layer(model["context_1"], np.concatenate([one[rows], *heard.by(rows)], axis=1))
    if reasoned:
        kept.append(heard)
    heard = _Heard(around, model, "say_2", two)
    if reasoned:
        kept.append(heard)
    logits = np.empty((around.rows, len(CLASSES)), np.float32)
    for rows in stretches(around.rows):
        hidden = layer(model["context_2"], np.concatenate([two[rows], one[rows], *heard.by(rows)], axis=1))
        logits[rows] = product(model["out"], hidden)
    odds = _softmax(logits[around.row_of])
    return odds, around, kept


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """One pass over a batch: `odds` are the probabilities, the rest is what the lines were and heard."""

    odds: Floats
    _model: Model
    _scores: Floats
    _plain: NDArray[np.bool_]
    _row_of: Ints
    _rounds: Sequence[_Heard]

    def alone(self, lines: Ints) -> Alone:
        """Some lines of a document that has at most `MAX_REASONED_LINES`, by themselves."""
        rows = self._row_of[lines]
        heard = [np.concatenate(its.by(rows), axis=1) for its in self._rounds]
        return Alone(self._model, self._scores[lines], self._plain[lines], heard[0], heard[1])


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """Lines taken out of their batch: `scores` (lines, INPUTS) as `first_stage` gave them, whether their document is
    plain, and what they heard in each round."""

    _model: Model
    scores: Floats
    _plain: NDArray[np.bool_]
    _first: Floats
    _second: Floats

    def odds(self, line: int, scores: Floats) -> Floats:
        """The probabilities that the model would give a line with each of these rows of scores, if it heard what it
        did.

        At most `BLOCK` rows: they fill one block, so that the numbers of a line depend on no other one.
        """
        x = np.zeros((BLOCK, INPUTS), np.float32)
        x[: len(scores)] = scores
        first, second = self._first[[line] * BLOCK], self._second[[line] * BLOCK]
        one = layer(self._model["line"], standard(x, self._model["mean"], self._model["std"]))
        two = layer(self._model["context_1"], np.concatenate([one, first], axis=1))
        hidden = layer(self._model["context_2"], np.concatenate([two, one, second], axis=1))
        odds = _softmax(product(self._model["out"], hidden))
        if self._plain[line]:
            odds = plain.anew(self._model, odds, x[:, VIEWS * len(CLASSES) :])
        return odds[: len(scores)]


def _softmax(logits: Floats) -> Floats:
    """Logits as probabilities, in their place."""
    logits -= np.ascontiguousarray(logits.T).max(axis=0)[:, None]  # along rows this takes four times as long
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits


def first_stage(tables: Mapping[str, NDArray[Any]], features: Features) -> Floats:
    """What the second stage reads, shape (lines, INPUTS): five views of class scores, then the dense features.

    `tables` has `words`, `word_scale`, `word_bias`, `names` and `name_scale` as `Model.tables` has them.
    """
    tree = features.tree
    words = packed.sums(tables["words"], len(CLASSES), features.word_ids, features.word_counts) * tables["word_scale"]
    words /= np.sqrt(np.maximum(features.word_counts, 1))[:, None].astype(np.float32)
    words += tables["word_bias"]
    words[features.word_counts == 0] = 0
    distinct = packed.sums(tables["names"], len(CLASSES), features.name_ids & (NAME_BUCKETS - 1), features.name_counts)
    names = (distinct * tables["name_scale"]).take(features.name_of, axis=0)
    above = tree.parents[tree.blocks]
    inner = names.take(tree.leaves, axis=0)
    inner[tree.leaves == tree.blocks] = 0
    parent = names.take(above, axis=0)
    far = np.zeros_like(parent)
    for _ in range(MAX_ANCESTORS):
        above = tree.parents[above]
        far += names.take(above, axis=0)
    block = names.take(tree.blocks, axis=0)
    x: Floats = np.concatenate([words, inner, block, parent, far * FAR_SHARE, features.dense], axis=1)
    assert x.shape[1] == INPUTS
    return x.astype(np.float32, copy=False)


class _Around:
    """Where the lines around each line are, as rows; the same for both rounds of listening.

    The rows of a document begin with a block and fill whole ones, with rows that stand for no line at its end.
    `row_of` (lines) has the row of each line. Of each row, `neighbours` has those of the lines near it, `low` and
    `high` where its containers and its document begin and end.
    """

    def __init__(self, features: Features) -> None:
        starts, tree = features.starts, features.tree
        lines = steps(starts)
        filled = -(-lines // BLOCK) * BLOCK
        firsts = offsets(filled)
        self.rows = int(firsts[-1])
        shift = (firsts[:-1] - starts[:-1]).repeat(lines)
        self.row_of = np.arange(starts[-1]) + shift
        first, last = firsts[:-1].repeat(filled), (firsts[:-1] + lines).repeat(filled)
        near = np.arange(self.rows)[:, None] + _NEAR
        # A neighbour outside the document is the row of zeros behind all others.
        self.neighbours = np.where((near >= first[:, None]) & (near < last[:, None]), near, self.rows)
        self.low = np.zeros((self.rows, LEVELS + 1), np.int64)
        self.high = np.ones((self.rows, LEVELS + 1), np.int64)
        self.low[self.row_of, :LEVELS] = tree.ranges[..., 0] + shift[:, None]
        self.high[self.row_of, :LEVELS] = tree.ranges[..., 1] + shift[:, None]
        self.low[:, LEVELS], self.high[:, LEVELS] = first, last
        self.scale = (1 / (_STEP * (self.high - self.low))).astype(np.float32)[..., None]
        self.templates = _Templates(tree, self.row_of, self.rows)


class _Heard:
    """What lines hear when all of them say what layer `name` makes of them."""

    def __init__(self, around: _Around, model: Model, name: str, lines: Floats) -> None:
        self.around = around
        self.said = np.zeros((len(lines) + 1, SAID_WIDTH), np.float32)
        for rows in stretches(len(lines)):
            self.said[:-1][rows] = layer(model[name], lines[rows])
        whole = np.rint(self.said[:-1] * _STEP).astype(np.int64)
        self.sums = np.zeros((len(lines) + 1, SAID_WIDTH), np.int64)
        np.add.accumulate(whole, axis=0, out=self.sums[1:])
        self.means = around.templates.means(whole)

    def by(self, rows: slice | Ints) -> tuple[Floats, Floats, Floats]:
        """What these rows hear, HEARD * SAID_WIDTH numbers in all: neighbours, containers, lines of their kind."""
        around, sums = self.around, self.sums
        near = self.said.take(around.neighbours[rows], axis=0)
        within = sums.take(around.high[rows], axis=0)
        within -= sums.take(around.low[rows], axis=0)
        means = within.astype(np.float32)
        means *= around.scale[rows]
        alike = self.means.take(around.templates.group[rows], axis=0)
        return _flat(near), _flat(means), alike


def _flat(numbers: Floats) -> Floats:
    """One row for each of the first axis, which may be empty."""
    return numbers.reshape(len(numbers), numbers.shape[1] * numbers.shape[2])


class _Templates:
    """Lines of one document in elements of the same kind, as groups of rows. No template is without a line."""

    def __init__(self, tree: Tree, row_of: Ints, rows: int) -> None:
        sizes = np.bincount(tree.template)
        self.first = sizes.cumsum() - sizes
        self.order = row_of[tree.template.argsort(kind="stable")]
        self.group = np.zeros(rows, np.int64)
        self.group[row_of] = tree.template
        self.scale = 1 / (_STEP * sizes)[:, None]

    def means(self, whole: Ints) -> Floats:
        """The mean over each group, from what its lines say in steps of 1 / _STEP."""
        sums = np.add.reduceat(whole.take(self.order, axis=0), self.first, axis=0)
        means: Floats = (sums * self.scale).astype(np.float32)
        return means
