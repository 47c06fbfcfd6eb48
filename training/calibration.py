"""Calibration: whether lines with a probability of 0.7 are what it says 7 times in 10, on sites never seen.

The expected calibration error is the mean distance between probability and observed share over bins, weighted by the
lines in each (Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning").
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dechaff.model.weights import CLASSES
from training.data import TRAINED_ON_ONLY
from training.labels import mask

if TYPE_CHECKING:
    from training.data import Page
    from training.held_out import Judged

#: Bins of equal width: for the error, and for the curve that is shown.
BINS, SHOWN_BINS = 15, 10

_CLASS_OF = {mask(name): number for number, name in enumerate(CLASSES)}
_AWAY = [CLASSES.index(name) for name in ("ad", "self_promotion", "teaser")]
_CONTENT = CLASSES.index("content")

Floats = NDArray[np.float64]


def error(probabilities: Floats, right: NDArray[np.bool_], bins: int = BINS) -> float:
    """The expected calibration error.

    >>> error(np.asarray([0.9, 0.9]), np.asarray([True, False])).__round__(3)
    0.4
    """
    return float(sum(count * abs(said - seen) for count, said, seen in curve(probabilities, right, bins))) / max(
        len(probabilities), 1
    )


def curve(probabilities: Floats, right: NDArray[np.bool_], bins: int = SHOWN_BINS) -> list[tuple[int, float, float]]:
    """The reliability curve: of each bin that holds lines their number, mean probability, and share that is right.

    >>> curve(np.asarray([0.05, 0.95]), np.asarray([False, True]))
    [(1, 0.05, 0.0), (1, 0.95, 1.0)]
    """
    of = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    inside = [of == number for number in range(bins)]
    return [(int(own.sum()), float(probabilities[own].mean()), float(right[own].mean())) for own in inside if own.any()]


def calibration(pages: Iterable[tuple[Page, Judged]]) -> dict[str, Any]:
    """Errors and curves over hand-labelled lines; `likeliest` is the probability of each line's likeliest class."""
    said, target = [], []
    for page, judged in pages:
        if page.source in TRAINED_ON_ONLY:
            continue
        known = [i for i, (t, hand) in enumerate(zip(page.document.targets, page.hand, strict=True))
                 if hand and t in _CLASS_OF]  # fmt: skip
        said.append(judged.odds[known])
        target += [_CLASS_OF[page.document.targets[i]] for i in known]
    odds, classes = np.concatenate(said).astype(np.float64), np.asarray(target)
    asked = {
        "likeliest": (odds.max(axis=1), odds.argmax(axis=1) == classes),
        "content": (odds[:, _CONTENT], classes == _CONTENT),
        "leads away": (odds[:, _AWAY].sum(axis=1), np.isin(classes, _AWAY)),
    }
    return {
        "lines": len(classes),
        "error": {name: round(error(p, right), 4) for name, (p, right) in asked.items()},
        "curve": {
            name: [[count, round(mean, 3), round(share, 3)] for count, mean, share in curve(p, right)]
            for name, (p, right) in asked.items()
        },
    }
