"""BeautifulSoup in, a pruned copy out: what is dropped goes, and what stands around it stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import bs4
import pytest
from bs4.element import NavigableString
from hypothesis import given
from hypothesis import strategies as st

import dechaff
from dechaff.lines.soup import SoupLines, lines_of_soup
from dechaff.output.soup import copy_soup, prune_soup, pruned
from tests.pages import AD, NAVIGATION, PARAGRAPHS, article
from tests.timing import assert_within


def _soup(html: str, builder: str = "html.parser") -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(html, builder)


def _without(html: str, *texts: str, keep_hidden: bool = False) -> str:
    """The HTML without the text nodes that say one of `texts`."""
    soup = _soup(html)
    dropped = [node for node in soup.descendants if isinstance(node, NavigableString) and node.strip() in texts]
    assert prune_soup(soup, dropped, keep_hidden=keep_hidden) is soup
    _assert_well_linked(soup)
    return str(soup)


def _assert_well_linked(root: bs4.Tag) -> None:
    """Every node of the tree is linked to its neighbours as a freshly parsed one is."""
    order: list[Any] = []
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        order.append(node)
        children = list(getattr(node, "contents", ()))
        for before, child, after in zip([None, *children], children, [*children[1:], None], strict=False):
            assert (child.parent, child.previous_sibling, child.next_sibling) == (node, before, after)
            assert child.parent is node
        waiting.extend(reversed(children))
    for before, node in pairwise(order[1:]):  # a soup itself is linked only by some parsers
        assert before.next_element is node
        assert node.previous_element is before


# copy_soup

_PAGES = [
    "",
    "<p>One <b>two</b></p>",
    article(ad=AD),
    "<!DOCTYPE html><html><!-- c --><body class='a b' id=x><br><p hidden>x</p><script>1<2</script>&amp;</body></html>",
    "<pre>\n a\n</pre><template><p>x</p></template><textarea>y</textarea>",
]


@pytest.mark.parametrize("builder", ["html.parser", "lxml"])
@pytest.mark.parametrize("html", _PAGES)
def test_a_copy_is_equal_and_unconnected(html: str, builder: str) -> None:
    soup = _soup(html, builder)
    before = str(soup)
    copy = copy_soup(soup)
    assert type(copy) is bs4.BeautifulSoup
    assert copy == soup
    assert str(copy) == before
    assert copy.original_encoding == soup.original_encoding
    _assert_well_linked(copy)
    nodes, twins = list(soup.descendants), list(copy.descendants)
    assert [type(node) for node in nodes] == [type(twin) for twin in twins]
    assert not {id(node) for node in nodes} & {id(twin) for twin in twins}
    for tag in copy.find_all(True):
        tag["class"] = "changed"
        tag.insert(0, "new")
    assert str(soup) == before


def test_a_copy_of_a_tag_stands_alone() -> None:
    soup = _soup("<div><p class='a b'>One</p>two</div>three")
    assert soup.p is not None
    copy = copy_soup(soup.p)
    assert str(copy) == '<p class="a b">One</p>'
    assert (copy.parent, copy.next_sibling, copy.previous_sibling) == (None, None, None)
    assert [str(node) for node in copy.next_elements] == ["One"]


def test_a_soup_changed_by_hand_is_copied_as_it_stands() -> None:
    soup = _soup("<div><p>One</p><p>Two</p></div><i>x</i>")
    soup.i.append(soup.p.extract())  # type: ignore[union-attr]
    soup.div.append("new")  # type: ignore[union-attr]
    copy = copy_soup(soup)
    assert str(copy) == "<div><p>Two</p>new</div><i>x<p>One</p></i>"
    _assert_well_linked(copy)


# prune_soup


@pytest.mark.parametrize(
    ("html", "texts", "expected"),
    [
        ("<p>One</p><p>Two</p>", [], "<p>One</p><p>Two</p>"),
        ("<p>One</p><p>Two</p>", ["Two"], "<p>One</p>"),
        ("<p>One</p><p>Two</p>", ["One", "Two"], ""),
        ("<div><section><p><b>Two</b></p></section></div><p>One</p>", ["Two"], "<p>One</p>"),
        ("<p>One <a href='x'>two</a> three</p>", ["two"], "<p>One  three</p>"),
        ("<p>One <a href='x' class='a b'>two</a></p>", [], '<p>One <a class="a b" href="x">two</a></p>'),
        ("<ul><li>One</li><li><a href=x>Two</a></li></ul>", ["Two"], "<ul><li>One</li></ul>"),
        ("<p>One<br>two</p><br>", ["two"], "<p>One<br/></p><br/>"),
        (
            "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>",
            ["1", "3"],
            "<table><tr><td></td><td>2</td></tr></table>",
        ),
        ("<p>One</p><!-- c --><?php x ?><script>s</script><style>t</style>", [], "<p>One</p>"),
        ("<!DOCTYPE html><p>One</p>", [], "<!DOCTYPE html>\n<p>One</p>"),
        ("<p>One</p><template><p>x</p></template><noscript>y</noscript><iframe src=z></iframe>", [], "<p>One</p>"),
        (
            "<p>One</p><form><input name=a><select><option>x</option></select><textarea>y</textarea></form>",
            [],
            "<p>One</p>",
        ),
        ("<p>One<span hidden>x</span></p><div hidden>y</div>", [], "<p>One</p>"),
        ("<p>One</p><p style='display:none'>x</p><p style='color:red; visibility: hidden'>y</p>", [], "<p>One</p>"),
        ("<p>One</p><P HIDDEN>x</P>", [], "<p>One</p>"),
        ("<p>One</p><div hidden id='S:1'><p>Two</p></div>", [], '<p>One</p><div hidden="" id="S:1"><p>Two</p></div>'),
        (
            "<details><summary>One</summary><p>Two</p></details>",
            [],
            "<details><summary>One</summary><p>Two</p></details>",
        ),
        ("<p>One</p><div></div><span> </span><p>\n</p>", [], "<p>One</p>"),
        ("<p>One <em></em>two</p>", [], "<p>One two</p>"),
    ],
)
def test_what_goes_and_what_stays(html: str, texts: list[str], expected: str) -> None:
    assert _without(html, *texts) == expected


@pytest.mark.parametrize(
    ("html", "texts", "expected"),
    [
        ("<p>One <img src='a'></p>", [], '<p>One <img src="a"/></p>'),
        ("<p>One</p><p>Two <img src='a'></p>", ["Two"], "<p>One</p>"),
        (
            "<article><p>One</p><img src='a'></article><aside><p>Two</p><img src='b'></aside>",
            ["Two"],
            '<article><p>One</p><img src="a"/></article>',
        ),
        (
            "<figure><img src='a'><figcaption>One</figcaption></figure>",
            [],
            '<figure><img src="a"/><figcaption>One</figcaption></figure>',
        ),
        (
            "<article><p>1</p><figure><a href=b><picture><source srcset=c><img src=a></picture></a></figure></article>",
            [],
            '<article><p>1</p><figure><a href="b"><picture><source srcset="c"/><img src="a"/></picture></a></figure>'
            "</article>",
        ),
        ("<p>One</p><video src=v><source src=w>No video</video>", [], None),
        ("<p>One <svg><title>t</title><path d=p></path></svg></p>", [], None),
        ("<p>One <img src=a width=1 height=1><img src=b height=0></p>", [], "<p>One </p>"),
        ("<p><math><mi>x</mi><annotation encoding='a'>One</annotation></math></p>", [], None),
        ("<div><img src='logo'><div><p>One</p></div></div>", [], "<div><div><p>One</p></div></div>"),
        ("<nav>Menu <img src='a'></nav><p>One</p>", ["Menu"], "<p>One</p>"),
    ],
)
def test_pictures_stay_where_the_text_around_them_is_kept(html: str, texts: list[str], expected: str | None) -> None:
    assert _without(html, *texts) == (str(_soup(html)) if expected is None else expected)


def test_marks_of_headings_go() -> None:
    soup = _soup("<h2>One<a class='headerlink' href='#one'>¶</a></h2>")
    assert str(pruned(soup, lines_of_soup(soup), [True])) == "<h2>One</h2>"


def test_the_head_keeps_its_title_and_what_it_says() -> None:
    html = (
        "<html><head><title>T</title><meta name=a content=b><link rel=x href=c><base href=d>"
        "<script>s</script><style>t</style><noscript><p>x</p></noscript></head><body><p>One</p></body></html>"
    )
    assert _without(html, "One") == (
        '<html><head><title>T</title><meta content="b" name="a"/><link href="c" rel="x"/><base href="d"/></head>'
        "<body></body></html>"
    )


def test_a_title_without_a_head_stays() -> None:
    assert _without("<title>T</title><meta name=a><p>One</p><p>Two</p>", "Two") == "<title>T</title><p>One</p>"
    assert _without("<title>T</title><p>Two</p>", "Two") == "<title>T</title>"


def test_a_body_in_a_head_that_nothing_closes_is_pruned() -> None:
    html = "<html><head><title>T</title><link rel=x href=y><body><p>One</p><div><p>Two</p><link href=z></div>"
    assert _without(html, "Two") == (
        '<html><head><title>T</title><link href="y" rel="x"/><body><p>One</p></body></head></html>'
    )


def test_hidden_elements_stay_if_their_text_was_read() -> None:
    html = "<div style='display:none'><p>One</p></div><noscript><p>Two</p></noscript><script>s</script><p>Three</p>"
    assert _without(html, "Three", keep_hidden=True) == (
        '<div style="display:none"><p>One</p></div><noscript><p>Two</p></noscript>'
    )
    assert _without(html, "Three") == ""


def test_a_tag_in_a_larger_tree_is_pruned_in_its_place() -> None:
    soup = _soup("<p>Zero</p><div><p>One</p><p>Two</p></div><p>Three</p>")
    div = soup.div
    assert div is not None
    prune_soup(div, [div("p")[1].string])  # type: ignore[list-item]
    assert str(soup) == "<p>Zero</p><div><p>One</p></div><p>Three</p>"
    _assert_well_linked(soup)


def test_a_soup_that_was_pruned_can_be_worked_on() -> None:
    soup = _soup("<div><p>One</p><p>Two</p><ul><li>Three</li></ul></div>")
    prune_soup(soup, [soup("p")[1].string])  # type: ignore[list-item]
    assert [tag.name for tag in soup.find_all(True)] == ["div", "p", "ul", "li"]
    assert soup.p is not None
    assert soup.p.next_sibling is soup.ul
    soup.p.insert_after(soup.new_tag("hr"))
    assert str(soup) == "<div><p>One</p><hr/><ul><li>Three</li></ul></div>"


# pruned


@given(st.lists(st.booleans(), min_size=6, max_size=6))
def test_exactly_the_lines_that_are_kept_are_left(kept: list[bool]) -> None:
    soup = _soup(
        "<div><h2>One</h2><p>Two <b>and</b><br>three</p><table><tr><td>Four</td><td>Five</td></tr></table></div>Six"
    )
    before = str(soup)
    found = lines_of_soup(soup)
    left = pruned(soup, found, kept)
    assert str(soup) == before
    assert lines_of_soup(left).lines.texts == [
        text for text, stays in zip(found.lines.texts, kept, strict=True) if stays
    ]
    _assert_well_linked(left)


@pytest.mark.parametrize(
    ("html", "dropped", "expected"),
    [
        ("<div>One<p>Buy!</p>two</div>", "Buy!", "<div>One<br/>two</div>"),
        ("<li>One<ul><li>Buy!</li></ul>two</li>", "Buy!", "<li>One<br/>two</li>"),
        ("<p>One<span><br>Buy!<br></span>two</p>", "Buy!", "<p>One<br/>two</p>"),
        ("<td>One<a href=x><div>Buy!</div></a>two</td>", "Buy!", "<td>One<br/>two</td>"),
        ("<div>One<div hidden>x</div>two</div>", None, "<div>One<br/>two</div>"),
        ("<div>One<div><input></div>two</div>", None, "<div>One<br/>two</div>"),
        ("<div>One<div>Buy!</div><br>two</div>", "Buy!", "<div>One<br/>two</div>"),
        ("<div>One<div>Buy!</div><p>two</p></div>", "Buy!", "<div>One<p>two</p></div>"),
        ("<p>One<template><p>x</p></template>two</p>", None, "<p>Onetwo</p>"),
        ("<div><p>Buy!</p>One</div>", "Buy!", "<div>One</div>"),
    ],
)
def test_kept_texts_do_not_run_together(html: str, dropped: str | None, expected: str) -> None:
    soup = _soup(html)
    found = lines_of_soup(soup)
    left = pruned(soup, found, [text != dropped for text in found.lines.texts])
    assert str(left) == expected
    _assert_well_linked(left)


@pytest.mark.parametrize("html", ["<p><b>One<i> </i></b>two</p>", "<p>One<b><i> </i><a>two</a></b></p>"])
def test_a_space_in_an_element_of_its_own_stays_between_words(html: str) -> None:
    soup = _soup(html)
    assert str(pruned(soup, lines_of_soup(soup), [True])) == html


# Without "pre": a `<br>` in it is a new line of the same text.
_TAGS = [
    *("p", "div", "b", "ul", "li", "td", "tr", "table", "br", "hr", "img", "select", "option", "svg", "object"),
    *("template", "iframe", "a href=x", "span hidden", "div hidden"),
]


@given(st.lists(st.one_of(st.sampled_from(_TAGS), st.sampled_from([" ", "x", "y z"])), max_size=40), st.data())
def test_of_any_tree_exactly_the_lines_that_are_kept_are_left(pieces: list[str], data: st.DataObject) -> None:
    soup = _soup("")
    open_tags: list[bs4.Tag] = [soup]
    for piece in pieces:
        above = data.draw(st.sampled_from(open_tags[-3:]))
        name, _, attribute = piece.partition(" ")
        if piece in _TAGS:
            tag = soup.new_tag(name, attrs={attribute.partition("=")[0]: "x"} if attribute else {})
            above.append(tag)
            if name not in ("br", "hr", "img"):
                open_tags.append(tag)
        else:
            above.append(piece)
    found = lines_of_soup(soup)
    count = len(found.lines)
    kept = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    left = pruned(soup, found, kept)
    expected = [text for text, stays in zip(found.lines.texts, kept, strict=True) if stays]
    assert lines_of_soup(left).lines.texts == expected
    _assert_well_linked(left)


def test_hidden_text_that_was_read_can_be_kept() -> None:
    soup = _soup("<div style='display:none'>" + "<p>A sentence that is hidden until a script runs.</p>" * 10 + "</div>")
    found = lines_of_soup(soup)
    assert found.hidden_too
    left = pruned(soup, found, [True] * 9 + [False])
    assert len(left.find_all("p")) == 9


def test_a_soup_without_lines_is_left_empty() -> None:
    soup = _soup("<html><body><nav><a href=x></a></nav><script>s</script></body></html>")
    assert str(pruned(soup, SoupLines(lines_of_soup(soup).lines, []), [])) == "<html><body></body></html>"


# clean_soup


def _page() -> str:
    extra = (
        "<p>More is in <a href='https://council.example/report' title='r'>the report of the council</a>, which lists "
        "every pier of the bridge and says in what state the inspectors found it when they came in the autumn.</p>"
        "<figure><img src='/bridge.jpg' alt='The bridge'></figure><script>track()</script><!-- x -->"
        "<p style='display:none'>Text that nobody should see.</p>"
    )
    return article(ad=AD, body=extra)


@pytest.mark.parametrize("clean", [dechaff.clean_soup, dechaff.Cleaner().clean_soup])
@pytest.mark.parametrize("builder", ["html.parser", "lxml"])
def test_a_page_is_left_with_its_main_content(clean: Callable[[Any], Any], builder: str) -> None:
    soup = _soup(_page(), builder)
    before = str(soup)
    left = clean(soup)
    assert str(soup) == before
    assert type(left) is bs4.BeautifulSoup
    text = left.get_text()
    for paragraph in PARAGRAPHS:
        assert paragraph in text
    assert AD not in text
    assert left.find("nav") is None
    assert left.find("script") is None
    assert "nobody should see" not in text
    assert not set(NAVIGATION) & {link.get_text() for link in left.find_all("a")}
    assert "All rights reserved" not in text
    link = left.find("a", href="https://council.example/report")
    assert link is not None
    assert link.attrs == {"href": "https://council.example/report", "title": "r"}
    assert link.find_parent("article") is not None
    assert left.find("img", src="/bridge.jpg") is not None
    _assert_well_linked(left)


def test_what_is_left_is_what_clean_keeps() -> None:
    soup = _soup(_page())
    result = dechaff.clean(soup)
    left = lines_of_soup(dechaff.clean_soup(soup)).lines
    assert left.texts == [line.text for line in result.lines if line.kept]


def test_a_tag_is_cleaned_without_the_tree_around_it() -> None:
    soup = _soup(_page())
    before = str(soup)
    left = dechaff.clean_soup(soup.article)  # type: ignore[arg-type]
    assert str(soup) == before
    assert (type(left), left.name, left.parent) == (bs4.Tag, "article", None)
    assert PARAGRAPHS[0] in left.get_text()
    assert AD not in left.get_text()


@pytest.mark.parametrize("html", ["", " ", "<p></p>", "<!-- c -->", "<script>x</script>"])
def test_a_soup_without_text_gives_an_empty_one(html: str) -> None:
    assert dechaff.clean_soup(_soup(html)).get_text().strip() == ""


@pytest.mark.parametrize("document", ["<p>One</p>", b"<p>One</p>", None, NavigableString("x")])
def test_what_is_no_soup_is_named(document: Any) -> None:
    with pytest.raises(TypeError, match=f"not {type(document).__name__}$"):
        dechaff.clean_soup(document)


# Time


def _nested(count: int) -> bs4.BeautifulSoup:
    """Elements in one another, linked by hand: `append` takes time that grows with the square of the depth."""
    soup = _soup("")
    above: bs4.Tag = soup
    for _ in range(count):
        tag = soup.new_tag("div")
        text = NavigableString("x")
        for node in (text, tag):
            node.setup(above, previous_element=above)
            above.contents.append(node)
        above = tag
    return soup


@pytest.mark.parametrize("soup", [_nested(20_000), _soup("<p>one <b>two</b></p>" * 20_000)], ids=["deep", "wide"])
def test_deep_and_wide_trees_are_copied_and_pruned_in_linear_time(soup: bs4.BeautifulSoup) -> None:
    def left() -> tuple[int, int]:
        copy = copy_soup(soup)
        twins = [node for node in copy.descendants if isinstance(node, NavigableString)]
        prune_soup(copy, twins[::2])
        return sum(isinstance(node, NavigableString) for node in copy.descendants), len(twins)

    assert_within(4, left)
    rest, before = left()
    assert rest == before // 2
