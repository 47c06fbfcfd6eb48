"""The forward pass: features of a batch → probabilities of every line, in numpy.

First stage: linear scores of a line's words and of the names of its containers (the log-odds of a logistic
regression on hashed n-grams). Second stage: a small network reads them beside form, place and topic, then listens
twice to what its neighbours, its containers, its document and the lines of its kind say.

A line's numbers are the same in whatever batch it comes: sums run over integers, and rows are multiplied in
blocks of one size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dechaff.features.extract import Features
from dechaff.features.place import Tree
from dechaff.limits import MAX_ANCESTORS
from dechaff.model.weights import CLASSES, INPUTS, LINE_WIDTH, NAME_BUCKETS, REACH, SAID_WIDTH, Model

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Rows multiplied at a time. A product of another height may take another path in the BLAS library and end in
#: other last bits. Products of at most 2**18 multiplications stay on one core in OpenBLAS, whose other threads would
#: cost more than they give: 16 rows of the widest layer are just below.
_BLOCK = 16

#: Lines that pass through a layer together. What a line hears is 20 times what is kept of it: for all lines of a
#: large document at once it would be most of the memory used.
_STRETCH = 256 * _BLOCK

#: What lines say is rounded to multiples of 1 / _STEP, so that its sums are exact.
_STEP = 1 << 16

#: Standardised inputs are cut here: a number nobody saw in training says no more than a large one.
CLIP = 6.0

#: Ancestors further than the parent weigh this much in sum.
FAR_SHARE = np.float32(1 / 3)


def probabilities(model: Model, features: Features, scores: Floats) -> Floats:
    """The probability of every class for every line, shape (lines, classes); rows sum to one.

    `scores` are what `first_stage` gives for these features.
    """
    lines = int(features.starts[-1])
    around = _Around(features)
    one, two = np.empty((lines, LINE_WIDTH), np.float32), np.empty((lines, LINE_WIDTH), np.float32)
    for rows in _stretches(lines):
        x = (scores[rows] - model["mean"]) / model["std"]
        one[rows] = _layer(model, "line", np.clip(x, -CLIP, CLIP, out=x))
    heard = _Heard(around, model, "say_1", one)
    for rows in _stretches(lines):
        two[rows] = _layer(model, "context_1", one[rows], heard.by(rows))
    heard = _Heard(around, model, "say_2", two)
    found = np.empty((lines, len(CLASSES)), np.float32)
    for rows in _stretches(lines):
        logits = _product(_layer(model, "context_2", two[rows], one[rows], heard.by(rows)), model["out"])
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits, out=logits)
        found[rows] = odds / odds.sum(axis=1, keepdims=True)
    return found


def first_stage(tables: Mapping[str, NDArray[Any]], features: Features) -> Floats:
    """What the second stage reads, shape (lines, INPUTS): five views of class scores, then the dense features.

    `tables` has `words`, `word_scale`, `word_bias`, `names` and `name_scale` as a `Model` has them.
    """
    tree = features.tree
    words = _sums(tables["words"], features.word_ids, features.word_counts) * tables["word_scale"]
    words /= np.sqrt(np.maximum(features.word_counts, 1))[:, None].astype(np.float32)
    words += tables["word_bias"]
    words[features.word_counts == 0] = 0
    distinct = _sums(tables["names"], features.name_ids & (NAME_BUCKETS - 1), features.name_counts)
    names = (distinct * tables["name_scale"]).take(features.name_of, axis=0)
    above = tree.parents[tree.blocks]
    inner = names[tree.leaves]
    inner[tree.leaves == tree.blocks] = 0
    parent = names[above]
    far = np.zeros_like(parent)
    for _ in range(MAX_ANCESTORS):
        above = tree.parents[above]
        far += names[above]
    x: Floats = np.concatenate([words, inner, names[tree.blocks], parent, far * FAR_SHARE, features.dense], axis=1)
    assert x.shape[1] == INPUTS
    return x.astype(np.float32, copy=False)


def _sums(table: NDArray[np.int8], ids: NDArray[np.int32], counts: Ints) -> Floats:
    """The sum of the table's rows for every bag of ids, exact because the rows are integers."""
    sums = np.zeros((len(counts), table.shape[1]), np.int32)
    filled = counts.nonzero()[0]
    if len(filled):
        first = (np.cumsum(counts) - counts)[filled] * ids.shape[1]
        sums[filled] = np.add.reduceat(table.take(ids.ravel(), axis=0), first, axis=0, dtype=np.int32)
    return sums.astype(np.float32)


def _stretches(lines: int) -> Iterator[slice]:
    return (slice(first, first + _STRETCH) for first in range(0, lines, _STRETCH))


def _layer(model: Model, name: str, *parts: Floats) -> Floats:
    product = _product(parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1), model[name])
    return np.maximum(product, 0, out=product)


def _product(x: Floats, weights: Floats) -> Floats:
    """`x @ weights[:-1] + weights[-1]`, in blocks of equal height."""
    rows, inputs = x.shape
    blocks = np.zeros((-(-rows // _BLOCK), _BLOCK, inputs), np.float32)
    blocks.reshape(-1, inputs)[:rows] = x
    out: Floats = np.matmul(blocks, weights[:-1]).reshape(-1, weights.shape[1])[:rows]
    out += weights[-1]
    return out


class _Around:
    """Where the lines around each line are; the same for both rounds of listening."""

    def __init__(self, features: Features) -> None:
        starts, tree = features.starts, features.tree
        lines = int(starts[-1])
        size = np.diff(starts)
        first, last = np.repeat(starts[:-1], size), np.repeat(starts[1:], size)
        steps = np.asarray([sign * step for step in range(1, REACH + 1) for sign in (-1, 1)])
        near = np.arange(lines)[:, None] + steps
        # A neighbour outside the document is the row of zeros behind all lines.
        self.neighbours = np.where((near >= first[:, None]) & (near < last[:, None]), near, lines)
        self.low = np.concatenate([tree.ranges[..., 0], first[:, None]], axis=1)
        self.high = np.concatenate([tree.ranges[..., 1], last[:, None]], axis=1)
        self.templates = _Templates(tree)


class _Heard:
    """What lines hear when all of them say what layer `name` makes of them, shape (lines, HEARD * SAID_WIDTH)."""

    def __init__(self, around: _Around, model: Model, name: str, lines: Floats) -> None:
        self.around = around
        self.said = np.zeros((len(lines) + 1, SAID_WIDTH), np.float32)
        self.sums = np.zeros((len(lines) + 1, SAID_WIDTH), np.int64)
        for rows in _stretches(len(lines)):
            self.said[:-1][rows] = _layer(model, name, lines[rows])
        whole = np.rint(self.said[:-1] * _STEP).astype(np.int64)
        np.cumsum(whole, axis=0, out=self.sums[1:])
        self.means = around.templates.means(whole)

    def by(self, rows: slice) -> Floats:
        """What these lines hear."""
        around, sums = self.around, self.sums
        near = self.said.take(around.neighbours[rows], axis=0)
        low, high = around.low[rows], around.high[rows]
        within = sums.take(high, axis=0)
        within -= sums.take(low, axis=0)
        means = within.astype(np.float32)
        means *= (1 / (_STEP * (high - low))).astype(np.float32)[..., None]
        count = len(near)
        alike = self.means.take(around.templates.group[rows], axis=0)
        return np.concatenate([near.reshape(count, -1), means.reshape(count, -1), alike], axis=1)


class _Templates:
    """Lines of one document in elements of the same kind, as groups."""

    def __init__(self, tree: Tree) -> None:
        self.order = np.argsort(tree.template, kind="stable")
        ordered = tree.template[self.order]
        self.first = np.flatnonzero(np.diff(ordered, prepend=-1))
        self.group = np.empty(len(ordered), np.int64)
        self.group[self.order] = np.repeat(np.arange(len(self.first)), np.diff(self.first, append=len(ordered)))
        self.size = np.diff(self.first, append=len(ordered))

    def means(self, whole: Ints) -> Floats:
        """The mean over each group, from what its lines say in steps of 1 / _STEP."""
        sums = np.add.reduceat(whole[self.order], self.first, axis=0)
        means: Floats = (sums / (_STEP * self.size)[:, None]).astype(np.float32)
        return means
