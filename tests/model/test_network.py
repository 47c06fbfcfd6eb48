"""The forward pass: probabilities, and the same ones to the last bit whatever else is in the batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dechaff.features.extract import extract
from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Lines
from dechaff.lines.text import lines_of_text
from dechaff.model import layers
from dechaff.model.network import first_stage, forward, probabilities
from dechaff.model.weights import CLASSES, INPUTS, Model
from tests.model.test_weights import arrays_of
from tests.pages import AD, PARAGRAPHS, TEXT, article


def model_of(seed: int) -> Model:
    """Any weights will do, for the forward pass is the same; small ones, so that no class takes all."""
    arrays = arrays_of(seed)
    for name, array in arrays.items():
        if array.dtype == np.float32 and array.ndim == 2:
            array /= np.float32(len(array) ** 0.5)
        elif name.endswith("_scale"):
            array /= 100
    return Model(arrays, {})


MODEL = model_of(3)

PAGES = [
    lines_of_html(article(ad=AD)),
    lines_of_text(TEXT),
    lines_of_html("<ul>" + "".join(f"<li class=c{i % 3}><a href=/{i}>item {i}</a></li>" for i in range(40)) + "</ul>"),
    lines_of_html("<p>One line alone</p>"),
    lines_of_html("<table>" + "<tr><td>a<td>b" * 9 + "</table>" + f"<p>{PARAGRAPHS[0]}</p>"),
    lines_of_text("東京\n\n!\n\n" + PARAGRAPHS[1]),
]


def run(batch: Sequence[Lines], model: Model = MODEL) -> list[np.ndarray]:
    """The probabilities of each document."""
    features = extract(batch, model["idf"])
    odds = probabilities(model, features, first_stage(model.tables, features))
    return [odds[start:end] for start, end in zip(features.starts[:-1], features.starts[1:], strict=True)]


ALONE = [run([page])[0] for page in PAGES]


@pytest.mark.parametrize("seed", [3, 4])
def test_rows_are_probabilities(seed: int) -> None:
    model = model_of(seed)
    for page, odds in zip(PAGES, run(PAGES, model), strict=True):
        assert odds.shape == (len(page), len(CLASSES))
        assert odds.dtype == np.float32
        assert (odds >= 0).all()
        assert np.allclose(odds.sum(axis=1), 1, atol=1e-5)


def test_lines_are_told_apart() -> None:
    assert len(np.unique(ALONE[0], axis=0)) == len(PAGES[0])


def test_first_stage_has_a_row_a_line() -> None:
    features = extract(PAGES, MODEL["idf"])
    scores = first_stage(MODEL.tables, features)
    assert scores.shape == (sum(map(len, PAGES)), INPUTS)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, len(PAGES) - 1), min_size=1, max_size=12))
def test_company_changes_no_bit(batch: list[int]) -> None:
    for number, odds in zip(batch, run([PAGES[number] for number in batch]), strict=True):
        assert np.array_equal(odds, ALONE[number])


@pytest.mark.parametrize("stretch", [16, 48, 1 << 20])
def test_how_many_lines_pass_together_changes_no_bit(stretch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "STRETCH", stretch)
    for odds, alone in zip(run(PAGES), ALONE, strict=True):
        assert np.array_equal(odds, alone)


@pytest.mark.parametrize("name", ["class=c", ""], ids=["with classes", "plain"])
def test_a_document_longer_than_a_stretch(name: str) -> None:
    page = lines_of_html(
        "".join(f"<p {name and name + str(i % 7)}>Line number {i} of many</p>" for i in range(layers.STRETCH + 5))
    )
    (odds,) = run([page])
    assert len(odds) == layers.STRETCH + 5
    assert np.array_equal(run([PAGES[0], page, PAGES[1]])[1], odds)


def test_a_line_hears_its_neighbours_and_its_page() -> None:
    before = lines_of_text("\n\n".join(PARAGRAPHS))
    after = lines_of_text("\n\n".join([*PARAGRAPHS[:-1], AD]))
    changed = (run([before])[0] != run([after])[0]).any(axis=1)
    assert changed.all()  # the last line differs; all others hear of it


def test_a_line_alone_says_what_it_said_in_its_batch() -> None:
    features = extract(PAGES, MODEL["idf"])
    passed = forward(MODEL, features, first_stage(MODEL.tables, features))
    chosen = np.array([2, 0, len(passed.odds) - 1])
    alone = passed.alone(chosen)
    for k, line in enumerate(chosen):
        assert np.allclose(alone.odds(k, alone.scores[[k]])[0], passed.odds[line], atol=1e-6)
    assert len(passed.alone(np.array([], np.int64)).scores) == 0


def test_numbers_nobody_saw_are_cut() -> None:
    features = extract(PAGES, MODEL["idf"])
    scores = first_stage(MODEL.tables, features)
    odds = probabilities(MODEL, features, scores * np.float32(1e20))
    assert np.isfinite(odds).all()
