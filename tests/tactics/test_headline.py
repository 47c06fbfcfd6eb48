"""Titles: bait, and what the text does not hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff.tactics.headline import clickbait, is_spanish, mismatch, without_site


@pytest.mark.parametrize(
    "title",
    ["You Won't Believe What Happened Next", "21 Things Only People With Cats Will Understand",
     "Los 7 trucos que necesitas para dormir mejor esta noche"],
)  # fmt: skip
def test_bait(title: str) -> None:
    assert clickbait(title) > 0.6


@pytest.mark.parametrize(
    "title",
    ["Council approves budget for 2024", "Two held after break-in at Harrow jewellers",
     "El Gobierno aprueba el presupuesto de 2024", "pathlib documentation"],
)  # fmt: skip
def test_no_bait(title: str) -> None:
    assert clickbait(title) < 0.4


def test_no_title() -> None:
    assert clickbait("") == clickbait(" ") == 0


@pytest.mark.parametrize(
    ("title", "headline"),
    [("A long story of rain | BBC", "A long story of rain"), ("BBC - A long story of rain", "A long story of rain"),
     ("Spider-Man", "Spider-Man"), ("One", "One"), ("", "")],
)  # fmt: skip
def test_the_name_of_the_site_is_left_out(title: str, headline: str) -> None:
    assert without_site(title) == headline


def test_words_the_text_does_not_hold() -> None:
    text = "The councillors met in Leeds to talk about the bridges."
    assert mismatch("Leeds council talks bridges", text) == 0
    assert mismatch("Alien invasion over Leeds", text) == pytest.approx(3 / 4)
    assert mismatch("Bridges 12", "In 2012 they talked") == 1
    assert mismatch("Bridges 12", "Twelve, or 12.") == 1 / 2
    assert mismatch("", text) == mismatch("of the", text) == mismatch("Leeds", "") == 0


def test_a_script_without_spaces() -> None:
    assert mismatch("市議会", "市議会は月曜日に開かれた") == 0
    assert mismatch("宇宙人", "市議会は月曜日に開かれた") == 1


@pytest.mark.parametrize("title", ["AI時代の働き方", "iPhone15発売", "Leeds talks 12 bridges"])
def test_a_title_holds_its_own_words(title: str) -> None:
    assert mismatch(title, title) == 0


def test_language() -> None:
    assert is_spanish("Lo que nadie te cuenta de la luna")
    assert not is_spanish("Berlin")


@given(st.text(), st.text())
def test_any_title(title: str, text: str) -> None:
    assert 0 <= clickbait(title) <= 1
    assert 0 <= mismatch(title, text) <= 1
