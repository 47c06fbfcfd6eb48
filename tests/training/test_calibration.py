"""Calibration says how far probabilities are from what is seen."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.calibration import curve, error


def test_probabilities_that_come_true_have_no_error() -> None:
    said = np.repeat([0.2, 0.8], 10)
    right = np.asarray([True] * 2 + [False] * 8 + [True] * 8 + [False] * 2)
    assert error(said, right) == pytest.approx(0)


def test_certainty_that_is_wrong_has_the_greatest_error() -> None:
    assert error(np.ones(5), np.zeros(5, bool)) == pytest.approx(1)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_every_line_is_in_one_bin(rows: list[tuple[float, bool]]) -> None:
    said, right = np.asarray([row[0] for row in rows]), np.asarray([row[1] for row in rows])
    bins = curve(said, right)
    assert sum(count for count, _, _ in bins) == len(rows)
    assert 0 <= error(said, right) <= 1
    assert all(before[1] <= after[1] for before, after in itertools.pairwise(bins))
