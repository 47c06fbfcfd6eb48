"""The tactics model: read, checked, and what it says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from dechaff.model.store import ModelError
from dechaff.tactics.weights import FOLDER, LEARNED, OUTPUTS, load, model, ngrams, save, shapes


def test_the_shipped_model_is_small_and_whole() -> None:
    assert (FOLDER / "weights.npz").stat().st_size < 600_000
    assert set(model().arrays) == set(shapes())
    thresholds = model().manifest["thresholds"]
    for tactic in LEARNED:
        assert 0 < thresholds["flagged"][tactic.value] <= thresholds["alone"][tactic.value]


def test_probabilities_are_the_same_alone_and_together() -> None:
    texts = ["Only 3 left!", "", "The bridge was built in 1931.", "Arzt packt aus: Dieses Gewürz hilft den Knien"]
    together = model().probabilities(texts)
    assert together.shape == (4, len(OUTPUTS))
    alone = np.concatenate([model().probabilities([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert ((together >= 0) & (together <= 1)).all()


def test_a_glance_at_no_words() -> None:
    assert model().suspicion(*ngrams(["", "."])).shape == (2,)
    assert np.isfinite(model().suspicion(*ngrams(["", "x"]))).all()


def test_written_and_read_again(tmp_path: Path) -> None:
    save(model().arrays, {"thresholds": {}}, tmp_path)
    again = load(tmp_path)
    for name, array in model().arrays.items():
        np.testing.assert_array_equal(array, again.arrays[name])


@pytest.mark.parametrize("damage", ["bytes", "manifest", "columns", "format", "missing"])
def test_a_damaged_model_is_refused(tmp_path: Path, damage: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "m")
    weights, manifest = tmp_path / "m" / "weights.npz", tmp_path / "m" / "manifest.json"
    told = json.loads(manifest.read_text())
    if damage == "bytes":
        weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    elif damage == "manifest":
        manifest.write_text("{")
    elif damage == "missing":
        weights.unlink()
    else:
        told[damage] = []
        manifest.write_text(json.dumps(told))
    with pytest.raises(ModelError):
        load(tmp_path / "m")


def test_arrays_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    arrays = dict(model().arrays)
    with pytest.raises(ModelError, match="missing"):
        save({name: array for name, array in arrays.items() if name != "bias"}, {}, tmp_path)
    with pytest.raises(ModelError, match="not float32"):
        save({**arrays, "bias": arrays["bias"].astype(np.float64)}, {}, tmp_path)
    with pytest.raises(ModelError, match="finite"):
        save({**arrays, "bias": arrays["bias"] * np.nan}, {}, tmp_path)
