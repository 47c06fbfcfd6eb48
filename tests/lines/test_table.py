"""`Lines` and `Containers`: parallel lists, spans and paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff.lines.table import Containers, Joint, Lines


@pytest.mark.parametrize(
    ("ident", "classes", "step"),
    [
        ("", "", "div"),
        ("main", "", "div#main"),
        ("", "post big", "div.post"),
        (" a b ", "\n c\td", "div#a.c"),
        (" ", "\t", "div"),
        ("i" * 100, "c" * 100, "div#" + "i" * 40 + "." + "c" * 40),
    ],
)
def test_a_step_of_a_path_is_a_css_selector(ident: str, classes: str, step: str) -> None:
    containers = Containers()
    assert containers.path(containers.add(0, "div", ident=ident, classes=classes)) == step


def test_a_path_runs_from_the_outermost_element_inwards() -> None:
    containers = Containers()
    body = containers.add(containers.add(0, "html"), "body")
    first, second = containers.add(body, "p"), containers.add(body, "ul")
    assert containers.path(first) == "html > body > p"
    assert containers.path(containers.add(second, "li")) == "html > body > ul > li"
    assert containers.path(0) == ""


def test_containers_of_two_documents_are_apart() -> None:
    one, two = Lines(kind="html"), Lines(kind="html")
    one.containers.add(0, "p")
    assert (len(one.containers.tags), len(two.containers.tags)) == (2, 1)


@given(st.lists(st.text(min_size=1)))
def test_joined_lines_stand_in_the_source(texts: list[str]) -> None:
    lines = Lines(kind="html")
    for text in texts:
        lines.add(text, Joint.PARAGRAPH, 0, 0, 0)
    lines.join()
    assert lines.source == "\n".join(texts)
    assert [lines.source[a:b] for a, b in zip(lines.starts, lines.ends, strict=True)] == texts
    assert len(lines) == len(texts)
