"""The tactics model: linear weights over hashed n-grams, pieces of words, cues and form.

It is read from a folder and checked; never code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dechaff.features import hashing
from dechaff.features.segments import offsets
from dechaff.labels import Tactic
from dechaff.model import store
from dechaff.pieces import pieces_in
from dechaff.tactics.cues import Dense, dense, names

FOLDER = Path(__file__).parents[1] / "model" / "tactics"

#: Counts up when the arrays or their meaning change.
FORMAT = 2

#: Tactics that are learned; orders to machines are found by `dechaff.hidden.orders`.
LEARNED = tuple(tactic for tactic in Tactic if tactic is not Tactic.MACHINE_INSTRUCTION)

#: What the model gives: the learned tactics, and whether a headline, English or Spanish, is bait.
OUTPUTS = (*(tactic.value for tactic in LEARNED), "clickbait", "clickbait_es")

#: Buckets of n-grams, a power of two: few lines are trained on, so the table is smaller than that of `hashing`.
BUCKETS = 1 << 14
#: Buckets of pieces of words.
PIECE_BUCKETS = 1 << 15
_SHIFT = hashing.BUCKET_BITS - 14

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TacticsModel:
    """`table` (BUCKETS, outputs) int8 and `scale` (outputs): n-grams; `pieces` (PIECE_BUCKETS, outputs) int8 and
    `piece_scale` (outputs): pieces of words; `dense` (columns of `cues.names`, outputs) and `bias` (outputs);
    `suspicion` (BUCKETS,) int8 with `suspicion_scale` (2,): scale and bias of the first glance.

    `manifest` holds the thresholds and the figures.
    """

    arrays: store.Arrays
    manifest: Mapping[str, Any]

    def probabilities(self, texts: Sequence[str]) -> Scores:
        """The probability of each output for N texts, shape (N, len(OUTPUTS)).

        >>> found = model().probabilities(["Only 3 left, hurry, offer ends tonight!", "The bridge is long."])
        >>> found.shape, bool(found[0, 0] > 0.5), bool(found[1, :11].max() < 0.1)
        ((2, 13), True, True)
        """
        return self.probabilities_with(texts, dense(texts))

    def probabilities_with(self, texts: Sequence[str], seen: Dense) -> Scores:
        """As `probabilities`, for who has looked for cues and form already: `seen` is what `dense` makes of `texts`."""
        arrays = self.arrays
        words, counts = ngrams(texts)
        said = arrays["table"].take(words, axis=0).sum(axis=1, dtype=np.float32)
        sums = _sums(said, counts) / np.sqrt(np.maximum(counts, 1))[:, None]
        its = {text: pieces_in(text.lower(), PIECE_BUCKETS) for text in set(texts)}
        pieces = [its[text] for text in texts]
        counts = np.fromiter(map(len, pieces), np.int64, len(pieces))
        numbers = np.fromiter(chain.from_iterable(pieces), np.int64, int(counts.sum()))
        parts = arrays["pieces"].take(numbers, axis=0)
        parts = _sums(parts, counts) / np.sqrt(np.maximum(counts, 1))[:, None]
        odds = sums * arrays["scale"] + parts * arrays["piece_scale"] + seen @ arrays["dense"] + arrays["bias"]
        made: NDArray[Any] = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        return made

    def suspicion(self, ids: NDArray[np.int32], counts: NDArray[np.int64]) -> NDArray[np.float32]:
        """Log-odds that a line misleads, from its words alone: a glance that few lines pass.

        `ids` (words, 3) are buckets and `counts` (N) the words of each line, as `ngrams` gives them.
        """
        said = self.arrays["suspicion"].take(ids).sum(axis=1, dtype=np.int64)
        cumulated = np.zeros(len(said) + 1, np.int64)
        np.cumsum(said, out=cumulated[1:])
        bounds = offsets(counts)
        scale, bias = self.arrays["suspicion_scale"].tolist()
        odds = (cumulated[bounds[1:]] - cumulated[bounds[:-1]]) / np.sqrt(np.maximum(counts, 1)) * scale + bias
        made: Scores = odds.astype(np.float32)
        return made

    def threshold(self, name: str, *, flagged: bool) -> float:
        """The probability from which on a line has a tactic: a flagged line, or one that is not."""
        return float(self.manifest["thresholds"]["flagged" if flagged else "alone"][name])


def ngrams(texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Buckets of the n-grams of N texts, shape (words, 3), and the number of words of each."""
    words = hashing.words_of(hashing.plain(hashing.join(texts)))
    return folded(hashing.ngrams(words)), words.counts


def folded(ids: NDArray[np.int32]) -> NDArray[np.int32]:
    """Buckets of `hashing.ngrams` as buckets of this model."""
    return ids >> _SHIFT


def _sums(values: Scores, counts: NDArray[np.int64]) -> Scores:
    cumulated = np.zeros((len(values) + 1, values.shape[1]), np.float64)
    np.cumsum(values, axis=0, out=cumulated[1:])
    bounds = offsets(counts)
    return (cumulated[bounds[1:]] - cumulated[bounds[:-1]]).astype(np.float32)


def shapes() -> store.Shapes:
    """Type and shape of the arrays of a model."""
    outputs = len(OUTPUTS)
    return {
        "table": ("int8", (BUCKETS, outputs)),
        "scale": ("float32", (outputs,)),
        "pieces": ("int8", (PIECE_BUCKETS, outputs)),
        "piece_scale": ("float32", (outputs,)),
        "dense": ("float32", (len(names()), outputs)),
        "bias": ("float32", (outputs,)),
        "suspicion": ("int8", (BUCKETS,)),
        "suspicion_scale": ("float32", (2,)),
    }


@lru_cache(maxsize=1)
def model() -> TacticsModel:
    """The model that is shipped, loaded once. Raises `ModelError`."""
    return load(FOLDER)


def load(folder: Path) -> TacticsModel:
    """Read and check the model in `folder`. Raises `ModelError`."""
    return TacticsModel(*store.read(folder, shapes(), header()))


def save(arrays: store.Arrays, manifest: Mapping[str, Any], folder: Path) -> None:
    """Write a model. Raises `ModelError` if the arrays are not those of `shapes`."""
    store.write(folder, arrays, shapes(), {**header(), **manifest})


def header() -> dict[str, Any]:
    """What the manifest of a model for these cues says."""
    return {"format": FORMAT, "outputs": list(OUTPUTS), "columns": list(names())}
