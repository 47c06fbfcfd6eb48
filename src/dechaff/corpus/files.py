"""Files by name or URL: opened, unpacked by what they begin with, and replaced as a whole."""

from __future__ import annotations

import io
import os
import secrets
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from lzma import LZMAError
from typing import Any, BinaryIO, cast

from dechaff.engines.extras import needs

#: What reading a file raises where it is cut off or damaged, or cannot be opened.
BROKEN = (OSError, EOFError, zlib.error, LZMAError, ValueError)

#: Suffixes of packed files, and the bytes that each begins with.
PACKED = {"gz": b"\x1f\x8b", "zst": b"\x28\xb5\x2f\xfd", "bz2": b"BZh", "xz": b"\xfd7zXZ\x00"}

_BUFFER = 1 << 18

#: Bytes that are asked of Arrow at once: of what is cut off within them it gives nothing.
_ARROW_BUFFER = 1 << 12

#: What temporary names end with; left-overs of a process that was killed are found by it.
TEMPORARY = ".dechaff-tmp"


#: What names of the folders for journals and side files end with, beside a file and inside a folder.
SIDE_OF_FILE, SIDE_OF_FOLDER = ".dechaff", "_dechaff"

#: The file that stands in each of them.
RUN = "run.json"


def is_url(path: str) -> bool:
    """Whether a name is a URL, for fsspec.

    >>> is_url("s3://bucket/a.jsonl"), is_url("C:/a.jsonl")
    (True, False)
    """
    return "://" in path


def bare_name(path: str) -> str:
    """A name in lower case without a suffix of packed files.

    >>> bare_name("A.JSONL.gz")
    'a.jsonl'
    """
    name = path.lower().partition("?")[0] if is_url(path) else path.lower()
    for suffix in PACKED:
        name = name.removesuffix(f".{suffix}")
    return name


def open_raw(path: str) -> BinaryIO:
    """The bytes of a file as they are stored. Seekable if it is a file or its store can."""
    if not is_url(path):
        return open(path, "rb", buffering=_BUFFER)
    fs, inner = needs("fsspec", "remote").core.url_to_fs(path)
    return cast("BinaryIO", fs.open(inner, "rb"))


def packing_of(file: BinaryIO) -> str | None:
    """How a file that can be wound back is packed, by its first bytes."""
    head = file.read(6)
    file.seek(0)
    return next((name for name, magic in PACKED.items() if head.startswith(magic)), None)


def unpacked(file: BinaryIO, packing: str | None) -> BinaryIO:
    """The bytes in a packed file. Reading raises one of `BROKEN` where it is cut off or damaged."""
    if packing is None:
        return file
    if packing == "gz":
        import gzip

        whole = gzip.GzipFile(fileobj=file, mode="rb")
        return _buffered(whole.read1, close=whole.close)
    if packing == "bz2":
        import bz2

        blocks = bz2.BZ2File(file)
        return _buffered(blocks.read1, close=blocks.close)
    if packing == "xz":
        import lzma

        xz = lzma.LZMAFile(file)  # noqa: SIM115
        return _buffered(xz.read1, close=xz.close)
    pa = needs("pyarrow", "corpus")
    zst = pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd")
    return _buffered(lambda size: cast("bytes", zst.read(min(size, _ARROW_BUFFER))), close=zst.close)


def begun(file: BinaryIO, size: int) -> tuple[bytes, BinaryIO]:
    """The first bytes of a file that cannot be wound back, and the file with these still to be read. They are fewer
    than `size` where it ends or is damaged before; reading raises that after them."""
    read = getattr(file, "read1", file.read)
    head, failure = b"", None
    try:
        while len(head) < size and (block := read(size - len(head))):
            head += block
    except BROKEN as error:
        failure = error
    return head, _buffered(read, head, failure)


def _buffered(
    read: Callable[[int], bytes],
    head: bytes = b"",
    failure: Exception | None = None,
    close: Callable[[], None] | None = None,
) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(_AsItComes(read, head, failure, close), _BUFFER))


class _AsItComes(io.RawIOBase):
    """What `read` gives, as much of it as comes at once: a reader that waits for more loses what stands before a cut.
    Before it come `head` and `failure`. `close` is called when it is closed."""

    def __init__(
        self,
        read: Callable[[int], bytes],
        head: bytes,
        failure: Exception | None,
        close: Callable[[], None] | None,
    ) -> None:
        self._read, self._head, self._failure, self._close = read, head, failure, close

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        block = self._head[: len(into)]
        if block:
            self._head = self._head[len(block) :]
        elif self._failure:
            raise self._failure
        else:
            block = self._read(len(into))
        into[: len(block)] = block
        return len(block)

    def close(self) -> None:
        try:
            if self._close and not self.closed:
                self._close()
        finally:
            super().close()


@contextmanager
def packed(file: BinaryIO, packing: str | None) -> Iterator[BinaryIO]:
    """A file that packs what is written into `file`; the same bytes give the same bytes. `file` is left open."""
    if packing in (None, "none"):
        yield file
    elif packing == "gz":
        import gzip

        with gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0, compresslevel=6) as out:
            yield cast("BinaryIO", out)
    elif packing == "bz2":
        import bz2

        with bz2.BZ2File(file, "wb") as bz:
            yield cast("BinaryIO", bz)
    elif packing == "xz":
        import lzma

        with lzma.LZMAFile(file, "wb") as xz:
            yield cast("BinaryIO", xz)
    else:
        pa = needs("pyarrow", "corpus")
        with _Uncloseable(file) as kept, pa.CompressedOutputStream(pa.PythonFile(kept, "w"), "zstd") as zst:
            yield zst


class _Uncloseable:
    """A file whose `close` does nothing: Arrow closes what it writes to."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.closed = False

    def __enter__(self) -> _Uncloseable:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def close(self) -> None:
        pass


@contextmanager
def opened(path: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The unpacked bytes of a file, and the stored ones below them (whose `tell` says how far it was read)."""
    with open_raw(path) as raw:
        stream = unpacked(raw, packing_of(raw))
        try:
            yield stream, raw
        finally:
            if stream is not raw:
                with suppress(*BROKEN):
                    stream.close()


#: Longer names are cut in temporary ones, which then may belong to another file.
WHOLE_NAME = 100


def temporary_prefix(name: str) -> str:
    """What the temporary names of a file begin with."""
    return f".{name[:WHOLE_NAME]}."


@contextmanager
def replaced(path: str) -> Iterator[BinaryIO]:
    """A file to write that takes the name `path` once it is whole and on disk; nothing is left of one that fails."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f"{temporary_prefix(name)}{secrets.token_hex(4)}{TEMPORARY}")
    try:
        with open(temporary, "xb", buffering=_BUFFER) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def sync_folder(folder: str) -> None:
    """Have the names in a folder on disk, where the system can."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder or ".", os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
