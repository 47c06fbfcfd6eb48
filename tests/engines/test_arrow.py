"""Arrow in, Arrow out: one row for every row, with one schema, whatever the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import dechaff
from dechaff import arrow
from dechaff.arrow import clean_batches, clean_table, schema
from dechaff.cleaner import Cleaner
from dechaff.engines.columns import VALUES
from tests.pages import AD, PARAGRAPHS, TEXT, TITLE, article

PAGE = article(ad=AD)
CLEANED = "\n\n".join(PARAGRAPHS)


def pages(count: int = 3, **columns: Any) -> pa.Table:
    return pa.table({"id": [*range(count)], "html": [PAGE] * count, **columns})


def only(table: pa.Table) -> dict[str, Any]:
    [row] = table.to_pylist()
    return dict(row)


# What a row holds


def test_a_page_is_cleaned() -> None:
    row = only(clean_table(pages(1)))
    result = dechaff.clean(PAGE)
    assert row["text"] == result.text == CLEANED
    assert (row["id"], row["dechaff_status"], row["dechaff_error"], row["dechaff_title"]) == (0, "ok", None, TITLE)
    assert row["dechaff_scores"] == result.scores.to_dict()
    flags = [{k: v for k, v in flag.to_dict().items() if k != "reasons"} for flag in result.flags]
    assert row["dechaff_flags"] == flags != []
    assert "html" not in row


def test_schema_is_that_of_what_comes_out() -> None:
    table = pages(2)
    for options in ({}, {"prefix": ""}, {"keep_document": True}, {"columns": [*VALUES]}):
        assert clean_table(table, **options).schema == schema(table.schema, **options)


def test_every_score_has_a_place() -> None:
    scores = schema(pages(0).schema).field("dechaff_scores").type
    assert [field.name for field in scores] == [*dechaff.PageScores().to_dict()]


def test_all_columns() -> None:
    row = only(clean_table(pages(1), columns=[*VALUES], prefix="x_"))
    result = dechaff.clean(PAGE)
    assert row["x_source"] == result.source
    assert row["x_markdown"] == result.to_markdown()
    assert row["x_html"] == result.to_html()
    assert row["x_json"] == result.to_json()
    assert row["x_kind"] == "html"


def test_other_columns_pass_untouched() -> None:
    more = pa.array([{"a": [1, None]}, None, {"a": []}], pa.struct({"a": pa.list_(pa.int8())}))
    when = pa.array([0, None, 5], pa.timestamp("ms", tz="Europe/Oslo"))
    table = pages(3, more=more, when=when).replace_schema_metadata({"own": "kept", "huggingface": "stale"})
    cleaned = clean_table(table)
    assert cleaned.column("more").combine_chunks() == more
    assert cleaned.column("when").combine_chunks() == when
    assert cleaned.schema.metadata == {b"own": b"kept"}


def test_text_stands_in_the_text_field() -> None:
    row = only(clean_table(pa.table({"m": [0], "body": [TEXT], "n": [1]}), text_field="body"))
    assert row["body"] == CLEANED
    assert [*row][:4] == ["m", "body", "n", "dechaff_title"]


def test_documents_can_stay() -> None:
    row = only(clean_table(pages(1), keep_document=True, columns=["flags"]))
    assert row["html"] == PAGE
    assert row["dechaff_flags"][0]["label"] == "ad"


@pytest.mark.parametrize("name", arrow.USUAL_FIELDS)
def test_usual_fields_are_found(name: str) -> None:
    assert only(clean_table(pa.table({"id": [1], name: [PAGE]})))["dechaff_status"] == "ok"


def test_options_reach_the_cleaner() -> None:
    row = only(clean_table(pages(1), keep={"content", "ad"}, strictness="strict"))
    assert row["text"] == Cleaner(keep={"content", "ad"}, strictness="strict").clean(PAGE).text
    thresholds = {"ad": (0.01, None)}
    assert AD in only(clean_table(pages(1), thresholds=thresholds))["text"]


# Types of the documents' column


@pytest.mark.parametrize(
    "type_",
    [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()],
    ids=str,
)
def test_types(type_: pa.DataType) -> None:
    document = PAGE if "string" in str(type_) else PAGE.encode()
    rows = clean_table(pa.table({"html": pa.array([document, None], type_)}), columns=["text", "status"]).to_pylist()
    assert rows == [{"text": CLEANED, "dechaff_status": "ok"}, {"text": None, "dechaff_status": "error"}]


def test_dictionary() -> None:
    column = pa.array([PAGE, PAGE]).dictionary_encode()
    assert clean_table(pa.table({"html": column})).column("text").to_pylist() == [CLEANED] * 2


def test_nested_field() -> None:
    table = pa.table({"page": [{"raw": {"html": PAGE}, "n": 1}, {"raw": None, "n": 2}]})
    first, second = clean_table(table, html_field="page.raw.html").to_pylist()
    assert (first["text"], first["page"]) == (CLEANED, {"raw": {"html": PAGE}, "n": 1})
    assert second["dechaff_error"] == "no document"
    assert "text" in clean_table(pa.table({"a": [{"b": TEXT}]}), text_field="a.b").column_names


def test_a_name_with_a_dot() -> None:
    assert only(clean_table(pa.table({"page.html": [PAGE]}), html_field="page.html"))["text"] == CLEANED


def test_strings_that_are_not_utf8() -> None:
    broken = pa.array([b"<p>The council met at the caf\xe9 on Monday.</p>", None, PAGE.encode()]).view(pa.string())
    first, second, third = clean_table(pa.table({"html": broken})).to_pylist()
    assert "caf\ufffd" in first["text"]
    assert (second["dechaff_status"], third["text"]) == ("error", CLEANED)


# Rows


def test_one_row_for_every_row_in_order() -> None:
    documents = [
        None if i % 7 == 3 else "" if i % 5 == 0 else f"<p>{PARAGRAPHS[i % 6]} Day {i}.</p>" for i in range(100)
    ]
    table = pa.table({"id": [*range(100)], "html": documents})
    rows = clean_table(table).to_pylist()
    assert [row["id"] for row in rows] == [*range(100)]
    for i, row in enumerate(rows):
        status = "error" if i % 7 == 3 else "empty" if i % 5 == 0 else "ok"
        assert row["dechaff_status"] == status
        assert status != "ok" or f"Day {i}." in row["text"]


def test_rows_without_documents_alone() -> None:
    rows = clean_table(pa.table({"html": pa.nulls(3)})).to_pylist()
    assert [row["dechaff_error"] for row in rows] == ["no document"] * 3


def test_no_rows() -> None:
    empty = pages(0)
    assert clean_table(empty).schema == schema(empty.schema)
    assert clean_table(empty).num_rows == 0
    [batch] = clean_batches([pa.RecordBatch.from_pylist([], empty.schema)])
    assert (batch.num_rows, batch.schema) == (0, schema(empty.schema))


def test_batches_are_lazy_and_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "ROWS", 10)
    drawn = []

    def batches() -> Any:
        for i in range(3):
            drawn.append(i)
            yield from pages(25).to_batches()

    cleaned = clean_batches(batches())
    assert drawn == []
    assert next(cleaned).num_rows == 10
    assert drawn == [0]
    assert [batch.num_rows for batch in cleaned] == [10, 5, 10, 10, 5, 10, 10, 5]


def test_one_failure_does_not_take_the_others_along(monkeypatch: pytest.MonkeyPatch) -> None:
    healthy = Cleaner.clean

    def many(self: Cleaner, documents: Any, **_: Any) -> Any:
        raise RuntimeError("a batch fails as a whole")

    def one(self: Cleaner, document: Any, **options: Any) -> Any:
        if "poison" in document:
            raise RecursionError("too deep")
        return healthy(self, document, **options)

    monkeypatch.setattr(Cleaner, "clean_many", many)
    monkeypatch.setattr(Cleaner, "clean", one)
    rows = clean_table(pa.table({"html": [PAGE, "poison", PAGE]})).to_pylist()
    assert [row["dechaff_status"] for row in rows] == ["ok", "error", "ok"]
    assert rows[1]["dechaff_error"] == "RecursionError: too deep"
    assert (rows[1]["text"], rows[1]["dechaff_flags"], rows[1]["dechaff_scores"]) == (None, None, None)


def test_lone_surrogates_become_replacement_characters() -> None:
    column = arrow._array([["a\ud800b"], None], pa.list_(pa.string()))
    assert column.to_pylist() == [["a\ufffdb"], None]
    struct = arrow._array([{"c": "\ud83d\udc00"}], pa.struct({"c": pa.string()}))
    assert struct.to_pylist() == [{"c": "\ufffd\ufffd"}]


# What is refused


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (pa.table({"a": [1]}), {}, "say with html_field or text_field .*; columns are a"),
        (pa.table({"a": [1]}), {"html_field": "b"}, "no column is named b; columns are a"),
        (pa.table({"a": [{"b": ""}]}), {"html_field": "a.c"}, "no column is named a.c"),
        (pa.table({"a": [""]}), {"html_field": "a.c"}, "no column is named a.c"),
        (pa.table({"html": [1]}), {}, "column html holds int64"),
        (pa.table({"html": [""], "text": [""]}), {"html_field": "html"}, "columns of its own named text: rename"),
        (pages(1, dechaff_flags=[0]), {}, "columns of its own named dechaff_flags: rename"),
        (pages(1), {"html_field": "a", "text_field": "b"}, "one column"),
        (pages(1), {"columns": ["txt"]}, "unknown column 'txt'; columns are text, title"),
        (pages(1), {"strictness": "harsh"}, "harsh"),
    ],
)
def test_wrong_options(table: pa.Table, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        clean_table(table, **options)


def test_two_columns_of_one_name() -> None:
    table = pa.Table.from_arrays([pa.array([""]), pa.array([""])], names=["html", "html"])
    with pytest.raises(ValueError, match="more than one column is named html"):
        clean_table(table)


def test_wrong_types() -> None:
    with pytest.raises(TypeError, match="list of names"):
        clean_table(pages(1), columns="text")
    with pytest.raises(TypeError, match="html_filed"):
        clean_table(pages(1), html_filed="html")


def test_wrong_options_raise_before_the_first_batch() -> None:
    with pytest.raises(ValueError, match="harsh"):
        clean_batches([], strictness="harsh")


# Frames


def test_polars() -> None:
    frame = pl.DataFrame({"id": [1, 2], "html": [PAGE, None]})
    cleaned = pl.from_arrow(clean_table(frame))
    assert isinstance(cleaned, pl.DataFrame)
    assert cleaned["text"].to_list() == [CLEANED, None]
    after = pl.from_arrow(schema(frame.to_arrow().schema).empty_table())
    assert isinstance(after, pl.DataFrame)
    lazy = frame.lazy().map_batches(lambda part: pl.from_arrow(clean_table(part)), schema=after.schema)
    assert lazy.filter(pl.col("dechaff_status") == "ok").select("id").collect().rows() == [(1,)]


def test_pandas_keeps_its_index() -> None:
    frame = pd.DataFrame({"n": [1, 2], "html": [PAGE, PAGE]}, index=["a", "b"])
    cleaned = clean_table(frame).to_pandas()
    assert [*cleaned.index] == ["a", "b"]
    assert [*cleaned.text] == [CLEANED] * 2


def test_a_file_of_many_row_groups(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(pages(50), tmp_path / "pages.parquet", row_group_size=16)
    file = pq.ParquetFile(tmp_path / "pages.parquet")
    cleaned = [*clean_batches(file.iter_batches(), columns=["text"])]
    assert pa.Table.from_batches(cleaned).column("id").to_pylist() == [*range(50)]
