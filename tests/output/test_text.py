"""Kept lines as plain text: which break stands between two of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dechaff
from dechaff.labels import Label
from dechaff.lines.table import Joint
from dechaff.output.text import to_text
from tests.pages import AD, PARAGRAPHS, article

P, L, C, W = Joint


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([], ""),
        ([("a", P, True)], "a"),
        ([("a", P, False)], ""),
        ([("a", P, True), ("b", P, True)], "a\n\nb"),
        ([("a", P, True), ("b", L, True)], "a\nb"),
        ([("a", P, True), ("b", C, True), ("c", L, True), ("d", C, True)], "a | b\nc | d"),
        ([("a", P, True), ("b", C, True), ("c", W, True), ("d", C, True)], "a | b c | d"),
        ([("a", P, True), ("b", C, False), ("c", W, True)], "a | c"),
        # No break stands before the first line or behind the last.
        ([("x", P, False), ("a", C, True), ("x", P, False)], "a"),
        ([("x", P, False), ("a", L, True)], "a"),
        # What a dropped line began, the next kept one begins.
        ([("a", P, True), ("x", P, False), ("b", L, True)], "a\n\nb"),
        ([("a", P, True), ("x", P, False), ("b", C, True)], "a\n\nb"),
        ([("a", P, True), ("x", L, False), ("b", C, True)], "a\nb"),
        ([("a", P, True), ("x", C, False), ("b", C, True)], "a | b"),
        ([("a", P, True), ("x", L, False), ("b", P, True)], "a\n\nb"),
        ([("a", P, True), ("x", C, False), ("b", L, True)], "a\nb"),
        ([("a", P, True), ("x", P, False), ("y", L, False), ("z", C, False), ("b", C, True)], "a\n\nb"),
        # Text stands as it was.
        ([("a\n\tb", P, True), (" | ", L, True)], "a\n\tb\n | "),
    ],
)
def test_breaks(lines: list[tuple[str, Joint, bool]], text: str) -> None:
    assert to_text(lines) == text


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(Joint), st.just(True))))
def test_between_kept_lines_stands_what_joins_them(lines: list[tuple[str, Joint, bool]]) -> None:
    between = {P: "\n\n", L: "\n", C: " | ", W: " "}
    assert to_text(lines) == "".join((between[joint] if i else "") + text for i, (text, joint, _) in enumerate(lines))


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(Joint), st.booleans())))
def test_dropped_lines_bring_nearer_nothing(lines: list[tuple[str, Joint, bool]]) -> None:
    """Between two kept lines stands the strongest of the breaks between them on the page."""
    strength = {"\n\n": 3, "\n": 2, " | ": 1, " ": 0}
    expected, strongest = "", -1
    for text, joint, kept in lines:
        strongest = max(strongest, {P: 3, L: 2, C: 1, W: 0}[joint])
        if kept:
            expected += (next(b for b, s in strength.items() if s == strongest) if expected else "") + text
            strongest = -1
    assert to_text(lines) == expected


def everything(page: str) -> str:
    """The text of a page of which every line is kept."""
    return dechaff.Cleaner(keep=set(Label) - {Label.HIDDEN}).clean(page, kind="html").text


def test_a_page_as_text() -> None:
    assert everything("<p>one<br>two<p>three<ul><li>four<li>five</ul>six") == "one\ntwo\n\nthree\n\nfour\n\nfive\n\nsix"
    assert everything("<table><tr><td>a<td>b<tr><td>c<td>d</table><p>e") == "a | b\nc | d\n\ne"
    assert everything("<pre>\n  if x:\n\n    y\n</pre>") == "  if x:\n\n    y"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_the_text_end_alike_whatever_the_document_has(end: str) -> None:
    wrapped = ["A paragraph that an editor broke at a fixed width, so that its lines", "are all of about one width."]
    document = end.join([*wrapped, "", "Short."])
    result = dechaff.Cleaner(keep=set(Label) - {Label.HIDDEN}).clean(document, kind="text")
    assert result.text == "\n".join([*wrapped, "", "Short."])
    assert [line.text for line in result.lines] == [end.join(wrapped), "Short."]


def test_what_was_removed_leaves_one_break() -> None:
    text = dechaff.clean(article(ad=AD)).text
    assert "\n\n\n" not in text
    assert text.split("\n\n") == list(PARAGRAPHS)
