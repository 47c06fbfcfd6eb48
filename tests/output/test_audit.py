"""Every removal is on record, with what was said of it."""

from __future__ import annotations

import json

import dechaff
from dechaff.output.audit import removals
from tests.pages import AD, TEXT, article


def test_every_removed_line_and_no_other() -> None:
    result = dechaff.clean(article(ad=AD), url="https://post.example/")
    rows = [*removals(result)]
    assert [row["line"] for row in rows] == [line.index for line in result.lines if not line.kept]
    for row in rows:
        assert result.source[row["start"] : row["end"]] == row["text"]
        assert row["url"] == "https://post.example/"
    (flagged,) = [row for row in rows if row["flags"]]
    assert flagged["text"] == AD
    (flag,) = flagged["flags"]
    assert (flag["label"], flag["removed"]) == ("ad", True)
    assert flag["reasons"]
    json.dumps(rows)


def test_nothing_removed_is_nothing() -> None:
    assert [*removals(dechaff.clean(""))] == []
    assert len([*removals(dechaff.clean(TEXT))]) == 1
