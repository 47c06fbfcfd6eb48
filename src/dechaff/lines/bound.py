"""How many elements of a page may be open at one time: a bound, computed with numpy.

It reads the page as a tokenizer would: comments, raw text (script, style, …) and attribute values are left out. An
element is taken to end where it is closed in order, with everything inside closed in order too; any other one is
taken to stay open to the end of the page, for what the parser makes of it depends on much else.
"""

from __future__ import annotations

import re
from bisect import bisect_left

import numpy as np
import numpy.typing as npt

from dechaff import limits
from dechaff.lines.markup import (
    FORMATTING,
    HTML_IN_FOREIGN,
    MAX_CLONES,
    MAX_STEPS,
    MAX_TAG_CHARS,
    RAW_TEXT,
    USUAL_TAG,
    VOID,
)
from dechaff.lines.tags import Flags, Numbers, Tags
from dechaff.lines.unwrap import MAX_ELEMENTS

_Classes = npt.NDArray[np.int8]

#: More comments, scripts and doubtful tags than this are left to the scan.
_MAX_CANDIDATES = 20_000

#: Bytes of a tag name that are compared. A longer name counts as never closed.
_MAX_NAME_BYTES = 16

#: Odd, so that no byte of a name drops out of its hash.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

_BANG, _DASH, _GT = b"!->"

#: Code of a byte of a tag name: 1–26 letters, 0 what ends a name, 31 anything else.
_CODES = np.full(256, 31, np.int64)
for _letter in range(26):
    _CODES[65 + _letter] = _CODES[97 + _letter] = _letter + 1
_CODES[list(b"\t\n\f\r />")] = 0
_ENDS_NAME = _CODES == 0
_LOWER = np.frombuffer(bytes(range(256)).lower(), np.uint8).astype(np.uint64) + 1

_VOID, _COUNT, _FORMAT, _RAW = 0, 1, 2, 3


def _key(name: str) -> int:
    """The first four characters of a name as one number of 20 bits.

    >>> _key("a"), _key("script") == _key("scrip")
    (32768, True)
    """
    key = 0
    for character in name[:4].ljust(4, ">"):
        key = key << 5 | int(_CODES[ord(character)])
    return key


# Per key: how it counts, and how long a name must be to count so. A longer name (`<metal>`) is an unknown element.
_CLASS = np.full(1 << 20, _COUNT, np.int8)
_LENGTH = np.zeros(1 << 20, np.int8)
for _name in VOID:
    _CLASS[_key(_name)] = _VOID
    _LENGTH[_key(_name)] = len(_name)
for _name in FORMATTING - {"a", "nobr"}:  # these two close themselves when they open again
    _CLASS[_key(_name)] = _FORMAT
for _name in RAW_TEXT - {"plaintext"}:
    _CLASS[_key(_name)] = _RAW
    _LENGTH[_key(_name)] = len(_name)

#: How the SVG and MathML of a page open, and what may hold HTML in them, per key.
_SVG, _MATH, _HOLDER = 1, 2, 3
_ROLE = np.zeros(1 << 20, np.int8)
for _name in HTML_IN_FOREIGN:
    _ROLE[_key(_name)] = _HOLDER
_ROLE[_key("svg")], _ROLE[_key("math")] = _SVG, _MATH

_COMMENT_END = re.compile(rb"--!?>")


def exceeds(tags: Tags) -> bool:
    """Whether depth, open formatting elements or attributes may exceed what lexbor bears. Errs towards yes.

    >>> exceeds(Tags.of(b"<div></div>" * 10_000)), exceeds(Tags.of(b"<div>" * 20_000))
    (False, True)
    """
    keys, classes = _names(tags)
    shown = _shown(tags, keys, classes)
    if shown is None:
        return True
    shown &= tags.opening | tags.closing
    if _has_wide(tags, shown):
        return True
    shown &= classes != _VOID
    closing, classes = tags.closing[shown], classes[shown]
    opened = closing.size - int(np.count_nonzero(closing))
    if opened > MAX_ELEMENTS:
        return True
    if opened * closing.size <= MAX_STEPS and np.count_nonzero(~closing & (classes == _FORMAT)) * opened <= MAX_CLONES:
        return False
    ends = _ends(_hashes(tags, shown), closing)
    open_to_the_end = ~closing & ~ends
    formats = np.count_nonzero(open_to_the_end & (classes == _FORMAT))
    if formats * opened > MAX_CLONES:
        return True
    depth = np.count_nonzero(open_to_the_end) + np.cumsum(ends * np.where(closing, -1, 1)).max(initial=0)
    return bool(depth > limits.MAX_DEPTH and depth * closing.size > MAX_STEPS)


def _has_wide(tags: Tags, shown: Flags) -> bool:
    """Whether any of these tags has too many attributes before its first `>`."""
    long = np.flatnonzero(shown & (tags.lengths > MAX_TAG_CHARS))
    begins, ends = tags.places[long], tags.places[long] + tags.lengths[long] + 1
    return any(map(tags.is_wide, begins.tolist(), ends.tolist()))


def _hashes(tags: Tags, shown: Flags) -> npt.NDArray[np.uint64]:
    """A number for the name of each of these tags; names that are too long to compare get one of their own."""
    begin = (tags.places + 1 + tags.closing)[shown]
    hashes = np.zeros(begin.size, np.uint64)
    running = np.arange(begin.size)
    for i in range(_MAX_NAME_BYTES + 1):
        letters = tags.data.take(begin[running] + i, mode="clip")
        goes_on = ~_ENDS_NAME[letters]
        running, letters = running[goes_on], letters[goes_on]
        hashes[running] = (hashes[running] + _LOWER[letters]) * _MULTIPLIER
    hashes[running] = begin[running]
    return hashes


def _ends(hashes: npt.NDArray[np.uint64], closing: Flags) -> Flags:
    """Which tags belong to elements that are closed in order, with everything inside closed in order too."""
    steps = np.where(closing, -1, 1)
    levels = np.cumsum(steps) + closing  # of an element, the same at its opening and its closing tag
    order = np.argsort(levels, kind="stable")
    first, second = order[:-1], order[1:]
    # On one level, what follows an opening tag is a closing one.
    pair = ~closing[first] & closing[second] & (levels[first] == levels[second]) & (hashes[first] == hashes[second])
    first, second = first[pair], second[pair]
    matched = np.zeros(closing.size, np.bool_)
    matched[first] = matched[second] = True
    unmatched = np.cumsum(~matched)
    whole = unmatched[first] == unmatched[second]
    ends = np.zeros(closing.size, np.bool_)
    ends[first[whole]] = ends[second[whole]] = True
    return ends


def _names(tags: Tags) -> tuple[Numbers, _Classes]:
    """The keys of the names of all tags, and the classes of the elements."""
    data, begin = tags.data, tags.places + 1 + tags.closing
    key = _CODES[data.take(begin, mode="clip")]
    running = key > 0
    for i in (1, 2, 3):
        code = _CODES[data.take(begin + i, mode="clip")]
        running &= code > 0
        key = key << 5 | code * running
    kind = _CLASS[key]
    special = np.flatnonzero(_LENGTH[key])
    after = data.take(begin[special] + _LENGTH[key[special]], mode="clip")
    kind[special[_CODES[after] > 0]] = _COUNT
    return key, kind


def _shown(tags: Tags, keys: Numbers, classes: _Classes) -> Flags | None:
    """Which `<` stand outside comments, raw text and attribute values; None if the page needs a scan in any case."""
    page, closing = tags.page, tags.closing
    doubtful = set(tags.doubtful)
    shown = np.ones(len(keys), np.bool_)
    raw = classes == _RAW
    opens = raw & ~closing
    # What is followed by its own end tag hides nothing.
    opens[:-1] &= ~(closing[1:] & (keys[1:] == keys[:-1]) & raw[1:])
    roles = _ROLE[keys] * (tags.opening | closing)
    bang = (tags.follow == _BANG) & ~_ends_at_once(tags)
    candidates = opens | bang
    if opens.any():
        candidates |= roles > 0
    candidates[tags.doubtful] = True
    found = np.flatnonzero(candidates).tolist()
    if not found:
        return shown
    if len(found) > _MAX_CANDIDATES:
        return None
    raw_ends: dict[int, list[int]] = {}
    for i in np.flatnonzero(raw & closing).tolist():
        raw_ends.setdefault(int(keys[i]), []).append(i)
    where = tags.places.tolist()
    where.append(len(page))
    until = 0
    foreign = 0  # SVG that may be open
    lasting = False  # whether it, or MathML, may stay open whatever comes
    for i in found:
        if i < until:
            continue
        until = i + 1
        if i in doubtful:
            end = tags.end(i)
            if tags.is_wide(where[i], end):
                return None
            until = bisect_left(where, end, i + 1)
        if bang[i]:
            at = where[i] + len(b"<!--")
            if page.startswith(b"--", where[i] + 2) and not page.startswith((b">", b"->"), at):
                match = _COMMENT_END.search(page, at)
                if match is None:
                    until = len(keys)
                elif match.start() > where[i + 1]:
                    until = bisect_left(where, match.start())
        elif roles[i] == _SVG:
            foreign = max(foreign - 1, 0) if closing[i] else foreign + 1
        elif roles[i] == _MATH:
            lasting = True
        elif roles[i] and foreign and not closing[i] and not _is_empty(page, where[i], where[i + 1]):
            lasting = True  # an end tag of SVG that stands in HTML closes nothing
        if opens[i] or (raw[i] and not closing[i] and i in doubtful):
            if foreign or lasting:  # there, it is an element as any other
                return None
            its = raw_ends.get(int(keys[i]), [])
            at = bisect_left(its, until)
            until = its[at] if at < len(its) else len(keys)
        if until > i + 1:
            shown[i + 1 : until] = False
    return shown


def _is_empty(page: bytes, begin: int, end: int) -> bool:
    """Whether the element that begins at the first of two neighbouring `<` ends at the second."""
    tag = USUAL_TAG.match(page, begin, end)
    return tag is not None and page.startswith(b"</%b>" % tag[1], end)


def _ends_at_once(tags: Tags) -> Flags:
    """Behind which `<` the first `<` or `>` is the `>` of a `-->`: a comment that begins there hides no tag."""
    data, end = tags.data, tags.places + tags.lengths
    found: Flags = data.take(end, mode="clip") == _GT
    for back in (1, 2):
        found &= data.take(end - back, mode="clip") == _DASH
    return found
