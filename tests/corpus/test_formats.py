"""Every format in, every format out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

import dechaff
from dechaff.corpus import CorpusError, Options, OptionsError, clean
from tests.corpus.data import (
    page,
    read_jsonl,
    rows,
    tree,
    warc_record,
    write_csv,
    write_jsonl,
    write_parquet,
)
from tests.pages import AD, TEXT

pytestmark = pytest.mark.usefixtures("here")

EXPECTED = [dechaff.clean(page(i)).text for i in range(40)]


def cleaned(path: Path, output: Path, **options: Any) -> list[dict[str, Any]]:
    clean(path, output, jobs=1, quiet=True, **options)
    return read_jsonl(output)


def check(found: list[dict[str, Any]], count: int) -> None:
    """Rows are those of `rows`, in order, with what was found."""
    assert [row["text"] for row in found] == EXPECTED[:count]
    assert [str(row["n"]) for row in found] == [str(i) for i in range(count)]
    assert {row["dechaff_status"] for row in found} == {"ok"}
    assert {row["dechaff_error"] for row in found} == {None}
    flags = [row["dechaff_flags"] for row in found]
    assert all([flag["text"] for flag in of_page] == [AD] for of_page in flags)
    assert "html" not in found[0]


@pytest.mark.parametrize("packing", [None, "gz", "zst", "bz2", "xz"])
def test_json_lines_in_any_packing(packing: str | None, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", rows(40), packing)  # told by content
    found = cleaned(path, tmp_path / "out.jsonl")
    check(found, 40)
    assert found[5] == {
        "id": "d5",
        "url": "https://www.site2.example/5",
        "n": 5,
        "tags": ["a", "b"],
        "text": EXPECTED[5],
        "dechaff_title": "Council votes to repair the harbour bridge",
        "dechaff_status": "ok",
        "dechaff_error": None,
        "dechaff_warnings": [],
        "dechaff_flags": found[5]["dechaff_flags"],
        "dechaff_scores": dechaff.score(page(5)).to_dict(),
        "dechaff_place": found[5]["dechaff_place"],
    }


@pytest.mark.parametrize("packing", ["gz", "zst", "bz2", "xz"])
def test_json_lines_out_in_any_packing(packing: str, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", rows(12))
    clean(path, tmp_path / f"out.jsonl.{packing}", jobs=1, quiet=True, shard_bytes=10_000)
    again = tmp_path / "again.jsonl"
    clean(tmp_path / f"out.jsonl.{packing}", again, jobs=1, quiet=True, text_field="text")
    assert [row["n"] for row in read_jsonl(again)] == [*range(12)]


def test_lines_belong_to_one_shard_wherever_it_is_cut(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", ({"text": "x" * (i % 7), "n": i} for i in range(60)))
    size = path.stat().st_size
    for step in (16, 17, 50, size - 1, size):
        found = cleaned(path, tmp_path / f"{step}.jsonl", shard_bytes=step)
        assert [row["n"] for row in found] == [*range(60)], step
        assert len({row["dechaff_place"] for row in found}) == 60


def test_places_are_offsets_of_bytes(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", rows(6))
    found = cleaned(path, tmp_path / "out.jsonl", shard_bytes=5000)
    assert len(found) == 6
    for row in found:
        name, _, offset = row["dechaff_place"].rpartition("@")
        line = Path(name).read_bytes()[int(offset) :].split(b"\n")[0]
        assert json.loads(line)["n"] == row["n"]


def test_nested_fields(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", [{"a": {"b": {"html": page(1)}, "c": 1}}, {"a": {"c": 2}}, {"a": 3}])
    first, second, third = cleaned(path, tmp_path / "out.jsonl", html_field="a.b.html")
    assert (first["text"], first["a"]) == (EXPECTED[1], {"b": {}, "c": 1})
    assert (second["a"], second["dechaff_error"]) == ({"c": 2}, "no field 'a.b.html'")
    assert third["dechaff_status"] == "error"


def test_a_text_field_is_cleaned_in_place(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", [{"body": TEXT, "title": "mine"}])
    [row] = cleaned(path, tmp_path / "out.jsonl", text_field="body")
    assert [*row][:3] == ["body", "title", "dechaff_title"]
    assert row["body"] == dechaff.clean(TEXT, kind="text").text
    assert row["title"] == "mine"


def test_a_column_that_is_called_like_the_output_is_kept(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", [{"html": page(0), "text": "somebody's"}])
    [row] = cleaned(path, tmp_path / "out.jsonl")
    assert (row["text"], row["dechaff_input_text"]) == (EXPECTED[0], "somebody's")
    [row] = cleaned(path, tmp_path / "other.jsonl", output_field="cleaned", prefix="x_")
    assert (row["text"], row["cleaned"], row["x_status"]) == ("somebody's", EXPECTED[0], "ok")


@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_delimited(kind: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / f"in.{kind}", rows(40), "\t" if kind == "tsv" else ",")
    check(cleaned(path, tmp_path / "out.jsonl"), 40)
    clean(path, tmp_path / f"out.{kind}.gz", jobs=1, quiet=True)
    again = cleaned(tmp_path / f"out.{kind}.gz", tmp_path / "again.jsonl", text_field="text", prefix="x_")
    assert [row["n"] for row in again] == [str(i) for i in range(40)]
    assert json.loads(again[3]["dechaff_flags"])[0]["text"] == AD


def test_parquet_passes_types_through(tmp_path: Path) -> None:
    table = pa.table(
        {
            "when": pa.array([1, 2, None], pa.timestamp("ns", "UTC")),
            "price": pa.array(["1.20", None, "3.00"]).cast(pa.decimal128(10, 2)),
            "word": pa.array(["a", "b", "a"]).dictionary_encode(),
            "html": [page(0), page(1), None],
            "map": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int8())),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    clean(tmp_path / "in.parquet", tmp_path / "out.parquet", jobs=1, quiet=True)
    found = pq.read_table(tmp_path / "out.parquet")
    for name in ("when", "price", "word", "map"):
        assert found.column(name).to_pylist() == table.column(name).to_pylist()
        assert found.schema.field(name).type == table.schema.field(name).type
    assert found.column("text").to_pylist() == [EXPECTED[0], EXPECTED[1], ""]
    assert found.column("dechaff_status").to_pylist() == ["ok", "ok", "empty"]
    assert found.column("dechaff_flags")[0].as_py()[0]["text"] == AD


@pytest.mark.parametrize("to", ["parquet", "arrow"])
def test_tables_out_of_row_groups(to: str, tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "in.parquet", rows(40))
    clean(path, tmp_path / f"out.{to}", jobs=1, quiet=True, shard_bytes=2000)
    table = pq.read_table(tmp_path / "out.parquet") if to == "parquet" else feather.read_table(tmp_path / "out.arrow")
    check(table.to_pylist(), 40)


@pytest.mark.parametrize("name", ["in.feather", "in.arrow", "stream"])
def test_arrow_files_and_streams(name: str, tmp_path: Path) -> None:
    table = pa.Table.from_pylist(rows(40))
    if name == "stream":
        with pa.ipc.new_stream(tmp_path / name, table.schema) as out:
            out.write_table(table, 7)
    else:
        feather.write_feather(table, str(tmp_path / name), chunksize=7)
    check(cleaned(tmp_path / name, tmp_path / "out.jsonl", shard_bytes=3000), 40)


def test_nested_columns(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "in.parquet", [{"page": {"html": page(0), "status": 200}, "n": 0}])
    [row] = cleaned(path, tmp_path / "out.jsonl", html_field="page.html")
    assert (row["text"], row["page"], row["n"]) == (EXPECTED[0], {"status": 200}, 0)


def test_rows_to_tables_lose_nothing(tmp_path: Path) -> None:
    lines = [*rows(5), {"html": page(5), "n": "a word", "late": {"x": 1}}, {"html": page(6), "n": None, "tags": None}]
    sample = Options(jobs=1, quiet=True)
    path = write_jsonl(tmp_path / "in.jsonl", lines[:5])
    clean(path, tmp_path / "part.parquet", sample)
    write_jsonl(tmp_path / "second.jsonl", lines[5:])
    clean([path, tmp_path / "second.jsonl"], tmp_path / "out.parquet", sample)
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["text"] for row in found] == EXPECTED[:7]
    assert (found[4]["tags"], found[4]["n"], found[4]["dechaff_rest"]) == (["a"], 4, None)
    assert (found[5]["n"], json.loads(found[5]["dechaff_rest"])) == (None, {"n": "a word", "late": {"x": 1}})


def test_warc(tmp_path: Path) -> None:
    latin = "<p>" + "Überraschung für die Gemeinde, sagte der Bürgermeister am Montag. " * 5 + "</p>"
    records = [
        warc_record(0, b"format: WARC File Format", "warcinfo", "application/warc-fields"),
        warc_record(1, page(1).encode()),
        warc_record(2, latin.encode("latin-1"), media="text/html; charset=iso-8859-1"),
        warc_record(3, b"\x89PNG", media="image/png"),
        warc_record(4, gzip.compress(page(4).encode()), http="Content-Encoding: gzip\r\n"),
        warc_record(5, TEXT.encode(), "conversion", "text/plain"),
    ]
    for name, data in (
        ("a.warc", b"".join(records)),
        ("b.warc.gz", b"".join(gzip.compress(record) for record in records)),
        ("c.warc.wet.gz", gzip.compress(b"".join(records))),  # one stream
    ):
        (tmp_path / name).write_bytes(data)
        for size in (10**6, 500):
            found = cleaned(tmp_path / name, tmp_path / f"{name}.{size}.jsonl", shard_bytes=size)
            assert [row["url"] for row in found] == [f"https://site.example/{i}" for i in (1, 2, 4, 5)], (name, size)
            assert [row["text"] for row in found[::2]] == [EXPECTED[1], EXPECTED[4]]
            assert found[1]["text"].startswith("Überraschung für")
            assert found[3]["text"] == dechaff.clean(TEXT).text
            assert found[0]["http_status"] == 200
            assert len({row["dechaff_place"] for row in found}) == 4


def test_folders_of_pages(tmp_path: Path) -> None:
    for i in range(7):
        path = tmp_path / "in" / f"site{i % 2}.example" / f"{i}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(i), encoding="utf-8")
    (tmp_path / "in" / "notes.txt").write_text(TEXT)
    (tmp_path / "in" / "page").write_text(page(8))
    (tmp_path / "in" / "packed.html.gz").write_bytes(gzip.compress(page(9).encode()))
    (tmp_path / "in" / "picture").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (tmp_path / "in" / "settings.json").write_text('{\n"a": 1\n}')
    (tmp_path / "in" / ".hidden.html").write_text(page(10))
    (tmp_path / "in" / "empty.html").write_text("")
    summary = clean(tmp_path / "in", tmp_path / "out", jobs=1, quiet=True, shard_files=3)
    assert (summary.documents, summary.passed_files, summary.by_status) == (11, 2, {"ok": 10, "empty": 1})
    assert summary.sites["site0.example"]["documents"] == 4
    assert (tmp_path / "out" / "site1.example" / "3.html.txt").read_text(encoding="utf-8") == EXPECTED[3] + "\n"
    assert (tmp_path / "out" / "packed.html.gz.txt").read_text(encoding="utf-8") == EXPECTED[9] + "\n"
    assert (tmp_path / "out" / "notes.txt").read_text(encoding="utf-8") == dechaff.clean(TEXT).text + "\n"
    listed = [row for path in sorted((tmp_path / "out" / "_dechaff" / "rows").iterdir()) for row in read_jsonl(path)]
    assert len(listed) == 11
    assert {row["dechaff_file"] for row in listed} >= {"site1.example/3.html.txt", "empty.html.txt"}
    found = cleaned(tmp_path / "in", tmp_path / "out.jsonl")
    assert {row["file"] for row in found} >= {"site0.example/0.html", "page"}
    clean(str(tmp_path / "in" / "*" / "*.html"), tmp_path / "md", jobs=1, quiet=True, to="markdown")
    assert (tmp_path / "md" / "site0.example" / "2.html.md").read_text(encoding="utf-8").startswith("# Council votes")


def test_urls(tmp_path: Path) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    lines = "".join(json.dumps(row) + "\n" for row in rows(20))
    memory.pipe("/corpus/a.jsonl", lines.encode())
    memory.pipe("/corpus/b.jsonl.gz", gzip.compress(lines.encode()))
    try:
        found = []
        for name in ("memory://corpus/a.jsonl", "memory://corpus/*.gz"):
            clean(name, tmp_path / "out.jsonl", jobs=1, quiet=True, shard_bytes=9000, overwrite=True)
            found += read_jsonl(tmp_path / "out.jsonl")
        check(found[:20], 20)
        check(found[20:], 20)
        assert clean("memory://corpus", tmp_path / "all", jobs=1, quiet=True).documents == 40
    finally:
        memory.rm("/corpus", recursive=True)


def test_an_output_inside_its_input_is_no_input(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", rows(3))
    assert clean(tmp_path, tmp_path / "out", jobs=1, quiet=True).documents == 3
    assert clean(tmp_path, tmp_path / "out", jobs=1, quiet=True, resume=True).documents == 3


# What is written beside the text


def test_flags_only_leaves_documents_as_they_are(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", [{"text": TEXT, "n": 1}])
    [row] = cleaned(path, tmp_path / "out.jsonl", flags_only=True)
    assert (row["text"], row["n"]) == (TEXT, 1)
    [flag] = row["dechaff_flags"]
    assert TEXT[flag["start"] : flag["end"]] == flag["text"] == AD
    write_parquet(tmp_path / "in.parquet", [{"text": TEXT, "n": 1}])
    clean(tmp_path / "in.parquet", tmp_path / "out.parquet", jobs=1, quiet=True, flags_only=True)
    assert pq.read_table(tmp_path / "out.parquet", columns=["text", "n"]).to_pylist() == [{"text": TEXT, "n": 1}]


def test_documents_below_a_score_are_set_aside(tmp_path: Path) -> None:
    menu = "<nav><ul><li><a href='/'>Home</a><li><a href='/login'>Log in</a><li><a href='/cart'>Cart</a></ul></nav>"
    path = write_jsonl(tmp_path / "in.jsonl", [*rows(2), {"html": menu, "n": 2}])
    summary = clean(path, tmp_path / "out.jsonl", jobs=1, quiet=True, drop_below=["content_share=0.5"])
    assert summary.by_status == {"ok": 2, "dropped": 1}
    assert [row["n"] for row in read_jsonl(tmp_path / "out.jsonl")] == [0, 1]
    [side] = (tmp_path / "out.jsonl.dechaff" / "dropped").iterdir()
    [row] = read_jsonl(side)
    assert (row["n"], row["dechaff_status"]) == (2, "dropped")
    assert row["dechaff_error"].startswith("content_share 0")
    with pytest.raises(OptionsError, match="no score 'trusty'"):
        Options(drop_below=("trusty=1",))


def test_what_was_removed_and_attributes(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", [{"id": 7, "text": TEXT}])
    clean(path, tmp_path / "out.jsonl", jobs=1, quiet=True, removed=True, attributes=True, reasons=True)
    side = tmp_path / "out.jsonl.dechaff"
    [removed] = read_jsonl(next((side / "removed").iterdir()))
    assert (removed["id"], removed["text"], removed["label"]) == ("7", AD, "ad")
    [row] = read_jsonl(next((side / "attributes").iterdir()))
    [[start, end, score]] = row["attributes"]["dechaff__ad"]
    assert (row["id"], TEXT[start:end]) == ("7", AD)
    assert 0 < score <= 1
    assert read_jsonl(tmp_path / "out.jsonl")[0]["dechaff_flags"][0]["reasons"]
    write_parquet(tmp_path / "in.parquet", [{"text": TEXT}])
    clean(tmp_path / "in.parquet", tmp_path / "out.parquet", jobs=1, quiet=True, reasons=True)
    assert pq.read_table(tmp_path / "out.parquet").to_pylist()[0]["dechaff_flags"][0]["reasons"][0]["name"]


# What is broken


def test_lines_that_are_no_documents_are_rows(tmp_path: Path) -> None:
    good = json.dumps({"html": page(0)}).encode()
    lines = [good, b"{broken", b"[1]", b'{"html": 5}', b'{"other": 1}', b'"\xff"', b"", b'{"html": null}', b"[" * 10**5]
    lines += [json.dumps({"html": "x" * 3000}).encode(), good]
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines))
    summary = clean(tmp_path / "in.jsonl", tmp_path / "out.jsonl", jobs=1, quiet=True, max_document_bytes=2500)
    found = read_jsonl(tmp_path / "out.jsonl")
    assert [row["dechaff_status"] for row in found] == ["ok", *["error"] * 5, "empty", *["error"] * 2, "ok"]
    says = ("not JSON", "list", "int, not text", "there are 'other'", "not UTF-8", "nested too", "max-document-bytes")
    for said, row in zip(says, (row for row in found if row["dechaff_status"] == "error"), strict=True):
        assert said in row["dechaff_error"]
    assert (summary.failures, len(summary.failed), summary.broken_inputs) == (7, 7, 0)


@pytest.mark.parametrize("packing", ["gz", "zst", "bz2", "xz"])
def test_a_file_that_is_cut_off_says_so(packing: str, tmp_path: Path) -> None:
    import random

    noise = random.Random(1)
    lines = ({**row, "noise": noise.randbytes(2000).hex()} for row in rows(200))
    whole = write_jsonl(tmp_path / "in.jsonl", lines, packing)
    whole.write_bytes(whole.read_bytes()[:-2000])
    summary = clean(whole, tmp_path / "out.jsonl", jobs=1, quiet=True)
    found = read_jsonl(tmp_path / "out.jsonl")
    assert found[-1]["dechaff_status"] == "error"
    assert "cannot be read to its end" in found[-1]["dechaff_error"]
    assert (summary.broken_inputs, summary.failures) == (1, 1)
    assert len(found) > (1 if packing == "bz2" else 100)


def test_broken_records_of_a_warc(tmp_path: Path) -> None:
    packed = [gzip.compress(warc_record(i, page(i).encode())) for i in range(4)]
    bad = bytearray(packed[1])
    bad[60] ^= 0xFF
    (tmp_path / "a.warc.gz").write_bytes(packed[0] + bytes(bad) + packed[2] + b"garbage" + packed[3])
    plain = [warc_record(i, page(i).encode()) for i in range(4)]
    (tmp_path / "b.warc").write_bytes(
        plain[0] + b"WARC/1.0\r\nContent-Length: x\r\n\r\n\r\n" + plain[2] + plain[3][:-900]
    )
    for name, good in (("a.warc.gz", ["0", "2", "3"]), ("b.warc", ["0", "2"])):
        summary = clean(tmp_path / name, tmp_path / f"{name}.jsonl", jobs=1, quiet=True)
        found = read_jsonl(tmp_path / f"{name}.jsonl")
        assert [row["url"][-1] for row in found if row["dechaff_status"] == "ok"] == good
        assert [row["dechaff_error"] for row in found if row["dechaff_status"] == "error"]
        assert summary.broken_inputs


def test_tables_that_cannot_be_read(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "in.parquet", rows(40))
    data = bytearray(path.read_bytes())
    place = pq.ParquetFile(path).metadata.row_group(0).column(1).data_page_offset
    data[place : place + 400] = bytes(400)
    path.write_bytes(data)
    clean(path, tmp_path / "out.parquet", jobs=1, quiet=True)
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert found[0]["dechaff_status"] == "error"
    assert [row["n"] for row in found[1:]][-30:] == [*range(10, 40)]
    path.write_bytes(data[:3000])
    summary = clean(path, tmp_path / "cut.jsonl", jobs=1, quiet=True)
    assert (summary.documents, summary.broken_inputs) == (1, 1)


def test_a_name_that_no_row_has_is_an_error(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", rows(3))
    with pytest.raises(OptionsError, match=r"no field 'tekst'; there are 'id', 'html'"):
        clean(path, tmp_path / "out.jsonl", text_field="tekst", jobs=1)
    write_parquet(tmp_path / "in.parquet", rows(3))
    with pytest.raises(OptionsError, match="no field 'tekst'"):
        clean(tmp_path / "in.parquet", tmp_path / "out.jsonl", text_field="tekst", jobs=1)
    write_csv(tmp_path / "in.csv", rows(3, "page"))
    with pytest.raises(OptionsError, match="usually holds documents"):
        clean(tmp_path / "in.csv", tmp_path / "out.csv", jobs=1)
    assert not (tmp_path / "out.jsonl").exists()


def test_inputs_that_are_not_there(tmp_path: Path) -> None:
    for name in ("nowhere.jsonl", "no*where.jsonl"):
        with pytest.raises(FileNotFoundError, match=r"no.?where"):
            clean(tmp_path / name, tmp_path / "out.jsonl")


def test_an_empty_corpus(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"")
    for name in ("out.jsonl", "out.csv", "out.parquet", "out.arrow"):
        assert clean(tmp_path / "in.jsonl", tmp_path / name, jobs=1, quiet=True).documents == 0
        assert (tmp_path / name).exists()
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


def test_half_characters(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "A line \\ud800 of text that is long enough to be kept as it is."}\n')
    for name in ("out.jsonl", "out.csv", "out.parquet"):
        clean(tmp_path / "in.jsonl", tmp_path / name, jobs=1, quiet=True)
    assert pq.read_table(tmp_path / "out.parquet").column("text")[0].as_py().startswith("A line \ufffd of")


def test_outputs_that_contradict_themselves(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", rows(2))
    for name, options in (
        ("out.csv", {"to": "jsonl"}),
        ("out.jsonl", {"compression": "gz"}),
        ("out.parquet.gz", {}),
        ("out.parquet", {"compression": "xz"}),
    ):
        with pytest.raises(OptionsError):
            clean(path, tmp_path / name, **options)  # type: ignore[arg-type]


def test_an_output_that_is_there_stays(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", rows(2))
    (tmp_path / "out.jsonl").write_text("before")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("before")
    for output in ("out.jsonl", "out"):
        for options in ({}, {"resume": True}):
            with pytest.raises(CorpusError, match=r"is there|dechaff did not"):
                clean(path, tmp_path / output, quiet=True, **options)  # type: ignore[arg-type]
    with pytest.raises(CorpusError, match="did not write"):
        clean(path, tmp_path / "out", quiet=True, overwrite=True)
    assert clean(path, tmp_path / "out.jsonl", quiet=True, jobs=1, overwrite=True).documents == 2
    assert tree(tmp_path / "out") == {"mine": b"before"}
