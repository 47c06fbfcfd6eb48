"""Second stage in torch, for training. `dechaff.model.network` is the same in numpy; a test compares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dechaff.features.extract import Features
from dechaff.features.tree import LEVELS
from dechaff.model.layers import CLIP
from dechaff.model.network import first_stage
from dechaff.model.weights import CLASSES, HEARD, INPUTS, LINE_WIDTH, REACH, SAID_WIDTH
from training.tables import Arrays


@dataclass(slots=True)
class Batch:
    """What the first stage says of N lines, where their neighbours are, their targets and weights."""

    x: Tensor
    low: Tensor
    high: Tensor
    first: Tensor
    last: Tensor
    template: Tensor
    allowed: Tensor
    weight: Tensor


def batch_of(features: Features, tables: Arrays, allowed: NDArray[np.int64], weight: NDArray[np.float32]) -> Batch:
    """Features as the network reads them; the first stage of `tables` is packed."""
    t = torch.from_numpy
    starts, ranges = features.starts, features.tree.ranges
    document = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return Batch(
        t(first_stage(tables, features)), t(ranges[..., 0].astype(np.int64)), t(ranges[..., 1].astype(np.int64)),
        t(starts[:-1][document]), t(starts[1:][document]), t(features.tree.template.astype(np.int64)),
        t(allowed), t(weight.astype(np.float32)),
    )  # fmt: skip


class Network(nn.Module):
    """A line by itself, then two rounds of listening to the lines around it."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(INPUTS))
        self.register_buffer("std", torch.ones(INPUTS))
        heard = HEARD * SAID_WIDTH
        self.line = nn.Linear(INPUTS, LINE_WIDTH)
        self.say_1 = nn.Linear(LINE_WIDTH, SAID_WIDTH)
        self.context_1 = nn.Linear(LINE_WIDTH + heard, LINE_WIDTH)
        self.say_2 = nn.Linear(LINE_WIDTH, SAID_WIDTH)
        self.context_2 = nn.Linear(2 * LINE_WIDTH + heard, LINE_WIDTH)
        self.out = nn.Linear(LINE_WIDTH, len(CLASSES))

    def forward(self, b: Batch, drop: float = 0.0) -> Tensor:
        """Logits, shape (lines, classes)."""

        def dropped(h: Tensor) -> Tensor:
            return nn.functional.dropout(h, drop, self.training)

        x = ((b.x - self.mean) / self.std).clamp(-CLIP, CLIP)
        one = dropped(torch.relu(self.line(x)))
        two = dropped(torch.relu(self.context_1(torch.cat([one, *_heard(torch.relu(self.say_1(one)), b)], dim=1))))
        heard = _heard(torch.relu(self.say_2(two)), b)
        return self.out(dropped(torch.relu(self.context_2(torch.cat([two, one, *heard], dim=1)))))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays of a model: every layer as its weights with the bias as last row."""
        found = {"mean": self.mean.numpy(), "std": self.std.numpy()}
        for name in ("line", "say_1", "context_1", "say_2", "context_2", "out"):
            layer = getattr(self, name)
            weights = torch.cat([layer.weight.T, layer.bias[None]]).detach().numpy()
            found[name] = np.ascontiguousarray(weights, np.float32)
        return found


def _heard(said: Tensor, b: Batch) -> list[Tensor]:
    """What neighbours within reach say, and the means over containers, document and template."""
    lines, width = said.shape
    index = torch.arange(lines)
    padded = torch.cat([said, torch.zeros(1, width)])
    parts = []
    for step in range(1, REACH + 1):
        before, after = index - step, index + step
        parts.append(padded[torch.where(before >= b.first, before, lines)])
        parts.append(padded[torch.where(after < b.last, after, lines)])
    sums = torch.cat([torch.zeros(1, width), torch.cumsum(said, 0)])
    for k in range(LEVELS):
        low, high = b.low[:, k], b.high[:, k]
        parts.append((sums[high] - sums[low]) / (high - low).float()[:, None])
    parts.append((sums[b.last] - sums[b.first]) / (b.last - b.first).float()[:, None])
    groups = int(b.template.max()) + 1
    count = torch.zeros(groups).index_add_(0, b.template, torch.ones(lines))
    total = torch.zeros(groups, width).index_add_(0, b.template, said)
    parts.append((total / count[:, None])[b.template])
    return parts
