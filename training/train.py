"""Corpus → model: first-stage tables fold by fold, then the network on documents drawn anew in every epoch."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dechaff.features.extract import extract
from dechaff.features.hashing import BUCKETS, join, ngrams, plain, words_of
from dechaff.lines.table import Lines
from dechaff.model.weights import CLASSES, Model, packed
from training.data import FOLDS, Document, Page, Snippet
from training.inject import RUNNING, Injector
from training.labels import CONTENT
from training.network import Batch, Network, batch_of
from training.tables import Arrays, Bags, fit_names, fit_words, partial_loss

Floats = NDArray[np.float32]

#: Pages longer than this are cut to a window for training, so that one page does not fill memory.
MAX_TRAIN_LINES = 1500
DOCUMENTS_A_STEP = 16

EPOCHS = 20
LEARNING_RATE = 4e-3
WEIGHT_DECAY = 0.02
DROP = 0.35

#: The network that is kept is a running mean of the weights over about 1 / (1 - _MEAN) steps.
_MEAN = 0.995

#: How often a page is also read as plain text, and as a plain page.
TEXT_SHARE = 0.6
BARE_SHARE = 0.25

#: Share of all weight that snippets have in the table of words, beside the lines of pages.
SNIPPET_SHARE = 0.35


@dataclass(slots=True)
class Corpus:
    """All pages and snippets."""

    pages: list[Page]
    snippets: list[Snippet]


def train(corpus: Corpus, *, without: int | None, seed: int, epochs: int = EPOCHS) -> dict[str, NDArray[Any]]:
    """The arrays of a model trained on all folds but `without` (None: on all)."""
    torch.set_num_threads(1)  # sums in a fixed order: the same seed gives the same weights
    folds = frozenset(range(FOLDS)) - {without}
    pages = [page for page in corpus.pages if page.fold in folds]
    idf = idf_of(pages)
    tables = _Tables(corpus, folds, idf, seed)
    fold_tables = {fold: packed(tables.fitted(folds - {fold})) for fold in sorted(folds)}
    network = _fit_network(corpus, fold_tables, idf, seed, epochs)
    return {**tables.fitted(folds), "idf": idf, **network.arrays()}


def idf_of(pages: Iterable[Page]) -> Floats:
    """Inverse document frequency of every word bucket over content lines, log((N + 1) / (n + 1))."""
    counts, total = np.zeros(BUCKETS), 0
    for page in pages:
        document = page.document
        texts = [t for t, target in zip(document.lines.texts, document.targets, strict=True) if target == CONTENT]
        if texts:
            words = words_of(plain(join(texts)))
            used = np.unique(words.line * BUCKETS + ngrams(words)[:, 0].astype(np.int64)) % BUCKETS
            counts += np.bincount(used, minlength=BUCKETS)
            total += len(texts)
    return np.log((total + 1) / (counts + 1)).astype(np.float32)


def weights_of(document: Document) -> Floats:
    """Weight of every line: long lines count more, and pages by about the root of their lines."""
    size = np.asarray([min(len(text), 400) for text in document.lines.texts], np.float64)
    weight = np.sqrt(size + 10)
    weight *= len(size) ** 0.4 / weight.sum()
    return (weight * np.asarray(document.factors)).astype(np.float32)


class _Tables:
    """First-stage tables of any set of folds."""

    def __init__(self, corpus: Corpus, folds: frozenset[int], idf: Floats, seed: int) -> None:
        self.seed = seed
        self.pages = [page for page in corpus.pages if page.fold in folds]
        self.weights = [weights_of(page.document) for page in self.pages]
        self.bags = self._bags([s for s in corpus.snippets if s.fold in folds])
        self.features = [extract([page.document.lines], idf) for page in self.pages]

    def fitted(self, folds: frozenset[int]) -> Arrays:
        chosen = [i for i, page in enumerate(self.pages) if page.fold in folds and page.document.lines.kind == "html"]
        names = fit_names(
            [self.features[i] for i in chosen],
            [np.asarray(self.pages[i].document.targets, np.int64) for i in chosen],
            [self.weights[i] for i in chosen],
            self.seed,
        )
        return {**fit_words(self.bags, folds, self.seed), **names}

    def _bags(self, snippets: Sequence[Snippet]) -> Bags:
        texts = [text for page in self.pages for text in page.document.lines.texts]
        targets = [target for page in self.pages for target in page.document.targets]
        folds = [page.fold for page in self.pages for _ in page.document.targets]
        weights = np.concatenate(self.weights)
        groups: dict[tuple[str, int], int] = {}
        for snippet in snippets:
            groups[snippet.style, snippet.target] = groups.get((snippet.style, snippet.target), 0) + 1
        # The root of a style's size, as in injection.
        their = np.asarray([groups[s.style, s.target] ** -0.5 for s in snippets])
        their *= SNIPPET_SHARE * weights.sum() / max(their.sum(), 1e-9)
        words = words_of(plain(join([*texts, *(snippet.text for snippet in snippets)])))
        all_weights = np.concatenate([weights, their])
        return Bags(
            ids=ngrams(words),
            counts=np.bincount(words.line, minlength=len(all_weights)),
            targets=np.asarray([*targets, *(s.target for s in snippets)], np.int64),
            weights=(all_weights / all_weights.mean()).astype(np.float32),
            folds=np.asarray([*folds, *(s.fold for s in snippets)], np.int64),
        )


def _fit_network(corpus: Corpus, tables: dict[int, Arrays], idf: Floats, seed: int, epochs: int) -> Network:
    torch.manual_seed(seed)
    rng = random.Random(seed)
    source = _Source(corpus, tables, idf, seed, rng)
    network = Network()
    inputs = torch.cat([batch.x for batch, _ in zip(source.epoch(), range(30), strict=False)])
    network.mean.copy_(inputs.mean(0))
    network.std.copy_(inputs.std(0).clamp(min=0.05))
    steps = epochs * source.steps()
    optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps + 1, pct_start=0.15)
    averaged = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(_MEAN)
    )
    network.train()
    began, losses = time.monotonic(), []
    batches = _endless(source)
    for step in range(steps):
        batch = next(batches)
        known = batch.allowed != 0
        loss = partial_loss(network(batch, DROP)[known], batch.allowed[known], batch.weight[known])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        averaged.update_parameters(network)
        losses.append(loss.item())
        if (step + 1) % (steps // epochs) == 0:
            mean, seconds = np.mean(losses), time.monotonic() - began
            print(f"step {step + 1}/{steps} loss {mean:.4f} {seconds:.0f}s", file=sys.stderr, flush=True)
            losses = []
    network.load_state_dict(averaged.module.state_dict())
    network.eval()
    return network


class _Source:
    """Training batches. Each holds documents of one fold, read with tables that never saw that fold."""

    def __init__(self, corpus: Corpus, tables: dict[int, Arrays], idf: Floats, seed: int, rng: random.Random) -> None:
        self.tables, self.idf, self.rng = tables, idf, rng
        self.pages = {fold: [page for page in corpus.pages if page.fold == fold] for fold in tables}
        self.injectors = {
            fold: Injector([s for s in corpus.snippets if s.fold == fold], self.pages[fold], seed + fold)
            for fold in tables
        }

    def steps(self) -> int:
        """About how many batches an epoch has."""
        pages = [page for group in self.pages.values() for page in group]
        running = sum(page.kind in RUNNING for page in pages)
        return int(len(pages) + running * (TEXT_SHARE + BARE_SHARE)) // DOCUMENTS_A_STEP

    def epoch(self) -> Iterator[Batch]:
        """Every page once, in random order and with new injections, and some pages as plain documents too."""
        streams = {fold: self._documents(fold) for fold in self.tables}
        while streams:
            fold = self.rng.choice(list(streams))
            group = [document for _, document in zip(range(DOCUMENTS_A_STEP), streams[fold], strict=False)]
            if len(group) < DOCUMENTS_A_STEP:
                del streams[fold]
            if group:
                yield self._batch(group, self.tables[fold])

    def _documents(self, fold: int) -> Iterator[Document]:
        rng, injector = self.rng, self.injectors[fold]
        order = list(self.pages[fold])
        rng.shuffle(order)
        for page in order:
            if page.document.lines.kind == "html":
                yield _window(injector.injected(page), rng)
            if page.kind in RUNNING:
                roll = rng.random()
                bare = None
                if roll < TEXT_SHARE or page.document.lines.kind == "text":
                    bare = injector.bare_text(page)
                elif roll < TEXT_SHARE + BARE_SHARE:
                    bare = injector.bare_page(page)
                if bare is not None:
                    yield _window(bare, rng)

    def _batch(self, group: Sequence[Document], tables: Arrays) -> Batch:
        features = extract([document.lines for document in group], self.idf)
        allowed = np.asarray([target for document in group for target in document.targets], np.int64)
        return batch_of(features, tables, allowed, np.concatenate([weights_of(document) for document in group]))


def _endless(source: _Source) -> Iterator[Batch]:
    while True:
        yield from source.epoch()


def _window(document: Document, rng: random.Random) -> Document:
    lines = document.lines
    if len(lines) <= MAX_TRAIN_LINES:
        return document
    start = rng.randrange(len(lines) - MAX_TRAIN_LINES + 1)
    end = start + MAX_TRAIN_LINES
    cut = Lines(lines.kind, title=lines.title, owner=lines.owner, containers=lines.containers)
    for name in ("texts", "joints", "link_chars", "blocks", "leaves"):
        setattr(cut, name, getattr(lines, name)[start:end])
    return Document(cut, document.targets[start:end], document.factors[start:end])


def as_model(arrays: Arrays, manifest: dict[str, Any] | None = None) -> Model:
    """Arrays as the forward pass takes them."""
    return Model(arrays, manifest or {"classes": list(CLASSES)})
