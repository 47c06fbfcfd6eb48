from __future__ import annotations

import numpy as np
import pytest

from dechaff.features.hashing import BUCKETS, ngrams, words_of
from dechaff.features.place import first_alike
from dechaff.features.topic import NAMES, topic


def topics(*documents: list[str], idf: np.ndarray | None = None) -> list[dict[str, float]]:
    """The topic features of each line of all documents, by name."""
    words = words_of("\n".join(text for texts in documents for text in texts))
    document = np.repeat(np.arange(len(documents)), [len(texts) for texts in documents])
    table = np.ones(BUCKETS, np.float32) if idf is None else idf
    rows = topic(ngrams(words)[:, 0], words.line, document, first_alike(words, document), table)
    return [dict(zip(NAMES, column, strict=True)) for column in rows.T.tolist()]


def test_two_lines_with_one_word_in_common_by_hand() -> None:
    # Each vector has two parts of ln 2, one of them shared: the cosine is 1/2.
    for row in topics(["red apple", "red pear"]):
        assert row["cosine"] == pytest.approx(0.5 * 3)
        assert row["shared"] == pytest.approx(0.5)
        assert row["shared_near"] == pytest.approx(0.5)
        assert row["shared_rare"] == 0.5
        assert row["mean_idf"] == pytest.approx(1 / 5)
        assert row["top_idf"] == pytest.approx(1 / 8)


def test_rarity_weighs() -> None:
    idf = np.ones(BUCKETS, np.float32)
    red, apple = ngrams(words_of("red apple"))[:, 0]
    idf[red], idf[apple] = 4, 6
    first, second = topics(["red apple", "red pear"], idf=idf)
    # red: 4, apple: 6, pear: 1. Line 1 is (4, 6, 0) and line 2 is (4, 0, 1), times ln 2.
    assert first["cosine"] == pytest.approx(3 * 16 / (52 * 17) ** 0.5)
    assert first["shared"] == pytest.approx(4 / 10)
    assert first["shared_rare"] == pytest.approx(4 / 10)
    assert second["shared_rare"] == 1  # pear is not rare
    assert first["top_idf"] == pytest.approx(6 / 8)
    assert second["top_idf"] == pytest.approx(1 / 8)
    assert first["mean_idf"] == pytest.approx(1)


def test_a_foreign_line_is_further_from_the_document_than_its_neighbours() -> None:
    rows = topics([
        "the river rose after the storm and flooded the lower town",
        "residents of the lower town moved to the school above the river",
        "win a free phone today with this one simple trick",
        "the storm broke the bridge over the river near the school",
        "the town will build a new bridge before the next storm",
    ])  # fmt: skip
    for name in ("cosine", "shared", "shared_near"):
        values = [row[name] for row in rows]
        assert values.index(min(values)) == 2


def test_copies_of_a_line_do_not_vouch_for_each_other() -> None:
    text = ["the river rose after the storm", "the storm broke the bridge over the river"]
    advert = "win a free phone today"
    once = topics([*text, advert])
    assert topics([advert, *text, advert, advert])[1:4] == once
    assert topics([*text, advert, advert])[2:] == [once[2], once[2]]


def test_a_repeated_word_of_one_line_is_not_shared_with_itself() -> None:
    first, second = topics(["tea tea tea", "milk"])
    assert (first["cosine"], first["shared"], first["shared_near"]) == (0, 0, 0)
    assert second["cosine"] == 0


@pytest.mark.parametrize(("between", "near"), [(3, 1), (4, 0)])
def test_near_means_four_lines(between: int, near: float) -> None:
    rows = topics(["tea", *["-"] * between, "tea tea"])
    assert [rows[0]["shared_near"], rows[-1]["shared_near"]] == [near, near]
    assert rows[0]["shared"] == 1


def test_words_of_another_document_do_not_count() -> None:
    together = topics(["red apple", "red pear"], ["red apple"], ["-"], ["red plum", "red fig"])
    assert together[2]["shared"] == 0
    assert together[2]["cosine"] == 0
    assert together == [
        *topics(["red apple", "red pear"]),
        *topics(["red apple"]),
        *topics(["-"]),
        *topics(["red plum", "red fig"]),
    ]


def test_lines_without_words_are_neutral() -> None:
    for row in (*topics(["...", "---"]), topics(["...", "tea"])[0]):
        assert row == {**dict.fromkeys(NAMES, 0.0), "shared_rare": 0.5}
