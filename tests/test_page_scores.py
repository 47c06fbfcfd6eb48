"""`PageScores`, against numbers computed by hand."""

from __future__ import annotations

import dataclasses

import pytest

import dechaff
from dechaff.judge import judge
from dechaff.labels import Label
from dechaff.lazy import Lazy
from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Lines
from dechaff.result import PageScores
from dechaff.scores import all_scores, clarity, is_prose, page_scores, prose_share
from dechaff.thresholds import JUDGED, Threshold
from tests.pages import AD, NAVIGATION, TEXT, article
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


# Quality


def test_quality_is_clear_running_text_without_promotion() -> None:
    texts = [
        "The council met on Monday to pass the budget.",  # prose
        "Harbour",  # kept, but no prose
        "Buy now and save, today only!",
        "<a href=/>The harbour bridge is open again.</a>",  # a link
    ]
    lines = lines_of_html("".join(f"<p>{text}</p>" for text in texts))
    judged = judge(lines, odds_of([{}, {"metadata": 0.25}, {"ad": 1.0}, {}]), CONTENT, THRESHOLDS)
    flags = flags_of(judged, CONTENT, THRESHOLDS, no_reasons)
    assert judged.kept.tolist() == [True, True, False, True]
    sure, doubted, ad, link = map(len, lines.texts)
    kept, stays = sure + doubted + link, sure + 0.75 * doubted + link
    assert clarity(judged) == pytest.approx(2 * stays / (kept + stays))
    assert prose_share(judged) == pytest.approx(sure / kept)
    scores = all_scores(judged, flags, Lazy(lambda: flags), "", "text")
    undisturbed = 1 - ad / (kept + ad)
    assert scores.promotional_share == pytest.approx(1 - undisturbed)
    assert scores.content_quality == pytest.approx(clarity(judged) * prose_share(judged) * undisturbed)


@pytest.mark.parametrize(
    "text", ["市议会星期一晚上投票决定花费四百万欧元修复旧港口大桥。", "“Why did nobody ask us?” (Nobody did!)"]
)
def test_sentences_of_any_script_are_prose(text: str) -> None:
    assert is_prose(text)


def test_quality_tells_articles_from_what_is_none() -> None:
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in NAVIGATION)
    heads = ("Ten ways to fold a map", "Why the council changed its mind on parking", "A recipe for rye bread")
    links = "".join(f"<li><a href='/{i}'>{head}</a></li>" for i, head in enumerate(heads * 4))
    best = dechaff.score(article()).content_quality
    with_ad = dechaff.score(article(ad=AD)).content_quality
    assert best > with_ad > 0.8
    assert dechaff.score(TEXT).content_quality > 0.8
    for page in ("", f"<nav><ul>{menu}</ul></nav>", f"<h1>Links</h1><ul>{links}</ul>"):
        assert dechaff.score(page).content_quality < 0.05


def test_as_plain_data() -> None:
    assert PageScores(content_share=1 / 3).to_dict()["content_share"] == 0.3333
