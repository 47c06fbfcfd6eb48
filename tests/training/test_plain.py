"""The network for plain documents learns what leads away, and what it learns is what runs."""

from __future__ import annotations

import numpy as np
import pytest

from dechaff.model.plain import anew, inputs_of
from dechaff.model.weights import AWAY, CLASSES, DENSE, Model
from training.labels import CONTENT, UNKNOWN, mask

pytest.importorskip("torch", reason="the extra training is not installed")


def test_lines_that_lead_away_are_told_by_what_they_were_trained_on() -> None:
    from tests.model.test_weights import arrays_of
    from training.plain import Examples, fit

    rng = np.random.default_rng(0)
    odds = rng.dirichlet(np.ones(len(CLASSES)), 32000).astype(np.float32)
    dense = rng.normal(size=(32000, len(DENSE))).astype(np.float32)
    away = dense[:, 3] > 0.5
    arrays = fit([Examples(inputs_of(odds, dense), away, np.ones(32000, np.float32))], seed=1)
    again = fit([Examples(inputs_of(odds, dense), away, np.ones(32000, np.float32))], seed=1)
    assert all(np.array_equal(arrays[name], again[name]) for name in arrays)
    found = anew(Model({**arrays_of(0), **arrays}, {}), odds, dense)[:, AWAY].sum(axis=1)
    assert ((found > 0.5) == away).mean() > 0.9


def test_what_is_asked_about_each_line() -> None:
    from training.plain import _labelled

    doubtful = np.full(len(CLASSES), 0.01, np.float32)
    doubtful[AWAY[0]] = 0.9
    clear = np.full(len(CLASSES), 0.1, np.float32)
    targets = [CONTENT, CONTENT, mask("ad", "teaser"), mask("content", "off_topic"), UNKNOWN, mask("ad", "boilerplate")]
    odds = np.stack([clear, doubtful, clear, clear, clear, clear])
    inputs = inputs_of(odds, np.arange(6 * len(DENSE), dtype=np.float32).reshape(6, -1))
    found = _labelled(inputs, np.asarray(targets))
    assert np.array_equal(found.inputs, inputs[[0, 2, 3, 5]])
    assert found.away.tolist() == [False, True, False, False]
    assert found.weight[2] > found.weight[1] > found.weight[0] == 1
