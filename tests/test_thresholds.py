"""Thresholds: read from a model's manifest, and changed by users."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from dechaff.cleaner import default_model
from dechaff.labels import FLAGGED, Label
from dechaff.model.store import ModelError
from dechaff.thresholds import JUDGED, STRICTNESS, Threshold, changed, of_manifest

BASE = {label: Threshold(0.3, 0.5) for label in JUDGED}


def manifest() -> dict[str, Any]:
    pairs = {label.value: [0.2, None] for label in JUDGED}
    return {"thresholds": {form: {name: dict(pairs) for name in STRICTNESS} for form in ("html", "bare", "text")}}


def test_every_label_but_content_has_thresholds() -> None:
    assert {*JUDGED, Label.CONTENT, Label.HIDDEN, Label.MISLEADING} == set(Label)
    found = of_manifest(manifest(), "html", "strict")
    assert found == dict.fromkeys(JUDGED, Threshold(0.2, None))


@pytest.mark.parametrize("form", ["html", "bare", "text"])
def test_the_shipped_thresholds_are_ordered(form: Any) -> None:
    strict, balanced, lenient = (
        of_manifest(default_model().manifest, form, name) for name in ("strict", "balanced", "lenient")
    )
    for label in JUDGED:
        removes = [1.1 if t[label].remove is None else t[label].remove for t in (strict, balanced, lenient)]
        assert removes == sorted(removes)
        if label in FLAGGED:
            flags = [t[label].flag for t in (strict, balanced, lenient)]
            assert flags == sorted(flags)
            assert all(flag <= remove for flag, remove in zip(flags, removes, strict=True))


def test_an_unknown_strictness() -> None:
    with pytest.raises(ValueError, match="harsh"):
        of_manifest(manifest(), "html", "harsh")


@pytest.mark.parametrize("damage", ["thresholds", "html", "lenient", "ad", "pair", "number"])
def test_a_manifest_without_usable_thresholds(damage: str) -> None:
    broken = copy.deepcopy(manifest())
    if damage == "thresholds":
        del broken["thresholds"]
    elif damage == "html":
        broken["thresholds"]["html"] = None
    elif damage == "lenient":
        del broken["thresholds"]["html"]["lenient"]
    elif damage == "ad":
        del broken["thresholds"]["html"]["lenient"]["ad"]
    else:
        broken["thresholds"]["html"]["lenient"]["ad"] = {"pair": [0.1], "number": [0.1, 7]}[damage]
    with pytest.raises(ModelError, match="html, lenient"):
        of_manifest(broken, "html", "lenient")


def test_changes_replace_pairs() -> None:
    found = changed(BASE, {"ad": [0, 1], Label.COMMENT: (0.5, None)})
    assert found == {**BASE, Label.AD: Threshold(0.0, 1.0), Label.COMMENT: Threshold(0.5, None)}
    assert BASE[Label.AD] == (0.3, 0.5)  # left as it was
    assert changed(BASE, {}) == BASE


def test_numbers_of_numpy_are_numbers() -> None:
    assert changed(BASE, {"ad": (np.float64(0.25), np.float64(0.5))})[Label.AD] == (0.25, 0.5)


@pytest.mark.parametrize("pair", [0.5, None, "ab", (0.1,), (0.1, 0.2, 0.3), {0.1, 0.2}, {0.1: 0.2, 0.3: 0.4}])
def test_what_is_no_pair(pair: Any) -> None:
    with pytest.raises(TypeError, match="ad needs a pair"):
        changed(BASE, {"ad": pair})


@pytest.mark.parametrize("number", [-0.01, 1.01, float("nan"), float("inf"), "0.5", True, None])
def test_what_is_no_number_in_0_to_1(number: Any) -> None:
    with pytest.raises(ValueError, match="ad has"):
        changed(BASE, {"ad": (number, 0.5)})
    if number is not None:
        with pytest.raises(ValueError, match="ad has"):
            changed(BASE, {"ad": (0.5, number)})
