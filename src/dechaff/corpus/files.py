"""Files by name or URL: opened, unpacked by what they begin with, found in folders, and replaced as a whole."""

from __future__ import annotations

import glob
import io
import os
import re
import secrets
import stat
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from lzma import LZMAError
from typing import Any, BinaryIO, NamedTuple, cast

from dechaff.engines.extras import needs

#: What reading a file raises where it is cut off or damaged, or cannot be opened.
BROKEN = (OSError, EOFError, zlib.error, LZMAError, ValueError)

#: Suffixes of packed files, and the bytes that each begins with.
PACKED = {"gz": b"\x1f\x8b", "zst": b"\x28\xb5\x2f\xfd", "bz2": b"BZh", "xz": b"\xfd7zXZ\x00"}

_BUFFER = 1 << 18

#: What temporary names end with; left-overs of a process that was killed are found by it.
TEMPORARY = ".dechaff-tmp"


class Source(NamedTuple):
    """A file: its name or URL, bytes, when it was changed (or what the store says of its version), the name of it below
    the folder it was found in, and one that no other file of the same inputs has."""

    path: str
    size: int
    stamp: str
    name: str
    unique: str = ""


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

        return cast("BinaryIO", io.BufferedReader(gzip.GzipFile(fileobj=file, mode="rb"), _BUFFER))
    if packing == "bz2":
        import bz2

        return cast("BinaryIO", io.BufferedReader(bz2.BZ2File(file), _BUFFER))
    if packing == "xz":
        import lzma

        return cast("BinaryIO", io.BufferedReader(lzma.LZMAFile(file), _BUFFER))
    pa = needs("pyarrow", "corpus")
    stream = pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd")
    return cast("BinaryIO", io.BufferedReader(stream, _BUFFER))


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


def found(inputs: Iterable[str], skip: frozenset[str] = frozenset()) -> Iterator[tuple[Source, bool]]:
    """The files that inputs name: files, folders with all below them, patterns with `*`, URLs; in a fixed order.

    `skip` are real paths of files and folders that are passed over inside folders.

    The second of a pair says whether the file was named itself, rather than met in a folder. Raises
    `FileNotFoundError` where a name or pattern finds nothing, and `OSError` where a folder cannot be read.
    """
    names = [*inputs]
    common = _in_common([_steps(_folder_of(name)) for name in names])
    for name in names:
        for source, named in _found(name, skip):
            unique = source.name if len(names) == 1 else "/".join(_steps(source.path)[common:])
            yield source._replace(unique=unique), named


def _found(name: str, skip: frozenset[str]) -> Iterator[tuple[Source, bool]]:
    if is_url(name):
        yield from _found_by_url(name)
    elif os.path.isdir(name):
        yield from ((source, False) for source in _below(name, name, skip))
    elif os.path.exists(name) or not glob.has_magic(name):
        yield source_of(name), True
    else:
        names = sorted(glob.glob(name, recursive=True))
        if not names:
            raise FileNotFoundError(f"{name}: nothing has such a name")
        for one in names:
            if os.path.isfile(one):
                yield source_of(one, os.path.relpath(one, _folder_of(name) or ".")), True


def _folder_of(name: str) -> str:
    """The folder that an input names, or in which what it names is looked for.

    >>> _folder_of("pages/*/a.html"), _folder_of("s3://bucket/a.jsonl")
    ('pages', 's3://bucket')
    """
    if not is_url(name) and os.path.isdir(name):
        return name
    return os.path.dirname(re.split(r"[*?\[]", name)[0])


def _steps(path: str) -> list[str]:
    """The folders on the way to a file, and its name.

    >>> _steps("s3://bucket/a.jsonl")
    ['s3:', 'bucket', 'a.jsonl']
    """
    return [step for step in (path if is_url(path) else os.path.abspath(path)).replace(os.sep, "/").split("/") if step]


def _in_common(paths: Sequence[list[str]]) -> int:
    """How many steps all paths begin with.

    >>> _in_common([["a", "b", "c"], ["a", "b"], ["a", "bc"]])
    1
    """
    alike = [len({*steps}) == 1 for steps in zip(*paths, strict=False)]
    return [*alike, False].index(False)


def source_of(path: str, name: str | None = None) -> Source:
    """A file on disk. Raises `OSError` where there is none."""
    about = os.stat(path)
    if not stat.S_ISREG(about.st_mode):
        raise OSError(f"{path}: not a file")
    return Source(path, about.st_size, str(about.st_mtime_ns), name or os.path.basename(path))


def _below(folder: str, root: str, skip: frozenset[str]) -> Iterator[Source]:
    """The files below a folder, sorted a folder at a time, so that a million names are never held at once."""
    with os.scandir(folder) as entries:
        listed = sorted((entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith((".", "_")))
    for name, is_folder in listed:
        path = os.path.join(folder, name)
        if skip and os.path.realpath(path) in skip:
            continue
        if is_folder:
            if not os.path.islink(path):  # a link may lead back
                yield from _below(path, root, skip)
        else:
            with suppress(OSError):  # a broken link, a socket
                yield source_of(path, os.path.relpath(path, root))


def _found_by_url(url: str) -> Iterator[tuple[Source, bool]]:
    fs, inner = needs("fsspec", "remote").core.url_to_fs(url)
    protocol = url.partition("://")[0]
    if glob.has_magic(inner) and not protocol.startswith("http"):
        paths, named, base = sorted(fs.glob(inner)), True, os.path.dirname(inner.partition("*")[0])
    elif not protocol.startswith("http") and fs.isdir(inner):
        paths, named, base = sorted(fs.find(inner)), False, inner
    else:
        paths, named, base = [inner], True, os.path.dirname(inner)
    if not paths:
        raise FileNotFoundError(f"{url}: nothing has such a name")
    for path in paths:
        about = fs.info(path)
        version = next((str(about[key]) for key in ("ETag", "etag", "mtime", "LastModified") if about.get(key)), "")
        full = path if is_url(path) else f"{protocol}://{path}"
        yield Source(full, about.get("size") or 0, version, path.removeprefix(base).lstrip("/") or path), named


@contextmanager
def replaced(path: str) -> Iterator[BinaryIO]:
    """A file to write that takes the name `path` once it is whole and on disk; nothing is left of one that fails."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name[:100]}.{secrets.token_hex(4)}{TEMPORARY}")
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
