"""Lists of lines that lead away: they stay where nothing tells whose they are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dechaff.judge import chosen_of, judge
from dechaff.labels import Label
from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Lines
from dechaff.lines.text import lines_of_text
from dechaff.listed import MIN_LINES, lists_inside
from dechaff.model.weights import CLASSES
from dechaff.thresholds import JUDGED, Threshold

KEEP = frozenset({Label.CONTENT})
THRESHOLDS = dict.fromkeys(JUDGED, Threshold(0.3, 0.5))
PARAGRAPH = "A paragraph that is long enough to be an anchor of the main text."


def kept_and_flagged(lines: Lines, teasers: range) -> tuple[list[bool], list[int]]:
    """Which lines are kept and which flagged if these are teasers and the others content, beyond doubt."""
    odds = np.zeros((len(lines), len(CLASSES)), np.float32)
    odds[:, CLASSES.index("content")] = 1
    odds[teasers.start : teasers.stop] = np.eye(len(CLASSES))[CLASSES.index("teaser")]
    judged = judge(lines, odds, KEEP, THRESHOLDS)
    return judged.kept.tolist(), chosen_of(judged, KEEP, THRESHOLDS).lines


def documents(before: int, listed: int, after: int) -> tuple[Lines, Lines, Lines]:
    """Paragraphs, a list and paragraphs again, as text, as bare HTML, and as HTML with a class."""
    texts = [PARAGRAPH] * before + [f"Another story {i}" for i in range(listed)] + [PARAGRAPH] * after
    page = "".join(f"<p>{text}" for text in texts)
    return lines_of_text("\n\n".join(texts)), lines_of_html(page), lines_of_html(f"<div class=a>{page}</div>")


def test_a_list_inside_a_document_without_marks_stays_and_is_flagged() -> None:
    text, bare, marked = documents(2, MIN_LINES, 2)
    teasers = range(2, 2 + MIN_LINES)
    assert kept_and_flagged(text, teasers) == kept_and_flagged(bare, teasers) == ([True] * len(text), [*teasers])
    assert kept_and_flagged(marked, teasers) == ([i not in teasers for i in range(len(text))], [*teasers])


def test_fewer_lines_are_no_list() -> None:
    text, bare, _ = documents(2, MIN_LINES - 1, 2)
    teasers = range(2, 1 + MIN_LINES)
    expected = [i not in teasers for i in range(len(text))]
    assert kept_and_flagged(text, teasers)[0] == kept_and_flagged(bare, teasers)[0] == expected


def test_a_list_at_the_end_of_a_document_goes() -> None:
    text, bare, _ = documents(2, MIN_LINES, 0)
    teasers = range(2, 2 + MIN_LINES)
    expected = [i not in teasers for i in range(len(text))]
    assert kept_and_flagged(text, teasers)[0] == kept_and_flagged(bare, teasers)[0] == expected


def test_a_line_in_doubt_is_one_of_the_list() -> None:
    """The last line is kept as like a sub-heading: without it the others would be too few."""
    text, _, _ = documents(2, MIN_LINES, 2)
    odds = np.zeros((len(text), len(CLASSES)), np.float32)
    odds[:, CLASSES.index("content")] = 1
    odds[2 : 2 + MIN_LINES] = 0.6 * np.eye(len(CLASSES))[CLASSES.index("teaser")]
    odds[2 : 2 + MIN_LINES, CLASSES.index("boilerplate")] = 0.2
    odds[2 : 2 + MIN_LINES, CLASSES.index("content")] = 0.2
    assert judge(text, odds, KEEP, THRESHOLDS).kept.all()
    alone = np.delete(odds, 2, axis=0)
    fewer, _, _ = documents(2, MIN_LINES - 1, 2)
    assert judge(fewer, alone, KEEP, THRESHOLDS).kept.tolist() == [True, True, False, False, True, True, True]


@given(st.lists(st.sampled_from("anchor away other".split())))
def test_only_lines_that_lead_away_are_in_a_list(kinds: list[str]) -> None:
    anchors, away = (np.asarray([kind == name for kind in kinds], np.bool_) for name in ("anchor", "away"))
    found = lists_inside(anchors, away)
    assert not (found & ~away).any()
    assert not found.any() or anchors.sum() >= 2
