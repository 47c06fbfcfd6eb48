"""A model on disk: written, read back, and refused with the name of the file where it is damaged."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dechaff
from dechaff.cleaner import default_model
from dechaff.labels import Label
from dechaff.model.store import ModelError, check
from dechaff.model.weights import CLASSES, FORMAT, SHAPES, load, save

THRESHOLDS = default_model().manifest["thresholds"]


def arrays_of(seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    arrays = {
        name: random.integers(-127, 128, shape, np.int8) if kind == "int8" else random.normal(size=shape).astype(kind)
        for name, (kind, shape) in SHAPES.items()
    }
    for name in ("std", "plain_std"):
        arrays[name] = 1 + np.abs(arrays[name])
    return arrays


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    save(arrays_of(0), {"thresholds": THRESHOLDS}, folder)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A model of its own for every test, to damage."""
    return Path(shutil.copytree(written, tmp_path / "model"))


def rewrite(folder: Path, data: bytes) -> None:
    """Replace the arrays, with the hash that belongs to them."""
    (folder / "weights.npz").write_bytes(data)
    change(folder, sha256=hashlib.sha256(data).hexdigest())


def change(folder: Path, **fields: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **fields}))


def npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def test_what_is_saved_is_loaded(folder: Path) -> None:
    model, arrays = load(folder), arrays_of(0)
    assert set(model.arrays) == set(SHAPES)
    for name in SHAPES:
        assert model[name].dtype == arrays[name].dtype
        assert np.array_equal(model[name], arrays[name])
    assert model.manifest["thresholds"] == THRESHOLDS
    assert model.manifest["format"] == FORMAT
    assert model.manifest["classes"] == list(CLASSES)


def test_the_folder_is_made(tmp_path: Path) -> None:
    save(arrays_of(1), {}, tmp_path / "new" / "model")
    assert sorted(path.name for path in (tmp_path / "new" / "model").iterdir()) == ["manifest.json", "weights.npz"]
    assert np.array_equal(load(tmp_path / "new" / "model")["out"], arrays_of(1)["out"])


def test_a_loaded_model_does_not_change(folder: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        load(folder)["mean"][0] = 1


def test_the_same_arrays_make_the_same_manifest(folder: Path, tmp_path: Path) -> None:
    save(arrays_of(0), {"thresholds": THRESHOLDS}, tmp_path / "again")
    assert (tmp_path / "again" / "manifest.json").read_bytes() == (folder / "manifest.json").read_bytes()


def test_any_model_cleans(folder: Path) -> None:
    """Random weights decide nonsense, but nothing in the pipeline depends on good ones."""
    result = dechaff.Cleaner(model=folder).clean("<nav><a href=x>Home</a></nav><p>One line.</p><p>And another one.</p>")
    assert len(result.lines) == 3
    assert all(result.source[line.start : line.end] == line.text for line in result.lines)


def test_the_shipped_model_is_one() -> None:
    model = default_model()
    check(model.arrays, SHAPES, "the default model")
    assert set(CLASSES) - {"title"} == {label.value for label in Label if label not in (Label.HIDDEN, Label.MISLEADING)}


def _damaged(folder: Path) -> None:
    data = bytearray((folder / "weights.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "weights.npz").write_bytes(data)


def _without_one(folder: Path) -> None:
    arrays = arrays_of(0)
    del arrays["say_2"]
    rewrite(folder, npz(**arrays))


def _with_objects(folder: Path) -> None:
    rewrite(folder, npz(**{**arrays_of(0), "mean": np.array([{"a": 1}], object)}))


def _with(name: str, value: float, at: int = 0) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        arrays = arrays_of(0)
        arrays[name].flat[at] = value
        rewrite(folder, npz(**arrays))

    return write


def _both_infinities(folder: Path) -> None:
    arrays = arrays_of(0)
    arrays["out"].flat[0], arrays["out"].flat[1] = np.inf, -np.inf
    rewrite(folder, npz(**arrays))


def _file_is_no_array(folder: Path) -> None:
    buffer = io.BytesIO((folder / "weights.npz").read_bytes())
    with zipfile.ZipFile(buffer, "a") as file:
        file.writestr("evil.npy", b"not an array")
    rewrite(folder, buffer.getvalue())


DAMAGE: dict[str, tuple[Callable[[Path], Any], str, str]] = {
    "no folder": (shutil.rmtree, "manifest.json", "No such file"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "manifest.json", "No such file"),
    "no weights": (lambda folder: (folder / "weights.npz").unlink(), "weights.npz", "No such file"),
    "weights are a folder": (
        lambda folder: ((folder / "weights.npz").unlink(), (folder / "weights.npz").mkdir()), "weights.npz", ""
    ),
    "flipped bit": (_damaged, "weights.npz", "SHA-256"),
    "another hash": (lambda folder: change(folder, sha256="0" * 64), "weights.npz", "SHA-256"),
    "no hash": (lambda folder: change(folder, sha256=None), "weights.npz", "SHA-256"),
    "another format": (lambda folder: change(folder, format=FORMAT + 1), "manifest.json", f"format {FORMAT}"),
    "other classes": (lambda folder: change(folder, classes=[*CLASSES[1:], "x"]), "manifest.json", "classes"),
    "classes in another order": (lambda folder: change(folder, classes=CLASSES[::-1]), "manifest.json", "classes"),
    "manifest is no JSON": (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json", ""),
    "manifest is no UTF-8": (lambda folder: (folder / "manifest.json").write_bytes(b"\xff{}"), "manifest.json", ""),
    "manifest is a list": (lambda folder: (folder / "manifest.json").write_text("[]"), "manifest.json", "format"),
    "manifest is deep": (lambda folder: (folder / "manifest.json").write_text("[" * 100_000), "manifest.json", ""),
    "weights are no archive": (lambda folder: rewrite(folder, b"PK nothing"), "weights.npz", ""),
    "weights are empty": (lambda folder: rewrite(folder, b""), "weights.npz", ""),
    "weights are cut": (
        lambda folder: rewrite(folder, (folder / "weights.npz").read_bytes()[:5000]), "weights.npz", ""
    ),
    "weights are one array": (lambda folder: rewrite(folder, _npy(np.zeros(3))), "weights.npz", ""),
    "pickled objects": (_with_objects, "weights.npz", "allow_pickle"),
    "a missing array": (_without_one, "weights.npz", "say_2"),
    "an unknown array": (lambda folder: rewrite(folder, npz(**arrays_of(0), x=np.zeros(1))), "weights.npz", "'x'"),
    "a file that is no array": (_file_is_no_array, "weights.npz", ""),
    "another shape": (
        lambda folder: rewrite(folder, npz(**{**arrays_of(0), "mean": np.zeros(3, np.float32)})), "weights.npz", "mean"
    ),
    "another type": (
        lambda folder: rewrite(folder, npz(**{**arrays_of(0), "std": arrays_of(0)["std"].astype(float)})),
        "weights.npz",
        "std is float64",
    ),
    "NaN": (_with("mean", np.nan), "weights.npz", "mean holds numbers that are not finite"),
    "infinity": (_with("context_1", -np.inf, at=-1), "weights.npz", "context_1"),
    "a deviation of 0": (_with("std", 0), "weights.npz", "std"),
    "both infinities": (_both_infinities, "weights.npz", "out"),
}  # fmt: skip


def _npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_model_is_refused(name: str, folder: Path) -> None:
    damage, file, says = DAMAGE[name]
    damage(folder)
    with pytest.raises(ModelError) as caught:
        load(folder)
    message = str(caught.value)
    assert message.startswith(f"{folder / file}: ")
    assert message.count(str(folder)) == 1
    assert "\n" not in message
    assert says in message


def test_thresholds_that_cannot_be_used_are_refused(folder: Path) -> None:
    change(folder, thresholds={"html": {}})
    with pytest.raises(ModelError, match="thresholds"):
        dechaff.Cleaner(model=folder)


def test_wrong_arrays_are_not_saved(tmp_path: Path) -> None:
    arrays = arrays_of(0)
    del arrays["line"]
    with pytest.raises(ModelError, match="line"):
        save(arrays, {}, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_model_errors_are_value_errors() -> None:
    assert issubclass(ModelError, ValueError)
    assert dechaff.ModelError is ModelError
