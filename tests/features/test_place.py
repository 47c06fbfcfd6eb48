from __future__ import annotations

from math import log

import numpy as np
import pytest

from dechaff.features.extract import DENSE, extract
from dechaff.features.hashing import BUCKETS
from dechaff.features.tree import LEVELS, Tree
from dechaff.lines.table import Joint, Lines

_IDF = np.ones(BUCKETS, np.float32)


def document(*rows: tuple[str, str], title: str = "", joints: dict[int, Joint] | None = None) -> Lines:
    """A document of (path, text): steps of a path are tags, `tag.name` or `tag.name:1` where siblings are alike."""
    lines = Lines("html", title=title)
    known = {"": 0}
    for i, (path, text) in enumerate(rows):
        above = ""
        for step in path.split("/") if path else []:
            here = f"{above}/{step}"
            if here not in known:
                tag, _, name = step.partition(":")[0].partition(".")
                known[here] = lines.containers.add(known[above], tag, name)
            above = here
        lines.add(text, (joints or {}).get(i, Joint.PARAGRAPH), 0, known[above], known[above])
    lines.join()
    return lines


def places(*batch: Lines) -> list[dict[str, float]]:
    return [dict(zip(DENSE, row, strict=True)) for row in extract(batch, _IDF).dense.tolist()]


def tree(*batch: Lines) -> Tree:
    return extract(batch, _IDF).tree


NEWS = (
    ("nav/a:1", "Home"),
    ("nav/a:2", "Sport"),
    ("main/article/h1", "River floods town"),
    ("main/article/p:1", "The river rose."),
    ("main/article/p:2", "People left."),
    ("main/aside/p", "Read more"),
    ("footer/p", "Legal"),
)


def test_position_and_size() -> None:
    rows = places(document(("p:1", "abcd"), ("p:2", "ab"), ("p:3", "ab")))
    assert [row["position"] for row in rows] == pytest.approx([0, 1 / 3, 2 / 3])
    assert [row["position_chars"] for row in rows] == pytest.approx([0, 4 / 8, 6 / 8])
    assert [row["log_lines"] for row in rows] == pytest.approx([log(4) / 6] * 3)
    assert [row["log_document"] for row in rows] == pytest.approx([log(9) / 10] * 3)
    # Lines are measured against the line in which a character stands on average: (16 + 4 + 4) / 8.
    assert rows[0]["relative_length"] == pytest.approx((log(5) - log(4)) / 3)
    assert rows[1]["relative_length"] == pytest.approx((log(3) - log(4)) / 3)


def test_links() -> None:
    lines = document(("p:1", "all of it"), ("p:2", "half"), ("p:3", ""))
    lines.link_chars = [9, 2, 0]
    rows = places(lines)
    assert [row["link_share"] for row in rows] == [1, 0.5, 0]
    assert [row["all_link"] for row in rows] == [1, 0, 0]


def test_joints() -> None:
    rows = places(document(("p", "a"), ("p", "b"), ("p", "c"), joints={1: Joint.LINE, 2: Joint.CELL}))
    assert [row["joint_line"] for row in rows] == [0, 1, 0]
    assert [row["joint_cell"] for row in rows] == [0, 0, 1]


def test_title_share_and_cover() -> None:
    title = "River floods the town"
    lines = document(("h1", "RIVER floods town"), ("p:1", "The river rose"), ("p:2", "..."), title=title)
    rows = places(lines)
    assert [row["title_share"] for row in rows] == pytest.approx([1, 2 / 3, 0])
    assert [row["title_cover"] for row in rows] == pytest.approx([3 / 4, 2 / 4, 0])


def test_a_title_counts_in_its_own_document_only() -> None:
    first = document(("p", "river"), title="Town")
    second = document(("p", "town river"), title="River")
    untitled = document(("p", "river town"))
    assert [row["title_share"] for row in places(first, second, untitled)] == [0, 0.5, 0]


def test_repeated_lines() -> None:
    one = document(("p:1", "Share this"), ("p:2", "Other words"), ("p:3", "SHARE THIS!"), ("p:4", "-"), ("p:5", "-"))
    other = document(("p", "Other words"))
    assert [row["repeated"] for row in places(one, other)] == [1, 0, 1, 0, 0, 0]


def test_headings() -> None:
    rows = places(document(("p:1", "a"), ("h2", "b"), ("p:2", "c"), ("h5", "d")), document(("p", "e")))
    assert [row["after_first_heading"] for row in rows] == [0, 1, 1, 1, 0]
    assert [row["gap_from_heading"] for row in rows] == pytest.approx([1, 0, 1 / 50, 2 / 50, 1])
    far = places(document(("h1", "a"), *((f"p:{i}", "b") for i in range(60))))
    assert far[-1]["gap_from_heading"] == 1


def test_ranges_of_containers() -> None:
    ranges = tree(document(*NEWS)).ranges.tolist()
    # A block with one line gives way to the nearest container that holds more; the document is its own container.
    assert ranges[0] == [[0, 2], [0, 7], [0, 7], [0, 7]]
    assert ranges[3] == [[2, 5], [2, 6], [0, 7], [0, 7]]
    assert ranges[5] == [[2, 6], [0, 7], [0, 7], [0, 7]]
    assert ranges[6] == [[0, 7]] * LEVELS


def test_containers_with_the_same_lines_are_one_range() -> None:
    ranges = tree(document(("div/div/div/p:1", "a"), ("div/div/div/p:2", "b"), ("p", "c"))).ranges
    assert ranges[0].tolist() == [[0, 2], [0, 3], [0, 3], [0, 3]]


def test_a_block_with_text_before_and_behind_its_children_holds_them() -> None:
    ranges = tree(document(("div", "a"), ("div/p", "b"), ("div", "c"), ("p", "d"))).ranges
    assert ranges[:3, 0].tolist() == [[0, 3]] * 3


def test_ranges_and_numbers_go_on_in_the_next_document() -> None:
    both, one = tree(document(*NEWS), document(*NEWS)), tree(document(*NEWS))
    assert np.array_equal(both.ranges[7:], one.ranges + 7)
    assert np.array_equal(both.parents[len(one.parents) :], one.parents + len(one.parents))
    assert np.array_equal(both.blocks[7:], one.blocks + len(one.parents))
    assert np.array_equal(both.leaves[7:], one.leaves + len(one.parents))


def test_depth() -> None:
    found = tree(document(*NEWS))
    assert found.depth[found.blocks].tolist() == [2, 2, 3, 3, 3, 3, 2]
    assert places(document(*NEWS))[2]["depth"] == pytest.approx(3 / 15)
    deep = tree(document(("/".join(["div"] * 3 + [f"i:{i}" for i in range(600)]), "a")))
    assert deep.depth.tolist() == list(range(604))


def test_templates_group_lines_in_elements_of_the_same_kind() -> None:
    lines = document(
        ("main/p:1", "a"), ("main/p:2", "b"), ("aside/p", "c"), ("main/p.ad", "d"), ("section.x/main/p", "e")
    )  # fmt: skip
    template = tree(lines, lines).template.tolist()
    assert template[0] == template[1]
    assert len(set(template[1:5])) == 4  # another parent, another name, another parent's parent
    assert not set(template[:5]) & set(template[5:])
    assert sorted(set(template)) == list(range(8))
    rows = places(lines)
    assert [row["same_block_as_before"] for row in rows] == [0, 1, 0, 0, 0]
    assert [row["same_block_as_after"] for row in rows] == [1, 0, 0, 0, 0]
