"""What attributes say about an element: hidden or not, and where its link leads."""

from __future__ import annotations

import pytest

from dechaff.lines.attributes import concealed, is_hidden, target
from dechaff.lines.opened import Opened
from tests.timing import assert_within


@pytest.mark.parametrize(
    "attributes",
    [
        {"hidden": ""},
        {"hidden": None},
        {"hidden": "hidden"},
        {"hidden": "false"},  # it is not the value that counts
        {"hidden": "", "style": "color:red"},
        {"hidden": "", "style": "display:none"},
        {"hidden": "", "style": "display:revert"},
        {"style": "display:none"},
        {"style": "DISPLAY : NONE"},
        {"style": "color: red; display: none !important"},
        {"style": "visibility:hidden"},
        {"style": "margin:0;visibility: hidden;"},
        {"class": "x", "id": "S:other", "hidden": ""},
        {"id": "xS:1", "hidden": ""},
        {"id": "S:123456789", "hidden": ""},
        {"id": "S:1\n", "hidden": ""},
        {"id": "S:1", "style": "display:none"},
        {"id": "xS:1", "hidden": "", "aria-hidden": "true"},
    ],
)
def test_hidden(attributes: dict[str, str | None]) -> None:
    assert is_hidden(attributes)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"class": "hidden"},
        {"id": "hidden"},
        {"data-hidden": "true"},
        {"hidden": "until-found"},
        {"aria-hidden": "true"},
        {"aria-hidden": "false"},
        {"aria-hidden": ""},
        {"aria-hidden": None},
        {"style": ""},
        {"style": None},
        {"style": "display:block;visibility:visible"},
        {"style": "overflow:hidden"},
        {"style": "opacity: 0", "class": "fade-in"},
        {"style": "opacity: 0; transition: opacity 1s"},
        {"style": "opacity: 0.5"},
        {"type": "hidden"},
        {"hidden": "", "style": "display:block"},
        {"popover": "", "style": "color:red; display: flex"},
        {"id": "S:1", "hidden": ""},
        {"hidden": "", "id": "S:1f"},
        {"style": "color:transparent"},  # what is in it may be seen
        {"style": "display:none; display:block"},
        {"style": "--x-display:none; mso-display: none; content:'display:none'"},
    ],
)
def test_shown(attributes: dict[str, str | None]) -> None:
    assert not is_hidden(attributes)


@pytest.mark.parametrize(
    "name",
    [
        "accordion-body", "AccordionPanel_x1", "faq-item", "tab-content tab1", "tabs", "myTabs", "read-more-content",
        "readmore", "more", "full-text", "answer", "spoiler", "hidden-content", "article-rest", "toggle_inner",
    ],
)  # fmt: skip
def test_names_of_what_is_opened(name: str) -> None:
    assert not is_hidden({"class": name, "hidden": ""})
    assert not is_hidden({"id": name, "style": "display: none"})


@pytest.mark.parametrize(
    "name", ["metabox", "established-1998", "database", "table", "stable", "moreover", "frontpanels-x", "answering"]
)
def test_names_that_only_hold_such_letters(name: str) -> None:
    assert is_hidden({"class": name, "hidden": ""})


@pytest.mark.parametrize("style", ["font-size:0", "color:transparent", "position:absolute;left:-9999px"])
def test_nobody_opens_text_that_is_not_folded_away(style: str) -> None:
    opened = Opened()
    assert concealed("style", style, "div", {"class": "panel", "style": style}, opened=opened).why
    assert not concealed("style", "display:none", "div", {"class": "panel"}, opened=opened).why


def test_only_attributes_of_animations_say_that_an_element_comes_into_sight() -> None:
    assert is_hidden({"style": "opacity:0", "data-x": "1"})
    assert not is_hidden({"style": "opacity:0", "data-aos": "up"})


@pytest.mark.parametrize(
    ("href", "said"),
    [
        ("", ""),
        ("#top", "#top"),
        ("page.html", "page.html"),
        ("/news/today", "/news/today"),
        ("https://shop.example/buy?x=1", "external shop.example/buy?x=1"),
        ("//cdn.example/x", "external cdn.example/x"),
        ("mailto:ann@example.org", "mailto:ann@example.org"),
    ],
)
def test_where_a_link_leads(href: str, said: str) -> None:
    assert target(href) == said


def test_of_a_long_address_the_begin_is_read() -> None:
    assert target("https://a.example/" + "x" * 1000) == "external a.example/" + "x" * 50
    assert len(target("/" + "x" * 1000)) == 60


@pytest.mark.parametrize("piece", ["display", "display:", "display ", " ", "visibility: ", ":"])
def test_long_styles_take_no_time(piece: str) -> None:
    style = piece * (1_000_000 // len(piece))
    assert not is_hidden({"style": style})
    assert_within(1, lambda: is_hidden({"style": style}))
