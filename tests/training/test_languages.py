"""Lines and documents written in other languages than English: whole, of known kinds, and never twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from training.data import DOCUMENTS, LINES, read_jsonl

FILES = sorted(LINES.glob("*.jsonl"))
TEXTS = sorted(DOCUMENTS.glob("*.txt"))
LABELS = {"ad", "self_promotion", "teaser", "content"}


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_lines_say_what_they_are(path: Path) -> None:
    rows = [*read_jsonl(path)]
    assert {row["label"] for row in rows} == LABELS
    assert {row["lang"] for row in rows} == {path.stem}
    texts = [" ".join(row["text"].split()) for row in rows]
    assert len(set(texts)) == len(texts) > 250
    assert all(row["style"].replace("_", "").isalpha() for row in rows)


def test_each_language_has_lines_and_documents() -> None:
    assert {path.stem for path in FILES} == {path.stem.split("_")[0] for path in TEXTS}


@pytest.mark.parametrize("path", TEXTS, ids=[path.stem for path in TEXTS])
def test_documents_are_main_text_in_paragraphs(path: Path) -> None:
    assert re.fullmatch(r"[a-z]{2}_\d\d", path.stem)
    text = path.read_text(encoding="utf-8")
    assert len(re.split(r"\n\s*\n", text.strip())) >= 5
    assert 200 <= len(text.split()) <= 600
