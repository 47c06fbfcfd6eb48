"""URLs as people write them: with a scheme, or beginning with their host."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

#: How a URL begins that names its scheme or at least says that a host follows. One run: linear.
_BEFORE_HOST = r"(?i:[a-z][a-z0-9+.-]*:)?//"


def is_whole(url: str) -> bool:
    """Whether a URL says what of it is the host.

    >>> is_whole("https://example.com/a"), is_whole("//example.com"), is_whole("example.com/a")
    (True, True, False)
    """
    return re.match(_BEFORE_HOST, url) is not None


def split(url: str) -> SplitResult:
    """The parts of a URL; one that is not whole begins with its host. Raises `ValueError` on an unclosed bracket.

    >>> split("example.com/a").hostname, split("https://example.com/a").hostname
    ('example.com', 'example.com')
    """
    return urlsplit(url if is_whole(url) else f"//{url}")
