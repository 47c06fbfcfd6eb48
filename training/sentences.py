"""Trains the model of advertising sentences: `python -m training.sentences DATA [--out FOLDER] [--seed N]`.

Documents are answers with and without an advertising sentence (Webis native ads), and gold texts of web pages, into
some of which sentences are put: advertisements and, as content, hard negatives. Sites, queries and lines are held out
by fold; thresholds are chosen on untouched gold texts that the model of their fold has not seen.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from dechaff.features.segments import offsets
from dechaff.model import store
from dechaff.sentences.flags import MIN_CHARS
from dechaff.sentences.measure import BUCKETS, Measured, context, measure
from dechaff.sentences.split import sentences
from dechaff.sentences.weights import FOLDER, HEADER, SHAPES, SentenceModel
from training.card import FILE, SHIPPED, card_of
from training.data import FOLDS, Page, Snippet, fold_of, read_jsonl, read_pages, read_snippets
from training.labels import CONTENT, PROMOTIONAL, mask

#: Of 1,000 sentences of untouched gold text, those that may be flagged, by strictness.
FALSE_ALARMS = {"lenient": 0.25, "balanced": 0.6, "strict": 4.0}

#: Sentences to put in have so many words at least; shorter ones are headlines.
_MIN_WORDS = 7

#: Stretches of a gold text into which sentences are put, sentences that such a stretch has, and the share of what is
#: put in that is content.
_STRETCHES = 5
_LENGTHS = range(5, 31)
_OWN_STRETCHES = 20  # of the few pages written for this project
_HARMLESS = 0.35

#: What an advertising sentence is labelled, and styles of such lines that no paragraph holds. Teasers are left out:
#: worded like the text they lead to, they are told by their place alone.
_ADVERTISE = frozenset({mask("ad"), mask("self_promotion"), mask("ad", "self_promotion")})
_NO_PROSE = frozenset({"headline", "question", "instruction", "link"})

#: Weight of a word's column beside the others, so that one strength of regularisation serves both.
_WORD_SCALE = 8.0
_STRENGTH = 0.06

#: Steps of the int8 table: its largest weight.
_MOST = 127


@dataclass(slots=True)
class Text:
    """A document of sentences: which advertise, its fold and its source."""

    parts: list[str]
    advertises: list[bool]
    fold: int
    source: str
    untouched: bool = True


class _PutIn:
    """Sentences to put into texts, by fold, drawn so that a style counts by the root of its size."""

    def __init__(self, snippets: Sequence[Snippet]) -> None:
        self.styles: dict[tuple[int, bool], dict[str, list[str]]] = {}
        for snippet in snippets:
            harmless = snippet.target == mask("content", "off_topic")
            if harmless or (snippet.target in _ADVERTISE and snippet.style not in _NO_PROSE):
                styles = self.styles.setdefault((snippet.fold, harmless), {})
                styles.setdefault(snippet.style, []).append(snippet.text)

    def draw(self, fold: int, harmless: bool, rng: random.Random) -> str:
        styles = [*self.styles[fold, harmless].values()]
        return rng.choice(rng.choices(styles, [len(texts) ** 0.5 for texts in styles])[0])


def native(data: Path) -> Iterator[Text]:
    """Answers with the span of an advertising sentence, or none."""
    for row in read_jsonl(data / "text" / "native_ads_docs.jsonl.gz"):
        spans = sentences(row["text"])
        low, high = row.get("ad_span") or (0, 0)
        inside = [2 * (min(end, high) - max(start, low)) > end - start for start, end in spans]
        yield Text([row["text"][start:end] for start, end in spans], inside, fold_of(row["query"]), "native")


def articles(data: Path, rng: random.Random) -> Iterator[Text]:
    """Gold texts of web pages; sentences are put into some of them."""
    snippets = read_snippets(data, lines=())  # what it finds is measured in English
    put_in = _PutIn([s for s in snippets if len(s.text.split()) >= _MIN_WORDS and s.text[-1] in ".!?"])
    for page in read_pages(data):
        if page.source == "written" and page.kind == "clean":
            continue
        rows = _rows(page)
        parts, advertises = [], []
        for text, target in rows:
            for start, end in sentences(text):
                parts.append(text[start:end])
                advertises.append(target in PROMOTIONAL)
        if not parts:
            continue
        yield Text(parts, advertises, page.fold, page.source)
        if (page.kind not in ("article", "clean", "forum") and page.source != "written") or len(parts) < _LENGTHS[0]:
            continue
        for _ in range(_STRETCHES if page.source != "written" else _OWN_STRETCHES):
            size = rng.choice(_LENGTHS)
            begin = rng.randrange(max(len(parts) - size, 0) + 1)
            own, away = parts[begin : begin + size], advertises[begin : begin + size]
            for _ in range(rng.choice((1, 1, 2))):
                harmless = rng.random() < _HARMLESS
                at = rng.randrange(1, len(own) + 1)
                own.insert(at, put_in.draw(page.fold, harmless, rng))
                away.insert(at, not harmless)
            yield Text(own, away, page.fold, page.source, untouched=False)


def _rows(page: Page) -> list[tuple[str, int]]:
    """The lines of a page's main text with their targets; of pages written for this project also what stands in it.

    Without those the model would take whoever wrote most of the advertisements for the advertiser.
    """
    if page.source == "written":
        lines = zip(page.document.lines.texts, page.document.targets, page.in_body, strict=True)
        return [
            (text, target) for text, target, inside in lines if target == CONTENT or (inside and target in PROMOTIONAL)
        ]
    return page.gold_rows or [(line, CONTENT) for line in page.gold.splitlines()]


def fitted(texts: Sequence[Text], seen: Sequence[Measured]) -> store.Arrays:
    """The arrays of a model of these documents. The second look is trained on what first looks say of unseen folds."""
    folds = np.asarray([text.fold for text in texts])
    odds: list[Any] = [None] * len(texts)
    for fold in np.unique(folds).tolist():
        own, others = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        first = SentenceModel(_first(_chosen(texts, others), _chosen(seen, others)), {})
        for i in own.tolist():
            odds[i] = first.first_look(seen[i])
    second = np.concatenate([np.concatenate([m.dense, context(o)], axis=1) for m, o in zip(seen, odds, strict=True)])
    linear = LogisticRegression(max_iter=1000).fit(second, _targets(texts))
    weights = np.append(linear.coef_[0], linear.intercept_[0]).astype(np.float32)
    return {**_first(texts, seen), "second": weights}


def _first(texts: Sequence[Text], seen: Sequence[Measured]) -> dict[str, NDArray[Any]]:
    dense = np.concatenate([m.dense for m in seen])
    linear = LogisticRegression(C=_STRENGTH, max_iter=1000)
    linear.fit(scipy.sparse.hstack([_words(seen) * _WORD_SCALE, dense]).tocsr(), _targets(texts))
    words, columns = linear.coef_[0][:BUCKETS] * _WORD_SCALE, linear.coef_[0][BUCKETS:]
    scale = np.abs(words).max() / _MOST
    return {
        "table": np.round(words / scale).astype(np.int8),
        "first": np.asarray([scale, *columns, linear.intercept_[0]], np.float32),
        "second": np.zeros(SHAPES["second"][1], np.float32),
    }


def _words(seen: Sequence[Measured]) -> Any:
    """The n-grams of all sentences as a sparse matrix, each row over the root of its words."""
    counts = np.concatenate([m.counts for m in seen])
    ids = np.concatenate([m.ids for m in seen])
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts * ids.shape[1])
    return scipy.sparse.csr_matrix((values, ids.ravel(), offsets(counts * ids.shape[1])), (len(counts), BUCKETS))


def _chosen(items: Sequence[Any], numbers: Iterable[int]) -> list[Any]:
    return [items[i] for i in numbers]


def _targets(texts: Sequence[Text]) -> NDArray[np.bool_]:
    return np.concatenate([np.asarray(text.advertises, np.bool_) for text in texts])


def held_out(texts: Sequence[Text], seen: Sequence[Measured]) -> list[NDArray[np.float64]]:
    """For every document the probabilities of its sentences, from a model of the other folds."""
    found: list[Any] = [None] * len(texts)
    for fold in range(FOLDS):
        others = [i for i, text in enumerate(texts) if text.fold != fold]
        model = SentenceModel(fitted(_chosen(texts, others), _chosen(seen, others)), {})
        for i, text in enumerate(texts):
            if text.fold == fold:
                found[i] = model.look(text.parts).probabilities
    return found


def figures(texts: Sequence[Text], odds: Sequence[NDArray[np.float64]], threshold: float) -> dict[str, float]:
    """Precision, recall and F1 over characters of answers, F1 over answers, and the fate of sentences put in."""
    hit = missed = false = 0
    right = wrong = passed = 0
    put = [0, 0]
    alarms = [0, 0]
    for text, probability in zip(texts, odds, strict=True):
        size, gold = np.asarray([*map(len, text.parts)]), np.asarray(text.advertises)
        said = (probability >= threshold) & (size >= MIN_CHARS)
        if text.source == "native":
            hit += int(size[said & gold].sum())
            false += int(size[said & ~gold].sum())
            missed += int(size[~said & gold].sum())
            right += int(gold.any() and said.any())
            wrong += int(said.any() and not gold.any())
            passed += int(gold.any() and not said.any())
        elif text.source == "written":
            continue
        elif text.untouched:
            alarms[0] += int((said & ~gold).sum())
            alarms[1] += int((~gold).sum())
        else:
            put[0] += int((said & gold).sum())
            put[1] += int(gold.sum())
    return {
        "native_span_f1": float(2 * hit / (2 * hit + false + missed)),
        "native_document_f1": float(2 * right / (2 * right + wrong + passed)),
        "put_in_found": put[0] / max(put[1], 1),
        "false_alarms_per_1000": 1000 * alarms[0] / max(alarms[1], 1),
    }


def threshold_for(texts: Sequence[Text], odds: Sequence[NDArray[np.float64]], alarms: float) -> float:
    """The lowest probability at which at most so many of 1,000 sentences of untouched gold text are flagged."""
    clean = [
        np.where(np.asarray([*map(len, text.parts)]) >= MIN_CHARS, probability, 0)[~np.asarray(text.advertises)]
        for text, probability in zip(texts, odds, strict=True)
        if text.untouched and text.source not in ("native", "written")
    ]
    ordered = np.sort(np.concatenate(clean))[::-1]
    return round(float(ordered[int(alarms / 1000 * len(ordered))]) + 0.001, 3)


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.sentences", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    texts = [*native(args.data), *articles(args.data, random.Random(args.seed))]
    seen = [measure(text.parts) for text in texts]
    odds = held_out(texts, seen)
    thresholds = {name: threshold_for(texts, odds, alarms) for name, alarms in FALSE_ALARMS.items()}
    found = {name: figures(texts, odds, threshold) for name, threshold in thresholds.items()}
    rounded = {name: {key: round(value, 4) for key, value in row.items()} for name, row in found.items()}
    store.write(args.out, fitted(texts, seen), SHAPES, {**HEADER, "thresholds": thresholds, "held_out": rounded})
    for name, row in rounded.items():
        print(name, thresholds[name], row)
    if args.out == FOLDER:
        FILE.write_text(card_of(SHIPPED), encoding="utf-8")


if __name__ == "__main__":
    main()
