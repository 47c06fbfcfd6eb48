from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff.features.utf8 import buffer_of

#: Letters whose small forms take as many bytes as they do.
_EVEN = "AZazÀÖÞßÿĀŁőΑΣσλЁЯяњԱաẠỆệ09 -"


@given(st.text(_EVEN, max_size=40))
def test_lower_case_is_that_of_each_letter(text: str) -> None:
    buffer = buffer_of(text)
    assert buffer.lower.tobytes().decode() == "\n" + "".join(c.lower() for c in text) + "\n"


@given(st.text(max_size=40))
def test_bytes_keep_their_places_whatever_is_written(text: str) -> None:
    buffer = buffer_of(text.replace("\n", " "))
    assert len(buffer.lower) == len(buffer.cased)
    assert buffer.lower.tobytes().decode().casefold() == buffer.cased.tobytes().decode().casefold()
    assert buffer.cased[buffer.starts[0] : buffer.ends[0]].tobytes().decode() == text.replace("\n", " ")


def test_capitals_and_small_letters_are_marked_at_their_first_byte() -> None:
    buffer = buffer_of("Ära été ЖУК ệ 9")
    text = buffer.cased.tobytes()
    capitals = [text[i:].decode()[0] for i in buffer.capital.nonzero()[0]]
    small = [text[i:].decode()[0] for i in buffer.small.nonzero()[0]]
    assert capitals == list("ÄЖУК")
    assert small == list("raétéệ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don't stop", ["don", "t", "stop"]),
        ("  C++ 17 ", ["C", "17"]),
        ("汉字 かな", ["汉", "字", "か", "な"]),
        ("서울 시", ["서울", "시"]),
        ("a汉b", ["a", "汉b"]),
        ("...", []),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    buffer = buffer_of(text)
    found = [
        buffer.cased[start:end].tobytes().decode()
        for start, end in zip(buffer.word_starts, buffer.word_ends, strict=True)
    ]
    assert found == words
    assert buffer.word_counts.tolist() == [len(words)]


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert buffer_of("a\ud800b").cased.tobytes() == b"\na?b\n"
