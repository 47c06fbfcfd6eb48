"""Train the tactics model: `python -m training.tactics DATA`.

One logistic regression a tactic, on hashed n-grams, pieces of words, cues and form (`dechaff.tactics`), and one for
headlines that are bait. Everything is measured on styles (headlines: texts) that a model had not seen, thresholds are
chosen there, then all is trained again on everything and written with the figures in its manifest.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from dechaff.labels import Tactic
from dechaff.pieces import pieces_in
from dechaff.tactics.cues import dense, names
from dechaff.tactics.weights import BUCKETS, FOLDER, LEARNED, PIECE_BUCKETS, ngrams, save
from training import orders, tactic_lines
from training import tactics_figures as figures
from training.card import FILE, SHIPPED, card_of
from training.corrections import read_marks
from training.data import read_jsonl
from training.headlines import Headlines, read_headlines
from training.tactic_lines import HELD_OUT, OWN

FOLDS = 5
_SEED = 1
_INVERSE_STRENGTH = 0.5
_HEADLINE_STRENGTH = 0.33
#: How much more a line with a tactic weighs than one without.
_POSITIVE_WEIGHT = 2.0
#: What a line weighs by where it comes from: the lines written for this, and those that somebody corrected, are marked
#: with care, the others in passing.
_WEIGHTS = {"own": 6.0, "corrected": 6.0, "written": 0.5, "orders": 0.3, "shop": 0.5, "native": 0.5, "page": 0.5}
#: How much less n-grams are held back than cues: there are far more of them, each with less to say. This, the scale of
#: pieces, the weights and the strength of the fit were chosen by average precision on the lines of
#: `tactics_held_out.txt`, so figures on these lean to the good side.
_GRAM_SCALE = 3.0
#: The same for pieces of words.
_PIECE_SCALE = 6.0
_PAGE_LINES = 5000
_NATIVE_ADS, _NATIVE_OTHER = 400, 1200
#: Labels of `ec_darkpattern` that are tactics; those that are none of ours are left out.
_SHOP = {
    "Urgency": {"urgency"},
    "Scarcity": {"scarcity"},
    "Social Proof": {"social_pressure"},
    "Not Dark Pattern": set(),
}
#: Columns of form that tell the two sources of headlines apart, not what they say.
_NO_SIGN_OF_BAIT = ("capitals", "title case", "full stop", "brand")

Matrix = Any  # scipy.sparse.csr_matrix, which has no types


@dataclass(slots=True)
class Example:
    """A line with its tactics. `promotes`: it is an advert or the like (None: open). Styles are held out as a whole."""

    text: str
    tactics: frozenset[str]
    source: str
    style: str
    promotes: bool | None

    @property
    def fold(self) -> int:
        return zlib.crc32(self.style.encode()) % FOLDS


def read_own(path: Path) -> Iterator[Example]:
    """Lines written for this project, as `tactic_lines` reads them."""
    for line in tactic_lines.read(path):
        yield Example(line.text, line.tactics, "own", line.style, line.promotes)


def read_examples(data: Path) -> Iterator[Example]:
    """All lines that tactics are learned from."""
    yield from read_own(OWN)
    for text, is_order in orders.read_own(orders.OWN):
        marks = frozenset({Tactic.MACHINE_INSTRUCTION.value}) if is_order else frozenset()
        yield Example(text, marks, "orders", text, is_order)
    rng = random.Random(_SEED)
    for path in sorted((data / "written").glob("*.jsonl")):
        for row in read_jsonl(path):
            style = row["style"] if row["style"] not in ("headline", "prose", "cta") else row["style"] + row["vertical"]
            yield Example(row["text"], frozenset(row["tactics"]), "written", style, row["label"] != "content")
    seen = set()
    for row in read_jsonl(data / "text" / "ec_darkpattern.jsonl.gz"):
        key = re.sub(r"\d+", "0", row["text"].lower())
        if row["label"] in _SHOP and key not in seen:
            seen.add(key)
            yield Example(row["text"], frozenset(_SHOP[row["label"]]), "shop", key, True)
    for path in sorted((data / "corrections").glob("*.jsonl")):
        for mark in read_marks(path):
            tactics = mark.tactics & {tactic.value for tactic in LEARNED}
            yield Example(mark.text, tactics, "corrected", mark.text, mark.promotes)
    native = [*read_jsonl(data / "text" / "native_ads_sentences.jsonl.gz")]
    ads = [row["text"] for row in native if row["label"] == "ad_sentence"]
    others = [row["text"] for row in native if row["label"] != "ad_sentence"]
    for text in rng.sample(ads, _NATIVE_ADS):
        yield Example(text, frozenset({"disguised_ad"}), "native", text, True)
    for text in rng.sample(others, min(_NATIVE_OTHER, len(others))):
        yield Example(text, frozenset(), "native", text, False)
    told = ("content", "boilerplate", "metadata", "caption")
    lines = [
        line["text"][:600]
        for page in read_jsonl(data / "labelled_lines.jsonl.gz")
        for line in page["lines"]
        if line["label"] in told and not line["misleading"] and len(line["text"]) > 15
    ]
    for text in rng.sample(lines, _PAGE_LINES):
        yield Example(text, frozenset(), "page", text, False)


def matrix(texts: Sequence[str], without: Sequence[str] = ()) -> Matrix:
    """Cues and form, scaled n-grams and pieces of words, shape (N, columns + BUCKETS + PIECE_BUCKETS).

    The columns `without` are 0.
    """
    ids, counts = ngrams(texts)
    pieces = [sorted(pieces_in(text.lower(), PIECE_BUCKETS)) for text in texts]
    sizes = np.asarray([len(its) for its in pieces])
    shares = np.repeat(_PIECE_SCALE / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
    columns = np.asarray([*itertools.chain.from_iterable(pieces)], np.int32)
    parts = sp.csr_matrix((shares, columns, np.cumsum([0, *sizes])), shape=(len(texts), PIECE_BUCKETS))
    rows = np.repeat(np.arange(len(texts)), counts * 3)
    grams = sp.csr_matrix((np.ones(ids.size, np.float32), (rows, ids.ravel())), shape=(len(texts), BUCKETS))
    cues = dense(texts)
    cues[:, [names().index(name) for name in without]] = 0
    grams = sp.diags(_GRAM_SCALE / np.sqrt(np.maximum(counts, 1))) @ grams
    return sp.hstack([sp.csr_matrix(cues), grams, parts]).tocsr()


def fitted(X: Matrix, y: NDArray[np.bool_], weight: NDArray[np.float64], C: float = _INVERSE_STRENGTH) -> Any:
    return LogisticRegression(C=C, max_iter=300).fit(X, y, sample_weight=weight)


def arrays_of(models: Sequence[Any], glance: Any) -> dict[str, NDArray[Any]]:
    """The arrays of a model, n-grams and pieces of words rounded to 8 bits. `models` are in the order of `OUTPUTS`."""
    cues = len(names())
    weights = np.concatenate([model.coef_ for model in models]).astype(np.float32)
    table, scale = _rounded(_GRAM_SCALE * weights[:, cues : cues + BUCKETS].T)
    pieces, piece_scale = _rounded(_PIECE_SCALE * weights[:, cues + BUCKETS :].T)
    seen = _GRAM_SCALE * glance.coef_[0]
    glance_scale = max(float(np.abs(seen).max()), 1e-6) / 127
    return {
        "table": table,
        "scale": scale,
        "pieces": pieces,
        "piece_scale": piece_scale,
        "dense": np.ascontiguousarray(weights[:, :cues].T),
        "bias": np.asarray([model.intercept_[0] for model in models], np.float32),
        "suspicion": np.rint(seen / glance_scale).astype(np.int8),
        "suspicion_scale": np.asarray([glance_scale, glance.intercept_[0]], np.float32),
    }


def _rounded(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A table in 8 bits, and what its columns are to be multiplied by."""
    scale = np.maximum(np.abs(table).max(axis=0), 1e-6) / 127
    return np.rint(table / scale).astype(np.int8), scale.astype(np.float32)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="training.tactics", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the sources that the data card names")
    parser.add_argument("--out", type=Path, default=FOLDER, help="model folder to write (default: the shipped one)")
    args = parser.parse_args(arguments)

    examples = [*read_examples(args.data)]
    held = [*read_own(HELD_OUT)]
    print(f"{len(examples)} lines, {len(held)} held out", file=sys.stderr)
    X, X_held = matrix([e.text for e in examples]), matrix([e.text for e in held])
    fold = np.asarray([e.fold for e in examples])
    base = np.asarray([_WEIGHTS[e.source] for e in examples])
    said = np.zeros((len(examples), len(LEARNED)))
    said_held = np.zeros((len(held), len(LEARNED)))
    glanced = np.zeros(len(examples))
    models = []
    cues = len(names())
    grams = X[:, cues : cues + BUCKETS]
    for number, tactic in enumerate(LEARNED):
        y = np.asarray([tactic.value in e.tactics for e in examples])
        weight = base * np.where(y, _POSITIVE_WEIGHT, 1.0)
        for k in range(FOLDS):
            seen = fold != k
            said[~seen, number] = fitted(X[seen], y[seen], weight[seen]).predict_proba(X[~seen])[:, 1]
        models.append(fitted(X, y, weight))
        said_held[:, number] = models[-1].predict_proba(X_held)[:, 1]
    thresholds = figures.thresholds(examples, said)
    strong = figures.strong(examples, said, thresholds)
    for k in range(FOLDS):
        seen = fold != k
        glanced[~seen] = fitted(grams[seen], strong[seen], base[seen]).decision_function(grams[~seen])
    glance = fitted(grams, strong, base)

    headlines = read_headlines(args.data)
    bait, bait_figures = _headlines(headlines)
    thresholds["suspicion"], suspicion_figures = figures.suspicion(examples, said, glanced, thresholds)
    measured = {
        "tactics": figures.by_tactic(examples, said, held, said_held, thresholds),
        "suspicion": suspicion_figures,
        "clickbait": bait_figures,
    }
    figures.show(measured)
    save(arrays_of([*models, *bait], glance), {"thresholds": thresholds, "figures": measured}, args.out)
    if args.out == FOLDER:
        FILE.write_text(card_of(SHIPPED), encoding="utf-8")
    print(f"written: {args.out}", file=sys.stderr)
    return 0


def _headlines(headlines: Headlines) -> tuple[list[Any], dict[str, Any]]:
    """Models of English and of Spanish headlines, and what they say of headlines that they had not seen."""
    X = matrix(headlines.texts, _NO_SIGN_OF_BAIT)
    odds = np.zeros(len(headlines.texts))
    models = []
    for spanish in (False, True):
        own = (headlines.source == "es") == spanish
        y, weight = headlines.bait, headlines.weight
        for k in range(FOLDS):
            seen, unseen = own & (headlines.fold != k), own & (headlines.fold == k)
            odds[unseen] = fitted(X[seen], y[seen], weight[seen], _HEADLINE_STRENGTH).predict_proba(X[unseen])[:, 1]
        models.append(fitted(X[own], y[own], weight[own], _HEADLINE_STRENGTH))
    return models, figures.of_headlines(headlines, odds)


if __name__ == "__main__":
    sys.exit(main())
