"""Characters that no reader sees, or that he takes for others: which texts may hold some, and taking them out.

`dechaff.hidden.smuggled` tells what they are; most pages hold none, and need not load it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dechaff.lines.table import Hidden, Lines, Veil

if TYPE_CHECKING:
    from dechaff.hidden.smuggled import Found

_SHY, _LETTER, _FOREIGN, _VEIL = 0, 1, 2, 4
#: What each unit of UTF-16 may be a part of.
_CLASS = np.zeros(1 << 16, np.uint8)
for _from, _to, _what in (
    (0x41, 0x5A, _LETTER), (0x61, 0x7A, _LETTER), (0x370, 0x3FF, _FOREIGN), (0x400, 0x52F, _FOREIGN),
    (0x200B, 0x200F, _VEIL), (0x202C, 0x202E, _VEIL), (0x2060, 0x2064, _VEIL), (0x206A, 0x206F, _VEIL),
    (0xFEFF, 0xFEFF, _VEIL), (0xFE00, 0xFE0E, _VEIL), (0x180E, 0x180E, _VEIL), (0x34F, 0x34F, _VEIL),
    (0x115F, 0x1160, _VEIL), (0x3164, 0x3164, _VEIL), (0xFFA0, 0xFFA0, _VEIL), (0xDB40, 0xDB40, _VEIL),
    (0xFE0F, 0xFE0F, _VEIL),
):  # fmt: skip
    _CLASS[_from : _to + 1] = _what


#: The first of them that is no Latin letter.
_FIRST = 0x34F


def is_doubtful(text: str) -> bool:
    """Whether a text may hold such characters; most do not.

    >>> is_doubtful("Brücke “quoted”"), is_doubtful("p\\u0430ypal")
    (False, True)
    """
    if text.isascii():
        return False
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    rare = units.take((units >= _FIRST).nonzero()[0])  # of a page in Latin letters, its quotes and dashes
    highest = _CLASS.take(rare).max(initial=0)
    if highest != _FOREIGN:
        return bool(highest >= _VEIL)
    classes = _CLASS.take(units)
    return bool(((classes[1:] | classes[:-1]) == _LETTER | _FOREIGN).any())


def shown(text: str) -> str:
    """A text as a reader sees it.

    >>> shown("fr\\u200bee mo\\u200bney")
    'free money'
    """
    if not is_doubtful(text):
        return text
    from dechaff.hidden.smuggled import find, without  # with many patterns: few pages hold such characters

    return without(text, find(text))


def unveil(lines: Lines) -> None:
    """Take such characters out of a page's lines; what they say becomes hidden lines. `lines` are joined.

    The source of a plain text is the user's own and stays: there, the spans are noted.
    """
    if not is_doubtful(lines.source):
        return
    from dechaff.hidden.smuggled import find, without

    moved = False
    for i in _doubtful_lines(lines):
        text = lines.texts[i]
        found = find(text)
        if not found:
            continue
        stripped = " ".join(without(text, found).split()) if lines.kind == "html" else text
        if lines.kind == "text" or not stripped:
            lines.veiled += [Veil(i, item.start, item.end, item.why, item.says, item.unseen) for item in found]
            continue
        moved = True
        lines.texts[i] = stripped
        lines.link_chars[i] = min(lines.link_chars[i], len(stripped))
        _note(lines, i, found, [text[item.start : item.end] for item in found])
    if moved:
        lines.join()


def _note(lines: Lines, i: int, found: Sequence[Found], spans: Sequence[str]) -> None:
    """Note what was found in a line, whose text is without it by now; `spans` are what stood there.

    What no reader sees is noted once for each reason: the place of it is gone, and there may be thousands.
    """
    text = lines.texts[i]
    said: dict[str, list[str]] = {}  # by reason
    at = 0  # words come in their order: each is sought behind the one before it
    for item, span in zip(found, spans, strict=True):
        if item.unseen:
            says = said.setdefault(item.why, [])
            if item.says:
                says.append(item.says)
        elif (start := text.find(span, at)) >= 0:
            at = start + len(span)
            lines.veiled.append(Veil(i, start, at, item.why, item.says, False))
    for why, says in said.items():
        if says:
            lines.hidden.append(Hidden(" ".join(says), i + 1, why, lines.leaves[i]))
        else:
            lines.veiled.append(Veil(i, 0, len(text), why, "", False))


def _doubtful_lines(lines: Lines) -> list[int]:
    """The visible lines that may hold such characters."""
    codes = np.frombuffer(lines.source.encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _CLASS.take(np.minimum(codes, 0xFFFF))
    doubtful = (classes >= _VEIL) | ((codes >= 0xE0000) & (codes < 0xE0200))
    doubtful[1:] |= (classes[1:] | classes[:-1]) == _LETTER | _FOREIGN
    at = doubtful.nonzero()[0]
    before = np.searchsorted(np.asarray(lines.starts), at, "right") - 1
    inside = (before >= 0) & (at < np.asarray([*lines.ends, 0])[before])
    found: list[int] = np.unique(before[inside]).tolist()
    return found
