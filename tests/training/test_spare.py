"""Lines that were written and are not learned from yet: whole, of known kinds, and none that is measured on."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.data import LINES, read_jsonl

SPARE = LINES.parent / "spare"
FILES = sorted(SPARE.glob("*.jsonl"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_lines_are_of_known_kinds_and_never_twice(path: Path) -> None:
    rows = [*read_jsonl(path)]
    assert all(row.keys() == {"text", "label", "style", "lang"} for row in rows)
    assert {row["label"] for row in rows} <= {"ad", "self_promotion", "teaser", "content"}
    assert len({row["text"].lower() for row in rows}) == len(rows) > 250


def test_no_line_is_measured_on_but_stock_phrases() -> None:
    held_out = {row["text"].lower() for row in read_jsonl(LINES.parent / "lines_held_out.jsonl")}
    both = [row["text"] for path in FILES for row in read_jsonl(path) if row["text"].lower() in held_out]
    assert len(both) < 5
    assert all(len(text.split()) <= 4 for text in both)


def test_orders_are_marked_and_none_is_measured_on() -> None:
    lines = [line for line in (SPARE / "orders.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert all(line.startswith(("+ ", "- ")) for line in lines)
    assert len(set(lines)) == len(lines)
    for name in ("orders_held_out.txt", "orders_held_out_implied.txt"):
        assert set((LINES.parent / name).read_text(encoding="utf-8").splitlines()).isdisjoint(lines)
