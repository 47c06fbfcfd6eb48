"""Whether a `str` that does not begin as a page is HTML all the same, or a text that holds tags at most."""

from __future__ import annotations

import re

#: Characters that are looked at.
_MAX_CHARS = 100_000

#: A value that tells nothing of a document, but may fill all that is looked at: a picture written as an address.
#: Linear: no run holds the quote that another begins with.
_LONG_VALUE = re.compile(r"=\s{0,9}(?:\"[^\"<>]{1000,}\"|'[^'<>]{1000,}')")

# Each alternative is literal or a bounded run: linear.
_START = re.compile(r"[\s\ufeff]{0,1000}<(?:!--|!doctype|/?[a-z])", re.IGNORECASE)

#: How JSON begins: markup inside its strings is data.
_JSON = re.compile(r"[\s\ufeff]{0,1000}[\[{]\s{0,1000}[\"\[{}\]]")

#: Elements that make blocks: prose that quotes tags or uses some inline ones has hardly any of these closed.
_BLOCK_TAG = re.compile(
    r"<(/?)(p|div|ul|ol|li|table|tbody|tr|td|th|h[1-6]|article|section|main|header|footer|nav|aside|blockquote|pre|dl|dt|dd"
    r"|form|figure|figcaption|center|script|style|title|meta|link|body|html|head|br|hr|img|iframe)(?=[\s/>])[^<>]{0,2000}>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"</?([a-z][a-z0-9-]{0,30})(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)

#: Inline elements of HTML; a document that begins with one and is dense with tags is a fragment.
_INLINE = frozenset(
    """a abbr b bdi big button cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub
    sup time tt u var""".split()
)

#: Further elements that make blocks. Their names are words that people put into brackets, so only closed ones count.
_WORDS = frozenset("address details dialog fieldset hgroup legend menu search summary".split())

#: A break that is in use, as bodies of comments and posts have it: text or the begin of a line stands right before it.
#: One that is quoted has a space, quote or bracket there.
_USED_BREAK = re.compile(r"(?:^|(?<![\s\"'`(\[]))<(?:p|br)(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE | re.MULTILINE)

#: An inline element that is closed around some words.
_CLOSED_INLINE = re.compile(
    r"<(a(?=\s[^<>]{0,500}href)|b|cite|code|del|em|i|q|s|small|strong|sub|sup|u)(?:\s[^<>]{0,2000})?>[^<>]{1,2000}</\1>",
    re.IGNORECASE,
)

#: Code in backticks: tags in it are quoted.
_CODE_SPAN = re.compile(r"`[^`\n]{1,500}`")

#: In a text that does not begin with a tag, tags per 1,000 characters from which it is HTML.
_MIN_DENSITY = 2.0

#: Lines that only Markdown or a program has: tags in them are quoted, or embedded in Markdown.
_SOURCE = re.compile(
    r"^(?:```|~~~|#{1,6} [^\s{]|#include\b|import\s|def\s|public\s|package\s)|\]\((?:https?:/|[#/.])", re.MULTILINE
)

#: How a whole page or feed begins behind its comments: it stays one, whatever its lines begin with.
_PAGE = re.compile(
    r"[\s\ufeff]{0,1000}<(?:!doctype|html|head|body|title|meta|link|rss|feed|rdf:rdf|urlset|channel|item|entry)[\s>]",
    re.IGNORECASE,
)

_ELEMENT = re.compile(r"\s{0,1000}<([a-zA-Z][a-zA-Z0-9-]{0,30})")

#: What lines begin with in comments, code and scripts is no mark of the text around. In backticks, tags are quoted.
_VERBATIM = re.compile(r"<(?<!`<)(?:!--|(pre|code|script|style|textarea|svg|xmp|template)(?=[\s>]))", re.IGNORECASE)

#: Markdown marks at the begin of a line: a heading or code (group 1), which hardly anybody types into HTML; items, rows
#: of tables, links, pictures and what underlines a heading.
_MARK = re.compile(
    r" {0,3}(?:(#{1,6} {1,3}[^\s{]|(?:```|~~~)[\w+#.{-]{0,30}[ \t\r]{0,9}$)"
    r"|(?:[-*+]|\d{1,3}[.)]) {1,3}\S|\|.{1,2000}\|[ \t\r]{0,9}$|!?\[[^\]\n]{0,300}\]\([^\s()]|\[!\["
    r"|(?:={3,200}|-{3,200})[ \t\r]{0,9}$)",
    re.MULTILINE,
)
_ANY_MARK = re.compile(r"\n" + _MARK.pattern, re.MULTILINE)

#: For how many other marks a heading or code counts; a document of HTML tags has at least `_MIN_MARKS` if it is
#: Markdown, and more than it has texts in elements (`_PROSE_END`): these are what Markdown spares.
_STRONG, _MIN_MARKS = 5, 2
_PROSE_END = re.compile(r"</(?:p|li|h[1-6])>", re.IGNORECASE)

#: At the end of a line: HTML keeps its lines apart with it, so that they may begin with anything.
_BREAK_TAGS = ("<br>", "<br/>", "<br />")

#: Characters at the end of a document among which its last tag is looked for.
_END_CHARS = 1000


def is_fragment(text: str) -> bool:
    r"""Whether a text is a fragment of a page, or XML such as a feed.

    Linear: at most `_MAX_CHARS` characters are looked at, a second time without long attributes.

    >>> is_fragment("<p>One</p>"), is_fragment("1 < 2 and <b> is a tag")
    (True, False)
    >>> is_fragment("<h1>Tea</h1>\n\n## Brewing\n\nBoil water.")
    False
    """
    if "<" not in text or _JSON.match(text):
        return False
    head = text[:_MAX_CHARS]
    if _is_html(text, head):
        return True
    shortened = _LONG_VALUE.sub('=""', text)[:_MAX_CHARS]
    return shortened != head and _is_html(text, shortened)


def _is_html(text: str, head: str) -> bool:
    """Whether a text is HTML or XML as far as its `head` tells."""
    blocks = [match.group(1) for match in _BLOCK_TAG.finditer(head)]
    if _START.match(head):
        return (bool(blocks) or _is_markup(text, head)) and not _is_markdown(head)
    if _SOURCE.search(head):
        return False
    closed = blocks.count("/")
    dense = 1000 * len(blocks) >= _MIN_DENSITY * len(head)
    return (closed > 0 and len(blocks) > closed and dense) or _is_body(head)


def _is_markdown(head: str) -> bool:
    """Whether a text that begins with a tag or comment is Markdown, as files that introduce a program are.

    As there, what begins with a tag is HTML up to the next blank line.
    """
    if not _ANY_MARK.search(head):  # as in most pages: spares them what follows
        return False
    bare = _without_verbatim(head)
    if _PAGE.match(bare):
        return False
    marks = 0
    strong = in_html = False
    for line in bare.split("\n"):
        body = line.strip()
        if not body:
            in_html = False
        elif in_html or body.startswith("<"):
            in_html = True
        elif (mark := _MARK.match(line)) and not body.lower().endswith(_BREAK_TAGS):
            strong |= bool(mark[1])
            marks += _STRONG if mark[1] else 1
    if not strong and _is_one_element(bare):
        return False
    return marks >= _MIN_MARKS and marks > len(_PROSE_END.findall(bare))


def _is_one_element(head: str) -> bool:
    r"""Whether a text ends with the end of the element that it begins with: lists in it are of who typed it.

    >>> _is_one_element("<div>Hi,\n\n* one\n* two</div>"), _is_one_element("<p>Hi</p>\n\n* one\n* two")
    (True, False)
    """
    opened = _ELEMENT.match(head)
    return opened is not None and head.rstrip().lower().endswith(f"</{opened[1].lower()}>")


def _without_verbatim(head: str) -> str:
    """A text without its comments and what is in elements that show it as it is, up to one that nothing closes."""
    kept = []
    at = 0
    while opened := _VERBATIM.search(head, at):
        kept.append(head[at : opened.start()])
        name = opened[1]
        closed = re.compile(f"</{name}" if name else r"-->\r?\n?", re.IGNORECASE).search(head, opened.end())
        if closed is None:
            return "".join(kept)
        kept.append("</" if name else "")  # what is left of the element still begins with a tag
        at = closed.end()
    return "".join(kept) + head[at:]


def _is_body(head: str) -> bool:
    """Whether a text is the body of a comment or post, in which hardly a block is closed: `One.<p>Two <i>or</i> three`.

    One with blank lines is a text that uses some inline elements, as Markdown.
    """
    if "\n\n" in head or not _USED_BREAK.search(head):
        return False
    bare = _CODE_SPAN.sub("", head)
    breaks = len(_USED_BREAK.findall(bare))
    closed = len(_CLOSED_INLINE.findall(bare))
    return bool(breaks and closed) and 1000 * (breaks + 2 * closed) >= _MIN_DENSITY * len(head)


def _is_markup(text: str, head: str) -> bool:
    """Whether a text that begins with a tag or comment, and has no tag of a block, is HTML or XML all the same."""
    tag = _ANY_TAG.search(head)
    if tag is None:
        return False
    name = tag[1].lower()
    begins_with_comment = head.lstrip("\ufeff \t\r\n").startswith("<!--")
    if name in _WORDS and f"</{name}>" in head.lower():
        return True
    return name in _INLINE or begins_with_comment or text[-_END_CHARS:].rstrip().lower().endswith(f"</{name}>")
