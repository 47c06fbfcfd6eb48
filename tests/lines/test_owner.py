"""Whose page it is, as its head says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff.lines.owner import owner_of
from tests.timing import assert_within


@pytest.mark.parametrize(
    ("site", "url", "title", "owner"),
    [
        ("", "", "", ""),
        ("Acme Tools", "", "", "Acme Tools"),
        ("", "https://www.acme.example/a/b?c", "", "acme example"),
        ("", "https://blog.acme.co.uk:8080/x", "", "acme"),
        ("", "//ACME.com", "", "acme"),
        ("", "/only/a/path", "", ""),
        ("", "no address", "", ""),
        ("", "", "Council votes for the bridge - Harbour Post", "Harbour Post"),
        ("", "", "Council votes for the bridge | News | Harbour Post", "Harbour Post"),
        ("", "", "Council votes for the bridge – Harbour Post", "Harbour Post"),
        ("", "", "Council votes for the bridge|Harbour Post", "Harbour Post"),
        ("", "", "Council votes » Harbour Post", "Harbour Post"),
        ("", "", "A well-known bridge", ""),
        ("", "", "Harbour Post - What the council decided about the old harbour bridge", ""),
        ("  Acme \n Tools ", "", "", "Acme Tools"),
        ("Acme", "https://acme.com", "Hammers | Acme", "Acme acme Acme"),
    ],
)
def test_the_names_of_the_owner(site: str, url: str, title: str, owner: str) -> None:
    assert owner_of(site, url, title) == owner


@given(st.text(), st.text(), st.text())
def test_an_owner_is_short_and_on_one_line(site: str, url: str, title: str) -> None:
    owner = owner_of(site, url, title)
    assert len(owner) <= 200
    assert owner == " ".join(owner.split()) or len(owner) == 200


@pytest.mark.parametrize("piece", ["a ", " - ", "-", "|", " " * 10, " :", "x."])
def test_long_heads_take_no_time(piece: str) -> None:
    long = piece * (1_000_000 // len(piece))
    assert_within(2, lambda: owner_of(long, "http://" + long, long))
