"""Extent: how much of its document the elements around a line hold, and the elements of the same kind.

The main text of an article is most of its page, and so is the list that a page of search results is for; a box of
links is not, whatever it is called.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dechaff.features.place import Layout
from dechaff.features.segments import log1p, offsets, steps
from dechaff.features.tree import LEVELS, Tree

Floats = NDArray[np.float32]

NAMES = (
    "log_kind",
    "kind_chars",
    "kind_links",
    *(f"log_container_{level}" for level in range(1, LEVELS + 1)),
    *(f"container_chars_{level}" for level in range(1, LEVELS + 1)),
    "position_in_container_2",
)

_COUNT, _CHARS, _LINKS, _POSITION = (
    NAMES.index(name) for name in ("log_kind", "kind_chars", "kind_links", "position_in_container_2")
)
#: The columns of all levels of containers: their lines, and their share of characters.
_SIZES = slice(NAMES.index("log_container_1"), NAMES.index("log_container_1") + LEVELS)
_SHARES = slice(NAMES.index("container_chars_1"), NAMES.index("container_chars_1") + LEVELS)

#: Logarithms of numbers of lines are divided by this, so that they are about one.
_LOG_SCALE = 5


def extent(layout: Layout, structure: Tree) -> Floats:
    """The extent features of every line, shape (len(NAMES), lines).

    Of the lines of a line's template: how many they are, which share of the document's characters they have, and which
    share of theirs stands in links. Of the containers around it, the innermost first: how many lines they hold, and
    which share of the document's characters. Last, how far down its second container a line stands.
    """
    starts, document, length = layout.starts, layout.document, layout.length
    before = offsets(length)
    chars = np.maximum(steps(before.take(starts)), 1).take(document)
    kind = structure.template
    kind_chars = np.bincount(kind, weights=length)  # whole numbers: exact
    kind_links = np.bincount(kind, weights=layout.links) / np.maximum(kind_chars, 1)
    low, high = structure.ranges[..., 0].T, structure.ranges[..., 1].T
    size = high - low
    rows = np.empty((len(NAMES), len(document)), np.float32)
    rows[_COUNT] = log1p(np.bincount(kind)).take(kind)
    rows[_CHARS] = kind_chars.take(kind) / chars
    rows[_LINKS] = kind_links.take(kind)
    rows[_SIZES] = log1p(size)
    rows[_SHARES] = (before.take(high) - before.take(low)) / chars
    rows[_POSITION] = (np.arange(len(document)) - low[1]) / size[1]
    rows[_COUNT] /= _LOG_SCALE
    rows[_SIZES] /= _LOG_SCALE
    return rows
