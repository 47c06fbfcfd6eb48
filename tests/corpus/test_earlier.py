"""What an earlier run left is gone on with, or replaced, and never lost before its time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dechaff.corpus import CorpusError, OptionsError, clean
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
