"""What a text smuggles between and inside its words: characters that no reader sees, or that he takes for others.

Joiners of Persian and Indic writing, sequences of emoji, flags and the line-break hints of ordinary pages are left
alone: what counts is a message (tag characters, rows of variation selectors or zero-width characters), words that are
cut to pieces or mixed of two alphabets, and text that is turned round.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

TAGS = "tag characters"
SELECTORS = "variation selectors"
ZERO_WIDTH = "zero-width characters"
OVERRIDE = "bidirectional override"
LOOK_ALIKES = "look-alike letters"

_ZERO_WIDTHS = "\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff\u180e\u034f\u115f\u1160\u3164\uffa0"

_EMOJI_SELECTORS = frozenset("\ufe0e\ufe0f")

#: A row of zero-width characters that holds a message: a byte at least, of two kinds at least.
_MIN_ROW = 8

#: Letters of the alphabets in which nothing stands between two letters of a word: Latin, Greek, Cyrillic.
_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\u0370-\u03ff\u0400-\u052f"

#: Places of a line where zero-width characters cut a piece off a word, from which it is meant …
_MIN_SPLITS = 2
#: … and letters of a piece that is no hint where a long word may break, and of a long word.
_MAX_PIECE = 2
_LONG_WORD = 13

#: Keeps letters apart that would join; German needs it behind an f, as in “Auflage”.
_NON_JOINER = "\u200c"
#: Keeps a line from breaking there; telephone numbers in capitals have one behind each letter.
_WORD_JOINER = "\u2060"

#: Letters of a word of two alphabets; shorter ones are units and abbreviations.
_MIN_LETTERS = 4

# Single characters and runs of one class: linear.
_TAG = re.compile("[\U000e0000-\U000e007f]+")
#: What follows a black flag for England, Scotland and Wales, the only regions that have one (Unicode's RGI emoji).
_FLAGS = frozenset("".join(chr(0xE0000 + ord(c)) for c in f"{code}\x7f") for code in ("gbeng", "gbsct", "gbwls"))
_SELECTOR = re.compile("(?<=[A-Za-z .,])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")
_ROW = re.compile(f"[{_ZERO_WIDTHS}]{{{_MIN_ROW},}}")
_SPLIT = re.compile(f"(?<=[{_LETTERS}])[{_ZERO_WIDTHS}]+(?=[{_LETTERS}])")
_NO_LETTER = re.compile(f"[^{_LETTERS}{_ZERO_WIDTHS}]")
_ZERO_WIDTH_RUN = re.compile(f"[{_ZERO_WIDTHS}]+")
_NO_PIECE = re.compile(f"[{_LETTERS}]{{{_MAX_PIECE + 1}}}")
_OVERRIDES, _END = "\u202d\u202e", "\u202c"
_BEGINS = f"\u202a\u202b{_OVERRIDES}"
_TURNED = re.compile(f"[{_OVERRIDES}]")
#: Embeddings and overrides, their ends, and the letters between; a line ends all of them.
_EMBEDDED = re.compile("[\u202a-\u202e\n]|[^\\W\\d_]+")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
_OTHER = re.compile("[\u0370-\u03ff\u0400-\u052f]")

#: Letters of Cyrillic and Greek that look like Latin ones (Unicode, confusables.txt: those that are drawn alike in most
#: fonts), and what they look like.
_LOOKS = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwABEKMHOPCTYXIJSoABEZHIKMNOPTYX",
)
_LOOKING = frozenset(map(chr, _LOOKS))
_LOOKED_AT = frozenset("aeopcyxijsABEKMHOPCTYX")


class Found(NamedTuple):
    """A span of a text: what it is, what it says if that can be read, and whether a reader sees nothing of it."""

    start: int
    end: int
    why: str
    says: str = ""
    unseen: bool = True


def find(text: str) -> list[Found]:
    """What a line smuggles, in order; spans do not overlap.

    >>> find("Hello" + "".join(chr(0xE0000 + ord(c)) for c in "buy"))
    [Found(start=5, end=8, why='tag characters', says='buy', unseen=True)]
    >>> find("p\\u0430ypal login")[0].says, find("\\u0645\\u06cc\\u200c\\u062e\\u0648\\u0627\\u0647\\u0645")
    ('paypal', [])
    """
    found = [*_tags(text), *_selectors(text), *_zero_widths(text), *_overrides(text), *_look_alikes(text)]
    found.sort()
    kept: list[Found] = []
    for item in found:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def without(text: str, found: list[Found]) -> str:
    """A text without the characters that no reader sees."""
    parts = []
    at = 0
    for item in found:
        if item.unseen:
            parts.append(text[at : item.start])
            at = item.end
    return "".join(parts) + text[at:]


def _tags(text: str) -> Iterator[Found]:
    for match in _TAG.finditer(text):
        start, end = match.span()
        if text[start - 1 : start] == "\U0001f3f4" and match[0] in _FLAGS:
            continue
        says = "".join(chr(ord(c) - 0xE0000) for c in match[0] if 0xE0020 <= ord(c) < 0xE007F)
        yield Found(start, end, TAGS, " ".join(says.split()))


def _selectors(text: str) -> Iterator[Found]:
    matches = [match for match in _SELECTOR.finditer(text) if not _is_of_emoji(match[0])]
    if sum(len(match[0]) for match in matches) < 2:
        return
    for match in matches:
        codes = map(ord, match[0])
        data = bytes(code - 0xFE00 if code < 0xFE10 else code - 0xE0100 + 16 for code in codes)
        says = data.decode("utf-8", "ignore")
        yield Found(*match.span(), SELECTORS, " ".join(says.split()) if says.isprintable() else "")


def _is_of_emoji(row: str) -> bool:
    """Whether selectors only ask for an emoji, or for none, as some keyboards do twice. A message takes both."""
    return _EMOJI_SELECTORS.issuperset(row) and (len(row) < _MIN_ROW or len(set(row)) == 1)


def _zero_widths(text: str) -> Iterator[Found]:
    for match in _ROW.finditer(text):
        if len(set(match[0])) > 1:
            yield Found(*match.span(), ZERO_WIDTH, _bits(match[0]))
    splits = [match for match in _SPLIT.finditer(text) if not _ROW.match(match[0]) and not _is_joint(text, match)]
    if sum(_is_cut(text, match) for match in splits) >= _MIN_SPLITS:
        for match in splits:
            yield Found(*match.span(), ZERO_WIDTH)


def _is_joint(text: str, split: re.Match[str]) -> bool:
    """Whether a split is what writing has: between the humps of camelCase, letters that shall not join, a number's."""
    start, end = split.span()
    before, after = text[start - 1], text[end : end + 2]
    if split[0] == _NON_JOINER and before == "f":
        return True
    if split[0] == _WORD_JOINER and before.isupper() and after[0].isupper():
        return True
    return after[0].isupper() and (before.islower() or after[1:].islower())


def _is_cut(text: str, split: re.Match[str]) -> bool:
    """Whether a split leaves a piece of one or two letters, or stands in a short word: long words have hints where they
    may break, which leave longer pieces."""
    start, end = split.span()
    before, after = text[max(start - _MAX_PIECE - 1, 0) : start], text[end : end + _MAX_PIECE + 1]
    if not (_NO_PIECE.fullmatch(before) and _NO_PIECE.fullmatch(after)):
        return True
    return _letters_around(text, start, end) < _LONG_WORD


def _letters_around(text: str, start: int, end: int) -> int:
    """The letters of the word that a split stands in, as far as it matters how many they are."""
    reach = 2 * _LONG_WORD
    sides = text[max(start - reach, 0) : start][::-1], text[end : end + reach]
    return sum(len(_ZERO_WIDTH_RUN.sub("", _NO_LETTER.split(side, maxsplit=1)[0])) for side in sides)


def _bits(row: str) -> str:
    """The text that two kinds of zero-width characters spell as bits, if it is one."""
    kinds = [kind for kind, _ in Counter(row).most_common(2)]
    bits = [char for char in row if char in kinds]
    for zero in kinds:
        number = "".join("0" if char == zero else "1" for char in bits)
        data = bytes(int(number[i : i + 8], 2) for i in range(0, len(number) - 7, 8))
        says = data.decode("utf-8", "ignore")
        if says and says.isascii() and says.isprintable():
            return says
    return ""


def _overrides(text: str) -> Iterator[Found]:
    """Overrides of letters, with their ends: those around a telephone number turn nothing round, and stay whole."""
    if not _TURNED.search(text):
        return
    begun: list[int] = []
    last_letter = -1
    for match in _EMBEDDED.finditer(f"{text}\n"):
        at, mark = match.start(), match[0]
        if mark == "\n":
            ended = [(start, start) for start in begun]
            begun.clear()
        elif mark == _END:
            ended = [(begun.pop(), at)] if begun else []
        else:
            ended = []
            if mark[0] in _BEGINS:
                begun.append(at)
            else:
                last_letter = at
        for start, end in ended:
            if last_letter > start and text[start] in _OVERRIDES:
                for place in sorted({start, end}):
                    yield Found(place, place + 1, OVERRIDE)


def _look_alikes(text: str) -> Iterator[Found]:
    if not _LATIN.search(text) or not _OTHER.search(text):
        return
    in_others = []
    for match in _WORD.finditer(text):
        word = match[0]
        latin = {c for c in word if c.isascii()}
        others = set(word) - latin
        if not latin or not others or len(word) < _MIN_LETTERS:
            continue
        few = sum(c.isascii() for c in word) * 2 < len(word)
        item = Found(*match.span(), LOOK_ALIKES, word.translate(_LOOKS), False)
        if not few and others <= _LOOKING:
            yield item
        elif few and latin <= _LOOKED_AT:
            in_others.append(Found(*match.span(), LOOK_ALIKES, "", False))
    if len(in_others) > 1:  # one is a slip of the keyboard
        yield from in_others
