"""The bodies of HTTP responses as documents: without the encodings around them."""

from __future__ import annotations

import codecs
import io
import zlib
from typing import Any, cast

from dechaff.engines.extras import needs

#: Bytes at the end of a page that hold the end of its `html`. Some servers never end the encoding of what is whole.
_TAIL = 1000


def unpacked_body(body: bytes, http: Any, limit: int) -> bytes:
    """A body without the encodings that HTTP put around it, of which no more than `limit` bytes are unpacked. Raises
    one of `BROKEN` where they are damaged or cut off."""
    if http is None or not body:
        return body
    stream_io = needs("fastwarc.stream_io", "corpus")
    if (http.get("Transfer-Encoding") or "").strip().lower() == "chunked":
        body = stream_io.ChunkedReader(io.BytesIO(body)).read(limit)
    packing = (http.get("Content-Encoding") or "").strip().lower()
    if packing in ("gzip", "x-gzip", "deflate"):
        window = -zlib.MAX_WBITS if packing == "deflate" and body[:1] != b"\x78" else zlib.MAX_WBITS | 32
        packed = zlib.decompressobj(window)
        page = packed.decompress(body, limit)
        if len(page) < limit and not packed.eof and b"</html" not in page[-_TAIL:].lower():
            raise EOFError("it is cut off")
        return page
    if packing == "br":
        return cast("bytes", stream_io.BrotliReader(io.BytesIO(body)).read(limit))
    return body


def decoded(body: bytes, charset: str | None) -> str | bytes:
    """The body as text if its HTTP header names another encoding than UTF-8 (it goes before what the page says)."""
    try:
        known = codecs.lookup(charset).name if charset else "utf-8"
        if known == "utf-8" or body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return body
        return body.decode("cp1252" if known in ("iso8859-1", "ascii") else known, "replace")
    except (LookupError, ValueError):
        return body
