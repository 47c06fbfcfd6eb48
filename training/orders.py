"""Fits the weights of `dechaff.hidden.orders`: how much each group of cues says, and each word.

    python -m training.orders DATA

Positives are the project's own orders to machines, published attacks that are plain words, and orders made by a
grammar; negatives its hard negatives, its adverts, lines of labelled pages, and hidden text of pages. Prints
cross-validated figures, and those on `orders_held_out.txt`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import parquet
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from dechaff.hidden.orders import (
    BUCKETS,
    FOLDER,
    FORMAT,
    HIDDEN_SCORE,
    SHAPES,
    SHOWN_SCORE,
    features,
    order_in,
    stretches,
)
from dechaff.hidden.orders import (
    weights as load_weights,
)
from dechaff.lines.document import lines_of
from dechaff.model import store

OWN = Path(__file__).parent / "orders.txt"
HELD_OUT = Path(__file__).parent / "orders_held_out.txt"
GRAMMAR = Path(__file__).parent / "orders_grammar.json"

_MADE = 3_000

_PAGE_LINES = 20_000
#: Characters of one hidden text that are learned from.
_HIDDEN_CHARS = 1500
_INVERSE_STRENGTH = 15.0
#: Orders are few among the examples: each counts as so many.
_ORDERS_COUNT = 10.0
_MADE_COUNT = 0.7
_SLOT = re.compile(r"\{(\w+)\}")
_SEED = 7

#: Hidden text of every second page is learned from; the other pages are for measuring.
PAGES_STEP = 2


def made(count: int) -> Iterator[str]:
    """Orders put together from the parts in `orders_grammar.json`."""
    grammar = json.loads(GRAMMAR.read_bytes())
    rng = random.Random(_SEED)
    for _ in range(count):
        text = "{forms}"
        while (found := _SLOT.search(text)) is not None:
            text = text[: found.start()] + rng.choice(grammar[found[1]]) + text[found.end() :]
        yield text[0].upper() + text[1:]


def read_own(path: Path) -> Iterator[tuple[str, bool]]:
    """Texts written for this project, and whether each is an order to a machine."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            mark, text = line.split(" ", 1)
            yield text, mark == "+"


def examples(data: Path) -> Iterator[tuple[str, bool]]:
    """Texts, and whether each is an order to a machine; those that were made are not among them."""
    yield from read_own(OWN)
    for path in sorted((data / "written").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["text"], "machine_instruction" in row["tactics"]
    for row in _rows(data / "text" / "prompt_injections.jsonl.gz"):
        if row["label"] == "benign_lookalike":
            yield row["text"], False
        elif row["label"] == "prompt_injection" and row["kind"] not in ("obfuscation", "tool_misuse"):
            yield row["text"], True
    texts = [line["text"] for page in _rows(data / "labelled_lines.jsonl.gz") for line in page["lines"]]
    for text in random.Random(_SEED).sample(texts, min(_PAGE_LINES, len(texts))):
        for start, end in stretches(text[:2000]):
            yield text[start:end], False
    for row in parquet.read_table(data / "wcxb_dev.parquet", columns=["html"]).to_pylist()[::PAGES_STEP]:
        for hidden in lines_of(row["html"], "html").hidden:
            for start, end in stretches(hidden.text[:_HIDDEN_CHARS]):
                yield hidden.text[start:end], False


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def fit(texts: Sequence[str], targets: Sequence[bool], more: Sequence[str]) -> dict[str, float]:
    """Weights by name; that of the empty name is the intercept. `more` are orders to learn from, not to measure on."""
    found = [features(text) for text in [*texts, *more]]
    vectors = DictVectorizer(dtype=np.float32)
    X = vectors.fit_transform(found)
    y = np.asarray([*targets, *[True] * len(more)])
    weight = np.where(y, _ORDERS_COUNT, 1.0)
    weight[len(texts) :] = _MADE_COUNT
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
    model.fit(X, y, weight)
    names = vectors.get_feature_names_out()
    weights = {str(name): round(float(w), 2) for name, w in zip(names, model.coef_[0], strict=True)}
    return {"": round(float(model.intercept_[0]), 3), **{name: w for name, w in weights.items() if abs(w) >= 0.05}}


def save(weights: Mapping[str, float]) -> None:
    """Write the weights that `fit` gives: those of words by bucket, in hundredths, all others in the manifest."""
    grams = np.zeros(BUCKETS, np.int16)
    for name, weight in weights.items():
        if name.isdigit():
            grams[int(name)] = round(100 * weight)
    cues = {name: weight for name, weight in weights.items() if name and not name.isdigit()}
    store.write(FOLDER, {"grams": grams}, SHAPES, {"format": FORMAT, "bias": weights[""], "cues": cues})


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.orders")
    parser.add_argument("data", type=Path)
    texts, targets = zip(*examples(parser.parse_args().data), strict=True)
    save(fit(texts, targets, [*made(_MADE)]))
    load_weights.cache_clear()
    held = [(order_in(text), is_order) for text, is_order in read_own(HELD_OUT)]
    for threshold in (HIDDEN_SCORE, SHOWN_SCORE):
        found = {kind: [order is not None and order.score >= threshold for order, is_order in held if is_order is kind]
                 for kind in (True, False)}  # fmt: skip
        print(f"held out, from {threshold}: recall {np.mean(found[True]):.3f} of {len(found[True])}, "
              f"alarms {np.mean(found[False]):.3f} of {len(found[False])} that only look like orders")  # fmt: skip


if __name__ == "__main__":
    main()
