"""Figures on documents with lines put in."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from dechaff.lines.table import Form
from dechaff.lines.text import lines_of_text
from dechaff.model.weights import CLASSES
from dechaff.thresholds import JUDGED, Threshold
from tests.training.test_inject import page

pytest.importorskip("torch", reason="the extra training is not installed")

CHOSEN = dict.fromkeys(get_args(Form), dict.fromkeys(JUDGED, Threshold(0.5, 0.5)))


def test_a_page_that_is_used_again_is_one_document() -> None:
    from training.figures import injection_figures
    from training.held_out import Injection, Judged

    text = "\n\n".join([*["A paragraph of the harbour board, long enough to be one."] * 3, "Buy these new boats now"])
    lines = lines_of_text(text)

    def injection(found: bool) -> Injection:
        odds = np.zeros((4, len(CLASSES)), np.float32)
        odds[:, CLASSES.index("content")] = 1
        odds[3] = np.eye(len(CLASSES))[CLASSES.index("ad" if found else "content")]
        return Injection(Judged(lines, odds), [False, False, False, True], page())

    removed = injection_figures([injection(True), injection(False)], CHOSEN)["removed"]
    assert removed.value == removed.low == removed.high == 0.5  # nothing else to draw from
    assert injection_figures([], CHOSEN)["lost_per_1000"].value == 0
