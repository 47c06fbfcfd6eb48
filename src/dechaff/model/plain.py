"""Documents without classes and ids: the odds that a line leads away, weighed anew.

In plain text and in bare HTML nothing but words, form and topic tells a line from its neighbours. The network learns
all forms of documents at once, and its words weigh much; a small network trained on such documents alone reads what the
first one says of a line beside the line's form, place and topic. Where four of 1,000 lines of held-out articles are
lost, 0.78 of the ad headlines put into HTML go (0.73 by the first one alone) and 0.76 of those put into text (0.70),
but more of the hard sober lines in English of `training/lines_held_out.jsonl`, too: 0.24 (0.21) and 0.31 (0.26).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dechaff.model.layers import BLOCK, layer, product, standard, stretches
from dechaff.model.weights import AWAY, CLASSES, Model

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Probabilities below this are all the same to it.
_LEAST = np.float32(1e-5)

_OTHERS = [number for number in range(len(CLASSES)) if number not in AWAY]

#: Log-odds above this are certain: their exponentials are still numbers.
_MOST = 30.0


def inputs_of(odds: Floats, dense: Floats) -> Floats:
    """What it reads of lines, shape (lines, PLAIN_INPUTS): logarithms of the class probabilities, then `dense`."""
    return np.concatenate([np.log(np.maximum(odds, _LEAST)), dense], axis=1)


def anew(model: Model, odds: Floats, dense: Floats) -> Floats:
    """The probabilities of lines, weighed anew; a whole number of blocks of rows.

    Classes that lead away keep their shares among each other, and so do the others.
    """
    x = standard(inputs_of(odds, dense), model["plain_mean"], model["plain_std"])
    hidden = layer(model["plain_2"], layer(model["plain_1"], x))
    away = 1 / (1 + np.exp(-product(model["plain_out"], hidden).clip(-_MOST, _MOST)))
    found = np.maximum(odds, _LEAST)
    for share, classes in ((away, AWAY), (1 - away, _OTHERS)):
        found[:, classes] *= share / found[:, classes].sum(axis=1, keepdims=True)
    return found


def weighed(model: Model, odds: Floats, dense: Floats, lines: Ints, row_of: Ints) -> None:
    """Sets the probabilities of some lines, all those of their documents, to what this network makes of them.

    `row_of` has the row of each line of the batch; those of a document begin with a block.
    """
    rows = row_of[lines]
    blocks, block = np.unique(rows // BLOCK, return_inverse=True)
    place, total = block * BLOCK + rows % BLOCK, len(blocks) * BLOCK
    for stretch in stretches(total):
        low, high = place.searchsorted([stretch.start, stretch.stop])
        chosen, here = lines[low:high], place[low:high] - stretch.start
        height = min(stretch.stop, total) - stretch.start
        # Rows that stand for no line are zeros.
        their_odds, their_dense = (np.zeros((height, array.shape[1]), np.float32) for array in (odds, dense))
        their_odds[here], their_dense[here] = odds[chosen], dense[chosen]
        odds[chosen] = anew(model, their_odds, their_dense)[here]
