"""Tables of small whole numbers, and sums of their rows: of the n-grams of a line, of the words of a name.

Four numbers of a row lie in one word of 64 bits, so numpy adds four at once and need not widen them first: several
times as fast as sums of the numbers themselves, and exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dechaff.features.segments import Ints, offsets

Floats = NDArray[np.float32]

#: A table of whole numbers from -128 to 127 (rows, columns), as words of 64 bits (rows, a quarter of the columns).
Packed = NDArray[np.uint64]

#: What is added to the whole numbers of a packed table, so that none is negative.
ZERO = 128

#: The most rows that can be summed: a number has 16 bits.
MAX_ROWS = ((1 << 16) - 1) // (ZERO + 127)

#: Bags that are summed together: of each id a row of the table is held, as two bytes a number.
_BAGS = 4096


def pack(table: NDArray[np.int8]) -> Packed:
    """The table, packed; columns are filled up to whole words of 64 bits.

    >>> pack(np.zeros((3, 10), np.int8)).shape
    (3, 3)
    """
    lanes = np.zeros((len(table), -(-table.shape[1] // 4) * 4), np.uint16)
    numbers = lanes[:, : table.shape[1]]
    numbers[:] = table  # what is negative wraps around, and back again
    numbers += ZERO
    return lanes.view(np.uint64)


def sums(table: Packed, columns: int, ids: NDArray[np.int32], counts: Ints) -> Floats:
    """The sum of the rows of every bag, shape (bags, columns): bag i holds the next `counts[i]` rows of `ids` (T, K).

    A bag has at most `MAX_ROWS / K` of them.

    >>> table = pack(np.array([[1, -2], [30, 40]], np.int8))
    >>> sums(table, 2, np.array([[0], [1], [1]], np.int32), np.array([2, 0, 1])).tolist()
    [[31.0, 38.0], [0.0, 0.0], [30.0, 40.0]]
    """
    assert table.dtype == np.uint64, "a table that is not packed"
    found = np.zeros((len(counts), table.shape[1]), np.uint64)
    filled = counts.nonzero()[0]
    starts = offsets(counts)
    first = np.concatenate([starts[filled], starts[-1:]])
    for begin in range(0, len(filled), _BAGS):
        bounds = first[begin : begin + _BAGS + 1]
        rows = table.take(ids[bounds[0] : bounds[-1]].ravel(), axis=0)
        within = (bounds[:-1] - bounds[0]) * ids.shape[1]
        found[filled[begin : begin + _BAGS]] = np.add.reduceat(rows, within, axis=0)
    zeros = (counts * (ids.shape[1] * ZERO)).astype(np.float32)
    numbers: Floats = found.view(np.uint16)[:, :columns] - zeros[:, None]
    return numbers
