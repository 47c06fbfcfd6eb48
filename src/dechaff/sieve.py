"""Which of many groups of patterns can match a text at all, told by how their matches begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dechaff.alternatives import beginnings, choices

#: Characters of a beginning that are looked at: more seldom tell more. Most words are told by the first few.
_CHARS, _FEW = 6, 3

# Linear: each looks at a few characters from where it stands.
_WORD_BEGIN = re.compile(r"\b(?=(\w.{0,5}))", re.DOTALL)
_DIGIT = re.compile(r"\d")
_EDGES = (r"\b", "^")


class Sieve:
    r"""Made of groups of patterns, which are written for lower case; it passes over no group that matches.

    >>> sieve = Sieve([[r"\bonly \d+ left"], [r"\bhurry", r"ends (?:now|soon)"], ["[!?]"]])
    >>> bin(sieve.candidates("hurry, now or never")), bin(sieve.candidates("only 1?"))
    ('0b10', '0b101')
    """

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self._always = 0
        self._at_words: dict[str, int] = {}
        self._long: set[str] = set()  # what longer ones of these begin with
        self._anywhere: dict[str, int] = {}  # single characters
        self._within: dict[str, int] = {}  # longer ones
        for number, patterns in enumerate(groups):
            for pattern in patterns:
                for choice in choices(pattern):
                    self._add(choice, 1 << number)

    def _add(self, choice: str, group: int) -> None:
        edge = choice.startswith(_EDGES)
        for prefix in _EDGES:
            choice = choice.removeprefix(prefix)
        for begin in beginnings(choice):
            begin = begin.lower()
            if not begin:
                self._always |= group
            elif edge and begin[0].isalnum():
                key = begin[:_CHARS]
                self._at_words[key] = self._at_words.get(key, 0) | group
                if len(key) > _FEW:
                    self._long.add(key[:_FEW])
            elif len(begin) == 1:
                self._anywhere[begin] = self._anywhere.get(begin, 0) | group
            else:
                self._within[begin] = self._within.get(begin, 0) | group

    def candidates(self, low: str) -> int:
        """The groups that may match a text in lower case, as bits; the first group is the lowest bit."""
        found, at_words, anywhere = self._always, self._at_words, self._anywhere
        text = _DIGIT.sub("0", low)
        for begin in set(_WORD_BEGIN.findall(text)):
            few = begin[:_FEW]
            found |= at_words.get(few[:1], 0) | at_words.get(few[:2], 0) | at_words.get(few, 0)
            if few in self._long:
                for size in range(_FEW + 1, len(begin) + 1):
                    found |= at_words.get(begin[:size], 0)
        for char in set(text):
            found |= anywhere.get(char, 0)
        for begin, groups in self._within.items():
            if begin in text:
                found |= groups
        return found
