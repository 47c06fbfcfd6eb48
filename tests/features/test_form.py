from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff.features.form import NAMES, form
from dechaff.features.hashing import join, plain
from dechaff.features.utf8 import buffer_of


def forms(*texts: str) -> list[dict[str, float]]:
    """The form of each text, by name."""
    rows = form(buffer_of(plain(join(texts))))
    return [dict(zip(NAMES, column, strict=True)) for column in rows.T.tolist()]


def test_shares_of_an_english_line_counted_by_hand() -> None:
    (row,) = forms("Only 3 left, BUY now!")  # 21 characters, 14 letters, 5 words
    assert row["log_chars"] == pytest.approx(log(22) / 4)
    assert row["log_words"] == pytest.approx(log(6) / 3)
    assert row["upper_share"] == pytest.approx(4 / 14)
    assert row["capitalised_words"] == pytest.approx(2 / 5)
    assert row["digit_share"] == pytest.approx(1 / 21)
    assert row["mark_share"] == pytest.approx(2 / 21)
    assert row["commas"] == pytest.approx(1 / 5 * 4)
    assert row["exclamations"] == pytest.approx(1 / 3)
    assert row["word_length"] == pytest.approx(14 / 5 / 6)
    assert (row["starts_upper"], row["ends_exclamation"], row["ends_sentence"]) == (1, 1, 1)
    assert (row["all_caps"], row["non_ascii_share"], row["starts_digit"], row["bar"]) == (0, 0, 0, 0)


def test_umlauts_are_one_letter_each_and_have_case() -> None:
    (row,) = forms("Ärger über Öl")  # 13 characters, 11 letters
    assert row["log_chars"] == pytest.approx(log(14) / 4)
    assert row["upper_share"] == pytest.approx(2 / 11)
    assert row["capitalised_words"] == pytest.approx(2 / 3)
    assert row["non_ascii_share"] == pytest.approx(3 / 13)
    assert row["word_length"] == pytest.approx(11 / 3 / 6)
    assert (row["starts_upper"], row["starts_lower"], row["starts_mark"]) == (1, 0, 0)


@pytest.mark.parametrize("text", ["НОВОСТИ ДНЯ", "ЁЛКИ", "ЇЖАК", "ΑΘΗΝΑ", "ÜBER", "VIỆT NAM", "ŁÓDŹ"])
def test_capitals_of_other_alphabets_are_capitals(text: str) -> None:
    upper, lower = forms(text, text.lower())
    assert (upper["all_caps"], upper["upper_share"], upper["starts_upper"]) == (1, 1, 1)
    assert upper["capitalised_words"] == 1
    assert (lower["all_caps"], lower["upper_share"], lower["starts_lower"]) == (0, 0, 1)


def test_letters_whose_bytes_end_like_a_sign_are_no_signs() -> None:
    # é ends in the byte of ©, ã and У in that of £ when they stand in Latin-1.
    for row in forms("Le café fermé", "São João", "Утро Уфы", "H₂O"):
        assert row["copyright"] == 0
        assert row["currency"] == 0


def test_signs_count_as_marks_and_by_kind() -> None:
    rights, price, emoji = forms("© 2024 Ada", "€ 5 or £ 4 or $ 3", "😀 Free")
    assert rights["copyright"] == pytest.approx(1 / 3)
    assert rights["starts_mark"] == 1
    assert price["currency"] == 1
    assert emoji["starts_mark"] == 1
    assert emoji["mark_share"] == pytest.approx(1 / 6)
    assert emoji["upper_share"] == pytest.approx(1 / 4)


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("Is it?", "ends_question"),
        ("真的吗？", "ends_question"),
        ("Now!", "ends_exclamation"),
        ("Note:", "ends_colon"),
        ("And then...", "ends_ellipsis"),
        ("And then…", "ends_ellipsis"),
        ("More →", "ends_arrow"),
        ("It is so。", "ends_sentence"),
    ],
)
def test_ends(text: str, ending: str) -> None:
    row, bare = forms(text, "No end")
    assert row[ending] == 1
    assert bare[ending] == 0


def test_a_single_full_stop_is_no_ellipsis() -> None:
    assert [row["ends_ellipsis"] for row in forms(".", "..")] == [0, 1]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Home | News | Sport", "bar", 2 / 3),
        ("@ada", "at_sign", 1 / 3),
        ("#one #two #three #four", "hash_sign", 1),
        ("50% off", "percent", 1 / 3),
        ("he said “no”", "quotes", 2 / 3),
        ("(a) [b]", "brackets", 1),
        ("a/b", "slashes", 0),
        ("http://a.b", "slashes", 1 / 2),
        ("One. Two.", "sentences", log(3) / 2),
        ("12 May", "starts_digit", 1),
        ("- item", "starts_mark", 1),
        ("  indented", "starts_mark", 0),
    ],
)
def test_marks(text: str, name: str, value: float) -> None:
    (row,) = forms(text)
    assert row[name] == pytest.approx(value)


def test_counts_of_the_longest_line_do_not_run_over() -> None:
    dots, marks = forms("." * 4_000, "—" * 4_000)
    assert dots["sentences"] == pytest.approx(log(4_001) / 2)
    assert dots["mark_share"] == 1
    assert marks["log_chars"] == pytest.approx(log(4_001) / 4)
    many = forms(*["…" * 4_000] * 20)  # 240,000 full stops in one batch
    assert [row["sentences"] for row in many] == pytest.approx([log(12_001) / 2] * 20)


def test_a_text_without_characters_is_all_zeros() -> None:
    before, empty, behind = forms("Ab..", "", "Ab")
    assert set(empty.values()) == {0}
    assert before["ends_ellipsis"] == 1
    assert behind["starts_upper"] == 1


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1, max_size=5))
def test_a_text_has_the_same_form_among_others(texts: list[str]) -> None:
    assert forms(*texts) == [forms(text)[0] for text in texts]
    rows = form(buffer_of(plain(join(texts))))
    assert np.isfinite(rows).all()
    assert (rows >= 0).all()
    for name in NAMES:
        if name.endswith(("_share", "_words")) and name != "log_words":
            assert rows[NAMES.index(name)].max() <= 1
