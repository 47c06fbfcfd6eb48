"""The sieve passes over no group of patterns that matches."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dechaff.tactics
from dechaff.alternatives import beginnings
from dechaff.sieve import Sieve

GROUPS = [
    [r"\bact (?:now|fast)|\blast(?:ing)? chance\b", r"\b\d{1,2} left\b"],
    [r"^(?:the )?best|\bwe'?ll see\b"],
    ["[$€] ?\\d", "…$"],
    [r"\bx(?!y)z?", r"\b(?:one|two)+ more"],
    [r"a\.b|\w+ly\b"],
]
PIECES = ["act ", "now", "fast", "last", "ing", " chance", "3", "12 ", "left", "the ", "best", "we'll see", "well see",
          "$", "€ 5", "…", "xz", "xy", "one", "two more", "a.b", "badly", " ", "\n", "é", "-"]  # fmt: skip

CUES = json.loads((Path(dechaff.tactics.__file__).parent / "cues.json").read_text(encoding="utf-8"))["groups"]


def matching(groups: list[list[str]], text: str) -> list[int]:
    return [number for number, its in enumerate(groups) if any(re.search(pattern, text) for pattern in its)]


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_no_group_that_matches_is_passed_over(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = Sieve(GROUPS).candidates(text)
    assert all(found >> number & 1 for number in matching(GROUPS, text))


def test_no_cue_of_a_line_is_passed_over() -> None:
    lines = (Path(__file__).parents[1] / "training" / "tactics.txt").read_text(encoding="utf-8").lower().splitlines()
    groups = [*CUES.values()]
    sieve = Sieve(groups)
    passed = 0
    for line in lines[::25]:
        found = sieve.candidates(line)
        assert all(found >> number & 1 for number in matching(groups, line)), line
        passed += bin(found).count("1")
    assert passed < len(lines[::25]) * len(groups) / 3


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("only", ["only"]),
        ("(?:on|off)line", ["on", "off"]),
        ("colou?r", ["colou", "color"]),
        ("a*b", [""]),
        ("a{2}b", ["a"]),
        ("a{0,2}b", [""]),
        ("(?=x)y", [""]),
        ("[ab]c", ["a", "b"]),
        ("[^a]c", [""]),
        ("[a-z]c", [""]),
        ("3 left", ["0 left"]),
    ],
)
def test_beginnings(pattern: str, expected: list[str]) -> None:
    assert beginnings(pattern) == expected
