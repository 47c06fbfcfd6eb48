"""Texts as one buffer of UTF-8, with the places of its lines, words and capitals.

Everything that is counted or hashed stands on these arrays, so a batch is encoded once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dechaff.features.segments import Ints, Mask, places, runs, steps

Bytes = NDArray[np.uint8]

NEWLINE = 10

#: Lead bytes of two-byte letters with case (U+00C0–U+058F), and of the three-byte ones (U+1E00–U+1FFF), whose
#: second byte lies in the range below them: Latin, Greek, Cyrillic, Armenian and Vietnamese.
_CASED_LEADS = (0xC3, 0xD6)
_CASED_LEAD_3 = 0xE1
_CASED_SECONDS = (0xB8, 0xBF)
_CASED_POINTS = (range(0xC0, 0x590), range(0x1E00, 0x2000))


def _case_tables() -> tuple[NDArray[np.uint16], Mask]:
    """The last two bytes of a letter → those of its small letter; and whether it is small.

    A letter whose small form has another length or another first byte of three keeps its case, so that lowering
    never moves a byte.
    """
    lowered = np.arange(1 << 16, dtype=np.uint16)
    small = np.zeros(1 << 16, bool)
    points = np.concatenate([np.arange(points.start, points.stop) for points in _CASED_POINTS])
    letters = [*map(chr, points.tolist())]
    lows = [low if len(low := letter.lower()) == 1 else letter for letter in letters]
    low_points = np.frombuffer("".join(lows).encode("utf-32-le"), np.uint32).astype(np.int64)
    pairs = _last_two(points)
    small[pairs] = [*map(str.islower, letters)]
    two, low_two = points < 0x800, (low_points >= 0x80) & (low_points < 0x800)
    fits = (two & low_two) | (~two & ~low_two & (points >> 12 == low_points >> 12))
    lowered[pairs[fits]] = _last_two(low_points)[fits]
    return lowered, small


def _last_two(points: Ints) -> Ints:
    """The last two bytes of letters that have two or three in UTF-8."""
    before_last: Ints = np.where(points < 0x800, 0xC0 | points >> 6, 0x80 | points >> 6 & 0x3F)
    return before_last << 8 | 0x80 | points & 0x3F


_LOWERED, _SMALL = _case_tables()

#: Lead bytes of Chinese characters and kana: each is a word of its own.
_IDEOGRAPHS = (0xE3, 0xE9)


@dataclass(slots=True)
class Buffer:
    """N texts in UTF-8, a newline before each and one behind the last.

    `cased` are the bytes, `lower` the same in lower case. `capital` and `small` are true at the first byte of a
    capital and of a small letter. Text i stands at `starts[i]:ends[i]` and has `word_counts[i]` words; word k
    stands at `word_starts[k]:word_ends[k]`. A word is a run of ASCII letters, digits and bytes of other signs;
    an ideograph is a word of its own.
    """

    cased: Bytes
    lower: Bytes
    capital: Mask
    small: Mask
    starts: Ints
    ends: Ints
    word_starts: Ints
    word_ends: Ints
    word_counts: Ints


def between(values: Bytes, low: int, high: int) -> Mask:
    """Where `low <= values <= high`: one comparison, because unsigned bytes wrap around."""
    return values - np.uint8(low) <= np.uint8(high - low)


def buffer_of(joined: str) -> Buffer:
    """The buffer of texts joined by newlines (`hashing.join`). A lone surrogate becomes a question mark.

    >>> buffer = buffer_of("Élan vital\\nBUY")
    >>> buffer.word_counts.tolist(), buffer.lower.tobytes().decode()
    ([2, 1], '\\nélan vital\\nbuy\\n')
    >>> buffer.capital[buffer.word_starts].tolist()
    [True, False, True]
    """
    cased = np.frombuffer(f"\n{joined}\n".encode("utf-8", "replace"), np.uint8)
    capital, small = between(cased, ord("A"), ord("Z")), between(cased, ord("a"), ord("z"))
    lower = cased | (capital.view(np.uint8) << np.uint8(5))
    word = capital | small | between(cased, ord("0"), ord("9"))
    breaks = None
    if not joined.isascii():
        word |= cased >= 0x80
        breaks = between(cased, *_IDEOGRAPHS)
        lead_2 = places(between(cased, *_CASED_LEADS))
        lead_3 = places(cased == _CASED_LEAD_3)
        lead_3 = lead_3[between(cased[lead_3 + 1], *_CASED_SECONDS)]
        for lead, pair_at in ((lead_2, lead_2), (lead_3, lead_3 + 1)):
            if len(lead):
                pair = cased[pair_at].astype(np.uint16) << np.uint16(8) | cased[pair_at + 1]
                lowered = _LOWERED[pair]
                lower[pair_at], lower[pair_at + 1] = lowered >> np.uint16(8), lowered & np.uint16(0xFF)
                capital[lead], small[lead] = lowered != pair, _SMALL[pair]
    newline = places(cased == NEWLINE)
    starts, ends = newline[:-1] + 1, newline[1:]
    word_starts, word_ends = runs(word, breaks)
    counts = steps(word_starts.searchsorted(newline))
    return Buffer(cased, lower, capital, small, starts, ends, word_starts, word_ends, counts)
