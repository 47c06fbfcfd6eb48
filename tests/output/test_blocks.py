"""Lines as blocks in their containers: which of them share an item, a table, a paragraph."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace

import pytest

import dechaff
from dechaff.output.blocks import MAX_NESTING, Block, blocks, blocks_of, shared
from dechaff.result import Line, PageScores, Result
from tests.timing import assert_linear, seconds_of


def lines_of(page: str, keep: Callable[[str], bool] = lambda text: True) -> tuple[Line, ...]:
    """The lines of a page, kept or not by their text."""
    lines = dechaff.clean(page, kind="html").lines
    return tuple(replace(line, kept=keep(line.text)) for line in lines)


def result_of(page: str, title: str = "", keep: Callable[[str], bool] = lambda text: True) -> Result:
    lines = lines_of(page, keep)
    text = "\n\n".join(line.text for line in lines if line.kept)
    return Result(text, lines, (), "\n".join(line.text for line in lines), title, PageScores(), "ok", "html")


def dropped(text: str) -> bool:
    """Lines with an x in them are dropped."""
    return "x" not in text


def shown(block: Block) -> str:
    """A block in short: `ul li: text`, `h2: text`, `table: a|b/c|d`."""
    name = {"heading": f"h{block.level}", "paragraph": "", "code": "code", "caption": "caption", "table": "table"}
    names = [*(container.tag for container in block.containers), name[block.kind]]
    rows = "/".join("|".join(cell.text for cell in row) for row in block.rows)
    return f"{' '.join(filter(None, names))}: {rows or '/'.join(block.lines)}"


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>one<br>two<p>three", [": one/two", ": three"]),
        ("<h3>Head</h3><p>text", ["h3: Head", ": text"]),
        ("<ul><li>one<li>two</ul>", ["ul li: one", "ul li: two"]),
        ("<ol><li><p>one<p>more<li><p>two</ol>", ["ol li: one", "ol li: more", "ol li: two"]),
        ("<ul><li>one<ol><li>in</ol></ul>", ["ul li: one", "ul li ol li: in"]),
        ("<menu><li>one</menu>", ["ul li: one"]),
        ("<dl><dt>term<dd>meaning</dl>", ["dl dt: term", "dl dd: meaning"]),
        ("<blockquote>said<p>more</blockquote>", ["blockquote: said", "blockquote: more"]),
        ("<blockquote><ul><li>one</ul></blockquote>", ["blockquote ul li: one"]),
        ("<pre>if x:\n  y</pre>", ["code: if x:\n  y"]),
        ("<pre><code>a<br>b</code></pre>", ["code: a\nb"]),
        ("<figure><figcaption>bridge</figcaption></figure>", ["caption: bridge"]),
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", ["table: a|b/c|d"]),
        ("<li>stray", ["ul li: stray"]),
        ("<dd>stray", ["dl dd: stray"]),
        ("<ul>stray<li>one</ul>", ["ul li: stray", "ul li: one"]),
        ("<ul><ul><li>twice</ul></ul>", ["ul li ul li: twice"]),
        ("<ol>stray<li>one</ol>", [": stray", "ol li: one"]),  # it has no number
        ("<table><tr><td><pre>1\n2</pre><td><pre>if x:\n  y</pre></table>", ["code: if x:\n  y"]),
        ("<table><tr><td>9<td><pre>if x:</pre><tr><td>10<tr><td>11<td><pre>  y</pre></table>", ["code: if x:\n\n  y"]),
        ("<pre><table><tr><td>1<td>if x:<tr><td>2<td>  42</table></pre>", ["code: if x:\n  42"]),
    ],
)
def test_structure(page: str, found: list[str]) -> None:
    assert [shown(block) for block in blocks(lines_of(page))] == found


def items(page: str, keep: Callable[[str], bool] = lambda text: True) -> list[list[str]]:
    """What stands in each innermost container: two items are two containers, however alike."""
    found: dict[int, list[str]] = {}
    alive = []
    for block in blocks(lines_of(page, keep)):
        alive.append(block)  # so that no id is given twice
        found.setdefault(id(block.containers[-1]), []).extend(block.lines)
    return list(found.values())


def test_items_are_told_apart() -> None:
    assert items("<ul><li>one<li>two<li>three</ul>") == [["one"], ["two"], ["three"]]
    assert items("<ul><li><p>one<div>more</div><li><p>two<div>again</div></ul>") == [["one", "more"], ["two", "again"]]
    assert items("<ul><li><b>one</b><li><b>two</b></ul>") == [["one"], ["two"]]
    assert items("<ol><li><p>one<p>more<li><p>two</ol>") == [["one", "more"], ["two"]]
    assert items("<ul><li><p>one<p><b>more</b><li><p><b>two</b><p>again</ul>") == [["one", "more"], ["two", "again"]]
    assert items("<ul><div>one</div><div>two</div>three<li>four</ul>") == [["one"], ["two"], ["three"], ["four"]]


def test_neighbours_of_one_kind_are_told_apart() -> None:
    one, two = blocks(lines_of("<ol><li>one</ol><ol><li>two</ol>"))
    assert shared(one.containers, two.containers) == 0
    assert items("<blockquote><p>one</blockquote><blockquote><p>two</blockquote>") == [["one"], ["two"]]
    assert items("<blockquote><p>one<p>more</blockquote>") == [["one", "more"]]


def test_dropped_lines_shape_items_too() -> None:
    page = "<ul><li><h4>x one</h4><p>more<li><h4>x two</h4><p>again</ul>"
    assert items(page, dropped) == [["more"], ["again"]]
    assert items(page) == [["x one", "more"], ["x two", "again"]]


def test_what_stands_in_a_numbered_list_between_items_belongs_to_the_one_before() -> None:
    assert items("<ol><li>one</li><p>note</p>more<li>two</li></ol>") == [["one", "note", "more"], ["two"]]
    assert items("<ol><li>one<ul><li>in</ul></li><p>note</p></ol>") == [["one", "note"], ["in"]]


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>1<td><pre>a\nb</pre><tr><td>2<td><pre>c\nd</pre></table>",  # exercises
        "<table><tr><td>1<td><pre>a</pre><tr><td>4<td><pre>b</pre></table>",
        "<table><tr><td>1<td><pre>a</pre><tr><td>one<td><pre>b</pre></table>",
        "<table><tr><td>1<td><pre>a</pre><tr><td>2<td>b</table>",
        f"<table><tr><td>{'9' * 290}<td><pre>a</pre></table>",
    ],
)
def test_numbers_beside_code_that_are_none_of_its_lines_stay(page: str) -> None:
    (table,) = blocks(lines_of(page))
    assert table.kind == "table"


def test_code_beside_dropped_cells_is_code() -> None:
    (code,) = blocks(lines_of("<table><tr><td>x<td><pre>if y:\n  z</pre></table>", dropped))
    assert shown(code) == "code: if y:\n  z"


def test_a_column_of_which_nothing_is_kept_is_left_out() -> None:
    page = "<table><tr><th>x<br>x<th>a<th>b<tr><td>x<td>c<td>d</table>"
    (table,) = blocks(lines_of(page, dropped))
    assert shown(table) == "table: a|b/c|d"


def test_dropped_cells_leave_their_columns() -> None:
    page = "<table><tr><td>a<td>x<td>c<tr><td>x<td>x<td>x<tr><td>d<td>e<td>f</table>"
    (table,) = blocks(lines_of(page, dropped))
    assert shown(table) == "table: a||c/d|e|f"
    assert list(blocks(lines_of(page, lambda text: False))) == []


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<table><tr><th><th>2022<th>2023<tr><td>won<td>1<td>2<tr><td>lost<td><td>3</table>",
         "table: |2022|2023/won|1|2/lost||3"),
        ("<table><tr><td><img src=x><td>a<td>b<tr><td>c<td>d<td><img src=y></table>", "table: |a|b/c|d"),
        ("<table><tr><th colspan=2>a<th>b<tr><td>c<td>d<td>e</table>", "table: a||b/c|d|e"),
        ("<table><tr><td rowspan=2>a<td>b<td>c<tr><td>d<td>e</table>", "table: a|b|c/|d|e"),
        ("<table><tr><th colspan=999>a<tr><td>c<td>d</table>", "table: a/c|d"),
        # A column without any text is a spacer.
        ("<table><tr><td>a<td> <td>b<tr><td>c<td> <td>d</table>", "table: a|b/c|d"),
        ("<table><tr><td>a<td hidden>x<td>b<tr><td>c<td>d</table>", "table: a|b/c|d"),
    ],
)  # fmt: skip
def test_cells_stand_in_their_columns(page: str, found: str) -> None:
    (table,) = blocks(lines_of(page))
    assert shown(table) == found


def test_header_cells() -> None:
    (table,) = blocks(lines_of("<table><tr><th>a<th>b<tr><th>c<td>d</table>"))
    assert [[cell.header for cell in row] for row in table.rows] == [[True, True], [True, False]]


def test_a_paragraph_keeps_its_kept_lines() -> None:
    assert [shown(block) for block in blocks(lines_of("<p>one<br>x<br>two", dropped))] == [": one/two"]


def test_the_title_is_not_said_twice() -> None:
    page = "<h1>The  title</h1><p>text<h1>Another</h1><h2>The title</h2><p>The title"
    assert [shown(block) for block in blocks_of(result_of(page, title="The title"))] == [
        ": text", "h1: Another", "h2: The title", ": The title",
    ]  # fmt: skip
    assert shown(next(blocks_of(result_of(page)))) == "h1: The title"


def test_bare_text_in_an_item() -> None:
    bare, wrapped = blocks(lines_of("<ul><li>one<li><p>two</ul>"))
    assert (bare.bare, wrapped.bare) == (True, False)


def test_what_two_blocks_share() -> None:
    one, two, inner, out = blocks(lines_of("<ul><li>one<li>two<ul><li>in</ul></ul><p>out"))
    assert shared(one.containers, two.containers) == 1  # the list
    assert shared(two.containers, inner.containers) == 2  # list and item
    assert shared(inner.containers, out.containers) == 0


def test_deep_nests_are_laid_flat() -> None:
    (block,) = blocks(lines_of("<ul><li>" * 100 + "deep"))
    assert len(block.containers) == MAX_NESTING
    assert block.containers[-1].tag == "li"
    (block,) = blocks(lines_of("<blockquote>" * 100 + "deep"))
    assert len(block.containers) == MAX_NESTING


def test_time_grows_with_the_lines() -> None:
    def seconds(count: int) -> float:
        lines = lines_of("<ul>" + "<li>one<ul><li><p>two<p>three</ul>" * count + "</ul>")
        assert sum(1 for _ in blocks(lines)) == 3 * count
        return seconds_of(lambda: deque(blocks(lines), maxlen=0))

    assert_linear(seconds, 1_000)
