"""Whether a `str` that does not begin as a page is HTML all the same, or a text that holds tags at most."""

from __future__ import annotations

import re

#: Characters that are looked at.
_MAX_CHARS = 100_000

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

#: Characters at the end of a document among which its last tag is looked for.
_END_CHARS = 1000


def is_fragment(text: str) -> bool:
    """Whether a text is a fragment of a page, or XML such as a feed.

    Linear: at most `_MAX_CHARS` characters are looked at.

    >>> is_fragment("<p>One</p>"), is_fragment("1 < 2 and <b> is a tag")
    (True, False)
    """
    head = text[:_MAX_CHARS]
    if "<" not in head or _JSON.match(head):
        return False
    blocks = [match.group(1) for match in _BLOCK_TAG.finditer(head)]
    if _START.match(head):
        return bool(blocks) or _is_markup(text, head)
    if _SOURCE.search(head):
        return False
    closed = blocks.count("/")
    dense = 1000 * len(blocks) >= _MIN_DENSITY * len(head)
    return (closed > 0 and len(blocks) > closed and dense) or _is_body(head)


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
