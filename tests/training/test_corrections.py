"""Corrections saved from a report, as training reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dechaff
from tests.pages import AD, PARAGRAPHS, article
from training.corrections import Marked, read_corrections, read_marks
from training.labels import UNKNOWN, mask

PAGE = article(ad=AD)


def saved(folder: Path, *changes: tuple[str, dict[str, Any]]) -> Path:
    """A file of corrections of the lines with some texts, as the report writes it."""
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    lines = {line.text: line for line in dechaff.clean(PAGE).lines}
    rows = []
    for text, change in changes:
        line = lines[text]
        row = {
            "file": "page.html",
            "url": None,
            "kind": "html",
            "line": line.index,
            "start": line.start,
            "end": line.end,
        }
        rows.append({**row, "text": text, "was": line.label.value, "in_body": line.in_body, **change})
    path = folder / "corrections.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_lines_get_what_was_said_of_them(tmp_path: Path) -> None:
    path = saved(
        tmp_path, (AD, {"label": "ad"}), (AD, {"label": "self_promotion"}), (PARAGRAPHS[2], {"label": "content"})
    )
    (found,) = read_corrections(path)
    targets = dict(zip(found.lines.texts, found.targets, strict=True))
    assert targets.pop(AD) == mask("self_promotion")  # the last word counts
    assert targets.pop(PARAGRAPHS[2]) == mask("content")
    assert set(targets.values()) == {UNKNOWN}
    assert [text for text, inside in zip(found.lines.texts, found.in_body, strict=True) if inside] == [
        text for text in found.lines.texts if text in (AD, PARAGRAPHS[2])
    ]


def test_what_fits_no_line_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(
        tmp_path, (AD, {"label": "ad", "text": "Gone by now"}), (PARAGRAPHS[0], {"label": "content", "start": 1})
    )
    (found,) = read_corrections(path)
    assert sum(target != UNKNOWN for target in found.targets) == 1
    assert "1 corrections of page.html fit no line" in capsys.readouterr().err


def test_tactics_come_with_a_label_or_alone(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        (AD, {"tactics": ["scare"]}),
        (AD, {"label": "ad", "tactics": ["urgency", "giveaway"]}),
        (PARAGRAPHS[0], {"tactics": []}),
        (PARAGRAPHS[1], {"label": "content"}),
    )
    assert [*read_marks(path)] == [
        Marked(AD, frozenset({"urgency", "giveaway"}), True),  # the last word counts
        Marked(PARAGRAPHS[0], frozenset(), False),
    ]
    (found,) = read_corrections(path)
    targets = dict(zip(found.lines.texts, found.targets, strict=True))
    assert (targets[AD], targets[PARAGRAPHS[0]], targets[PARAGRAPHS[1]]) == (mask("ad"), UNKNOWN, mask("content"))


def test_a_page_of_which_only_tactics_were_said_has_no_labels(tmp_path: Path) -> None:
    assert [*read_corrections(saved(tmp_path, (AD, {"tactics": ["scare"]})))] == []


@pytest.mark.parametrize(
    "change",
    [{"label": "hidden"}, {"label": "nonsense"}, {"kind": "pdf"}, {"file": ""}, {"tactics": ["flattery"]}],
)
def test_a_row_that_is_none_is_an_error(change: dict[str, Any], tmp_path: Path) -> None:
    path = saved(tmp_path, (AD, {"label": "ad", **change}))
    with pytest.raises(ValueError, match="line 1"):
        [*read_corrections(path)]
