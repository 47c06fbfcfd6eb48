"""In which columns the cells of a table stand."""

from __future__ import annotations

import pytest

from dechaff.lines.columns import MAX_COLUMNS, columns_of
from dechaff.lines.html import lines_of_html
from tests.timing import assert_linear, seconds_of


def columns(html: str) -> dict[str, int]:
    lines = lines_of_html(html)
    return {lines.texts[i]: column for i, column in lines.columns.items()}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<table><tr><td>a<td>b<tr><td>c", {"a": 0, "b": 1, "c": 0}),
        ("<table><tr><td><td>a<td> <td>b", {"a": 1, "b": 3}),
        ("<table><thead><tr><th><th>a<tbody><tr><td>b<td>c", {"a": 1, "b": 0, "c": 1}),
        ("<table><tr><td colspan=3>a<td>b<tr><td colspan=x>c<td>d", {"a": 0, "b": 3, "c": 0, "d": 1}),
        ("<table><tr><td>a<td rowspan=2>b<td>c<tr><td>d<td>e", {"a": 0, "b": 1, "c": 2, "d": 0, "e": 2}),
        ("<table><tr><td rowspan=2 colspan=2>a<tr><td>b<tr><td>c", {"a": 0, "b": 2, "c": 0}),
        ("<table><tr><td>a<td style='display:none'>x<td>b", {"a": 0, "b": 1}),
        ("<table><tr><td><table><tr><td></table><td>a", {"a": 1}),
        ("<p>a", {}),
        ("<table><tr><td>a<p>b</p><td>c", {}),  # it lays out a page
    ],
)
def test_columns(html: str, found: dict[str, int]) -> None:
    assert columns(html) == found


def test_the_columns_of_a_table_that_spans_make_too_wide_are_not_counted() -> None:
    assert columns_of([[(1, MAX_COLUMNS - 1, 1), (2, 1, 1)]]) == {1: 0, 2: MAX_COLUMNS - 1}
    assert columns_of([[(1, MAX_COLUMNS, 1), (2, 1, 1)]]) == {}


def test_time_grows_with_the_cells() -> None:
    def seconds(count: int) -> float:
        html = "<table>" + "<tr><td colspan=1000 rowspan=65534>a<td>b<td>c" * count
        return seconds_of(lambda: lines_of_html(html))

    assert_linear(seconds, 1_000)
