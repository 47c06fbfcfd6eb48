"""What the model sees of sentences."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dechaff.sentences.measure import BUCKETS, COLUMNS, CONTEXT, context, measure


@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_any_sentences_can_be_measured(texts: list[str]) -> None:
    seen = measure(texts)
    assert seen.dense.shape == (len(texts), len(COLUMNS))
    assert np.isfinite(seen.dense).all()
    assert len(seen.counts) == len(texts)
    assert seen.counts.sum() == len(seen.ids)
    assert not len(seen.ids) or int(seen.ids.max()) < BUCKETS


def test_a_sentence_of_many_words_is_measured_by_its_ends() -> None:
    seen = measure(["Short one.", "Acme " * 300, "word " * 300])
    column = dict(zip(COLUMNS, seen.dense.T, strict=True))
    assert column["capitals"][1] > 2 > column["capitals"][2] == 0


def test_a_name_is_new_where_no_other_sentence_has_it() -> None:
    seen = measure(["The Ames bridge is old.", "In 1931 Ames built it.", "They say Acme paints it."])
    column = dict(zip(COLUMNS, seen.dense.T, strict=True))
    assert column["has_new_capital"].tolist() == [0, 0, 1]


@given(st.lists(st.floats(-20, 20, width=32), min_size=1, max_size=20))
def test_context_says_how_far_a_sentence_stands_above_all_others(odds: list[float]) -> None:
    found = context(np.asarray(odds, np.float32))
    assert found.shape == (len(odds), len(CONTEXT))
    for k, own in enumerate(odds):
        others = [odd for i, odd in enumerate(odds) if i != k]
        assert np.isclose(found[k, 3], own - max([*others, *([-6.0] if k == int(np.argmax(odds)) else [])]), atol=1e-4)
