"""What models say of sites they never saw: one model a fold, each asked about the pages of that fold alone."""

from __future__ import annotations

import html as html_lib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from training.data import FOLDS, Page
from training.labels import LEADS_AWAY
from training.tables import Arrays
from training.train import Corpus, as_model, train

Floats = NDArray[np.float32]

#: Articles of fewer paragraphs are no carriers for injected lines.
_MIN_PARAGRAPHS = 4


@dataclass(slots=True)
class Judged:
    """A document and the class probabilities of its lines, from a model of the other folds."""

    lines: Lines
    odds: Floats


@dataclass(slots=True)
class Injection:
    """An article with lines put between its paragraphs; `foreign[i]`: line i was put there."""

    judged: Judged
    foreign: list[bool]


def fold_models(corpus: Corpus, seed: int, epochs: int, jobs: int) -> list[dict[str, NDArray[Any]]]:
    """For every fold, the arrays of a model trained on all others."""
    run = joblib.delayed(train)
    made = joblib.Parallel(n_jobs=jobs)(run(corpus, without=fold, seed=seed, epochs=epochs) for fold in range(FOLDS))
    return list(made)


def odds_of(arrays: Arrays, lines: Lines) -> Floats:
    """Class probabilities for the lines of one document."""
    model = as_model(arrays)
    features = extract([lines], model["idf"])
    return probabilities(model, features, first_stage(arrays, features))


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
    rng = random.Random(seed)
    for page in corpus.pages:
        paragraphs = [line.strip() for line in page.gold.splitlines() if line.strip()]
        if page.kind != "article" or page.source != "wcxb" or len(paragraphs) < _MIN_PARAGRAPHS:
            continue
        pool = own[page.fold] if ads is None else ads
        put = [] if rng.random() < 0.25 else rng.sample(pool, rng.choice((1, 1, 2, 3)))
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
        yield Injection(Judged(lines, odds_of(models[page.fold], lines)), [norm(text) in known for text in lines.texts])
