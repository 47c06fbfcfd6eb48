"""The model card says what the manifest of the shipped model says."""

from __future__ import annotations

from training.card import FILE, SHIPPED, card_of


def test_the_card_is_that_of_the_shipped_model() -> None:
    assert FILE.read_text(encoding="utf-8") == card_of(SHIPPED)
