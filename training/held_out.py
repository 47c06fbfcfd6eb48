"""What models say of sites they never saw: one model a fold, each asked about the pages of that fold alone.

Beside them stand models that have not seen some styles of writing either (`training.styles`).
"""

from __future__ import annotations

import html as html_lib
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray

from dechaff.features.extract import extract
from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Lines
from dechaff.lines.text import lines_of_text
from dechaff.model.network import first_stage, probabilities
from training.align import norm
from training.data import FOLDS, STYLE_GROUPS, Page
from training.labels import LEADS_AWAY
from training.tables import Arrays
from training.train import Corpus, as_model, train

Floats = NDArray[np.float32]

#: The file that says what saved models were trained with.
_MADE = "made.json"

#: Articles of fewer paragraphs are no carriers for injected lines.
_MIN_PARAGRAPHS = 4


@dataclass(slots=True)
class Judged:
    """A document and the class probabilities of its lines, from a model of the other folds."""

    lines: Lines
    odds: Floats


@dataclass(slots=True)
class Injection:
    """The text of a page with lines put between its paragraphs; `foreign[i]`: line i was put there."""

    judged: Judged
    foreign: list[bool]
    page: Page


@dataclass(slots=True)
class Models:
    """Models to measure with: `folds[k]` has not seen the sites of fold k, `styles[k]` nor the styles of group k."""

    folds: list[Arrays]
    styles: list[Arrays]

    def save(self, folder: Path, seed: int, epochs: int) -> None:
        """Write each model as arrays, without pickle, and what they were trained with."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MADE).write_text(json.dumps([seed, epochs]))
        for name, models in (("fold", self.folds), ("style", self.styles)):
            for number, arrays in enumerate(models):
                every: dict[str, Any] = dict(arrays)
                np.savez(folder / f"{name}-{number}.npz", **every)

    @classmethod
    def load(cls, folder: Path, seed: int, epochs: int) -> Models:
        """Read what `save` wrote. Raises `OSError` where a file is missing, `ValueError` on models made otherwise."""
        if json.loads((folder / _MADE).read_text()) != [seed, epochs]:
            raise ValueError(f"{folder}: not models of seed {seed} and {epochs} epochs")

        def read(name: str, count: int) -> list[Arrays]:
            found: list[Arrays] = []
            for number in range(count):
                with np.load(folder / f"{name}-{number}.npz", allow_pickle=False) as file:
                    found.append({key: file[key] for key in file.files})
            return found

        return cls(read("fold", FOLDS), read("style", STYLE_GROUPS))


def models_of(corpus: Corpus, fewer: Sequence[Corpus], seed: int, epochs: int, jobs: int) -> Models:
    """Train the models of all folds, and of each group of styles; `fewer[k]` is the corpus without group k."""
    run = joblib.delayed(train)
    wanted = [(corpus, fold) for fold in range(FOLDS)] + list(zip(fewer, range(STYLE_GROUPS), strict=True))
    made = list(joblib.Parallel(n_jobs=jobs)(run(its, without=fold, seed=seed, epochs=epochs) for its, fold in wanted))
    return Models(made[:FOLDS], made[FOLDS:])


def odds_of(arrays: Arrays, lines: Lines) -> Floats:
    """Class probabilities for the lines of one document."""
    model = as_model(arrays)
    features = extract([lines], model["idf"])
    return probabilities(model, features, first_stage(model.tables, features))


def judged_pages(corpus: Corpus, models: Sequence[Arrays]) -> Iterator[tuple[Page, Judged]]:
    """Every HTML page with what the model of its fold says."""
    for page in corpus.pages:
        lines = page.document.lines
        if lines.kind == "html":
            yield page, Judged(lines, odds_of(models[page.fold], lines))


def injections(
    corpus: Corpus, models: Sequence[Arrays], ads: Sequence[str] | None, *, html: bool, seed: int
) -> Iterator[Injection]:
    """Articles, given by their gold text, with up to three foreign lines; one in four stays as it is.

    `ads`: the lines to put in; None for the advertisements, self-promotion and teasers of the article's own fold,
    which its model has not seen either.
    """
    own = {
        fold: [
            s.text for s in corpus.snippets if s.fold == fold and s.target in LEADS_AWAY and len(s.text.split()) >= 3
        ]
        for fold in range(FOLDS)
    }
    articles = [page for page in corpus.pages if page.kind == "article" and page.source == "wcxb"]
    return injected_into(articles, lambda page: own[page.fold] if ads is None else ads, models, html=html, seed=seed)


def injected_into(
    pages: Iterable[Page],
    pool_of: Callable[[Page], Sequence[str]],
    models: Sequence[Arrays],
    *,
    html: bool,
    seed: int,
) -> Iterator[Injection]:
    """As `injections`, for these pages, as far as they have enough paragraphs, with lines of a pool of each page."""
    for page, lines, foreign in put_into(pages, pool_of, html=html, seed=seed):
        yield Injection(Judged(lines, odds_of(models[page.fold], lines)), foreign, page)


def put_into(
    pages: Iterable[Page], pool_of: Callable[[Page], Sequence[str]], *, html: bool, seed: int
) -> Iterator[tuple[Page, Lines, list[bool]]]:
    """The documents of `injected_into`: the page each is made of, its lines, and which of them were put there."""
    rng = random.Random(seed)
    for page in pages:
        paragraphs = [line.strip() for line in page.gold.splitlines() if line.strip()]
        if len(paragraphs) < _MIN_PARAGRAPHS:
            continue
        put = [] if rng.random() < 0.25 else rng.sample(pool_of(page), rng.choice((1, 1, 2, 3)))
        document = list(paragraphs)
        for ad in put:
            document.insert(rng.randrange(1, len(document)), ad)
        if html:
            body = "".join(f"<p>{html_lib.escape(text)}</p>" for text in document)
            title = html_lib.escape(paragraphs[0])
            lines = lines_of_html(
                f"<html><head><title>{title}</title></head><body><article>{body}</article></body></html>"
            )
        else:
            lines = lines_of_text("\n\n".join(document))
        known = {norm(ad) for ad in put}
        yield page, lines, [norm(text) in known for text in lines.texts]
