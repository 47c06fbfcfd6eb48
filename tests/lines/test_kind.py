"""Which texts are taken for HTML and which for plain text when the caller does not say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff.lines.decode import decode
from dechaff.lines.kind import kind_of
from tests.timing import assert_within

_FIXTURES = Path(__file__).parents[2] / "fixtures"

_WORDS = "The committee met again on Tuesday and agreed on the plan for the new library building. "

TEXTS = {
    "nothing": "",
    "white space": " \n\t\n",
    "a word": "hello",
    "a stray less-than sign": "The value must be < 5 in every case.",
    "a comparison": "if a < b and b > c, then a is not the largest",
    "a comparison without spaces": "We need x<y and y>z for this.",
    "a tight comparison of letters": "for i<p and p>q the loop ends early",
    "a heart": "I <3 this bakery, and so does my dog",
    "a heart at the beginning": "<3 you all",
    "an arrow": "<- back to the list, forward ->",
    "a bracketed e-mail": "Write to Ann Lee <ann.lee@example.org> before Friday.",
    "a bracketed e-mail at the beginning": "<ann.lee@example.org> wrote:\n\nSee you on Friday.",
    "a mail header": "From: Ann <ann@example.org>\nTo: Bo <bo@example.org>\nSubject: Friday\n\nSee you there.",
    "a message id": "<20240101.abc@mail.example.org>\nwas the id of the message",
    "a quoted tag": "The <div> tag has no meaning of its own; use <section> where you can. " + _WORDS * 3,
    "a quoted closing tag": "Do not forget the </p> at the end. " + _WORDS * 3,
    "a quoted pair of tags": "Wrap the name in <b> and </b> to make it bold. " + _WORDS * 3,
    "a quoted pair of block tags": "Put the list between <ul> and </ul>, please. " + _WORDS * 20,
    "a Markdown autolink": "Dear all,\n\nsee <https://example.org/a> for the map.",
    "a Markdown autolink at the beginning": "<https://example.org/a>\n\nThat is the map.",
    "Markdown inline HTML": "# Keys\n\nPress <kbd>Ctrl</kbd>+<kbd>C</kbd> to copy, H<sub>2</sub>O is water.\n",
    "Markdown with a line break": "Rosa Lind<br>\n12 Hill Street<br>\nOldtown\n\n" + _WORDS * 3,
    "Markdown with line breaks and bold words": "Rosa <b>Lind</b><br>\n12 Hill Street<br>\nOldtown\n\n" + _WORDS * 3,
    "a sentence about tags": 'Use <p> and <a href="https://a.example/">text</a> to write a link in HTML.',
    "code in backticks": "End a line with `<br>`, and write `one<br><i>two</i>` for a slanted word.",
    "line breaks alone": "Line one<br>Line two<br>Line three",
    "inline elements alone": "Text with <i>emphasis</i> and <a href='https://a.example/'>a link</a>.",
    "comparisons with letters": "for i<p and p>q, or a <b and b> c, the loop ends",
    "block elements as words": "<details> is an element that hides text, <summary> is its title.",
    "words in brackets": "<summary>\n\n<details of the change>\n\n<address>",
    "Markdown with a table": "# Prices\n\n"
    + _WORDS * 12
    + "\n\n<table>\n<tr><td>Tea</td><td>2</td></tr>\n<tr><td>Cake</td><td>3</td></tr>\n</table>\n\n"
    + _WORDS * 12,
    "Markdown with a centred picture": "# Widget\n\n" + _WORDS * 4 + '\n\n<p align="center"><img src="a.png"></p>\n',
    "Markdown with details": "# FAQ\n\n<details>\n<summary>Why?</summary>\n\n" + _WORDS * 6 + "\n\n</details>\n",
    "Markdown with a fence of HTML": "Write this:\n\n```html\n<div><p>One</p><p>Two</p></div>\n```\n",
    "Markdown with links and tags": "See [the list](/list.md) and [more](https://a.example).\n\n<ul><li>1</li></ul>\n",
    "Markdown with a comment": "# Title\n\n<!-- to do -->\n\n" + _WORDS,
    "a README with a centred title": '<h1 align="center">Foo</h1>\n\n## Install\n\n```sh\npip install x\n```\n\n- fast',
    "a README with Windows line ends": '<h1 align="center">Foo</h1>\r\n\r\n## Install\r\n\r\nRun it.\r\n',
    "a README with a logo": '<p align="center"><img src=x></p>\n\n# My Project\n\nText.',
    "a README in a div": '<div align="center">\n\n# Title\n\nA thing.\n\n</div>\n\nText.',
    "a README after a comment": "<!-- lint off -->\n# Title\n\nText with <b>bold</b> words.\n",
    "a README of badges and items": '<a href="/x"><img src="b"></a>\n\n[![CI](https://a.example)](/ci)\n\n* one\n',
    "a README with a page in a fence": "<p>Hi</p>\n\n## Use\n\n```html\n<html><p>One</p>\n\n<p>Two</p></html>\n```\n",
    "a README with underlined headings": '<img src="x.png">\n\nFoo\n===\n\nText.\n\nUsage\n-----\n\nText.\n',
    "a README with pictures of people": "<h1>Foo</h1>\n\n## People\n\n<table>"
    + "<td><img><b>Ann</b></td>" * 40
    + "</table>\n",
    "a report of a crash": "<details>\n<summary>Log</summary>\n\n```\nerror\n```\n\n</details>\n\nSince 2.0.",
    "JSON": '{"html": "<p>One</p><p>Two</p><p>Three</p>"}',
    "a JSON list": '["<p>One</p>", "<p>Two</p>"]',
    "JSON of objects": '[{"body": "<div><p>One</p></div>"}]',
    "JSON with white space": '\n  {\n  "body": "<ul><li>1</li></ul>"}',
    "C includes": '#include <stdio.h>\n#include <stdlib.h>\n\nint main(void) { puts("<p>hi</p>"); }\n',
    "Java generics": "class A {\n  Map<String, List<Integer>> m = new HashMap<>();\n  <T> T of(T t) { return t; }\n}",
    "generics at the beginning": "<T> List<T> listOf(T... items) makes a list of its arguments.",
    "C++ templates": "template <typename T> std::vector<T> f(std::vector<T> const& v);\nint g(std::map<int, int> m);",
    "Python that writes HTML": "import html\n\ndef page(x):\n    return '<html><body><p>' + x + '</p></body></html>'\n",
    "a placeholder": "Usage: copy <source> <target> [--force]",
    "placeholders at the beginning": "<source> is the file to read, <target> the file to write.",
    "a transcript": "<ann> are you there?\n<bo> yes\n<ann> good",
    "a quoted reply": "> <ann> said so\n> and left\n\nI do not think so.",
    "entities": "Fish &amp; chips &lt;b&gt; tonight",
    "Chinese": "这座桥从去年秋天开始关闭，<注意>请绕行。",
}

PAGES = {
    "a page": "<!DOCTYPE html><html><head><title>T</title></head><body><p>One</p></body></html>",
    "a page after white space": "\n\n   <!doctype html>\n<p>One",
    "a page after a byte order mark": "\ufeff<!DOCTYPE html><p>One</p>",
    "a page after a byte order mark and white space": "\ufeff\n<html><body>One</body></html>",
    "a page in upper case": "<HTML><BODY>One<P>Two</BODY></HTML>",
    "upper-case tags": "<P>ONE<BR>TWO</P>",
    "a page without html and body": "<title>T</title>One two three",
    "a page with attributes": "<html lang=en class='a b'>Hello",
    "only a body": "<body>Hello there</body>",
    "only a head": "<head><title>x</title></head>",
    "an old doctype": '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\nHi',
    "XHTML": '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body>Hi</body></html>',
    "a leading comment": "<!-- saved from a site -->\n<html><body><p>Hi</p></body></html>",
    "a leading comment before a fragment": "<!-- start --><p>Hi</p>",
    "a leading comment before inline elements": "<!-- start --><b>Hi</b> there",
    "a fragment": "<p>One</p><p>Two</p>",
    "a fragment in a div": '<div class="post">Text only</div>',
    "an open paragraph": "<p>One paragraph that nothing closes",
    "a heading": "<h1>Title</h1>\nText below it.",
    "a list": "<ul><li>One<li>Two</ul>",
    "a table": "<table><tr><td>1</td></tr></table>",
    "a link": '<a href="/x">Home</a>',
    "bold text": "<b>Note</b> that this is a fragment.",
    "a span": "<span>One</span> <span>Two</span>",
    "a custom element": "<my-app><p>One</p></my-app>",
    "an article": "<article><h2>T</h2>Text</article>",
    "a line break first": "<br>One<br>Two",
    "a picture first": '<img src="a.png" alt="x"> The picture shows a tree.',
    "a script first": "<script>var a = 1 < 2;</script><p>Hi</p>",
    "a style first": "<style>p { color: red }</style><p>Hi</p>",
    "a closing tag first": "</div><p>Hi</p>",
    "text before the tags": "Breaking news<p>One</p><p>Two</p><div>Three</div>",
    "a sentence before the tags": _WORDS
    + "<p>"
    + _WORDS
    + "</p>\n<p>"
    + _WORDS
    + "</p>\n<ul><li>One</li><li>Two</li></ul>",
    "a body of a comment": 'I worked on this.<p>See <a href="https://x.com/y">this</a> for more.<p>Hope it helps.',
    "a body of a post": "First paragraph.<br><br>Second with a <a href='http://x.y'>link</a>.<br>Third.",
    "a body with slanted words": "Great point.<p>I agree with <i>most</i> of it.",
    "a body in lines": "One <b>more</b> thing\n<br>\nand another.",
    "details": "<details><summary>Q</summary>Long answer here</details> tail",
    "a fieldset": "<fieldset><legend>Q</legend>Answer</fieldset> tail",
    "an address": "<address>12 Hill Street</address> tail",
    "RSS": '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><description>x</description></item>'
    "</channel></rss>",
    "RSS without a declaration": '<rss version="2.0"><channel><title>T</title><link>http://a.example</link></channel></rss>',
    "Atom": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title></entry></feed>',
    "XML": '<?xml version="1.0"?><note><to>Ann</to><body>Hi</body></note>',
    "XML without a declaration": "<note><to>Ann</to><text>See you</text></note>",
    "code with comments": "<p>Run:</p>\n<pre>\n# install\npip\n\n## more\n- a\n- b\n</pre>\n<p>Done.</p>",
    "a fence in preformatted text": "<p>Write</p>\n<pre>\n\n```sh\nls\n```\n</pre>",
    "Markdown in a form": "<form><textarea>\n\n# Head\n\n- a\n</textarea></form><p>Text</p>",
    "Markdown in a comment": "<!--\n\n# Build 12\n\n- a\n- b\n-->\n<p>One</p>",
    "a page with lines like headings": "<!-- saved -->\n<html><body>\n\n# Head\n\n## Next\n</body></html>",
    "a number sign in a paragraph": "<p>We are</p>\n\n<p>\n# 1 in the town\n</p>",
    "dashes in a paragraph": "<p>\n- Bonjour, dit-il.\n- Salut.\n</p>\n<p>Il partit.</p>",
    "dashes before line breaks": '<div dir="ltr">\nTake<br />\n\n- flour<br />\n- eggs<br />\n- milk<br />\n</div>',
    "dashes between many paragraphs": "<p>One</p><p>Two</p><p>Three</p>\n\n- a\n- b\n",
    "lines of code in a page": "<p>Text</p>" * 12 + "\n<div>a = 1\n\n# connect\nb\n\n# send\nc</div>",
    "a picture written as an address": '<img src="data:image/png;base64,' + "A" * 100_000 + '"><p>Text here.</p>',
    "a long link": '<a href="https://a.example/?q=' + "a" * 100_000 + '">x</a><p>Text here.</p>',
    "a long tooltip": "<p title='" + "a b " * 30_000 + "'>Text here.",
    "text before a picture written as an address": 'News<p>One</p><img src="data:image/png;base64,'
    + "A" * 90_000
    + '"><p>Two',
    "items that somebody typed into an element": "<div>Hi,\n\n* one point\n* two points\n\nbye</div>",
    "Markdown in a feed": '<feed xmlns="x"><entry><content>\n\n## New\n\n- a\n</content></entry></feed>',
    "one wide page without spaces": "<div>" + "x" * 200_000 + "</div>",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_is_text(text: str) -> None:
    assert kind_of(text) == "text"


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
def test_markup_is_html(text: str) -> None:
    assert kind_of(text) == "html"


@pytest.mark.parametrize("path", sorted(_FIXTURES.glob("*/input.*")), ids=lambda path: path.parent.name)
def test_fixtures_are_what_their_names_say(path: Path) -> None:
    assert kind_of(decode(path.read_bytes()).text) == ("html" if path.suffix == ".html" else "text")


@given(st.text(alphabet="<>/!-= \n\ufeffabpdiv'\"[]{}?", max_size=200))
def test_any_string_has_a_kind(text: str) -> None:
    assert kind_of(text) in ("html", "text")


@given(st.text(alphabet=st.characters(exclude_characters="<")))
def test_without_a_tag_there_is_no_html(text: str) -> None:
    assert kind_of(text) == "text"


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<p",
        "<p ",
        "< p>",
        "<a ",
        "</",
        "<!--",
        "<p " + "a" * 3000,
        "x <div " + "b" * 1999,
        " ",
        "[ ",
        "<?xml",
        "<x",
        "x<p>",
        "x<p><i>",
        "x<p><a href=x>y",
        "x<p>`",
        "<p>\n\n- a\n",
        "<pre>\n- a\n",
        "<!-- -->\n- a\n",
        '<p a="',
        "<p a='" + "x" * 1500,
        "\n[a](",
        "<p>\n|",
    ],
)
def test_time_does_not_grow_with_the_square_of_the_length(piece: str) -> None:
    text = "text " + piece * (1_000_000 // len(piece))
    assert_within(2, lambda: (kind_of(text), kind_of(text[5:])))
