from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dechaff.features.extract import DENSE, Features, extract
from dechaff.features.hashing import BUCKETS, ngrams, words_of
from dechaff.lines.table import Joint, Lines
from tests.timing import assert_linear, assert_within, seconds_of

_IDF = np.linspace(0, 8, BUCKETS, dtype=np.float32)


def document(texts: list[str], parents: list[int], blocks: list[int], names: list[str], title: str = "") -> Lines:
    """A document whose container i + 1 stands in `parents[i]`, and whose line i stands in `blocks[i]`."""
    lines = Lines("html", title=title)
    for parent, name in zip(parents, names, strict=True):
        tag, _, rest = name.partition(" ")
        lines.containers.add(parent, tag, rest)
    for text, block in zip(texts, blocks, strict=True):
        lines.add(text, Joint.PARAGRAPH, len(text) // 2, block, block)
    lines.join()
    return lines


def flat(texts: list[str], title: str = "") -> Lines:
    """A document whose lines stand in paragraphs side by side."""
    return document(texts, [0] * len(texts), list(range(1, len(texts) + 1)), ["p"] * len(texts), title)


@st.composite
def documents(draw: st.DrawFn) -> Lines:
    text = st.text(st.one_of(st.characters(), st.sampled_from("aAbB .!éÉжЖ汉😀\n")), max_size=25)
    texts = draw(st.lists(text, min_size=1, max_size=8))
    sizes = draw(st.integers(0, 8))
    parents = [draw(st.integers(0, i)) for i in range(sizes)]
    names = draw(st.lists(st.sampled_from(["p", "h1", "div navBar", "div"]), min_size=sizes, max_size=sizes))
    blocks = [draw(st.integers(0, sizes)) for _ in texts]
    return document(texts, parents, blocks, names, draw(text))


def same_numbering(one: np.ndarray, other: np.ndarray) -> bool:
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len(set(one.tolist())) == len(set(other.tolist()))


def names_of_containers(features: Features) -> list[list[list[int]]]:
    """The n-grams of the names of every container."""
    distinct = np.split(features.name_ids, np.cumsum(features.name_counts)[:-1])
    return [distinct[i].tolist() for i in features.name_of.tolist()]


@settings(deadline=None, max_examples=60)
@given(st.lists(documents(), min_size=1, max_size=4))
def test_a_document_has_the_same_features_in_every_batch(batch: list[Lines]) -> None:
    together = extract(batch, _IDF)
    assert np.isfinite(together.dense).all()
    word, container = 0, 0
    for i, lines in enumerate(batch):
        alone = extract([lines], _IDF)
        first, last = together.starts[i : i + 2].tolist()
        assert np.array_equal(together.dense[first:last], alone.dense)
        assert np.array_equal(together.word_counts[first:last], alone.word_counts)
        assert np.array_equal(together.word_ids[word : word + len(alone.word_ids)], alone.word_ids)
        containers = slice(container, container + len(alone.name_of))
        assert names_of_containers(together)[containers] == names_of_containers(alone)
        assert np.array_equal(together.tree.depth[containers], alone.tree.depth)
        assert np.array_equal(together.tree.parents[containers], alone.tree.parents + container)
        assert np.array_equal(together.tree.blocks[first:last], alone.tree.blocks + container)
        assert np.array_equal(together.tree.ranges[first:last], alone.tree.ranges + first)
        assert same_numbering(together.tree.template[first:last], alone.tree.template)
        word, container = word + len(alone.word_ids), containers.stop


@settings(deadline=None, max_examples=60)
@given(documents())
def test_ranges_hold_their_line_and_widen(lines: Lines) -> None:
    ranges = extract([lines], _IDF).tree.ranges
    index = np.arange(len(lines))
    for level in range(ranges.shape[1]):
        assert (ranges[:, level, 0] <= index).all()
        assert (ranges[:, level, 1] > index).all()
        if level:
            assert (ranges[:, level, 0] <= ranges[:, level - 1, 0]).all()
            assert (ranges[:, level, 1] >= ranges[:, level - 1, 1]).all()


def test_shapes_and_types() -> None:
    features = extract([flat(["Two words", "..."]), flat(["One"])], _IDF)
    assert features.starts.tolist() == [0, 2, 3]
    assert features.word_counts.tolist() == [2, 0, 1]
    assert features.word_ids.tolist() == ngrams(words_of("two words\n\none")).tolist()
    assert features.dense.shape == (3, len(DENSE))
    assert features.dense.dtype == np.float32
    assert features.dense.flags.c_contiguous
    assert len(set(DENSE)) == len(DENSE)


def test_names_of_containers_are_hashed_with_their_tag() -> None:
    features = extract([document(["a"] * 3, [0, 0, 0], [1, 2, 3], ["div mainNav", "p", "div main-nav"])], _IDF)
    ids = np.split(features.name_ids, np.cumsum(features.name_counts)[:-1])
    assert features.name_counts.tolist() == [1, 4, 2, 4]  # the document, div tag main nav, p tag, div tag main nav
    assert ids[1].tolist() == ids[3].tolist()
    assert ids[1][0].tolist() != ids[2][0].tolist()
    assert ids[1].tolist() == ngrams(words_of("div tag main nav")).tolist()


def test_a_batch_without_lines_has_no_features() -> None:
    empty = Lines("html", title="A title")
    for batch in ([], [empty]):
        assert extract(batch, _IDF).dense.shape == (0, len(DENSE))
    beside = extract([empty, flat(["Some words"], title="Words"), empty], _IDF)
    assert np.array_equal(beside.dense, extract([flat(["Some words"], title="Words")], _IDF).dense)


_ODD_TEXTS = (
    *("", "\n", "\n\n\n", "!!!", "😀😀", "\ud800", "\udfff text", "\x00", "\u200b", "İSTANBUL ẞ Ⱥ"),
    "a" * 5_000_000,
    "字" * 9_000,
)


@pytest.mark.parametrize("text", _ODD_TEXTS, ids=lambda text: ascii(text[:12]))
def test_no_text_raises(text: str) -> None:
    features = extract([flat([text, "some words", text], title=text)], _IDF)
    assert np.isfinite(features.dense).all()
    assert np.array_equal(features.dense[1], extract([flat([text, "some words", text], title=text)] * 2, _IDF).dense[4])
    assert features.word_counts.max() <= 64


def test_words_of_the_middle_of_a_long_line_are_left_out() -> None:
    features = extract([flat(["word " * 1_000_000])], _IDF)
    assert features.word_counts.tolist() == [64]


def _many(lines: int) -> list[Lines]:
    return [flat([f"Line {i % 997} of the page" for i in range(lines)])]


def _deep(lines: int) -> list[Lines]:
    """Each line one container deeper than the line before it."""
    return [document(["word"] * lines, list(range(lines)), list(range(1, lines + 1)), ["div"] * lines)]


def _bushes(lines: int) -> list[Lines]:
    """Lines in many containers without text of their own."""
    parents = [i // 2 for i in range(4 * lines)]
    names = [f"div n{i}" for i in range(4 * lines)]
    return [document(["word"] * lines, parents, list(range(3 * lines, 4 * lines)), names)]


def _small_documents(lines: int) -> list[Lines]:
    return [flat(["A short document"], title="Short")] * (lines // 8)


@pytest.mark.parametrize("make", [_many, _deep, _bushes, _small_documents])
def test_time_grows_with_the_number_of_lines(make: Callable[[int], list[Lines]]) -> None:
    batches = {size: make(size) for size in (6_000, 24_000)}
    assert_linear(lambda size: seconds_of(lambda: extract(batches[size], _IDF)), 6_000)


def _chain(containers: int) -> list[Lines]:
    """Two lines in a single chain of containers."""
    return [document(["a", "b"], list(range(containers)), [1, containers], ["div"] * containers)]


@pytest.mark.parametrize("make", [lambda: _many(200_000), lambda: _chain(400_000)], ids=["lines", "containers"])
def test_the_largest_documents_take_less_than_a_second(make: Callable[[], list[Lines]]) -> None:
    batch = make()
    assert_within(3, lambda: extract(batch, _IDF))  # 0.2 to 0.7 s; the bound leaves room for a slow machine
