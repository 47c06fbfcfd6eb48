"""WARC and WET: packed in all ways, cut off, damaged, and with bodies that are more than they seem."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Any

import pytest

from dechaff.corpus import clean
from dechaff.corpus.files import packed
from tests.corpus.data import page, read_jsonl, warc_record, write_jsonl
from tests.pages import TEXT

pytestmark = pytest.mark.usefixtures("here")

RECORDS = [warc_record(i, page(i).encode()) for i in range(3)]


def cleaned(data: bytes, folder: Path, name: str = "in.warc", **options: Any) -> tuple[list[dict[str, Any]], int]:
    """The rows of a file, and how many inputs are broken."""
    (folder / name).write_bytes(data)
    summary = clean(folder / name, folder / "out.jsonl", jobs=1, quiet=True, overwrite=True, **options)
    return read_jsonl(folder / "out.jsonl"), summary.broken_inputs


@pytest.mark.parametrize("packing", ["zst", "bz2", "xz"])
def test_other_packings_than_gzip_are_read_between_other_files(packing: str, tmp_path: Path) -> None:
    first, last = (write_jsonl(tmp_path / name, [{"text": TEXT}]) for name in ("a.jsonl", "c.jsonl"))
    middle = tmp_path / f"b.warc.{packing}"
    with middle.open("wb") as file, packed(file, packing) as out:
        out.write(b"".join(RECORDS))
    summary = clean([first, middle, last], tmp_path / "out.jsonl", jobs=1, quiet=True)
    assert summary.by_status == {"ok": 5}
    assert len({row["dechaff_place"] for row in read_jsonl(tmp_path / "out.jsonl")}) == 5


def test_a_cut_is_told_of_wherever_it_is(tmp_path: Path) -> None:
    whole, last = b"".join(RECORDS[:2]), RECORDS[2]
    of_head = last.index(b"\r\n\r\n")
    for cut in (1, 8, 20, 60, of_head - 3, of_head, of_head + 4, of_head + 30, len(last) - 5):
        rows, broken = cleaned(whole + last[:cut], tmp_path)
        assert [row["dechaff_status"] for row in rows] == ["ok", "ok", "error"], cut
        assert broken == 1
    assert cleaned(whole + last, tmp_path)[1] == 0


@pytest.mark.parametrize("single", [False, True])
def test_a_cut_of_gzip_is_told_of_wherever_it_is(single: bool, tmp_path: Path) -> None:
    members = [gzip.compress(b"".join(RECORDS))] if single else [gzip.compress(record) for record in RECORDS]
    whole, last = b"".join(members[:-1]), members[-1]
    for cut in (5, 30, len(last) // 2, len(last) - 9, len(last) - 8, len(last) - 1):
        rows, broken = cleaned(whole + last[:cut], tmp_path, "in.warc.gz")
        assert broken == 1, cut
        assert rows[-1]["dechaff_status"] == "error"
    assert cleaned(whole + last, tmp_path, "in.warc.gz")[1] == 0


def test_a_cut_in_a_record_that_is_no_page_is_told_of(tmp_path: Path) -> None:
    rows, broken = cleaned(RECORDS[0] + warc_record(1, b"\x89PNG" * 9, media="image/png")[:-20], tmp_path)
    assert (len(rows), broken) == (2, 1)
    assert "cut off: 20 of 36 bytes" in rows[1]["dechaff_error"]


@pytest.mark.parametrize("name", ["in.warc.wet", "in.warc.wet.gz"])
def test_lines_of_headers_may_end_in_lf(name: str, tmp_path: Path) -> None:
    records = [warc_record(i, TEXT.encode(), "conversion", "text/plain").replace(b"\r\n", b"\n") for i in range(3)]
    members = [gzip.compress(record) for record in records] if name.endswith("gz") else records
    rows, broken = cleaned(b"".join(members), tmp_path, name)
    assert [row["url"] for row in rows] == [f"https://site.example/{i}" for i in range(3)]
    assert ({row["dechaff_status"] for row in rows}, broken) == ({"ok"}, 0)


@pytest.mark.parametrize("packing", ["", "gzip", "deflate", "br"])
def test_no_packing_of_a_body_gets_around_the_limit(packing: str, tmp_path: Path) -> None:
    import io

    from fastwarc.stream_io import BrotliWriter

    body = page(0).encode() + b"<p>More of it.</p>" * 1000
    brotli = io.BytesIO()
    with BrotliWriter(brotli) as out:
        out.write(body)
    bodies = {"": body, "gzip": gzip.compress(body), "deflate": zlib.compress(body), "br": brotli.getvalue()}
    record = warc_record(0, bodies[packing], http=f"Content-Encoding: {packing}\r\n" if packing else "")
    for limit, status in ((len(body), "ok"), (len(body) - 1, "error")):
        [row], _ = cleaned(record, tmp_path, max_document_bytes=limit)
        assert row["dechaff_status"] == status
        assert ("max-document-bytes" in (row["dechaff_error"] or "")) == (status == "error")


def test_a_packed_body_that_is_cut_off_says_so(tmp_path: Path) -> None:
    record = warc_record(0, gzip.compress(page(0).encode())[:-300], http="Content-Encoding: gzip\r\n")
    rows, broken = cleaned(record + RECORDS[1], tmp_path)
    assert [row["dechaff_status"] for row in rows] == ["error", "ok"]
    assert ("content encoding is broken: it is cut off" in rows[0]["dechaff_error"], broken) == (True, 0)


@pytest.mark.parametrize(("packing", "end"), [("gzip", 8), ("deflate", 4)])
def test_a_whole_page_in_a_packed_body_without_its_checksum_is_read(packing: str, end: int, tmp_path: Path) -> None:
    body = {"gzip": gzip.compress, "deflate": zlib.compress}[packing](page(0).encode())[:-end]
    [row], _ = cleaned(warc_record(0, body, http=f"Content-Encoding: {packing}\r\n"), tmp_path)
    assert row["dechaff_status"] == "ok"


def test_a_record_inside_a_good_one_is_no_document(tmp_path: Path) -> None:
    good = warc_record(0, TEXT.encode() + b"\n" + warc_record(7, TEXT.encode()), media="text/plain")
    rows, _ = cleaned(good + b"garbage\r\n\r\n" + RECORDS[1], tmp_path)
    assert [(row.get("url") or "none")[-1] for row in rows] == ["0", "e", "1"]


def test_a_record_that_a_cut_one_took_for_its_end_is_found(tmp_path: Path) -> None:
    rows, broken = cleaned(RECORDS[0][:-900] + b"\r\n" + RECORDS[1] + RECORDS[2], tmp_path)
    assert [row["url"][-1] for row in rows if row["dechaff_status"] == "ok"] == ["0", "1", "2"]
    assert broken == 1
