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
    rows[0] = log1p(np.bincount(kind)).take(kind)
    rows[1] = kind_chars.take(kind) / chars
    rows[2] = kind_links.take(kind)
    rows[3 : 3 + LEVELS] = log1p(size)
    rows[3 + LEVELS : -1] = (before.take(high) - before.take(low)) / chars
    rows[-1] = (np.arange(len(document)) - low[1]) / size[1]
    rows[0] /= _LOG_SCALE
    rows[3 : 3 + LEVELS] /= _LOG_SCALE
    return rows
