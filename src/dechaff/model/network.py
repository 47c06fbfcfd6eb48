"""The forward pass: features of a batch → probabilities of every line, in numpy.

First stage: linear scores of a line's words and of the names of its containers (the log-odds of a logistic
regression on hashed n-grams). Second stage: a small network reads them beside form, place and topic, then listens
twice to what its neighbours, its containers, its document and the lines of its kind say.

A line's numbers are the same in whatever batch it comes: sums run over integers, and rows are multiplied in
blocks of one size that begin anew with every document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dechaff.features import packed
from dechaff.features.extract import Features
from dechaff.features.segments import offsets, steps
from dechaff.features.tree import LEVELS, Tree
from dechaff.limits import MAX_ANCESTORS, MAX_REASONED_LINES
from dechaff.model.weights import CLASSES, INPUTS, LINE_WIDTH, NAME_BUCKETS, REACH, SAID_WIDTH, Model

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Rows multiplied at a time. A product of another height, or a row at another place in it, may take another path in
#: the BLAS library and end in other last bits. Products of at most 2**18 multiplications stay on one core in
#: OpenBLAS, whose other threads would cost more than they give: 16 rows of the widest layer are just below.
_BLOCK = 16

#: Lines that pass through a layer together. What a line hears is 20 times what is kept of it: for so many it stays in
#: the cache, and for all lines of a large document at once it would be most of the memory used.
_STRETCH = 32 * _BLOCK

#: What lines say is rounded to multiples of 1 / _STEP, so that its sums are exact.
_STEP = 1 << 16

#: Where the neighbours stand that a line hears.
_NEAR = np.asarray([sign * step for step in range(1, REACH + 1) for sign in (-1, 1)])

#: Standardised inputs are cut here: a number nobody saw in training says no more than a large one.
CLIP = 6.0

#: Ancestors further than the parent weigh this much in sum.
FAR_SHARE = np.float32(1 / 3)


def probabilities(model: Model, features: Features, scores: Floats) -> Floats:
    """The probability of every class for every line, shape (lines, classes); rows sum to one.

    `scores` are what `first_stage` gives for these features.
    """
    return forward(model, features, scores).odds


def forward(model: Model, features: Features, scores: Floats) -> Forward:
    """As `probabilities`, with what it takes to ask about single lines again."""
    around = _Around(features)
    reasoned = bool((steps(features.starts) <= MAX_REASONED_LINES).any())
    kept: list[_Heard] = []
    x = np.zeros((around.rows, INPUTS), np.float32)
    x[around.row_of] = _standard(model, scores)
    one, two = np.empty((around.rows, LINE_WIDTH), np.float32), np.empty((around.rows, LINE_WIDTH), np.float32)
    for rows in _stretches(around.rows):
        one[rows] = _layer(model, "line", x[rows])
    heard = _Heard(around, model, "say_1", one)
    for rows in _stretches(around.rows):
        two[rows] = _layer(model, "context_1", np.concatenate([one[rows], *heard.by(rows)], axis=1))
    if reasoned:
        kept.append(heard)
    heard = _Heard(around, model, "say_2", two)
    if reasoned:
        kept.append(heard)
    logits = np.empty((around.rows, len(CLASSES)), np.float32)
    for rows in _stretches(around.rows):
        hidden = _layer(model, "context_2", np.concatenate([two[rows], one[rows], *heard.by(rows)], axis=1))
        logits[rows] = _product(hidden, model["out"])
    odds: Floats = logits[around.row_of]
    odds -= np.ascontiguousarray(odds.T).max(axis=0)[:, None]  # along rows this takes four times as long
    np.exp(odds, out=odds)
    odds /= odds.sum(axis=1, keepdims=True)
    return Forward(odds, model, scores, around.row_of, kept)


def _standard(model: Model, scores: Floats) -> Floats:
    standard: Floats = scores - model["mean"]
    standard /= model["std"]
    standard.clip(-CLIP, CLIP, out=standard)
    return standard


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """One pass over a batch: `odds` are the probabilities, the rest is what the lines were and heard."""

    odds: Floats
    _model: Model
    _scores: Floats
    _row_of: Ints
    _rounds: Sequence[_Heard]

    def alone(self, lines: Ints) -> Alone:
        """Some lines of a document that has at most `MAX_REASONED_LINES`, by themselves."""
        rows = self._row_of[lines]
        heard = [np.concatenate(its.by(rows), axis=1) for its in self._rounds]
        return Alone(self._model, _standard(self._model, self._scores[lines]), heard[0], heard[1])


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """Lines taken out of their batch: `inputs` (lines, INPUTS), standardised, and what they heard in each round."""

    _model: Model
    inputs: Floats
    _first: Floats
    _second: Floats

    def logits(self, line: int, inputs: Floats) -> Floats:
        """What the model would say of a line with each of these rows of inputs, if it heard what it did.

        At most `_BLOCK` rows: they fill one block, so that the numbers of a line depend on no other one.
        """
        x = np.zeros((_BLOCK, INPUTS), np.float32)
        x[: len(inputs)] = inputs
        first, second = self._first[[line] * _BLOCK], self._second[[line] * _BLOCK]
        one = _layer(self._model, "line", x)
        two = _layer(self._model, "context_1", np.concatenate([one, first], axis=1))
        hidden = _layer(self._model, "context_2", np.concatenate([two, one, second], axis=1))
        return _product(hidden, self._model["out"])[: len(inputs)]


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


def _stretches(rows: int) -> Iterator[slice]:
    return (slice(first, first + _STRETCH) for first in range(0, rows, _STRETCH))


def _layer(model: Model, name: str, x: Floats) -> Floats:
    product = _product(x, model[name])
    return np.maximum(product, 0, out=product)


def _product(x: Floats, weights: Floats) -> Floats:
    """`x @ weights[:-1] + weights[-1]`, in blocks of equal height, of which `x` has a whole number."""
    blocks = x.reshape(-1, _BLOCK, x.shape[1])
    out: Floats = np.matmul(blocks, weights[:-1]).reshape(-1, weights.shape[1])
    out += weights[-1]
    return out


class _Around:
    """Where the lines around each line are, as rows; the same for both rounds of listening.

    The rows of a document begin with a block and fill whole ones, with rows that stand for no line at its end.
    `row_of` (lines) has the row of each line. Of each row, `neighbours` has those of the lines near it, `low` and
    `high` where its containers and its document begin and end.
    """

    def __init__(self, features: Features) -> None:
        starts, tree = features.starts, features.tree
        lines = steps(starts)
        filled = -(-lines // _BLOCK) * _BLOCK
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
        for rows in _stretches(len(lines)):
            self.said[:-1][rows] = _layer(model, name, lines[rows])
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
