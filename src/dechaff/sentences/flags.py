"""Flags on sentences that advertise inside lines that stay."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dechaff.labels import PROMOTIONAL, Label
from dechaff.lazy import Lazy
from dechaff.result import Flag, Reason
from dechaff.sentences.measure import COLUMNS, CONTEXT
from dechaff.sentences.split import sentences
from dechaff.sentences.weights import model
from dechaff.tactics.find import Read
from dechaff.tactics.flags import lazily

if TYPE_CHECKING:
    from dechaff.judge import Judged

#: Shorter sentences are not flagged: headings, labels and prices.
MIN_CHARS = 25

#: A promotional line of no more sentences than this is flagged as a whole.
WHOLE = 2

#: Weights below this say little: they are no reasons.
MIN_WEIGHT = 0.3

#: What the columns that can speak for a flag mean.
_MEANINGS = {
    "shared": "words that the text around it uses",
    "shared_long": "words that the text around it does not use",
    "capitals": "names",
    "new_capitals": "names that stand nowhere else in the text",
    "few_new_capitals": "names that stand nowhere else in the text",
    "has_new_capital": "names that stand nowhere else in the text",
    "exclamation": "exclamation mark",
    "place": "its place in the text",
    "first": "its place in the text",
    "last": "its place in the text",
    "own": "its own words and form",
    "above_others": "worded unlike the other sentences",
}


class _Sentence(NamedTuple):
    line: int
    start: int
    end: int


def by_sentence(judged: Judged, flags: Sequence[Flag], threshold: float) -> list[Flag]:
    """The flags on visible lines, with those on sentences that advertise with at least this probability.

    Lines that stay as main text are looked at. A promotional flag on a line of more than `WHOLE` sentences gives way to
    those on its sentences; in plain text, where little but words speaks for a line, also where none advertises.
    Nothing is removed, for a paragraph without one of its sentences may say another thing. `Flag.line` counts visible
    lines.
    """
    lines = judged.lines
    staying = {flag.line: flag.text for flag in flags if flag.label in PROMOTIONAL and not flag.removed}
    vague = {line for line, text in staying.items() if len(sentences(text)) > WHOLE}
    found = _advertising(judged, staying.keys() - vague | judged.settled.keys(), threshold)
    told = {flag.line for flag in found} & vague if lines.kind == "html" else vague
    return [*(flag for flag in flags if flag.line not in told or flag.label not in PROMOTIONAL), *found]


def _advertising(judged: Judged, taken: Set[int], threshold: float) -> list[Flag]:
    """Flags on sentences of lines that stay and are not `taken`."""
    lines = judged.lines
    found: list[_Sentence] = []
    for i in np.flatnonzero(judged.kept & judged.inside).tolist():
        if i in taken:
            continue
        text, begin = lines.texts[i], lines.starts[i]
        found += [_Sentence(i, begin + start, begin + end) for start, end in sentences(text)]
    looked = model().look([lines.source[start:end] for _, start, end in found])
    chosen = [k for k in np.flatnonzero(looked.probabilities >= threshold).tolist() if _is_long(found[k])]
    usual = looked.second.mean(axis=0) if chosen else None
    texts = [lines.source[found[k].start : found[k].end] for k in chosen]
    tactics = lazily([Read(text, found[k].start, Label.AD) for k, text in zip(chosen, texts, strict=True)])
    return [
        Flag(
            label=Label.AD,
            score=round(float(looked.probabilities[k]), 5),
            start=found[k].start,
            end=found[k].end,
            text=text,
            line=found[k].line,
            removed=False,
            _tactic_spans=spans,
            _reasons=Lazy(partial(_reasons, found[k], looked.second[k] - usual)),
        )
        for k, text, spans in zip(chosen, texts, tactics, strict=True)
    ]


def _is_long(sentence: _Sentence) -> bool:
    return sentence.end - sentence.start >= MIN_CHARS


def _reasons(sentence: _Sentence, beyond: NDArray[np.float32]) -> tuple[Reason, ...]:
    """What sets a sentence apart from the others of its document, in log-odds; `beyond` is what it has beyond them."""
    weights: dict[str, float] = {}
    spoken = model().arrays["second"][:-1] * beyond
    for name, weight in zip((*COLUMNS, *CONTEXT), spoken.tolist(), strict=True):
        if name in _MEANINGS:
            weights[_MEANINGS[name]] = weights.get(_MEANINGS[name], 0.0) + weight
    found = [
        Reason(f"sentence: {name}", round(weight, 3), sentence.start, sentence.end)
        for name, weight in weights.items()
        if weight >= MIN_WEIGHT
    ]
    return tuple(sorted(found, key=lambda reason: -reason.weight))
