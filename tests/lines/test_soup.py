"""Lines of a BeautifulSoup tree: the same as those of its HTML, each with the text nodes it is made of."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import bs4
import pytest
from bs4.element import NavigableString
from hypothesis import given
from hypothesis import strategies as st

from dechaff import limits
from dechaff.lines.decode import decode
from dechaff.lines.html import lines_of_html
from dechaff.lines.later import HIDDEN_READ
from dechaff.lines.soup import SoupLines, lines_of_soup
from dechaff.lines.soup_tags import attributes_of
from dechaff.lines.table import Joint, Lines
from tests.timing import assert_within

_FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").glob("*/input.html"))

#: Fixtures that the parsers build different trees of: paragraphs and links that nothing closes.
_DIFFERENT_TREES = {"malformed_html", "old_table_layout"}

_LONG = "All the text of a page that only a script would show. "

#: Pages of which html.parser, lxml and lexbor build the same tree.
PAGES = {
    "hidden break in code": "<pre>x</pre><p>One<span hidden>x<br></span>two</p><pre>a<i hidden>x<br></i>b</pre>",
    "link buttons": "<p><a href=/a class=btn>Buy</a><a href=/b class=btn>Sell</a></p>",
    "marks beside a heading": '<div class="mw-heading"><h2>History</h2><span class="mw-editsection">[<a href="/w">edit'
    "</a>]</span></div><p>Text.</p>",
    "table in code": "<pre>def f():\n    return 1\n<table><tr><td>a</td><td>b</td></tr></table>\nfor x in y:\n    pass",
    "words as elements": "<p><my-w>Hello</my-w><my-p>,</my-p> <my-w>world</my-w><my-p>!</my-p></p>",
    "links in code": "<pre>z<div><a href=x> d</a></div></pre>",
    "breaks": "<p>One<br>two<br><br>three</p><br>four",
    "breaks and white space": "<p>a <br/>\n b<br> <br>c <span><br></span>d</p>x<br>",
    "nested lists": "<ul><li>a<ul><li>b</li><li>c <a href='/x'>d</a></li></ul></li><li>e</li></ul>",
    "table of data": "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr>"
    "<tr><td>3</td><td><a href=x>4</a></td></tr></tbody></table>",
    "table with a caption": "<table><caption>C</caption><tbody><tr><td>1</td><td></td><td>2</td></tr></tbody></table>",
    "table with spans": "<table><thead><tr><th></th><th colspan=2>1</th><th>2</th></tr></thead><tbody><tr>"
    "<td rowspan=2>a</td><td>3</td><td hidden>x</td><td></td><td>4</td></tr><tr><td>5</td><td rowspan=0>6</td></tr>"
    "<tr><td>b</td></tr></tbody></table>",
    "table with an empty one in it": "<table><tbody><tr><td><table><tbody><tr><td></td></tr></tbody></table></td>"
    "<td>1</td></tr></tbody></table>",
    "table of layout": f"<table><tbody><tr><td><p>a</p><p>b</p></td><td>{'long ' * 80}</td></tr></tbody></table>",
    "table with lines in a cell": "<table><tbody><tr><th>a</th><th>b<br>c</th></tr><tr><td><p>d</p><p hidden>x</p><p>e"
    "</p></td><td>f</td></tr><tr><td>g</td><td>h</td></tr></tbody></table>",
    "table in a table": "<table><tbody><tr><td><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table></td>"
    "<td>x</td></tr></tbody></table>",
    "preformatted": "<p>x</p><pre>\n def f():\n   return 1\n\n</pre><pre><code>a<br>b <b>c</b>\n d</code></pre>",
    "preformatted line by line": "<pre><div>a</div><div> <b>b</b></div>c<p>d</p><div>e</div></pre>"
    "<pre><div>f</div></pre>",
    "numbered": "<ol start=5><li>a</li><li value=' 9x'>b</li><li value=x><p>c</p></li></ol><ul><li value=2>d</li></ul>",
    "preformatted inline": "<pre>  <b> x</b>\n   <i> </i> y </pre>z<pre>a<span hidden>q<br></span>b</pre>",
    "inline": "<p>A <b>b</b><i> c</i> <a href='https://x.y/z'>d <em>e</em> </a>f<sup>2</sup></p>",
    "buttons": "<p><button>a</button><button>b</button> <a class='btn x' href=x>c</a><a class='btn-y' href=y>d</a>"
    "<span><button>e</button></span><my-a><b>f</b></my-a><my-a>g</my-a>h<button>i</button>, j<b></b>k</p>",
    "marks of headings": "<h2>a<a class='headerlink' href='#a'>¶</a></h2><h3><a href='#b'> <b>#</b></a> b"
    "<a href='#c'>§</a><!-- A comment of some words, which nobody sees. --></h3>"
    "<h2><span>c</span><span class='mw-editsection'>[<a href=x>edit</a>]</span></h2>"
    "<h2><a href='#d'>#</a></h2><h2>e <a href='#e' aria-label='Permalink: e'>#</a> <i> </i>f</h2>",
    "white space between inline elements": "<div><b>a</b> <i>b</i>\n<a href=x>c</a> <a href=y>d</a></div>",
    "empty links": "<p>x <a href='http://a.b/c'></a> y<a>z</a></p><p><a href=x> </a><b>t</b></p>",
    "hidden": "<p>a<span hidden> no </span>b</p><div aria-hidden=true>no</div><div style='Display : None'>no</div>"
    "<div style='visibility:hidden'>no</div><p aria-hidden=false style='color: red'>yes</p>",
    "hidden with breaks in it": "<p>a <span hidden>x<br>y</span> b <span style='display:none'><br><br></span> c</p>",
    "hidden by attributes": "<p hidden=false>no</p><p>a <span aria-hidden=true>word</span> <!-- c -->"
    "<i aria-hidden=true>x</i></p><dialog><p>no</p></dialog><dialog open><p>yes</p></dialog><div popover>no</div>"
    "<table bgcolor=#000><tbody><tr><td style='color:#000'>yes</td></tr></tbody></table>"
    "<div style='visibility:hidden'>no</div>"
    "<div style='visibility:hidden'>no<b style='visibility:visible'>yes</b></div>"
    "<button aria-controls='a b'>x</button><div id=b hidden>yes</div><div id=c hidden>no</div>",
    "hidden by rules": "<style>.a > .z{display:none} .y{display:block}</style>"
    "<style media=print>.y{display:none}</style>"
    "<div class=a><p class=z>no</p><p class='z y'>yes</p><p class=z style='display:block'>yes</p></div>"
    "<p class=z>yes</p>"
    "<style>.v{visibility:hidden}.w{visibility:visible}</style><p class=v>no</p><div class=v><p class=w>yes</p></div>",
    "streamed": "<p>a</p><div hidden id='S:1'><p>streamed</p></div><div hidden id='other'><p>no</p></div>",
    "page that hides its text": f"<div style='display:none'>{f'<p>{_LONG}</p>' * 20}</div><p>Loading</p>",
    "noscript": "<p>text</p><div><noscript><div>no script</div></noscript></div><p>x</p>",
    "page in noscript": f"<p>Wait</p><noscript>{f'<p>{_LONG}</p>' * 20}</noscript><p>x</p>",
    "comments": "<p>a<!-- c -->b</p><!-- d --><p>c <!-- x --> d</p>",
    "details": "<details><summary>More</summary><p>inside</p></details>",
    "form": "<form><label>Name <input name=a></label><select><optgroup label=o><option>1</option></optgroup></select>"
    "<textarea>xx</textarea><button>Go</button></form><p>a <select><option>q</option></select>c</p>",
    "pictures": "<p>a<svg><title>T</title><text>no</text></svg>b</p><p>c <svg><foreignObject><div>x</div>"
    "</foreignObject></svg> d</p><p>e<img src=x alt=y>f</p>",
    "scripts": "<p>a<script>var x='<p>no</p>';</script>b</p><style>p{}</style><p>c</p>",
    "silent elements": "<template><p>no</p></template><p>a<template><p>x</p></template>b</p><div>c <object><p>x</p>"
    "</object> d</div><div>e <canvas><p>x<br>y</p></canvas> f</div><p>g <meter>2</meter> <progress>x</progress> h</p>",
    "definitions and figures": "<dl><dt>a</dt><dd>b</dd></dl><figure><img src=x><figcaption>Cap</figcaption></figure>",
    "text beside blocks": "<div>a<hr>b<p></p>c<div> </div>d</div><blockquote>q <p>w</p> e</blockquote> tail",
    "entities": "<p>&lt;b&gt; &amp; &nbsp;x&nbsp;&nbsp;y&shy;z</p>",
    "ruby": "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p>",
    "names": "<div role=main data-testid=t aria-label='hey you'><a rel='nofollow sponsored' class='a b' id=q itemprop=x"
    f" href='//h.x/p'>z</a><p class='{'long-name ' * 100}'>x</p></div>",
    "formulas": "<p>a <math><semantics><mrow><mi>x</mi></mrow><annotation encoding='application/x-tex'>x</annotation>"
    "<annotation-xml>y</annotation-xml></semantics></math> b</p>",
    "upper case": "<P>A<BR>B</P><DIV HIDDEN>x</DIV><A HREF=/x>c</A>",
    "head": "<html><head><title> Big \n News - The Post</title><meta property='og:site_name' content='Post'>"
    "<link rel='canonical' href='https://post.example/x'><link rel='alternate' href='https://other.example'></head>"
    "<body><p>x</p></body></html>",
    "head with an address": "<html><head><title>A</title><title>B</title><meta property='og:url' "
    "content='//a.example/x'><meta property='og:site_name'></head><body><p>x</p></body></html>",
    "head with two addresses": "<html><head><meta property='og:url' content='//a.example/x'>"
    "<link rel=canonical href='//b.example'></head><body><p>x</p></body></html>",
    "title in a picture": "<html><body><svg><title>icon</title></svg><p>a</p></body></html>",
    "nothing": "",
}


def _described(lines: Lines) -> list[tuple[Any, ...]]:
    """Lines with their containers, apart from what the parsers add: html, body and tbody, and the order of names."""
    containers = lines.containers
    described: list[tuple[Any, ...]] = []
    for i, text in enumerate(lines.texts):
        block, leaf = lines.blocks[i], lines.leaves[i]
        around = [
            [containers.tags[at].replace("body", ""), sorted(containers.names[at].split())] for at in (block, leaf)
        ]
        path = re.sub(r"^(html > )?(body( > |$))?", "", containers.path(leaf).replace("tbody > ", ""))
        described.append((text, lines.joints[i], lines.link_chars[i], around, path))
    return described


def _joined(found: SoupLines) -> list[str]:
    return ["".join("".join(nodes).split()) for nodes in found.nodes]


@pytest.mark.parametrize("builder", ["html.parser", "lxml"])
@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_soup_has_the_lines_of_its_html(page: str, builder: str) -> None:
    soup = bs4.BeautifulSoup(page, builder)
    before = str(soup)
    found = lines_of_soup(soup)
    assert str(soup) == before
    lines, expected = found.lines, lines_of_html(before)
    assert _described(lines) == _described(expected)
    for name in ("kind", "title", "owner", "source", "starts", "ends", "columns", "warnings", "limited"):
        assert getattr(lines, name) == getattr(expected, name)
    assert [*lines.ordinals.values()] == [*expected.ordinals.values()]  # html.parser adds no <html>: other containers
    assert _joined(found) == ["".join(text.split()) for text in lines.texts]


@pytest.mark.parametrize("builder", ["html.parser", "lxml"])
@pytest.mark.parametrize("path", _FIXTURES, ids=lambda path: path.parent.name)
def test_a_fixture_has_the_lines_of_its_html(path: Path, builder: str) -> None:
    soup = bs4.BeautifulSoup(decode(path.read_bytes()).text, builder)
    before = str(soup)
    found = lines_of_soup(soup)
    assert str(soup) == before
    expected = lines_of_html(before)
    assert found.lines.texts == expected.texts
    assert (found.lines.title, found.lines.owner, found.lines.link_chars) == (
        (expected.title, expected.owner, expected.link_chars)
    )
    assert _joined(found) == ["".join(text.split()) for text in expected.texts]
    if path.parent.name not in _DIFFERENT_TREES:
        assert _described(found.lines) == _described(expected)


_TAGS = [
    "p",
    "div",
    "b",
    "a href=x",
    "span hidden",
    "ul",
    "li",
    "pre",
    "select",
    "option",
    "br",
    "td",
    "tr",
    "table",
    "svg",
]


@given(
    st.lists(st.one_of(st.sampled_from(_TAGS), st.sampled_from(["", " ", "x", "y z", "\n"])), max_size=40), st.data()
)
def test_lines_and_nodes_of_any_tree_agree(pieces: list[str], data: st.DataObject) -> None:
    soup = bs4.BeautifulSoup("", "html.parser")
    open_tags: list[bs4.Tag] = [soup]
    for piece in pieces:
        above = data.draw(st.sampled_from(open_tags))
        name, _, attribute = piece.partition(" ")
        if piece in _TAGS:
            tag = soup.new_tag(name, attrs={attribute.partition("=")[0]: "x"} if attribute else {})
            above.append(tag)
            open_tags.append(tag)
        else:
            above.append(piece)
    before = str(soup)
    found = lines_of_soup(soup)
    assert str(soup) == before
    lines = found.lines
    assert _joined(found) == ["".join(text.split()) for text in lines.texts]
    assert [lines.source[a:b] for a, b in zip(lines.starts, lines.ends, strict=True)] == lines.texts
    assert all(0 <= chars <= len(text) for chars, text in zip(lines.link_chars, lines.texts, strict=True))


def test_a_body_in_a_head_that_nothing_closes_is_read() -> None:
    soup = bs4.BeautifulSoup("<html><head><title>T</title><style>p{}</style><body><p>One</p>two", "html.parser")
    assert soup.head is not None
    assert soup.head.p is not None
    found = lines_of_soup(soup)
    assert found.lines.texts == ["One", "two"]
    assert found.lines.title == "T"


def test_a_soup_changed_by_hand() -> None:
    soup = bs4.BeautifulSoup("<div><p>One</p><p>Two</p><p>Three</p></div><aside><b>x</b></aside>", "html.parser")
    paragraphs = soup.find_all("p")
    paragraphs[1].decompose()
    paragraphs[0].string = "Changed "
    new = soup.new_tag("a", href="https://a.example")
    new.string = "here"
    paragraphs[0].append(new)
    soup.aside.append(paragraphs[2].extract())  # type: ignore[union-attr]
    soup.b.unwrap()  # type: ignore[union-attr]
    soup.div.insert(0, "At first")  # type: ignore[union-attr]
    soup.div.append(soup.new_tag("br"))  # type: ignore[union-attr]
    soup.div.append(NavigableString("at last"))  # type: ignore[union-attr]
    before = str(soup)
    found = lines_of_soup(soup)
    assert found.lines.texts == ["At first", "Changed here", "at last", "x", "Three"]
    assert found.lines.link_chars == [0, 4, 0, 0, 0]
    assert _described(found.lines) == _described(lines_of_html(before))
    assert str(soup) == before


def test_attributes_set_by_hand_may_be_of_any_type() -> None:
    soup = bs4.BeautifulSoup("<p>One</p><p>Two</p>", "html.parser")
    first, second = soup.find_all("p")
    first["class"] = ["a", "b"]  # type: ignore[assignment]
    first["id"] = 7  # type: ignore[assignment]
    second["hidden"] = None  # type: ignore[assignment]
    assert attributes_of(first) == {"class": "a b", "id": "7"}
    lines = lines_of_soup(soup).lines
    assert lines.texts == ["One"]
    assert lines.containers.path(lines.leaves[0]) == "p#7.a"


def test_of_a_tag_in_a_larger_tree_only_its_own_lines_are_read() -> None:
    soup = bs4.BeautifulSoup(
        "<html><head><title>T</title></head><body><p>Zero</p><div id=a>One<p>Two</p></div><p>Three</p></body></html>",
        "lxml",
    )
    found = lines_of_soup(soup.div)  # type: ignore[arg-type]
    assert found.lines.texts == ["One", "Two"]
    assert found.lines.title == ""
    assert found.lines.containers.path(found.lines.leaves[1]) == "div#a > p"


def test_nodes_are_those_of_the_tree() -> None:
    soup = bs4.BeautifulSoup("<p>One <b>two</b> <i>three</i></p><p><!-- no -->Four</p>", "html.parser")
    found = lines_of_soup(soup)
    inside = {id(node) for node in soup.descendants}
    assert [[str(node) for node in nodes] for nodes in found.nodes] == [["One ", "two", " ", "three"], ["Four"]]
    assert all(id(node) in inside for nodes in found.nodes for node in nodes)


def test_a_page_that_hides_its_text_is_read_with_it() -> None:
    found = lines_of_soup(bs4.BeautifulSoup(PAGES["page that hides its text"], "html.parser"))
    assert (found.hidden_too, found.lines.warnings) == (True, [HIDDEN_READ])
    assert found.lines.texts.count(_LONG.strip()) == 20
    assert not lines_of_soup(bs4.BeautifulSoup(PAGES["hidden"], "html.parser")).hidden_too


def test_an_xml_soup_is_read() -> None:
    feed = "<?xml version='1.0'?><rss><channel><title>T</title><item><p>One</p><p>Two</p></item></channel></rss>"
    lines = lines_of_soup(bs4.BeautifulSoup(feed, "lxml-xml")).lines
    assert (lines.texts, lines.title) == (["One", "Two"], "T")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", bs4.XMLParsedAsHTMLWarning)
        assert lines_of_soup(bs4.BeautifulSoup(feed, "html.parser")).lines.texts == ["One", "Two"]


def _nested(count: int) -> bs4.BeautifulSoup:
    """Elements in one another, each with a text of its own, linked by hand: `append` takes quadratic time."""
    soup = bs4.BeautifulSoup("", "html.parser")
    above: bs4.Tag = soup
    for _ in range(count):
        tag = soup.new_tag("div")
        tag.setup(above, previous_element=above)
        above.contents.append(tag)
        text = NavigableString("x")
        text.setup(tag, previous_element=tag)
        tag.contents.append(text)
        above = tag
    return soup


def test_20000_nested_elements() -> None:
    soup = _nested(20_000)
    assert_within(3, lambda: lines_of_soup(soup))
    lines = lines_of_soup(soup).lines
    assert len(lines) == 20_000
    assert lines.limited
    assert lines.warnings == [f"elements nested deeper than {limits.MAX_DEPTH} were unwrapped"]
    depths = [0]
    for parent in lines.containers.parents[1:]:
        depths.append(depths[parent] + 1)
    assert max(depths) == limits.MAX_DEPTH


def test_what_is_nested_too_deep_is_read_without_its_elements() -> None:
    soup = bs4.BeautifulSoup("<b>" * 600 + "x<a href=y>z</a>" + "<p>q</p>", "html.parser")
    lines = lines_of_soup(soup).lines
    assert lines.texts == ["xz", "q"]
    assert lines.limited
    # The last element that is not too deep; a block beside it stays one.
    assert [lines.containers.tags[leaf] for leaf in lines.leaves] == ["b", "p"]
    assert len(lines.containers.tags) == 1 + limits.MAX_DEPTH + 1


def test_50000_siblings() -> None:
    soup = bs4.BeautifulSoup("<p>one <b>two</b></p>" * 50_000, "html.parser")
    assert_within(3, lambda: lines_of_soup(soup))
    lines = lines_of_soup(soup).lines
    assert lines.texts == ["one two"] * 50_000
    assert set(lines.joints) == {Joint.PARAGRAPH}
