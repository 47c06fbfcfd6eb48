"""Words and pieces of words as buckets of a table of weights, for texts of a few words that are read one by one.

Whole batches are hashed by `dechaff.features.hashing`, which knows words, pairs of words and the beginnings of words.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from zlib import crc32

_WORD = re.compile(r"\w+")


@cache  # made for the first text that is not ASCII: it takes milliseconds
def _unspaced() -> re.Pattern[str]:
    """Letters of scripts that put no spaces between words, or that join much to them: Thai, kana, Chinese characters
    and Hangul. Each is taken for a word."""
    return re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


#: Characters of a piece of a word, which is written between two spaces.
_PIECE_CHARS = range(2, 6)

#: A word of more characters is not worth remembering its pieces, which take memory.
_LONG_WORD = 24


def words_of(text: str) -> list[str]:
    """The words of a text; in Thai, Chinese, Japanese and Korean every letter.

    >>> words_of("Say yes, 说是")
    ['Say', 'yes', '说', '是']
    """
    return _WORD.findall(text if text.isascii() else _unspaced().sub(r" \g<0> ", text))


def bucket(text: str, buckets: int) -> int:
    """The bucket of a text, from 0 to below `buckets`.

    >>> bucket("order", 64) == bucket("order", 64) < 64
    True
    """
    return crc32(text.encode("utf-8", "replace")) % buckets


def pieces_in(low: str, buckets: int) -> set[int]:
    """The buckets of the pieces of all words of a text in lower case: words of one stem share most of them.

    >>> len(pieces_in("order", 1 << 20) & pieces_in("orders", 1 << 20))
    14
    """
    words = set(words_of(low))
    return set().union(
        *(_pieces_of(word, buckets) if len(word) <= _LONG_WORD else _made_pieces(word, buckets) for word in words)
    )


def _made_pieces(word: str, buckets: int) -> tuple[int, ...]:
    spaced = f" {word} "
    pieces = {spaced[i : i + size] for size in _PIECE_CHARS for i in range(len(spaced) - size + 1)}
    return tuple({bucket(piece, buckets) for piece in pieces})


#: Those of the words read last: texts say the same words over and over. One word takes about 1 kB.
_pieces_of = lru_cache(maxsize=1 << 13)(_made_pieces)
