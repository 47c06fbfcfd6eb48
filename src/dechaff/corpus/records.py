"""What flows through a corpus run: documents as they are read, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from dechaff.lines.document import KindOption

#: Documents that are cleaned together, and bytes or characters of them from which on a chunk is full.
CHUNK_DOCUMENTS = 32
CHUNK_BYTES = 8_000_000

#: `ok`, `empty` and `limited` are those of `Result`; `error`: it could not be read or cleaned; `timeout`: it took
#: longer than it may; `dropped`: a rule of `drop_below` took it out.
RowStatus = Literal["ok", "empty", "limited", "error", "timeout", "dropped"]

FAILED: frozenset[str] = frozenset({"error", "timeout"})


@dataclass(slots=True)
class Record:
    """A document as it was read, or what stood in its place where it could not be read (`error`).

    `place` says where it stands: a file, and after `@` the byte offset or row in it. `columns` is what else came with
    it, where it was read as a row of its own; a chunk of an Arrow table keeps that in `Chunk.table`. `output` is the
    column that the cleaned text goes into. `file` is the name of a file that is one document, unlike those of all other
    files. `broken_input` says that the error ends the file, or the part of it that was being read.
    """

    place: str
    document: str | bytes | None = None
    url: str | None = None
    id: str | None = None
    site: str = ""
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
    """The host of a URL in lower case, without `www.`; empty where there is none.

    >>> site_of("https://www.Post.example:80/a"), site_of("page 3"), site_of(None)
    ('post.example', '', '')
    """
    if not url:
        return ""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # an unclosed bracket
        return ""
    return host.removeprefix("www.")
