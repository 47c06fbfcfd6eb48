"""Held-out lines measure, and nothing else."""

from __future__ import annotations

from pathlib import Path

from dechaff.labels import FLAGGED, Label
from training.styles import read_held_out_lines

TRAINING = Path(__file__).parent.parent.parent / "training"
TRAINED_ON = [TRAINING / "tactics.txt", TRAINING / "orders.txt", *sorted((TRAINING / "pages").glob("*.html"))]

#: Lines of so many words do not come about twice; shorter ones are set phrases, as “You may also like”.
LONG = 6


def test_each_held_out_line_is_read_once_with_its_label() -> None:
    styles = read_held_out_lines()
    labels = {style.name: Label(style.name.split(",")[0]) for style in styles}
    assert all(style.leads_away == (labels[style.name] in FLAGGED) for style in styles)
    lines = [line for style in styles for line in style.lines]
    assert len(lines) == len(set(lines)) > 1400


def test_no_held_out_line_is_trained_on() -> None:
    trained_on = "\n".join(path.read_text(encoding="utf-8") for path in TRAINED_ON)
    long = [line for style in read_held_out_lines() for line in style.lines if len(line.split()) >= LONG]
    assert not [line for line in long if line in trained_on]
