"""The texts that measure the orders are none that they are learned from."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.orders import HELD_OUT, HELD_OUT_IMPLIED, OWN, made, read_own


@pytest.mark.parametrize("path", [HELD_OUT, HELD_OUT_IMPLIED])
def test_no_text_is_on_both_sides(path: Path) -> None:
    own, held = ({text.strip().lower() for text, _ in read_own(its)} for its in (OWN, path))
    assert len(own) > 1000
    assert len(held) > 200
    assert not own & held


def test_names_of_invented_sites_give_no_order_away() -> None:
    """They end in `.example` where they were written, as hardly a text of a page does."""
    assert ".example" in OWN.read_text(encoding="utf-8")
    assert not [text for text in [*(text for text, _ in read_own(OWN)), *made(500)] if ".example" in text]
