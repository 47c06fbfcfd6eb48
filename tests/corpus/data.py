"""Corpora for tests, and ways to read what became of them."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import lzma
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dechaff.corpus.files import packed
from tests.pages import AD, PARAGRAPHS, article

#: The cleaned text of a page.
CLEANED = "\n\n".join(PARAGRAPHS)


def page(number: int) -> str:
    """A page with an advertisement, unlike any other."""
    return article(ad=AD, body=f"<p>Case {number} was opened by the harbour office on the same evening.</p>")


def rows(count: int, field: str = "html") -> list[dict[str, Any]]:
    """Rows with pages and other columns."""
    return [
        {
            "id": f"d{i}",
            field: page(i),
            "url": f"https://www.site{i % 3}.example/{i}",
            "n": i,
            "tags": ["a", "b"][: i % 3],
        }
        for i in range(count)
    ]


def write_jsonl(path: Path, lines: Iterable[dict[str, Any]], packing: str | None = None) -> Path:
    """A file of JSON lines."""
    with path.open("wb") as file, packed(file, packing) as out:
        for line in lines:
            out.write(json.dumps(line).encode() + b"\n")
    return path


def write_parquet(path: Path, lines: Sequence[dict[str, Any]], group: int = 10) -> Path:
    """A Parquet file with row groups of `group` rows."""
    pq.write_table(pa.Table.from_pylist(list(lines)), path, row_group_size=group)
    return path


def write_csv(path: Path, lines: Sequence[dict[str, Any]], delimiter: str = ",") -> Path:
    """A CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*lines[0]], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(lines)
    return path


def warc_record(number: int, body: bytes, kind: str = "response", media: str = "text/html", http: str = "") -> bytes:
    """A record of a WARC file."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n{http}\r\n".encode() if kind == "response" else b""
    of_record = "application/http; msgtype=response" if kind == "response" else media
    return (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://site.example/{number}\r\n"
        f"WARC-Record-ID: <urn:uuid:{number}>\r\nContent-Type: {of_record}\r\n"
        f"Content-Length: {len(head) + len(body)}\r\n\r\n"
    ).encode() + head + body + b"\r\n\r\n"  # fmt: skip


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines, packed or not."""
    openers: dict[str, Callable[[Path], Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
    with openers.get(path.suffix, lambda path: path.open("rb"))(path) as file:
        return [json.loads(line) for line in file]


def tree(folder: Path) -> dict[str, bytes]:
    """What stands in a folder, without what differs between runs: journals and summaries, which hold times."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("journal.jsonl", "summary.json", "summary.html", "lock")
    }
