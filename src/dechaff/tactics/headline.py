"""The page's title: whether it is bait, and whether the text holds what it says."""

from __future__ import annotations

import re

from dechaff.tactics.weights import OUTPUTS, model

#: Between a headline and the name of its site.
_PARTS = re.compile(r"\s+[|–—·»:-]{1,2}\s+")

_WORD = re.compile(r"[^\W_]+")

#: Scripts without spaces between words: compared by pairs of characters.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")

#: Letters that make the stem of a word; shorter words say nothing.
_STEM = 4

_BAIT, _BAIT_ES = OUTPUTS.index("clickbait"), OUTPUTS.index("clickbait_es")

#: Small words by which Spanish headlines are told from English ones; the two languages are judged by themselves.
_SPANISH = frozenset(
    "de la el los las del al que en un una por con se su sus para como más es lo y no le ya tras qué".split()
)
_ENGLISH = frozenset(
    "the of to a and in is for on with your you this that what how why are at from it by be as an".split()
)

#: Characters of a title that are read.
_MAX_CHARS = 300


def without_site(title: str) -> str:
    """A page's title without the name of the site: the part with the most words, the first of equals.

    >>> without_site("Ten ways to fold a map - The Daily Fold"), without_site("Post-war towns")
    ('Ten ways to fold a map', 'Post-war towns')
    """
    parts = _PARTS.split(title[:_MAX_CHARS].strip())
    return max(parts, key=lambda part: len(part.split()))


def clickbait(title: str) -> float:
    """The probability that a headline is bait; 0 for an empty one.

    >>> clickbait("You Won't Believe What This Dog Did Next") > 0.9, clickbait("Council approves budget for 2024") < 0.1
    (True, True)
    """
    headline = without_site(title)
    if not headline:
        return 0.0
    return float(model().probabilities([headline])[0, _BAIT_ES if is_spanish(headline) else _BAIT])


def is_spanish(headline: str) -> bool:
    """Whether a headline has more small words of Spanish than of English.

    >>> is_spanish("Lo que nadie te dice de los gatos"), is_spanish("The cat that came back")
    (True, False)
    """
    words = headline.lower().split()
    return sum(word in _SPANISH for word in words) > sum(word in _ENGLISH for word in words)


def mismatch(title: str, text: str) -> float:
    """The share of the title's words that the text has in no form; 0 where the title or the text says nothing.

    Words of fewer than four letters do not count. Two words are one if they begin alike.

    >>> mismatch("Miracle cure for baldness", "The council met to discuss a cure for potholes.")
    0.6666666666666666
    """
    wanted = _stems(without_site(title))
    if not wanted or not text:
        return 0.0
    low = text.lower()
    return sum(not _stands_in(low, stem, paired) for stem, paired in wanted.items()) / len(wanted)


def _stands_in(low: str, stem: str, paired: bool) -> bool:
    """Whether a text in lower case has a word with this stem: to search is faster than to take all words apart."""
    whole = len(stem) < _STEM
    at = low.find(stem)
    while at >= 0:
        end = at + len(stem)
        if paired or not (low[at - 1 : at].isalnum() or (whole and low[end : end + 1].isalnum())):
            return True
        at = low.find(stem, at + 1)
    return False


def _stems(text: str) -> dict[str, bool]:
    """The stems of the words of a text, each with whether it is a pair of characters, which may stand anywhere."""
    found: dict[str, bool] = {}
    for word in _WORD.findall(text.lower()):
        if _UNSPACED.search(word):
            found.update((word[i : i + 2], True) for i in range(max(len(word) - 1, 1)))
        elif len(word) >= _STEM or word.isdigit():
            found.setdefault(word[:_STEM], False)
    return found
