"""Where the records of a WARC stand in its file, found without reading all that is in them."""

from __future__ import annotations

import zlib
from contextlib import suppress
from typing import BinaryIO

from dechaff.corpus.files import open_raw, packing_of

_WINDOW = 1 << 20
_GZIP = b"\x1f\x8b\x08"

#: What tells zlib that data have the header and the trailer of gzip.
_OF_GZIP = zlib.MAX_WBITS | 16

#: What is read of a record to see whether it is one, with the lines that say how long it is.
_HEAD = 1 << 12

#: The most that a header may take where records are gone through by their lengths.
_MOST_HEAD = 1 << 16

#: Digits of a length that can be true; Python refuses to read some thousands of them.
_DIGITS = 18


def cuts(path: str, size: int, step: int) -> list[int]:
    """Places of records about `step` bytes apart at which a file can be divided; none if there are none to be found."""
    with open_raw(path) as raw:
        packing = packing_of(raw)
        if packing is None:
            return _cuts_by_length(raw, size, step)
        if packing != "gz":
            return []
        places: list[int] = []
        while (place := (places[-1] if places else 0) + step) < size:
            found = next_record(raw, place, packing)
            if found is None:
                break
            places.append(found)
        return places


def _cuts_by_length(raw: BinaryIO, size: int, step: int) -> list[int]:
    """Going from record to record by the lengths they state: what looks like a record may stand inside of one."""
    places: list[int] = []
    place = 0
    while place < size:
        raw.seek(place)
        length = _length(raw.read(_MOST_HEAD))
        if length is None:
            break  # the rest is one piece; who reads it says what is wrong
        if place - (places[-1] if places else 0) >= step:
            places.append(place)
        place += length
    return places


def _length(head: bytes) -> int | None:
    """Bytes of a record that is not packed, by what it begins with; None if it does not say."""
    fields, end, _ = head.partition(b"\r\n\r\n")
    if not end or not fields.startswith(b"WARC/"):
        return None
    lengths = [
        line.partition(b":")[2].strip() for line in fields.split(b"\r\n") if line.lower().startswith(b"content-length")
    ]
    if not lengths or not lengths[0].isdigit() or len(lengths[0]) > _DIGITS:
        return None
    return len(fields) + 4 + int(lengths[0]) + 4


def end_of_record(raw: BinaryIO, place: int) -> int:
    """Where the record at `place` ends by what it says, if it is not packed and says so; else `place`."""
    raw.seek(place)
    return place + (_length(raw.read(_MOST_HEAD)) or 0)


def next_record(raw: BinaryIO, start: int, packing: str | None, read: int = 0) -> int | None:
    """The place of the first record at or after `start`. What was read up to the place `read` was a whole record: what
    looks like a record inside it is one only if it goes on after it."""
    mark = _GZIP if packing == "gz" else b"WARC/1."
    place, held = start, b""
    raw.seek(start)
    while block := raw.read(_WINDOW):
        first = 1 if held else 0  # what is held begins with the byte before the first place that was not looked at
        held += block
        at = held.find(mark, first)
        while at >= 0:
            if at + _HEAD > len(held):
                held += raw.read(_HEAD)
            head = held[at : at + _HEAD]
            if _begins_record(head, packing, held[max(at - 1, 0) : at]):
                here = place + at
                if here >= read or here + (_length(head) or 0) > read:
                    return here
            at = held.find(mark, at + 1)
        keep = min(len(held), len(mark))
        place, held = place + len(held) - keep, held[len(held) - keep :]
    return None


def _begins_record(head: bytes, packing: str | None, before: bytes) -> bool:
    return unpacked_head(head, packing).startswith(b"WARC/") and (packing == "gz" or before in (b"", b"\n"))


def unpacked_head(head: bytes, packing: str | None) -> bytes:
    """The first line of a record, or the beginning of that, by the first bytes of it as they are stored."""
    if packing == "gz":
        with suppress(zlib.error):
            return zlib.decompressobj(_OF_GZIP).decompress(head, 16)
        return b""
    return head[:16]


def is_cut(raw: BinaryIO, place: int, start: int) -> bool:
    """Whether a file of gzip ends before what is packed in it does. Told from the record at `place` on, or from `start`
    if no member begins there: a file may be a single one."""
    raw.seek(max(place, 0))
    raw.seek(place if place >= 0 and _begins_record(raw.read(_HEAD), "gz", b"") else start)
    member, data = zlib.decompressobj(_OF_GZIP), b""
    is_between = True
    while data := data or raw.read(_MOST_HEAD):
        try:
            member.decompress(data, _WINDOW)
        except zlib.error:
            return False  # something else stands here, of which who reads it has told
        is_between, data = member.eof, member.unconsumed_tail
        if member.eof:
            member, data = zlib.decompressobj(_OF_GZIP), member.unused_data
    return not is_between
