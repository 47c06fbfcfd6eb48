"""The benchmark's scores, against values computed by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality import Injected, injected, judge
from benchmarks.scores import (
    contains,
    f1,
    f1_of_means,
    folded,
    interval,
    ratio,
    shingle_scores,
    shingles,
    word_f1,
    words,
)
from benchmarks.tools import Page, read_pages, sample, table


@pytest.mark.parametrize(
    ("predicted", "gold", "expected"),
    [
        ("the cat sat", "the cat sat", 1.0),
        ("The CAT, sat!", "the cat sat", 1.0),
        ("the cat", "the cat sat down", 2 * 2 / (2 + 4)),
        ("a a a b", "a b b", 2 * 2 / (4 + 3)),  # one a and one b in common
        ("dog", "cat", 0.0),
        ("", "cat", 0.0),
        ("cat", "", 0.0),
        ("", " … ", 1.0),  # no word on either side
    ],
)
def test_word_f1(predicted: str, gold: str, expected: float) -> None:
    assert word_f1(predicted, gold) == pytest.approx(expected)


def test_words_are_of_any_script() -> None:
    assert words("Größe: 5_x, новости") == ["Größe", "5_x", "новости"]


def test_shingles_are_runs_of_four_words() -> None:
    assert shingles("a b c d e") == {("a", "b", "c", "d"): 1, ("b", "c", "d", "e"): 1}
    assert shingles("a b") == {("a", "b"): 1}
    assert shingles("") == {}
    assert shingles("a a a a a") == {("a", "a", "a", "a"): 2}


@pytest.mark.parametrize(
    ("predicted", "gold", "expected"),
    [
        ("a b c d", "a b c d", (1.0, 1.0)),
        ("a b c d e", "b c d e f g", (1 / 2, 1 / 3)),  # "b c d e" of two and of three
        ("A b c d", "a b c d", (0.0, 0.0)),  # case counts
        ("", "a b c d", (None, 0.0)),
        ("a b c d", "", (0.0, None)),
        ("", "", (None, None)),
    ],
)
def test_shingle_scores(predicted: str, gold: str, expected: tuple[float | None, float | None]) -> None:
    assert shingle_scores(predicted, gold) == expected


def test_f1() -> None:
    assert f1(0.5, 1.0) == pytest.approx(2 / 3)
    assert f1(0.0, 0.0) == 0.0


def test_contains_compares_whole_words() -> None:
    text = folded("Buy now. Today!")
    assert contains(text, "now, today")
    assert not contains(text, "now tod")


def test_ratio_and_f1_of_means() -> None:
    assert ratio(np.array([[3.0, 4.0], [1.0, 0.0]])).tolist() == [0.75, 0.0]
    # mean precision 1.0 / 2, mean recall 3.0 / 3
    assert f1_of_means(np.array([[1.0, 2.0, 3.0, 3.0]])).tolist() == pytest.approx([2 / 3])
    assert f1_of_means(np.zeros((1, 4))).tolist() == [0.0]


def test_interval_holds_the_value_and_repeats() -> None:
    rows = [(i / 99, 1) for i in range(100)]
    figure = interval(rows)
    assert figure.value == pytest.approx(0.5)
    assert figure.low < 0.5 < figure.high
    # the standard error of this mean is 0.029; 1.96 of it on each side
    assert figure.high - figure.low == pytest.approx(4 * 0.029, rel=0.15)
    assert interval(rows) == figure
    assert interval([]).value == 0.0


def test_interval_weights_documents_by_their_counts() -> None:
    assert interval([(1, 1), (0, 3)]).value == 0.25


def test_judge_counts_ads_and_paragraphs() -> None:
    paragraphs = ["One two three.", "Four five six.", "Short one.", "Seven eight nine."]
    document = Injected(paragraphs, ["Buy it now!", "Click here today"], [])
    # one ad gone, one paragraph of three gone, the two-word paragraph not counted
    assert judge("One two three. Buy it now! Four five six.", document) == (1, 2, 1, 3, 0, 0)
    assert judge("One two three. Four five six.", Injected(paragraphs, [], [])) == (0, 0, 1, 3, 1, 3)


def test_injected_documents_hold_everything_in_order() -> None:
    pages = [Page(str(i), b"", "\n".join(f"Paragraph {i} {j} here." for j in range(5)), "article") for i in range(40)]
    pages += [Page("short", b"", "One.\nTwo.", "article"), Page("shop", b"", "1\n2\n3\n4\n5", "product")]
    ads = [f"Buy thing {i} <now>" for i in range(10)]
    documents = list(injected(pages, ads, seed=1))
    assert documents == list(injected(pages, ads, seed=1))
    assert len(documents) == 40
    assert {len(d.ads) for d in documents} == {0, 1, 2, 3}
    for d in documents:
        assert [line for line in d.document if line in d.paragraphs] == d.paragraphs
        assert sorted(line for line in d.document if line in d.ads) == sorted(d.ads)
        assert d.document[0] == d.paragraphs[0]
        assert b"&lt;now&gt;" in d.html or not d.ads


def test_pages_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "input.html").write_bytes(b"<p>\xff")
    (tmp_path / "a" / "expected.html").write_bytes(b"not a page to measure on")
    (tmp_path / "b.htm").write_bytes(b"b")
    (tmp_path / "c.txt").write_bytes(b"c")
    pages = read_pages(tmp_path)
    assert [(Path(page.name).name, page.html) for page in pages] == [("input.html", b"<p>\xff"), ("b.htm", b"b")]


def test_sample_is_seeded_and_keeps_the_order() -> None:
    pages = [Page(f"{i:02}", b"") for i in range(20)]
    drawn = sample(pages, 5, seed=3)
    assert drawn == sample(pages, 5, seed=3) == sorted(drawn, key=lambda page: page.name)
    assert len(drawn) == 5
    assert sample(pages, None, seed=3) == sample(pages, 99, seed=3) == pages


def test_table_aligns_its_columns() -> None:
    assert table(["tool", "ms"], [["a", "10.5"]]) == "| tool |   ms |\n| ---- | ---: |\n| a    | 10.5 |"
