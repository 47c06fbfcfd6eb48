"""The model of advertising sentences can be made from documents, and its thresholds keep what they promise."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("pyarrow")

from dechaff.sentences.measure import measure
from dechaff.sentences.weights import SHAPES, SentenceModel
from training.sentences import Text, figures, fitted, threshold_for

ADVERT = "Meanwhile, Acme offers a seamless suite of tools to manage your {} with ease today."
TOPICS = ("garden", "money", "house", "music", "travel", "health", "dinner", "photos", "taxes", "sleep")


def texts() -> list[Text]:
    made = []
    for k, topic in enumerate(TOPICS):
        parts = [
            f"The {topic} society of Elm was founded by {number} people, who met on Mondays in the old town hall."
            for number in ("eight", "nine", "ten")
        ]
        made.append(Text([*parts], [False] * 3, k % 5, "wcxb"))
        made.append(Text([*parts, ADVERT.format(topic)], [False, False, False, True], k % 5, "native"))
    return made


def test_the_same_documents_give_the_same_model_and_it_finds_the_advert() -> None:
    documents = texts()
    seen = [measure(text.parts) for text in documents]
    arrays, again = fitted(documents, seen), fitted(documents, seen)
    assert {name: (str(a.dtype), a.shape) for name, a in arrays.items()} == dict(SHAPES)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, again[name])
    found = SentenceModel(arrays, {}).look(documents[1].parts).probabilities
    assert int(found.argmax()) == 3


@pytest.mark.parametrize("alarms", [0.0, 100.0, 300.0])
def test_a_threshold_flags_no_more_than_it_may(alarms: float) -> None:
    documents = texts()
    rng = np.random.default_rng(1)
    odds = [rng.random(len(text.parts)) for text in documents]
    threshold = threshold_for(documents, odds, alarms)
    assert figures(documents, odds, threshold)["false_alarms_per_1000"] <= alarms
