"""What holds for every document, whatever it is and whatever the model makes of it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dechaff
from dechaff import limits
from dechaff.cleaner import Cleaner
from dechaff.labels import FLAGGED, Label
from dechaff.result import Result
from tests.pages import AD, PARAGRAPHS, TEXT, article

STRICTNESS = ("strict", "balanced", "lenient")

_TAGS = st.sampled_from(
    "div p span b i a br hr ul ol li dl dt dd table tr td th h1 h2 pre code blockquote nav footer article section title"
    " script style noscript figure figcaption form button svg template x-y".split()
)
_ATTRIBUTES = st.sampled_from(
    [
        "",
        "",
        " class=ad",
        " class='nav menu'",
        " href=/x",
        " hidden",
        " style='display:none'",
        " style='opacity:0'",
        " id='a>b'",
        " class='",
    ]
)
_WORDS = st.sampled_from(
    [
        AD,
        *PARAGRAPHS,
        "Read more",
        "Share this",
        "1 < 2 & 3",
        " ",
        "\n",
        "\r\n",
        "é",
        "東京、",
        "x",
        "\xa0",
        "&nbsp;&lt;b&gt;",
        "*_`#|",
    ]
)
_PIECES = st.one_of(
    st.builds("<{}{}>".format, _TAGS, _ATTRIBUTES), _TAGS.map("</{}>".format), _WORDS, _WORDS, st.text(max_size=8)
)
#: Strings that look like HTML more or less.
HTML = st.lists(_PIECES, max_size=40).map("".join)

#: Any string: with control characters, lone surrogates, and all that Python takes for a line end.
ANY_TEXT = st.lists(
    st.one_of(
        st.text(st.characters(), max_size=20),
        st.sampled_from(
            [AD, PARAGRAPHS[0], "\n", "\r", "\r\n", "\n\n", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029",
             "\0", "\ud800", "\udfff", "\ufeff", "\u200b",
             "# ", "- ", "> ", "```\n", "~~~", "1. ", "](", "https://a.b/c "]
        ),
    ),
    max_size=25,
).map("".join)  # fmt: skip

DOCUMENTS = st.one_of(HTML, ANY_TEXT, st.binary(max_size=200), HTML.map(lambda html: html.encode("utf-8", "replace")))
KINDS = st.sampled_from(["auto", "html", "text"])

few = settings(max_examples=150, deadline=None)


@cache
def cleaner(strictness: str) -> Cleaner:
    return Cleaner(strictness=strictness)  # type: ignore[arg-type]


@few
@given(DOCUMENTS, KINDS)
@example(article(ad=AD), "auto")
@example(TEXT, "auto")
@example("\r".join(PARAGRAPHS), "text")
@example("\ud800" + AD, "html")
def test_what_a_result_says_of_its_lines(document: Any, kind: Any) -> None:
    result = dechaff.clean(document, kind=kind)
    source = result.source
    if result.kind == "text" and isinstance(document, str):
        assert source == document
    at = 0
    for number, line in enumerate(result.lines):
        assert line.index == number
        assert at <= line.start < line.end <= len(source)
        assert source[line.start : line.end] == line.text
        at = line.end
        assert set(line.probabilities) == set(Label)
        assert all(0 <= p <= 1 for p in line.probabilities.values())
        assert sum(line.probabilities.values()) == pytest.approx(1, abs=1e-3)
        assert line.score == line.probabilities[line.label]
        assert 0 <= line.link_share <= 1
        assert line.glue in ("paragraph", "line", "cell")
    assert all(0 <= score <= 1 for score in result.scores.to_dict().values())
    assert result.status in ("ok", "empty", "limited")
    assert bool(result.warnings) or result.status == "ok"
    assert (result.status == "empty") == (not any(line.kept for line in result.lines))


@few
@given(DOCUMENTS, KINDS)
@example(article(ad=AD), "auto")
@example(TEXT, "auto")
def test_kept_lines_make_the_text(document: Any, kind: Any) -> None:
    result = dechaff.clean(document, kind=kind)
    at = 0
    for line in result.lines:
        if line.kept:
            text = line.text.replace("\r\n", "\n").replace("\r", "\n")
            found = result.text.find(text, at)
            assert found >= 0
            assert not result.text[at:found].strip(" |\n")  # nothing but what joins lines
            at = found + len(text)
    assert at == len(result.text)


@few
@given(DOCUMENTS, KINDS)
@example(article(ad=AD), "auto")
@example(TEXT, "auto")
def test_what_a_result_says_of_its_flags(document: Any, kind: Any) -> None:
    result = dechaff.clean(document, kind=kind)
    lines = [flag.line for flag in result.flags]
    assert lines == sorted(lines)
    for flag in result.flags:
        line = result.lines[flag.line]
        assert result.source[flag.start : flag.end] == flag.text
        if flag.label is Label.HIDDEN:
            assert line.start <= flag.start < flag.end <= line.end
            assert flag.reasons[0].name.startswith(("hidden by", "order"))
            continue
        assert line.start <= flag.start < flag.end <= line.end
        assert line.kept or (flag.start, flag.end) == (line.start, line.end)
        assert flag.label in FLAGGED | {Label.MISLEADING}
        assert flag.removed == (not line.kept)
        assert line.in_body
        assert line.kept or line.label in FLAGGED
        assert 0 < flag.score <= 1
        weights = [reason.weight for reason in flag.reasons]
        assert weights == sorted(weights, reverse=True)
        for reason in flag.reasons:
            if reason.start is not None and reason.end is not None:
                assert flag.start <= reason.start < reason.end <= flag.end


@few
@given(DOCUMENTS, KINDS)
@example(article(ad=AD), "auto")
@example("\ud800 \udc00\ud800\udc00", "text")
def test_every_output_can_be_written(document: Any, kind: Any) -> None:
    result = dechaff.clean(document, kind=kind, url="https://post.example/")
    text = result.to_json()
    plain = json.loads(text)
    assert all(plain["source"][line["start"] : line["end"]] == line["text"] for line in plain["lines"])
    try:
        result.source.encode()
    except UnicodeEncodeError:
        text.encode()  # can be written although the page cannot
    else:
        assert plain == result.to_dict()
    assert isinstance(result.to_markdown(), str)
    html = result.to_html()
    assert html.startswith("<!DOCTYPE html>")
    assert html.endswith("</html>\n")


@few
@given(st.lists(st.one_of(HTML, ANY_TEXT), max_size=5))
def test_company_changes_nothing(documents: list[str]) -> None:
    assert list(dechaff.clean_many(documents)) == [dechaff.clean(document) for document in documents]


@few
@given(DOCUMENTS, KINDS)
@example(article(ad=AD), "auto")
@example(TEXT, "auto")
def test_stricter_never_keeps_more(document: Any, kind: Any) -> None:
    kept = [
        {line.index for line in cleaner(strictness).clean(document, kind=kind).lines if line.kept}
        for strictness in STRICTNESS
    ]
    assert kept[0] <= kept[1] <= kept[2]


@few
@given(DOCUMENTS, KINDS, st.integers(1, 4))
def test_a_limit_loses_no_text(document: Any, kind: Any, most: int) -> None:
    whole = dechaff.clean(document, kind=kind)
    usual = limits.MAX_LINES
    limits.MAX_LINES = most
    try:
        limited = dechaff.clean(document, kind=kind)
    finally:
        limits.MAX_LINES = usual
    assert [line.text for line in limited.lines] == [line.text for line in whole.lines]
    visible = [line for line in limited.lines if line.label is not Label.HIDDEN]
    assert all(line.kept for line in visible[most:])
    assert (len(visible) > most) <= (limited.status == "limited")


def all_lines(result: Result) -> list[str]:
    return [line.text for line in result.lines]


@few
@given(HTML)
def test_text_and_its_bytes_read_alike(html: str) -> None:
    html = html.encode("utf-8", "replace").decode()
    as_bytes = dechaff.clean(b"\xef\xbb\xbf" + html.encode(), kind="html")
    assert all_lines(as_bytes) == all_lines(dechaff.clean(html, kind="html"))
