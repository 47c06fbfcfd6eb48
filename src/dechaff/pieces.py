"""Words and pieces of words as buckets of a table of weights, for texts of a few words that are read one by one.

Whole batches are hashed by `dechaff.features.hashing`, which knows words, pairs of words and the beginnings of words.
"""

from __future__ import annotations

import re
from zlib import crc32

_WORD = re.compile(r"\w+")
#: Letters of scripts that put no spaces between words, or that join much to them: Thai, kana, Chinese characters and
#: Hangul. Each is taken for a word.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

#: Characters of a piece of a word, which is written between two spaces.
_PIECE_CHARS = range(2, 6)


def words_of(text: str) -> list[str]:
    """The words of a text; in Thai, Chinese, Japanese and Korean every letter.

    >>> words_of("Say yes, 说是")
    ['Say', 'yes', '说', '是']
    """
    return _WORD.findall(text if text.isascii() else _UNSPACED.sub(r" \g<0> ", text))


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
    pieces: set[str] = set()
    for word in set(words_of(low)):
        spaced = f" {word} "
        for size in _PIECE_CHARS:
            pieces.update([spaced[i : i + size] for i in range(len(spaced) - size + 1)])
    return {bucket(piece, buckets) for piece in pieces}
