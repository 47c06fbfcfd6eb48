"""Lines that the tactics model learns from and is measured on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dechaff.tactics.weights import LEARNED
from training.tactic_lines import HELD_OUT, OWN
from training.tactics import Example, read_own
from training.tactics_figures import thresholds


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


@pytest.mark.parametrize(("low", "high"), [("own", "written"), ("written", "own")])
def test_the_threshold_of_a_tactic_suits_both_sources(low: str, high: str) -> None:
    """Anything from 0.2 to 0.6 parts the lines of one source, from 0.4 to 0.8 those of the other."""
    tactic = LEARNED[0].value
    lines = [(low, True, 0.6), (low, False, 0.2), (high, True, 0.8), (high, False, 0.4)]
    examples = [
        Example(f"{i}", frozenset({tactic} if marked else ()), source, "style", marked)
        for i, (source, marked, _) in enumerate(lines)
    ]
    said = np.repeat(np.asarray([[odds] for *_, odds in lines]), len(LEARNED), axis=1)
    assert 0.4 < thresholds(examples, said)["flagged"][tactic] <= 0.6
