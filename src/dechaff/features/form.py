"""Form: how a line is written, whatever its words: casing, marks, digits, ends. One numpy pass a batch."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dechaff.features.segments import Ints, offsets, places, steps, sums
from dechaff.features.utf8 import Buffer, Bytes, between

Floats = NDArray[np.float32]

NAMES = (
    "log_chars",
    "log_words",
    "upper_share",
    "capitalised_words",
    "digit_share",
    "mark_share",
    "ends_sentence",
    "ends_question",
    "ends_exclamation",
    "ends_colon",
    "ends_ellipsis",
    "ends_arrow",
    "starts_upper",
    "starts_lower",
    "starts_digit",
    "starts_mark",
    "bar",
    "copyright",
    "at_sign",
    "hash_sign",
    "slashes",
    "currency",
    "percent",
    "quotes",
    "exclamations",
    "questions",
    "sentences",
    "commas",
    "brackets",
    "word_length",
    "all_caps",
    "non_ascii_share",
)

#: ASCII marks that have a column of their own.
_MARKS = {
    "bar": "|",
    "at_sign": "@",
    "hash_sign": "#",
    "currency": "$",
    "percent": "%",
    "quotes": '"',
    "exclamations": "!",
    "questions": "?",
    "sentences": ".",
    "commas": ",",
    "brackets": "()[]",
}
_SENTENCE_END = np.isin(np.arange(256), [ord(c) for c in ".!?\"')"])

#: What a byte is, for counting; small ASCII letters and blanks are left out, they are most of a text.
#: Of a character that is not ASCII the first byte counts as the character, the others as its rest.
_CLASSES = (
    "control",
    "rest",
    "digit",
    "ascii_capital",
    "capital",
    "letter",
    "sign",
    "currency_sign",
    "copyright",
    "other_mark",
    "double_slash",
    *_MARKS,
)
_NUMBER = {name: number for number, name in enumerate(_CLASSES)}
_FIRST_MARK = _NUMBER["sign"]  # from here on all are marks

#: Bytes that are counted together: of each one that counts, its place is held.
_STRETCH = 1 << 18

#: First bytes of blocks that hold signs and no letters to speak of: U+0080–00BF (©, ®, §), U+2000–2FFF
#: (punctuation, currencies, arrows, dingbats), and from U+10000 (emoji).
_SIGN_LEADS = (0xC2, 0xE2, *range(0xF0, 0xF5))


def _class_table() -> Bytes:
    table = np.zeros(256, np.uint8)
    table[33:127] = _NUMBER["other_mark"]
    table[ord("a") : ord("z") + 1] = 0  # left out
    table[ord("0") : ord("9") + 1] = _NUMBER["digit"]
    table[ord("A") : ord("Z") + 1] = _NUMBER["ascii_capital"]
    table[0x80:0xC0] = _NUMBER["rest"]
    table[0xC0:] = _NUMBER["letter"]
    table[[*_SIGN_LEADS]] = _NUMBER["sign"]
    for name, marks in _MARKS.items():
        table[[ord(mark) for mark in marks]] = _NUMBER[name]
    return table


_CLASS = _class_table()


def _counted(buffer: Buffer) -> Ints:
    """How many bytes of each class each text holds, shape (texts, len(_CLASSES))."""
    cuts = buffer.ends.searchsorted(np.arange(_STRETCH, len(buffer.cased), _STRETCH)).tolist()
    bounds = sorted({0, *cuts, len(buffer.starts)})
    return np.concatenate([_counted_in(buffer, first, last) for first, last in pairwise(bounds)])


def _counted_in(buffer: Buffer, first: int, last: int) -> Ints:
    """The same for the texts `first` to `last` (exclusive), which come with the newlines around them."""
    begin = int(buffer.starts[first]) - 1
    stretch = slice(begin, int(buffer.ends[last - 1]) + 1)
    cased = buffer.cased[stretch]
    at = places((cased > 32) & ~between(cased, ord("a"), ord("z")))
    byte = cased.take(at)
    kind = _CLASS.take(byte)
    kind[(byte >= 0xC0) & buffer.capital[stretch].take(at)] = _NUMBER["capital"]
    slash = places(byte == ord("/"))
    kind[slash[cased.take(at.take(slash) - 1) == ord("/")]] = _NUMBER["double_slash"]
    latin = places(byte == 0xC2)
    following = cased.take(at.take(latin) + 1)
    kind[latin[following == 0xA9]] = _NUMBER["copyright"]
    kind[latin[between(following, 0xA2, 0xA5)]] = _NUMBER["currency_sign"]  # ¢ £ ¤ ¥
    block = places(byte == 0xE2)
    lead = at.take(block)
    currency = (cased.take(lead + 1) == 0x82) & (cased.take(lead + 2) >= 0xA0)  # U+20A0–20BF
    kind[block[currency]] = _NUMBER["currency_sign"]
    texts = last - first
    per_text = steps(at.searchsorted(np.append(0, buffer.ends[first:last] - begin)))
    cell = np.arange(0, texts * len(_CLASSES), len(_CLASSES)).repeat(per_text) + kind
    return np.bincount(cell, minlength=texts * len(_CLASSES)).reshape(texts, len(_CLASSES))


def form(buffer: Buffer) -> Floats:
    """The form of every text of a buffer, shape (len(NAMES), texts).

    >>> from dechaff.features.utf8 import buffer_of
    >>> row = dict(zip(NAMES, form(buffer_of("BUY NOW!"))[:, 0]))
    >>> float(row["all_caps"]), float(row["ends_exclamation"]), float(row["starts_upper"])
    (1.0, 1.0, 1.0)
    """
    cased, starts, ends = buffer.cased, buffer.starts, buffer.ends
    words = buffer.word_counts
    table = np.ascontiguousarray(_counted(buffer).T)
    counts = dict(zip(_CLASSES, table, strict=True))
    signs = counts["sign"] + counts["currency_sign"] + counts["copyright"]
    capitals = counts["ascii_capital"] + counts["capital"]
    chars = ends - starts - counts["rest"]
    bounds = offsets(words)
    letters = sums(buffer.word_ends - buffer.word_starts, bounds) - counts["digit"] - counts["rest"] - signs
    capital_words = sums(buffer.capital.take(buffer.word_starts).astype(np.int64), bounds)
    some_chars, some_words, some_letters = np.maximum(chars, 1), np.maximum(words, 1), np.maximum(letters, 1)

    first, last, before_last = cased[starts], cased[ends - 1], cased[ends - 2]
    first_class = _CLASS[first]
    columns = {
        "log_chars": np.log1p(chars) / 4,
        "log_words": np.log1p(words) / 3,
        "upper_share": capitals / some_letters,
        "capitalised_words": capital_words / some_words,
        "digit_share": counts["digit"] / some_chars,
        "mark_share": table[_FIRST_MARK:].sum(axis=0) / some_chars,
        "ends_sentence": _SENTENCE_END[last],
        "ends_question": last == ord("?"),
        "ends_exclamation": last == ord("!"),
        "ends_colon": last == ord(":"),
        "ends_ellipsis": (last == ord(".")) & (before_last == ord(".")),
        "ends_arrow": last == ord(">"),
        "starts_upper": buffer.capital[starts],
        "starts_lower": buffer.small[starts],
        "starts_digit": first_class == _NUMBER["digit"],
        "starts_mark": first_class >= _FIRST_MARK,
        "slashes": np.minimum(counts["double_slash"], 2) / 2,
        "sentences": np.log1p(counts["sentences"]) / 2,
        "commas": counts["commas"] / some_words * 4,
        "word_length": letters / some_words / 6,
        "all_caps": (capitals >= letters) & (letters > 1),
        "non_ascii_share": (counts["capital"] + counts["letter"] + signs) / some_chars,
    }
    counts["currency"] += counts["currency_sign"]
    for name, few in zip(_CLASSES, np.minimum(table, 3) / 3, strict=True):
        columns.setdefault(name, few)
    rows = np.empty((len(NAMES), len(starts)), np.float32)
    for row, name in zip(rows, NAMES, strict=True):
        row[:] = columns[name]
    return rows
