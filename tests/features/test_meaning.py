"""Meaning: lines that say what their neighbours say, in other words, are told from those that do not."""

from __future__ import annotations

import numpy as np
import pytest

from dechaff.features.extract import DENSE, extract
from dechaff.features.hashing import BUCKETS
from dechaff.features.meaning import NAMES
from tests.features.test_extract import flat

_IDF = np.ones(BUCKETS, np.float32)

FIRE = [
    "Firefighters battled the blaze through the night.",
    "Flames spread quickly across the dry hills.",
    "Smoke forced hundreds of residents to leave their homes.",
    "Crews expect to contain the wildfire by Sunday.",
]


def rows(texts: list[str], title: str = "") -> dict[str, np.ndarray]:
    dense = extract([flat(texts, title)], _IDF).dense
    return {name: dense[:, DENSE.index(name)] for name in NAMES}


@pytest.mark.parametrize("name", ["meaning_text", "meaning_near", "meaning_around", "meaning_nearest"])
def test_a_line_on_another_subject_is_further_away(name: str) -> None:
    found = rows([*FIRE[:2], "Seven credit cards with generous cash rewards", *FIRE[2:]])[name]
    assert found.argmin() == 2


def test_other_languages_are_understood() -> None:
    german = [
        "Die Feuerwehr kämpfte die ganze Nacht gegen den Brand.",
        "Der Rauch zwang die Bewohner, ihre Häuser zu verlassen.",
    ]
    near = rows([german[0], german[1]])["meaning_beside"][0]
    far = rows([german[0], "Kreditkarten mit hohem Rabatt für Kunden"])["meaning_beside"][0]
    assert near > far


def test_the_title_is_compared() -> None:
    found = rows([FIRE[0], "Our loans have low interest rates"], title="Wildfire burns homes")["meaning_title"]
    assert found[0] > found[1]


def test_copies_of_a_line_do_not_vouch_for_each_other() -> None:
    advert = "Seven credit cards with generous cash rewards"
    once, thrice = rows([*FIRE, advert]), rows([*FIRE, advert, advert, advert])
    for name in ("meaning_text", "meaning_near", "meaning_around"):
        assert thrice[name][4] == pytest.approx(once[name][4], abs=0.02)


def test_lines_without_words_mean_nothing() -> None:
    found = rows(["...", "!"], title="?")
    assert all((column == 0).all() for column in found.values())
