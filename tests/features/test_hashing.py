from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff.features.hashing import BUCKETS, Words, bucket, join, names_of, ngrams, plain, words_of
from dechaff.limits import HEAD_WORDS, MAX_LINE_CHARS, TAIL_WORDS


def hashes(text: str) -> list[int]:
    whole: list[int] = words_of(text).whole.tolist()
    return whole


def test_join_keeps_one_line_a_text() -> None:
    assert join(["a\nb", "c", ""]) == "a b\nc\n"
    assert join(["a\n"]) == "a "


def test_join_keeps_both_ends_of_a_long_text() -> None:
    half = MAX_LINE_CHARS // 2
    short, long = "s" * MAX_LINE_CHARS, "b" * half + "m" * 5_000_000 + "e" * half
    assert join([short, long]).split("\n") == [short, "b" * half + " " + "e" * half]


def test_plain_writes_typographic_signs_in_ascii() -> None:
    assert plain("‘It’s – fine’…\n« 10\u00a0€ »") == "'It's - fine'...\n\" 10 € \""
    assert plain("（好）！") == "(好)!"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Cat", "CAT"), ("äpfel", "ÄPFEL"), ("МОСКВА", "Москва"), ("ΑΘΗΝΑ", "αθηνα"), ("VIỆT", "Việt"), ("Ёж", "ёж")],
)
def test_case_does_not_matter_in_any_alphabet(one: str, other: str) -> None:
    assert hashes(one) == hashes(other)


def test_letters_matter() -> None:
    assert len(set(hashes("cat act cats cät tac ca ъ ь"))) == 8


@given(st.lists(st.lists(st.text("abcй", min_size=1, max_size=7), max_size=6), min_size=1, max_size=6))
def test_words_are_equal_if_and_only_if_their_hashes_are(lines: list[list[str]]) -> None:
    words = words_of("\n".join(" ".join(line) for line in lines))
    flat = [word for line in lines for word in line]
    assert words.counts.tolist() == [len(line) for line in lines]
    assert words.line.tolist() == [i for i, line in enumerate(lines) for _ in line]
    assert len(set(zip(flat, words.whole.tolist(), strict=True))) == len(set(flat)) == len(set(words.whole.tolist()))


def test_a_word_has_one_hash_wherever_it_stands_in_a_large_batch() -> None:
    # 700 kB: longer than what is hashed at a time, so words lie across the seams.
    words = words_of("\n".join(["seven small words stand in this line"] * 20_000))
    assert np.array_equal(words.whole.reshape(20_000, 7), np.tile(words.whole[:7], (20_000, 1)))
    assert np.array_equal(words.stem.reshape(20_000, 7), np.tile(words.stem[:7], (20_000, 1)))


def test_a_word_longer_than_any_line_is_hashed_too() -> None:
    long, short = hashes("x" * 300_000 + " cat")
    assert short == hashes("cat")[0]
    assert long == hashes("a " + "x" * 300_000)[1]


def test_a_long_line_gives_its_first_and_last_words() -> None:
    count = 5 * (HEAD_WORDS + TAIL_WORDS)
    numbers = [f"w{i}" for i in range(count)]
    words = words_of("one\n" + " ".join(numbers) + "\ntwo")
    kept = numbers[:HEAD_WORDS] + numbers[-TAIL_WORDS:]
    assert words.counts.tolist() == [1, HEAD_WORDS + TAIL_WORDS, 1]
    assert words.whole.tolist() == hashes("one " + " ".join(kept[:40])) + hashes(" ".join(kept[40:]) + " two")


def test_inflected_forms_share_their_stem_only() -> None:
    teaching, teachers = ngrams(words_of("teaching teachers")).tolist()
    assert teaching[1] == teachers[1]
    assert teaching[0] != teachers[0]


def test_a_pair_is_made_with_the_next_word_of_the_same_line() -> None:
    big, cat = ngrams(words_of("big cat")).tolist()
    big_sat, cat_sat, _ = ngrams(words_of("big cat sat")).tolist()
    big_alone, cat_alone = ngrams(words_of("big\ncat")).tolist()
    assert big == big_sat
    assert cat[:2] == cat_sat[:2]
    assert cat[2] != cat_sat[2]  # the last word of a line pairs with its end
    assert cat == cat_alone
    assert big_alone[2] != big[2]


def test_buckets_fill_the_table_evenly() -> None:
    found = bucket(words_of(" ".join(f"{i}" for i in range(60))).whole)
    many = bucket(words_of("\n".join(f"w{i}" for i in range(100_000))).whole)
    assert len(set(found.tolist())) == 60
    assert many.min() >= 0
    assert many.max() < BUCKETS
    assert np.bincount(many >> 8, minlength=256).max() < 2 * 100_000 / 256


def test_names_are_taken_apart_at_humps_digits_and_marks() -> None:
    words = names_of("div0tag mainNav col-12\nDIV tag main nav col\nHTMLBox")
    assert words.counts.tolist() == [5, 5, 1]
    assert words.whole[:5].tolist() == words.whole[5:10].tolist()


def test_a_part_is_what_its_texts_are_alone() -> None:
    part, alone = words_of("a\nb c\n\nd").part(1, 3), words_of("b c\n")
    for name in Words.__slots__:
        assert getattr(part, name).tolist() == getattr(alone, name).tolist()


def test_texts_without_words_have_none() -> None:
    for text in ("", "\n", "... !!!", "\n-\n"):
        words = words_of(text)
        assert words.counts.sum() == 0
        assert ngrams(words).shape == (0, 3)
