"""Borders of sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff.sentences.split import MAX_CHARS, sentences
from tests.timing import assert_linear, seconds_of


def _parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("He paid $3.50, i.e. too much, to Dr. Ames. Ow.", ["He paid $3.50, i.e. too much, to Dr. Ames.", "Ow."]),
        ("“Go!” she said. (He did.) They left…", ["“Go!”", "she said.", "(He did.)", "They left…"]),
        ("It passed.[12] Nobody read it. 3 That was that.", ["It passed.[12]", "Nobody read it. 3", "That was that."]),
        ("これは文です。これも文です。", ["これは文です。", "これも文です。"]),
        ("A heading\nA sentence.", ["A heading", "A sentence."]),
        ("J. R. Doe left. P. S.", ["J. R. Doe left.", "P. S."]),
        ("", []),
        (" \n ", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert _parts(text) == expected


@given(st.text(alphabet=st.sampled_from("aB .!?\n“”)]1…。\u00a0"), max_size=200))
def test_spans_are_in_order_and_lose_no_word(text: str) -> None:
    spans = sentences(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(part == part.strip() for part in _parts(text))
    assert "".join("".join(_parts(text)).split()) == "".join(text.split())


def test_a_sentence_without_end_is_cut() -> None:
    assert max(map(len, _parts("word " * 1000))) <= MAX_CHARS


@pytest.mark.parametrize("unit", [".", "! ", "x", "\n", "a. ", ". 1 2 3", ".\"'”)]"])
def test_time_grows_with_the_length_of_the_text(unit: str) -> None:
    assert_linear(lambda size: seconds_of(lambda: sentences(unit * (size // len(unit)))), 100_000)
