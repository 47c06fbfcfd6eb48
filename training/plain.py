"""The network for documents without classes and ids: which lines lead away, from what the first network says of them.

It is trained on plain documents made of pages with foreign lines put in, each judged by a network that has not seen the
page's site (stacked generalisation, Wolpert 1992), and asked one thing: does the line lead away? Else it would learn
that whatever is foreign does, so sober lines that look like adverts, and foreign paragraphs, are put in as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from dechaff.features.extract import extract
from dechaff.model.layers import CLIP
from dechaff.model.network import classified, first_stage
from dechaff.model.plain import inputs_of
from dechaff.model.weights import AWAY, CLASSES, PLAIN_INPUTS, PLAIN_WIDTH, Model
from training.data import FOLDS, Document, Page, Snippet
from training.held_out import Models, put_into
from training.inject import FOREIGN_CHARS, RUNNING, Injector
from training.labels import CONTENT, LEADS_AWAY, UNKNOWN, mask
from training.tables import Arrays
from training.train import Corpus, as_model

Floats = NDArray[np.float32]

#: Weights of lines: of those that lead away, of article text that looks like an advert, of foreign paragraphs. The more
#: the last two weigh, the fewer of them go, and the fewer adverts; chosen from 6 to 20 and 3 to 8 by how much of each
#: went from held-out articles where four of 1,000 of their lines were lost.
_AWAY_WEIGHT = 5.0
_HARD_WEIGHT = 8.0
_FOREIGN_WEIGHT = 4.0

#: A line of article text that is an advert with at least this probability counts for nothing: people who mark main text
#: leave some in.
_DOUBTFUL = 0.5

_EPOCHS = 6
_LINES_A_STEP = 512
_LEARNING_RATE = 3e-3
_WEIGHT_DECAY = 1e-3
#: Much is left out at random: it must not learn the adverts of the training data by heart.
_DROP = 0.5

_LEADS = sum(LEADS_AWAY)
_HARD = mask("content", "off_topic")
_FOREIGN = mask("off_topic")

#: How often lines of each kind are put into each gold text.
_TURNS = {_LEADS: 3, _HARD: 2, _FOREIGN: 1}


@dataclass(slots=True)
class Examples:
    """Lines of the plain documents of one fold: what is read of each, whether it leads away, and its weight."""

    inputs: Floats
    away: NDArray[np.bool_]
    weight: Floats


def completed(models: Models, corpus: Corpus, fewer: Sequence[Corpus], seed: int) -> Models:
    """The models with the network for plain documents, each trained without the sites and styles that it has not seen.

    `fewer[k]` is the corpus without group k of styles.
    """
    examples = examples_of(corpus, models.folds, seed)
    folds: list[Arrays] = [{**its, **_without(fold, examples, seed)} for fold, its in enumerate(models.folds)]
    styles: list[Arrays] = [
        {**its, **_without(group, examples_of(fewer[group], models.folds, seed), seed)}
        for group, its in enumerate(models.styles)
    ]
    return Models(folds, styles)


def _without(fold: int, examples: Sequence[Examples], seed: int) -> Mapping[str, NDArray[Any]]:
    return fit([its for other, its in enumerate(examples) if other != fold], seed)


def examples_of(corpus: Corpus, networks: Sequence[Arrays], seed: int) -> list[Examples]:
    """The examples of each fold, judged by its network, which has not seen its sites."""
    return [_examples(corpus, networks[fold], fold, seed) for fold in range(FOLDS)]


def _examples(corpus: Corpus, network: Arrays, fold: int, seed: int) -> Examples:
    model = as_model(network)
    pages = [page for page in corpus.pages if page.fold == fold]
    snippets = [snippet for snippet in corpus.snippets if snippet.fold == fold]
    inputs, targets = [], []
    for document in [*_drawn(pages, snippets, seed + FOLDS + fold), *_articles(pages, snippets, seed + FOLDS + fold)]:
        inputs.append(_inputs(model, document))
        targets += document.targets
    return _labelled(np.concatenate(inputs), np.asarray(targets, np.int64))


def _drawn(pages: Sequence[Page], snippets: Sequence[Snippet], seed: int) -> Iterator[Document]:
    """Plain documents as the first network is trained on."""
    injector = Injector(snippets, pages, seed)
    for page in pages:
        made = (injector.bare_text(page), injector.bare_page(page)) if page.kind in RUNNING else ()
        yield from filter(None, made)


def _articles(pages: Sequence[Page], snippets: Sequence[Snippet], seed: int) -> Iterator[Document]:
    """Gold texts with lines that lead away put in, with lines that only look like it, and with foreign paragraphs."""
    articles = [page for page in pages if page.kind == "article" and page.source == "wcxb"]
    paragraphs = [line.strip() for page in articles for line in page.gold.splitlines()]
    pools = {
        _LEADS: [its.text for its in snippets if not its.target & ~_LEADS],
        _HARD: [its.text for its in snippets if its.target == _HARD],
        _FOREIGN: [text for text in paragraphs if len(text) in FOREIGN_CHARS],
    }
    for target, pool in pools.items():
        for turn, html in product(range(_TURNS[target]), (True, False)):
            for _, lines, put in put_into(articles, partial(_any_of, pool), html=html, seed=seed + FOLDS * turn):
                yield Document(lines, [target if its else CONTENT for its in put], [])


def _any_of(pool: Sequence[str], page: Page) -> Sequence[str]:
    return pool


def _inputs(model: Model, document: Document) -> Floats:
    features = extract([document.lines], model["idf"])
    return inputs_of(classified(model, features, first_stage(model.tables, features)), features.dense)


def _labelled(inputs: Floats, targets: NDArray[np.int64]) -> Examples:
    away = (targets & ~_LEADS == 0) & (targets != UNKNOWN)
    weight = np.where(away, _AWAY_WEIGHT, 1.0)
    weight[targets == _HARD] = _HARD_WEIGHT
    weight[targets == _FOREIGN] = _FOREIGN_WEIGHT
    weight[targets == UNKNOWN] = 0
    doubtful = np.exp(inputs[:, : len(CLASSES)])[:, AWAY].sum(axis=1) > _DOUBTFUL
    weight[doubtful & (targets == CONTENT)] = 0
    used = weight > 0
    return Examples(inputs[used], away[used], weight[used].astype(np.float32))


def fit(examples: Sequence[Examples], seed: int) -> Mapping[str, NDArray[Any]]:
    """The arrays of the network for plain documents."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # sums in a fixed order
    inputs = np.concatenate([its.inputs for its in examples])
    mean, std = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 0.05)
    x = torch.from_numpy(np.clip((inputs - mean) / std, -CLIP, CLIP))
    away = torch.from_numpy(np.concatenate([its.away for its in examples]).astype(np.float32))
    weight = torch.from_numpy(np.concatenate([its.weight for its in examples]))
    layers = [nn.Linear(PLAIN_INPUTS, PLAIN_WIDTH), nn.Linear(PLAIN_WIDTH, PLAIN_WIDTH), nn.Linear(PLAIN_WIDTH, 1)]
    network = nn.Sequential(layers[0], nn.ReLU(), nn.Dropout(_DROP), layers[1], nn.ReLU(), nn.Dropout(_DROP), layers[2])
    steps = _EPOCHS * (len(x) // _LINES_A_STEP)
    optimiser = torch.optim.AdamW(network.parameters(), lr=_LEARNING_RATE, weight_decay=_WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _LEARNING_RATE, total_steps=steps + 1)
    for _ in range(_EPOCHS):
        order = torch.randperm(len(x))
        for at in range(0, len(x) - _LINES_A_STEP + 1, _LINES_A_STEP):
            rows = order[at : at + _LINES_A_STEP]
            losses = nn.functional.binary_cross_entropy_with_logits(
                network(x[rows])[:, 0], away[rows], reduction="none"
            )
            optimiser.zero_grad()
            ((losses * weight[rows]).sum() / weight[rows].sum()).backward()
            optimiser.step()
            schedule.step()
    arrays = {"plain_mean": mean, "plain_std": std}
    for name, layer in zip(("plain_1", "plain_2", "plain_out"), layers, strict=True):
        arrays[name] = torch.cat([layer.weight.T, layer.bias[None]]).detach().numpy()
    return {name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()}
