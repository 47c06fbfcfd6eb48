"""The containers of a batch as one tree: what each line stands in, and which lines each container holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from dechaff.features.hashing import Hashes
from dechaff.features.segments import Ints, numbered, steps
from dechaff.lines.table import Lines

#: Levels of containers whose means the model sees, beside the whole document.
LEVELS = 4


@dataclass(slots=True)
class Tree:
    """The containers of a batch: `parents`, and for each line its block, its leaf and `LEVELS` ranges of lines.

    `ranges[i, k]` is the half-open range of lines that the k-th distinct container around line i holds.
    `template[i]` numbers the lines of one document that stand in elements of the same kind.
    """

    parents: Ints
    depth: Ints
    blocks: Ints
    leaves: Ints
    ranges: Ints
    template: Ints


def tree(batch: Sequence[Lines], starts: Ints, container_starts: Ints, name_hash: Hashes) -> Tree:
    """Containers of all documents numbered through, with the ranges of lines that each holds.

    `starts` and `container_starts` are the first lines and containers of the documents and the numbers of all;
    `name_hash` says what a container is called.
    """
    lines, containers = steps(starts), steps(container_starts)
    document = np.arange(len(batch)).repeat(lines)
    offset = container_starts[document]
    parents = _flat([item.containers.parents for item in batch], containers)
    parents += container_starts[:-1].repeat(containers)
    blocks = _flat([item.blocks for item in batch], lines) + offset
    leaves = _flat([item.leaves for item in batch], lines) + offset
    bounds = [_bounds(item.containers.parents, item.blocks) for item in batch]
    first_line = starts[:-1].repeat(containers)
    low = _flat([lows for lows, _ in bounds], containers) + first_line
    high = _flat([highs for _, highs in bounds], containers) + first_line

    up = parents[blocks]
    kind = name_hash[blocks] * np.uint64(3) + name_hash[up] * np.uint64(5) + name_hash[parents[up]]
    template = numbered(kind * np.uint64(2 * len(batch) + 1) + document.astype(np.uint64))
    return Tree(parents, _depth(parents), blocks, leaves, _ranges(parents, blocks, low, high), template)


def _flat(lists: Sequence[Sequence[int]], sizes: Ints) -> Ints:
    return np.fromiter(chain.from_iterable(lists), np.int64, int(sizes.sum()))


def _bounds(parents: Sequence[int], blocks: Sequence[int]) -> tuple[list[int], list[int]]:
    """The first line of every container and the one past its last; -1 where it holds none.

    Each climb stops at the first container that has its bound, so all of them together visit a container once.
    """
    low, high = [-1] * len(parents), [-1] * len(parents)
    for i, container in enumerate(blocks):
        while low[container] < 0:
            low[container] = i
            container = parents[container]
    for i in range(len(blocks), 0, -1):
        container = blocks[i - 1]
        while high[container] < 0:
            high[container] = i
            container = parents[container]
    return low, high


def _depth(parents: Ints) -> Ints:
    """How many containers stand above each: every pass doubles how far up a container has looked."""
    depth: Ints = (parents != np.arange(len(parents))).astype(np.int64)
    above = parents
    while True:
        further = depth[above]
        if not further.any():
            return depth
        depth += further
        above = above[above]


def _ranges(parents: Ints, blocks: Ints, low: Ints, high: Ints) -> Ints:
    own = np.arange(len(parents))
    alike = (low == low[parents]) & (high == high[parents])
    top = np.where(alike, parents, own)  # the outermost container with the same lines, found by doubling
    while True:
        further = top[top]
        if (further == top).all():
            break
        top = further
    wider = parents[top]
    at = np.where(high[blocks] - low[blocks] > 1, blocks, wider[blocks])
    ranges = np.empty((len(blocks), LEVELS, 2), np.int64)
    for level in range(LEVELS):
        ranges[:, level, 0], ranges[:, level, 1] = low[at], high[at]
        at = wider[at]
    return ranges
