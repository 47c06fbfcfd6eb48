"""What a reader sees of a page, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff import limits
from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Joint, Lines


def texts(html: str) -> list[str]:
    return lines_of_html(html).texts


def joints(html: str) -> list[str]:
    return [joint.name for joint in lines_of_html(html).joints]


def tags_above(lines: Lines, container: int) -> list[str]:
    found = []
    while container:
        found.append(lines.containers.tags[container])
        container = lines.containers.parents[container]
    return found


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<div>One<p>Two</p>Three</div>", ["One", "Two", "Three"]),
        ("One<br>Two<br/>Three", ["One", "Two", "Three"]),
        ("<ul><li>One<li>Two<ul><li>Inner</ul></ul>", ["One", "Two", "Inner"]),
        ("<ol><li><p>One</p></li><li>Two <b>bold</b></li></ol>", ["One", "Two bold"]),
        ("<pre>x</pre><p>One<span hidden>x<br></span>two</p>", ["x", "One", "two"]),
        ('<div class="mw-heading"><h2>A</h2><span class="mw-editsection">[<a href=x>edit</a>]</span></div>', ["A"]),
        ("<p><my-w>Hello</my-w><my-p>,</my-p> <my-w>world</my-w><my-p>!</my-p></p>", ["Hello, world!"]),
        ("<dl><dt>Term<dd>Meaning<dt>Other<dd>More</dl>", ["Term", "Meaning", "Other", "More"]),
        ("<h1>Title</h1>text<hr>more", ["Title", "text", "more"]),
        ("<blockquote>Said</blockquote>she", ["Said", "she"]),
        ("<figure><img src=x alt=no><figcaption>A picture</figcaption></figure>", ["A picture"]),
        ("before<div></div>after", ["before", "after"]),
        ("<div><div>deep</div>shallow</div>", ["deep", "shallow"]),
        ("<xmp>a</xmp>b", ["a", "b"]),
    ],
)
def test_lines_break_at_blocks_and_at_br(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>un<b>believ</b>able</p>", "unbelievable"),
        ("<p><b>a</b> <i>b</i></p>", "a b"),
        ("<p><b>a</b>\n<i>b</i></p>", "a b"),
        ("<p><b>a</b><i> </i><i>b</i></p>", "a b"),
        ("<p><b>a</b><span><i> </i></span><i>b</i></p>", "a b"),
        ("<p><b>a</b><i>b</i></p>", "ab"),
        ("<p>a<script> x </script>b</p>", "ab"),
        ("<p>a<svg> <path/> </svg>b</p>", "ab"),
        ("<p>a<span hidden> </span>b</p>", "ab"),
        ("<p>  many \n\t spaces&nbsp;here  </p>", "many spaces here"),
        ("<p>x<sub>2</sub> is<!-- not --> five</p>", "x2 is five"),
        ("<p>a &amp; b &lt;c&gt; &#8364;</p>", "a & b <c> €"),
        ("<p>a<x-y>b</x-y>c</p>", "abc"),
        ("<p>H<span>2</span><span>O</span>", "H2O"),
        ("<p><a>C</a><sub>6</sub><a href=h>H</a><a href=x>O</a>", "C6HO"),
        (
            "<p>let <math><semantics><msup><mi>x</mi><mn>2</mn></msup><annotation encoding='application/x-tex'>x^2"
            "</annotation><annotation-xml>x</annotation-xml></semantics></math> be</p>",
            "let x2 be",
        ),
    ],
)
def test_inline_elements_do_not_split_a_line(html: str, expected: str) -> None:
    assert texts(html) == [expected]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<button>Save</button><button>Cancel</button>", "Save Cancel"),
        ("<span><button>a</button></span><span><button>b</button></span>", "a b"),
        ("<a class='btn big'>Login</a><a class=btn-main>Join</a>", "Login Join"),
        ("<a class=button>Buy!</a><a class=my-button>Sell</a>", "Buy! Sell"),
        ("<my-card>a</my-card><my-card><b>b</b></my-card><my-card>c</my-card>", "a b c"),
        ("Will you?<button>Yes</button>or no", "Will you? Yes or no"),
        ("a term (<button>of art</button>), and", "a term (of art), and"),
        ("un<a class=btn>broken</a>", "unbroken"),
        ("<button>a<span>b</span></button>", "ab"),
        ("<mjx-mi>x</mjx-mi><mjx-mn>2</mjx-mn>", "x2"),
        ("a<button hidden>x</button>b", "ab"),
        ("<pre><button>a</button><button>b</button></pre>", "ab"),
    ],
)
def test_boxes_side_by_side_part_words(html: str, expected: str) -> None:
    assert texts(html) == [expected]


def test_joints_tell_a_line_break_from_a_paragraph() -> None:
    assert joints("<p>a<br>b<br><br>c</p><p>d</p>") == ["PARAGRAPH", "LINE", "PARAGRAPH", "PARAGRAPH"]


def test_white_space_between_two_breaks_does_not_make_them_one() -> None:
    assert joints("<p>a<br> <br>\n<b> </b>b</p>") == ["PARAGRAPH", "PARAGRAPH"]


def test_preformatted_text_is_one_line_with_its_white_space() -> None:
    assert texts("<pre>\n  if x:\n      y()\n\n</pre>after") == ["  if x:\n      y()", "after"]


def test_highlighted_code_keeps_the_white_space_between_its_elements() -> None:
    html = "<pre><code><b>def</b> <i>f</i>():\n<span>    </span><span>pass</span>\n<u>x</u></code></pre>"
    assert texts(html) == ["def f():\n    pass\nx"]


def test_br_in_preformatted_text_is_a_newline() -> None:
    assert texts("<pre>a<br>b<code> </code><br><code><br>c</code></pre>") == ["a\nb \n\nc"]


def test_br_before_preformatted_text_ends_the_line() -> None:
    assert texts("a<br><pre>b</pre>") == ["a", "b"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden>no</div>",
        "<div style='color:red; display : none'>no</div>",
        "<div style='VISIBILITY:hidden'>no</div>",
        "<div aria-hidden=true>no</div>",
        "<div class=a hidden><p>no</p></div>",
        "<template>no</template>",
        "<noscript>no</noscript>",
        "<script>no</script>",
        "<style>no</style>",
        "<textarea>no</textarea>",
        "<select><option>no</option></select>",
        "<iframe>no</iframe>",
        "<video>no</video>",
        "<svg><text>no</text></svg>",
        "<svg><title>no</title><foreignObject><p>no</p></foreignObject></svg>",
        "<!-- no -->",
        "<dialog>no</dialog>",
        "<div popover>no</div>",
        "<datalist><option>no</datalist>",
    ],
)
def test_hidden_and_silent_elements_hold_no_lines(hidden: str) -> None:
    page = "<p>" + "A page with text of its own, long enough to be read. " * 6 + "</p>"
    assert texts(page + hidden + "<p>end</p>")[1:] == ["end"]


@pytest.mark.parametrize(
    "shown",
    [
        "<details><summary>no</summary>yes</details>",
        "<div aria-hidden=false>yes</div>",
        "<div style='display:block'>yes</div>",
        "<div style=''>yes</div>",
        "<button>yes</button>",
        "<math><mi>yes</mi></math>",
        "<dialog open>yes</dialog>",
        "<center>yes</center>",
    ],
)
def test_what_may_be_seen_is_read(shown: str) -> None:
    page = "<p>" + "A page with text of its own, long enough to be read. " * 6 + "</p>"
    assert "yes" in texts(page + shown)


def test_a_page_that_hides_its_text_until_a_script_runs_is_read_all_the_same() -> None:
    article = "<p>" + "The text of the article. " * 30 + "</p>"
    lines = lines_of_html(f"<body style='visibility:hidden'><noscript>On</noscript>{article}<p hidden>x</p></body>")
    assert len(lines.texts) == 3
    assert lines.warnings == ["the page hides its text; hidden text was read"]


def test_a_hidden_notice_does_not_make_a_short_page_read_hidden_text() -> None:
    lines = lines_of_html("<p>Short page.</p><p hidden>" + "cookie " * 30 + "</p>")
    assert (lines.texts, lines.warnings) == (["Short page."], [])


def test_noscript_is_read_only_where_there_is_nothing_else() -> None:
    story = "The story, for readers without scripts. " * 20
    assert texts(f"<noscript><p>{story}</p></noscript>") == [story.strip()]


def test_link_chars_count_the_text_inside_links() -> None:
    lines = lines_of_html("<p>See <a href=x>the  <b>whole</b> story</a>.</p><p><a>all</a></p><p>none</p>")
    assert lines.link_chars == [len("the whole story"), 3, 0]


def test_title_is_folded_and_not_that_of_a_picture() -> None:
    html = "<svg><title>icon</title></svg><title> A\n title &amp; more </title><p>x"
    assert lines_of_html(html).title == "A title & more"
    assert lines_of_html("<svg><title>icon</title></svg>").title == ""


@pytest.mark.parametrize(
    ("head", "owner"),
    [
        ("<link rel=Canonical href=//one.example/x><link rel=canonical href=//two.example>", "one example"),
        ("<link rel='canonical alternate' href=//one.example><link rel=canonical href=//two.example>", "two example"),
        ("<link rel=canonical><meta property=og:url content=//two.example>", "two example"),
        ("<meta property=OG:site_name content=A><meta property=og:site_name content=B>", "B"),
        ("<meta property=og:site_name><meta property=og:site_name content=B>", ""),
        ("<template><link rel=canonical href=//one.example></template>", ""),
    ],
)
def test_the_first_of_each_kind_in_the_head_says_whose_page_it_is(head: str, owner: str) -> None:
    assert lines_of_html(f"<head>{head}</head><p>x").owner == owner


def test_containers_hold_tags_names_and_path() -> None:
    lines = lines_of_html('<article id=a class="b c" itemprop=body><p role=note>x <b data-testid=t>y</b></p></article>')
    assert tags_above(lines, lines.blocks[0]) == ["p", "article", "body", "html"]
    article = lines.containers.parents[lines.blocks[0]]
    assert lines.containers.names[article] == "a b c body"
    assert lines.containers.names[lines.blocks[0]] == "note"
    assert lines.containers.path(lines.blocks[0]) == "html > body > article#a.b > p"


def test_the_leaf_is_the_innermost_element_around_the_first_word() -> None:
    lines = lines_of_html("<p><a><b>x</b></a> y</p>")
    assert tags_above(lines, lines.leaves[0])[:3] == ["b", "a", "p"]
    assert tags_above(lines, lines.blocks[0])[0] == "p"


def test_names_without_a_value_are_left_out() -> None:
    lines = lines_of_html("<p class id role>x</p>")
    assert lines.containers.names[lines.blocks[0]] == ""
    assert lines.containers.path(lines.blocks[0]) == "html > body > p"


def test_a_table_of_data_has_rows_and_cells() -> None:
    html = "<table><tr><th>Name<th>Age<tr><td>Ada<td>36</table>"
    assert joints(html) == ["PARAGRAPH", "CELL", "LINE", "CELL"]


@pytest.mark.parametrize(
    "html",
    ["<tr><th>a<th>b<tr><td>c<br>d<td>e", "<tr><td>a<td>b<tr><td><p>c<p>d<td>e<tr><td>f<td>g"],
)
def test_a_cell_of_several_lines_leaves_a_table_one_of_data(html: str) -> None:
    lines = lines_of_html(f"<table>{html}</table>")
    assert [joint.name for joint in lines.joints[:5]] == ["PARAGRAPH", "CELL", "LINE", "WITHIN", "CELL"]
    assert [lines.columns[i] for i in range(5)] == [0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    "html",
    [
        # Several lines in most cells, in one row, in a long cell, beside a heading, in too many lines, in one column.
        "<table><tr><th>a<br>b<th>c<br>d<tr><td>e<br>f<td>g</table>",
        "<table><tr><th>a<br>b<td>c<td>d<td>e</table>",
        "<table><tr><th>a<th>b<tr><td>" + "word " * 40 + "<br>" + "word " * 40 + "<td>c</table>",
        "<table><tr><th>a<th>b<tr><td><h3>c</h3>d<td>e</table>",
        "<table><tr><th>a<th>b<tr><td>" + "c<br>" * 9 + "<td>e</table>",
        "<table><tr><th>a<tr><td>b<tr><td>c<br>d</table>",
        "<table><tr><td>a<td>b<tr><td>c<br>d<td>e</table>",
        "<table><tr><td><p>one</p><p>two</p><td>three</table>",
        "<table><tr><td>" + "long " * 100 + "<td>menu</table>",
        "<table><tr><td>one<td><table><tr><td>inner</table><td>two</table>",
    ],
)
def test_a_table_that_lays_out_a_page_keeps_its_paragraphs(html: str) -> None:
    assert set(joints(html)) <= {"PARAGRAPH", "LINE"}


def test_a_table_of_data_inside_a_layout_is_one_of_data() -> None:
    html = "<table><tr><td>side<td><table><tr><td>a<td>b</table></table>"
    assert joints(html) == ["PARAGRAPH", "PARAGRAPH", "CELL"]


def test_deep_elements_are_unwrapped_and_blocks_in_them_stay_apart() -> None:
    lines = lines_of_html("<div>" * 1000 + "<p>a<b>b</b></p><p>c</p>" + "</div>" * 1000)
    assert lines.texts == ["ab", "c"]
    assert lines.warnings == [f"elements nested deeper than {limits.MAX_DEPTH} were unwrapped"]
    assert all(len(tags_above(lines, block)) <= limits.MAX_DEPTH + 1 for block in lines.leaves)
    for block, leaf in zip(lines.blocks, lines.leaves, strict=True):
        assert block == leaf or block in ancestors(lines, leaf)


def ancestors(lines: Lines, container: int) -> list[int]:
    found = []
    while container:
        container = lines.containers.parents[container]
        found.append(container)
    return found


@pytest.mark.parametrize("html", ["", " ", "<", "<p>", "<!doctype html>", "<html></html>", "</p>", "\0", "\ud800"])
def test_a_page_without_text_has_few_lines_and_does_not_raise(html: str) -> None:
    lines = lines_of_html(html)
    assert len(lines) <= 1
    assert lines.kind == "html"


def check(lines: Lines) -> None:
    """What holds for the lines of every page."""
    size = len(lines.texts)
    for name in ("starts", "ends", "joints", "link_chars", "blocks", "leaves"):
        assert len(getattr(lines, name)) == size
    spans = [*zip(lines.starts, lines.ends, strict=True)]
    for start, hidden in zip(lines.hidden_starts, lines.hidden, strict=True):
        assert hidden.text == hidden.text.strip() != ""
        spans.append((start, start + len(hidden.text)))
        assert lines.source[start : start + len(hidden.text)] == hidden.text
    end = -1
    for start, after in sorted(spans):
        assert start == end + 1
        end = after
    for i in range(size):
        assert lines.source[lines.starts[i] : lines.ends[i]] == lines.texts[i]
        assert lines.texts[i].strip()
        assert 0 <= lines.link_chars[i] <= len(lines.texts[i])
        assert lines.blocks[i] in (lines.leaves[i], *ancestors(lines, lines.leaves[i]))
    assert all(parent < i for i, parent in enumerate(lines.containers.parents) if i)
    assert len(lines.containers.tags) == len(lines.containers.names) == len(lines.containers.parents)


_MARKUP = (
    "<p> </p> <b> </b> <a> </a> <br> <pre> </pre> <table> <tr> <td> </table> <ul> <li> <svg> </svg> <template> <x-y>"
    " <script> </script> <select> <option> <form> </form> <noscript> <title> </title> word two &amp; <!-- -->"
)
_ODD = [" ", "\n", "\xa0", "\x0c", "\x1f", "\0", "<p title='>'>", "\ud800", "\u2028", "<div class='a b'>", "<p hidden>"]
_TOKENS = st.sampled_from([*_MARKUP.split(), *_ODD])


@given(st.text(st.characters(exclude_categories=())))
def test_any_string_is_read(text: str) -> None:
    check(lines_of_html(text))


@given(st.lists(_TOKENS, max_size=40).map("".join))
def test_any_markup_is_read(html: str) -> None:
    check(lines_of_html(html))


@given(st.lists(st.sampled_from(["a", "b c", "d."]), min_size=1, max_size=8))
def test_paragraphs_come_back_in_order(paragraphs: list[str]) -> None:
    html = "".join(f"<p>{text}</p>\n" for text in paragraphs)
    lines = lines_of_html(html)
    assert lines.texts == paragraphs
    assert set(lines.joints) == {Joint.PARAGRAPH}


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ('Usage<a class="headerlink" href="#usage" title="Permalink to this headline">¶</a>', "Usage"),
        ('<a class="anchor" href="/page#usage"><span> # </span></a> Usage', "Usage"),
        ('<a href="#usage">§</a>Usage', "Usage"),
        ('Usage <a href="https://x.example/#usage" aria-label="Link to this heading">🔗️</a>', "Usage"),
        (
            '<span>Usage</span><span class="mw-editsection"><span>[</span><a href=/e>edit</a><span>]</span></span>',
            "Usage",
        ),
        ('Usage<a href="#note">*</a>', "Usage*"),
        ('Usage of <a href="#hash">#</a>', "Usage of"),
        ('Usage of <a href="/hash">#</a>', "Usage of #"),
        ('<a href="#numbers">#</a>', "#"),
        ('<a href="#usage">Usage</a>', "Usage"),
        ('<a class="anchor" href="#usage">Usage</a>', "Usage"),
    ],
)
def test_marks_of_a_heading_are_no_words_of_it(heading: str, expected: str) -> None:
    lines = lines_of_html(f"<h2>{heading}</h2><p>text <a class=anchor href=#x>#</a>")
    assert lines.texts == [expected, "text #"]
    check(lines)


@pytest.mark.parametrize("anchor", ['<a href="#value">', '<a name="value">', "<a>"])
def test_a_heading_that_is_its_own_anchor_is_no_link(anchor: str) -> None:
    lines = lines_of_html(f"<h2>{anchor}Return value</a></h2><h2><a href='/other'>Other</a></h2><p>{anchor}up</a></p>")
    assert lines.link_chars == [0, len("Other"), len("up")]


def test_a_break_in_hidden_text_of_code_raises_nothing() -> None:
    assert texts("<pre>" + "a<i hidden>x<br></i>" * 3) == ["a\na\na"]


def test_buttons_side_by_side_are_links_as_a_whole() -> None:
    lines = lines_of_html("<p><a href=/a class=btn>Buy</a><a href=/b class=btn>Sell</a></p>")
    assert (lines.texts, lines.link_chars) == (["Buy Sell"], [8])


def test_a_table_in_code_stays_a_table() -> None:
    code = "<pre>def f():\n    return 1\n<table><tr><td>a</td><td>b</td></tr></table>\nfor x in y:\n    print(x)</pre>"
    assert joints(code) == ["PARAGRAPH", "PARAGRAPH", "CELL", "PARAGRAPH"]
