"""Small tools for arrays that hold many segments one after the other: words by line, lines by document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Number = TypeVar("Number", np.int64, np.uint64)


def offsets(sizes: Sequence[int] | Ints) -> Ints:
    """Where each segment starts, and where the last one ends.

    >>> offsets([2, 0, 3]).tolist()
    [0, 2, 2, 5]
    """
    found = np.zeros(len(sizes) + 1, np.int64)
    np.add.accumulate(sizes, out=found[1:])  # `np.cumsum` does the same in twice the time for short arrays
    return found


def places(mask: Mask) -> Ints:
    """Where `mask` is true; the method is called because `np.flatnonzero` costs more than short arrays do.

    >>> places(np.array([False, True, True])).tolist()
    [1, 2]
    """
    return mask.nonzero()[0]


def steps(values: NDArray[Number]) -> NDArray[Number]:
    """Each value less the one before it; `np.diff` does the same in several times the time for short arrays."""
    return values[1:] - values[:-1]


def sums(values: NDArray[Number], bounds: Ints) -> NDArray[Number]:
    """The sum of each segment, empty ones too; `bounds` as `offsets` gives them. Exact, for these are whole numbers.

    >>> sums(np.array([1, 2, 3, 4, 5]), offsets([2, 0, 3])).tolist()
    [3, 0, 12]
    """
    cumulated = np.zeros(len(values) + 1, values.dtype)
    np.add.accumulate(values, out=cumulated[1:])
    return steps(cumulated.take(bounds))


#: Logarithms of small whole numbers, which is what almost all counts are.
_LOGS = np.log1p(np.arange(256))


def log1p(counts: Ints) -> NDArray[np.float64]:
    """The natural logarithm of 1 + each count, none of them negative.

    >>> log1p(np.array([0, 1, 999])).round(3).tolist()
    [0.0, 0.693, 6.908]
    """
    return _LOGS.take(counts) if counts.max(initial=0) < len(_LOGS) else np.log1p(counts)


def ends(starts: Ints, end: int) -> Ints:
    """Where each segment ends, if the next one starts there and the last one ends at `end`.

    >>> ends(np.array([0, 2, 5]), 6).tolist()
    [2, 5, 6]
    """
    found = np.empty(len(starts), np.int64)
    found[:-1] = starts[1:]
    found[-1:] = end
    return found


def runs(inside: Mask, breaks: Mask | None = None) -> tuple[Ints, Ints]:
    """Starts and ends of the runs of true values; a run also ends, and the next one starts, where `breaks` is true.

    The first and the last value must be false.

    >>> [a.tolist() for a in runs(np.array([False, True, True, False, True, False]))]
    [[1, 4], [3, 5]]
    """
    change = inside[1:] != inside[:-1]
    if breaks is not None:
        change |= breaks[1:]
    return places(change & inside[1:]) + 1, places(change & inside[:-1]) + 1


def numbered(keys: NDArray[np.uint64]) -> Ints:
    """Equal keys get equal numbers, from 0 in the order of the keys.

    >>> numbered(np.array([7, 3, 7], np.uint64)).tolist()
    [1, 0, 1]
    """
    order = keys.argsort()
    ordered = keys[order]
    new = np.zeros(len(keys), np.int64)
    new[1:] = ordered[1:] != ordered[:-1]
    numbers = np.empty(len(keys), np.int64)
    numbers[order] = new.cumsum()
    return numbers
