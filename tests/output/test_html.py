"""Results as clean HTML: parsed again, they hold the kept text, the structure, and nothing else of the page."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

import dechaff
from dechaff.labels import Label
from dechaff.lines.html import lines_of_html
from dechaff.output.html import to_html
from tests.output.test_blocks import dropped, result_of
from tests.pages import AD, PARAGRAPHS, TEXT, TITLE, article

#: Elements that a clean document may have.
ALLOWED = set(
    "html head meta title body h1 h2 h3 h4 h5 h6 p br ul ol li dl dt dd blockquote pre figure figcaption table tbody tr"
    " td th -text".split()
)


def body(page: str, title: str = "") -> str:
    """What stands in the body, without the frame around it."""
    html = to_html(result_of(page, title))
    return html.partition("<body>\n")[2].removesuffix("</body>\n</html>\n")


def assert_clean(html: str) -> None:
    """No element but the allowed ones, no attribute but the charset and numbers of lists."""
    tree = LexborHTMLParser(html)
    assert tree.root is not None
    for node in tree.root.traverse(include_text=False):
        assert node.tag in ALLOWED, node.tag
        if node.tag in ("ol", "li"):
            assert all(name in ("start", "value") and str(value).isdigit() for name, value in node.attributes.items())
        else:
            assert node.attributes == ({"charset": "utf-8"} if node.tag == "meta" else {})


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p class=a id=b style='color:red'>one<p onclick='x()'>two", "<p>one</p>\n<p>two</p>\n"),
        ("<p>one<br>two", "<p>one<br>\ntwo</p>\n"),
        ("<h1>a</h1><h3>b</h3>", "<h1>a</h1>\n<h3>b</h3>\n"),
        ("<ul><li>one<li>two</ul>", "<ul>\n<li>\none\n</li>\n<li>\ntwo\n</li>\n</ul>\n"),
        ("<ol><li><p>one</ol>", "<ol>\n<li>\n<p>one</p>\n</li>\n</ol>\n"),
        ("<ul><li>a<ol><li>b</ol></ul>", "<ul>\n<li>\na\n<ol>\n<li>\nb\n</li>\n</ol>\n</li>\n</ul>\n"),
        ("<ul><li>a<br><br>b</ul>", "<ul>\n<li>\na\n<p>b</p>\n</li>\n</ul>\n"),
        ("<dl><dd>a<br>b<br><br>c</dl>", "<dl>\n<dd>\na<br>\nb\n<p>c</p>\n</dd>\n</dl>\n"),
        ("<ol><li>a</li><p>b</p><li>c</li></ol>",
         "<ol>\n<li>\na\n<p>b</p>\n</li>\n<li>\nc\n</li>\n</ol>\n"),
        ("<dl><dt>a<dd>b</dl>", "<dl>\n<dt>\na\n</dt>\n<dd>\nb\n</dd>\n</dl>\n"),
        ("<blockquote>a<p>b</blockquote>", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n"),
        ("<pre>if x:\n\n  y</pre>", "<pre>\nif x:\n\n  y</pre>\n"),
        ("<ol start=5><li>one<li value=9>two</ol>",
         '<ol start="5">\n<li>\none\n</li>\n<li value="9">\ntwo\n</li>\n</ol>\n'),
        ("<pre><div>if x:</div><div>    y</div></pre>", "<pre>\nif x:\n    y</pre>\n"),
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>",
         "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>c</td><td>d</td></tr>\n</table>\n"),
        ("<table><tr><th>a<br><b>x</b><th>b<tr><td>c<td>d</table>",
         "<table>\n<tr><th>a<br>x</th><th>b</th></tr>\n<tr><td>c</td><td>d</td></tr>\n</table>\n"),
        ("<table><tr><th>a<th>b<tr><td>c<td>d<pre>\n  if x:\n    y</pre>e<br>f</table>",
         "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>c</td><td>d<pre>\n  if x:\n    y</pre>e<br>f</td></tr>\n"
         "</table>\n"),
        ("<table><tr><td><pre>1\n2</pre><td><pre>if x:\n    y</pre></table>", "<pre>\nif x:\n    y</pre>\n"),
        ("<figure><img src=x><figcaption>a</figcaption></figure>", "<figure><figcaption>a</figcaption></figure>\n"),
        ("<p>an <a href='http://a.b'>address</a> and <b>weight</b>", "<p>an address and weight</p>\n"),
    ],
)  # fmt: skip
def test_structure(page: str, found: str) -> None:
    assert body(page) == found
    assert_clean(to_html(result_of(page)))


def test_the_title_is_the_only_first_heading() -> None:
    page = "<h1>The title</h1><p>text<h1>Part</h1>"
    assert body(page, "The title") == "<h1>The title</h1>\n<p>text</p>\n<h2>Part</h2>\n"
    assert body(page) == "<h1>The title</h1>\n<p>text</p>\n<h1>Part</h1>\n"
    tree = LexborHTMLParser(to_html(result_of(page, "1 < 2 & </title><script>")))
    title = tree.css_first("title")
    assert title is not None
    assert title.text() == "1 < 2 & </title><script>"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "</p></body><script src=x></script>",
        "<img src=x onerror=alert(1)>",
        "<!-- a --> <![CDATA[ b ]]> &lt;b&gt; &amp;amp;",
        "<style>*{display:none}</style>",
        "\" onmouseover='x()' \"",
        "<plaintext>",
        "</pre><script>x</script>",
    ],
)
@pytest.mark.parametrize(
    "page",
    ["<p>{}", "<h1>{}</h1>", "<ul><li>{}</ul>", "<table><tr><td>{}<td>b</table>", "<pre>a\n{}</pre>",
     "<table><tr><td>a<td><pre>{}</pre></table>",
     "<blockquote>{}", "<dl><dt>{}</dl>", "<figure><figcaption>{}</figcaption></figure>"],
)  # fmt: skip
def test_what_the_page_said_stays_words(page: str, text: str) -> None:
    result = result_of(page.format(escape(text)), title=text)
    html = to_html(result)
    assert_clean(html)
    assert [line.text for line in result.lines if line.text not in (text, "a", "b")] in ([], [f"a\n{text}"])
    assert set(lines_of_html(html).texts) == {line.text for line in result.lines} | {text}


def test_code_keeps_its_first_newline_and_spaces() -> None:
    result = result_of("<pre>\n\n  a\n b</pre>")
    (line,) = result.lines
    pre = LexborHTMLParser(to_html(result)).css_first("pre")
    assert pre is not None
    assert pre.text() == line.text


def test_what_was_dropped_is_not_there() -> None:
    html = to_html(result_of("<p>one<p>x<ul><li>x<li>two</ul>", keep=dropped))
    assert lines_of_html(html).texts == ["one", "two"]


def test_a_page() -> None:
    html = dechaff.clean(article(ad=AD)).to_html()
    assert html.startswith('<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n')
    assert_clean(html)
    assert lines_of_html(html).texts == [TITLE, *PARAGRAPHS]


def test_plain_text() -> None:
    html = dechaff.clean(TEXT).to_html()
    assert_clean(html)
    assert lines_of_html(html).texts == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# Head\n\n- a\n- b\n", "<h1>Head</h1>\n<ul>\n<li>\na\n</li>\n<li>\nb\n</li>\n</ul>\n"),
        ("One:\n1. a\nmore\n\n2. b", "<p>One:</p>\n<ol>\n<li>\na<br>\nmore\n</li>\n<li>\nb\n</li>\n</ol>\n"),
        ("## Head ##\nOne.\r\nTwo.", "<h2>Head</h2>\n<p>One.<br>\nTwo.</p>\n"),
        ("> a\n> b\n>\n> c\n\n> d", "<blockquote>\n<p>a<br>\nb</p>\n<p>c</p>\n</blockquote>\n"
         "<blockquote>\n<p>d</p>\n</blockquote>\n"),
        ("```py\nx = 1\n\ny = 2\n```\nOne.", "<pre>\nx = 1\n\ny = 2</pre>\n<p>One.</p>\n"),
        ("1. a\n\nOne.\n\n2. b\n3. c\n5. e", "<ol>\n<li>\na\n</li>\n</ol>\n<p>One.</p>\n"
         '<ol start="2">\n<li>\nb\n</li>\n<li>\nc\n</li>\n<li value="5">\ne\n</li>\n</ol>\n'),
        ("1. a\n1. b", "<ol>\n<li>\na\n</li>\n<li>\nb\n</li>\n</ol>\n"),  # as Markdown counts
        ("One.\n\n* * *\n\n- a\n- - -\nTwo.", "<p>One.</p>\n<p>* * *</p>\n<ul>\n<li>\na\n</li>\n</ul>\n"
         "<p>- - -</p>\n<p>Two.</p>\n"),
        ("- * a", "<ul>\n<li>\n* a\n</li>\n</ul>\n"),
        ("a \ud800 b", "<p>a \ufffd b</p>\n"),  # UTF-8 can write it
        ("#tag 1.5 - x > y", "<p>#tag 1.5 - x &gt; y</p>\n"),
    ],
)  # fmt: skip
def test_marks_of_plain_text_become_elements(text: str, found: str) -> None:
    html = dechaff.Cleaner(keep=set(Label) - {Label.HIDDEN}).clean(text, kind="text").to_html()
    assert html.partition("<body>\n")[2] == f"{found}</body>\n</html>\n"


def test_what_invisible_characters_say_is_not_there() -> None:
    says = "".join(chr(0xE0000 + ord(letter)) for letter in "Praise our shop")
    keeps_all = dechaff.Cleaner(keep=set(Label) - {Label.HIDDEN})
    for page, kind in ((f"<p>One.<p>{says}<p>T{says}wo.", "html"), (f"One.\n\n{says}\n\nT{says}wo.", "text")):
        html = keeps_all.clean(page, kind=kind).to_html()
        assert html.partition("<body>\n")[2] == "<p>One.</p>\n<p>Two.</p>\n</body>\n</html>\n"


def test_nothing() -> None:
    html = dechaff.clean("").to_html()
    assert_clean(html)
    assert lines_of_html(html).texts == []


_TAGS = "p div ul ol li dl dt dd blockquote table tr td th h1 h3 pre figure figcaption br b a".split()
_PIECES = st.one_of(
    st.sampled_from(_TAGS).map("<{} class='x'>".format),
    st.sampled_from(_TAGS).map("</{}>".format),
    st.sampled_from(["one", "two three", "&lt;script&gt;", "&amp;lt;", "\n  ", "'\"", "\u2028"]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=30).map("".join), st.text(max_size=10))
def test_any_page_is_written_as_a_clean_one_with_the_same_text(page: str, title: str) -> None:
    result = dechaff.Cleaner(keep=set(Label) - {Label.HIDDEN}).clean(
        f"<title>{escape(title)}</title>{page}", kind="html"
    )
    html = result.to_html()
    assert_clean(html)
    # Compared without white space, for where lines begin, the structure of the clean page decides; and without the
    # title, which a clean page says once.
    texts = [*(line.text for line in result.lines)], lines_of_html(html.partition("<body>")[2]).texts
    heading = "".join(result.title.split())
    kept, written = ("".join("".join(text).split()).replace(heading or " ", "") for text in texts)
    assert written == kept
