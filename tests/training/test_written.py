"""Pages written for training: every line says what it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dechaff.lines.html import lines_of_html
from training.labels import CONTENT, mask
from training.written import FOLDER, read_marked

PAGES = sorted(FOLDER.glob("*.html"))


def test_marks_go_and_the_rest_stays() -> None:
    html, targets, in_body = read_marked("<h1>@t@T</h1><p>@c@One <b>two</b>.<p><a href=x>@e@Three</a><p>@c@Four")
    assert html == "<h1>T</h1><p>One <b>two</b>.<p><a href=x>Three</a><p>Four"
    assert targets == [mask("title"), CONTENT, mask("teaser"), CONTENT]
    assert in_body == [False, True, True, True]


@pytest.mark.parametrize("html", ["<p>One", "<p>@x@One", "<p>One @c@two", "<p>@c@One @a@two"])
def test_a_line_without_its_one_mark_is_an_error(html: str) -> None:
    with pytest.raises(ValueError, match="no mark, or not one"):
        read_marked(html)


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_every_page_is_marked(path: Path) -> None:
    assert re.fullmatch(r"[a-z]{2}_(?:article|product|collection|listing|forum|documentation|service)_\d\d", path.stem)
    html, targets, _ = read_marked(path.read_text(encoding="utf-8"))
    lines = lines_of_html(html)
    assert len(lines) == len(targets) > 20
    assert targets.count(CONTENT) >= 5
    assert lines.title
    assert "@" not in "".join(re.findall(r"@[a-z]@", html))


def test_no_site_is_written_twice() -> None:
    sites = [
        re.search(r'rel="?canonical"? href="https?://([^/"]+)', path.read_text(encoding="utf-8")) for path in PAGES
    ]
    hosts = [site[1] for site in sites if site]
    assert len(hosts) == len(set(hosts)) > 0.9 * len(PAGES)
