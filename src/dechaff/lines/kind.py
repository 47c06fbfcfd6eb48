"""Whether a `str` is HTML or plain text, for `kind="auto"`."""

from __future__ import annotations

import re

from dechaff.result import Kind

# Each alternative is literal or a bounded run: linear.
_PAGE_START = re.compile(
    r"\s{0,1000}\ufeff?(?:<\?xml[\s?]|<!doctype\s{1,20}html|<html[\s>]|<head[\s>]|<body[\s>])", re.IGNORECASE
)


def kind_of(text: str) -> Kind:
    """ "html" for a page, a fragment of one or XML such as a feed; "text" for anything else, stray tags in it or not.

    Linear.

    >>> kind_of("<p>One</p>"), kind_of("1 < 2 and <b> is a tag"), kind_of("Dear all,\\n\\nsee <https://a.b>")
    ('html', 'text', 'text')
    """
    if _PAGE_START.match(text):
        return "html"
    from dechaff.lines.fragment import is_fragment  # with many patterns, of which whole pages need none

    return "html" if is_fragment(text) else "text"
