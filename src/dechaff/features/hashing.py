"""Words and hashed n-grams of many texts in one numpy pass.

The hash of a word is a difference of two cumulated polynomials, so no Python loop runs over words:
H[i] = sum of b[j] * P**j for j < i (mod 2**64), and the word from s to e has the hash (H[e] - H[s]) * P**-s.
P is odd, so it has an inverse mod 2**64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dechaff.features.segments import Ints, offsets, places, runs, steps
from dechaff.features.utf8 import NEWLINE, Buffer, Bytes, between, buffer_of
from dechaff.limits import HEAD_WORDS, MAX_LINE_CHARS, TAIL_WORDS

Hashes = NDArray[np.uint64]

#: Buckets of the n-gram table, a power of two.
BUCKET_BITS = 16
BUCKETS = 1 << BUCKET_BITS

#: Bytes of a word that make its stem: enough to join inflected forms in European languages.
STEM_BYTES = 5

# Odd 64-bit constants: the base of the polynomial (from PCG) and the mixers (from MurmurHash3's finaliser).
_BASE = 6364136223846793005
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_BIGRAM = np.uint64(0xC4CEB9FE1A85EC53)
_STEM = np.uint64(0x9E3779B97F4A7C15)

#: Typographic signs written as their ASCII kin, so that a quote does not stick to its word.
_PLAIN = tuple(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u2022": "*",
        "\u00b7": "*",
        "\u203a": ">",
        "\u2192": ">",
        "\u3002": ".",
        "\uff0c": ",",
        "\u3001": ",",
        "\uff01": "!",
        "\uff1f": "?",
        "\uff1a": ":",
        "\uff08": "(",
        "\uff09": ")",
        "\u3010": "[",
        "\u3011": "]",
        "\u300c": '"',
        "\u300d": '"',
    }.items()
)

#: Bytes that are hashed at a time: their numbers of 64 bits stay in the cache.
_STRETCH = 1 << 15
#: Powers that are kept: a stretch and the rest of its last word, which a text of `MAX_LINE_CHARS` bounds.
_KEPT_POWERS = _STRETCH + 4 * MAX_LINE_CHARS + 8


def _powers(size: int) -> tuple[Hashes, Hashes]:
    """P**i and P**-i for i < size."""
    base = np.full(size, _BASE, np.uint64)
    inverse = np.full(size, pow(_BASE, -1, 1 << 64), np.uint64)
    base[0] = inverse[0] = 1
    return np.cumprod(base, dtype=np.uint64), np.cumprod(inverse, dtype=np.uint64)


_POWERS = _powers(_KEPT_POWERS)


@dataclass(slots=True)
class Words:
    """The words of N texts: text i has `counts[i]` of them, word k stands in text `line[k]`.

    `stem` and `whole` are 64-bit hashes of the word's first `STEM_BYTES` bytes and of all of it.
    """

    counts: Ints
    line: Ints
    whole: Hashes
    stem: Hashes

    def part(self, first: int, last: int) -> Words:
        """The words of the texts `first` to `last` (exclusive), which are numbered from 0 again.

        >>> words_of("a b\\nc\\nd").part(1, 3).line.tolist()
        [0, 1]
        """
        low, high = self.line.searchsorted([first, last]).tolist()
        here = slice(low, high)
        return Words(self.counts[first:last], self.line[here] - first, self.whole[here], self.stem[here])


def join(texts: Sequence[str]) -> str:
    """All texts, one a line, newlines inside them made spaces and long ones cut in the middle.

    >>> join(["one", "two\\nthree"])
    'one\\ntwo three'
    """
    joined = "\n".join(texts)
    if max(map(len, texts), default=0) > MAX_LINE_CHARS:
        half = MAX_LINE_CHARS // 2
        texts = [text if len(text) <= MAX_LINE_CHARS else f"{text[:half]} {text[-half:]}" for text in texts]
        joined = "\n".join(texts)
    if joined.count("\n") >= len(texts):
        joined = "\n".join([text.replace("\n", " ") if "\n" in text else text for text in texts])
    return joined


def plain(text: str) -> str:
    """`text` with typographic quotes, dashes and spaces written in ASCII; its newlines stay as they are.

    >>> plain("“Wait…” – he said")
    '"Wait..." - he said'
    """
    if not text.isascii():
        for sign, kin in _PLAIN:
            text = text.replace(sign, kin)
    return text


def words_of(joined: str) -> Words:
    """The words of texts joined by newlines (see `join`), lower-cased.

    >>> words = words_of("The cat\\nthe CATS")
    >>> words.line.tolist(), bool(words.whole[0] == words.whole[2]), bool(words.whole[1] == words.whole[3])
    ([0, 0, 1, 1], True, False)
    """
    return words_in(buffer_of(joined))


def words_in(buffer: Buffer) -> Words:
    """The words of the texts of a buffer, lower-cased: of a long text its first and last ones."""
    return _words(buffer.lower, buffer.word_starts, buffer.word_ends, buffer.word_counts)


def names_of(joined: str) -> Words:
    """The words of class and id names: as `words_of`, with camelCase taken apart and digits left out.

    >>> names_of("navBar-2\\nnav bar").counts.tolist()
    [2, 2]
    """
    cased = np.frombuffer(f"\n{joined}\n".encode("utf-8", "replace"), np.uint8)
    upper = between(cased, ord("A"), ord("Z"))
    lower = cased | (upper.view(np.uint8) << np.uint8(5))
    letter = between(lower, ord("a"), ord("z")) | (cased >= 0x80)
    hump = upper.copy()
    hump[1:] &= ~upper[:-1]
    starts, ends = runs(letter, hump)
    counts = steps(starts.searchsorted(places(cased == NEWLINE)))
    return _words(lower, starts, ends, counts)


def _words(buffer: Bytes, starts: Ints, ends: Ints, counts: Ints) -> Words:
    """The words at `starts:ends` of texts with `counts` words each, less those in the middle of long texts."""
    if counts.max(initial=0) > HEAD_WORDS + TAIL_WORDS:
        order = np.arange(len(starts)) - offsets(counts)[:-1].repeat(counts)
        keep = (order < HEAD_WORDS) | (order >= counts.repeat(counts) - TAIL_WORDS)
        starts, ends = starts[keep], ends[keep]
        counts = np.minimum(counts, HEAD_WORDS + TAIL_WORDS)
    whole, stem = np.empty(len(starts), np.uint64), np.empty(len(starts), np.uint64)
    stretches = range(0, len(buffer), _STRETCH)
    bounds = starts.searchsorted([*stretches, len(buffer)]).tolist()
    for offset, (first, last) in zip(stretches, pairwise(bounds), strict=True):
        if first < last:
            low, high = starts[first:last] - offset, ends[first:last] - offset
            size = int(high[-1])
            powers, inverses = _POWERS if size < _KEPT_POWERS else _powers(size + 1)
            cumulated = np.zeros(size + 1, np.uint64)
            np.cumsum(buffer[offset : offset + size] * powers[:size], out=cumulated[1:])
            before, inverse = cumulated.take(low), inverses.take(low)
            whole[first:last] = (cumulated.take(high) - before) * inverse
            stem[first:last] = (cumulated.take(np.minimum(high, low + STEM_BYTES)) - before) * inverse
    return Words(counts, np.arange(len(counts)).repeat(counts), whole, stem)


def bucket(hashes: Hashes) -> NDArray[np.int32]:
    """The bucket of each hash: its upper bits after mixing, because the lower bits of a polynomial are weak."""
    mixed = hashes >> np.uint64(32)
    mixed ^= hashes
    mixed *= _MIX
    mixed >>= np.uint64(64 - BUCKET_BITS)
    return mixed.astype(np.int32)


def ngrams(words: Words) -> NDArray[np.int32]:
    """Buckets of every word, of its stem, and of the pair it makes with the next word, shape (words, 3).

    The last word of a line makes a pair with the end of the line.
    """
    hashes = np.empty((len(words.whole), 3), np.uint64)
    hashes[:, 0] = words.whole
    hashes[:, 1] = words.stem * _STEM + np.uint64(1)
    hashes[:, 2] = words.whole * _BIGRAM
    hashes[:-1, 2] += words.whole[1:] * (words.line[1:] == words.line[:-1])
    return bucket(hashes)
