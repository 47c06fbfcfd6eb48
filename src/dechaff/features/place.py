"""Place: where a line stands: in the page, in its containers, beside its neighbours, against the title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from dechaff.features.hashing import Hashes, Words
from dechaff.features.segments import Ints, Mask, numbered, offsets, places, steps, sums
from dechaff.lines.table import Joint, Lines

Floats = NDArray[np.float32]

NAMES = (
    "link_share",
    "all_link",
    "position",
    "position_chars",
    "log_lines",
    "log_document",
    "relative_length",
    "depth",
    "same_block_as_before",
    "same_block_as_after",
    "joint_line",
    "joint_cell",
    "title_share",
    "title_cover",
    "repeated",
    "log_container",
    "log_container_2",
    "after_first_heading",
    "gap_from_heading",
)

#: Levels of containers whose means the model sees, beside the whole document.
LEVELS = 4

#: Lines above which a heading is far.
_FAR = 50

#: An odd number that mixes a hash before the number of its document is added, so that documents stay apart.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)

#: Upper bits of a hash that tell at a glance that a word is in no title: titles of a batch have some hundred words.
_GLANCE_BITS = 16
_GLANCE = np.uint64(64 - _GLANCE_BITS)


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


def place(
    batch: Sequence[Lines],
    starts: Ints,
    document: Ints,
    structure: Tree,
    words: Words,
    spoken: Hashes,
    titles: Words,
    headings: Mask,
    repeated: Mask,
) -> Floats:
    """The place features of every line, shape (len(NAMES), lines).

    `starts` are the first lines of the documents and the number of all lines, `document` the document of each line,
    `spoken` what `apart` makes of the words, `titles` the words of each document's title, `headings` says which lines
    stand in a heading, `repeated` which have the words of another line.
    """
    total = int(starts[-1])
    length = np.fromiter(map(len, chain.from_iterable([lines.texts for lines in batch])), np.int64, total)
    links = np.fromiter(chain.from_iterable([lines.link_chars for lines in batch]), np.int64, total)
    joints = np.frombuffer(b"".join([bytes(lines.joints) for lines in batch]), np.uint8)
    index, first, counts = np.arange(total), starts[:-1][document], steps(starts)
    before = offsets(length)
    chars = steps(before[starts])
    weighted = sums(length * length, starts) / np.maximum(chars, 1)
    same = np.zeros(total + 1, bool)
    same[1:total] = structure.template[1:] == structure.template[:-1]  # of one document
    link_share = links / np.maximum(length, 1)
    size = structure.ranges[:, :2, 1] - structure.ranges[:, :2, 0]
    hits = _title_words(words, spoken, titles)
    last_heading = np.maximum.accumulate(np.where(headings, index, -1))
    seen = last_heading >= first
    columns = [
        link_share,
        link_share > 0.9,
        (index - first) / counts[document],
        (before[:-1] - before[first]) / np.maximum(chars, 1)[document],
        (np.log1p(counts) / 6)[document],
        (np.log1p(chars) / 10)[document],
        (np.log1p(length) - np.log1p(weighted)[document]) / 3,
        structure.depth[structure.blocks] / 15,
        same[:total],
        same[1:],
        joints == int(Joint.LINE),  # numpy takes ten times as long to read a member of an enumeration
        joints == int(Joint.CELL),
        hits / np.maximum(words.counts, 1),
        np.minimum(hits / np.maximum(titles.counts, 1)[document], 1),
        repeated,
        np.log1p(size[:, 0]) / 4,
        np.log1p(size[:, 1]) / 5,
        seen,
        np.where(seen, np.minimum(index - last_heading, _FAR), _FAR) / _FAR,
    ]
    rows = np.empty((len(NAMES), total), np.float32)
    for row, column in zip(rows, columns, strict=True):
        row[:] = column
    return rows


def _title_words(words: Words, spoken: Hashes, titles: Words) -> Ints:
    """How many words of each line stand in the title of its document."""
    line = words.line[said_in(spoken, titles)]
    return np.bincount(line, minlength=len(words.counts))


def said_in(spoken: Hashes, texts: Words) -> Ints:
    """Which words stand in the text of their document, of which each has one; their numbers, rising.

    `spoken` is what `apart` makes of the words and their documents.
    """
    if not len(texts.whole):
        return np.zeros(0, np.int64)
    known = apart(texts.whole, texts.line)
    known.sort()
    in_a_title = np.zeros(1 << _GLANCE_BITS, bool)  # most words fall here and need not be looked up
    in_a_title[(known >> _GLANCE).view(np.int64)] = True
    at = places(in_a_title.take((spoken >> _GLANCE).view(np.int64)))
    sought = spoken.take(at)
    found: Ints = at[known[np.minimum(known.searchsorted(sought), len(known) - 1)] == sought]
    return found


def first_alike(words: Words, document: Ints) -> Ints:
    """The first line of the document with the same words, told by the sum of their hashes.

    A line without words is like no other.
    """
    number = numbered(apart(sums(words.whole, offsets(words.counts)), document))
    lines = np.arange(len(number))
    first = np.empty(len(number), np.int64)
    first[number[::-1]] = lines[::-1]  # what is written last stays
    return np.where(words.counts > 0, first[number], lines)


def apart(hashes: Hashes, document: Ints) -> Hashes:
    """Hashes that are equal only if hash and document are."""
    return hashes * _SPREAD + document.astype(np.uint64)


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
