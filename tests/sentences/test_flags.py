"""Flags on sentences that advertise."""

from __future__ import annotations

import pytest

import dechaff
from dechaff import Cleaner
from dechaff.labels import Label
from dechaff.result import Result

PLACE = (
    "The Lowry bridge was built in 1931 to carry wagons over the river. It has four arches of local stone. Floods took "
    "one of them in 1952, and the town council rebuilt it within a year."
)
ADVERT = (
    "Meanwhile, Brightwell Bank offers a comprehensive suite of digital banking tools that let you manage your "
    "finances effortlessly."
)
AFTER = "Today the bridge is closed to lorries. A survey of its arches is planned for next spring."


def _flagged(result: Result) -> list[str]:
    return [flag.text for flag in result.flags if flag.label is Label.AD]


@pytest.mark.parametrize(
    "document",
    [
        f"{PLACE} {ADVERT} {AFTER}",
        f"{PLACE}\n\n{ADVERT} {AFTER}",
        f"<article><h1>The Lowry bridge</h1><p>{PLACE} {ADVERT}</p><p>{AFTER}</p></article>",
    ],
)
def test_a_sentence_that_advertises_in_a_paragraph_is_flagged_by_itself(document: str) -> None:
    result = dechaff.clean(document)
    (flag,) = [flag for flag in result.flags if flag.label is Label.AD]
    assert flag.text == ADVERT == result.source[flag.start : flag.end]
    assert ADVERT in result.lines[flag.line].text
    assert not flag.removed
    assert flag.text in result.text
    assert flag.reasons
    assert all(reason.weight > 0 for reason in flag.reasons)


@pytest.mark.parametrize("document", [f"{PLACE} {AFTER}", f"<p>{PLACE}</p><p>{AFTER}</p>", PLACE])
def test_a_text_without_one_has_none(document: str) -> None:
    assert not _flagged(dechaff.clean(document))


def test_who_keeps_adverts_is_not_told_of_them() -> None:
    assert not _flagged(Cleaner(keep={"content", "ad"}).clean(f"{PLACE} {ADVERT} {AFTER}"))


def test_nothing_is_flagged_below_the_threshold_of_adverts() -> None:
    assert not _flagged(Cleaner(thresholds={"ad": (1.0, None)}).clean(f"{PLACE} {ADVERT} {AFTER}"))


def test_a_stricter_cleaner_flags_what_a_lenient_one_does() -> None:
    document = f"{PLACE} {ADVERT} {AFTER}"
    lenient, balanced, strict = (
        set(_flagged(Cleaner(strictness=name).clean(document))) for name in ("lenient", "balanced", "strict")
    )
    assert lenient <= balanced <= strict
