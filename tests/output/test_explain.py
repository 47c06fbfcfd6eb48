"""What a person reads in a terminal: everything kept, every flag, and no control character of the page."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

import dechaff
from dechaff.output.explain import to_terminal
from dechaff.output.visible import visible
from tests.pages import AD, PARAGRAPHS, TITLE, article

_SGR = re.compile("\x1b\\[[0-9;]+m")


def test_the_text_with_its_flags() -> None:
    result = dechaff.clean(article(ad=AD))
    shown = to_terminal(result, colour=False)
    assert shown.startswith(TITLE + "\n")
    for paragraph in PARAGRAPHS:
        assert f"\n\n{paragraph}\n" in shown
    (flag,) = result.flags
    before, _, after = shown.partition(f"\n| {AD}\n")
    assert before.endswith(f"[-] Advert {flag.score:.2f}, removed")
    assert re.match("(?:[|] tactics: .*\n)?[|] because of .*“", after)
    assert shown.endswith("lines kept; flags: 1 advert\n")
    assert "[…] " in shown


def test_colour_adds_nothing_but_colour() -> None:
    result = dechaff.clean(article(ad=AD))
    coloured = to_terminal(result, colour=True)
    assert _SGR.search(coloured)
    plain = _SGR.sub("", coloured).replace("│", "|")
    for line in (AD, *PARAGRAPHS):
        assert line in plain
    assert "\x1b" not in to_terminal(result, colour=False)


def test_what_stays_with_a_flag_is_marked() -> None:
    result = dechaff.Cleaner(thresholds=dict.fromkeys(("ad", "self_promotion", "teaser"), (0.0001, 1))).clean(
        article(ad=AD)
    )
    assert any(not flag.removed for flag in result.flags)
    assert "[!] Advert" in to_terminal(result, colour=False)


def test_nothing() -> None:
    assert to_terminal(dechaff.clean(""), colour=True).endswith("0 of 0 lines kept; flags: none\x1b[0m\n")


@settings(max_examples=100, deadline=None)
@given(st.text(), st.booleans())
def test_nothing_of_a_page_controls_the_terminal(text: str, colour: bool) -> None:
    shown = to_terminal(dechaff.clean(f"{text}\x1b]0;x\x07\x9b31m {AD}\r{text}\u202e", kind="text"), colour=colour)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", _SGR.sub("", shown))


def test_joiners_stay() -> None:
    for text in ("می\u200cخواهم", "👩\u200d👩\u200d👧", "क्\u200dष", "tab\tand\nline"):
        assert visible(text) == text
