"""WARC and WET: pages as a crawler stored them. A broken record gives an error, and the next one is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from dechaff.corpus.files import BROKEN, open_raw, packing_of, unpacked
from dechaff.corpus.options import Options
from dechaff.corpus.readers import broken
from dechaff.corpus.readers.bodies import decoded, unpacked_body
from dechaff.corpus.readers.fields import usual_output
from dechaff.corpus.readers.places import end_of_record, is_cut, next_record, unpacked_head
from dechaff.corpus.records import Chunk, Record, chunked, site_of
from dechaff.corpus.shards import Shard
from dechaff.engines.extras import needs

#: Media types of documents.
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")

#: Bytes that hold the first line of a file, packed or not.
_HEAD = 1024


@dataclass(slots=True)
class _Way:
    """How far a file was read: `place` of the last record, `failed` where a broken one stands, or (`whole`) the last
    good one before something broken."""

    place: int = -1
    failed: int | None = None
    whole: bool = False


class _Forward:
    """A stream that cannot be wound back, for fastwarc, which asks all streams where they are."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.place = stream, 0

    def read(self, size: int = -1) -> bytes:
        """What comes at once, so that what stands before a cut is read."""
        block = cast("bytes", cast("Any", self.stream).read1(size))
        self.place += len(block)
        return block

    def tell(self) -> int:
        return self.place


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
        yield from ((record, 0) for record in forward(unpacked(raw, packing), path, options))
        return
    lenient = _ends_lines_in_lf(unpacked_head(raw.read(_HEAD), packing))
    place = told = shard.start
    while True:
        raw.seek(place)
        way = _Way()
        for record in _run(raw, place, path, shard.end, options, way, lenient):
            size, told = max(raw.tell() - told, 0), max(raw.tell(), told)
            yield record, size
        if way.failed is None:
            break
        read = end_of_record(raw, way.failed) if way.whole and packing is None else 0
        following = next_record(raw, way.failed + 1, packing, read)
        if following is None or (0 <= shard.end <= following):
            return
        place = following
    # fastwarc takes a cut where nothing of a record came out of it for the end.
    if packing == "gz" and shard.end < 0 and is_cut(raw, way.place, place):
        yield broken(f"{path}@{max(way.place, place)}", EOFError("it is cut off"), options, "to its end"), 0


def forward(stream: BinaryIO, path: str, options: Options) -> Iterator[Record]:
    """Records of an unpacked stream that cannot be wound back."""
    try:
        head = cast("Any", stream).peek(_HEAD)
    except BROKEN:
        head = b""  # reading says what is wrong
    yield from _run(_Forward(stream), 0, path, -1, options, None, _ends_lines_in_lf(head))


def _ends_lines_in_lf(head: bytes) -> bool:
    """Whether a file has not the line ends that WARC asks for: some tools write such."""
    line, end, _ = head.partition(b"\n")
    return line.startswith(b"WARC/") and bool(end) and not line.endswith(b"\r")


def _run(
    stream: Any, start: int, path: str, end: int, options: Options, way: _Way | None, lenient: bool
) -> Iterator[Record]:
    """Records up to a broken one if the next can then be looked for by the `way`; `lenient`: of a file with other line
    ends."""
    warc = needs("fastwarc.warc", "corpus")
    kinds = warc.WarcRecordType
    place, same = -1, 0
    quirks = {"quirks_mode": True} if lenient else {}  # with it, fastwarc passes over what is broken
    try:
        # Types are told here, not by the iterator, so that the place of each record is known if the next one is broken.
        for found in warc.ArchiveIterator(stream, parse_http=True, fsspec_args=False, **quirks):
            here = found.stream_pos
            if 0 <= end <= here:
                return
            same = same + 1 if here == place else 0
            place = here
            if way is not None:
                way.place = place
            is_document = found.record_type in (kinds.response, kinds.resource, kinds.conversion)
            record = _record(found, f"{path}@{place}" + (f".{same}" if same else ""), is_document, options)
            if record is not None:
                yield record
                if record.broken_input and way is not None:
                    way.failed = place
                    return
    except BROKEN as error:
        if way is not None:
            way.failed, way.whole = max(place, start), place >= start
        yield broken(f"{path}@{max(place, start)}", error, options, "the record here or after it")


def _record(found: Any, place: str, is_document: bool, options: Options) -> Record | None:
    """The record of a page, or of anything that is broken; None for all else."""
    http = found.http_headers if found.is_http else None
    media = found.http_content_type if http is not None else found.headers.get("Content-Type")
    media = (media or "").partition(";")[0].strip().lower()
    is_page = is_document and (not media or media in _PAGES)
    length = found.content_length
    is_read = is_page and length <= options.max_document_bytes
    body = found.reader.read(length) if is_read else b""
    there = len(body) if is_read else found.reader.consume(length)
    is_told = (found.headers.get("Content-Length") or "").strip().isdigit()
    if not is_page and is_told and there == length:
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
    if not is_told:
        record.error, record.broken_input = "the record is broken: no length stands in its header", True
    elif there < length:
        record.error, record.broken_input = f"the record is cut off: {there} of {length} bytes", True
    elif not is_read:
        record.error = f"{length} bytes are more than max-document-bytes ({options.max_document_bytes})"
    else:
        _fill(record, body, http, found.http_charset if http else None, options.max_document_bytes)
    return record


def _fill(record: Record, body: bytes, http: Any, charset: str | None, limit: int) -> None:
    try:
        page = unpacked_body(body, http, limit + 1)
    except BROKEN as error:
        record.error = f"its transfer or content encoding is broken: {error}"
        return
    if len(page) > limit:
        record.error = f"unpacked it is more than max-document-bytes ({limit})"
    else:
        record.document = decoded(page, charset)
