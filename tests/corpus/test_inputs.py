"""Inputs that are damaged, do not fit each other, or are not what they seem."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

import dechaff
from dechaff.corpus import CorpusError, OptionsError, clean
from dechaff.corpus.files import packed
from tests.corpus.data import page, read_jsonl, write_csv, write_jsonl, write_parquet
from tests.pages import TEXT

pytestmark = pytest.mark.usefixtures("here")

CLEANED = dechaff.clean(TEXT, kind="text").text


def run(*inputs: Path, output: Path, **options: Any) -> Any:
    return clean(inputs, output, jobs=1, quiet=True, **options)


# Tables that do not fit each other


def tables(tmp_path: Path, *columns: Any) -> list[Path]:
    """Parquet files whose columns `x` have the given values."""
    paths = [tmp_path / f"{i}.parquet" for i in range(len(columns))]
    for path, values in zip(paths, columns, strict=True):
        pq.write_table(pa.table({"text": [TEXT] * len(values), "x": values}), path)
    return paths


@pytest.mark.parametrize("name", ["out.parquet", "out.arrow"])
@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (([1, 2], ["a"]), ["1", "2", "a"]),
        (([1], [True], [0.5]), ["1", "true", "0.5"]),
        ((["a"], pa.array(["b", "b"]).dictionary_encode()), ["a", "b", "b"]),
        (([1, 2], [1.5]), [1.0, 2.0, 1.5]),
        (([2**53 + 1], [1], [0.5]), ["9007199254740993", "1", "0.5"]),
        ((pa.array([2**64 - 1], pa.uint64()), [-1]), ["18446744073709551615", "-1"]),
        ((pa.array([3], pa.uint64()), [-1]), [3, -1]),
        ((pa.array(["a", "b"]).dictionary_encode(), pa.array(["c"]).dictionary_encode()), ["a", "b", "c"]),
        (([["a"]], [[], []]), [["a"], [], []]),
        (([{"a": 1}], [{"b": "c"}]), [{"a": 1, "b": None}, {"a": None, "b": "c"}]),
    ],
)
def test_columns_of_other_types_become_one(columns: Any, expected: list[Any], name: str, tmp_path: Path) -> None:
    run(*tables(tmp_path, *columns), output=tmp_path / name)
    found = pq.read_table(tmp_path / name) if name.endswith("parquet") else feather.read_table(tmp_path / name)
    assert found.column("x").to_pylist() == expected
    assert found.column("text").to_pylist() == [CLEANED] * len(expected)


def test_columns_that_cannot_become_one_are_refused_at_once(tmp_path: Path) -> None:
    paths = tables(tmp_path, [1, 2], [["a"]])
    with pytest.raises(CorpusError, match=r"column 'x' is int64 in one input and list<.* in another: name a folder"):
        run(*paths, output=tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet.dechaff" / "run.json").exists()
    run(*paths, output=tmp_path / "out.jsonl")
    assert [row["x"] for row in read_jsonl(tmp_path / "out.jsonl")] == [1, 2, ["a"]]


# Names of columns


def test_columns_of_the_same_name_are_all_kept(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('id,tag,text,tag\n1,x,"A line, of text.",y\n2,z\n')
    run(tmp_path / "in.csv", output=tmp_path / "out.jsonl")
    first, second = read_jsonl(tmp_path / "out.jsonl")
    assert (first["tag"], first["tag_2"], second["tag"], second["tag_2"]) == ("x", "y", "z", None)
    table = pa.Table.from_arrays([pa.array([TEXT]), pa.array([1]), pa.array(["b"])], names=["text", "a", "a"])
    pq.write_table(table, tmp_path / "in.parquet")
    run(tmp_path / "in.parquet", output=tmp_path / "out.parquet")
    [row] = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (row["a"], row["a_2"], row["text"]) == (1, "b", CLEANED)


def test_a_row_that_is_too_long_takes_no_other_columns_place(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text,unnamed\nA line of text,mine,more,and more\n")
    run(tmp_path / "in.csv", output=tmp_path / "out.jsonl")
    [row] = read_jsonl(tmp_path / "out.jsonl")
    assert (row["unnamed"], row["unnamed_2"]) == ("mine", "more,and more")


@pytest.mark.parametrize("name", ["csv", "tsv", "parquet", "jsonl"])
def test_what_was_cleaned_can_be_cleaned_again(name: str, tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [{"n": i, "text": TEXT} for i in range(3)]
    write_jsonl(tmp_path / "in.jsonl", [*lines, {"n": 3, "text": 5}, {"n": 4, "text": TEXT, "late": 1}])
    run(tmp_path / "in.jsonl", output=tmp_path / f"once.{name}")
    run(tmp_path / f"once.{name}", output=tmp_path / f"twice.{name}")
    run(tmp_path / f"twice.{name}", output=tmp_path / "read.jsonl", prefix="again_")
    if name in ("csv", "tsv"):
        with (tmp_path / f"twice.{name}").open(newline="") as file:
            header, *_ = csv.reader(file, delimiter="\t" if name == "tsv" else ",")
        assert len(header) == len({*header})
    rows = read_jsonl(tmp_path / "read.jsonl")
    assert [row["text"] or "" for row in rows] == [CLEANED, CLEANED, CLEANED, "", CLEANED]
    assert [row["dechaff_status"] for row in rows] == ["ok", "ok", "ok", "empty", "ok"]
    assert all(row["dechaff_flags"] in ([], "[]") for row in rows)  # those of the second time


def test_scores_of_an_earlier_time_do_not_stay_with_a_row_that_failed(tmp_path: Path) -> None:
    lines = [{"text": TEXT}, {"text": "word " * 2000}]
    run(write_jsonl(tmp_path / "in.jsonl", lines), output=tmp_path / "once.csv")
    run(tmp_path / "once.csv", output=tmp_path / "twice.csv", max_document_bytes=2000)
    with (tmp_path / "twice.csv").open(newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["dechaff_status"], second["dechaff_status"]) == ("ok", "error")
    assert (first["dechaff_trust"] != "", second["dechaff_trust"]) == (True, "")


# Rows of CSV


def test_a_field_that_is_too_long_is_a_row_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [{"id": str(i), "text": TEXT * 9 if i in (1, 3) else TEXT, "n": str(i)} for i in range(5)]
    write_csv(tmp_path / "in.csv", lines)
    summary = run(tmp_path / "in.csv", output=tmp_path / "out.jsonl", max_document_bytes=len(TEXT) + 10)
    rows = read_jsonl(tmp_path / "out.jsonl")
    assert [row["n"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert [row["dechaff_status"] for row in rows] == ["ok", "error", "ok", "error", "ok"]
    assert "more than max-document-bytes" in rows[1]["dechaff_error"]
    assert summary.broken_inputs == 0


def test_a_quote_that_is_never_closed_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('id,text\n1,A line of text.\n2,"' + "x" * 5000)
    summary = run(tmp_path / "in.csv", output=tmp_path / "out.jsonl", max_document_bytes=100)
    first, second = read_jsonl(tmp_path / "out.jsonl")
    assert (first["id"], second["dechaff_status"], summary.broken_inputs) == ("1", "error", 1)
    assert "cannot be read to its end: field larger" in second["dechaff_error"]


# Samples


def test_a_field_that_the_first_rows_lack(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", [{"id": i} for i in range(200)] + [{"id": 200, "body": TEXT}])
    summary = run(path, output=tmp_path / "out.jsonl", text_field="body")
    assert summary.by_status == {"error": 200, "ok": 1}


# JSON that is no JSON lines


@pytest.mark.parametrize("name", ["in.json", "in.jsonl", "in.json.gz"])
@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([{"text": TEXT}, {"text": TEXT}], "is one JSON array"),
        ({"text": TEXT}, "holds an object over several lines"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_json_that_is_no_json_lines_is_refused(
    document: Any, says: str, indent: int | None, name: str, tmp_path: Path
) -> None:
    import gzip

    data = json.dumps(document, indent=indent).encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    if isinstance(document, dict) and indent is None:
        assert run(tmp_path / name, output=tmp_path / "out.jsonl").by_status == {"ok": 1}
        return
    with pytest.raises(OptionsError, match=f"{name} {says}"):
        run(tmp_path / name, output=tmp_path / "out.jsonl")


# Folders


def test_folders_are_read_without_what_dechaff_wrote_before(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    write_jsonl(source / "a.jsonl", [{"text": TEXT}] * 2)
    run(source / "a.jsonl", output=source / "a.parquet", removed=True, attributes=True)
    (source / "mine.dechaff").mkdir()
    write_jsonl(source / "mine.dechaff" / "b.jsonl", [{"text": TEXT}])
    summary = run(source, output=tmp_path / "out.jsonl")
    assert {Path(row["dechaff_place"].partition("@")[0]).name for row in read_jsonl(tmp_path / "out.jsonl")} == {
        "a.jsonl",
        "a.parquet",
        "b.jsonl",
    }
    assert summary.documents == 5


@pytest.mark.parametrize("output", ["out", "out.jsonl"])
def test_patterns_do_not_match_what_dechaff_wrote(output: str, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", [{"text": TEXT}] * 2)
    options: dict[str, Any]
    for options in ({}, {"resume": True}, {"overwrite": True}):
        summary = run(tmp_path / "**" / "*.jsonl", output=tmp_path / output, removed=True, **options)
        assert summary.documents == 2, options
    assert [*tmp_path.rglob("removed/*.jsonl")]
    summary = run(tmp_path / "**" / "*.jsonl", output=tmp_path / "another")
    assert summary.documents == 4  # what was read, and what was written


def test_what_a_folder_has_and_is_not_read_is_counted(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for name in ("a.html", "_about.html", ".hidden.html"):
        (source / name).write_text(page(0))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.html").write_text(page(1))
    (source / "link").symlink_to(tmp_path / "other", target_is_directory=True)
    summary = run(source, output=tmp_path / "out.jsonl")
    assert (summary.documents, summary.passed_files) == (1, 2)


# Rules that drop rows of tables


@pytest.mark.parametrize(("rule", "stay"), [("trust=0", 3), ("content_share=1.1", 0)])
@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
def test_rules_may_drop_no_row_or_all(rule: str, stay: int, name: str, tmp_path: Path) -> None:
    [path] = tables(tmp_path, [1, 2, 3])
    summary = run(path, output=tmp_path / name, drop_below=[rule])
    assert (summary.by_status.get("ok", 0), [*summary.failed_shards]) == (stay, [])
    found = read_jsonl(tmp_path / name) if name == "out.jsonl" else pq.read_table(tmp_path / name).to_pylist()
    assert [row["x"] for row in found] == [1, 2, 3][:stay]


# Values that JSON has no words for


@pytest.mark.parametrize("name", ["in.jsonl", "in.parquet"])
def test_numbers_that_are_none_become_null_in_json(name: str, tmp_path: Path) -> None:
    values = [float("nan"), float("inf")]
    if name == "in.jsonl":
        (tmp_path / name).write_text('{"text": "One", "x": NaN, "y": {"z": [1e400, 1.5]}}\n')
    else:
        pq.write_table(pa.table({"text": ["One"], "x": values[:1], "y": [{"z": [values[1], 1.5]}]}), tmp_path / name)
    run(tmp_path / name, output=tmp_path / "out.jsonl")
    assert "NaN" not in (tmp_path / "out.jsonl").read_text()
    [row] = read_jsonl(tmp_path / "out.jsonl")
    assert (row["x"], row["y"]) == (None, {"z": [None, 1.5]})
    run(tmp_path / name, output=tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["y"] == '{"z": [null, 1.5]}'


# Byte order marks


def test_a_byte_order_mark_hides_no_json_lines(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "bom.json").write_bytes(b"\xef\xbb\xbf" + json.dumps({"text": TEXT}).encode() + b"\n")
    assert run(source, output=tmp_path / "out.jsonl").by_status == {"ok": 1}


# Files that are cut off


@pytest.mark.parametrize("packing", ["gz", "zst", "xz"])
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_what_stands_before_a_cut_is_read(kind: str, packing: str, tmp_path: Path) -> None:
    noise = random.Random(1)
    lines = [{"text": "One line of text.", "noise": noise.randbytes(1000).hex()} for _ in range(120)]
    plain = (write_jsonl if kind == "jsonl" else write_csv)(tmp_path / f"whole.{kind}", lines).read_bytes()
    path = tmp_path / f"in.{kind}.{packing}"
    with path.open("wb") as file, packed(file, packing) as out:
        out.write(plain)
    path.write_bytes(path.read_bytes()[:-100])
    summary = run(path, output=tmp_path / "out.jsonl")
    assert (summary.broken_inputs, summary.by_status["error"]) == (1, 1)
    assert summary.by_status["ok"] >= 50


# Columns that are called like others


@pytest.mark.parametrize("name", ["in.jsonl", "in.parquet"])
def test_every_column_that_is_called_like_an_output_is_kept(name: str, tmp_path: Path) -> None:
    row = {"html": page(0), "text": "original", "dechaff_input_text": "older"}
    write = write_jsonl if name == "in.jsonl" else write_parquet
    write(tmp_path / name, [row])
    for output in ("out.jsonl", "out.parquet"):
        run(tmp_path / name, output=tmp_path / output)
    for [found] in (read_jsonl(tmp_path / "out.jsonl"), pq.read_table(tmp_path / "out.parquet").to_pylist()):
        assert (found["dechaff_input_text"], found["dechaff_input_text_2"]) == ("older", "original")
        assert found["text"] == dechaff.clean(page(0)).text


@pytest.mark.parametrize("name", ["in.jsonl", "in.parquet"])
def test_a_field_inside_another_that_is_the_output_is_not_there_twice(name: str, tmp_path: Path) -> None:
    write = write_jsonl if name == "in.jsonl" else write_parquet
    write(tmp_path / name, [{"meta": {"body": TEXT, "n": 1}}])
    run(tmp_path / name, output=tmp_path / "out.jsonl", text_field="meta.body", output_field="meta.body")
    [row] = read_jsonl(tmp_path / "out.jsonl")
    assert (row["meta"], row["meta.body"]) == ({"n": 1}, CLEANED)


@pytest.mark.parametrize("name", ["in.jsonl", "in.parquet", "in.csv"])
def test_a_row_whose_page_is_empty_may_have_a_text(name: str, tmp_path: Path) -> None:
    lines = [{"html": page(0), "text": "mine"}, {"html": None, "text": TEXT}, {"html": "", "text": TEXT}]
    lines.append({"html": "", "text": None})
    write: dict[str, Callable[[Path, Any], Path]]
    write = {"in.jsonl": write_jsonl, "in.parquet": write_parquet, "in.csv": write_csv}
    write[name](tmp_path / name, lines)
    run(tmp_path / name, output=tmp_path / "out.jsonl")
    rows = read_jsonl(tmp_path / "out.jsonl")
    assert [row["text"] for row in rows] == [dechaff.clean(page(0)).text, CLEANED, CLEANED, ""]
    assert [row["dechaff_input_text"] or None for row in rows] == ["mine", TEXT, TEXT, None]
    run(tmp_path / name, output=tmp_path / "pages.jsonl", html_field="html")
    assert [row["text"] for row in read_jsonl(tmp_path / "pages.jsonl")][1:] == ["", "", ""]
