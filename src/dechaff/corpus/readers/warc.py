"""WARC and WET: pages as a crawler stored them. A broken record gives an error, and the next one is looked for."""

from __future__ import annotations

import codecs
import io
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from dechaff.corpus.files import BROKEN, open_raw, packing_of, unpacked
from dechaff.corpus.options import Options
from dechaff.corpus.readers import broken
from dechaff.corpus.readers.fields import usual_output
from dechaff.corpus.records import Chunk, Record, chunked, site_of
from dechaff.corpus.shards import Shard
from dechaff.engines.extras import needs

#: Media types of documents.
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")

_WINDOW = 1 << 20
_GZIP = b"\x1f\x8b\x08"


def read(shard: Shard, options: Options) -> Iterator[Chunk]:
    """A record for every page that begins between `start` and `end`: responses, resources and conversions (WET) whose
    type is HTML or plain text."""
    path = shard.files[0].path
    with open_raw(path) as raw:
        yield from chunked(records(raw, path, shard, options))


def records(raw: BinaryIO, path: str, shard: Shard, options: Options) -> Iterator[tuple[Record, int]]:
    """Records with the stored bytes that each took."""
    packing = packing_of(raw)
    if packing not in (None, "gz"):
        yield from ((record, 0) for record in run(unpacked(raw, packing), 0, path, -1, options, None))
        return
    place = shard.start
    told = shard.start
    while True:
        raw.seek(place)
        failed: list[int] = []
        for record in run(raw, place, path, shard.end, options, failed):
            size, told = max(raw.tell() - told, 0), max(raw.tell(), told)
            yield record, size
        if not failed:
            return
        following = next_record(raw, failed[0] + 1, packing)
        if following is None or (0 <= shard.end <= following):
            return
        place = following


def run(
    stream: BinaryIO, start: int, path: str, end: int, options: Options, failed: list[int] | None
) -> Iterator[Record]:
    """Records up to a broken one, whose place is then put into `failed`."""
    warc = needs("fastwarc.warc", "corpus")
    kinds = warc.WarcRecordType
    place, same = -1, 0
    try:
        # Types are told here, not by the iterator, so that the place of each record is known if the next one is broken.
        for found in warc.ArchiveIterator(stream, parse_http=True, fsspec_args=False):
            here = found.stream_pos
            if 0 <= end <= here:
                return
            same = same + 1 if here == place else 0
            place = here
            if found.record_type not in (kinds.response, kinds.resource, kinds.conversion):
                continue
            record = _record(found, f"{path}@{place}" + (f".{same}" if same else ""), options)
            if record is not None:
                yield record
                if record.broken_input and failed is not None:
                    failed.append(place)
                    return
    except BROKEN as error:
        place = max(place, start)
        if failed is not None:
            failed.append(place)
        yield broken(f"{path}@{place}", error, options, "the record here or after it")


def _record(found: Any, place: str, options: Options) -> Record | None:
    http = found.http_headers if found.is_http else None
    media = found.http_content_type if http is not None else found.headers.get("Content-Type")
    media = (media or "").partition(";")[0].strip().lower()
    if media and media not in _PAGES:
        return None
    url = found.headers.get("WARC-Target-URI")
    columns = {
        "url": url,
        "warc_record_id": found.headers.get("WARC-Record-ID"),
        "warc_date": found.headers.get("WARC-Date"),
        "content_type": media or None,
        "http_status": http.status_code if http is not None else None,
    }
    record = Record(place, url=url, id=columns["warc_record_id"], site=site_of(url), columns=columns)
    record.output = usual_output(options)
    record.kind = cast("Any", options.kind if options.kind != "auto" else "text" if media == "text/plain" else "auto")
    length = found.content_length
    if length > options.max_document_bytes:
        record.error = f"{length} bytes are more than max-document-bytes ({options.max_document_bytes})"
        return record
    body = found.reader.read(length)
    if len(body) < length:
        record.error, record.broken_input = f"the record is cut off: {len(body)} of {length} bytes", True
        return record
    try:
        record.document = _decoded(_plain(body, http, options.max_document_bytes), found.http_charset if http else None)
    except BROKEN as error:
        record.error = f"its transfer or content encoding is broken: {error}"
    return record


def _plain(body: bytes, http: Any, limit: int) -> bytes:
    """The body without the encodings that HTTP put around it."""
    if http is None:
        return body
    stream_io = needs("fastwarc.stream_io", "corpus")
    if (http.get("Transfer-Encoding") or "").strip().lower() == "chunked":
        body = stream_io.ChunkedReader(io.BytesIO(body)).read(limit)
    packing = (http.get("Content-Encoding") or "").strip().lower()
    if packing in ("gzip", "x-gzip", "deflate"):
        window = -zlib.MAX_WBITS if packing == "deflate" and body[:1] != b"\x78" else zlib.MAX_WBITS | 32
        return zlib.decompressobj(window).decompress(body, limit)
    if packing == "br":
        return cast("bytes", stream_io.BrotliReader(io.BytesIO(body)).read(limit))
    return body


def _decoded(body: bytes, charset: str | None) -> str | bytes:
    """The body as text if its HTTP header names another encoding than UTF-8 (it goes before what the page says)."""
    try:
        known = codecs.lookup(charset).name if charset else "utf-8"
        if known == "utf-8" or body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return body
        return body.decode("cp1252" if known in ("iso8859-1", "ascii") else known, "replace")
    except (LookupError, ValueError):
        return body


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
        head, end, _ = raw.read(1 << 16).partition(b"\r\n\r\n")
        lengths = [
            line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        ]
        if not head.startswith(b"WARC/") or not end or not lengths or not lengths[0].strip().isdigit():
            break  # the rest is one piece; who reads it says what is wrong
        if place - (places[-1] if places else 0) >= step:
            places.append(place)
        place += len(head) + 4 + int(lengths[0]) + 4
    return places


def next_record(raw: BinaryIO, start: int, packing: str | None) -> int | None:
    """The place of the first record at or after `start`."""
    mark = _GZIP if packing == "gz" else b"WARC/1."
    place, held = start, b""
    raw.seek(start)
    while block := raw.read(_WINDOW):
        held += block
        at = held.find(mark)
        while at >= 0:
            if at + 1024 > len(held):
                held += raw.read(1024)
            if _begins_record(held[at : at + 1024], packing, held[:at]):
                return place + at
            at = held.find(mark, at + 1)
        keep = min(len(held), 8)
        place, held = place + len(held) - keep, held[len(held) - keep :]
    return None


def _begins_record(head: bytes, packing: str | None, before: bytes) -> bool:
    if packing != "gz":
        return not before or before.endswith(b"\n")
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 16).startswith(b"WARC/")
    except zlib.error:
        return False
