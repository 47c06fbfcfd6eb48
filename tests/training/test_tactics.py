"""Lines that the tactics model learns from and is measured on."""

from __future__ import annotations

from pathlib import Path

import pytest

from dechaff.tactics.weights import LEARNED
from training.tactic_lines import HELD_OUT, OWN
from training.tactics import read_own


def test_every_line_is_read_once() -> None:
    own, held = [*read_own(OWN)], [*read_own(HELD_OUT)]
    texts = [example.text for example in (*own, *held)]
    assert len(set(texts)) == len(texts)
    assert not {example.style for example in own} & {example.style for example in held}
    for examples in (own, held):
        assert {tactic.value for tactic in LEARNED} <= {mark for example in examples for mark in example.tactics}


def test_an_unknown_tactic_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text(
        "# note\n\nurgency scare | sms | Now | or never\n- | sms | Hello\n+ | sms | Tea, 2 euros\n~ | sms | Tea\n"
    )
    first, second, third, fourth = read_own(path)
    assert (first.text, sorted(first.tactics), first.promotes) == ("Now | or never", ["scare", "urgency"], True)
    assert [(line.tactics, line.promotes) for line in (second, third, fourth)] == [
        (frozenset(), promotes) for promotes in (False, True, None)
    ]
    path.write_text("flattery | sms | You look great\n")
    with pytest.raises(ValueError, match="flattery"):
        [*read_own(path)]
