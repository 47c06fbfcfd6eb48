"""Which format a file has: by its name, else by what it begins with."""

from __future__ import annotations

import codecs
import json
import re

from dechaff.corpus.files import BROKEN, bare_name, begun, opened

_BY_SUFFIX = {
    "jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "tsv": "tsv", "tab": "tsv", "parquet": "parquet",
    "pq": "parquet", "arrow": "arrow", "arrows": "arrow", "feather": "arrow", "ipc": "arrow", "warc": "warc",
    "wet": "warc", "html": "text", "htm": "text", "xhtml": "text", "txt": "text", "text": "text", "md": "text",
    "markdown": "text",
}  # fmt: skip

#: Documents whose names end so are plain text.
PLAIN = (".txt", ".text", ".md", ".markdown")

#: Bytes of a file that say what it is.
HEAD = 4096

#: What an array of objects begins with, or a line of it.
_ARRAY = re.compile(rb'\[\s*(?:\{\s*(?:"|\}|$)|\]|$)')


def format_of_name(path: str) -> str | None:
    """The format that a name ends with, packed or not.

    >>> format_of_name("a.jsonl.gz"), format_of_name("CC-MAIN-2024.warc.wet.gz"), format_of_name("page")
    ('jsonl', 'warc', None)
    """
    return _BY_SUFFIX.get(bare_name(path).rpartition(".")[2])


def format_of(path: str, *, named: bool = True) -> str | None:
    """The format of a file. One that is named is text if it is nothing else; one that was met in a folder has none (and
    is passed over) if it is neither data nor a page."""
    known = format_of_name(path)
    if known:
        return known
    unknown = None if not named else "jsonl" if bare_name(path).endswith(".json") else "text"
    try:
        with opened(path) as (stream, _):
            head, _ = begun(stream, HEAD)
    except BROKEN:
        return unknown  # reading it as a document says what is wrong with it
    return format_of_bytes(head) or unknown


def no_lines(head: bytes) -> str | None:
    """What is said of JSON with another thing than an object in each line; None if it may be JSON lines.

    >>> no_lines(b'{"text": "One"}\\n'), no_lines(b'[{"text": "One"}]')
    (None, 'is one JSON array, not an object a line: jq -c ".[]" makes lines of it')
    """
    first, _, rest = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    if _ARRAY.match(first.strip()):
        return 'is one JSON array, not an object a line: jq -c ".[]" makes lines of it'
    if first.strip() == b"{" and rest.lstrip().startswith(b'"'):
        return "holds an object over several lines, not one a line: jq -c . makes lines of it"
    return None


def format_of_bytes(head: bytes) -> str | None:
    """The format that bytes begin as; None for plain text and what is no format of ours.

    >>> format_of_bytes(b'{"text": "One"}\\n'), format_of_bytes(b"<!doctype html><p>One"), format_of_bytes(b"One")
    ('jsonl', 'text', None)
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return "arrow"
    if head.startswith(b"WARC/"):
        return "warc"
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start[:1] == b"{":
        line, _, rest = start.partition(b"\n")
        if not rest and len(head) == HEAD:
            return "jsonl"  # a first line that is longer than what was read
        try:
            return "jsonl" if isinstance(json.loads(line), dict) else None
        except ValueError:
            return None
    from dechaff.lines.decode import binary_kind
    from dechaff.lines.kind import kind_of

    if binary_kind(head) is not None:
        return None
    return "text" if kind_of(head.decode("utf-8", "replace")) == "html" else None
