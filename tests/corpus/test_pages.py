"""Outputs with a file for every document: none takes the place of another."""

from __future__ import annotations

from pathlib import Path

import pytest

import dechaff
from dechaff.corpus import clean
from tests.corpus.data import page, read_jsonl, write_jsonl

pytestmark = pytest.mark.usefixtures("here")

EXPECTED = [dechaff.clean(page(i)).text + "\n" for i in range(9)]


def written(folder: Path, *names: str) -> Path:
    """A folder with the given pages, the first of which is page 0."""
    for i, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page(i), encoding="utf-8")
    return folder


def listed(output: Path) -> dict[str, str]:
    """The file of every document by its place, and that each holds that document alone."""
    rows = [row for path in sorted((output / "_dechaff" / "rows").iterdir()) for row in read_jsonl(path)]
    names = {row["dechaff_place"]: row["dechaff_file"] for row in rows}
    assert len({*names.values()}) == len(names) == len(rows)
    on_disk = {str(path.relative_to(output)) for path in output.rglob("*") if path.is_file()}
    assert {name for name in on_disk if not name.startswith("_dechaff")} == {*names.values()}
    return names


def test_folders_with_files_of_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "A/index.html", "B/index.html", "B/more/b.html", "C/index.html")
    monkeypatch.chdir(tmp_path)
    clean(["A", "B", "C/index.html"], "out", jobs=1, quiet=True, shard_files=1)
    names = listed(Path("out"))
    assert names["B/more/b.html"] == "B/more/b.html.txt"
    for i, place in enumerate(("A/index.html", "B/index.html", "B/more/b.html", "C/index.html")):
        assert (Path("out") / names[place]).read_text(encoding="utf-8") == EXPECTED[i]
    clean(["A/index.html"], "one", jobs=1, quiet=True)
    assert [*listed(Path("one")).values()] == ["index.html.txt"]


def test_names_that_would_become_the_same(tmp_path: Path) -> None:
    names = ["b.html", "b.html.txt", "b.html.txt.txt", "x?.html", "x*.html", "x-.html", "d.html", "d.html.txt/e.html"]
    names += ["long" * 60 + ".html"]
    source = written(tmp_path / "in", *names)
    clean(source, tmp_path / "out", jobs=1, quiet=True, kind="html", shard_files=1)
    found = listed(tmp_path / "out")
    for i, name in enumerate(names):
        assert (tmp_path / "out" / found[str(source / name)]).read_text(encoding="utf-8") == EXPECTED[i], name
    assert found[str(source / "b.html")] == "b.html.txt"
    again = {**found}
    clean(source, tmp_path / "again", jobs=1, quiet=True, kind="html")
    assert listed(tmp_path / "again") == again


def test_a_field_called_file_names_no_file(tmp_path: Path) -> None:
    rows = [{"file": value, "html": page(i)} for i, value in enumerate(("x", "x", 7, "y" * 300, "../../up"))]
    path = write_jsonl(tmp_path / "in.jsonl", rows)
    clean(path, tmp_path / "out", to="text", jobs=1, quiet=True)
    names = listed(tmp_path / "out")
    assert [*names.values()] == [f"part-000000-in/{i:08d}.txt" for i in range(5)]
    assert (tmp_path / "out" / "part-000000-in" / "00000003.txt").read_text(encoding="utf-8") == EXPECTED[3]
