"""Whole documents with the answer that a careful reader gives: `fixtures/README.md` says how they are written.

Two kinds of tests: that dechaff gives the expected answer, and that a fixture asks for one that can be given.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache
from pathlib import Path

import pytest

import dechaff
from dechaff.labels import FLAGGED, Label
from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Joint, Lines
from dechaff.lines.text import lines_of_text
from dechaff.result import Result

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())

#: Fixture → what goes wrong. Whoever mends one takes it out: a fixture that passes although it stands here fails.
KNOWN_FAILURES: dict[str, str] = {
    "discourse_thread": "mislabels “Still eating bread? I…”",
    "documentation_page": "keeps its title",
    "forum_thread": "keeps lines (0 lost, 3 too many)",
    "founding_text": "loses “Washington Is Expected…”",
    "fraud_warning": "loses “CONGRATULATIONS! You…”",
    "job_advert": "loses “Location” and 5 more; keeps “More from Northmere…”",
    "legacy_encoding_koi8r": "keeps lines (0 lost, 2 too many)",
    "listing_of_articles": "loses “Eels under the mill”; keeps “Field notes” and 4 more",
    "malformed_html": "calls “Gutter guards fitted…” self-promotion, not an ad",
    "news_read_more_links": "keeps “Rowanfield parking charges…”",
    "news_with_three_injections": "keeps “Seniors in Eastwick are…”",
    "old_table_layout": "keeps its title",
    "recipe_with_plugs": "keeps “If you love soups, try…”",
    "service_page": "loses “We sweep about two…”",
    "shop_listing": "keeps “Add to Cart”; flags “Low-Angle Block Plane” and 1 more",
    "shop_product": "loses “Regular price £89.00 GBP” and 1 more; keeps “Made in”",
}

_REQUIRED = {"title", "kind", "flags", "note"}
_OPTIONAL = {"encoding", "may_flag", "optional"}

_BETWEEN = {Joint.PARAGRAPH: "\n\n", Joint.LINE: "\n", Joint.CELL: " | "}


@dataclass(frozen=True)
class Fixture:
    """An input and its answer: see `fixtures/README.md` for the fields."""

    data: bytes
    suffix: str
    encoding: str
    text: str
    title: str
    kind: str
    note: str
    flags: dict[str, frozenset[Label]]
    may_flag: frozenset[str]
    optional: frozenset[str]


@cache
def read(name: str) -> Fixture:
    folder = FIXTURES / name
    (source,) = folder.glob("input.*")
    answer = json.loads((folder / "expected.json").read_bytes())
    assert _REQUIRED <= set(answer) <= _REQUIRED | _OPTIONAL, f"{name}/expected.json: {sorted(answer)}"
    return Fixture(
        data=source.read_bytes(),
        suffix=source.suffix,
        encoding=answer.get("encoding", "utf-8"),
        text=(folder / "expected.txt").read_bytes().decode().removesuffix("\n"),
        title=answer["title"],
        kind=answer["kind"],
        note=answer["note"],
        flags={flag["text"]: frozenset(map(Label, flag["labels"])) for flag in answer["flags"]},
        may_flag=frozenset(answer.get("may_flag", ())),
        optional=frozenset(answer.get("optional", ())),
    )


@cache
def cleaned(name: str) -> Result:
    fixture = read(name)
    if fixture.kind == "html":
        return dechaff.clean(fixture.data)
    return dechaff.clean(fixture.data.decode(fixture.encoding), kind="text")


@cache
def lines_of(name: str) -> Lines:
    fixture = read(name)
    text = fixture.data.decode(fixture.encoding)
    return lines_of_html(text) if fixture.kind == "html" else lines_of_text(text)


def judged(name: str) -> object:
    """The fixture as a test parameter, expected to fail where that is known."""
    known = KNOWN_FAILURES.get(name)
    marks = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=known)] if known else []
    return pytest.param(name, marks=marks)


def without(text: str, optional: frozenset[str]) -> str:
    """`text` less the lines that may be kept or dropped."""
    if not optional:
        return text
    paragraphs = ("\n".join(line for line in p.split("\n") if line not in optional) for p in text.split("\n\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def chosen(lines: Lines, text: str) -> list[int] | None:
    """Lines that give `text` if they and no others are kept; None if there are none.

    Written apart from `dechaff.output.text`, so that each checks the other.
    """
    # How far the text is reached, and what joins the next line → the lines kept for it.
    states: dict[tuple[int, str], list[int]] = {(0, ""): []}
    for i, (line, joint) in enumerate(zip(lines.texts, lines.joints, strict=True)):
        after: dict[tuple[int, str], list[int]] = {}
        for (at, between), kept in states.items():
            joining = _stronger(between, _BETWEEN[joint])
            after.setdefault((at, joining), kept)
            part = joining + line if at else line
            if text.startswith(part, at):
                after.setdefault((at + len(part), ""), [*kept, i])
        states = after
    return next((kept for (at, _), kept in states.items() if at == len(text)), None)


def _stronger(one: str, other: str) -> str:
    return max(one, other, key=("", " | ", "\n", "\n\n").index)


def test_there_are_fixtures() -> None:
    assert {"founding_page", "founding_text"} <= set(NAMES)


def test_known_failures_are_fixtures() -> None:
    assert set(KNOWN_FAILURES) <= set(NAMES)
    assert all(KNOWN_FAILURES.values())


@pytest.mark.parametrize("name", [judged(name) for name in NAMES])
def test_text_and_flags(name: str) -> None:
    fixture, result = read(name), cleaned(name)
    wrong = [
        line
        for line in unified_diff(
            without(fixture.text, fixture.optional).splitlines(),
            without(result.text, fixture.optional).splitlines(),
            "expected",
            "text",
            lineterm="",
            n=0,
        )
        if not line.startswith("@@")
    ]
    flagged = {flag.text: flag for flag in result.flags}
    for text, labels in fixture.flags.items():
        if text not in flagged:
            wrong.append(f"not flagged: {text}")
        elif flagged[text].label not in labels:
            wrong.append(f"flagged as {flagged[text].label}, not as {'/'.join(sorted(labels))}: {text}")
    wrong += [
        f"flagged as {flag.label}: {text}"
        for text, flag in flagged.items()
        if text not in fixture.flags and text not in fixture.may_flag
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", NAMES)
def test_title_and_kind(name: str) -> None:
    fixture, result = read(name), cleaned(name)
    assert (result.title, result.kind, result.status) == (fixture.title, fixture.kind, "ok")


@pytest.mark.parametrize("name", NAMES)
def test_spans(name: str) -> None:
    result = cleaned(name)
    if result.kind == "text":
        assert result.source == read(name).data.decode(read(name).encoding)
    assert all(result.source[line.start : line.end] == line.text for line in result.lines)
    assert all(result.source[flag.start : flag.end] == flag.text for flag in result.flags)


@pytest.mark.parametrize("name", NAMES)
def test_decoded_and_raw_input_read_alike(name: str) -> None:
    fixture, result = read(name), cleaned(name)
    if fixture.kind == "html":
        visible = [line.text for line in result.lines if line.label is not Label.HIDDEN]
        assert visible == lines_of(name).texts


@pytest.mark.parametrize("name", NAMES)
def test_answer_can_be_given(name: str) -> None:
    fixture, lines = read(name), lines_of(name)
    assert {".html": "html", ".txt": "text", ".md": "text"}[fixture.suffix] == fixture.kind
    assert fixture.note
    assert fixture.title == lines.title
    assert fixture.text
    kept = chosen(lines, fixture.text)
    assert kept is not None, "expected.txt is not made of lines of the input, in their order"
    times = Counter(lines.texts)
    for text, labels in fixture.flags.items():
        assert times[text] == 1, f"a flag must be one line of the input: {text!r}"
        assert labels
        assert labels <= FLAGGED
        assert kept[0] < lines.texts.index(text) < kept[-1], f"not between lines of the main text: {text!r}"
    for text in (*fixture.may_flag, *fixture.optional):
        assert times[text], f"not a line of the input: {text!r}"
    assert not fixture.may_flag & set(fixture.flags)
    assert not fixture.optional & {lines.texts[i] for i in kept}, "optional lines are left out of expected.txt"


def test_choice_of_lines() -> None:
    lines = lines_of_text("a\n\nb\nc\n\nd")
    assert chosen(lines, "a\n\nc\n\nd") == [0, 2, 3]
    assert chosen(lines, "b\nc") == [1, 2]
    assert chosen(lines, "b\n\nc") is None  # joined by one break
    assert chosen(lines, "c\n\nb") is None  # not in order
    assert chosen(lines, "a\n\nx") is None
