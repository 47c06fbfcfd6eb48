"""What lexbor must not be given: nests, open formatting elements and attribute lists that cost it quadratic time.

A page passes two bounds. The first counts tags: four pages of five have too few of them to cost much and stop
there. The second (`dechaff.lines.bound`) bounds the elements open at one time. What exceeds both is scanned tag by
tag (`dechaff.lines.unwrap`), and only what is found there changes the page.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from dechaff.lines.bound import exceeds
from dechaff.lines.markup import FORMATTING, MAX_TAG_CHARS, cut_attributes, tag_end
from dechaff.lines.nesting import MAX_CLONES, MAX_ROOTS
from dechaff.lines.tags import LETTERS, Flags, Tags
from dechaff.lines.unwrap import unwrap

_LT = ord("<")

#: Opening tags of a page that cost lexbor less than 0.1 s however they nest.
_FEW_TAGS = 4000


def encoded(html: str) -> tuple[bytes, tuple[str, ...]]:
    r"""HTML as UTF-8, NUL characters and lone surrogates replaced by U+FFFD, and a warning where any were.

    >>> encoded("<p>Hi\0</p>")
    (b'<p>Hi\xef\xbf\xbd</p>', ('NUL characters were replaced',))
    """
    warnings: tuple[str, ...] = ()
    try:
        page = html.encode()
    except UnicodeEncodeError:
        page = html.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
        warnings = ("lone surrogates were replaced",)
    if b"\0" in page:
        page = page.replace(b"\0", "\ufffd".encode())
        warnings += ("NUL characters were replaced",)
    return page, warnings


def guard(page: bytes) -> tuple[bytes, tuple[str, ...]]:
    """UTF-8 that lexbor parses in time linear in its length, and which limits were hit to get there.

    Where a page would take lexbor long, elements nested deeper than `limits.MAX_DEPTH` are unwrapped: their tags go,
    their text stays. Raises nothing.

    >>> guard(b"<p>Hi</p>")
    (b'<p>Hi</p>', ())
    >>> page, hit = guard(b"<div>" * 10_000 + b"x")
    >>> page.count(b"<div>"), hit
    (500, ('elements nested deeper than 500 were unwrapped',))
    """
    if not _needs_scan(page):
        return page, ()
    unwrapped, hit = unwrap(page.decode("latin-1"))
    return unwrapped.encode("latin-1"), hit


def _needs_scan(page: bytes) -> bool:
    """Whether depth, open formatting elements or attributes may exceed what lexbor bears. Errs towards yes."""
    if _is_plain(page):
        return False
    tags = Tags.of(page)
    if not tags.close():
        return True
    starts = tags.places[tags.opening]
    begins = tags.follow[tags.opening].astype(np.uint16) << 8 | tags.data.take(starts + 2, mode="clip")
    if np.count_nonzero(_MAY_BE_ROOT[begins]) > MAX_ROOTS:
        return True
    clones = np.count_nonzero(_MAY_FORMAT[begins]) * starts.size
    return bool(starts.size > _FEW_TAGS or clones > MAX_CLONES) and exceeds(tags)


def _is_plain(page: bytes) -> bool:
    """Whether a page has so few tags, all of them short, that no order of them costs lexbor much."""
    data = np.frombuffer(page, np.uint8)
    places = (data == _LT).nonzero()[0]
    follow = data.take(places + 1, mode="clip")
    opening = LETTERS[follow]
    starts = places[opening]
    if starts.size > _FEW_TAGS:
        return False
    begins = follow[opening].astype(np.uint16) << 8 | data.take(starts + 2, mode="clip")
    if np.count_nonzero(_MAY_BE_ROOT[begins]) > MAX_ROOTS:
        return False
    if np.count_nonzero(_MAY_FORMAT[begins]) * starts.size > MAX_CLONES:
        return False
    ends = np.append(places[1:], data.size)[opening]
    may_be_long = ends - starts > MAX_TAG_CHARS
    stretches = zip(starts[may_be_long].tolist(), ends[may_be_long].tolist(), strict=True)
    return all(_is_short_tag(page, start, end) for start, end in stretches)


def _is_short_tag(page: bytes, start: int, end: int) -> bool:
    """Whether the tag at `start` ends before `end`, where the next `<` stands, and has few attributes."""
    close = page.find(b">", start, min(end, start + MAX_TAG_CHARS))
    if close >= 0 and page.find(b'"', start, close) < 0 and page.find(b"'", start, close) < 0:
        return True
    stretch = page[start:end].decode("latin-1")
    size = tag_end(stretch, 0)
    return stretch[size - 1] == ">" and (size <= MAX_TAG_CHARS or not cut_attributes(stretch[:size]))


def _beginnings(names: Collection[str]) -> Flags:
    """For every two bytes behind `<` whether one of these names may begin with them."""
    table = np.zeros(1 << 16, np.bool_)
    for name in names:
        seconds = (name[1], name[1].upper()) if len(name) > 1 else tuple("\t\n\f\r />")
        for first in (name[0], name[0].upper()):
            for second in seconds:
                table[ord(first) << 8 | ord(second)] = True
    return table


_MAY_FORMAT = _beginnings(FORMATTING - {"a", "nobr"})  # these two close themselves when they open again
_MAY_BE_ROOT = _beginnings(("html", "body"))
