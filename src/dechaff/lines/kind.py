"""Whether a `str` is HTML or plain text, for `kind="auto"`."""

from __future__ import annotations

import re

from dechaff.result import Kind

#: Characters that are looked at.
_MAX_CHARS = 100_000

# Each alternative is literal or a bounded run: linear.
_PAGE_START = re.compile(
    r"\s{0,1000}\ufeff?(?:<\?xml[\s?]|<!doctype\s{1,20}html|<html[\s>]|<head[\s>]|<body[\s>])", re.IGNORECASE
)
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

#: In a text that does not begin with a tag, block tags per 1,000 characters from which it is HTML.
_MIN_DENSITY = 2.0

#: Code fences, and lines that only a program has: their tags are quoted.
_CODE = re.compile(r"^(?:```|~~~|#include\b|import\s|def\s|public\s|package\s)", re.MULTILINE)


def kind_of(text: str) -> Kind:
    """ "html" for a page or a fragment of one, "text" for anything else, stray tags in it or not.

    >>> kind_of("<p>One</p>"), kind_of("1 < 2 and <b> is a tag"), kind_of("Dear all,\\n\\nsee <https://a.b>")
    ('html', 'text', 'text')
    """
    if _PAGE_START.match(text):
        return "html"
    head = text[:_MAX_CHARS]
    if "<" not in head or _JSON.match(head):
        return "text"
    blocks = [match.group(1) for match in _BLOCK_TAG.finditer(head)]
    begins = _START.match(head) is not None
    if begins:
        if blocks:
            return "html"
        tags = [name.lower() for name in _ANY_TAG.findall(head)]
        return "html" if tags and (tags[0] in _INLINE or head.lstrip("\ufeff \t\r\n").startswith("<!--")) else "text"
    if _CODE.search(head):
        return "text"
    closed = blocks.count("/")
    dense = 1000 * len(blocks) >= _MIN_DENSITY * len(head)
    return "html" if closed and len(blocks) > closed and dense else "text"
