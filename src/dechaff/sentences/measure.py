"""What the model of advertising sentences sees: each sentence's words, its form, and how it fits its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dechaff.features import hashing
from dechaff.features.segments import Ints, offsets, places, sums
from dechaff.features.utf8 import buffer_of
from dechaff.limits import HEAD_WORDS, TAIL_WORDS

Floats = NDArray[np.float32]

#: Buckets of n-grams, a power of two.
BUCKETS = 1 << 15
_SHIFT = hashing.BUCKET_BITS - 15

#: Words of more bytes than this are seldom those that hold a sentence together.
_SHORT = 4

#: Names of the columns of `Measured.dense`.
COLUMNS = (
    "log_words",
    "place",
    "first",
    "last",
    "shared",
    "shared_long",
    "capitals",
    "new_capitals",
    "few_new_capitals",
    "has_new_capital",
    "log_sentences",
    "digit",
    "question",
    "exclamation",
)

#: Names of the columns that the second look adds: log-odds of the first look for the sentence and its neighbours, how
#: far it stands above the best of all others, and the share of sentences that look like advertising.
CONTEXT = ("own", "before", "after", "above_others", "crowd")

#: In place of log-odds where there is no neighbour, and no other sentence at all.
_NO_NEIGHBOUR, _NO_OTHER = -4.0, -6.0

#: From these log-odds on a sentence looks like advertising.
_CROWD_FROM = -1.0


@dataclass(slots=True)
class Measured:
    """N sentences of one document: `ids` (words, 3) and `counts` (N) are their n-grams, `dense` (N, len(COLUMNS))."""

    ids: NDArray[np.int32]
    counts: Ints
    dense: Floats


def measure(texts: Sequence[str]) -> Measured:
    """What is seen of the sentences of one document, in order.

    >>> found = measure(["The bridge is old.", "Acme paint keeps it young!", "The bridge was built in 1931."])
    >>> dict(zip(COLUMNS, found.dense[1].tolist()))["exclamation"], found.counts.tolist()
    (1.0, [4, 5, 6])
    """
    buffer = buffer_of(hashing.plain(hashing.join(texts)))
    words = hashing.words_in(buffer)
    total = len(texts)
    counts, line = words.counts, words.line
    bounds = offsets(counts)
    begins = np.zeros(len(line), np.bool_)
    begins[bounds[:-1][counts > 0]] = True
    shared = _in_several(words)
    read = _read(buffer.word_counts)
    starts, ends = buffer.word_starts[read], buffer.word_ends[read]
    long = ends - starts > _SHORT
    capital = buffer.capital.take(starts) & ~begins
    new = sums((capital & ~shared).astype(np.int64), bounds)
    some = np.maximum(counts, 1)
    lowest = np.arange(total)
    last = buffer.cased[buffer.ends - 1]
    digits = places((buffer.cased >= ord("0")) & (buffer.cased <= ord("9")))
    columns = {
        "log_words": np.log1p(counts),
        "place": lowest / max(total - 1, 1),
        "first": lowest == 0,
        "last": lowest == total - 1,
        "shared": sums(shared.astype(np.int64), bounds) / some,
        "shared_long": sums((shared & long).astype(np.int64), bounds)
        / np.maximum(sums(long.astype(np.int64), bounds), 1),
        "capitals": sums(capital.astype(np.int64), bounds) / some * 3,
        "new_capitals": new / some * 3,
        "few_new_capitals": np.minimum(new, 4) / 4,
        "has_new_capital": new > 0,
        "log_sentences": np.full(total, np.log1p(total)),
        "digit": digits.searchsorted(buffer.ends) > digits.searchsorted(buffer.starts),
        "question": last == ord("?"),
        "exclamation": last == ord("!"),
    }
    dense = np.stack([columns[name].astype(np.float32) for name in COLUMNS], axis=1)
    return Measured(hashing.ngrams(words) >> _SHIFT, counts, dense)


def _in_several(words: hashing.Words) -> NDArray[np.bool_]:
    """Which words stand in more than one sentence, as far as their stems tell."""
    order = words.stem.argsort(kind="stable")  # words of one stem stay in the order of their sentences
    stems, lines = words.stem[order], words.line[order]
    bounds = np.flatnonzero(np.concatenate([[True], stems[1:] != stems[:-1], [True]]))
    shared = np.zeros(len(order), np.bool_)
    if len(order):
        starts, ends = bounds[:-1], bounds[1:]
        shared[order] = (lines[starts] != lines[ends - 1]).repeat(ends - starts)
    return shared


def _read(counts: Ints) -> NDArray[np.bool_]:
    """Which words of sentences with so many words `hashing.words_in` reads."""
    order = np.arange(counts.sum()) - offsets(counts)[:-1].repeat(counts)
    kept: NDArray[np.bool_] = (order < HEAD_WORDS) | (order >= counts.repeat(counts) - TAIL_WORDS)
    return kept


def context(odds: Floats) -> Floats:
    """What the second look adds for the N sentences of a document, shape (N, len(CONTEXT)), from their log-odds.

    >>> context(np.float32([-3, 2, -3])).tolist()[1]
    [2.0, -3.0, -3.0, 5.0, 0.3333333432674408]
    """
    made = np.empty((len(odds), len(CONTEXT)), np.float32)
    made[:, 0] = odds
    made[0, 1] = made[-1, 2] = _NO_NEIGHBOUR
    made[1:, 1], made[:-1, 2] = odds[:-1], odds[1:]
    best = int(odds.argmax())
    made[:, 3] = odds - odds[best]
    made[best, 3] = odds[best] - np.delete(odds, best).max(initial=_NO_OTHER)
    made[:, 4] = (odds >= _CROWD_FROM).mean()
    return made
