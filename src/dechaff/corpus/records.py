"""What flows through a corpus run: documents as they are read, and what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from dechaff import urls

if TYPE_CHECKING:
    from dechaff.lines.document import KindOption

#: Documents that are cleaned together, and bytes or characters of them from which on a chunk is full.
CHUNK_DOCUMENTS = 32
CHUNK_BYTES = 8_000_000

#: `ok`, `empty` and `limited` are those of `Result`; `error`: it could not be read or cleaned; `timeout`: it took
#: longer than it may; `dropped`: a rule of `drop_below` took it out.
RowStatus = Literal["ok", "empty", "limited", "error", "timeout", "dropped"]

FAILED: frozenset[str] = frozenset({"error", "timeout"})

#: A host; one that a name has to look like where nothing says that it is one: with a dot and the name of a domain at
#: its end. Each part ends at the next dot: linear.
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*|[0-9a-f.]*:[0-9a-f.:]+(?:%\w+)?")
_NAMED = re.compile(r"(?:[\w-]+\.)+([^\W\d_]{2,}|xn--[\w-]+)|[0-9]{1,3}(?:\.[0-9]{1,3}){3}")

#: Characters that the name of a host has at most (RFC 1035).
_MAX_HOST_CHARS = 253

#: Endings of files, which are no domains.
_OF_FILES = frozenset(
    "arrow asp aspx bz css csv doc docx epub feather gif gz htm html jpeg jpg js json jsonl jsp ndjson odt parquet pdf"
    " php png rtf shtml svg tsv txt warc wet xhtml xls xlsx xml xz zst".split()
)


@dataclass(slots=True)
class Record:
    """A document as it was read, or what stood in its place where it could not be read (`error`).

    `place` says where it stands: a file, and after `@` the byte offset or row in it. `columns` is what else came with
    it, where it was read as a row of its own; a chunk of an Arrow table keeps that in `Chunk.table`. `output` is the
    column that the cleaned text goes into. `file` is the name of a file that is one document, unlike those of all other
    files. `site` is the name of its site, by the URL or by what a field says of it: `told_by`. `broken_input` says that
    the error ends the file, or the part of it that was being read.
    """

    place: str
    document: str | bytes | None = None
    url: str | None = None
    id: str | None = None
    site: str = ""
    told_by: str | None = None
    kind: KindOption = "auto"
    columns: dict[str, Any] = field(default_factory=dict)
    output: str = "text"
    error: str | None = None
    file: str | None = None
    broken_input: bool = False

    def size(self) -> int:
        """Bytes (or characters, of what was read as text) of the document."""
        return len(self.document) if self.document is not None else 0


@dataclass(slots=True)
class Chunk:
    """Records that are cleaned and written together.

    `table` is a `pyarrow.RecordBatch` with the other columns of the same rows, for records of an Arrow table.
    `consumed` counts bytes of the stored input that were read for it: what progress is measured in.
    """

    records: list[Record]
    table: Any = None
    consumed: int = 0


@dataclass(slots=True)
class Outcome:
    """What became of a document: one for each record.

    `flags` are plain data as `Flag.to_dict` makes it, `removed` lines that were not kept. `read` and `kept` count
    characters of all lines and of `text`; `seconds` is the document's share of the time of its chunk, by size.
    """

    status: RowStatus
    error: str | None = None
    text: str | None = None
    title: str = ""
    kind: str = ""
    scores: dict[str, float] = field(default_factory=dict)
    flags: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    removed: list[dict[str, Any]] = field(default_factory=list)
    read: int = 0
    kept: int = 0
    seconds: float = 0.0


def chunked(records: Iterable[tuple[Record, int]]) -> Iterator[Chunk]:
    """Gather records, each with the stored bytes that it took, in chunks.

    >>> [len(chunk.records) for chunk in chunked((Record(str(i)), 1) for i in range(40))]
    [32, 8]
    """
    chunk, size = Chunk([]), 0
    for record, consumed in records:
        chunk.records.append(record)
        chunk.consumed += consumed
        size += record.size()
        if len(chunk.records) == CHUNK_DOCUMENTS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = Chunk([]), 0
    if chunk.records:
        yield chunk


def site_of(url: str | None) -> str:
    """The host of a URL in lower case, without `www.`; empty where there is none. A URL may lack its scheme: then what
    it begins with must look like the name of a host.

    >>> site_of("https://www.Post.example:80/a"), site_of("www.post.example/a"), site_of("post.example")
    ('post.example', 'post.example', 'post.example')
    >>> site_of("page 3"), site_of("index.html"), site_of("me@post.example"), site_of("http://[")
    ('', '', '', '')
    """
    url = (url or "").strip()
    try:
        split = urls.split(url)
        host = (split.hostname or "").strip(".")
    except ValueError:  # an unclosed bracket
        return ""
    if urls.is_whole(url):
        return _one_name(host) if _HOST.fullmatch(host) else ""
    ending = _NAMED.fullmatch(host)
    is_file = ending is not None and ending[1] in _OF_FILES and not split.path
    return _one_name(host) if ending and not is_file and "@" not in split.netloc else ""


def _one_name(host: str) -> str:
    """A host without `www.`, in letters and not as DNS writes them, so that it has one name."""
    host = host.removeprefix("www.")
    if "xn--" in host and len(host) <= _MAX_HOST_CHARS:
        with suppress(UnicodeError):  # no name that DNS knows
            host = host.encode("ascii").decode("idna")
    return host


def site_named(named: str | None) -> str:
    """The name of a site that is named by a host, by a URL, or by any other word.

    >>> site_named("https://www.post.example/a"), site_named("post.example"), site_named("The Post"), site_named(None)
    ('post.example', 'post.example', 'The Post', '')
    """
    named = (named or "").strip()
    return site_of(named) or named
