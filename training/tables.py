"""First stage: what a line's words, and the names of its containers, say about its class.

Two logistic regressions on hashed n-grams, trained with partial labels. A second stage that read scores of the very
lines these were trained on would trust them too much (a word that stands in one training page only "knows" its
line), so scores for training come from tables fitted without the pages of that fold (stacked generalisation,
Wolpert 1992).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dechaff.features.extract import Features
from dechaff.features.hashing import BUCKETS
from dechaff.limits import MAX_ANCESTORS
from dechaff.model.network import FAR_SHARE
from dechaff.model.weights import CLASSES, NAME_BUCKETS

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Arrays = Mapping[str, NDArray[Any]]

#: Passes over the lines, and over the pages. More gain nothing on sites that were left out.
WORD_EPOCHS = 4
NAME_EPOCHS = 5
LEARNING_RATE = 0.02

#: Share of the n-grams that each pass leaves out at random, so that no single word decides.
DROP = 0.3

#: Weight of the squared tables in the loss.
WORD_DECAY = 1e-4
NAME_DECAY = 1e-3

_LINES_A_STEP = 4096
_PAGES_A_STEP = 32


@dataclass(slots=True)
class Bags:
    """Lines as bags of n-grams: `ids` (T, 3), and for each of N lines its count of ids, target, weight and fold."""

    ids: NDArray[np.int32]
    counts: Ints
    targets: Ints
    weights: Floats
    folds: Ints


def partial_loss(logits: Tensor, allowed: Tensor, weight: Tensor) -> Tensor:
    """Weighted mean of -log P(one of the allowed classes): the loss for partial labels (Jin and Ghahramani 2002)."""
    bits = ((allowed[:, None] >> torch.arange(len(CLASSES))) & 1).bool()
    logs = torch.log_softmax(logits, dim=1).masked_fill(~bits, -1e9)
    return (-torch.logsumexp(logs, dim=1) * weight).sum() / weight.sum()


def fit_words(bags: Bags, folds: frozenset[int], seed: int) -> dict[str, NDArray[Any]]:
    """`words`, `word_scale` and `word_bias` of a model, from the lines of these folds."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(np.isin(bags.folds, list(folds)) & (bags.targets != 0) & (bags.counts > 0))
    starts = np.cumsum(bags.counts) - bags.counts
    table, bias = nn.Parameter(torch.zeros(BUCKETS, len(CLASSES))), nn.Parameter(torch.zeros(len(CLASSES)))
    steps = WORD_EPOCHS * -(-len(rows) // _LINES_A_STEP)
    optimiser, schedule = _optimiser([table, bias], steps)
    for _ in range(WORD_EPOCHS):
        rng.shuffle(rows)
        for at in range(0, len(rows), _LINES_A_STEP):
            chosen = rows[at : at + _LINES_A_STEP]
            counts = bags.counts[chosen]
            offsets = np.cumsum(counts) - counts
            flat = np.repeat(starts[chosen] - offsets, counts) + np.arange(counts.sum())
            ids = torch.from_numpy(bags.ids[flat].astype(np.int64))
            sums = _bag_sums(table, ids, torch.from_numpy(offsets))
            logits = sums / torch.from_numpy(np.sqrt(counts)).float()[:, None] + bias
            loss = partial_loss(logits, torch.from_numpy(bags.targets[chosen]), torch.from_numpy(bags.weights[chosen]))
            loss = loss + WORD_DECAY * table[ids[:, 0]].square().sum() / len(chosen)
            _step(loss, optimiser, schedule)
    words, scale = quantised(table.detach().numpy())
    return {"words": words, "word_scale": scale, "word_bias": bias.detach().numpy().astype(np.float32)}


def fit_names(
    pages: Sequence[Features], targets: Sequence[Ints], weights: Sequence[Floats], seed: int
) -> dict[str, NDArray[Any]]:
    """`names` and `name_scale` of a model, from pages with targets and weights of their lines."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    table, bias = nn.Parameter(torch.zeros(NAME_BUCKETS, len(CLASSES))), nn.Parameter(torch.zeros(len(CLASSES)))
    order = list(range(len(pages)))
    optimiser, schedule = _optimiser([table, bias], NAME_EPOCHS * -(-len(order) // _PAGES_A_STEP))
    for _ in range(NAME_EPOCHS):
        rng.shuffle(order)
        for at in range(0, len(order), _PAGES_A_STEP):
            chosen = order[at : at + _PAGES_A_STEP]
            first = np.cumsum([0, *(len(pages[i].name_of) for i in chosen)])
            bags = [_names_of_containers(pages[i]) for i in chosen]
            counts = np.concatenate([own for _, own in bags])
            ids = np.concatenate([own for own, _ in bags]) & (NAME_BUCKETS - 1)
            trees = [(pages[i].tree, int(offset)) for i, offset in zip(chosen, first[:-1], strict=True)]
            blocks = torch.from_numpy(np.concatenate([tree.blocks + offset for tree, offset in trees]))
            leaves = torch.from_numpy(np.concatenate([tree.leaves + offset for tree, offset in trees]))
            parents = torch.from_numpy(np.concatenate([tree.parents + offset for tree, offset in trees]))
            names = _bag_sums(
                table, torch.from_numpy(ids.astype(np.int64)), torch.from_numpy(np.cumsum(counts) - counts)
            )
            logits = names[blocks] + names[leaves] * (leaves != blocks).float()[:, None] + bias
            above = parents[blocks]
            logits = logits + names[above]
            for _ in range(MAX_ANCESTORS):
                above = parents[above]
                logits = logits + names[above] * float(FAR_SHARE)
            allowed = torch.from_numpy(np.concatenate([targets[i] for i in chosen]))
            weight = torch.from_numpy(np.concatenate([weights[i] for i in chosen]))
            known = allowed != 0
            loss = partial_loss(logits[known], allowed[known], weight[known]) + NAME_DECAY * names.square().mean()
            _step(loss, optimiser, schedule)
    quantised_names, scale = quantised(table.detach().numpy())
    return {"names": quantised_names, "name_scale": scale}


def _names_of_containers(page: Features) -> tuple[NDArray[np.int32], Ints]:
    """The n-grams of the names of every container, one after the other, and how many words each has."""
    starts = np.cumsum(page.name_counts) - page.name_counts
    counts = page.name_counts[page.name_of]
    first = np.cumsum(counts) - counts
    return page.name_ids[np.repeat(starts[page.name_of] - first, counts) + np.arange(counts.sum())], counts


def quantised(table: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A table as 8-bit integers and the scale of each column.

    >>> whole, scale = quantised(np.asarray([[1.0, 0.0], [-0.5, 0.0]], np.float32))
    >>> whole.tolist(), bool(scale[1] > 0)
    ([[127, 0], [-64, 0]], True)
    """
    scale = np.maximum(np.abs(table).max(axis=0), 1e-9) / 127
    return np.rint(table / scale).astype(np.int8), scale.astype(np.float32)


def _bag_sums(table: Tensor, ids: Tensor, offsets: Tensor) -> Tensor:
    keep = (torch.rand(len(ids)) >= DROP).float() / (1 - DROP)
    columns = [
        nn.functional.embedding_bag(ids[:, k].contiguous(), table, offsets, mode="sum", per_sample_weights=keep)
        for k in range(ids.shape[1])
    ]
    return torch.stack(columns).sum(0)


def _optimiser(parameters: list[nn.Parameter], steps: int) -> tuple[Any, Any]:
    optimiser = torch.optim.Adam(parameters, lr=LEARNING_RATE, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps + 1, pct_start=0.1)
    return optimiser, schedule


def _step(loss: Tensor, optimiser: Any, schedule: Any) -> None:
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    schedule.step()
