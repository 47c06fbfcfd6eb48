"""Which lines of a page stand in its gold text, and which hand label belongs to which line."""

from __future__ import annotations

import bisect
import re
from difflib import SequenceMatcher
from typing import Any

from dechaff.lines.table import Lines
from training.labels import CONTENT, NOT_CONTENT, UNKNOWN, mask

#: A row of hand-labelled data: a line with its text and label.
Row = dict[str, Any]

_WORD = re.compile(r"\w+")

#: A line of so many words that stands once in the gold is an anchor for its neighbours.
_ANCHOR_WORDS = 5
#: A line is content where this share of its word 4-grams stands in the gold, otherwise not where under the other.
_IN_SHARE, _OUT_SHARE = 0.8, 0.3


def norm(text: str) -> str:
    """The words of a text, lower-cased, one space between."""
    return " ".join(_WORD.findall(text.lower()))


def align_gold(lines: Lines, gold: str) -> list[int]:
    """A target per line: in the gold text, not in it, or unknown.

    Short lines ("Home", "Read more") stand in many texts by chance; they count only where they stand in the gold
    between the places of their neighbours.
    """
    text = f" {norm(gold)} "
    keys = [norm(line) for line in lines.texts]
    places: list[int | None] = []
    for key in keys:
        at = text.find(f" {key} ") if len(key.split()) >= _ANCHOR_WORDS else -1
        places.append(at if at >= 0 and text.find(f" {key} ", at + 1) < 0 else None)
    rising = _longest_rising([(i, at) for i, at in enumerate(places) if at is not None])
    shingles = _shingles(text.split())
    targets: list[int] = []
    anchors = [i for i, _ in rising]
    ends = dict(rising)
    for i, key in enumerate(keys):
        words = key.split()
        if not words:
            targets.append(UNKNOWN)
        elif i in ends:
            targets.append(CONTENT)
        elif len(words) >= _ANCHOR_WORDS:
            own = _shingles(words)
            share = len(own & shingles) / len(own)
            targets.append(CONTENT if share >= _IN_SHARE else NOT_CONTENT if share <= _OUT_SHARE else UNKNOWN)
        else:
            k = bisect.bisect(anchors, i)
            low = ends[anchors[k - 1]] + len(keys[anchors[k - 1]]) if k else 0
            high = ends[anchors[k]] + 1 if k < len(anchors) else len(text)
            if not anchors or high - low > 4000:
                low, high = (low, low + 400) if k else (max(0, high - 400), high)
            targets.append(CONTENT if text.find(f" {key} ", max(0, low), high + 1) >= 0 else NOT_CONTENT)
    return targets


def align_labels(lines: Lines, labelled: list[Row]) -> list[Row | None]:
    """The labelled line of each line, None where there is none."""
    ours, theirs = [norm(text) for text in lines.texts], [norm(str(row["text"])) for row in labelled]
    found: list[Row | None] = [None] * len(ours)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    reach = {}  # for every line of ours: the labelled lines between its matched neighbours
    last_a = last_b = 0
    for a, b, size in [*matcher.get_matching_blocks()]:
        for i in range(last_a, a):
            reach[i] = (max(0, last_b - 1), b + 1)
        for k in range(size):
            found[a + k] = labelled[b + k]
        last_a, last_b = a + size, b + size
    for i, (low, high) in reach.items():
        key = ours[i]
        if key:
            found[i] = next(
                (labelled[j] for j in range(low, min(high, len(theirs))) if f" {key} " in f" {theirs[j]} "), None
            )
    return found


def targets_of_labels(rows: list[Row | None], gold: list[int] | None, titles: list[bool]) -> list[int]:
    """Hand labels first, gold text where there is none."""
    targets = []
    for i, row in enumerate(rows):
        if row is None:
            targets.append(gold[i] if gold else UNKNOWN)
        elif row["label"] == "content" and titles[i] and (gold is None or gold[i] != CONTENT):
            targets.append(mask("title"))
        else:
            targets.append(mask(str(row["label"])))
    return targets


def title_lines(lines: Lines) -> list[bool]:
    """Which lines are the page's headline: in an `<h1>`, or the words of `<title>`."""
    title = set(norm(lines.title).split())
    tags = lines.containers.tags
    found = []
    for text, block in zip(lines.texts, lines.blocks, strict=True):
        words = set(norm(text).split())
        same = (
            len(words) >= 3
            and len(title) >= 3
            and len(words & title) >= 0.8 * len(words)
            and len(words & title) >= 0.5 * len(title)
        )
        found.append(tags[block] == "h1" or same)
    return found


def _shingles(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of anchors whose places rise (patience sorting)."""
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = [-1] * len(pairs)
    for k, (_, at) in enumerate(pairs):
        slot = bisect.bisect_left(tails, at)
        if slot == len(tails):
            tails.append(at)
            last.append(k)
        else:
            tails[slot], last[slot] = at, k
        before[k] = last[slot - 1] if slot else -1
    chain = []
    k = last[-1] if last else -1
    while k >= 0:
        chain.append(pairs[k])
        k = before[k]
    return chain[::-1]
