"""Owner: whether a line names the site or company whose page it stands on, and how much the page speaks of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dechaff.features.hashing import Hashes, Words
from dechaff.features.place import said_in
from dechaff.features.segments import Ints, offsets, steps

Floats = NDArray[np.float32]

NAMES = ("owner", "owner_lines", "owner_words")


def owner(
    words: Words,
    spoken: Hashes,
    ids: NDArray[np.int32],
    owners: Words,
    document: Ints,
    starts: Ints,
    idf: Floats,
) -> Floats:
    """The owner features of every line, shape (len(NAMES), lines); `spoken` is what `place.apart` makes of the words.

    `owner` is the highest inverse document frequency of an owner's word in the line, over 8, and 0 without one: a
    rare word names somebody, a common one may not. The others are shares of the document's lines and words.
    """
    at = said_in(spoken, owners)
    line = words.line[at]
    rows = np.zeros((len(NAMES), len(document)), np.float32)
    np.maximum.at(rows[0], line, idf[ids[at]] / 8)
    lines = np.maximum(steps(starts), 1)
    naming = np.bincount(document[rows[0] > 0], minlength=len(lines)) / lines
    said = np.bincount(document[line], minlength=len(lines))
    word_starts = offsets(words.counts)[starts]
    rows[1] = naming[document]
    rows[2] = np.minimum(10 * said / np.maximum(steps(word_starts), 1), 3)[document]
    return rows
