"""What was judged → `PageScores`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dechaff.judge import LABELS, Judged, best_expected_f1
from dechaff.labels import FLAGGED, PROMOTIONAL, Label, Tactic
from dechaff.lazy import Lazy
from dechaff.lines.table import Lines
from dechaff.result import Flag, PageScores
from dechaff.tactics.headline import clickbait, mismatch

_FOREIGN = frozenset({Label.TEASER, Label.OFF_TOPIC})

#: Characters of a line that reads as prose: with an end of a sentence, and whatever it ends with.
_SENTENCE, _LONG = 25, 60

#: What ends a sentence, and what may stand behind that.
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", "።", "၊", "။")
_CLOSING = "\"'”’»›)]） 」』"

_SHOWN = np.asarray([label in FLAGGED or label is Label.MISLEADING for label in LABELS])


def all_scores(
    judged: Judged, flags: Sequence[Flag], every: Lazy[tuple[Flag, ...]], title: str, text: str
) -> PageScores:
    """The numbers about one document. `flags` are those on visible lines, numbered among these; `every` are all."""
    found = page_scores(judged, flags)
    with_tactic = {flag.line for flag in flags if flag.tactics}
    bait, strange = clickbait(title), mismatch(title, text)
    misleading = _share(float(len(with_tactic)), float(_met(judged).sum()))
    orders = any(Tactic.MACHINE_INSTRUCTION in flag.tactics for flag in every.value())
    shares = (found.promotional_share, misleading, found.hidden_share, bait / 2, strange / 4, 0.5 if orders else 0.0)
    trust = float(np.prod([1 - share for share in shares])) if text else 0.0
    disturbed = found.promotional_share + found.off_topic_share
    quality = clarity(judged) * prose_share(judged) * max(1 - disturbed, 0.0)
    return replace(
        found, clickbait=bait, title_mismatch=strange, misleading=misleading, content_quality=quality, trust=trust
    )


def _met(judged: Judged) -> NDArray[np.bool_]:
    """The lines that a reader of the main text meets: without furniture."""
    met: NDArray[np.bool_] = judged.inside & (judged.kept | _SHOWN[judged.labels])
    return met


def page_scores(judged: Judged, flags: Iterable[Flag]) -> PageScores:
    """The numbers that stand on labels and flags alone; all 0 for a document without lines."""
    size = judged.size
    met = _met(judged)
    flagged = np.zeros(len(size), bool)
    promotional, foreign = np.zeros(len(size), np.int64), np.zeros(len(size), np.int64)  # characters
    for flag in flags:
        flagged[flag.line] = True
        promotional[flag.line] += (flag.end - flag.start) * (flag.label in PROMOTIONAL)
        foreign[flag.line] += (flag.end - flag.start) * (flag.label in _FOREIGN)
    every, in_text = size.sum(), size[met].sum()
    return PageScores(
        content_share=_share(size[judged.labels == LABELS.index(Label.CONTENT)].sum(), every),
        boilerplate_share=_share(size[judged.labels == LABELS.index(Label.BOILERPLATE)].sum(), every),
        promotional_share=_share(promotional[met].sum(), in_text),
        ad_density=_share(float((met & flagged).sum()), float(met.sum())),
        off_topic_share=_share(foreign[met].sum(), in_text),
        link_share=_share(float(sum(judged.lines.link_chars)), every),
        hidden_share=hidden_share(judged.lines),
    )


def clarity(judged: Judged) -> float:
    """How well content can be told from the rest: the best F1 that can be expected of any choice of lines."""
    return best_expected_f1(judged.odds[:, LABELS.index(Label.CONTENT)], judged.size)


def prose_share(judged: Judged) -> float:
    """Kept characters in lines of prose among all kept characters; 0 where nothing was kept."""
    lines = judged.lines
    kept = judged.kept.nonzero()[0].tolist()
    prose = sum(
        len(lines.texts[i]) for i in kept if is_prose(lines.texts[i]) and 2 * lines.link_chars[i] < len(lines.texts[i])
    )
    return _share(prose, float(judged.size[kept].sum()))


def is_prose(text: str) -> bool:
    """Whether a line reads as a sentence: it ends as one and is no mere word or two, or it is long.

    >>> is_prose("She said: “Nobody asked me.”"), is_prose("Opening hours and prices"), is_prose("Home.")
    (True, False, False)
    """
    return len(text) >= _LONG or (len(text) >= _SENTENCE and text.rstrip(_CLOSING).endswith(_ENDS))


def hidden_share(lines: Lines) -> float:
    """Characters of hidden lines among the characters of all lines; 0 for a document without lines."""
    if not lines.hidden:
        return 0.0
    hidden = sum(len(line.text) for line in lines.hidden)
    return _share(hidden, hidden + sum(map(len, lines.texts)))


def _share(part: float, whole: float) -> float:
    return min(float(part) / float(whole), 1.0) if whole else 0.0
