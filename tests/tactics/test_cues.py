"""Cues and form of lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dechaff.tactics
from dechaff.limits import TACTIC_CHARS
from dechaff.tactics.cues import FORM, dense, form, lowered, names, pattern_of, spans
from tests.timing import assert_within

PATTERNS = json.loads((Path(dechaff.tactics.__file__).parent / "cues.json").read_text(encoding="utf-8"))["groups"]


@pytest.mark.parametrize("name", PATTERNS)
def test_joining_patterns_changes_nothing(name: str) -> None:
    plain = re.compile("|".join(PATTERNS[name]))
    for text in (
        "Hurry! Only 3 left, offer ends tonight at midnight.", "your computer is infected with 4 viruses",
        "she earned $900 a day from home", "nobody tells you this one secret trick", "« j'ai perdu 5 kilos »",
        "join 84,000 happy customers", "doctors hate this: knee pain gone", "no thanks, i prefer to pay full price",
    ):  # fmt: skip
        assert bool(plain.search(text)) == bool(pattern_of(name).search(text))


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("unit", ["a", "only ", "3 ", "this weird ", "you ", "'", "$1", "the 4 "])
def test_no_pattern_takes_long(name: str, unit: str) -> None:
    text = unit * (TACTIC_CHARS // len(unit))
    assert_within(0.1, lambda: pattern_of(name).search(text))


@given(st.text())
def test_lowering_keeps_places(text: str) -> None:
    assert len(lowered(text)) == len(text)


@settings(deadline=None)  # patterns are compiled when first asked
@given(st.text())
def test_any_text_has_columns_of_0_and_1(text: str) -> None:
    row = dense([text])
    assert row.shape == (1, len(names()))
    assert set(np.unique(row)) <= {0, 1}


@given(st.text(), st.sampled_from([*PATTERNS]))
def test_spans_lie_in_the_text(text: str, group: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end in spans(text, group))


def test_a_group_that_is_found_has_a_span() -> None:
    text = "“Hurry – only 3 left”"
    row = dict(zip(names(), dense([text])[0].tolist(), strict=True))
    assert row["left"] == 1
    ((start, end),) = spans(text, "left")
    assert text[start:end] == "only 3 left"


def test_form() -> None:
    text = "“You WON! Claim 50% now…”"
    found = dict(zip(FORM, form(text, text, lowered(text)), strict=True))
    assert [name for name, value in found.items() if value] == [
        "exclaims", "percent", "digit", "short", "capitals", "you", "quotes", "dots",
    ]  # fmt: skip
    assert not any(form("", "", "")[:5])


def test_no_texts() -> None:
    assert dense([]).shape == (0, len(names()))
