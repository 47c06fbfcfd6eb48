"""`Model`: the arrays of a trained model, loaded from a folder and checked; never code.

A model is a folder with `weights.npz` (arrays only, read with `allow_pickle=False`) and `manifest.json` (what the
arrays are, their SHA-256, and the thresholds that go with them). `training` writes it.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dechaff.features.extract import DENSE
from dechaff.features.hashing import BUCKETS
from dechaff.features.place import LEVELS

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]

#: Counts up when arrays, features or their meaning change: an older model then says so instead of judging wrongly.
FORMAT = 1

#: What the network tells apart. `title` is the page's own headline, which users see as `metadata`: main text as
#: people mark it leaves the headline out.
CLASSES = (
    "content", "title", "caption", "metadata", "ad", "self_promotion", "teaser", "off_topic", "boilerplate", "comment",
)  # fmt: skip

#: Buckets of the table of class and id names; names are few, so the table is small.
NAME_BUCKETS = 1 << 13

#: Views of the first stage: words, and the names of the leaf, the block, its parent and all further ancestors.
VIEWS = 5

#: Width of the first stage's output.
INPUTS = VIEWS * len(CLASSES) + len(DENSE)

#: Neighbours on each side that a line hears.
REACH = 3

#: What a line hears: its neighbours, and means over its containers, its document and the lines of its template.
HEARD = 2 * REACH + LEVELS + 2

#: Widths of what a line is and of what it says to others.
LINE_WIDTH = 48
SAID_WIDTH = 20

#: The arrays of a model, with type and shape. `words` and `names` are integers to be multiplied by their scales.
SHAPES: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "words": ("int8", (BUCKETS, len(CLASSES))),
    "word_scale": ("float32", (len(CLASSES),)),
    "word_bias": ("float32", (len(CLASSES),)),
    "names": ("int8", (NAME_BUCKETS, len(CLASSES))),
    "name_scale": ("float32", (len(CLASSES),)),
    "idf": ("float32", (BUCKETS,)),
    "mean": ("float32", (INPUTS,)),
    "std": ("float32", (INPUTS,)),
    "line": ("float32", (INPUTS + 1, LINE_WIDTH)),
    "say_1": ("float32", (LINE_WIDTH + 1, SAID_WIDTH)),
    "context_1": ("float32", (LINE_WIDTH + HEARD * SAID_WIDTH + 1, LINE_WIDTH)),
    "say_2": ("float32", (LINE_WIDTH + 1, SAID_WIDTH)),
    "context_2": ("float32", (2 * LINE_WIDTH + HEARD * SAID_WIDTH + 1, LINE_WIDTH)),
    "out": ("float32", (LINE_WIDTH + 1, len(CLASSES))),
}


class ModelError(ValueError):
    """A model folder is missing, damaged, or of another format; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model. `arrays` are named and shaped as in `SHAPES`; `manifest` is what stood beside them."""

    arrays: Mapping[str, NDArray[Any]]
    manifest: Mapping[str, Any]

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.arrays[name]


def load(folder: Path) -> Model:
    """Read and check the model in `folder`. Raises `ModelError`.

    >>> load(Path("no such folder"))
    Traceback (most recent call last):
        ...
    dechaff.model.weights.ModelError: no such folder/manifest.json: No such file or directory
    """
    manifest = _manifest(folder / "manifest.json")
    path = folder / "weights.npz"
    data = _read(path)
    if hashlib.sha256(data).hexdigest() != manifest.get("sha256"):
        raise ModelError(f"{path}: its SHA-256 is not the manifest's")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except Exception as error:  # zipfile and numpy raise many kinds; what counts is that the file is unusable
        raise ModelError(f"{path}: {error}") from error
    check(arrays, str(path))
    for array in arrays.values():
        array.flags.writeable = False
    return Model(arrays, manifest)


def save(arrays: Mapping[str, NDArray[Any]], manifest: Mapping[str, Any], folder: Path) -> None:
    """Write a model. Raises `ModelError` if the arrays are not those of `SHAPES`."""
    check(arrays, "arrays to save")
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    chosen: dict[str, Any] = {name: arrays[name] for name in SHAPES}
    np.savez_compressed(buffer, **chosen)
    data = buffer.getvalue()
    (folder / "weights.npz").write_bytes(data)
    full = {"format": FORMAT, "classes": list(CLASSES), "sha256": hashlib.sha256(data).hexdigest(), **manifest}
    (folder / "manifest.json").write_text(json.dumps(full, indent=1) + "\n", encoding="utf-8")


def check(arrays: Mapping[str, NDArray[Any]], where: str) -> None:
    """Raise `ModelError` unless `arrays` have the names, types and shapes of `SHAPES` and usable numbers."""
    if set(arrays) != set(SHAPES):
        raise ModelError(f"{where}: arrays {sorted(set(arrays) ^ set(SHAPES))} are missing or unknown")
    for name, (kind, shape) in SHAPES.items():
        array = arrays[name]
        if array.dtype != np.dtype(kind) or array.shape != shape:
            raise ModelError(f"{where}: {name} is {array.dtype} {array.shape}, not {kind} {shape}")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ModelError(f"{where}: {name} holds numbers that are not finite")
    if not (arrays["std"] > 0).all():
        raise ModelError(f"{where}: std holds numbers that nothing can be divided by")


def _manifest(path: Path) -> dict[str, Any]:
    data = _read(path)
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ModelError(f"{path}: not a model of format {FORMAT}")
    if manifest.get("classes") != list(CLASSES):
        raise ModelError(f"{path}: its classes are not {', '.join(CLASSES)}")
    return manifest


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from error
