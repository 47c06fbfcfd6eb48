"""Place: where a line stands: in the page, beside its neighbours, against the title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from dechaff.features.hashing import Hashes, Words
from dechaff.features.segments import Ints, Mask, numbered, offsets, places, steps, sums
from dechaff.features.tree import Tree
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
    "after_first_heading",
    "gap_from_heading",
)

#: Lines above which a heading is far.
_FAR = 50

#: An odd number that mixes a hash before the number of its document is added, so that documents stay apart.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)

#: Upper bits of a hash that tell at a glance that a word is in no title: titles of a batch have some hundred words.
_GLANCE_BITS = 16
_GLANCE = np.uint64(64 - _GLANCE_BITS)


@dataclass(slots=True)
class Layout:
    """N lines of M documents, one after the other: `starts` (M + 1) are the first lines of the documents and N.

    Of each line, `document` is the number of its document, `length` its characters, `links` those of them in links.
    """

    starts: Ints
    document: Ints
    length: Ints
    links: Ints

    @classmethod
    def of(cls, batch: Sequence[Lines]) -> Layout:
        """The layout of a batch."""
        starts = offsets([len(lines) for lines in batch])
        total = int(starts[-1])
        length = np.fromiter(map(len, chain.from_iterable([lines.texts for lines in batch])), np.int64, total)
        links = np.fromiter(chain.from_iterable([lines.link_chars for lines in batch]), np.int64, total)
        return cls(starts, np.arange(len(batch)).repeat(steps(starts)), length, links)


def place(
    batch: Sequence[Lines],
    layout: Layout,
    structure: Tree,
    words: Words,
    spoken: Hashes,
    titles: Words,
    headings: Mask,
    repeated: Mask,
) -> Floats:
    """The place features of every line, shape (len(NAMES), lines).

    `spoken` is what `apart` makes of the words, `titles` are the words of each document's title, `headings` says which
    lines stand in a heading, `repeated` which have the words of another line.
    """
    starts, document, length = layout.starts, layout.document, layout.length
    total = int(starts[-1])
    joints = np.frombuffer(b"".join([bytes(lines.joints) for lines in batch]), np.uint8)
    index, first, counts = np.arange(total), starts[:-1][document], steps(starts)
    before = offsets(length)
    chars = steps(before[starts])
    weighted = sums(length * length, starts) / np.maximum(chars, 1)
    same = np.zeros(total + 1, bool)
    same[1:total] = structure.template[1:] == structure.template[:-1]  # of one document
    link_share = layout.links / np.maximum(length, 1)
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
