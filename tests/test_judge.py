"""What is decided about lines, given their probabilities: no model is needed to say that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from dechaff import flagging
from dechaff.flagging import Explain
from dechaff.judge import (
    MAX_GAP,
    MIN_BODY_CHARS,
    Judged,
    best_expected_f1,
    chosen_of,
    in_body,
    judge,
    title_of,
)
from dechaff.labels import FLAGGED, Label
from dechaff.lazy import Lazy
from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Joint, Lines
from dechaff.lines.text import lines_of_text
from dechaff.model.weights import CLASSES
from dechaff.records import rows_of as lines_as_records
from dechaff.result import Flag, Line, Reason
from dechaff.thresholds import JUDGED, Threshold, Thresholds
from tests.timing import assert_within

CONTENT = frozenset({Label.CONTENT})
LONG = "A sentence that is long enough to begin the main text."
HALF: Thresholds = dict.fromkeys(JUDGED, Threshold(0.3, 0.5))


def odds_of(rows: Sequence[Mapping[str, float]]) -> np.ndarray:
    """A row of probabilities a line; what is not given goes to content."""
    odds = np.zeros((len(rows), len(CLASSES)), np.float32)
    for i, row in enumerate(rows):
        for name, p in row.items():
            odds[i, CLASSES.index(name)] = p
        odds[i, CLASSES.index("content")] += 1 - odds[i].sum()
    return odds


def judged(
    rows: Sequence[Mapping[str, float]],
    *,
    keep: frozenset[Label] = CONTENT,
    thresholds: Thresholds = HALF,
    texts: Sequence[str] | None = None,
) -> Judged:
    lines = lines_of_text("\n\n".join(texts or [f"{LONG} Number {i}." for i in range(len(rows))]))
    return judge(lines, odds_of(rows), keep, thresholds)


def records(found: Judged) -> tuple[Line, ...]:
    return lines_as_records(found, Lazy(lambda: [()] * len(found.lines)))


def no_reasons(line: int, label: Label) -> tuple[Reason, ...]:
    return ()


def flags_of(found: Judged, keep: Set[Label], thresholds: Thresholds, explain: Explain) -> tuple[Flag, ...]:
    return flagging.flags_of(found.lines, chosen_of(found, keep, thresholds), explain)


CLEAR: list[dict[str, float]] = [{}] * 5


def test_a_line_goes_where_its_score_reaches_the_threshold() -> None:
    strict, lenient = {**HALF, Label.AD: Threshold(0, 0.3)}, {**HALF, Label.AD: Threshold(0, 0.7)}
    rows: list[dict[str, float]] = [*CLEAR, {"ad": 0.55}, *CLEAR]
    assert not judged(rows).kept[5]
    assert judged(rows, thresholds=lenient).kept[5]
    rows[5] = {"ad": 0.4}
    assert judged(rows).kept[5]
    assert not judged(rows, thresholds=strict).kept[5]
    assert judged(rows).kept[:5].all()


def test_promotion_of_all_kinds_counts_together() -> None:
    rows: list[dict[str, float]] = [*CLEAR, {"ad": 0.3, "self_promotion": 0.3, "teaser": 0.2}, *CLEAR]
    found = judged(rows)
    assert not found.kept[5]
    (flag,) = flags_of(found, CONTENT, HALF, no_reasons)
    assert flag.removed
    assert flag.score == pytest.approx(0.8)


def test_a_label_that_is_never_removed() -> None:
    never = {**HALF, Label.OFF_TOPIC: Threshold(0.5, None)}
    found = judged([*CLEAR, {"off_topic": 0.99}, *CLEAR], thresholds=never)
    assert found.kept.all()
    (flag,) = flags_of(found, CONTENT, never, no_reasons)
    assert (flag.label, flag.removed, flag.line) == (Label.OFF_TOPIC, False, 5)
    assert not judged([*CLEAR, {"off_topic": 0.99}, *CLEAR]).kept[5]


def test_what_is_kept_by_option() -> None:
    rows: list[dict[str, float]] = [*CLEAR, {"caption": 0.9}, {"metadata": 0.9}, *CLEAR]
    assert judged(rows).kept.tolist() == [True] * 5 + [False] * 2 + [True] * 5
    found = judged(rows, keep=frozenset({Label.CONTENT, Label.CAPTION}))
    assert found.kept.tolist() == [True] * 6 + [False] + [True] * 5
    assert records(found)[5].label is Label.CAPTION


@pytest.mark.parametrize(
    ("keep", "thresholds"),
    [
        (frozenset({Label.CONTENT, Label.AD}), HALF),
        (CONTENT, {**HALF, Label.AD: Threshold(0.3, None)}),
    ],
)
def test_what_is_most_likely_wanted_stays(keep: frozenset[Label], thresholds: Thresholds) -> None:
    rows: list[dict[str, float]] = [*CLEAR, {"ad": 0.4, "self_promotion": 0.3, "teaser": 0.28}, *CLEAR]
    sure = {**thresholds, Label.SELF_PROMOTION: Threshold(0.1, 0.2)}
    assert judged(rows, keep=keep, thresholds=sure).kept.all()
    assert not judged(rows, thresholds={**sure, Label.AD: Threshold(0.1, 0.2)}).kept[5]


def test_a_headline_is_metadata_to_users() -> None:
    found = judged([{"title": 0.9}, *CLEAR])
    line = records(found)[0]
    assert line.label is Label.METADATA
    assert line.probabilities[Label.METADATA] == pytest.approx(0.9)
    assert set(line.probabilities) == set(Label)


def test_lines_become_records() -> None:
    lines = lines_of_html(f"<div id=main class='a b'><p>{LONG}<br><a href=x>a link</a> more<p class=c>{LONG}</div>")
    rows = records(judge(lines, odds_of([{}] * 3), CONTENT, HALF))
    assert [row.index for row in rows] == [0, 1, 2]
    assert [row.text for row in rows] == [LONG, "a link more", LONG]
    assert [row.path for row in rows] == [lines.containers.path(leaf) for leaf in lines.leaves]
    assert rows[2].path == "html > body > div#main.a > p.c"
    assert [row.glue for row in rows] == ["paragraph", "line", "paragraph"]
    assert [row.link_share for row in rows] == [0, 6 / 11, 0]


def test_many_lines_in_a_deep_nest_become_records_in_time() -> None:
    lines = lines_of_html("<div>" * 450 + f"<section><p>{LONG}</p></section>" * 5_000)
    found = judge(lines, odds_of([{}] * len(lines)), CONTENT, HALF)
    assert_within(0.6, lambda: records(found))
    assert records(found)[-1].path == lines.containers.path(lines.leaves[-1])


# The main text and flags in it


def test_what_stands_inside_the_main_text() -> None:
    gap = [False] * MAX_GAP
    assert in_body([]) == []
    assert in_body([False, False]) == [False, False]
    assert in_body([False, True, False, False, True, False]) == [False, True, True, True, True, False]
    assert in_body([True, *gap, True]) == [True] * (MAX_GAP + 2)
    assert in_body([True, *gap, False, True]) == [True, *gap, False, True]


def test_a_short_stray_line_does_not_begin_the_main_text() -> None:
    texts = ["x" * (MIN_BODY_CHARS - 1), "Buy now!", LONG, LONG]
    found = judged([{}, {"ad": 0.95}, {}, {}], texts=texts)
    assert found.kept.tolist() == [True, False, True, True]
    assert found.inside.tolist() == [False, False, True, True]
    assert flags_of(found, CONTENT, HALF, no_reasons) == ()


def test_flags_stand_inside_the_main_text_only() -> None:
    rows: list[dict[str, float]] = [{"ad": 0.9}, {}, {"ad": 0.9}, {"boilerplate": 0.9}, {}, {"teaser": 0.9}]
    found = judged(rows)
    assert [flag.line for flag in flags_of(found, CONTENT, HALF, no_reasons)] == [2]


def test_a_flag_says_what_and_where_and_why() -> None:
    found = judged([{}, {"ad": 0.6, "teaser": 0.3}, {}])
    asked = []

    def explain(line: int, label: Label) -> tuple[Reason, ...]:
        asked.append((line, label))
        return (Reason("word", 1.0, 0, 3),)

    (flag,) = flags_of(found, CONTENT, HALF, explain)
    assert asked == []
    assert flag.reasons == (Reason("word", 1.0, 0, 3),)
    assert asked == [(1, Label.AD)]
    assert found.lines.source[flag.start : flag.end] == flag.text == found.lines.texts[1]
    assert (flag.label, flag.line, flag.removed) == (Label.AD, 1, True)


def test_a_kept_line_is_flagged_from_its_threshold_on() -> None:
    rows: list[dict[str, float]] = [{}, {"ad": 0.35}, {"ad": 0.25}, {}]
    (flag,) = flags_of(judged(rows), CONTENT, HALF, no_reasons)
    assert (flag.line, flag.removed) == (1, False)
    lower = {**HALF, Label.AD: Threshold(0.2, 0.5)}
    assert [f.line for f in flags_of(judged(rows, thresholds=lower), CONTENT, lower, no_reasons)] == [1, 2]


def test_what_is_kept_by_option_is_not_flagged() -> None:
    keep = frozenset({Label.CONTENT, Label.AD})
    rows: list[dict[str, float]] = [{}, {"ad": 0.9}, {"teaser": 0.9}, {}]
    assert [flag.label for flag in flags_of(judged(rows, keep=keep), keep, HALF, no_reasons)] == [Label.TEASER]
    assert flags_of(judged(rows, keep=CONTENT | FLAGGED), CONTENT | FLAGGED, HALF, no_reasons) == ()


# Clarity


def test_the_best_f1_that_can_be_expected() -> None:
    size = np.asarray([10, 10, 10, 10])
    assert best_expected_f1(np.asarray([1.0, 1.0, 0.0, 0.0]), size) == 1
    # Taking all four: 2 * 20 expected of 40 taken and 20 expected.
    assert best_expected_f1(np.full(4, 0.5), size) == pytest.approx(2 * 20 / (40 + 20))
    assert best_expected_f1(np.zeros(4), size) == 0
    assert best_expected_f1(np.zeros(0), np.zeros(0, np.int64)) == 0


def test_on_an_unclear_page_the_likeliest_lines_stay() -> None:
    unclear: list[dict[str, float]] = [{"boilerplate": 0.55}] * 4 + [{"boilerplate": 0.9}] * 4
    assert judged(unclear).kept.tolist() == [True] * 4 + [False] * 4
    clear = [*([{}] * 8), {"boilerplate": 0.55}]
    assert not judged(clear).kept[8]


# The title


def test_a_page_without_one_likely_line_has_no_main_text() -> None:
    lines = lines_of_html("".join(f"<p>{LONG} Number {i}.</p>" for i in range(3)))
    rows = [{"boilerplate": 1 - p} for p in (0.3, 0.1, 0.1)]
    assert judge(lines, odds_of(rows), CONTENT, HALF).kept.tolist() == [True, False, False]
    unlikely = [{"boilerplate": 1 - p} for p in (0.09, 0.05, 0.05)]
    assert not judge(lines, odds_of(unlikely), CONTENT, HALF).kept.any()
    assert judged(unlikely).kept.any()  # plain text mostly is main text already


def test_the_title_is_that_of_the_head_or_a_clear_headline() -> None:
    lines = Lines("html", title="From the head")
    for text in ("one", "  The\n headline ", "three"):
        lines.texts.append(text)
    clear, unclear = odds_of([{}, {"title": 0.8}, {"title": 0.1}]), odds_of([{}, {"title": 0.4}, {}])
    assert title_of(lines, clear) == "From the head"
    lines.title = ""
    assert title_of(lines, clear) == "The headline"
    assert title_of(lines, unclear) == ""
    assert title_of(Lines("html", title="Alone"), odds_of([])) == "Alone"


def test_a_short_line_before_main_text_needs_a_high_score_to_go() -> None:
    for text, score, stays in (("The road ahead", 0.6, True), ("The road ahead", 0.95, False), ("x" * 50, 0.75, False)):
        lines = Lines("html")
        for line in ("A paragraph of main text.", text, "Another paragraph of main text."):
            lines.add(line, Joint.PARAGRAPH, 0, 0, 0)
        lines.join()
        pairs = {label: Threshold(0.3, 0.4) for label in JUDGED}
        judged = judge(
            lines, odds_of([{"content": 1}, {"ad": score}, {"content": 1}]), frozenset({Label.CONTENT}), pairs
        )
        assert judged.kept.tolist() == [True, stays, True]


# Any probabilities

_ODDS = npst.arrays(
    np.float32, st.tuples(st.integers(1, 40), st.just(len(CLASSES))), elements=st.floats(0, 1, width=32)
)
_PAIR = st.tuples(st.floats(0, 1), st.one_of(st.none(), st.floats(0, 1)))
_THRESHOLDS = st.fixed_dictionaries({label: _PAIR.map(lambda pair: Threshold(*pair)) for label in JUDGED})


#: An advert between lines of main text, of which those of 25 characters and more count as such.
AMONG_CONTENT = odds_of([{}, {}, {}, {"ad": 0.9}, {}])


def rows_of(odds: np.ndarray) -> np.ndarray:
    odds = odds + np.float32(1e-6)
    return odds / odds.sum(axis=1, keepdims=True)


def lines_for(odds: np.ndarray) -> Lines:
    return lines_of_text("\n\n".join("x" * (5 + 13 * i % 60) for i in range(len(odds))))


@example(AMONG_CONTENT, HALF, CONTENT)  # a line that is removed and flagged
@example(AMONG_CONTENT, dict.fromkeys(JUDGED, Threshold(0.3, None)), CONTENT)  # and one that stays and is
@settings(max_examples=200, deadline=None)
@given(_ODDS, _THRESHOLDS, st.frozensets(st.sampled_from(list(Label))))
def test_every_decision_is_one_that_can_be_read(
    odds: np.ndarray, thresholds: Thresholds, keep: frozenset[Label]
) -> None:
    rows = rows_of(odds)
    found = judge(lines_for(rows), rows, keep, thresholds)
    for row in records(found):
        assert row.kept or row.label not in keep  # what a user keeps is not what a dropped line is
        assert not row.kept or row.label in keep | FLAGGED
        assert sum(row.probabilities.values()) == pytest.approx(1, abs=1e-3)
    flags = flags_of(found, keep, thresholds, no_reasons)
    assert flags or odds is not AMONG_CONTENT
    for flag in flags:
        assert flag.label in FLAGGED - keep
        assert 0 <= flag.score <= 1
        assert flag.removed == (not found.kept[flag.line])
        assert found.inside[flag.line]


@settings(max_examples=200, deadline=None)
@given(_ODDS, st.data())
def test_lower_thresholds_never_keep_more(odds: np.ndarray, data: st.DataObject) -> None:
    odds = rows_of(odds)
    numbers = {label: sorted(data.draw(st.tuples(st.floats(0, 1), st.floats(0, 1)))) for label in JUDGED}
    strict, lenient = (
        judge(lines_for(odds), odds, CONTENT, {label: Threshold(0, pair[i]) for label, pair in numbers.items()})
        for i in range(2)
    )
    assert not (strict.kept & ~lenient.kept).any()


def test_doubt_about_a_line_like_a_subheading_is_no_flag() -> None:
    heading = "Broader lessons for the councils of the valley"
    doubt = [{}, {"ad": 0.4}, {}]
    assert flags_of(judged(doubt, texts=[LONG, heading, LONG]), CONTENT, HALF, no_reasons) == ()
    (flag,) = flags_of(judged(doubt, texts=[LONG, heading + ", " + LONG, LONG]), CONTENT, HALF, no_reasons)
    assert flag.line == 1


@pytest.mark.parametrize(("score", "stays"), [(0.4, True), (0.8, False)])
def test_a_line_like_a_longer_subheading_takes_half_to_go(score: float, stays: bool) -> None:
    heading = "Broader lessons for the councils of the valley"
    low: Thresholds = dict.fromkeys(JUDGED, Threshold(0.05, 0.05))
    rows = [{}, {"ad": score}, {}]
    assert judged(rows, texts=[LONG, heading, LONG], thresholds=low).kept.tolist() == [True, stays, True]
    assert judged(rows, texts=[LONG, f"{heading}, {LONG}", LONG], thresholds=low).kept.tolist() == [True, False, True]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_in_a_document_of_a_line_or_two_nothing_is_off_topic(count: int) -> None:
    rows: list[dict[str, float]] = [{"off_topic": 0.6}] + [{}] * (count - 1)
    never = {**HALF, Label.OFF_TOPIC: Threshold(0.5, None)}
    assert len(flags_of(judged(rows, thresholds=never), CONTENT, never, no_reasons)) == (count > 2)


@pytest.mark.parametrize(("score", "stays"), [(0.7, True), (0.9, False)])
def test_in_a_document_of_two_lines_an_advert_takes_a_high_score(score: float, stays: bool) -> None:
    found = judged([{"ad": score}, {}])
    assert found.kept.tolist() == [stays, True]
    assert not flags_of(found, CONTENT, HALF, no_reasons)  # it stays unflagged, or stood before the main text
    assert not judged([{"ad": score}, {}, {}]).kept[0]


def test_a_line_that_is_all_there_is_stays() -> None:
    assert judged([{"ad": 1.0}]).kept.all()
