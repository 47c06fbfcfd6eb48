"""What a line looks like to the tactics model: cues of `cues.json`, and its form.

Cues are matched in lower case without flags, which lets Python's `re` skip ahead to possible beginnings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dechaff.alternatives import joined
from dechaff.limits import TACTIC_CHARS
from dechaff.sieve import Sieve

_DATA = Path(__file__).with_name("cues.json")

#: Groups that look at capitals, too.
_CASED = frozenset({"brand", "soft_sell", "testimonial"})

# Single characters and words: linear.
_MONEY = re.compile(r"[$£€]")
_DIGIT = re.compile(r"\d")
_SIGN = re.compile("[\U0001f300-\U0001faff→»►▸⏰➔☎✔⚠]")
_YOU = re.compile(
    r"\b(?:your?s?|ihre?n?|sie|du|deine?n?|vous|votre|vos|tus?|su|vuestr\w+|você|seus?|suas?|je|jouw|uw)\b"
)
_WE = re.compile(
    r"\b(?:we|ours?|us|wir|unsere?|nous|notre|nos|nosotros|nuestr\w+|noi|nostr\w+|nós|noss\w+|wij|ons|onze)\b"
)
_I = re.compile(r"\b(?:i|my|me|ich|meine?|mon|ma|yo|mi|io|mio|eu|meu|ik|mijn)\b")

#: Names of what `form` gives, in order.
FORM = (
    "exclaims", "asks", "exclaims often", "money", "percent", "digit", "sign", "very short", "short", "middling",
    "long", "capitals", "title case", "full stop", "you", "we", "i", "quotes", "dots", "colon", "number first",
    "hash or bar", "lists",
)  # fmt: skip

Dense = NDArray[np.float32]


@lru_cache(maxsize=1)
def _written() -> Mapping[str, Sequence[str]]:
    """The patterns of each group, in the order of the file."""
    found: Mapping[str, Sequence[str]] = json.loads(_DATA.read_text(encoding="utf-8"))["groups"]
    return found


@lru_cache(maxsize=1)
def groups() -> tuple[str, ...]:
    """The names of the groups of cues."""
    return (*_written(),)


@cache
def pattern_of(group: str) -> re.Pattern[str]:
    """The cues of a group. To compile those of all takes longer than to clean a page, so each waits until asked."""
    return re.compile(joined(_written()[group]))


@lru_cache(maxsize=1)
def _sieve() -> Sieve:
    return Sieve([*_written().values()])


def names() -> tuple[str, ...]:
    """The columns of `dense`."""
    return (*groups(), *FORM)


def lowered(text: str) -> str:
    """`text` in lower case, every character at its place.

    >>> lowered("İ AM"), len(lowered("İ"))
    ('İ am', 1)
    """
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def dense(texts: Sequence[str]) -> Dense:
    """Cues and form of N texts, shape (N, len(names())), 0 or 1.

    >>> row = dense(["Hurry! Sale ends tonight"])[0]
    >>> [name for name, value in zip(names(), row) if value]
    ['deadline', 'hurry', 'cure', 'offer', 'exclaims', 'very short']
    """
    rows: dict[str, list[bool]] = {}  # links to more, as "Read on", stand on a page many times
    for text in texts:
        if text not in rows:
            cut = text[:TACTIC_CHARS]
            lower = lowered(cut)
            rows[text] = [*_cues(cut, lower), *form(text, cut, lower)]
    return np.asarray([rows[text] for text in texts], np.float32).reshape(len(texts), len(names()))


def _cues(text: str, lower: str) -> list[bool]:
    """Which groups have a cue in a text, which is also given in lower case."""
    names = groups()
    found = [False] * len(names)
    likely = _sieve().candidates(lower)
    while likely:
        number = (likely & -likely).bit_length() - 1  # of the lowest bit
        likely &= likely - 1
        name = names[number]
        search = pattern_of(name).search
        found[number] = search(lower) is not None or (name in _CASED and search(text) is not None)
    return found


def spans(text: str, group: str) -> list[tuple[int, int]]:
    """Where the cues of a group stand in a text.

    >>> spans("Hurry! Sale ENDS tonight", "deadline")
    [(12, 24)]
    """
    text = text[:TACTIC_CHARS]
    pattern = pattern_of(group)
    found = [match.span() for match in pattern.finditer(lowered(text))]
    if group in _CASED:
        found += [match.span() for match in pattern.finditer(text)]
    return sorted({span for span in found if span[0] < span[1]})


def form(text: str, cut: str, lower: str) -> list[bool]:
    """How a text is written, in the order of `FORM`; `cut` is as much of it as is read, `lower` that in lower case."""
    words = cut.split()
    count = len(words)
    return [
        "!" in text, "?" in text, text.count("!") > 1, _MONEY.search(text) is not None, "%" in text,
        _DIGIT.search(text) is not None, _SIGN.search(text) is not None, count <= 4, 5 <= count <= 12,
        13 <= count <= 25, count > 25, any(len(word) > 2 and word.isupper() for word in words),
        count > 3 and sum(word[0].isupper() for word in words) >= 0.7 * count, text.rstrip().endswith("."),
        _YOU.search(lower) is not None, _WE.search(lower) is not None, _I.search(lower) is not None,
        text[:1] in "\"“‘«„'", "…" in text or "..." in text, ":" in text, text[:1].isdigit(),
        "#" in text or "|" in text, text.count(",") > 1,
    ]  # fmt: skip
