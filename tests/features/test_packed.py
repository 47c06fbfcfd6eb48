"""Packed tables: their sums are those of the numbers themselves."""

from __future__ import annotations

import numpy as np

from dechaff.features.packed import MAX_ROWS, pack, sums


def test_packed_rows_sum_to_what_the_rows_sum_to() -> None:
    rng = np.random.default_rng(5)
    table = rng.integers(-127, 128, (999, 10)).astype(np.int8)
    table[:3], table[3:6] = -128, 127
    longest = MAX_ROWS // 3
    counts = np.asarray([0, longest, longest, 1, 0, 9])
    ids = rng.integers(0, len(table), (counts.sum(), 3)).astype(np.int32)
    ids[: counts[1]] = [0, 1, 2]  # the lowest and the highest sums that a bag can have
    ids[counts[1] : counts[:3].sum()] = [3, 4, 5]
    ends = counts.cumsum()
    expected = [
        table[ids[end - count : end].ravel()].sum(axis=0, dtype=np.int64)
        for count, end in zip(counts, ends, strict=True)
    ]
    assert np.array_equal(sums(pack(table), 10, ids, counts), np.asarray(expected, np.float32))
