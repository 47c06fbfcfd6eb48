"""Lists of patterns as one: it finds what they find."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dechaff.alternatives import choices, joined

PATTERNS = [r"\bact (?:now|fast)|\blast\b", r"\d+ left|b[|]c", r"\bnow|\\"]


def test_alternatives_in_brackets_stay_together() -> None:
    assert choices("a(b|c)[|]|d") == ["a(b|c)[|]", "d"]


@given(st.lists(st.sampled_from(["act now", "act", "fast", "last", "3 left", " ", "x", "b|c", "\\"]), max_size=6))
def test_the_joined_pattern_is_found_where_one_of_them_is(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert bool(re.search(joined(PATTERNS), text)) == any(re.search(pattern, text) for pattern in PATTERNS)
