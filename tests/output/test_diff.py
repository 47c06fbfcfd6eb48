"""Diffs: their right side is the cleaned text, whatever the document, and they are what `patch` takes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dechaff
from dechaff.output.diff import changes, to_diff
from dechaff.result import Kind, PageScores, Result, Status
from tests.output.test_blocks import dropped, lines_of, result_of
from tests.pages import AD, PARAGRAPHS, TEXT
from tests.timing import assert_linear, seconds_of

FIXTURES = Path(__file__).parents[2] / "fixtures"


_REST: tuple[PageScores, Status, Kind] = PageScores(), "ok", "html"


def sides(result: Result) -> tuple[str, str]:
    found = [*changes(result)]
    return "\n".join(c.text for c in found if c.sign != "+"), "\n".join(c.text for c in found if c.sign != "-")


def test_what_is_gone_is_taken_away() -> None:
    diff = to_diff(dechaff.clean(TEXT), "news.txt", 1)
    assert diff == f"--- news.txt\n+++ news.txt (cleaned)\n@@ -5,4 +5,2 @@\n {PARAGRAPHS[2]}\n-\n-{AD}\n \n"


def test_sides() -> None:
    before, after = sides(dechaff.clean(TEXT))
    assert (before, after) == (TEXT, dechaff.clean(TEXT).text)


def test_nothing_gone_is_no_diff() -> None:
    assert to_diff(dechaff.clean("\n\n".join(PARAGRAPHS), kind="text")) == ""
    assert to_diff(dechaff.clean("")) == ""


def test_cells_stand_on_their_row() -> None:
    lines = lines_of("<p>one<table><tr><td>a<td>x<td>b<tr><td>x<td>x</table><p>two", keep=dropped)
    found = [f"{sign}{text}" for sign, text in changes(Result("one\n\na | b\n\ntwo", lines, (), "", "", *_REST))]
    assert found == [" one", " ", "-a | x | b", "+a | b", "-x | x", " ", " two"]


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
@pytest.mark.parametrize("name", ["founding_page", "recipe_with_plugs", "old_table_layout", "spanish_recipe"])
@pytest.mark.parametrize("context", [0, 3])
def test_patch_takes_it(name: str, context: int, tmp_path: Path) -> None:
    result = dechaff.clean((FIXTURES / name / "input.html").read_bytes())
    (tmp_path / "source").write_text(sides(result)[0] + "\n", encoding="utf-8", newline="")
    (tmp_path / "diff").write_text(to_diff(result, name, context), encoding="utf-8", newline="")
    command = ["patch", "--quiet", "--fuzz=0", "source", "diff"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "source").read_text(encoding="utf-8") == result.text + "\n"


def test_a_long_document_takes_linear_time() -> None:
    results = {lines: result_of("<p>one<p>x" * lines, keep=dropped) for lines in (2_000, 8_000)}
    assert_linear(lambda lines: seconds_of(lambda: to_diff(results[lines])), 2_000)


_PIECES = st.sampled_from(
    "<p>one <p>x <br>x <br>two <table> <tr> <td>a <td>x </table> <pre>a\nb x\n</pre> <li>x <li>c "
    "<p&#32;hidden>a&#32;hidden&#32;word <p>zero\u200bwidth\u200bword".replace("&#32;", "\xa0").split(" ")
).map(lambda piece: piece.replace("\xa0", " "))


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=25).map("".join))
def test_the_right_side_is_the_text(page: str) -> None:
    result = dechaff.Cleaner(thresholds={"boilerplate": (0.5, 0.5)}, keep=["content", "ad"]).clean(page, kind="html")
    assert sides(result)[1] == result.text


#: A paragraph that is one line, though it stands on two.
_WRAPPED = "A paragraph that an editor broke at a fixed width, so that its lines\nare all of about one width."


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["one", AD, "", PARAGRAPHS[0], "  x", "a\u200bb\u200bc", "BUY NOW", _WRAPPED]), max_size=12
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_the_right_side_is_the_text_of_a_text(lines: list[str], end: str) -> None:
    result = dechaff.clean("\n".join(lines).replace("\n", end), kind="text")
    assert sides(result)[1] == result.text
