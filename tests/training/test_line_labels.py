"""Labels of single lines: labels and digests, never the text of others."""

from __future__ import annotations

import re

from dechaff.labels import Label
from training.data import LINE_LABELS


def test_rows_hold_a_page_a_digest_and_a_label() -> None:
    rows = [line.split("\t") for line in LINE_LABELS.read_text().splitlines() if not line.startswith("#")]
    assert len(rows) == len({(page, digest) for page, digest, _ in rows}) > 1000
    for page, digest, label in rows:
        assert page.isalnum()
        assert re.fullmatch("[0-9a-f]{12}", digest)
        assert Label(label)
