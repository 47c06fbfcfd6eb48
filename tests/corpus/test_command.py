"""`dechaff corpus`: arguments, TOML, streams and exit codes."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import dechaff
from dechaff import cli
from dechaff.corpus.options import Options, OptionsError, read_toml, to_toml
from tests.corpus.data import page, read_jsonl, rows, warc_record, write_csv, write_jsonl, write_parquet
from tests.pages import TEXT

Output = pytest.CaptureFixture[bytes]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_jsonl(Path("in.jsonl"), rows(6))


def run(capture: Output, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `dechaff corpus`."""
    try:
        code = cli.main(["corpus", *arguments])
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    out, err = capture.readouterr()
    return code, out.decode(), err.decode()


@pytest.mark.usefixtures("here")
def test_a_run(capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "in.jsonl", "-o", "out.jsonl", "--summary", "summary.json")
    assert (code, out) == (0, "")
    assert "6 documents (6 ok)" in err
    assert "flags: 6 ad" in err
    assert [row["n"] for row in read_jsonl(Path("out.jsonl"))] == [*range(6)]
    summary = json.loads(Path("summary.json").read_text())
    assert (summary["documents"], summary["flags"], summary["by_status"]) == (6, {"ad": 6}, {"ok": 6})
    assert summary["sites"]["site1.example"] == {"documents": 2, "failed": 0, "flags": {"ad": 2}}
    assert len(summary["slowest"]) == 6
    assert json.loads(Path("out.jsonl.dechaff/summary.json").read_text()) == summary
    assert (summary["flagged_documents"], sum(summary["tactics"].values()) > 0) == (6, True)
    assert {name: sum(bins) for name, bins in summary["scores"].items()} == {"content_quality": 6, "trust": 6}
    html = Path("out.jsonl.dechaff/summary.html").read_text(encoding="utf-8")
    for words in ("site1.example", "Documents by content quality", "Slowest documents", "in.jsonl@"):
        assert words in html
    code, out, err = run(capfdbinary, "in.jsonl", "-o", "out.jsonl")
    assert (code, err) == (
        1,
        "dechaff: out.jsonl is there: give --resume to go on, --overwrite to replace it, or another name\n",
    )
    assert run(capfdbinary, "in.jsonl", "-o", "out.jsonl", "--overwrite", "--quiet") == (0, "", "")


@pytest.mark.usefixtures("here")
def test_exit_codes(capfdbinary: Output) -> None:
    Path("cut.jsonl.gz").write_bytes(gzip.compress(Path("in.jsonl").read_bytes())[:-20])
    code, _, err = run(capfdbinary, "cut.jsonl.gz", "-o", "out", "--quiet")
    assert (code, err) == (1, "")
    code, _, err = run(capfdbinary, "nowhere.jsonl", "-o", "out2")
    assert (code, err) == (1, "dechaff: nowhere.jsonl: No such file or directory\n")
    Path("bad.jsonl").write_text("{\n")
    assert run(capfdbinary, "bad.jsonl", "-o", "out3", "--quiet")[0] == 0  # a row with an error
    for arguments, says in (
        (["in.jsonl"], "OUTPUT"),
        (["-o", "out4"], "INPUT"),
        (["in.jsonl", "-o", "o", "--strictness", "harsh"], "harsh"),
        (["in.jsonl", "-o", "o", "--keep", "adverts"], "adverts"),
        (["in.jsonl", "-o", "o", "--drop-below", "trusty=1"], "trusty"),
        (["in.jsonl", "-o", "o", "--drop-below", "content_share=x"], "content_share=x"),
        (["in.jsonl", "-o", "o", "--text-field", "tekst"], "tekst"),
        (["in.jsonl", "-o", "o", "--jobs", "0"], "jobs"),
        (["in.jsonl", "-o", "o", "--resume", "--overwrite"], "resume"),
        (["in.jsonl", "-o", "o", "--config", "nowhere.toml"], "nowhere.toml"),
        (["in.jsonl", "-", "-o", "-"], "read alone"),
        (["-", "-o", "out.jsonl"], "OUTPUT"),
    ):
        code, out, err = run(capfdbinary, *arguments)
        assert (code, out) == (2, ""), arguments
        assert says in err
        assert "Traceback" not in err


def test_a_configuration(capfdbinary: Output) -> None:
    Path("pyproject.toml").write_text('[tool.dechaff]\nstrictness = "strict"\ntimeout-per-document = 5\njobs = 3\n')
    Path("mine.toml").write_text('keep = ["content", "caption"]\nfrom = "jsonl"\noutput = "there"\n')
    code, out, _ = run(capfdbinary, "in.jsonl", "--show-config", "-j", "2", "--flags-only")
    assert code == 0
    Path("shown.toml").write_text(out)
    shown = read_toml("shown.toml")
    assert (shown["strictness"], shown["timeout-per-document"], shown["jobs"]) == ("strict", 5.0, 2)
    assert (shown["flags-only"], shown["inputs"]) == (True, ["in.jsonl"])
    code, out, _ = run(capfdbinary, "in.jsonl", "--show-config", "--config", "mine.toml")
    assert 'keep = ["content", "caption"]' in out
    assert 'from = "jsonl"' in out
    assert 'output = "there"' in out
    assert 'strictness = "balanced"' in out
    assert run(capfdbinary, "--show-config", "--config", "shown.toml")[1] == Path("shown.toml").read_text()
    Path("wrong.toml").write_text("[tool.dechaff]\nstriktness = 1\n")
    code, _, err = run(capfdbinary, "in.jsonl", "-o", "out", "--config", "wrong.toml")
    assert (code, err) == (2, "dechaff: wrong.toml: no option 'striktness'\n")


def test_options_are_checked_and_have_a_digest() -> None:
    assert Options.of({"from": "csv", "text-field": "a"}) == Options(from_="csv", text_field="a")
    for wrong in ({"jobs": "many"}, {"jobs": True}, {"resume": 1}, {"keep": 5}, {"text_field": 1}, {"to": "pdf"}):
        with pytest.raises(OptionsError):
            Options.of(wrong)
    with pytest.raises(OptionsError, match="one or the other"):
        Options(text_field="a", html_field="b")
    assert Options(keep=("content", "ad")).digest() != Options().digest()
    assert Options(resume=True, quiet=True, jobs=7).digest() == Options().digest()
    for name, value in Options().to_dict().items():
        assert f"{name.rstrip('_').replace('_', '-')}" in to_toml({name: value})


def streamed(capture: Output, patch: pytest.MonkeyPatch, data: bytes, *arguments: str) -> str:
    patch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))  # type: ignore[arg-type]
    code, out, err = run(capture, "-", "-j", "1", "--quiet", *arguments)
    assert (code, err) == (0, "")
    return out


def test_streams(capfdbinary: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    expected = [dechaff.clean(page(i)).text for i in range(6)]
    lines = Path("in.jsonl").read_bytes()
    table = pa.Table.from_pylist(rows(6))
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, table.schema) as out:
        out.write_table(table)
    for data in (
        lines,
        gzip.compress(lines),
        b"".join(gzip.compress(warc_record(i, page(i).encode())) for i in range(6)),
        write_parquet(tmp_path / "in.parquet", rows(6)).read_bytes(),
        stream.getvalue().to_pybytes(),
    ):
        found = [json.loads(line) for line in streamed(capfdbinary, monkeypatch, data).splitlines()]
        assert [row["text"] for row in found] == expected


def test_streams_of_other_formats(capfdbinary: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = write_csv(tmp_path / "in.csv", rows(3)).read_bytes()
    out = streamed(capfdbinary, monkeypatch, data, "--from", "csv")
    assert out.startswith("id,url,n,tags,text,dechaff_title")
    [row] = map(json.loads, streamed(capfdbinary, monkeypatch, TEXT.encode()).splitlines())
    assert row["text"] == dechaff.clean(TEXT).text
    array = io.BufferedReader(io.BytesIO(b'[{"text": "One"}]'))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(array))
    code, out, err = run(capfdbinary, "-", "--from", "jsonl")
    assert (code, out) == (2, "")
    assert "standard input is one JSON array" in err
    code, _, err = run(capfdbinary, "-", "--to", "parquet")
    assert (code, err) == (2, "dechaff: to: standard output takes jsonl, csv, tsv, not parquet\n")
    code, out, err = run(capfdbinary, "in.jsonl", "-o", "-", "-j", "2", "--quiet")
    assert [json.loads(line)["n"] for line in out.splitlines()] == [*range(6)]


def test_help(capfdbinary: Output) -> None:
    code, out, err = run(capfdbinary, "--help")
    assert (code, err) == (0, "")
    for word in ("--resume", "--text-field", "--site-repetition", "exit codes", "--show-config"):
        assert word in out
    assert max(map(len, out.splitlines())) <= 120
