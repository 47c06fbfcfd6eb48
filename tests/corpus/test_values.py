"""Values that are odd, and lose neither themselves nor what stands beside them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

import dechaff
from dechaff.corpus import Options, OptionsError, clean
from dechaff.corpus.layout import SAMPLE
from dechaff.corpus.records import CHUNK_DOCUMENTS
from tests.corpus.data import read_jsonl, write_jsonl
from tests.pages import TEXT

pytestmark = pytest.mark.usefixtures("here")

CLEANED = dechaff.clean(TEXT, kind="text").text


def strings(*values: bytes) -> pa.Array:
    """A column of strings, whether they are UTF-8 or not."""
    stored = pa.array(values, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(stored), stored.buffers())


def to_parquet(lines: list[dict[str, Any]], tmp_path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file whose columns were found on lines before all but the first."""
    more = [{"text": "One line."}] * (SAMPLE + CHUNK_DOCUMENTS)
    path = write_jsonl(tmp_path / "in.jsonl", [lines[0], *more, *lines[1:]])
    clean(path, tmp_path / "out.parquet", jobs=1, quiet=True)
    found: list[dict[str, Any]] = pq.read_table(tmp_path / "out.parquet").to_pylist()
    return [found[0], *found[1 + len(more) :]]


def test_later_values_that_a_column_would_change_stand_aside(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"text": TEXT, "meta": {"a": 1, "of": [{"b": 2}]}, "tags": ["one"], "share": 0.5},
        {"text": TEXT, "meta": {"a": 2, "late": "kept"}, "tags": "word", "share": True},
        {"text": TEXT, "meta": {"a": 3, "of": [{"b": 4}, {"c": 5}]}, "tags": ["two"], "share": 1},
        {"text": TEXT, "meta": {"a": 6}},
    ]
    first, *others = to_parquet(lines, tmp_path)
    assert (first["meta"], first["dechaff_rest"]) == (lines[0]["meta"], None)
    assert json.loads(others[0]["dechaff_rest"]) == {"meta": lines[1]["meta"], "tags": "word", "share": True}
    assert [others[0][name] for name in ("meta", "tags", "share")] == [None] * 3
    assert json.loads(others[1]["dechaff_rest"]) == {"meta": lines[2]["meta"]}
    assert (others[1]["tags"], others[1]["share"]) == (["two"], 1.0)
    assert (others[2]["meta"], others[2]["dechaff_rest"]) == ({"a": 6, "of": None}, None)


def test_objects_without_fields(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", [{"text": TEXT, "meta": {}, "of": [{}]}] * 2)
    clean(path, tmp_path / "out.parquet", jobs=1, quiet=True)
    [row, _] = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert json.loads(row["dechaff_rest"]) == {"meta": {}, "of": [{}]}


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
def test_a_text_that_is_no_utf8_is_cleaned_like_its_neighbours(to: str, tmp_path: Path) -> None:
    texts = [*[TEXT.encode()] * 4, b"Caf\xe9. " + TEXT.encode(), *[b""] * 4]
    table = pa.table({"n": [*range(9)], "text": strings(*texts)})
    pq.write_table(table, tmp_path / "in.parquet")
    summary = clean(tmp_path / "in.parquet", tmp_path / f"out.{to}", jobs=1, quiet=True)
    assert (summary.by_status, summary.broken_inputs) == ({"ok": 5, "empty": 4}, 0)
    if to == "jsonl":
        found = [row["text"] for row in read_jsonl(tmp_path / "out.jsonl")]
        assert found[:4] == [CLEANED] * 4
        assert found[4].startswith("Caf\ufffd. ")


def test_other_columns_that_python_has_no_values_for(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": [TEXT, TEXT],
            "url": strings(b"https://a.example/\xe9", b"https://b.example/"),
            "author": strings(b"Andr\xe9", "René".encode()),
            "authors": pa.ListArray.from_arrays([0, 2, 2], strings(b"\xe9", b"b")),
            "of": pa.StructArray.from_arrays([strings(b"\xe9", b"c"), pa.array([10**7, 0], pa.date32())], ["x", "day"]),
            "word": pa.DictionaryArray.from_arrays(pa.array([0, 1]), strings(b"\xe9", b"d")),
            "pairs": pa.MapArray.from_arrays([0, 1, 1], strings(b"k"), strings(b"\xe9")),
            "time": pa.array([10**16, 0], pa.timestamp("ms")),
        }
    )
    feather.write_feather(table, str(tmp_path / "in.arrow"))
    clean(tmp_path / "in.arrow", tmp_path / "out.jsonl", jobs=1, quiet=True)
    first, second = read_jsonl(tmp_path / "out.jsonl")
    assert (first["text"], first["url"], first["author"]) == (CLEANED, "https://a.example/\ufffd", "Andr\ufffd")
    assert (first["authors"], first["of"]) == (["\ufffd", "b"], {"x": "\ufffd", "day": "29349-01-26"})
    assert (first["word"], first["pairs"]) == ("\ufffd", [["k", "\ufffd"]])
    assert "10000000000000000" in first["time"]
    assert (second["author"], second["of"]) == ("René", {"x": "c", "day": "1970-01-01"})
    clean(tmp_path / "in.arrow", tmp_path / "out.csv", jobs=1, quiet=True)
    clean(tmp_path / "in.arrow", tmp_path / "out.arrow", jobs=1, quiet=True)
    kept = feather.read_table(tmp_path / "out.arrow")
    assert kept.column("author").chunk(0)[0].as_buffer() == table.column("author").chunk(0)[0].as_buffer()


def test_columns_without_nulls_and_rows_that_cannot_be_read(tmp_path: Path) -> None:
    schema = pa.schema([pa.field("n", pa.int64(), nullable=False), pa.field("text", pa.string(), nullable=False)])
    path = tmp_path / "in.parquet"
    with pq.ParquetWriter(path, schema, compression="none", use_dictionary=False) as out:
        for start in (0, 4, 8):
            out.write_table(pa.table({"n": [*range(start, start + 4)], "text": [TEXT] * 4}, schema))
    data = bytearray(path.read_bytes())
    place = pq.ParquetFile(path).metadata.row_group(1).column(1).data_page_offset
    data[place : place + 20] = bytes(20)
    path.write_bytes(data)
    clean(path, tmp_path / "out.parquet", jobs=1, quiet=True)
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["n"] for row in found] == [0, 1, 2, 3, None, 8, 9, 10, 11]
    assert found[4]["dechaff_status"] == "error"


def test_times_without_end_are_refused() -> None:
    for wrong in (math.inf, math.nan, 1e300):
        with pytest.raises(OptionsError, match=r"timeout-per-document is .*: give seconds, or 0 for no limit"):
            Options(timeout_per_document=wrong)
