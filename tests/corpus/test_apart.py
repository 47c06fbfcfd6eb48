"""What is read is not written over, and what is asked for beside the output is written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from dechaff import cli
from dechaff.corpus import OptionsError, clean
from tests.corpus.data import read_jsonl, rows, tree, write_jsonl

pytestmark = pytest.mark.usefixtures("here")

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with two inputs, and a link to one of them."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    write_jsonl(Path("in/a.jsonl"), rows(2))
    write_jsonl(Path("in/b.jsonl"), rows(3))
    Path("link.jsonl").symlink_to("in/a.jsonl")


@pytest.mark.parametrize(
    "arguments",
    [
        "in/a.jsonl -o o.jsonl --summary in/a.jsonl",
        "in/a.jsonl -o o.jsonl --summary link.jsonl",
        "in/*.jsonl -o o.jsonl --summary in/b.jsonl",
        "in -o out --summary in/b.jsonl",
        "in -o - --summary in/b.jsonl",
        "in -o o.jsonl --summary ./o.jsonl",
        "in -o o.jsonl --summary in",
        "in -o out --summary out/part-000000-a.jsonl",
        "in -o out --summary out/_dechaff/run.json",
        "in/a.jsonl -o in/a.jsonl --overwrite",
        "in/a.jsonl -o link.jsonl --overwrite",
        "in -o in/a.jsonl --overwrite",
        "in/*.jsonl -o in/a.jsonl --overwrite",
    ],
)
def test_an_input_is_not_written_over(arguments: str, capsys: Output, tmp_path: Path) -> None:
    before = tree(tmp_path)
    assert cli.main(["corpus", *arguments.split(), "-j", "1"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "give another name" in err
    assert tree(tmp_path) == before
    assert {path.name for path in tmp_path.iterdir()} == {"in", "link.jsonl"}


def test_what_a_run_wrote_into_its_input_is_replaced_by_the_next(tmp_path: Path) -> None:
    options: dict[str, Any]
    for options in ({}, {"overwrite": True}, {"resume": True}):
        assert clean("in", "in/o.jsonl", jobs=1, quiet=True, summary="in/s.json", **options).documents == 5
    write_jsonl(Path("in/o.jsonl"), rows(9))  # somebody else's by now
    with pytest.raises(OptionsError, match=r"in/o\.jsonl is one of the inputs"):
        clean("in", "in/o.jsonl", jobs=1, quiet=True, overwrite=True)
    assert len(read_jsonl(Path("in/o.jsonl"))) == 9


@pytest.mark.parametrize("again", ["out", "out/part-000000-a.jsonl", "out/*.jsonl"])
def test_what_a_run_wrote_is_not_replaced_by_itself(again: str, tmp_path: Path) -> None:
    clean("in/a.jsonl", "out", jobs=1, quiet=True)
    with pytest.raises(OptionsError, match="the output out is, or holds, the input"):
        clean(again, "out", jobs=1, quiet=True, overwrite=True)
    assert len(read_jsonl(Path("out/part-000000-a.jsonl"))) == 2


def test_a_stream_has_its_summary(capsys: Output) -> None:
    assert cli.main(["corpus", "in", "-o", "-", "--summary", "s.json", "-j", "1", "--quiet"]) == 0
    assert json.loads(Path("s.json").read_text())["documents"] == capsys.readouterr().out.count("\n") == 5


def test_a_summary_goes_where_a_link_leads(tmp_path: Path) -> None:
    Path("s.json").touch()
    Path("to_it").symlink_to("s.json")
    clean("in", "o.jsonl", jobs=1, quiet=True, summary="to_it")
    assert Path("to_it").is_symlink()
    assert json.loads(Path("s.json").read_text())["documents"] == 5


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_summary_goes_into_a_pipe(tmp_path: Path) -> None:
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    clean("in", "o.jsonl", jobs=1, quiet=True, summary="pipe")
    assert json.loads(os.read(reader, 1 << 20))["documents"] == 5
    os.close(reader)


@pytest.mark.parametrize("output", ["to/out", "to/out.jsonl"])
@pytest.mark.parametrize("wrong", ["nowhere.jsonl", "in/a.jsonl --text-field tekst"])
def test_a_run_that_cannot_begin_leaves_nothing(wrong: str, output: str, capsys: Output) -> None:
    assert cli.main(["corpus", *wrong.split(), "-o", output]) in (1, 2)
    assert not Path("to").exists()
    Path("to").mkdir()
    assert cli.main(["corpus", *wrong.split(), "-o", output]) in (1, 2)
    assert [*Path("to").iterdir()] == []
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("written", ["tool = 1", "[tool]\ndechaff = 1"])
def test_a_configuration_that_is_no_table(written: str, capsys: Output) -> None:
    Path("o.toml").write_text(written)
    assert cli.main(["corpus", "in", "-o", "out", "--config", "o.toml"]) == 2
    assert capsys.readouterr().err == "dechaff: o.toml: tool.dechaff is no table\n"
