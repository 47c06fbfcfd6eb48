"""Where texts and other columns go, whatever the rows beside them are."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import dechaff
from dechaff.corpus import clean
from tests.corpus.data import read_jsonl
from tests.pages import TEXT

pytestmark = pytest.mark.usefixtures("here")

CLEANED = dechaff.clean(TEXT, kind="text").text


@pytest.fixture
def with_a_bad_line(tmp_path: Path) -> Path:
    """Rows with a text in `body`, and a line between them that is no JSON."""
    lines = [json.dumps({"id": i, "body": TEXT}) for i in range(4)]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join([*lines[:2], "{not json", *lines[2:]]) + "\n")
    return path


@pytest.mark.parametrize("to", ["parquet", "arrow"])
def test_a_bad_line_leaves_the_texts_of_its_neighbours_alone(to: str, with_a_bad_line: Path, tmp_path: Path) -> None:
    clean(with_a_bad_line, tmp_path / "out", to=to, text_field="body", jobs=1, quiet=True)
    [part] = (tmp_path / "out").glob("part-*")
    found = (pq.read_table(part) if to == "parquet" else pa_table(part)).to_pylist()
    assert [row["body"] for row in found] == [CLEANED, CLEANED, None, CLEANED, CLEANED]
    assert "text" not in found[0]


def pa_table(path: Path) -> pa.Table:
    with pa.ipc.open_file(path) as file:
        return file.read_all()


def test_a_bad_line_adds_no_column(with_a_bad_line: Path, tmp_path: Path) -> None:
    clean(with_a_bad_line, tmp_path / "out.jsonl", text_field="body", jobs=1, quiet=True)
    assert [row.get("body") for row in read_jsonl(tmp_path / "out.jsonl")] == [CLEANED, CLEANED, None, CLEANED, CLEANED]
    assert not any("text" in row for row in read_jsonl(tmp_path / "out.jsonl"))
    clean(with_a_bad_line, tmp_path / "out.csv", text_field="body", jobs=1, quiet=True)
    assert (tmp_path / "out.csv").read_text().startswith("id,body,dechaff_title")


def test_rows_whose_texts_go_to_different_columns(tmp_path: Path) -> None:
    lines = [{"text": TEXT}, {"html": f"<p>{TEXT}</p>", "text": "a summary"}, {"content": TEXT}, {"title": "none"}]
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    clean(path, tmp_path / "out.parquet", kind="text", jobs=1, quiet=True)
    first, second, third, fourth = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (first["text"], first["html"], first["content"]) == (CLEANED, None, None)
    assert (second["html"][:20], second["text"]) == (f"<p>{TEXT}"[:20], "a summary")
    assert third["content"] == CLEANED
    assert (fourth["title"], fourth["dechaff_status"]) == ("none", "error")


def test_a_row_without_the_document_keeps_a_field_that_is_called_like_the_output(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(f'{{"html": "<p>{TEXT[:40]}</p>"}}\n{{"text": "mine"}}\n')
    clean(path, tmp_path / "out.jsonl", html_field="html", jobs=1, quiet=True)
    row = read_jsonl(tmp_path / "out.jsonl")[1]
    assert (row["text"], row["dechaff_input_text"], row["dechaff_status"]) == (None, "mine", "error")


def test_the_output_field_holds_for_files_of_pages_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    clean(tmp_path / "a.txt", tmp_path / "out.jsonl", output_field="cleaned", jobs=1, quiet=True)
    [row] = read_jsonl(tmp_path / "out.jsonl")
    assert row["cleaned"] == CLEANED
