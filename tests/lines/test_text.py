"""Plain text and Markdown to lines; spans index the caller's own string."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff.lines.table import Lines
from dechaff.lines.text import lines_of_text
from tests.timing import assert_linear, seconds_of

_WRAPPED = [
    "A paragraph that an editor broke at a fixed width, so that",
    "its lines are about as long as each other and the words at",
    "the begin of a line would not have had room before it.",
]


def check(lines: Lines, text: str) -> None:
    """What holds for the lines of every text."""
    assert lines.source == text
    end = 0
    for i, line in enumerate(lines.texts):
        assert text[lines.starts[i] : lines.ends[i]] == line
        assert lines.starts[i] >= end
        end = lines.ends[i]
        assert line == line.strip() != ""
        assert 0 <= lines.link_chars[i] <= len(line)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0c", "\x85", "\x0b"])
def test_spans_index_the_callers_string_whatever_its_line_ends(end: str) -> None:
    text = f"  One.{end}Two.{end}{end}  Three.{end}"
    lines = lines_of_text(text)
    assert lines.texts == ["One.", "Two.", "Three."]
    assert [joint.name for joint in lines.joints] == ["PARAGRAPH", "LINE", "PARAGRAPH"]
    check(lines, text)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_hard_wrapped_paragraph_is_one_line(end: str) -> None:
    text = end.join(_WRAPPED) + end + end + "Next."
    lines = lines_of_text(text)
    assert lines.texts == [end.join(_WRAPPED), "Next."]
    check(lines, text)


@pytest.mark.parametrize(
    "text",
    [
        "Roses are red,\nviolets are blue.",
        "1 Long Street Number One\nA Town With A Very Long Name Indeed\nCountry",
        _WRAPPED[0] + "\nshort\n" + _WRAPPED[1],
        "x" * 200 + "\n" + "y" * 200,
    ],
)
def test_lines_that_were_meant_stay_lines(text: str) -> None:
    assert lines_of_text(text).texts == text.split("\n")


def test_items_of_a_list_stay_lines() -> None:
    text = "\n".join(f"- {line}" for line in _WRAPPED)
    lines = lines_of_text(text)
    assert lines.texts == text.split("\n")
    assert {lines.containers.tags[block] for block in lines.blocks} == {"li"}


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_a_fenced_block_is_one_line_with_its_blank_lines(fence: str) -> None:
    code = f"{fence}python\nx = 1\n\n# not a heading\n{fence}"
    lines = lines_of_text(f"Before.\n{code}\nAfter.")
    assert lines.texts == ["Before.", code, "After."]
    assert [lines.containers.tags[block] for block in lines.blocks] == ["p", "pre", "p"]


def test_an_open_fence_does_not_swallow_the_text() -> None:
    lines = lines_of_text("```\nOne.\n\nTwo.")
    assert lines.texts == ["```", "One.", "Two."]


def test_code_in_backticks_opens_no_fence() -> None:
    lines = lines_of_text("```pip install x``` installs it.\n\nTwo.\n\nThree.\n\n# Head")
    assert lines.texts == ["```pip install x``` installs it.", "Two.", "Three.", "# Head"]


@pytest.mark.parametrize(
    "code", ["````\n```\n\nx\n```\n````", "~~~\n```\n\nx\n~~~", "```\n\n```sh\nx\n```", "```\n\n`````"]
)
def test_a_fence_is_closed_by_as_many_of_the_same_sign_alone(code: str) -> None:
    assert lines_of_text(f"{code}\n\nAfter.\n\nMore.").texts == [code, "After.", "More."]


def test_an_open_fence_leaves_a_later_one_whole() -> None:
    code = "```\nx\n\ny\n```"
    assert lines_of_text(f"~~~\nOne.\n\nTwo.\n\n{code}").texts == ["~~~", "One.", "Two.", code]


def test_tildes_under_a_heading_open_no_fence() -> None:
    text = "Brewing\n~~~~~~~\nBoil water.\n\nServing\n~~~~~~~\nPour it."
    assert lines_of_text(text).texts == [row for row in text.split("\n") if row]


@pytest.mark.parametrize(
    "rows",
    [
        ["| Name of the thing | Price of the thing |", "|-------------------|--------------------|"],
        ["+-------------------+--------------------+", "| Name of the thing | Price of the thing |"],
        [f"https://example.org/news/2024/a-story-of-the-town/{i}" for i in range(3)],
    ],
)
def test_rows_of_a_table_or_of_addresses_stay_lines(rows: list[str]) -> None:
    assert lines_of_text("\n".join(rows)).texts == rows


def test_an_address_in_a_wrapped_paragraph_is_part_of_it() -> None:
    text = "\n".join([_WRAPPED[0], "https://example.org/news/2024/a-story-of-the-town/by-ann/1", _WRAPPED[1]])
    assert lines_of_text(text).texts == [text]


def test_a_break_under_a_wrapped_paragraph_is_a_line_of_its_own() -> None:
    rows = [
        "A paragraph that an editor broke at a fixed width, so that",
        "the last of its lines is about as long as the first one is",
        "***",
    ]
    assert lines_of_text("\n".join(rows)).texts[-1] == "***"


@pytest.mark.parametrize(
    ("line", "tag"),
    [
        ("# Heading", "h2"),
        ("###### Heading", "h2"),
        ("#hashtag", "p"),
        ("> quoted", "blockquote"),
        ("* item", "li"),
        ("12. item", "li"),
        ("3) item", "li"),
        ("1999. A year", "p"),
        ("-5 degrees", "p"),
        ("* * *", "p"),
        ("- - -", "p"),
        ("-- - --", "p"),
        ("- -", "li"),
        ("* *bold* *", "li"),
        ("text", "p"),
    ],
)
def test_markdown_tells_what_a_line_is(line: str, tag: str) -> None:
    lines = lines_of_text(line)
    assert lines.texts == [line]
    assert lines.containers.tags[lines.blocks[0]] == tag


@pytest.mark.parametrize(
    ("text", "chars"),
    [
        ("See [the story](https://a.example/b).", len("the story")),
        ("[one](x) and [two](/y)", 6),
        ("https://a.example/b is a link", len("https://a.example/b")),
        ("[not a link] (x)", 0),
        ("f(x)[0](y z)", 0),
        ("no link", 0),
    ],
)
def test_link_chars_count_the_text_of_links(text: str, chars: int) -> None:
    assert lines_of_text(text).link_chars == [chars]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u2028", "\x0c \r\n"])
def test_blank_text_has_no_lines(text: str) -> None:
    lines = lines_of_text(text)
    assert (len(lines), lines.source, lines.kind) == (0, text, "text")


@pytest.mark.parametrize(
    "piece", ["[", "[a](", "[a](b", "http://", "x\n", "```\n", "- a\n", "#", "\r", "a b\n\n", "```x\n", "~~~x\n"]
)
def test_time_grows_with_the_length_of_the_text(piece: str) -> None:
    assert_linear(lambda size: seconds_of(lambda: lines_of_text(piece * size)), 5_000)


@given(st.text(st.characters(exclude_categories=())))
def test_any_string_is_read(text: str) -> None:
    check(lines_of_text(text), text)


@given(
    st.lists(
        st.sampled_from(
            [
                "# a",
                "- b",
                "```",
                "````",
                "~~~",
                "```x",
                "* * *",
                "| a | b |",
                "> c",
                "",
                " ",
                "word " * 10,
                "[x](y)",
                "\ud800",
            ]
        ),
        max_size=20,
    )
)
def test_any_markdown_is_read(rows: list[str]) -> None:
    text = "\n".join(rows)
    check(lines_of_text(text), text)
    assert "".join("".join(lines_of_text(text).texts).split()) == "".join(text.split())
