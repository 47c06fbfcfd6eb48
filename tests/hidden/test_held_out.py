"""The texts that measure the orders are none that they are learned from."""

from __future__ import annotations

from training.orders import HELD_OUT, OWN, read_own


def test_no_text_is_on_both_sides() -> None:
    own, held = ({text.strip().lower() for text, _ in read_own(path)} for path in (OWN, HELD_OUT))
    assert len(own) > 1000
    assert len(held) > 200
    assert not own & held
