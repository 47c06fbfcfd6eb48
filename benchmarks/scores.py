"""The scores: word F1, word 4-shingle precision and recall, and bootstrap intervals over documents.

Words are maximal runs of letters, digits and underscores (`\\w+`); all counts are multiset counts.

Every figure is a function of sums over documents (a mean is a sum over a count), so that one resampling routine
gives an interval for all of them: `interval` takes one row of numbers a document and a function of their sums.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: From column sums, shape (rounds, columns), to one figure a round.
Statistic = Callable[[Floats], Floats]

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """The three numbers, rounded to four places.

        >>> Figure(0.5, 0.25, 0.75).to_dict()
        {'value': 0.5, 'low': 0.25, 'high': 0.75}
        """
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


def words(text: str) -> list[str]:
    """The words of a text in order.

    >>> words("Don't panic, 42 times.")
    ['Don', 't', 'panic', '42', 'times']
    """
    return _WORD.findall(text)


def folded(text: str) -> str:
    """The lower-case words with one space between them: how a line is looked up in a cleaned text.

    >>> folded("Sale! Ends  TODAY.")
    'sale ends today'
    """
    return " ".join(words(text.lower()))


def contains(text: str, line: str) -> bool:
    """Whether the words of `line` stand in `text` (given folded) one after the other.

    >>> contains(folded("Big news. Sale ends today, they say."), "SALE ends today!")
    True
    """
    return f" {folded(line)} " in f" {text} "


def f1(precision: float, recall: float) -> float:
    """The harmonic mean, 0 when both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def word_f1(predicted: str, gold: str) -> float:
    """F1 over lower-case words: 2 · |P ∩ G| / (|P| + |G|); 1 when both are empty, 0 when one is.

    >>> word_f1("a b b", "b b c")
    0.6666666666666666
    """
    p, g = Counter(words(predicted.lower())), Counter(words(gold.lower()))
    if not p or not g:
        return float(not p and not g)
    return 2 * (p & g).total() / (p.total() + g.total())


def shingles(text: str, n: int = 4) -> Counter[tuple[str, ...]]:
    """Runs of `n` words, case kept; a text of fewer words is one shorter run, an empty text has none."""
    found = words(text)
    if not found:
        return Counter()
    return Counter(tuple(found[i : i + n]) for i in range(max(1, len(found) - n + 1)))


def shingle_scores(predicted: str, gold: str, n: int = 4) -> tuple[float | None, float | None]:
    """Precision |P ∩ G| / |P| and recall |P ∩ G| / |G| over shingles; None where the divisor is 0."""
    p, g = shingles(predicted, n), shingles(gold, n)
    overlap = (p & g).total()
    return (overlap / p.total() if p else None, overlap / g.total() if g else None)


def ratio(sums: Floats) -> Floats:
    """Column 0 over column 1, 0 where column 1 is 0. With a column of ones this is the mean."""
    return np.divide(sums[:, 0], sums[:, 1], out=np.zeros(len(sums)), where=sums[:, 1] != 0)


def f1_of_means(sums: Floats) -> Floats:
    """F1 of mean precision (columns 0 and 1: sum, count) and mean recall (columns 2 and 3)."""
    precision, recall = ratio(sums[:, :2]), ratio(sums[:, 2:])
    total = precision + recall
    return np.divide(2 * precision * recall, total, out=np.zeros(len(sums)), where=total != 0)


def interval(rows: Sequence[Sequence[float]], statistic: Statistic = ratio, *, rounds: int = 1000) -> Figure:
    """`statistic` of the sums of `rows` (one row a document), with the 2.5th and 97.5th percentile over `rounds`
    resamples of the documents. The resamples are seeded: the same rows give the same interval.

    >>> interval([(1.0, 1), (1.0, 1)])
    Figure(value=1.0, low=1.0, high=1.0)
    """
    if not rows:
        return Figure(0.0, 0.0, 0.0)
    table = np.asarray(rows, np.float64)
    rng = np.random.default_rng(0)
    value = float(statistic(table.sum(0, keepdims=True))[0])
    sums = np.stack([table[rng.integers(len(table), size=len(table))].sum(0) for _ in range(rounds)])
    low, high = np.percentile(statistic(sums), [2.5, 97.5])
    return Figure(value, float(low), float(high))
