"""Where texts and other columns go, whatever the rows beside them are."""

from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import dechaff
from dechaff.corpus import OptionsError, clean
from dechaff.corpus.layout import SAMPLE
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


@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.csv.gz"])
def test_line_ends_inside_of_rows_and_names(name: str, tmp_path: Path) -> None:
    """One part or more: what is read is what was written."""
    notes, path = ["a\rb", "a\nb", "a\r\n", "\r", "plain"], tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"te\nxt": TEXT, "no\rte": note}) + "\n" for note in notes))
    clean(path, tmp_path / name, text_field="te\nxt", jobs=1, quiet=True, shard_bytes=path.stat().st_size // 3)
    opener = gzip.open if name.endswith("gz") else open
    with opener(tmp_path / name, "rt", newline="", encoding="utf-8") as file:
        found = [*csv.DictReader(file, delimiter="\t" if "tsv" in name else ",")]
    assert [row["no\rte"] for row in found] == notes
    assert [row["te\nxt"] for row in found] == [CLEANED] * len(notes)
    options = pyarrow.csv.ParseOptions(newlines_in_values=True, delimiter="\t" if "tsv" in name else ",")
    assert pyarrow.csv.read_csv(tmp_path / name, parse_options=options).num_rows == len(notes)


def test_rows_take_their_name_when_all_else_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named, replace = [], os.replace

    def traced(old: str, new: str) -> None:
        named.append(Path(new).parent.name)
        replace(old, new)

    monkeypatch.setattr(os, "replace", traced)
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": TEXT}) + "\n")
    options = {"removed": True, "attributes": True, "drop_below": ["trust=0"]}
    clean(tmp_path / "in.jsonl", tmp_path / "out", jobs=1, quiet=True, **options)  # type: ignore[arg-type]
    last = named.index("out")
    assert {*named[:last]} >= {"removed", "attributes", "dropped"}
    assert not {*named[last:]} & {"removed", "attributes", "dropped"}


@pytest.mark.parametrize("column", ["title", "status", "error", "scores", "place", "rest", "trust"])
def test_without_a_prefix_columns_of_the_rows_stay(column: str, tmp_path: Path) -> None:
    lines = [json.dumps({"text": TEXT, "n": i}) for i in range(2)]
    path, mine = tmp_path / "in.jsonl", json.dumps({"text": TEXT, column: "mine"})
    path.write_text("\n".join([mine, *lines]))
    says = f"columns of their own named {column}: rename them, or give another prefix"
    with pytest.raises(OptionsError, match=says):
        clean(path, tmp_path / "out.csv", prefix="", jobs=1, quiet=True)
    assert not (tmp_path / "out.csv.dechaff").exists()
    if column in ("rest", "trust"):  # in JSON lines nothing of ours is called so
        clean(path, tmp_path / "free.jsonl", prefix="", jobs=1, quiet=True)
        assert read_jsonl(tmp_path / "free.jsonl")[0][column] == "mine"
    assert clean(path, tmp_path / "out.jsonl", prefix="d_", jobs=1, quiet=True).documents == 3
    path.write_text("\n".join(lines))
    clean(path, tmp_path / "out.csv", prefix="", jobs=1, quiet=True)
    assert (tmp_path / "out.csv").read_text().startswith("text,n,title,status,")


def test_without_a_prefix_late_columns_of_the_rows_stay(tmp_path: Path) -> None:
    """Those that come after the rows that are looked at stop the run."""
    lines = [json.dumps({"text": "A line."})] * (SAMPLE + 100) + [json.dumps({"text": "A line.", "title": "mine"})]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    with pytest.raises(OptionsError, match="columns of their own named title"):
        clean(tmp_path / "in.jsonl", tmp_path / "out.jsonl", prefix="", jobs=1, quiet=True)
    assert not (tmp_path / "out.jsonl").exists()


def test_an_arrow_file_of_batches_with_dictionaries_of_their_own(tmp_path: Path) -> None:
    for name, words in (("a", ["x", "y"]), ("b", ["z", None])):
        pq.write_table(pa.table({"text": [TEXT] * 2, "w": pa.array(words).dictionary_encode()}), tmp_path / name)
    clean([tmp_path / "a", tmp_path / "b"], tmp_path / "out.arrow", jobs=1, quiet=True)
    assert pa_table(tmp_path / "out.arrow").column("w").to_pylist() == ["x", "y", "z", None]
