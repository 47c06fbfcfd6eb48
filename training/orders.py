"""Fits the weights of `dechaff.hidden.orders`: how much each group of cues says, and each word.

    python -m training.orders DATA

Positives are the project's own orders to machines, published attacks that are plain words, and orders made by a
grammar; negatives its hard negatives, its adverts, lines of labelled pages, and hidden text of pages. Prints
cross-validated figures, and those of weights fitted without every second page on `orders_held_out.txt` and on these
pages; the weights that are kept are fitted on all pages.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from pyarrow import parquet
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from dechaff import Label, Tactic, clean_many
from dechaff.hidden.orders import (
    FOLDER,
    FORMAT,
    GLANCE_BUCKETS,
    HIDDEN_SCORE,
    MIN_GLANCE,
    PIECE_BUCKETS,
    SHAPES,
    SHOWN_SCORE,
    WORD_BUCKETS,
    Weights,
    cues,
    cues_in,
    forget_words,
    glance_in,
    order_in,
    stretches,
    words_in,
)
from dechaff.hidden.orders import (
    weights as load_weights,
)
from dechaff.lines.document import lines_of
from dechaff.model import store
from dechaff.pieces import pieces_in
from training.card import FILE, SHIPPED, card_of
from training.tactic_lines import DOMAIN

OWN = Path(__file__).parent / "orders.txt"
HELD_OUT = Path(__file__).parent / "orders_held_out.txt"
#: The same, drawn from lines of many manners and languages: most say nothing of instructions or of a model.
HELD_OUT_IMPLIED = Path(__file__).parent / "orders_held_out_implied.txt"
GRAMMAR = Path(__file__).parent / "orders_grammar.json"

_MADE = 3_000

_PAGE_LINES = 20_000
#: Lines of a page that are learned from, and characters from which a line says something.
_SHOWN_LINES = 60
_SHOWN_CHARS = 20
#: Characters of one hidden text that are learned from.
_HIDDEN_CHARS = 1500
_INVERSE_STRENGTH = 15.0
_GLANCE_INVERSE_STRENGTH = 0.1
#: Orders are few among the examples: each counts as so many.
_ORDERS_COUNT = 4.0
#: The same for one that was made of parts.
_MADE_COUNT = 2.0
_SLOT = re.compile(r"\{(\w+)\}")
_SEED = 7

#: Columns: cues, then words, then pieces of words.
_CUES = [*cues()]
_FIRST_WORD = len(_CUES)
_FIRST_PIECE = _FIRST_WORD + WORD_BUCKETS

#: Weights that find no order.
_NO_ORDERS = Weights(
    -1e3, -1e3, {}, [0] * GLANCE_BUCKETS, np.zeros(WORD_BUCKETS, np.int16), np.zeros(PIECE_BUCKETS, np.int16)
)

#: A column that one text in 150 has weighs as much as a cue.
_IDF_SHARE = 0.2


def made(count: int) -> Iterator[str]:
    """Orders put together from the parts in `orders_grammar.json`."""
    grammar = json.loads(GRAMMAR.read_bytes())
    rng = random.Random(_SEED)
    for _ in range(count):
        text = "{forms}"
        while (found := _SLOT.search(text)) is not None:
            text = text[: found.start()] + rng.choice(grammar[found[1]]) + text[found.end() :]
        yield (text[0].upper() + text[1:]).replace(*DOMAIN)


def read_own(path: Path) -> Iterator[tuple[str, bool]]:
    """Texts written for this project, and whether each is an order to a machine."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            mark, text = line.split(" ", 1)
            yield text.replace(*DOMAIN), mark == "+"


def examples(data: Path) -> Iterator[tuple[str, bool]]:
    """Texts, and whether each is an order to a machine; neither those that were made nor pages are among them."""
    yield from read_own(OWN)
    for path in sorted((data / "written").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["text"].replace(*DOMAIN), "machine_instruction" in row["tactics"]
    for row in _rows(data / "text" / "prompt_injections.jsonl.gz"):
        if row["label"] == "benign_lookalike":
            yield row["text"], False
        elif row["label"] == "prompt_injection" and row["kind"] not in ("obfuscation", "tool_misuse"):
            yield row["text"], True
    texts = [line["text"] for page in _rows(data / "labelled_lines.jsonl.gz") for line in page["lines"]]
    for text in random.Random(_SEED).sample(texts, min(_PAGE_LINES, len(texts))):
        for start, end in stretches(text[:2000]):
            yield text[start:end], False


def read_pages(data: Path) -> list[dict[str, Any]]:
    """The HTML and the type of all pages."""
    rows: list[dict[str, Any]] = parquet.read_table(
        data / "wcxb_dev.parquet", columns=["html", "page_type"]
    ).to_pylist()
    return rows


def texts_of(pages: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What pages hide, and some of their lines."""
    rng = random.Random(_SEED)
    for page in pages:
        lines = lines_of(page["html"], "html")
        shown = [text for text in lines.texts if len(text) >= _SHOWN_CHARS]
        hidden = [found.text[:_HIDDEN_CHARS] for found in lines.hidden]
        for text in [*hidden, *rng.sample(shown, min(_SHOWN_LINES, len(shown)))]:
            for start, end in stretches(text):
                yield text[start:end]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    """What the weights are for: cues, words and pieces of words of every text."""
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in texts:
        low = text.lower()
        found = [_CUES.index(name) for name in cues_in(low)]
        columns += found
        values += [1.0] * len(found)
        for first, buckets in ((_FIRST_WORD, words_in(low)), (_FIRST_PIECE, pieces_in(low, PIECE_BUCKETS))):
            columns += [first + bucket for bucket in sorted(buckets)]
            values += [1 / math.sqrt(len(buckets) or 1)] * len(buckets)
        ends.append(len(columns))
    shape = (len(texts), _FIRST_PIECE + PIECE_BUCKETS)
    return sparse.csr_matrix((np.asarray(values, np.float32), columns, ends), shape=shape)


def at_a_glance(texts: Sequence[str]) -> sparse.csr_matrix:
    """The single words of every text."""
    found = [sorted(glance_in(text.lower())) for text in texts]
    ends = np.cumsum([0, *map(len, found)])
    columns = np.concatenate([np.asarray(its, np.int64) for its in found])
    return sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(texts), GLANCE_BUCKETS))


def rarity(X: sparse.csr_matrix) -> NDArray[np.float32]:
    """How much every column weighs: what is rare says more."""
    texts = np.bincount(X.indices, minlength=X.shape[1])
    found = _IDF_SHARE * np.log((X.shape[0] + 1) / (texts + 1))
    found[:_FIRST_WORD] = 1
    return found.astype(np.float32)


Fitted = tuple[float, NDArray[np.float32]]


def fit_glance(texts: Sequence[str], targets: Sequence[bool], more: Sequence[str]) -> Fitted:
    """Intercept and weights of single words."""
    y = np.asarray([*targets, *[True] * len(more)])
    weight = np.where(y, _ORDERS_COUNT, 1.0)
    weight[len(texts) :] = _MADE_COUNT
    X = at_a_glance([*texts, *more])
    model = LogisticRegression(C=_GLANCE_INVERSE_STRENGTH, max_iter=3000).fit(X, y, weight)
    odds = model.decision_function(X[: len(texts)])
    passed = {kind: (odds[y[: len(texts)] == kind] >= MIN_GLANCE).mean() for kind in (True, False)}
    print(f"at a glance, of what was learned from: {passed[True]:.3f} of orders, {passed[False]:.3f} of other texts")
    return float(model.intercept_[0]), model.coef_[0].astype(np.float32)


def fit(texts: Sequence[str], targets: Sequence[bool], more: Sequence[str], cross_validated: bool) -> Fitted:
    """Intercept and weights. `more` are orders to learn from, not to measure on."""
    X = matrix([*texts, *more])
    weighs = rarity(X)
    X = (X @ sparse.diags(weighs)).tocsr()
    y = np.asarray([*targets, *[True] * len(more)])
    weight = np.where(y, _ORDERS_COUNT, 1.0)
    weight[len(texts) :] = _MADE_COUNT
    if cross_validated:
        _cross_validate(X, y, weight, texts)
    model = LogisticRegression(C=_INVERSE_STRENGTH, max_iter=3000)
    model.fit(X, y, weight)
    return float(model.intercept_[0]), (model.coef_[0] * weighs).astype(np.float32)


def _cross_validate(
    X: sparse.csr_matrix, y: NDArray[np.bool_], weight: NDArray[np.float64], texts: Sequence[str]
) -> None:
    """Print how the texts are judged by weights that were fitted without them, and the errors."""
    model = LogisticRegression(C=_INVERSE_STRENGTH, max_iter=3000)
    real = np.arange(len(texts))
    odds = np.zeros(len(texts))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=_SEED).split(real, y[real]):
        rows = np.concatenate([train, np.arange(len(texts), len(y))])
        odds[test] = model.fit(X[rows], y[rows], weight[rows]).predict_proba(X[test])[:, 1]
    y_real = y[real]
    for threshold in (HIDDEN_SCORE, SHOWN_SCORE):
        recall, alarms = (odds[y_real] >= threshold).mean(), (odds[~y_real] >= threshold).mean()
        print(f"from {threshold}: recall {recall:.3f} of {y_real.sum()}, alarms {alarms:.4f} of {(~y_real).sum()}")
    for i in np.argsort(odds)[::-1]:
        if not y_real[i] and odds[i] >= SHOWN_SCORE:
            print("  alarm", round(odds[i], 2), texts[i][:140])
        if y_real[i] and odds[i] < HIDDEN_SCORE:
            print("  missed", round(odds[i], 2), texts[i][:140])


def save(glance: Fitted, fitted: Fitted, figures: Mapping[str, int]) -> None:
    """Write what `fit_glance` and `fit` give: weights by bucket, in hundredths, those of cues in the manifest, with
    figures for the card."""
    bias, weights = fitted
    of_cues, of_words, of_pieces = np.split(weights, [_FIRST_WORD, _FIRST_PIECE])
    arrays = {
        name: np.rint(100 * found).astype(np.int16)
        for name, found in (("glance", glance[1]), ("words", of_words), ("pieces", of_pieces))
    }
    by_cue = {name: round(float(weight), 2) for name, weight in zip(_CUES, of_cues, strict=True)}
    header = {
        "format": FORMAT, "glance_bias": round(glance[0], 3), "bias": round(bias, 3), "cues": by_cue,
        "figures": figures,
    }  # fmt: skip
    store.write(FOLDER, arrays, SHAPES, header)
    load_weights.cache_clear()
    forget_words()


def held_out() -> dict[str, int]:
    """What the weights that were saved find in texts that they have not seen, and how many of these there are."""
    figures: dict[str, int] = {}
    for path in (HELD_OUT, HELD_OUT_IMPLIED):
        scores: dict[bool, list[float]] = {True: [], False: []}
        for text, is_order in read_own(path):
            order = order_in(text)
            scores[is_order].append(0.0 if order is None else order.score)
        for is_order, kind in ((True, "orders"), (False, "look-alikes")):
            name = f"{path.stem}: {kind}"
            figures[name] = len(scores[is_order])
            figures[f"{name}, as hidden text"] = sum(score >= HIDDEN_SCORE for score in scores[is_order])
            figures[f"{name}, in plain sight"] = sum(score >= SHOWN_SCORE for score in scores[is_order])
    return figures


def alarms(pages: Sequence[dict[str, Any]]) -> dict[str, int]:
    """On how many articles among these pages the weights that were saved alarm, which have not seen them."""
    articles = [page["html"] for page in pages if page["page_type"] == "article"]
    found = {True: 0, False: 0}
    for flags in (result.flags for result in clean_many(articles)):
        ordering = [flag.label is Label.HIDDEN for flag in flags if Tactic.MACHINE_INSTRUCTION in flag.tactics]
        for hidden in found:
            found[hidden] += hidden in ordering
    return {
        "articles": len(articles),
        "articles: alarms, hidden text": found[True],
        "articles: alarms, in plain sight": found[False],
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.orders")
    parser.add_argument("data", type=Path)
    data: Path = parser.parse_args().data
    texts, targets = map(list, zip(*examples(data), strict=True))
    pages, more = read_pages(data), [*made(_MADE)]
    with patch("dechaff.hidden.orders.weights", lambda: _NO_ORDERS):  # which texts are hidden hangs on the weights
        halves = [*texts_of(pages[::2])], [*texts_of(pages[1::2])]
    of_pages: dict[str, int] = {}
    for half, judge in zip(halves, (True, False), strict=True):
        texts += half
        targets += [False] * len(half)
        glance, fitted = fit_glance(texts, targets, more), fit(texts, targets, more, judge)
        save(glance, fitted, {})
        if judge:
            of_pages = alarms(pages[1::2])
    figures = held_out() | of_pages
    save(glance, fitted, figures)
    print(*(f"{name}: {count}" for name, count in figures.items()), sep="\n")
    FILE.write_text(card_of(SHIPPED), encoding="utf-8")


if __name__ == "__main__":
    main()
