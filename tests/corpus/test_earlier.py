"""What an earlier run left is gone on with, or replaced, and never lost before its time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dechaff.corpus import CorpusError, OptionsError, clean, earlier
from tests.corpus.data import page, read_jsonl, rows, tree, write_jsonl

pytestmark = pytest.mark.usefixtures("here")


def run(*inputs: Path, output: Path, **options: Any) -> None:
    clean(inputs, output, jobs=1, quiet=True, shard_bytes=9000, shard_files=2, **options)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_jsonl(tmp_path / "in.jsonl", rows(12))


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    for i in range(5):
        (folder / f"{i % 2}").mkdir(parents=True, exist_ok=True)
        (folder / f"{i % 2}" / f"{i}.html").write_text(page(i), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet", "out"])
def test_what_is_gone_is_written_again(name: str, source: Path, tmp_path: Path) -> None:
    output = tmp_path / "to" / name
    run(source, output=output)
    before = tree(output.parent)
    if name == "out":
        [first, *_, last] = sorted(output.glob("part-*"))
        first.unlink()
        last.unlink()
    else:
        output.unlink()
        with pytest.raises(CorpusError, match=r"whose output is not there: give --resume to write what is missing"):
            run(source, output=output)
    run(source, output=output, resume=True)
    assert tree(output.parent) == before
    run(source, output=output, resume=True)
    assert tree(output.parent) == before


def test_documents_that_are_gone_are_written_again(pages: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    run(pages, output=output)
    before = tree(output)
    (output / "1" / "3.html.txt").unlink()
    run(pages, output=output, resume=True)
    assert tree(output) == before


def test_results_stay_until_a_new_run_can_begin(source: Path, tmp_path: Path) -> None:
    for output in (tmp_path / "out", tmp_path / "out.jsonl"):
        run(source, output=output)
        before = tree(tmp_path)
        with pytest.raises(OptionsError, match="tekst"):
            run(source, output=output, overwrite=True, text_field="tekst")
        with pytest.raises(FileNotFoundError, match=r"nowhere\.jsonl"):
            run(source, tmp_path / "nowhere.jsonl", output=output, overwrite=True)
        assert tree(tmp_path) == before
        run(source, output=output, resume=True)
        assert tree(tmp_path) == before


def test_a_new_run_leaves_no_documents_of_the_one_before(pages: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    run(pages, output=output)
    (output / "1" / "mine.txt").write_text("a note")
    for name in ("0/2.html", "1/1.html", "1/3.html"):
        (pages / name).unlink()
    run(pages, output=output, overwrite=True)
    found = {str(path.relative_to(output)) for path in output.rglob("*") if "_dechaff" not in path.parts}
    assert found == {"0", "0/0.html.txt", "0/4.html.txt", "1", "1/mine.txt"}
    run(pages, output=output, overwrite=True, to="jsonl")
    found = {str(path.relative_to(output)) for path in output.rglob("*") if "_dechaff" not in path.parts}
    assert found == {"1", "1/mine.txt", "part-000000-files.jsonl"}
    assert len(read_jsonl(output / "part-000000-files.jsonl")) == 2


def test_a_list_that_names_files_elsewhere_removes_nothing(pages: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    run(pages, output=output)
    (tmp_path / "mine.txt").write_text("a note")
    [first, *_] = sorted((output / "_dechaff" / "rows").iterdir())
    write_jsonl(first, [{"dechaff_file": "../mine.txt"}, {"dechaff_file": str(tmp_path / "mine.txt")}])
    run(pages, output=output, overwrite=True)
    assert (tmp_path / "mine.txt").read_text() == "a note"


# What goes, and what does not


def test_files_of_others_stay(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    run(source, output=output, removed=True)
    mine = ["part-mine.txt", "part-000001-mine.jsonl", "_dechaff/notes.txt", "_dechaff/removed/notes.txt"]
    for name in mine:
        (output / name).write_text("a note")
    run(source, output=output, overwrite=True, to="csv")
    found = {str(path.relative_to(output)) for path in output.rglob("*") if path.is_file()}
    assert found > {*mine}
    assert {name for name in found if name.startswith("part-") and name not in mine} == {
        f"part-{i:06d}-in.csv" for i in range(len([*output.glob("*.csv")]))
    }
    assert [*(output / "_dechaff" / "removed").iterdir()] == [output / "_dechaff" / "removed" / "notes.txt"]
    for name in mine:
        assert (output / name).read_text() == "a note"


class Killed(BaseException):
    """Stands for the end of a process."""


@pytest.mark.parametrize("compression", ["none", "gz"])
def test_documents_of_a_run_that_was_killed_go(compression: str, pages: Path, tmp_path: Path) -> None:
    """Also if it was gone on with and killed again."""
    code = """
import os, sys
from dechaff.corpus.writers import pages
write = pages.Pages._write
def written(self, name, text):
    write(self, name, text)
    if name == sys.argv[4]:
        os._exit(9)
pages.Pages._write = written
from dechaff.corpus.cleaning import Cleaning
from dechaff.corpus import Options, shard_run, workers
workers.supervise = lambda name, shard, job, pool, step: shard_run.run_shard(
    shard, job, Cleaning(job.options), step).to_dict()
from dechaff.corpus import clean
clean(sys.argv[1], sys.argv[2], quiet=True, jobs=1, resume=True, compression=sys.argv[3])
"""
    output = tmp_path / "out"
    for last in ("1/3.html.txt", "0/0.html.txt"):
        command = [sys.executable, "-c", code, str(pages), str(output), compression, last]
        assert subprocess.run(command, check=False).returncode == 9
    assert (output / "1" / "3.html.txt").exists()
    for page_of_old in pages.rglob("*.html"):
        if page_of_old.name != "0.html":
            page_of_old.unlink()
    clean(pages / "0" / "0.html", output, quiet=True, jobs=1, overwrite=True)
    assert {path.name for path in output.rglob("*.txt")} == {"0.html.txt"}
    assert [path.suffix for path in (output / "_dechaff" / "rows").iterdir()] == [".jsonl"]


@pytest.mark.parametrize("name", ["out", "out.jsonl"])
@pytest.mark.parametrize("moment", ["sweep", "_remove"])
def test_a_run_that_is_killed_as_it_clears_can_be_begun_again(
    name: str, moment: str, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "to" / name
    run(source, output=output)
    before = tree(output.parent)

    def killed(*_: str) -> None:
        raise Killed

    for options in ({"overwrite": True}, {"resume": True}):
        with monkeypatch.context() as patch:
            patch.setattr(earlier, moment, killed)
            with pytest.raises(Killed):
                run(source, output=output, overwrite=True)
        run(source, output=output, **options)
        assert tree(output.parent) == before


@pytest.mark.parametrize("name", ["out", "out.jsonl", "out.parquet"])
@pytest.mark.parametrize("harm", ["removed", "attributes", "output"])
def test_what_is_cut_off_or_gone_is_written_again(name: str, harm: str, source: Path, tmp_path: Path) -> None:
    output = tmp_path / "to" / name
    options = {"removed": True, "attributes": True}
    run(source, output=output, **options)
    before = tree(output.parent)
    side = output / "_dechaff" if name == "out" else output.with_name(f"{name}.dechaff")
    if harm == "output":
        (output if output.is_file() else sorted(output.glob("part-*"))[1]).write_bytes(b"")
    else:
        shutil.rmtree(side / harm)
    run(source, output=output, resume=True, **options)
    assert tree(output.parent) == before


def test_journals_of_earlier_versions_have_no_sizes(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    run(source, output=output)
    journal = output / "_dechaff" / "journal.jsonl"
    entries = read_jsonl(journal)
    write_jsonl(journal, [{name: value for name, value in entry.items() if name != "sizes"} for entry in entries])
    run(source, output=output, resume=True)
    assert len(read_jsonl(journal)) == len(entries)


@pytest.mark.parametrize("name", ["run.json", "plan.jsonl"])
@pytest.mark.parametrize("written", ["{", "[]\n"])
def test_a_run_of_which_nothing_is_known_is_told_of(name: str, written: str, source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    run(source, output=output)
    (output / "_dechaff" / name).write_text(written)
    before = tree(output)
    for options in ({"resume": True}, {"overwrite": True}):
        with pytest.raises(CorpusError, match=rf"{name}, which says what the earlier run was, cannot be read"):
            run(source, output=output, **options)
        assert tree(output) == before


@pytest.mark.skipif(os.name == "nt", reason="names with other rules")
def test_what_another_run_is_writing_stays(source: Path, tmp_path: Path) -> None:
    own, others = ".out.jsonl.0123abcd.dechaff-tmp", ".out.jsonl.gz.0123abcd.dechaff-tmp"
    for name in (own, others):
        (tmp_path / name).write_text("half")
    run(source, output=tmp_path / "out.jsonl")
    assert [name for name in (own, others) if (tmp_path / name).exists()] == [others]
