"""`PageScores`, against numbers computed by hand."""

from __future__ import annotations

import dataclasses

import pytest

from dechaff.judge import judge
from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Lines
from dechaff.result import Label, PageScores
from dechaff.scores import page_scores
from dechaff.thresholds import JUDGED, Threshold
from tests.test_judge import CONTENT, flags_of, no_reasons, odds_of

THRESHOLDS = dict.fromkeys(JUDGED, Threshold(0.3, 0.5))

#: What each line is, and how many characters it has.
LINES = [
    ("boilerplate", 10), ("content", 100), ("ad", 20), ("content", 100), ("teaser", 30), ("boilerplate", 15),
    ("off_topic", 50), ("content", 100), ("ad", 40), ("self_promotion", 35),
]  # fmt: skip


def scores(described: list[tuple[str, int]], keep: frozenset[Label] = CONTENT) -> PageScores:
    lines = lines_of_html("".join(f"<p>{'x' * size}</p>" for _, size in described))
    odds = odds_of([{} if name == "content" else {name: 1.0} for name, _ in described])
    judged = judge(lines, odds, keep, THRESHOLDS)
    return page_scores(judged, flags_of(judged, keep, THRESHOLDS, no_reasons))


def test_shares_of_a_page() -> None:
    found = scores(LINES)
    # A reader meets what stands between the first and the last line of content, without furniture.
    met = 100 + 20 + 100 + 30 + 50 + 100
    assert found.content_share == pytest.approx(300 / 500)
    assert found.boilerplate_share == pytest.approx(25 / 500)
    assert found.promotional_share == pytest.approx(20 / met)
    assert found.off_topic_share == pytest.approx(80 / met)
    assert found.ad_density == pytest.approx(3 / 6)
    assert found.link_share == 0


def test_promotion_that_is_kept_counts_too() -> None:
    never = {**THRESHOLDS, Label.AD: Threshold(0.3, None)}
    lines = lines_of_html("".join(f"<p>{'x' * size}</p>" for size in (100, 20, 100)))
    judged = judge(lines, odds_of([{}, {"ad": 0.95}, {}]), CONTENT, never)
    assert judged.kept.all()
    found = page_scores(judged, flags_of(judged, CONTENT, never, no_reasons))
    assert found.promotional_share == pytest.approx(20 / 220)
    assert found.ad_density == pytest.approx(1 / 3)


def test_links() -> None:
    lines = lines_of_html(f"<p>{'x' * 30}<a href=y>{'y' * 10}</a>")
    judged = judge(lines, odds_of([{}]), CONTENT, THRESHOLDS)
    assert page_scores(judged, ()).link_share == pytest.approx(10 / 40)


def test_a_page_of_one_kind() -> None:
    nothing = PageScores()
    assert scores([("content", 50)] * 3) == dataclasses.replace(nothing, content_share=1.0)
    assert scores([("boilerplate", 50)] * 3) == dataclasses.replace(nothing, boilerplate_share=1.0)
    assert scores([("ad", 50)] * 3) == nothing  # no main text in which a reader would meet them


def test_no_lines() -> None:
    judged = judge(Lines("html"), odds_of([]), CONTENT, THRESHOLDS)
    assert page_scores(judged, ()) == PageScores()


def test_as_plain_data() -> None:
    assert PageScores(content_share=1 / 3).to_dict()["content_share"] == 0.3333
