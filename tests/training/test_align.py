"""Which target a line gets from gold text and from hand labels."""

from __future__ import annotations

from dechaff.lines.html import lines_of_html
from training.align import align_gold, align_labels, targets_of_labels, title_lines
from training.labels import CONTENT, NOT_CONTENT, UNKNOWN, mask

PAGE = """<title>Ferry fares rise - Harbour News</title><nav><a href=/>Home</a> <a href=/x>Opinion</a></nav>
<h1>Ferry fares rise</h1><p>The harbour board will raise ferry fares by four per cent from the first of March.</p>
<h2>Why now</h2><p>Fuel cost more than planned last year, the board said, and two boats need new engines.</p>
<p>Subscribe to our newsletter for more stories like this one every single morning.</p><footer>Why now</footer>"""
GOLD = """The harbour board will raise ferry fares by four per cent from the first of March.
Why now
Fuel cost more than planned last year, the board said, and two boats need new engines."""


def test_gold_text_says_what_is_content() -> None:
    lines = lines_of_html(PAGE)
    targets = dict(zip(lines.texts[:-1], align_gold(lines, GOLD)[:-1], strict=True))
    assert [text for text, target in targets.items() if target == CONTENT] == GOLD.splitlines()
    assert targets["Home Opinion"] == NOT_CONTENT
    assert next(t for text, t in targets.items() if text.startswith("Subscribe")) == NOT_CONTENT


def test_a_short_line_counts_only_between_its_neighbours() -> None:
    lines = lines_of_html(PAGE)
    targets = align_gold(lines, GOLD)
    assert [target for text, target in zip(lines.texts, targets, strict=True) if text == "Why now"] == [
        CONTENT,
        NOT_CONTENT,
    ]


def test_hand_labels_come_before_gold_text() -> None:
    lines = lines_of_html(PAGE)
    labelled = [{"text": text, "label": "self_promotion" if "Subscribe" in text else "content"} for text in lines.texts]
    rows = align_labels(lines, labelled[:-1])
    targets = targets_of_labels(rows, align_gold(lines, GOLD), title_lines(lines))
    by_text = dict(zip(lines.texts[:-1], targets[:-1], strict=True))
    assert next(t for text, t in by_text.items() if "Subscribe" in text) == mask("self_promotion")
    assert by_text["Ferry fares rise"] == mask("title")
    assert by_text[GOLD.splitlines()[0]] == CONTENT


def test_lines_without_words_have_no_target() -> None:
    assert align_gold(lines_of_html("<p>***</p>"), GOLD) == [UNKNOWN]
