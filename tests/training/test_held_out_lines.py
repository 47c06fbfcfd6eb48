"""Held-out lines measure, and nothing else."""

from __future__ import annotations

from pathlib import Path

from dechaff.labels import FLAGGED, Label
from training.data import read_jsonl

TRAINING = Path(__file__).parent.parent.parent / "training"
ROWS = [*read_jsonl(TRAINING / "lines_held_out.jsonl")]
TRAINED_ON = [TRAINING / "tactics.txt", TRAINING / "orders.txt", *sorted((TRAINING / "pages").glob("*.html"))]

#: Lines of so many words do not come about twice; shorter ones are set phrases, as “You may also like”.
LONG = 6


def test_each_line_stands_once_with_a_label() -> None:
    assert {Label(row["label"]) for row in ROWS} == FLAGGED - {Label.OFF_TOPIC} | {Label.CONTENT}
    assert len(ROWS) == len({row["text"] for row in ROWS})


def test_no_line_is_trained_on() -> None:
    trained_on = "\n".join(path.read_text(encoding="utf-8") for path in TRAINED_ON)
    long = [row["text"] for row in ROWS if len(row["text"].split()) >= LONG]
    assert len(long) > len(ROWS) / 2
    assert not [line for line in long if line in trained_on]
