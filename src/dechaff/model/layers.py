"""Layers of small networks in numpy, whose numbers for a row are the same in whatever batch it comes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: Rows multiplied at a time. A product of another height, or a row at another place in it, may take another path in
#: the BLAS library and end in other last bits. Products of at most 2**18 multiplications stay on one core in
#: OpenBLAS, whose other threads would cost more than they give: 16 rows of the widest layer are just below.
BLOCK = 16

#: Rows that pass through a layer together. What a line hears is 20 times what is kept of it: for so many it stays in
#: the cache, and for all lines of a large document at once it would be most of the memory used.
STRETCH = 32 * BLOCK

#: Standardised inputs are cut here: a number nobody saw in training says no more than a large one.
CLIP = 6.0


def standard(inputs: Floats, mean: Floats, std: Floats) -> Floats:
    """Inputs less their mean in training, in units of how they spread there, cut at `CLIP`."""
    found: Floats = inputs - mean
    found /= std
    found.clip(-CLIP, CLIP, out=found)
    return found


def stretches(rows: int) -> Iterator[slice]:
    """Rows that pass through a layer together, a whole number of blocks."""
    return (slice(first, first + STRETCH) for first in range(0, rows, STRETCH))


def layer(weights: Floats, x: Floats) -> Floats:
    """The positive part of `product`."""
    found = product(weights, x)
    return np.maximum(found, 0, out=found)


def product(weights: Floats, x: Floats) -> Floats:
    """`x @ weights[:-1] + weights[-1]`, in blocks of equal height, of which `x` has a whole number."""
    blocks = x.reshape(-1, BLOCK, x.shape[1])
    out: Floats = np.matmul(blocks, weights[:-1]).reshape(-1, weights.shape[1])
    out += weights[-1]
    return out
