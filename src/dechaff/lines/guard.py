"""What lexbor must not be given: nests, open formatting elements and attribute lists that cost it quadratic time.

A page passes two bounds. The first counts tags: four pages of five have too few of them to cost much and stop
there. The second (`dechaff.lines.bound`) bounds the elements open at one time. What exceeds both is scanned tag by
tag (`dechaff.lines.unwrap`), and only what is found there changes the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dechaff.lines.markup import (
    FORMATTING,
    LETTERS,
    MAX_CLONES,
    MAX_ROOTS,
    MAX_STEPS,
    MAX_TAG_CHARS,
    USUAL_TAG,
    narrow_end,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from dechaff.lines.tags import Bytes, Flags, Numbers

_LT, _GT = b"<>"

_IS_LETTER = np.zeros(256, np.bool_)
_IS_LETTER[[*LETTERS]] = True

#: Opening tags times all tags of a page that cost lexbor less than 0.3 s however they nest: a closing tag is sought
#: among all open elements.
_FEW_STEPS = MAX_STEPS

#: Characters that are read to find the end of a tag with a `<` inside, and of all such tags in a page. Most stand in
#: scripts and are none.
_MAX_WINDOW = 20_000
_MAX_WINDOWS = 200_000

#: Elements alike that are opened again ("Noah's Ark clause" of the HTML Standard, 13.2.4.3).
_MOST_ALIKE = 3


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
    from dechaff.lines.unwrap import unwrap  # needed by hostile pages only

    unwrapped, hit = unwrap(page.decode("latin-1"))
    return unwrapped.encode("latin-1"), hit


def _needs_scan(page: bytes) -> bool:
    """Whether depth, open formatting elements or attributes may exceed what lexbor bears. Errs towards yes."""
    if _is_plain(page):
        return False
    # Imported here: four pages of five never come so far.
    from dechaff.lines.bound import exceeds
    from dechaff.lines.tags import Tags

    tags = Tags.of(page)
    starts = tags.places[tags.opening]
    begins = tags.follow[tags.opening].astype(np.uint16) << 8 | tags.data.take(starts + 2, mode="clip")
    return _has_many_roots(tags.data, starts, begins) or exceeds(tags)


def _is_plain(page: bytes) -> bool:
    """Whether a page has so few tags, all of them short, that no order of them costs lexbor much."""
    data = np.frombuffer(page, np.uint8)
    places = (data == _LT).nonzero()[0]
    follow = data.take(places + 1, mode="clip")
    opening = _IS_LETTER.take(follow).nonzero()[0]
    starts = places.take(opening)
    if starts.size * places.size > _FEW_STEPS:
        return False
    begins = follow.take(opening).astype(np.uint16) << 8 | data.take(starts + 2, mode="clip")
    if _has_many_roots(data, starts, begins):
        return False
    ends = np.concatenate([places[1:], [data.size]]).take(opening)
    formatting = _MAY_FORMAT.take(begins).nonzero()[0]
    if formatting.size * starts.size > MAX_CLONES:
        reopened = _reopened(page, starts[formatting].tolist(), ends[formatting].tolist())
        if reopened * starts.size > MAX_CLONES:
            return False
    may_be_long = (ends - starts > MAX_TAG_CHARS).nonzero()[0]
    return _are_short(page, starts.take(may_be_long).tolist(), ends.take(may_be_long).tolist())


def _has_many_roots(data: Bytes, starts: Numbers, begins: npt.NDArray[Any]) -> bool:
    """Whether many of these opening tags are `<html>` or `<body>` with attributes."""
    roots = _MAY_BE_ROOT.take(begins).nonzero()[0]
    if roots.size <= MAX_ROOTS:
        return False
    behind = data.take(starts[roots] + len("<html"), mode="clip")
    return bool(np.count_nonzero(behind != _GT) > MAX_ROOTS)


def _reopened(page: bytes, formatting: Sequence[int], ends: Sequence[int]) -> int:
    """How many of the formatting elements whose tags stand at these places a block may open again, at most.

    `ends` are the places of the next `<`. An element that is closed there is not opened again, and of those that are
    alike in name and attributes no more than three are.
    """
    alike: Counter[bytes] = Counter()
    unlike = 0
    for start, end in zip(formatting, ends, strict=True):
        tag = USUAL_TAG.match(page, start, end)
        if tag is None:
            unlike += 1
        elif not page.startswith(b"</%b>" % tag[1], end):
            alike[tag[0]] += 1
    return unlike + sum(min(count, _MOST_ALIKE) for count in alike.values())


def _are_short(page: bytes, starts: Sequence[int], ends: Sequence[int]) -> bool:
    """Whether these tags have few attributes each; `ends` are the places of the next `<`. Errs towards no."""
    rest = _MAX_WINDOWS
    for start, end in zip(starts, ends, strict=True):
        close = page.find(b">", start, min(end, start + MAX_TAG_CHARS))
        if close >= 0 and page.find(b'"', start, close) < 0 and page.find(b"'", start, close) < 0:
            continue
        if USUAL_TAG.match(page, start, end):
            continue
        if narrow_end(page[start:end].decode("latin-1")):
            continue
        stretch = page[start : start + min(_MAX_WINDOW, rest)].decode("latin-1")
        size = narrow_end(stretch)
        rest -= size
        if not size or rest <= 0:
            return False
    return True


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
