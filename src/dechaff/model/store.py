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

Arrays = Mapping[str, NDArray[Any]]

#: Type and shape of every array of a model, by name.
Shapes = Mapping[str, tuple[str, tuple[int, ...]]]


class ModelError(ValueError):
    """A model folder is missing, damaged, or of another format; the message says which file and why."""


def read(folder: Path, shapes: Shapes, header: Mapping[str, Any]) -> tuple[Arrays, Mapping[str, Any]]:
    """The arrays in `folder`, which are read-only, and the manifest beside them, which must hold what `header` does.

    Raises `ModelError`.

    >>> read(Path("no such folder"), {}, {})
    Traceback (most recent call last):
        ...
    dechaff.model.store.ModelError: no such folder/manifest.json: No such file or directory
    """
    manifest = _manifest(folder / "manifest.json", header)
    path = folder / "weights.npz"
    data = _bytes(path)
    if hashlib.sha256(data).hexdigest() != manifest.get("sha256"):
        raise ModelError(f"{path}: its SHA-256 is not the manifest's")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            # Rows lie together, whatever the layout in the file: of another one, `take` copies a whole table each time.
            arrays = {name: np.asarray(file[name], order="C") for name in file.files}
    except Exception as error:  # zipfile and numpy raise many kinds; what counts is that the file is unusable
        raise ModelError(f"{path}: {error}") from error
    check(arrays, shapes, str(path))
    for array in arrays.values():
        array.flags.writeable = False
    return arrays, manifest


def fingerprint(folder: Path) -> str:
    """A word that changes with a model: it is made of the manifest, which has the SHA-256 of the arrays.

    Raises `ModelError` if there is none.
    """
    return hashlib.sha256(_bytes(folder / "manifest.json")).hexdigest()[:16]


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


def _manifest(path: Path, header: Mapping[str, Any]) -> dict[str, Any]:
    data = _bytes(path)
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: {error}") from error
    found: dict[str, Any] = manifest if isinstance(manifest, dict) else {}
    for name, value in header.items():
        if found.get(name) != value:
            raise ModelError(f"{path}: not a model of {name} {value if isinstance(value, int) else ', '.join(value)}")
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror or error}") from error
