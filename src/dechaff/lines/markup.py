"""HTML's tags as its tokenizer reads them: which elements nest, where a tag ends, how many attributes it has.

Text here is UTF-8 read as Latin-1: a character for a byte. No byte outside ASCII has a meaning in markup, and none
becomes an ASCII letter when case is folded. Source: the WHATWG HTML Standard, sections 13.1.2 (elements), 13.2.4
(the parser's stacks) and 13.2.5 (tokenization).
"""

from __future__ import annotations

import re
from itertools import islice

#: Attributes of one element: lexbor compares each with all before it.
MAX_ATTRIBUTES = 300

#: Characters of a tag from which its attributes are counted.
MAX_TAG_CHARS = 1000

#: Depth times tags that cost lexbor at most 0.3 s.
MAX_STEPS = 60_000_000

#: Elements that lexbor would add by opening formatting elements again in every block.
MAX_CLONES = 150_000

#: `<html>` and `<body>` tags that keep their tags: attributes of all are gathered on one element.
MAX_ROOTS = 16

#: Bytes that begin a tag's name.
LETTERS = (*range(65, 91), *range(97, 123))

VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
RAW_TEXT = frozenset("script style textarea title xmp iframe noembed noframes plaintext".split())

ROOTS = frozenset("html head body".split())
FOREIGN = frozenset({"svg", "math"})
#: Elements that end SVG and MathML where they open in them.
LEAVE_FOREIGN = frozenset(
    "b big blockquote body br center code dd div dl dt em embed font h1 h2 h3 h4 h5 h6 head hr i img li listing menu"
    " meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var".split()
)
#: Elements of SVG and MathML that may hold HTML.
HTML_IN_FOREIGN = frozenset("foreignobject desc title annotation-xml mi mo mn ms mtext".split())
RUBY_PARTS = frozenset("rb rt rtc rp".split())
#: Elements on top of the stack that close where the Standard generates "implied end tags".
IMPLIED_END = RUBY_PARTS | frozenset("dd dt li optgroup option p".split())
BARRIERS = frozenset("applet caption table td th marquee object template svg math foreignobject".split())
TABLE_PARTS = frozenset("table tbody thead tfoot tr td th caption colgroup".split())
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
CLOSES_P = HEADINGS | frozenset(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form header"
    " hgroup hr li dd dt listing main menu nav ol p plaintext pre search section summary table ul xmp".split()
)
#: The Standard's "special" elements: a closing tag of an element that is not one of them is ignored behind them.
SPECIAL = (
    CLOSES_P
    | BARRIERS
    | TABLE_PARTS
    | frozenset(
        "button iframe noembed noframes noscript select script style textarea title col hr"
        " frameset mi mo mn ms mtext annotation-xml desc".split()
    )
)
#: Special elements that the search for an open `<li>`, `<dd>` or `<dt>` passes over.
PASSED_OVER = frozenset("address div p".split())
#: Elements closed by an opening tag, up to the last special element that is not of them.
SAME = {"li": ("li",), "dd": ("dd", "dt"), "dt": ("dd", "dt")}
#: The same, as far as nothing stands between.
SAME_ON_TOP = {
    "option": ("option",),
    "optgroup": ("option",),
    **dict.fromkeys(HEADINGS, tuple(HEADINGS)),
    "table": ("table",),
}
#: The same inside a table, up to the last table.
SAME_IN_TABLE = {
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("tr", "caption", "colgroup"),
    **dict.fromkeys(
        ("tbody", "thead", "tfoot", "caption", "colgroup"), ("tbody", "thead", "tfoot", "caption", "colgroup")
    ),
}

# One tag up to its first "=" or its end, or the begin of a comment or of a bogus one. No repetition inside another,
# and nothing that can fail after a repetition: linear.
TAG = re.compile(r"<(?:(/?)([a-zA-Z][^\t\n\f\r />]*)([^>=]*)(>?)|(!--)|[!?/])")
# The value after "=", then everything up to the next "=" or the end of the tag. Each part takes all it can and the
# next one cannot fail: linear.
_VALUE = re.compile(r"=[\t\n\f\r ]*(?:\"[^\"]*\"?|'[^']*'?|[^\t\n\f\r >\"'][^\t\n\f\r >]*)?([^>=]*)(>?)")
# "=" where a name should begin is a part of the name.
_NAME = re.compile(r"=([^>=]*)(>?)")
# Each part takes all it can and the next one cannot fail; white space before a missing "=" is read twice: linear.
_ONE = (
    r"[^\t\n\f\r />][^\t\n\f\r />=]*"
    r"(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"[^\"]*\"?|'[^']*'?|[^\t\n\f\r >\"'][^\t\n\f\r >]*)?)?"
)
_ATTRIBUTE = re.compile(_ONE)
_ATTRIBUTE_OR_END = re.compile(rf"[\t\n\f\r /]*(>|{_ONE})")
#: The begin of a tag, with its name: an "=" or a quote in it is a part of it.
_BEGIN = re.compile(r"</?[^\t\n\f\r />]*")
_SPACES = "\t\n\f\r "

#: A tag that is written as nearly all are, to its end, with no more than `MAX_ATTRIBUTES`; group 1 is its name. The
#: tokenizer reads it so and no other way. Linear: an attribute begins with white space and holds none outside quotes,
#: so that no part can end elsewhere than it does, and what does not match has been read once.
USUAL_TAG = re.compile(
    rb"</?([a-zA-Z][a-zA-Z0-9:-]*)"
    rb"(?:[\t\n\f\r ]+[^\t\n\f\r \"'<=/>]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\t\n\f\r \"'<=>`]+))?){0,%d}"
    rb"[\t\n\f\r ]*/?>" % MAX_ATTRIBUTES
)


def tag_end(html: str, begin: int) -> int:
    """Where the tag that begins at `begin` ends: behind the first `>` outside quotes, or at the end of the text.

    >>> tag_end("<p title='a > b'>c", 0)
    17
    """
    match = TAG.match(html, begin)
    if match is None:
        return begin + 1
    _, _, rest, end, _ = match.groups()
    return match.end() if rest is None or end else values_end(html, match.end(), rest)


def values_end(html: str, at: int, rest: str) -> int:
    """The end of a tag whose first `=` stands at `at`, behind `rest`."""
    size = len(html)
    while at < size:
        # "=" belongs to a name if none stands before it
        name = rest.rstrip(_SPACES)
        match = (_VALUE if name and not name.endswith("/") else _NAME).match(html, at)
        assert match is not None  # at stands at "="
        rest, end = match.groups()
        if match.re is _NAME:
            rest = "=" + rest
        at = match.end()
        if end:
            break
    return at


def narrow_end(tag: str) -> int:
    """Where the tag ends that a text begins with; 0 if it has too many attributes before, or no end.

    >>> narrow_end("<p title='a > b'>c"), narrow_end("<p " + "a=b " * 1000 + ">"), narrow_end("<p title='a")
    (17, 0, 0)
    """
    begin = _BEGIN.match(tag)
    at = begin.end() if begin else len(tag)
    for _ in range(MAX_ATTRIBUTES + 1):
        match = _ATTRIBUTE_OR_END.match(tag, at)
        if match is None:
            break
        at = match.end()
        if match[1] == ">":
            return at
    return 0


def cut_attributes(tag: str) -> str:
    """A tag without the attributes after `MAX_ATTRIBUTES`; nothing if it has no more than that.

    >>> cut_attributes("<p " + "a=b " * 1000 + ">").count("a=b"), cut_attributes("<p a=b>")
    (300, '')
    """
    begin = _BEGIN.match(tag)
    assert begin is not None
    attributes = islice(_ATTRIBUTE.finditer(tag, begin.end()), MAX_ATTRIBUTES + 1)
    ends = [match.end() for match in attributes]
    return "" if len(ends) <= MAX_ATTRIBUTES else tag[: ends[-2]] + ">"
