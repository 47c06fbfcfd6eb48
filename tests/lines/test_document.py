"""The door into the pipeline: every type of document, binary data, and the limit of length."""

from __future__ import annotations

from typing import Any

import bs4
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff import limits
from dechaff.lines.document import is_soup, lines_of
from dechaff.lines.table import Joint, Lines
from tests.timing import assert_within

_PAGE = "<title>T</title><p>One “two”</p><p>Three</p>"


def _spans(lines: Lines) -> list[str]:
    return [lines.source[start:end] for start, end in zip(lines.starts, lines.ends, strict=True)]


def test_every_type_of_document_gives_the_same_lines() -> None:
    data = _PAGE.encode()
    soup = bs4.BeautifulSoup(_PAGE, "html.parser")
    for document in (_PAGE, data, bytearray(data), memoryview(data), memoryview(data + b"...")[:-3], soup):
        lines = lines_of(document)  # type: ignore[arg-type]
        assert (lines.kind, lines.texts, lines.title) == ("html", ["One “two”", "Three"], "T")
        assert (lines.warnings, lines.limited) == ([], False)


def test_a_tag_is_a_document() -> None:
    soup = bs4.BeautifulSoup("<p>One</p><div><p>Two</p></div>", "html.parser")
    assert lines_of(soup.div).texts == ["Two"]  # type: ignore[arg-type]


@pytest.mark.parametrize("document", [None, 1, 1.5, ["<p>One</p>"], {"html": "x"}, object(), iter(()), str])
def test_another_type_is_named(document: Any) -> None:
    assert not is_soup(document)
    with pytest.raises(TypeError, match=f"not {type(document).__name__}$"):
        lines_of(document)


@pytest.mark.parametrize("kind", ["xml", "", "HTML", None])
@pytest.mark.parametrize("document", ["x", b"x", bs4.BeautifulSoup("x", "html.parser"), 1])
def test_another_kind_is_an_error(document: Any, kind: Any) -> None:
    with pytest.raises(ValueError, match="not one of auto, html, text"):
        lines_of(document, kind)


def test_kind_overrules_the_look_of_a_document() -> None:
    for document in ("<p>One</p>", b"<p>One</p>"):
        assert lines_of(document, "text").texts == ["<p>One</p>"]
        assert lines_of(document, "html").texts == ["One"]
    assert lines_of("a < b", "html").kind == "html"
    assert lines_of(bs4.BeautifulSoup("<p>One</p>", "html.parser"), "text").kind == "html"


@pytest.mark.parametrize("document", ["", " \n", b"", b"\xef\xbb\xbf", bs4.BeautifulSoup("", "html.parser")])
@pytest.mark.parametrize("kind", ["auto", "html", "text"])
def test_an_empty_document_has_no_lines(document: Any, kind: Any) -> None:
    assert len(lines_of(document, kind)) == 0


@pytest.mark.parametrize(("data", "name"), [(b"%PDF-1.4\n", "PDF document"), (b"\x89PNG\r\n\x1a\n\0\0", "PNG image")])
@pytest.mark.parametrize("kind", ["auto", "html", "text"])
def test_a_binary_file_has_no_lines_and_is_named(data: bytes, name: str, kind: Any) -> None:
    lines = lines_of(data, kind)
    assert len(lines) == 0
    assert lines.warnings == [f"the document is neither page nor text: {name}"]
    assert lines.kind == ("text" if kind == "text" else "html")


def test_what_could_not_be_decoded_is_warned_of() -> None:
    lines = lines_of("<p>Brücke über Fluß</p>".encode() + b"\xff")
    assert lines.warnings == ["characters that are not utf-8 were replaced: 1"]
    assert not lines.limited


def test_a_byte_order_mark_is_no_text() -> None:
    assert lines_of("\ufeff<p>One</p>").texts == ["One"]
    assert lines_of("\ufeff<p>One</p>".encode()).texts == ["One"]
    text = lines_of("\ufeff# One\n\nTwo")
    assert text.texts == _spans(text) == ["# One", "Two"]
    assert text.source == "\ufeff# One\n\nTwo"
    assert lines_of("\ufeff# One".encode()).source == "# One"


def test_the_end_of_a_long_page_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "<p>One</p><p>Two</p><p>Three</p>"
    monkeypatch.setattr(limits, "MAX_DOCUMENT_CHARS", len("<p>One</p><p>Two</p>"))
    for document in (page, page.encode()):
        lines = lines_of(document)
        assert (lines.texts, lines.limited) == (["One", "Two"], True)
        assert lines.warnings == ["only the first 20 characters were read"]
    assert not lines_of(page[:20]).limited


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo.\n\nThree.\n\nFour. \n\n- Five.\n", ["One.", "Two.", "Three.\n\nFour. \n\n- Five."]),
        ("One.\nTwo two two two.\nThree.\nFour.", ["One.", "Two two two two.\nThree.\nFour."]),
        ("One two three four five six", ["One two three four five six"]),
        ("One.\r\n\r\nTwo two two two.\r\nThree.", ["One.", "Two two two two.\r\nThree."]),
        ("One.\rTwo.\rThree three.\rFour.", ["One.", "Two.", "Three three.\rFour."]),
        ("\n" * 14 + "One.\n\nTwo.", ["One.\n\nTwo."]),
        ("One two three.\n" + " \n" * 9, ["One two three."]),
    ],
)
def test_the_end_of_a_long_text_is_one_line(monkeypatch: pytest.MonkeyPatch, text: str, expected: list[str]) -> None:
    monkeypatch.setattr(limits, "MAX_DOCUMENT_CHARS", 14)
    lines = lines_of(text, "text")
    assert lines.texts == _spans(lines) == expected
    assert lines.source == text
    assert lines.limited
    assert lines.warnings == ["the text after the first 14 characters was left as one line"]
    assert len(lines.joints) == len(lines.link_chars) == len(lines.blocks) == len(lines.leaves) == len(lines)


def test_the_end_of_a_long_text_joins_as_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_DOCUMENT_CHARS", 8)
    assert lines_of("One.\nTwo two.\nThree.", "text").joints == [Joint.PARAGRAPH, Joint.LINE]
    assert lines_of("One.\n\nTwo two.\nThree.", "text").joints == [Joint.PARAGRAPH, Joint.PARAGRAPH]


@given(st.text(alphabet="ab \n\r#-`.\ufeff", max_size=60), st.integers(1, 61))
def test_no_limit_loses_text(text: str, limit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "MAX_DOCUMENT_CHARS", limit)
        lines = lines_of(text, "text")
    assert lines.texts == _spans(lines)
    assert "".join("".join(lines.texts).split()) == "".join(text.removeprefix("\ufeff").split())
    assert lines.limited == (len(text) > limit)


@given(st.one_of(st.text(), st.binary()), st.sampled_from(["auto", "html", "text"]))
def test_no_document_raises(document: str | bytes, kind: Any) -> None:
    lines = lines_of(document, kind)
    assert lines.texts == _spans(lines)


@pytest.mark.parametrize("piece", ["word ", "x", "[a](b ", "- a"])
@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_line_of_5_mb_takes_no_time(piece: str, kind: Any) -> None:
    text = piece * (5_000_000 // len(piece))
    assert len(lines_of(text, kind)) == 1
    assert_within(4, lambda: lines_of(text, kind))
