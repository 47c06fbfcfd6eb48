"""Lines that stand on many pages of a site."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dechaff
from dechaff.corpus import clean
from dechaff.corpus.repeated import with_repetition
from dechaff.corpus.repetition import MIN_SITE_PAGES, Sketch, Table, fingerprint
from tests.corpus.data import read_jsonl, write_jsonl
from tests.pages import AD, PARAGRAPHS, TEXT, article

STANDING = (
    "This report is part of our series on the harbour, in which we follow the work on the bridge for a whole year."
)
ADVERT = "Kettle & Crane knives: forged by hand, sharp for life, now with free delivery to your door."


def counts(table: Table) -> dict[int, tuple[int, int]]:
    return {
        int(key): (int(count), int(pages))
        for key, count, pages in zip(table.keys, table.counts, table.pages, strict=True)
    }


def test_a_table_has_what_is_repeated() -> None:
    sketch = Sketch()
    for i in range(10):
        lines = ["One line that is on every page", f"A line of this page alone, which is {'abcdefghij'[i] * 9}"]
        sketch.add("a.example", str(i), lines + (["A line on seven of the pages"] if i < 7 else []) + ["short"] * 3)
    for i in range(MIN_SITE_PAGES - 1):
        sketch.add("b.example", str(i), ["One line that is on every page"])
    table = sketch.table()
    assert counts(table) == {
        fingerprint("a.example", "One line that is on every page"): (10, 10),
        fingerprint("a.example", "A line on seven of the pages"): (7, 10),
    }
    assert table.find("a.example", "one LINE that is  on every page") == (10, 10)
    assert table.find("b.example", "One line that is on every page") is None


PAGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 200), st.integers(0, 9)), max_size=200)


@given(PAGES, st.integers(1, 5), st.integers(10, 300))
@settings(max_examples=60, deadline=None)
def test_sketches_are_bounded_and_add_up(pages: list[tuple[int, int, int]], parts: int, bound: int) -> None:
    whole = Sketch(bound=bound)
    pieces = [Sketch(bound=bound) for _ in range(parts)]
    for i, (site, page, lines) in enumerate(pages):
        texts = [f"The line with the letter {'abcdefghij'[number]} in it" for number in range(lines + 1)]
        for sketch in (whole, pieces[i % parts]):
            sketch.add(f"s{site}.example", str(page), texts)
    total = Sketch(bound=bound)
    for piece in pieces:
        total.merge(piece)
    for sketch in (whole, total):
        assert sketch.lines == sum(len(lines) for held in sketch.held.values() for lines in held.values()) <= bound
    if (
        whole.pages == total.pages
        and whole.sites_below == total.sites_below
        and len({p[:2] for p in pages}) == len(pages)
    ):
        assert counts(whole.table()) == counts(total.table())


def test_a_sketch_of_a_large_site_stays_small() -> None:
    sketch = Sketch(bound=2000)
    wanted = 0
    for i in range(3000):
        if sketch.wants("a.example", str(i)):
            wanted += 1
            sketch.add("a.example", str(i), ["A line that every page has", f"A line of page {chr(97 + i % 26) * 5}"])
    assert wanted < 600  # most pages need not be read
    assert sketch.lines <= 2000
    assert sketch.table().pages.tolist() == [sketch.pages]


def test_tables_are_written_and_read(tmp_path: Path) -> None:
    from dechaff.corpus.repetition import read_table

    table = Table(np.asarray([1, 5], np.uint64), np.asarray([4, 9], np.uint16), np.asarray([9, 9], np.uint16))
    table.write(str(tmp_path / "table.npz"))
    assert counts(read_table(str(tmp_path / "table.npz"))) == {1: (4, 9), 5: (9, 9)}


@pytest.mark.usefixtures("here")
def test_repetition_is_a_reason_and_what_is_legitimate_stays(tmp_path: Path) -> None:
    pages = []
    for i in range(12):
        body = f"<p>{STANDING}</p>" + (f"<p>{ADVERT}</p>" if i < 10 else "")
        body += f"<p>Case {'abcdefghijkl'[i] * 5} was opened by the office of the harbour master that evening.</p>"
        # Every page has paragraphs of its own.
        page = article(body=body)
        for j, text in enumerate(PARAGRAPHS):
            page = page.replace(text, f"{'ABCDEFGHIJKL'[i] * 4} {j}. {text}")
        pages.append({"html": page, "url": f"https://post.example/{i}"})
    path = write_jsonl(tmp_path / "in.jsonl", pages)
    summary = clean(path, tmp_path / "out.jsonl", jobs=1, quiet=True, site_repetition=True, shard_bytes=9000)
    assert summary.documents == 12
    for i, row in enumerate(read_jsonl(tmp_path / "out.jsonl")):
        assert STANDING in row["text"]
        flags = {flag["text"]: flag for flag in row["dechaff_flags"]}
        assert flags[STANDING]["removed"] is False
        assert [reason["name"] for reason in flags[STANDING]["reasons"]] == ["stands on 12 of 12 pages of this site"]
        assert (ADVERT in flags) == (i < 10)
        if i < 10:
            assert "stands on 10 of 12 pages of this site" in [reason["name"] for reason in flags[ADVERT]["reasons"]]
        assert row["text"].count("AAAA") == (6 if i == 0 else 0)
    clean(path, tmp_path / "out.parquet", jobs=1, quiet=True, site_repetition=True)
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert sum("stands on 10 of 12 pages" in json.dumps(row) for row in rows) == 10


def test_a_document_of_many_repeated_lines_takes_its_time_once() -> None:
    many = 20_000
    result = dechaff.clean(TEXT)
    [flag], line = result.flags, result.lines[result.flags[0].line]
    lines = tuple(replace(line, index=i, kept=True) for i in range(many))
    flags = tuple(replace(flag, line=i, removed=False) for i in range(many))
    table = Table(
        np.asarray([fingerprint("a.example", AD)], np.uint64), *(np.asarray([9], np.uint16) for _ in range(2))
    )
    assert result.rules is not None
    started = time.perf_counter()
    found, reasons = with_repetition(replace(result, _lines=lines, _flags=flags), "a.example", table, result.rules)
    assert time.perf_counter() - started < 5  # a pass over all flags for each line took 27 seconds
    assert len(reasons) == len(found.flags) == many
    assert all(flag.removed for flag in found.flags)
