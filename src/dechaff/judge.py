"""Probabilities → what each line is, whether it is kept, and flags on what a reader should not meet.

A line goes where the probability that it is none of the kept labels reaches the `remove` threshold of what it then
most likely is. On a page where little is clearly main text the threshold for staying is lower: keeping a line that
is main text with probability p raises the expected F1 of the kept text where p exceeds half of the best F1 that can
be expected (Lipton, Elkan and Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1 measure").

Lists in documents without marks stay (`dechaff.listed`).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray

from dechaff.labels import FLAGGED, Label
from dechaff.lines.table import Lines
from dechaff.listed import lists_inside
from dechaff.model.weights import CLASSES
from dechaff.result import Kind, Reason
from dechaff.thresholds import Threshold, Thresholds

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LABELS = tuple(Label)
_CONTENT, _FOREIGN = LABELS.index(Label.CONTENT), LABELS.index(Label.OFF_TOPIC)
_FLAGGED = np.asarray([label in FLAGGED for label in LABELS])

#: Dropped lines between two kept ones that still stand inside the main text: an advert, a box of related stories.
#: A longer run is another part of the page.
MAX_GAP = 25

#: Kept lines of so many characters begin and end the main text; a short stray one does not.
MIN_BODY_CHARS = 25

#: A line of a page less likely than this to stay goes even where there is nothing else, unless its threshold is 1.
MIN_STAYS = 0.002

#: A page on which no line is likelier than this to stay (a block, an error, a wall) has no main text: all of it goes.
#: On sites that were left out, choosing lines of such a page never gave a word F1 above 0.11.
MIN_BEST = 0.1

#: A line of so few words and characters that is no link and stands before main text reads like a sub-heading, and its
#: words say little: it takes at least this score to flag or remove it as promotional or leading away. Set by
#: hand: the lower, the more adverts of a few words go, and the more sub-headings. (From 0.9 to 0.6 it is 2.5 in 100
#: injected headlines, and 0.3 of 1,000 lines of held-out articles; with an earlier model, from 0.75 down a test page
#: lost a sub-heading.)
SHORT_WORDS = 4
SHORT_CHARS = 40
SHORT_SCORE = 0.85

#: A longer one of that kind takes at least this score to go, or to be flagged where it stays: less is no more than
#: doubt.
HEADING_WORDS = 8
HEADING_CHARS = 60
HEADING_SCORE = 0.5

#: In a document of fewer lines nothing is told by place, and training has seen no plain document as short: a line takes
#: at least this score to go as promotional or leading away, or to be flagged as such, and none is off topic. Set by
#: hand, after seeing that of 248 first paragraphs of articles, each alone, four in ten were flagged as off topic.
FEW_LINES = 3
FEW_SCORE = 0.85

#: Powers of the best expected F1 by which the threshold for staying is lowered: on unclear pages the model is surer
#: than it should be (of 1 to 4, 1.5 was best on held-out articles, 2 on all pages). What leads away is told by its
#: neighbours, so where they are unclear it is more so (with 2 more in-body promotion goes, with 3 less content).
POWER, AWAY_POWER = 1.5, 2.5

#: A headline this likely is the page's title.
MIN_TITLE = 0.5

#: Decimal places of probabilities: further ones would be noise of the last bits.
DECIMALS = 5

_TITLE = CLASSES.index("title")
#: The label that users see each class of the network as.
_SEEN_AS = np.zeros((len(CLASSES), len(LABELS)))
for _i, _name in enumerate(CLASSES):
    _SEEN_AS[_i, LABELS.index(Label.METADATA if _name == "title" else Label(_name))] = 1


@dataclass(slots=True)
class Judged:
    """What was decided about the N lines of a document, as columns.

    `size` (N): characters; `odds` (N, len(LABELS)): probabilities; `labels` (N): numbers of labels; `kept`, `inside`,
    `headings` (N): whether a line stays, stands inside the main text, and is like a sub-heading. `settled` says why of
    lines that were not decided by the model.
    """

    lines: Lines
    size: NDArray[np.int64]
    odds: Floats
    labels: NDArray[np.int64]
    kept: Flags
    inside: Flags
    headings: Flags
    settled: dict[int, Reason] = field(default_factory=dict)

    def settle(self, line: int, label: Label, *, kept: bool) -> None:
        """Decide about a line for good, as one inside the main text."""
        self.kept[line], self.inside[line] = kept, True
        self.labels[line] = LABELS.index(label)
        self.odds[line] = 0
        self.odds[line, LABELS.index(label)] = 1

    def drop(self, line: int, label: Label, score: float) -> None:
        """Leave out a line for a label that the model does not give, with this probability."""
        number = LABELS.index(label)
        self.kept[line] = False
        self.labels[line] = number
        self.odds[line] *= 1 - score
        self.odds[line, number] = score


@dataclass(frozen=True, slots=True, eq=False)
class _Options:
    """What labels and thresholds say, by number of label; the same for all documents of a form.

    `keeps`: the label is kept. `stays`: or never removed, which counts for staying. `remove`: from which score on it
    goes, `flag`: from which on it is flagged. `spared`: the caller wants lines that are most likely this, though they
    are not the main text. `away` are those of lines that are promotional or lead away, `flagged` these and off-topic
    ones.
    """

    keeps: Flags
    stays: Flags
    spared: Flags
    remove: Floats
    flag: Floats
    away: list[int]
    flagged: list[int]


def _options(keep: Set[Label], thresholds: Thresholds) -> _Options:
    return _options_of(frozenset(keep), tuple(thresholds.items()))


@lru_cache(maxsize=64)
def _options_of(keep: frozenset[Label], pairs: tuple[tuple[Label, Threshold], ...]) -> _Options:
    thresholds = dict(pairs)
    keeps = np.asarray([label in keep for label in LABELS])
    never = np.asarray([label in thresholds and thresholds[label].remove is None for label in LABELS])
    remove = np.asarray([1.0 if n else thresholds[la].remove if la in thresholds else 0.5
                         for la, n in zip(LABELS, never, strict=True)], np.float64)  # fmt: skip
    flag = np.asarray([thresholds[label].flag if label in thresholds else np.inf for label in LABELS])
    away = [i for i, label in enumerate(LABELS) if label in FLAGGED - keep and label is not Label.OFF_TOPIC]
    flagged = [*away, *([] if Label.OFF_TOPIC in keep else [_FOREIGN])]
    spared = keeps | never
    spared[_CONTENT] = False
    spared[_FOREIGN] = keeps[_FOREIGN]  # that it is never removed is the default, and says nothing of what to keep
    return _Options(keeps, keeps | never, spared, remove, flag, away, flagged)


def judge(lines: Lines, probabilities: NDArray[np.float32], keep: Set[Label], thresholds: Thresholds) -> Judged:
    """Decide about every line. `probabilities` has a row a line and a column a class of the model."""
    odds = probabilities.astype(np.float64) @ _SEEN_AS
    np.round(odds, DECIMALS, out=odds)
    options = _options(keep, thresholds)
    stays = odds[:, options.stays].sum(axis=1)
    if len(lines) == 1:
        stays = np.maximum(stays, 10.0**-DECIMALS)  # it is all there is: not rounded to nothing
    size = np.fromiter(map(len, lines.texts), np.int64, len(lines))
    clarity = best_expected_f1(stays, size)
    gone = _likeliest(odds, ~options.stays)
    headings = _like_subheadings(lines, size <= SHORT_CHARS, stays >= 0.5, SHORT_WORDS)
    away, remove = _FLAGGED[gone], options.remove[gone]
    longer = _like_subheadings(lines, size <= HEADING_CHARS, stays >= 0.5, HEADING_WORDS)
    remove = np.where(longer & away, np.maximum(remove, HEADING_SCORE), remove)
    remove = np.where(headings & away, np.maximum(remove, SHORT_SCORE), remove)
    if len(lines) < FEW_LINES:
        remove = np.where(away, np.maximum(remove, FEW_SCORE), remove)
    lowered = np.where(away, clarity**AWAY_POWER, clarity**POWER)
    floor = floor_of(stays, lines.kind)
    kept = stays > np.maximum((1 - remove) * lowered, np.where(remove < 1, floor, 0))
    if options.spared.any():
        kept |= options.spared[odds.argmax(axis=1)]
    kept &= size > 0
    if Label.CONTENT in keep and lines.form != "html":
        score = odds[:, options.away].sum(axis=1)
        leads = np.isin(gone, options.away) & (size > 0) & (~kept | (score >= options.flag[gone]))
        kept |= lists_inside(kept & ~leads & (size >= MIN_BODY_CHARS), leads)
    labels = np.where(kept, _likeliest(odds, options.keeps | _FLAGGED), gone)
    inside = in_body((kept & (size >= MIN_BODY_CHARS)).tolist())
    return Judged(lines, size, odds, labels, kept, np.asarray(inside, bool), headings)


def _likeliest(odds: Floats, among: Flags) -> NDArray[np.int64]:
    """The label of each line that is likeliest `among` these; the first one if there are none."""
    columns = among.nonzero()[0]
    if not len(columns):
        return np.zeros(len(odds), np.int64)
    found: NDArray[np.int64] = columns.take(odds.take(columns, axis=1).argmax(axis=1))
    return found


def _like_subheadings(lines: Lines, like: Flags, stays: Flags, words: int) -> Flags:
    """Which lines of `like` have no more words than this, are no links, and stand right before a line that `stays`.

    `like` is changed.
    """
    like[:-1] &= stays[1:]
    like[-1:] = False
    for i in like.nonzero()[0].tolist():
        text = lines.texts[i]
        if text.count(" ") >= words or 2 * lines.link_chars[i] >= len(text):
            like[i] = False
    return like


def floor_of(stays: Floats, kind: Kind) -> float:
    """Lines of a document that stay with this probability at most go, unless their threshold is 1.

    >>> floor_of(np.asarray([0.9, 0.01]), "html"), floor_of(np.asarray([0.02, 0.01]), "html")
    (0.002, 1.0)
    """
    if kind != "html" or len(stays) <= 1:
        return 0.0
    return MIN_STAYS if stays.max() >= MIN_BEST else 1.0


def best_expected_f1(stays: Floats, sizes: NDArray[np.int64]) -> float:
    """The best F1 over characters that can be expected of any choice of lines, if line i stays with `stays[i]`.

    >>> best_expected_f1(np.asarray([1.0, 1.0, 0.0]), np.asarray([10, 20, 30]))
    1.0
    """
    order = (-stays).argsort(kind="stable")
    size = sizes[order].astype(np.float64)
    hoped = stays[order] * size
    total = hoped.sum()
    reached, read = np.add.accumulate(hoped), np.add.accumulate(size)
    return float((2 * reached / np.maximum(read + total, 1)).max(initial=0.0))


def in_body(anchors: list[bool]) -> list[bool]:
    """Which lines stand inside the main text: anchors, and what stands between two that `MAX_GAP` lines part at most.

    >>> in_body([False, True, False, True, False])
    [False, True, True, True, False]
    """
    inside = list(anchors)
    for last, at in pairwise(compress(range(len(anchors)), anchors)):
        if 1 < at - last <= MAX_GAP + 1:
            inside[last + 1 : at] = [True] * (at - last - 1)
    return inside


@dataclass(slots=True)
class Chosen:
    """The lines of a document that are flagged, in page order, as columns: their numbers, and what a flag says."""

    lines: list[int]
    labels: NDArray[np.int64]
    scores: Floats
    removed: Flags


def chosen_of(judged: Judged, keep: Set[Label], thresholds: Thresholds) -> Chosen:
    """Lines inside the main text that are flagged: removed for a flagged label, or kept with a score from `flag` on,
    or settled as lines that go, whatever their label.

    The score is the probability that the line is promotional or leads away (ad, self_promotion or teaser); of an
    `off_topic` line, that it is on another subject.
    """
    options, odds = _options(keep, thresholds), judged.odds
    away, candidates = options.away, options.flagged
    gone = np.zeros(len(judged.kept), np.bool_)
    gone[[*judged.settled]] = True
    gone &= ~judged.kept
    if not candidates:
        at = gone.nonzero()[0]
        return Chosen(at.tolist(), judged.labels[at], np.ones(len(at)), np.ones(len(at), np.bool_))
    among = np.zeros(len(LABELS), np.bool_)
    among[candidates] = True
    removed = gone | (~judged.kept & among[judged.labels])
    label = _likeliest(odds, among)
    score = np.where(label == _FOREIGN, odds[:, _FOREIGN], odds[:, away].sum(axis=1))
    label, score = np.where(gone, judged.labels, label), np.where(gone, 1.0, score)
    reached = judged.kept & (score >= options.flag[label]) & (score > 0)
    reached &= ~(judged.headings & (score < SHORT_SCORE))
    if len(judged.lines) < FEW_LINES:
        reached &= (score >= FEW_SCORE) & (label != _FOREIGN)
    doubtful = reached & (score < HEADING_SCORE) & (judged.size <= HEADING_CHARS)
    reached &= ~_like_subheadings(judged.lines, doubtful, judged.kept, HEADING_WORDS)
    at = (judged.inside & (removed | reached)).nonzero()[0]
    return Chosen(at.tolist(), label[at], score[at], removed[at])


def title_of(lines: Lines, probabilities: NDArray[np.float32]) -> str:
    """What a page's `<title>` says; where it says nothing, its headline if one is clear. Empty for plain text."""
    if lines.kind == "html" and len(lines) and not lines.title:
        best = int(np.argmax(probabilities[:, _TITLE]))
        if probabilities[best, _TITLE] >= MIN_TITLE:
            return " ".join(lines.texts[best].split())
    return lines.title
