"""The network that is trained is the one that runs."""

from __future__ import annotations

import numpy as np
import pytest

from dechaff.features.extract import extract
from dechaff.lines.html import lines_of_html
from dechaff.lines.text import lines_of_text
from dechaff.model.network import classified, first_stage
from dechaff.model.weights import BUCKETS, CLASSES, NAME_BUCKETS, Model, packed

torch = pytest.importorskip("torch", reason="the extra training is not installed")


def test_torch_and_numpy_give_the_same_probabilities() -> None:
    from training.network import Network, batch_of

    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    tables = {
        "words": rng.integers(-99, 99, (BUCKETS, len(CLASSES))).astype(np.int8),
        "word_scale": np.full(len(CLASSES), 0.01, np.float32),
        "word_bias": rng.normal(size=len(CLASSES)).astype(np.float32),
        "names": rng.integers(-99, 99, (NAME_BUCKETS, len(CLASSES))).astype(np.int8),
        "name_scale": np.full(len(CLASSES), 0.01, np.float32),
    }
    idf = rng.uniform(1, 9, BUCKETS).astype(np.float32)
    network = Network().eval()
    page = "<nav class=top><a href=/>Home</a></nav>" + "".join(f"<p>Line {i} of the page.</p>" for i in range(30))
    batch = [lines_of_html(page), lines_of_text("One line.\n\nAnother one.")]
    features = extract(batch, idf)
    total = int(features.starts[-1])
    with torch.no_grad():
        logits = network(batch_of(features, packed(tables), np.zeros(total, np.int64), np.zeros(total, np.float32)))
        expected = torch.softmax(logits, dim=1).numpy()
    model = Model({**tables, "idf": idf, **network.arrays()}, {})
    found = classified(model, features, first_stage(model.tables, features))
    assert np.allclose(found, expected, atol=1e-4)
