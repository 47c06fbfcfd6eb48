from __future__ import annotations

from math import log

import pytest

from dechaff.lines.table import Joint, Lines
from tests.features.test_place import NEWS, document, places


def test_sizes_of_containers() -> None:
    rows = places(document(*NEWS))
    sizes = [rows[3][f"log_container_{level}"] for level in (1, 2, 3, 4)]
    assert sizes == pytest.approx([log(4) / 5, log(5) / 5, log(8) / 5, log(8) / 5])


def test_share_of_the_document_that_containers_hold() -> None:
    rows = places(document(("main/p:1", "abcd"), ("main/p:2", "ab"), ("p", "ab")))
    assert [rows[0][f"container_chars_{level}"] for level in (1, 2, 3, 4)] == pytest.approx([6 / 8, 1, 1, 1])
    assert [rows[2][f"container_chars_{level}"] for level in (1, 2, 3, 4)] == pytest.approx([1, 1, 1, 1])


def test_lines_of_one_kind() -> None:
    lines = document(("main/p:1", "abcd"), ("main/p:2", "ab"), ("p", "ab"))
    lines.link_chars[0] = 3
    rows = places(lines)
    assert [row["log_kind"] for row in rows] == pytest.approx([log(3) / 5, log(3) / 5, log(2) / 5])
    assert [row["kind_chars"] for row in rows] == pytest.approx([6 / 8, 6 / 8, 2 / 8])
    assert [row["kind_links"] for row in rows] == pytest.approx([3 / 6, 3 / 6, 0])


def test_position_in_the_second_container() -> None:
    rows = places(document(*NEWS))
    assert [row["position_in_container_2"] for row in rows[2:5]] == pytest.approx([0, 1 / 4, 2 / 4])


def test_a_document_without_characters_has_no_shares() -> None:
    lines = Lines("html")
    lines.add("", Joint.PARAGRAPH, 0, 0, 0)
    (row,) = places(lines)
    assert (row["kind_chars"], row["kind_links"], row["container_chars_1"]) == (0, 0, 0)


def test_documents_of_a_batch_are_measured_apart() -> None:
    short, long = document(("p", "ab")), document(*NEWS)
    assert places(short, long) == places(short) + places(long)
