"""Arrays and a manifest in a folder: written, read and checked. Data, never code."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dechaff.model.weights import ModelError

Arrays = Mapping[str, NDArray[Any]]

#: Type and shape of every array of a model, by name.
Shapes = Mapping[str, tuple[str, tuple[int, ...]]]


def read(folder: Path, shapes: Shapes, header: Mapping[str, Any]) -> tuple[Arrays, Mapping[str, Any]]:
    """The arrays in `folder`, which are read-only, and the manifest beside them, which must hold what `header` does.

    Raises `ModelError`, which says which file is missing, damaged or of another format.

    >>> read(Path("no"), {}, {})
    Traceback (most recent call last):
        ...
    dechaff.model.weights.ModelError: no: [Errno 2] No such file or directory: 'no/manifest.json'
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        data = (folder / "weights.npz").read_bytes()
        if any(manifest.get(name) != value for name, value in header.items()):
            raise ModelError(f"{folder}: a model for another version of dechaff")
        if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
            raise ModelError(f"{folder}: the SHA-256 of weights.npz is not the manifest's")
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except ModelError:
        raise
    except Exception as error:  # zipfile, json and numpy raise many kinds; what counts is that the files are unusable
        raise ModelError(f"{folder}: {error}") from error
    check(arrays, shapes, str(folder))
    for array in arrays.values():
        array.flags.writeable = False
    return arrays, manifest


def write(folder: Path, arrays: Arrays, shapes: Shapes, manifest: Mapping[str, Any]) -> None:
    """Write arrays and their manifest. Raises `ModelError` if they are not those of `shapes`."""
    check(arrays, shapes, "arrays to save")
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    chosen: dict[str, Any] = {name: arrays[name] for name in shapes}
    np.savez_compressed(buffer, **chosen)
    data = buffer.getvalue()
    (folder / "weights.npz").write_bytes(data)
    full = {**manifest, "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(full, indent=1) + "\n", encoding="utf-8")


def check(arrays: Arrays, shapes: Shapes, where: str) -> None:
    """Raise `ModelError` unless `arrays` have these names, types and shapes, and finite numbers."""
    if set(arrays) != set(shapes):
        raise ModelError(f"{where}: arrays {sorted(set(arrays) ^ set(shapes))} are missing or unknown")
    for name, (kind, shape) in shapes.items():
        array = arrays[name]
        if array.dtype != np.dtype(kind) or array.shape != shape:
            raise ModelError(f"{where}: {name} is {array.dtype} {array.shape}, not {kind} {shape}")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ModelError(f"{where}: {name} holds numbers that are not finite")
