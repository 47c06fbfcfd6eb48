"""Plain documents: what leads away is weighed anew, and nothing else changes."""

from __future__ import annotations

import numpy as np

from dechaff.features.extract import extract
from dechaff.lines.html import lines_of_html
from dechaff.lines.text import lines_of_text
from dechaff.model.network import classified, first_stage, probabilities
from dechaff.model.weights import AWAY, CLASSES
from tests.model.test_network import MODEL
from tests.pages import AD, PARAGRAPHS, TEXT, article

OTHERS = [k for k in range(len(CLASSES)) if k not in AWAY]


def both(page: object) -> tuple[np.ndarray, np.ndarray]:
    """What the network says of a page, and what comes of it."""
    features = extract([page], MODEL["idf"])  # type: ignore[list-item]
    scores = first_stage(MODEL.tables, features)
    return classified(MODEL, features, scores), probabilities(MODEL, features, scores)


def test_pages_with_names_are_left_alone() -> None:
    before, after = both(lines_of_html(article(ad=AD)))
    assert np.array_equal(before, after)


def test_in_plain_documents_only_the_share_that_leads_away_changes() -> None:
    for page in (lines_of_text(TEXT), lines_of_html("".join(f"<p>{text}</p>" for text in PARAGRAPHS))):
        before, after = both(page)
        assert not np.allclose(before, after, atol=0.01)
        assert np.allclose(after.sum(axis=1), 1, atol=1e-3)
        for kind in (AWAY, OTHERS):
            shares = [odds[:, kind] / odds[:, kind].sum(axis=1, keepdims=True) for odds in (before, after)]
            assert np.allclose(*shares, atol=1e-3)
