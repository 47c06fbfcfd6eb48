"""Tactics of a document's lines: on its flags, on all its lines, and flags on lines that only they speak against."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dechaff import limits
from dechaff.hidden.orders import SHOWN_SCORE, order_in
from dechaff.labels import FLAGGED, Label, Tactic
from dechaff.lazy import Lazy, item
from dechaff.result import Flag, Reason, TacticSpan, TacticSpans
from dechaff.tactics.find import Read, tactics_of
from dechaff.tactics.weights import model, ngrams

if TYPE_CHECKING:
    from dechaff.judge import Judged

#: Lines of more characters are not taken for misleading as a whole: what misleads is short.
MAX_CHARS = 240

_LABELS = tuple(Label)
_PROMOTING = [i for i, label in enumerate(_LABELS) if label in FLAGGED]

#: The labels that lead away from the main text.
_AWAY = [_LABELS.index(label) for label in (Label.AD, Label.SELF_PROMOTION, Label.TEASER)]

#: A line that the model takes for main text without any doubt is not looked at: the probability that it leads away.
MIN_AWAY = 0.02


def lazily(reads: Sequence[Read]) -> list[Lazy[TacticSpans]]:
    """The tactics of some lines, found for all of them when first asked for one."""
    together: Lazy[Sequence[TacticSpans]] = Lazy(partial(tactics_of, reads))
    return [item(together, k) for k in range(len(reads))]


def of_lines(judged: Judged, flags: Lazy[tuple[Flag, ...]]) -> Sequence[TacticSpans]:
    """The tactics of every line of a document, with the flags on its lines.

    Lines whose words give no ground for suspicion are passed over.
    """
    lines, labels = judged.lines, _labels_of(judged, flags.value())
    found: list[TacticSpans] = [()] * len(lines)
    cut = model().manifest["thresholds"]["suspicion"]
    glance = model().suspicion(*ngrams(lines.texts))
    there = [i for i in range(len(lines)) if i in labels or (glance[i] >= cut and len(lines.texts[i]) <= MAX_CHARS)]
    reads = [Read(lines.texts[i], lines.starts[i], labels.get(i)) for i in there]
    for i, spans in zip(there, tactics_of(reads), strict=True):
        found[i] = spans
    return found


def _labels_of(judged: Judged, flags: Sequence[Flag]) -> dict[int, Label]:
    """Labels of the lines that speak against themselves: what they are flagged with, or are dropped for."""
    dropped = np.flatnonzero(np.isin(judged.labels, _PROMOTING) & ~judged.kept).tolist()
    labels = {i: _LABELS[judged.labels[i]] for i in dropped}
    labels.update({flag.line: flag.label for flag in flags if flag.label is not Label.MISLEADING})
    return labels


def misleading(judged: Judged, flagged: Sequence[int], flag: float, remove: float | None) -> list[Flag]:
    """Flags on kept lines inside the main text that only their wording speaks against.

    `flagged` lines have a flag already. `flag` and `remove` are the scores from which on a line gets one, and goes.
    """
    by_words = _by_words(judged, flagged, flag, remove)
    orders = _orders(judged, {*flagged, *(made.line for made in by_words)}, flag, remove)
    return sorted([*by_words, *orders], key=lambda made: made.line)


def _by_words(judged: Judged, flagged: Sequence[int], flag: float, remove: float | None) -> list[Flag]:
    """Flags on short lines of doubtful kind."""
    lines, there = judged.lines, _suspicious(judged, flagged)
    made = []
    for i, spans in zip(there, tactics_of([Read(lines.texts[i], lines.starts[i]) for i in there]), strict=True):
        if spans and spans[0].score >= flag:
            score, start, text = spans[0].score, lines.starts[i], lines.texts[i]
            reasons = tuple(_reason(span) for span in spans)
            removed = remove is not None and score >= remove
            made.append(Flag(Label.MISLEADING, score, start, start + len(text), text, i, removed, spans, reasons))
    return made


def _orders(judged: Judged, taken: Set[int], flag: float, remove: float | None) -> list[Flag]:
    """Flags on orders to machines in lines that are not `taken`, however sure it is that these are main text.

    In a long line that stays the flag covers the sentences with the order.
    """
    lines = judged.lines
    made = []
    read = 0
    for i in (judged.inside & judged.kept).nonzero()[0].tolist():
        text, begin = lines.texts[i], lines.starts[i]
        read += len(text)
        if read > limits.MAX_ORDER_CHARS:
            break
        if i in taken:
            continue
        order = order_in(text)
        if order is None or order.score < max(SHOWN_SCORE, flag):
            continue
        removed = remove is not None and order.score >= remove
        start, end = (0, len(text)) if removed or len(text) <= MAX_CHARS else (order.start, order.end)
        span = TacticSpan(Tactic.MACHINE_INSTRUCTION, order.score, begin + order.start, begin + order.end)
        made.append(
            Flag(Label.MISLEADING, order.score, begin + start, begin + end, text[start:end], i, removed, (span,),
                 (_reason(span),))
        )  # fmt: skip
    return made


def _reason(span: TacticSpan) -> Reason:
    return Reason.of_score(f"tactic {span.tactic}", span.score, span.start, span.end)


def _suspicious(judged: Judged, flagged: Sequence[int]) -> list[int]:
    """Short lines of doubtful kind whose words give ground for suspicion at a glance."""
    away = judged.odds[:, _AWAY].sum(axis=1)
    doubtful = judged.inside & judged.kept & (judged.size <= MAX_CHARS) & (away >= MIN_AWAY)
    doubtful[flagged] = False
    there = doubtful.nonzero()[0].tolist()
    if not there:
        return []
    glance = model().suspicion(*ngrams([judged.lines.texts[i] for i in there])).tolist()
    cut = model().manifest["thresholds"]["suspicion"]
    return [i for i, suspicion in zip(there, glance, strict=True) if suspicion >= cut]
