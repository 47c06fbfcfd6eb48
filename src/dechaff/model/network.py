"""The forward pass: features of a batch → probabilities of every line, in numpy.

First stage: linear scores of a line's words and of the names of its containers (the log-odds of a logistic
regression on hashed n-grams). Second stage: a small network reads them beside form, place and topic, then listens
twice to what its neighbours, its containers, its document and the lines of its kind say.

A line's numbers are the same in whatever batch it comes: sums run over integers, and rows are multiplied in
blocks of one size.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dechaff.features.extract import Features
from dechaff.features.place import LEVELS, Tree
from dechaff.limits import MAX_ANCESTORS
from dechaff.model.weights import CLASSES, INPUTS, NAME_BUCKETS, REACH, SAID_WIDTH, Model

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Rows multiplied at a time. A product of another height may take another path in the BLAS library and end in
#: other last bits.
_BLOCK = 256

#: What lines say is rounded to multiples of 1 / _STEP, so that its sums are exact.
_STEP = 1 << 16

#: Standardised inputs are cut here: a number nobody saw in training says no more than a large one.
CLIP = 6.0

#: Ancestors further than the parent weigh this much in sum.
FAR_SHARE = np.float32(1 / 3)


def probabilities(model: Model, features: Features) -> Floats:
    """The probability of every class for every line, shape (lines, classes); rows sum to one."""
    lines = int(features.starts[-1])
    x = (first_stage(model.arrays, features) - model["mean"]) / model["std"]
    np.clip(x, -CLIP, CLIP, out=x)
    around = _Around(features)
    one = _layer(model, "line", x)
    two = _layer(model, "context_1", one, around.heard(_layer(model, "say_1", one)))
    three = _layer(model, "context_2", two, one, around.heard(_layer(model, "say_2", two)))
    logits = _product(three, model["out"])
    logits -= logits.max(axis=1, keepdims=True)
    odds = np.exp(logits, out=logits)
    found: Floats = odds / odds.sum(axis=1, keepdims=True)
    assert found.shape == (lines, len(CLASSES))
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
    names = _sums(tables["names"], features.name_ids & (NAME_BUCKETS - 1), features.name_counts) * tables["name_scale"]
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
    filled = np.flatnonzero(counts)
    if len(filled):
        rows = table[ids[:, 0]].astype(np.int32)
        for k in range(1, ids.shape[1]):
            rows += table[ids[:, k]]
        first = (np.cumsum(counts) - counts)[filled]
        sums[filled] = np.add.reduceat(rows, first, axis=0)
    return sums.astype(np.float32)


def _layer(model: Model, name: str, *parts: Floats) -> Floats:
    product = _product(parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1), model[name])
    return np.maximum(product, 0, out=product)


def _product(x: Floats, weights: Floats) -> Floats:
    """`x @ weights[:-1] + weights[-1]`, in blocks of equal height."""
    rows, (inputs, outputs) = len(x), weights.shape
    padded = -(-rows // _BLOCK) * _BLOCK
    out = np.empty((padded, outputs), np.float32)
    block = np.zeros((_BLOCK, inputs - 1), np.float32)
    for start in range(0, padded, _BLOCK):
        part = x[start : start + _BLOCK]
        if len(part) < _BLOCK:
            block[: len(part)] = part
            part = block
        np.matmul(part, weights[:-1], out=out[start : start + _BLOCK])
    out += weights[-1]
    return out[:rows]


class _Around:
    """Where the lines around each line are; the same for both rounds of listening."""

    def __init__(self, features: Features) -> None:
        starts, tree = features.starts, features.tree
        lines = int(starts[-1])
        size = np.diff(starts)
        first, last = np.repeat(starts[:-1], size), np.repeat(starts[1:], size)
        index = np.arange(lines)
        steps = [sign * step for step in range(1, REACH + 1) for sign in (-1, 1)]
        # A neighbour outside the document is the row of zeros behind all lines.
        self.neighbours = [
            np.where((index + step >= first) & (index + step < last), index + step, lines) for step in steps
        ]
        self.low = [*(tree.ranges[:, k, 0] for k in range(LEVELS)), first]
        self.high = [*(tree.ranges[:, k, 1] for k in range(LEVELS)), last]
        self.templates = _Templates(tree)

    def heard(self, said: Floats) -> Floats:
        """What each line hears, shape (lines, HEARD * SAID_WIDTH)."""
        padded = np.zeros((len(said) + 1, SAID_WIDTH), np.float32)
        padded[:-1] = said
        parts: list[Floats] = [padded[rows] for rows in self.neighbours]
        whole = np.rint(said * _STEP).astype(np.int64)
        sums = np.zeros((len(said) + 1, SAID_WIDTH), np.int64)
        np.cumsum(whole, axis=0, out=sums[1:])
        for low, high in zip(self.low, self.high, strict=True):
            parts.append(((sums[high] - sums[low]) / (_STEP * (high - low))[:, None]).astype(np.float32))
        parts.append(self.templates.means(whole))
        return np.concatenate(parts, axis=1)


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
        """The mean over each line's group, from what is said in steps of 1 / _STEP."""
        sums = np.add.reduceat(whole[self.order], self.first, axis=0)
        means: Floats = (sums / (_STEP * self.size)[:, None]).astype(np.float32)
        return means.take(self.group, axis=0)
