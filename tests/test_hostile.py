"""Hostile documents: cleaned, said to be so, and in time and memory that grow with their length.

`tests/lines/test_guard.py` has the parser's part of it; this is the whole pipeline.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dechaff
from dechaff import limits
from tests.pages import AD, PARAGRAPHS
from tests.timing import assert_linear, assert_within, seconds_of

#: Seconds of processor time that a document may take, here and on a machine half as fast.
SECONDS = 1.5
SLACK = 2

#: Bytes of memory that a document may take: so much, and so many for each byte of it.
MEMORY = 100_000_000
MEMORY_PER_BYTE = 20

#: Name → the document, how it is read, and the status of the result (either, where nothing is to be said of the text).
SHAPES: dict[str, tuple[Callable[[], Any], str, str]] = {
    "nested div": (lambda: "<div>" * 100_000 + "text", "auto", "limited"),
    "nested div with text": (lambda: "<div>x" * 100_000, "auto", "limited"),
    "unclosed b": (lambda: "<b>" * 50_000 + "text", "auto", "limited"),
    "unclosed b with text": (lambda: "<b>x " * 50_000, "auto", "limited"),
    "siblings": (lambda: "".join(f"<div>Line {i}</div>" for i in range(200_000)), "auto", "limited"),
    "paragraphs": (lambda: f"<p>{PARAGRAPHS[0]}</p>" * 19_000, "auto", "limited"),
    "siblings in a nest": (lambda: "<div>" * 480 + "<p>text</p>" * 100_000, "auto", "limited"),
    "names that differ": (lambda: "".join(f"<p class='c{i} d{i}'>t</p>" for i in range(100_000)), "auto", "limited"),
    "links": (lambda: "".join(f"<li><a href='/x{i}'>link</a></li>" for i in range(100_000)), "auto", "limited"),
    "nested lists": (lambda: "<ul><li>item" * 20_000, "auto", "limited or empty"),
    "table": (lambda: "<table>" + ("<tr>" + "<td>a cell</td>" * 10) * 10_000 + "</table>", "auto", "limited"),
    "one row": (lambda: f"<table><tr>{'<td>a cell</td>' * 100_000}</table>", "auto", "limited"),
    "breaks": (lambda: "x<br>" * 180_000, "html", "limited"),
    "links around headings": (lambda: "<a><h1>" * 50_000 + "text", "auto", "limited"),
    "closing tags": (lambda: "<span>" * 3900 + "</i>" * 300_000 + "text", "auto", "limited"),
    "one line of HTML": (lambda: "<p>" + "word " * 1_000_000, "auto", "limited"),
    "one line of text": (lambda: "word " * 1_000_000, "auto", "limited"),
    "one word": (lambda: "a" * 5_000_000, "auto", "limited"),
    "ideographs": (lambda: "東" * 2_000_000, "auto", "limited"),
    "lines of text": (lambda: "".join(f"Line {i}\n" for i in range(200_000)), "auto", "limited"),
    "paragraphs of text": (lambda: "".join(f"Line {i}\n\n" for i in range(200_000)), "auto", "limited"),
    "line ends": (lambda: "\r\n" * 1_000_000, "auto", "empty"),
    "spaces": (lambda: " " * 5_000_000, "auto", "empty"),
    "less than": (lambda: "<" * 1_000_000, "html", "limited"),
    "open comment": (lambda: f"<p>{AD}</p><!--" + "x " * 1_000_000, "auto", "ok"),
    "attribute": (lambda: f"<p title='{'x' * 1_000_000}'>{PARAGRAPHS[0]}</p>", "html", "ok"),
    "descriptions": (
        lambda: "".join(f"<p>{PARAGRAPHS[0]}<img alt='{i} {'cat ' * 90}'></p>" for i in range(4_000)), "html", "limited"
    ),
    "class": (lambda: f"<p class='{'xy ' * 300_000}'>{PARAGRAPHS[0]}</p>", "html", "ok"),
    "address": (lambda: f"<p><a href='{'/x' * 500_000}'>{PARAGRAPHS[0]}</a></p>", "html", "ok"),
    "title": (lambda: f"<title>{'word ' * 200_000}</title><p>{PARAGRAPHS[0]}</p>", "auto", "ok"),
    "NUL": (lambda: "\0" * 1_000_000, "auto", "limited"),
    "NUL in paragraphs": (lambda: "<p>a\0b</p>" * 10_000, "auto", "ok or empty"),
    "lone surrogates": (lambda: "\ud800" * 500_000, "html", "limited"),
    "bytes of no encoding": (lambda: bytes(range(128, 256)) * 10_000, "auto", "limited"),
}  # fmt: skip

#: Run in a process of its own, whose peak of memory is then that of one document. `ru_maxrss` would begin with the peak
#: of the process that started it: Linux hands that on.
PROGRAM = """
import json, re, resource, sys, time
import dechaff
from tests.test_hostile import SHAPES

def peak():
    if sys.platform == "linux":
        return 1024 * int(re.search("VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

make, kind, _ = SHAPES[sys.argv[1]]
document = make()
for small in ("<p>The council met on Monday.</p>" * 5, "The council met.\\n\\nIt voted."):
    dechaff.clean(small).to_dict()
before, start = peak(), time.process_time()
result = dechaff.clean(document, kind=kind)
seconds, memory = time.process_time() - start, peak() - before
size = len(document) if isinstance(document, bytes) else len(document.encode("utf-8", "surrogatepass"))
print(json.dumps([result.status, size, seconds, memory]))
"""


def measured(name: str) -> tuple[str, int, float, int]:
    root = Path(__file__).parent.parent
    paths = os.pathsep.join([str(Path(dechaff.__file__).parent.parent), str(root)])
    environment = {**os.environ, "PYTHONPATH": paths}
    command = [sys.executable, "-c", PROGRAM, name]
    done = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    status, size, seconds, memory = json.loads(done.stdout)
    return status, size, seconds, memory


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured as POSIX does")
@pytest.mark.parametrize("name", SHAPES)
def test_time_and_memory_stay_within_bounds(name: str) -> None:
    status, size, seconds, memory = measured(name)
    assert status in SHAPES[name][2].split(" or ")
    assert memory <= MEMORY + MEMORY_PER_BYTE * size, f"{memory / 1e6:.0f} MB for {size / 1e6:.1f} MB"
    assert seconds <= SECONDS * SLACK


GROWING: dict[str, tuple[Callable[[int], str], str]] = {
    "paragraphs of HTML": (lambda n: "".join(f"<p class=c{i % 9}>Line {i} says so</p>" for i in range(n)), "html"),
    "items": (lambda n: "<ul>" + "".join(f"<li><a href=/{i}>Item {i}</a>" for i in range(n)) + "</ul>", "html"),
    "divisions": (lambda n: "".join(f"<div><div>Part {i}</div><p>of it</p></div>" for i in range(n // 2)), "html"),
    "lines of text": (lambda n: "".join(f"Line {i} says something\n" for i in range(n)), "text"),
    "paragraphs of text": (lambda n: "".join(f"Line {i} says something\n\n" for i in range(n)), "text"),
    "wrapped text": (lambda n: "\n".join(["some words " * 6] * 9 + ["", ""]) * (n // 10), "text"),
    "adverts": (lambda n: f"<p>{PARAGRAPHS[0]}</p><p>{AD}</p>" * (n // 2), "html"),
}  # fmt: skip


@pytest.mark.parametrize("name", GROWING)
def test_time_grows_with_the_lines(name: str) -> None:
    make, kind = GROWING[name]
    assert len(dechaff.clean(make(100), kind=kind).lines) > 1
    assert_linear(lambda size: seconds_of(lambda: dechaff.clean(make(size), kind=kind).lines), 2_000)


def test_outputs_of_a_large_page_come_in_time() -> None:
    result = dechaff.clean("<div>" * 400 + "".join(f"<ul><li>item {i}</ul><p>text</p>" for i in range(5_000)))
    assert_within(SECONDS * SLACK, lambda: (result.to_markdown(), result.to_html()))


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, "PNG"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 100, "PDF"),
        (gzip.compress(b"<p>text</p>" * 1000), "gzip"),
        (bytes(range(32)) * 100, "binary"),
        ("", "empty"),
        (b"", "empty"),
        ("\ufeff", ""),
    ],
)
def test_what_holds_no_text_is_empty_and_says_why(document: Any, says: str) -> None:
    result = dechaff.clean(document)
    if document != "\ufeff":
        assert (result.status, result.text) == ("empty", "")
        assert says in result.warnings[0]
    assert result.to_json()


def test_json_is_text() -> None:
    data = json.dumps({"body": "<p>A page inside</p>", "n": 1})
    result = dechaff.clean(data)
    assert (result.kind, result.source) == ("text", data)


def test_damage_is_said() -> None:
    page = f"<p>{PARAGRAPHS[0]}\0</p>"
    assert "NUL" in dechaff.clean(page).warnings[0]
    assert "surrogates" in dechaff.clean(page.replace("\0", "\ud800")).warnings[0]


def test_no_limit_is_silent() -> None:
    many = "".join(f"<p>Line {i} of many</p>" for i in range(limits.MAX_LINES + 1))
    result = dechaff.clean(many)
    assert result.status == "limited"
    assert str(limits.MAX_LINES) in result.warnings[0]
    assert result.text.endswith(f"Line {limits.MAX_LINES} of many")
