"""Results as Markdown: the structure of the page, and its words as they stood, whatever signs they hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dechaff
from dechaff.labels import Label
from dechaff.output.markdown import to_markdown
from tests.output.test_blocks import dropped, result_of
from tests.pages import AD, PARAGRAPHS, TEXT, TITLE, article
from tests.timing import assert_linear, seconds_of


def markdown(page: str, title: str = "") -> str:
    return to_markdown(result_of(page, title))


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>one<p>two", "one\n\ntwo"),
        ("<p>one<br>two", "one  \ntwo"),
        ("<h1>a</h1><h2>b</h2><h6>c</h6><p>d", "# a\n\n## b\n\n###### c\n\nd"),
        ("<h2>over<br>two lines</h2>", "## over two lines"),
        ("<ul><li>one<li>two</ul><p>three", "- one\n- two\n\nthree"),
        ("<ol><li>one<li>two<li>three</ol>", "1. one\n2. two\n3. three"),
        ("<ol>" + "<li>x" * 10 + "<p>more</ol>", "\n".join(f"{i}. x" for i in range(1, 11)) + "\n\n    more"),
        ("<ul><li>one<ul><li>in<li>too</ul><li>two</ul>", "- one\n  - in\n  - too\n- two"),
        ("<ol><li>one<ul><li>in</ul></ol>", "1. one\n   - in"),
        ("<ol><li>one<ol><li>in<li>too</ol>after<li>two</ol>", "1. one\n   1. in\n   2. too\n\n   after\n2. two"),
        (
            "<ul><li><a href=x><h3>one</h3><p>more</p></a><li><a href=y><h3>two</h3></a></ul>",
            "- ### one\n\n  more\n- ### two",
        ),
        ("<dl><div><dt>a<dd>b<p>c</p></div><div><dt>d<dd>e</div></dl>", "**a**\n\nb\n\nc\n\n**d**\n\ne"),
        ("<ol start=5><li>one<li value=9>two<li>three</ol>", "5. one\n9. two\n10. three"),
        ("<ol start=0><li>one<ol start=x><li>in</ol><li value=-1>two</ol>", "0. one\n   1. in\n1. two"),
        ("<ol start=99><li>one<li><p>two<p>more</ol>", "99. one\n100. two\n\n     more"),
        ("<ul start=5><li value=7>one</ul>", "- one"),
        ("<ul><li>one<p>more<li>two</ul>", "- one\n\n  more\n- two"),
        ("<ol><li><p>one<p>more<li><p>two</ol>", "1. one\n\n   more\n2. two"),
        # Markdown would take two lists with the same marks for one.
        ("<ol><li>one</ol><ol><li>two</ol><ol><li>three</ol>", "1. one\n\n1) two\n\n1. three"),
        ("<ul><li>one<ul><li>in</ul><ul><li>too</ul></ul><ul><li>two</ul>", "- one\n  - in\n  * too\n\n* two"),
        ("<dl><dt>term<dd><ul><li>one</ul></dl><ul><li>two</ul>", "**term**\n\n- one\n\n* two"),
        ("<dl><dd><ul><li>one</ul><dd><ul><li>two<ul><li>in</ul></ul></dl>", "- one\n\n* two\n  - in"),
        # Right behind a paragraph, only a list that starts with 1 is one.
        ("<ul><li>one<ol start=3><li>in<li>too</ol></ul>", "- one\n\n  3. in\n  4. too"),
        ("<ul><li><p>one<ol><li value=3>in</ol></ul>", "- one\n\n  3. in"),
        ("<blockquote>one<ol start=3><li>in</ol></blockquote>", "> one\n>\n> 3. in"),
        ("<ul><li><blockquote>one</blockquote><ol start=3><li>in</ol></ul>", "- > one\n\n  3. in"),
        ("<ul><li>one<ol start=1><li>in</ol></ul>", "- one\n  1. in"),
        ("<ol><li>one</li><p>note</p><li>two</li></ol>", "1. one\n\n   note\n2. two"),
        ("<blockquote>one</blockquote><blockquote>two</blockquote>", "> one\n\n> two"),
        ("<dl><dt>term<dd>meaning</dl>", "**term**\n\nmeaning"),
        ("<blockquote><p>said<p>more</blockquote><p>after", "> said\n>\n> more\n\nafter"),
        ("<blockquote>one<br>two</blockquote>", "> one  \n> two"),
        ("<blockquote><ul><li>one<li>two</ul></blockquote>", "> - one\n> - two"),
        (
            "<table><tr><td><th>x<th>y<tr><th>a<td>1<td>2<tr><th>b<td><td>3</table>",
            "|  | x | y |\n| --- | --- | --- |\n| a | 1 | 2 |\n| b |  | 3 |",
        ),
        ("<pre>if x:\n\n    y = 1</pre>", "```\nif x:\n\n    y = 1\n```"),
        ("<pre>```\n````</pre>", "`````\n```\n````\n`````"),
        ("<ul><li><pre>a\n\nb</pre></ul>", "- ```\n  a\n\n  b\n  ```"),
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", "| a | b |\n| --- | --- |\n| c | d |"),
        ("<table><tr><th>a<th>b<tr><td>c<br>d<p>e<td>f</table>", "| a | b |\n| --- | --- |\n| c d e | f |"),
        ("<table><tr><td>a<tr><td>b<td>c|d</table>", "| a |  |\n| --- | --- |\n| b | c\\|d |"),
        (
            "<table><tr><th>a<th>b<tr><td>c<td>see<pre>if x:\n\n  `y` | z</pre></table>",
            "| a | b |\n| --- | --- |\n| c | see<br>`if x:`<br><br>``  `y` \\| z`` |",
        ),
        ("<table><tr><td>a<td><pre>`b`</pre></table>", "| a | `` `b` `` |\n| --- | --- |"),
        ("<table><tr><td><pre>1\n2</pre><td><pre>if x:\n    y</pre></table>", "```\nif x:\n    y\n```"),
        ("<pre><div>if x:</div><div>    y</div></pre>", "```\nif x:\n    y\n```"),
        ("<p>a<pre><ol><li>if x:<li>    y</ol></pre>", "a\n\n```\nif x:\n    y\n```"),
        ("<pre><p>one</p><p>two</p></pre>", "```\none\n```\n\n```\ntwo\n```"),
        ("<figure><figcaption>bridge</figcaption></figure>", "bridge"),
    ],
)
def test_structure(page: str, found: str) -> None:
    assert markdown(page) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # What would begin a block
        ("# one", "\\# one"),
        ("#1 of all", "#1 of all"),
        ("> said", "\\> said"),
        ("- one", "\\- one"),
        ("-1 degree", "-1 degree"),
        ("+ one", "\\+ one"),
        ("* one", "\\* one"),
        ("1. one", "1\\. one"),
        ("12) one", "12\\) one"),
        ("1.5 metres", "1.5 metres"),
        ("2024. A year", "2024\\. A year"),
        ("---", "\\---"),
        ("===", "\\==="),
        ("| a | b |", "| a | b |"),
        ("|---|", "\\|---|"),
        ("[x] done", "\\[x] done"),
        # What would change words
        ("*very*", "\\*very\\*"),
        ("2 * 3", "2 * 3"),
        ("_very_", "\\_very\\_"),
        ("snake_case", "snake_case"),
        ("`code`", "\\`code\\`"),
        ("~~gone~~", "\\~\\~gone\\~\\~"),
        ("10~20, 30~40", "10\\~20, 30\\~40"),
        ("/~user", "/~user"),
        ("[a](b)", "[a\\](b)"),
        ("[1] a note", "[1] a note"),
        ("<b>", "\\<b>"),
        ("1 < 2", "1 < 2"),
        ("&amp;", "\\&amp;"),
        ("A & B", "A & B"),
        ("a \\* b", "a \\\\\\* b"),
        ("C:\\Users", "C:\\Users"),
        ("a\\", "a\\\\"),
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
    ],
)
def test_words_come_out_as_they_stood(text: str, found: str) -> None:
    page = text.replace("&", "&amp;").replace("<", "&lt;")
    assert markdown(f"<p>{page}") == found
    assert markdown(f"<ul><li>{page}") == f"- {found}"


def test_signs_in_headings_cells_and_terms() -> None:
    assert markdown("<h2>C# and F #</h2>") == "## C# and F \\#"
    assert markdown("<table><tr><td>*a*<td>b") == "| \\*a\\* | b |\n| --- | --- |"
    assert markdown("<dl><dt>*args") == "**\\*args**"
    assert markdown("<dl><dt>*") == "**\\***"
    assert markdown("<dl><dt>2 * 3 *") == "**2 \\* 3 \\***"
    assert markdown("<p>text", title="# Title *one*\n two") == "# \\# Title \\*one\\* two\n\ntext"


def test_the_title_comes_first_and_once() -> None:
    assert markdown("<h1>The title</h1><p>text", title="The title") == "# The title\n\ntext"
    assert markdown("<p>text", title=" ") == "text"


def test_what_was_dropped_is_not_there() -> None:
    assert to_markdown(result_of("<p>one<p>x<ul><li>x<li>two</ul>", keep=dropped)) == "one\n\n- two"
    assert to_markdown(result_of("<p>x", keep=dropped)) == ""


def test_a_page() -> None:
    result = dechaff.clean(article(ad=AD))
    assert result.to_markdown() == "\n\n".join([f"# {TITLE}", *PARAGRAPHS])


def test_plain_text_stays_as_it_is() -> None:
    text = "# Title\n\n- *one*\n- two\n\n1. three <b>"
    assert dechaff.Cleaner(keep=set(Label) - {Label.HIDDEN}).clean(text, kind="text").to_markdown() == text
    assert dechaff.clean(TEXT).to_markdown() == dechaff.clean(TEXT).text


def test_utf8_can_write_it() -> None:
    assert (
        dechaff.Cleaner(keep=set(Label) - {Label.HIDDEN}).clean("a \ud800 b", kind="text").to_markdown() == "a \ufffd b"
    )


_WORDS = st.text(st.sampled_from('ab \\`*_~[](){}<>#+-.!|&;:=x1\n"'), min_size=1, max_size=20)


@settings(max_examples=200, deadline=None)
@given(st.lists(_WORDS, min_size=1, max_size=4))
def test_nothing_is_added_but_backslashes(paragraphs: list[str]) -> None:
    """Of a page of paragraphs, nothing but breaks and backslashes before signs is added, and nothing lost."""
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;") for text in paragraphs]
    result = result_of("".join(f"<p>{text}</p>" for text in escaped))
    expected = [" ".join(text.split()) for text in paragraphs]
    found = to_markdown(result).split("\n\n") if result.text else []
    assert len(found) == len([text for text in expected if text])
    for written, text in zip(found, filter(None, expected), strict=True):
        assert unescaped(written) == text


def unescaped(text: str) -> str:
    """What CommonMark makes of backslashes: before a sign one is taken away."""
    out, at = "", 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text) and text[at + 1] in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~":
            at += 1
        out += text[at]
        at += 1
    return out


@pytest.mark.parametrize("piece", ["*", "_", "\\", "`", "[", "](", "<a", "&a", "~", "# ", "-", "|", "1", "1. "])
def test_time_grows_with_the_text(piece: str) -> None:
    def seconds(count: int) -> float:
        result = result_of("<p>" + (piece * count).replace("&", "&amp;").replace("<", "&lt;"))
        return seconds_of(lambda: to_markdown(result))

    assert_linear(seconds, 10_000)


def test_time_grows_with_code_in_cells() -> None:
    def seconds(count: int) -> float:
        result = result_of("<table>" + "<tr><td>a<td><pre>b\n`c\n</pre>" * count + "</table>")
        return seconds_of(lambda: to_markdown(result))

    assert_linear(seconds, 1_000)


def test_a_long_row_among_many_short_ones_does_not_multiply() -> None:
    page = "<table><tr>" + "<td>a" * 3_000 + "<tr><td>b<td>c" * 3_000 + "</table>"
    assert len(markdown(page)) < 10 * len(page)
