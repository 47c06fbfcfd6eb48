"""Meaning: how far a line is from the lines around it in what its words mean, where they share no word.

Every bucket of words has a vector, and every bucket of stems; that of a line is the sum over its words.
`training.meaning` fits them so that the vectors of lines point where a sentence encoder for sixteen languages puts
these lines.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dechaff.features import packed
from dechaff.features.hashing import BUCKETS
from dechaff.features.segments import Ints
from dechaff.limits import HEAD_WORDS, TAIL_WORDS
from dechaff.model import store

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

NAMES = (
    "meaning_text", "meaning_nearest", "meaning_near", "meaning_beside", "meaning_around", "meaning_title",
    "meaning_strength",
)  # fmt: skip

#: Numbers of a vector. Of 32, 48 and 64 none told foreign lines of held-out articles better than another.
SIZE = 32

#: Where the vectors are, and what is there.
FOLDER = Path(__file__).parent / "vectors"
SHAPES: store.Shapes = {"vectors": ("int8", (2 * BUCKETS, SIZE))}
HEADER = {"format": 1, "size": SIZE}

#: The rows of stems stand behind those of words.
KIND = np.asarray([0, BUCKETS], np.int32)

#: Lines on each side that count as near, and how many of the nearest in meaning `meaning_near` is the mean of.
_REACH = 8
_NEAREST = 3

#: Directions are rounded to whole numbers of about this length, so that sums of their products are exact.
_LENGTH = 127

#: A line of text counts as its words in what the document is about, up to so many.
_MOST_WORDS = HEAD_WORDS + TAIL_WORDS
assert 2 * _MOST_WORDS <= packed.MAX_ROWS


@cache
def vectors() -> packed.Packed:
    """The vectors of all buckets, packed. Raises `ModelError` if the file is not what its manifest says."""
    arrays, _ = store.read(FOLDER, SHAPES, HEADER)
    return packed.pack(arrays["vectors"])


def meaning(
    ids: NDArray[np.int32], counts: Ints, document: Ints, starts: Ints, alike: Ints, link_share: Floats
) -> Floats:
    """The meaning features of every line, shape (len(NAMES), lines).

    `ids` are the buckets of the words of all lines, and behind them of the documents' titles, and of the words' stems,
    shape (words, 2); `counts` how many words each line and each title has. `document` (lines) and `starts` say which
    lines are whose, `alike` is the first line of the document with the same words, `link_share` the share of each
    line's characters in links. Copies of a line count as that one: they would vouch for each other.
    """
    lines = len(document)
    directions, strength = _directions(packed.sums(vectors(), SIZE, ids + KIND, counts))
    own, titles = directions[:lines], directions[lines:]
    once = alike == np.arange(lines)
    mass = np.rint(np.minimum(counts[:lines], _MOST_WORDS) * (1 - link_share)) * once
    text = np.zeros((lines + 1, SIZE))  # of all lines before: what they say in running text
    np.add.accumulate(own * mass[:, None], axis=0, out=text[1:])
    first, end = starts[:-1].take(document), starts[1:].take(document)
    index = np.arange(lines)
    low, high = np.maximum(index - _REACH, first), np.minimum(index + _REACH + 1, end)
    whole = (text.take(starts[1:], axis=0) - text.take(starts[:-1], axis=0)).take(document, axis=0)
    around = text.take(high, axis=0)
    around -= text.take(low, axis=0)
    square = _products(own, own)
    said = mass.take(alike)
    near = _near(own.astype(np.float32), document, alike)
    best = np.sort(near, axis=0)[-_NEAREST:]
    title = titles.take(document, axis=0)
    rows = np.empty((len(NAMES), lines), np.float32)
    rows[0] = _cosine_of_rest(own, square, said, whole)
    rows[1] = best[-1]
    rows[2] = best.sum(axis=0) / _NEAREST
    rows[3] = near[:2].max(axis=0)
    rows[4] = _cosine_of_rest(own, square, said * ((alike >= low) & (alike < high)), around)
    rows[5] = _products(own, title) / np.sqrt(np.maximum(square * _products(title, title), 1))
    rows[6] = np.log1p(strength[:lines]) / 5
    return rows


def _directions(summed: Floats) -> tuple[Doubles, Doubles]:
    """Rows of length `_LENGTH`, of whole numbers, and how long they were; rows of zeros stay so."""
    rows = summed.astype(np.float64)
    strength = np.sqrt((rows * rows).sum(axis=1))
    rows *= (_LENGTH / np.maximum(strength, 1))[:, None]
    return np.rint(rows, out=rows), strength


def _products(one: Doubles, other: Doubles) -> Doubles:
    """The product of each pair of rows."""
    found: Doubles = np.einsum("ij,ij->i", one, other)
    return found


def _cosine_of_rest(own: Doubles, square: Doubles, times: Doubles, everything: Doubles) -> Doubles:
    """The cosine of each row of `own`, whose product with itself is `square`, with what is left of `everything` without
    so many times that row; 0 if one is all zeros."""
    shared = _products(own, everything)
    rest = _products(everything, everything) - times * (2 * shared - times * square)
    return (shared - times * square) / np.sqrt(np.maximum(square * rest, 1))


def _near(own: Floats, document: Ints, alike: Ints) -> Floats:
    """The cosine with each of the lines around, shape (2 * _REACH, lines): before, after, second before, and so on.

    0 where there is none, or a copy of the line. Whole numbers below 2**24, so that floats of 32 bits are exact.
    """
    near = np.zeros((2 * _REACH, len(own)), np.float32)
    for step in range(1, min(_REACH, len(own) - 1) + 1):
        product = np.einsum("ij,ij->i", own[step:], own[:-step])
        product *= (document[step:] == document[:-step]) & (alike[step:] != alike[:-step])
        near[2 * step - 2, step:] = near[2 * step - 1, :-step] = product
    near /= _LENGTH * _LENGTH
    return near
