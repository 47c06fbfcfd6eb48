"""Standard input: through pipes, packed, cut off, and in pieces as they come."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dechaff.corpus.cleaning import Cleaning
from dechaff.corpus.options import Options
from dechaff.corpus.stream import stream
from tests.corpus.data import page, rows, warc_record, write_parquet

WARC = [warc_record(i, page(i).encode()) for i in range(3)]


class InThisProcess(Cleaning):
    """Cleans in this process: faster than to start another."""

    def __enter__(self) -> InThisProcess:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dechaff.corpus.stream.Guarded", InThisProcess)


class Pipe(io.RawIOBase):
    """Bytes that come some at a time, from what cannot be wound back."""

    def __init__(self, data: bytes, size: int) -> None:
        self.data, self.size = io.BytesIO(data), size

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        block = self.data.read(min(self.size, len(into)))
        into[: len(block)] = block
        return len(block)


def read(data: bytes, size: int = 1 << 16, **options: Any) -> tuple[list[dict[str, Any]], int]:
    """The rows of what comes through a pipe, and how many inputs are broken."""
    out = io.BytesIO()
    summary = stream(["-"], io.BufferedReader(Pipe(data, size)), out, Options(jobs=1, quiet=True, **options))
    return [json.loads(line) for line in out.getvalue().splitlines()], summary.broken_inputs


def lines(count: int) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows(count))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda data: pa.compress(data, "zstd", asbytes=True)])
def test_warc_through_a_pipe(pack: Callable[[bytes], bytes]) -> None:
    found, broken = read(pack(b"".join(WARC)), 700)
    assert [row["dechaff_status"] for row in found] == ["ok"] * 3
    assert ({row["dechaff_place"][:2] for row in found}, broken) == ({"-@"}, 0)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_what_is_cut_off_gives_what_stands_before_the_cut(pack: Callable[[bytes], bytes]) -> None:
    """Bzip2 packs blocks of many lines: less than one gives nothing but the error."""
    data = pack(lines(40))
    found, broken = read(data[: len(data) * 9 // 10])
    assert (found[-1]["dechaff_status"], broken) == ("error", 1)
    assert "cannot be read" in found[-1]["dechaff_error"]
    assert len(found) > (0 if pack is bz2.compress else 20)


def test_records_before_a_cut_of_a_packed_warc_are_read() -> None:
    data = b"".join(gzip.compress(record) for record in WARC)
    found, broken = read(data[:-300])
    assert ([row["dechaff_status"] for row in found], broken) == (["ok", "ok", "error"], 1)


@pytest.mark.parametrize("cut", [20, 100, -1])
def test_a_stream_of_arrow_that_is_cut_off(cut: int) -> None:
    out = pa.BufferOutputStream()
    table = pa.Table.from_pylist(rows(6))
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    found, broken = read(out.getvalue().to_pybytes()[: cut if cut > 0 else -3000])
    assert (found[-1]["dechaff_status"], broken) == ("error", 1)


def test_pieces_that_are_shorter_than_what_tells_the_format() -> None:
    for data in (lines(2), gzip.compress(lines(2))):
        found, broken = read(data, 3)
        assert ([row["n"] for row in found], broken) == ([0, 1], 0)


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    found, _ = read(b"\xef\xbb\xbf" + lines(3))
    assert [row["n"] for row in found] == [0, 1, 2]


def test_places_in_a_table_are_the_same_in_every_run(tmp_path: Path) -> None:
    data = write_parquet(tmp_path / "in.parquet", rows(3)).read_bytes()
    assert [row["dechaff_place"] for row in read(data)[0]] == ["-@0", "-@1", "-@2"]
    assert read(data[:500])[0][0]["dechaff_place"] == "-"
