"""`Model`: the arrays of a trained model, loaded from a folder and checked; never code.

A model is a folder with `weights.npz` (arrays only, read with `allow_pickle=False`) and `manifest.json` (what the
arrays are, their SHA-256, and the thresholds that go with them). `training` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dechaff.features.extract import DENSE
from dechaff.features.hashing import BUCKETS
from dechaff.features.packed import MAX_ROWS, pack
from dechaff.features.tree import LEVELS
from dechaff.limits import HEAD_WORDS, TAIL_WORDS
from dechaff.model import store

Floats = NDArray[np.float32]

#: Counts up when arrays, features or their meaning change: an older model then says so instead of judging wrongly.
FORMAT = 3

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

#: What is known of a line of a document without classes and ids (`model.plain`), and the width of what reads it.
PLAIN_INPUTS = len(CLASSES) + len(DENSE)
PLAIN_WIDTH = 64

#: The classes that lead away from the text.
AWAY = [CLASSES.index(name) for name in ("ad", "self_promotion", "teaser")]

#: The arrays of a model, with type and shape. `words` and `names` are integers to be multiplied by their scales.
SHAPES: store.Shapes = {
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
    "plain_mean": ("float32", (PLAIN_INPUTS,)),
    "plain_std": ("float32", (PLAIN_INPUTS,)),
    "plain_1": ("float32", (PLAIN_INPUTS + 1, PLAIN_WIDTH)),
    "plain_2": ("float32", (PLAIN_WIDTH + 1, PLAIN_WIDTH)),
    "plain_out": ("float32", (PLAIN_WIDTH + 1, 1)),
}


#: What the manifest of such a model says.
_HEADER: Mapping[str, Any] = {"format": FORMAT, "classes": list(CLASSES)}


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model. `arrays` are named and shaped as in `SHAPES`; `manifest` is what stood beside them.

    `tables` are the arrays with those of the first stage packed.
    """

    arrays: store.Arrays
    manifest: Mapping[str, Any]
    tables: store.Arrays = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", packed(self.arrays))

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.arrays[name]


# What is summed at once are the n-grams of a line, three of each word.
assert 3 * (HEAD_WORDS + TAIL_WORDS) <= MAX_ROWS


def packed(arrays: store.Arrays) -> store.Arrays:
    """The arrays with `words` and `names` packed (`features.packed`)."""
    return {**arrays, **{name: pack(arrays[name]) for name in ("words", "names")}}


def load(folder: Path) -> Model:
    """Read and check the model in `folder`. Raises `ModelError`."""
    arrays, manifest = store.read(folder, SHAPES, _HEADER)
    _check_std(arrays, str(folder / "weights.npz"))
    return Model(arrays, manifest)


def save(arrays: store.Arrays, manifest: Mapping[str, Any], folder: Path) -> None:
    """Write a model. Raises `ModelError` if the arrays are not those of `SHAPES`."""
    store.check(arrays, SHAPES, "arrays to save")
    _check_std(arrays, "arrays to save")
    store.write(folder, arrays, SHAPES, {**_HEADER, **manifest})


def _check_std(arrays: store.Arrays, where: str) -> None:
    for name in ("std", "plain_std"):
        if not (arrays[name] > 0).all():
            raise store.ModelError(f"{where}: {name} holds numbers that nothing can be divided by")
