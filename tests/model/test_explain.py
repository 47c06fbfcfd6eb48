"""Reasons: words of the line itself, whole ones, and the elements around it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dechaff
from dechaff.cleaner import default_model
from dechaff.features.extract import DENSE, extract
from dechaff.features.hashing import join, plain, words_of
from dechaff.labels import FLAGGED, Label
from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Lines
from dechaff.lines.text import lines_of_text
from dechaff.model import explain, network
from dechaff.model.explain import FEATURES, MAX_WORDS, MIN_WEIGHT, Explainer
from dechaff.model.network import first_stage, forward
from dechaff.model.weights import CLASSES, VIEWS, Model
from dechaff.result import Reason
from tests.pages import AD, PARAGRAPHS, article
from tests.timing import assert_within

#: A word that speaks for `ad` in the model below, and one that speaks for content.
LOUD, QUIET = "jackpot", "council"


def model_where(word: str) -> Model:
    """A model whose first stage knows one word only; `ad` is what it speaks for."""
    arrays = {name: np.zeros_like(array) for name, array in default_model().arrays.items()}
    for name in ("word_scale", "name_scale", "idf", "std", "plain_std"):
        arrays[name] = np.ones_like(arrays[name])
    ids = extract([lines_of_text(word)], arrays["idf"]).word_ids
    arrays["words"][ids[0, :2], CLASSES.index("ad")] = 5  # the word and its stem, whatever follows it
    return Model(arrays, {})


def explainer_of(documents: Sequence[Lines], model: Model) -> Explainer:
    features = extract(documents, model["idf"])
    scores = first_stage(model.tables, features)
    return Explainer(model, features, scores, forward(model, features, scores))


def explained(lines: Lines, line: int, model: Model, label: Label = Label.AD) -> tuple[Reason, ...]:
    return explainer_of([lines], model).evidence(lines, 0, [line]).reasons(line, label)


def words(lines: Lines, line: int, model: Model) -> list[str]:
    found = []
    for reason in explained(lines, line, model):
        assert reason.name == "word"
        assert reason.start is not None
        assert reason.end is not None
        assert lines.starts[line] <= reason.start < reason.end <= lines.ends[line]
        found.append(lines.source[reason.start : reason.end])
    return found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"The {LOUD} is yours", [LOUD]),
        ("The JACKPOT is yours", ["JACKPOT"]),
        ("“Jackpot!”", ["Jackpot"]),
        ("Wait… the “jackpot” – yours", ["jackpot"]),
        (f"the{LOUD} is not a word of its own", []),
        (f"{LOUD} and {LOUD}", [LOUD, LOUD]),
        (f"jackpots are not {LOUD}", ["jackpots", LOUD]),  # of one stem
        ("nothing of the kind", []),
        ("!?", []),
        (f"東京の{LOUD}。", []),  # an ideograph begins a word: this one is another
        (f"東京 {LOUD} 大阪", [LOUD]),
        (f"\ud800 {LOUD}", [LOUD]),
        (f"a\ud800b {LOUD}", [LOUD]),
        (f"{'x ' * 200}{LOUD}", [LOUD]),  # at the end of a long line
        (f"{LOUD} {'x ' * 3_000}", [LOUD]),
        (f"{'x ' * 3_000}{LOUD}", [LOUD]),
        (f"{'x ' * 200}{LOUD}{' x' * 200}", []),  # in its middle, which is not read
        (f"{'a ' * 47}{LOUD}{'s' * 3_000}{' b' * 1_500}", []),  # the cut in a long line goes through it
    ],
)
def test_words_are_named_where_they_stand(text: str, said: list[str]) -> None:
    found = words(lines_of_text(text), 0, model_where(LOUD))
    assert sorted(found) == sorted(said)


def test_a_word_in_the_last_line() -> None:
    lines = lines_of_text(f"One line.\r\n\r\nAnother.\r\n\r\nThe {LOUD} is yours.")
    assert words(lines, 2, model_where(LOUD)) == [LOUD]
    assert words(lines, 0, model_where(LOUD)) == []


def test_a_batch_of_documents() -> None:
    model = model_where(LOUD)
    documents = [lines_of_text(QUIET), lines_of_text(f"a\n\n{LOUD} b\n\nc"), lines_of_text(f"x {LOUD}")]
    explainer = explainer_of(documents, model)
    found = []
    for document, first in zip(documents, [0, 1, 4], strict=True):
        evidence = explainer.evidence(document, first, range(len(document)))
        reasons = [evidence.reasons(line, Label.AD) for line in range(len(document))]
        found.append([[document.source[reason.start : reason.end] for reason in of_line] for of_line in reasons])
    assert found == [[[]], [[], [LOUD], []], [[LOUD]]]


def test_a_word_speaks_for_one_label() -> None:
    lines = lines_of_text(f"The {LOUD} is yours")
    assert explained(lines, 0, model_where(LOUD), Label.TEASER) == ()


def test_the_heaviest_come_first_and_few_of_them() -> None:
    lines = lines_of_text(f"{LOUD} " * 8)
    reasons = explained(lines, 0, model_where(LOUD))
    assert len(reasons) == MAX_WORDS
    assert all(reason.weight >= MIN_WEIGHT for reason in reasons)


def test_elements_are_named() -> None:
    model = model_where(QUIET)
    page = "<div class='{}'><section><p class='{}'>One line.</p></section></div>"
    names = extract([lines_of_html(page.format("x", "sponsored"))], model["idf"])
    own = names.name_ids[-names.name_counts[-1] :] & (len(model["names"]) - 1)
    table = model["names"].copy()
    table[own[-1], CLASSES.index("ad")] = 5
    model = Model({**model.arrays, "names": table}, {})
    (reason,) = explained(lines_of_html(page.format("x", "sponsored")), 0, model)
    assert reason.name == "element p.sponsored"
    assert (reason.start, reason.end) == (None, None)
    assert explained(lines_of_html(page.format("x", "y")), 0, model) == ()
    (reason,) = explained(lines_of_html(page.format("sponsored", "y")), 0, model)
    assert reason.name == "elements further out"


def model_that_reads(feature: str) -> Model:
    """A model that calls a line an advert by one feature alone."""
    arrays = {name: np.zeros_like(array) for name, array in default_model().arrays.items()}
    arrays["std"] += 1
    arrays["plain_std"] += 1
    column = VIEWS * len(CLASSES) + DENSE.index(feature)
    arrays["line"][column, 0] = arrays["context_1"][0, 0] = arrays["context_2"][0, 0] = 1
    arrays["out"][0, CLASSES.index("ad")] = 1
    return Model(arrays, {})


@pytest.mark.parametrize(
    ("feature", "name"),
    [
        ("log_chars", "form"),
        ("mean_idf", "topic"),
        ("meaning_strength", "topic"),
        ("link_share", "links"),
        ("position", "place"),
        ("owner", "owner"),
    ],
)
def test_features_are_named_by_their_group(feature: str, name: str) -> None:
    head = "<meta property=og:site_name content=Harkwell>"
    lines = lines_of_html(
        f"{head}<p>One line of the page.</p><p><a href=x>Another line, all of it a Harkwell link</a></p>"
    )
    model = model_that_reads(feature)
    model.arrays["idf"][:] = 5
    (reason,) = explained(lines, 1, model)
    assert (reason.name, reason.start, reason.end) == (name, None, None)
    assert explained(lines, 1, model, Label.TEASER) == ()


def test_every_feature_belongs_to_one_group() -> None:
    named = [feature for features in FEATURES.values() for feature in features]
    assert sorted(named) == sorted(DENSE)


def test_a_flag_of_a_page_has_reasons() -> None:
    result = dechaff.clean(article(ad=AD))
    (flag,) = result.flags
    named = [reason for reason in flag.reasons if reason.start is not None]
    assert named
    for reason in named:
        assert result.source[reason.start : reason.end] in AD


def count(text: str) -> int:
    """How many words the model reads in a text that is not long."""
    return int(words_of(plain(join([text]))).counts[0])


#: Lines with words of many scripts, signs, and lone surrogates.
_TEXT = st.lists(
    st.sampled_from([*AD.split(), *PARAGRAPHS[2].split(),
                     "東京", "x" * 500, "é", "\ud800", "…", "–", "’s", "\u3000", "a_b", "\x00"]),
    min_size=1, max_size=30,
).map(" ".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_TEXT, st.sampled_from(sorted(FLAGGED)))
def test_reasons_are_whole_words_inside_the_line(text: str, label: Label) -> None:
    lines = lines_of_text(f"{PARAGRAPHS[0]}\n\n{text}")
    for line in range(len(lines)):
        for reason in explained(lines, line, default_model(), label):
            assert reason.weight >= MIN_WEIGHT
            if reason.start is None or reason.end is None:
                continue
            start, end = reason.start, reason.end
            assert lines.starts[line] <= start < end <= lines.ends[line]
            # Before, inside and after it there are as many words as in the whole line: it cuts none.
            pieces = (lines.starts[line], start), (start, end), (end, lines.ends[line])
            counts = [count(lines.source[first:last]) for first, last in pieces]
            assert counts[1] == 1
            assert sum(counts) == count(lines.texts[line])


def test_a_very_long_line_is_explained_in_time() -> None:
    lines = lines_of_text("jackpot " * 500_000)
    model = model_where(LOUD)
    explainer = explainer_of([lines], model)
    assert len(explainer.evidence(lines, 0, [0]).reasons(0, Label.AD)) == MAX_WORDS
    assert_within(0.1, lambda: explainer.evidence(lines, 0, [0]).reasons(0, Label.AD))


def test_reasons_of_a_very_long_document_name_no_features(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of_html("<p>One line of the page.</p><p>Another line</p>")
    assert explained(lines, 1, model_that_reads("position"))
    for module in (explain, network):
        monkeypatch.setattr(module, "MAX_REASONED_LINES", 1)
    assert explained(lines, 1, model_that_reads("position")) == ()
