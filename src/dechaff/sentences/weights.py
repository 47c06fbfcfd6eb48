"""The model of advertising sentences: two linear looks, the second with what the first one says of all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dechaff.features.segments import offsets
from dechaff.model import store
from dechaff.sentences.measure import BUCKETS, COLUMNS, CONTEXT, Floats, Measured, context, measure

FOLDER = Path(__file__).parents[1] / "model" / "sentences"

#: Counts up when the arrays or their meaning change.
FORMAT = 1

#: What the manifest must say.
HEADER: Mapping[str, Any] = {"format": FORMAT, "columns": [*COLUMNS, *CONTEXT]}

SHAPES: store.Shapes = {
    "table": ("int8", (BUCKETS,)),
    "first": ("float32", (len(COLUMNS) + 2,)),  # of the table, of each column, bias
    "second": ("float32", (len(COLUMNS) + len(CONTEXT) + 1,)),
}


class Looked(NamedTuple):
    """For N sentences: `probabilities` (N) that they advertise, and `second` (N, columns), what the second look saw."""

    probabilities: NDArray[np.float64]
    second: Floats


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """`arrays` as in `SHAPES`; `manifest` holds the thresholds by strictness, and the figures."""

    arrays: store.Arrays
    manifest: Mapping[str, Any]

    def look(self, texts: Sequence[str]) -> Looked:
        """Look at the sentences of one document, in order.

        >>> found = model().look(["The bridge is long.", "It was built in 1931 by the town of Elm.",
        ...     "Meanwhile, Acme Bank offers a seamless mobile app to manage your finances with ease."])
        >>> bool(found.probabilities[2] > 0.3), bool(found.probabilities[:2].max() < 0.1)
        (True, True)
        """
        if not texts:
            return Looked(np.zeros(0), np.zeros((0, len(COLUMNS) + len(CONTEXT)), np.float32))
        seen = measure(texts)
        second = np.concatenate([seen.dense, context(self.first_look(seen))], axis=1)
        odds = second.astype(np.float64) @ self.arrays["second"][:-1] + self.arrays["second"][-1]
        return Looked(1 / (1 + np.exp(-np.clip(odds, -30, 30))), second)

    def threshold(self, strictness: str) -> float:
        """The probability from which on a sentence is flagged."""
        return float(self.manifest["thresholds"][strictness])

    def first_look(self, seen: Measured) -> Floats:
        """Log-odds from a sentence's own words and its dense features."""
        said = self.arrays["table"].take(seen.ids).sum(axis=1, dtype=np.int64)
        cumulated = np.zeros(len(said) + 1, np.int64)
        np.cumsum(said, out=cumulated[1:])
        bounds = offsets(seen.counts)
        words = (cumulated[bounds[1:]] - cumulated[bounds[:-1]]) / np.sqrt(np.maximum(seen.counts, 1))
        scale, *dense, bias = self.arrays["first"]
        odds: Floats = (words * scale + seen.dense.astype(np.float64) @ np.asarray(dense) + bias).astype(np.float32)
        return odds


@lru_cache(maxsize=1)
def model() -> SentenceModel:
    """The model that is shipped, loaded once. Raises `ModelError`."""
    return SentenceModel(*store.read(FOLDER, SHAPES, HEADER))
