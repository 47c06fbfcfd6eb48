"""Topic: how far a line is from the rest of its document, from the words it shares with it.

The leave-one-out cosine compares a line's TF-IDF vector with that of all other lines of the document
(Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, section 6.3), computed exactly
from one sort of (document, word) pairs. Short lines score low whatever they say, so the model also gets
their length.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dechaff.features.hashing import BUCKETS
from dechaff.features.segments import Ints, ends, log1p, offsets, places

Floats = NDArray[np.float32]

NAMES = ("cosine", "shared", "shared_near", "shared_rare", "mean_idf", "top_idf")

#: Lines that count as near.
_NEAR = 4
#: A word is rare above this inverse document frequency (natural logarithm; 3 is about one line in twenty).
_RARE = 3.0
#: What `shared_rare` says of a line without rare words: nothing, either way.
_NO_RARE = 0.5


def topic(ids: NDArray[np.int32], line: Ints, document: Ints, alike: Ints, idf: Floats) -> Floats:
    """The topic features of every line, shape (len(NAMES), lines).

    `ids` are the buckets of the words, `line` the line each stands in (rising), `document` the document of
    each line, `alike` the first line of the document with the same words, `idf` the inverse document frequency of each
    bucket. Copies of a line count as that one: they would vouch for each other.
    """
    once = (alike == np.arange(len(alike))).take(line)
    if not once.all():
        ids, line = ids[once], line[once]
    found: Floats = _topic(ids, line, document, idf).take(alike, axis=1)
    return found


def _topic(ids: NDArray[np.int32], line: Ints, document: Ints, idf: Floats) -> Floats:
    """The topic features of lines of which none has the same words as another one."""
    lines = len(document)
    if not len(ids):
        rows = np.zeros((len(NAMES), lines), np.float32)
        rows[NAMES.index("shared_rare")] = _NO_RARE
        return rows
    documents = int(document[-1]) + 1
    first_words = line.searchsorted(document.searchsorted(np.arange(documents + 1)))
    order = _by_word(ids, first_words)
    key, at = ids.take(order), line.take(order)
    new_word = np.ones(len(key), bool)
    new_word[1:] = key[1:] != key[:-1]
    new_word[first_words[first_words < len(key)]] = True
    new_use = new_word.copy()  # a use: one word in one line, however often
    new_use[1:] |= at[1:] != at[:-1]
    use_first = places(new_use)
    word_first = places(new_word)
    first_use = places(new_word.take(use_first))
    uses_of_word = ends(first_use, len(use_first)) - first_use
    in_line = ends(use_first, len(key)) - use_first
    in_document = ends(word_first, len(key)) - word_first
    word_idf = idf.take(key.take(word_first)).astype(np.float64)
    use_line, use_idf = at.take(use_first), word_idf.repeat(uses_of_word)
    document_of_word = document.take(at.take(word_first))
    del key, at  # as long as the text, as are the numbers that follow
    rest_count = in_document.repeat(uses_of_word) - in_line

    # tf and the rest of the document's tf, damped with a logarithm: one word said often is no topic.
    tf, rest, whole = log1p(in_line), log1p(rest_count), log1p(in_document)
    squared = use_idf * use_idf

    def per_line(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(use_line, weights=weights, minlength=lines).astype(np.float64, copy=False)

    norm = np.sqrt(per_line(squared * tf * tf))
    word_weight = (word_idf * whole) ** 2
    document_norm = np.bincount(document_of_word, weights=word_weight, minlength=documents)
    own = per_line(word_weight.repeat(uses_of_word) - squared * rest * rest)
    rest_norm = np.sqrt(np.maximum(document_norm[document] - own, 1e-9))
    cosine = per_line(squared * tf * rest) / np.maximum(norm * rest_norm, 1e-9)

    near = np.zeros(len(use_first), bool)
    beside = (use_line[1:] - use_line[:-1] <= _NEAR) & ~new_word[use_first[1:]]
    near[1:] |= beside
    near[:-1] |= beside
    elsewhere = rest_count > 0
    rare_idf = use_idf * (use_idf > _RARE)
    all_idf, all_rare, uses = per_line(use_idf), per_line(rare_idf), np.bincount(use_line, minlength=lines)
    some_idf = np.maximum(all_idf, 1e-9)
    rows = np.empty((len(NAMES), lines), np.float32)
    rows[0] = cosine * 3
    rows[1] = per_line(use_idf * elsewhere) / some_idf
    rows[2] = per_line(use_idf * near) / some_idf
    rows[3] = np.where(all_rare > 0, per_line(rare_idf * elsewhere) / np.maximum(all_rare, 1e-9), _NO_RARE)
    rows[4] = all_idf / np.maximum(uses, 1) / 5
    only_here = np.zeros(len(ids))
    only_here[order[use_first]] = use_idf * ~elsewhere
    rows[5] = _highest(only_here, np.bincount(line, minlength=lines)) / 8
    return rows


def _by_word(ids: NDArray[np.int32], first_words: Ints) -> Ints:
    """The words of each document in the order of their buckets, equal ones in the order of the text.

    A stable sort of 16 bits is a radix sort: linear, and several times faster than a sort of 64 bits.
    """
    assert BUCKETS <= 1 << 16
    short = ids.astype(np.uint16)
    bounds = first_words.tolist()
    return np.concatenate([short[first:last].argsort(kind="stable") + first for first, last in pairwise(bounds)])


def _highest(values: NDArray[np.float64], counts: Ints) -> NDArray[np.float64]:
    """The highest of the `counts[i]` values of each line, 0 where there are none."""
    highest = np.zeros(len(counts))
    filled = places(counts > 0)
    highest[filled] = np.maximum.reduceat(values, offsets(counts)[filled])
    return highest
