"""Buckets of words and of pieces of words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dechaff.pieces import bucket, pieces_in


@given(st.text(st.characters()), st.integers(1, 1 << 16))
def test_any_text_has_a_bucket_and_pieces_within_bounds(text: str, buckets: int) -> None:
    assert 0 <= bucket(text, buckets) < buckets
    assert all(0 <= piece < buckets for piece in pieces_in(text, buckets))


def test_words_of_one_stem_share_more_pieces_than_others() -> None:
    order, orders, window = (pieces_in(word, 1 << 20) for word in ("order", "orders", "window"))
    assert len(order & orders) > 5 * len(order & window)


def test_the_order_of_words_changes_no_piece() -> None:
    assert pieces_in("read this page", 1 << 15) == pieces_in("page this read", 1 << 15)


def test_no_word_no_piece() -> None:
    assert pieces_in(" .,; ", 64) == set()
