"""Phrases that the caller wants kept or gone."""

from __future__ import annotations

import re
from typing import Any

import pytest

import dechaff
from dechaff import Cleaner, limits
from dechaff.labels import Label
from tests.pages import AD, PARAGRAPHS, article

PAGE = article(ad=AD)

NO_HOSTS: list[Any] = ["https://example.com", "example.com:8080", "*.example.com", "example.com/a", "a..b", "", " ", 5]


@pytest.mark.parametrize(
    "phrase", [AD[:20], AD[:20].upper(), AD[:20].replace(" ", "\n "), re.compile(re.escape(AD[:12]))]
)
def test_a_line_with_an_allowed_phrase_stays(phrase: Any) -> None:
    assert AD not in dechaff.clean(PAGE).text
    result = Cleaner(allow=[phrase]).clean(PAGE)
    assert AD in result.text
    assert all(flag.text != AD for flag in result.flags)


def test_a_line_with_a_denied_phrase_goes_and_says_why() -> None:
    phrase = PARAGRAPHS[1][10:40]
    result = Cleaner(deny=[phrase]).clean(PAGE)
    assert PARAGRAPHS[1] not in result.text
    (flag,) = [flag for flag in result.flags if flag.text == PARAGRAPHS[1]]
    assert flag.removed
    assert flag.label is Label.AD
    (reason,) = flag.reasons
    assert reason.name == "denied phrase"
    assert result.source[reason.start : reason.end] == phrase


def test_what_is_allowed_is_not_denied() -> None:
    text = Cleaner(allow=[PARAGRAPHS[1][:20]], deny=[PARAGRAPHS[1]]).clean(PAGE).text
    assert PARAGRAPHS[1] in text


@pytest.mark.parametrize(
    ("url", "stays"),
    [
        ("https://news.example.org/a", False),
        ("https://EXAMPLE.org:8080/", False),
        ("https://example.com/", True),
        ("https://notexample.org/", True),
        ("news.example.org/a", False),
        ("//example.org/a", False),
        ("https://example.org./a", False),
        (" https://example.org/a", False),
        ("http://[", True),
        (None, True),
    ],
)
def test_phrases_of_a_site_count_on_its_pages_alone(url: str | None, stays: bool) -> None:
    cleaner = Cleaner(sites={"example.org": {"deny": [PARAGRAPHS[1]]}})
    assert (PARAGRAPHS[1] in cleaner.clean(PAGE, url=url).text) is stays
    other, its = cleaner.clean_many([PAGE, PAGE], urls=["https://other.example/", url])
    assert PARAGRAPHS[1] in other.text
    assert (PARAGRAPHS[1] in its.text) is stays


@pytest.mark.parametrize("name", ["bücher.de", "BÜCHER.de", "xn--bcher-kva.de", ".bücher.de."])
@pytest.mark.parametrize("url", ["https://xn--bcher-kva.de/", "https://www.bücher.de/a"])
def test_a_site_may_have_letters_that_are_not_ascii(name: str, url: str) -> None:
    assert PARAGRAPHS[1] not in Cleaner(sites={name: {"deny": [PARAGRAPHS[1]]}}).clean(PAGE, url=url).text


def test_a_page_has_the_phrases_of_its_host_and_of_all_parent_domains() -> None:
    cleaner = Cleaner(
        sites={"example.org": {"deny": [PARAGRAPHS[1]]}, "blog.example.org": {"deny": [PARAGRAPHS[2]]}},
    )
    text = cleaner.clean(PAGE, url="https://blog.example.org/").text
    assert PARAGRAPHS[1] not in text
    assert PARAGRAPHS[2] not in text
    text = cleaner.clean(PAGE, url="https://www.example.org/").text
    assert PARAGRAPHS[1] not in text
    assert PARAGRAPHS[2] in text


def test_a_denied_line_that_the_model_drops_anyway_is_flagged_with_the_phrase() -> None:
    assert AD not in dechaff.clean(PAGE).text
    (flag,) = [flag for flag in Cleaner(deny=[AD[:20]]).clean(PAGE).flags if flag.text == AD]
    assert (flag.label, flag.removed, [reason.name for reason in flag.reasons]) == (Label.AD, True, ["denied phrase"])


@pytest.mark.parametrize("keep", [{"content", "ad"}, set(Label) - {Label.HIDDEN}])
def test_a_denied_line_is_flagged_where_adverts_are_kept(keep: set[str]) -> None:
    result = Cleaner(keep=keep, deny=[PARAGRAPHS[1]]).clean(PAGE)
    assert PARAGRAPHS[1] not in result.text
    assert AD in result.text
    (flag,) = [flag for flag in result.flags if flag.text == PARAGRAPHS[1]]
    assert flag.removed
    assert [reason.name for reason in flag.reasons] == ["denied phrase"]


def test_a_site_that_is_named_twice_has_all_its_phrases() -> None:
    sites = {"Example.org": {"deny": [PARAGRAPHS[1]]}, "example.org": {"deny": [PARAGRAPHS[2]]}}
    text = Cleaner(sites=sites).clean(PAGE, url="https://example.org/").text
    assert PARAGRAPHS[1] not in text
    assert PARAGRAPHS[2] not in text


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"allow": "one phrase"}, TypeError),
        ({"deny": [""]}, TypeError),
        ({"deny": [3]}, TypeError),
        ({"deny": [re.compile(b"x")]}, TypeError),
        ({"sites": {"example.org": {"drop": ["x"]}}}, ValueError),
        ({"sites": ["example.org"]}, TypeError),
        ({"sites": []}, TypeError),
        ({"sites": {"example.org": ["x"]}}, TypeError),
    ],
)
def test_phrases_that_mean_nothing_are_refused(options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        Cleaner(**options)


def test_a_denied_phrase_past_the_lines_that_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_LINES", 3)
    document = "\n\n".join([*PARAGRAPHS[:4], "Offer of the day", PARAGRAPHS[0]])
    for result in Cleaner(deny=["Offer of the day"]).clean_many([document, document], kind="text"):
        (flag,) = [flag for flag in result.flags if flag.text == "Offer of the day"]
        assert flag.removed
        assert [reason.name for reason in flag.reasons] == ["denied phrase"]
        assert "Offer of the day" not in result.text


@pytest.mark.parametrize("name", NO_HOSTS)
def test_what_is_no_host_name_is_named(name: Any) -> None:
    with pytest.raises(ValueError, match=re.escape(f"sites: {name!r} is no host name")):
        Cleaner(sites={name: {"deny": ["x"]}})
