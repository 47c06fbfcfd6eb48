"""Inputs → sources: the files that names, folders, patterns and URLs mean, without those that are passed over."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from dechaff.corpus.files import RUN, SIDE_OF_FILE, SIDE_OF_FOLDER, is_url
from dechaff.engines.extras import needs


class Source(NamedTuple):
    """A file: its name or URL, bytes, when it was changed (or what the store says of its version), the name of it below
    the folder it was found in, and one that no other file of the same inputs has."""

    path: str
    size: int
    stamp: str
    name: str
    unique: str = ""


@dataclass(slots=True)
class Passed:
    """What was met in folders and passed over: files that are neither data nor pages, names that begin with `_`, and
    links to folders."""

    files: int = 0


def found(inputs: Iterable[str], passed: Passed, skip: frozenset[str] = frozenset()) -> Iterator[tuple[Source, bool]]:
    """The files that inputs name: files, folders with all below them, patterns with `*`, URLs; in a fixed order.

    `skip` are real paths of files and folders that are passed over, as is what stands in the side folders of any run,
    inside folders and where a pattern matches. `passed` counts what else is passed over.

    The second of a pair says whether the file was named itself, rather than met in a folder. Raises
    `FileNotFoundError` where a name or pattern finds nothing, and `OSError` where a folder cannot be read.
    """
    names = [*inputs]
    common = _in_common([_steps(folder_of(name)) for name in names])
    for name in names:
        for source, named in _found(name, passed, skip):
            unique = source.name if len(names) == 1 else "/".join(_steps(source.path)[common:])
            yield source._replace(unique=unique), named


def _found(name: str, passed: Passed, skip: frozenset[str]) -> Iterator[tuple[Source, bool]]:
    if is_url(name):
        yield from _found_by_url(name)
    elif os.path.isdir(name):
        yield from ((source, False) for source in _below(name, name, passed, skip))
    elif os.path.exists(name) or not glob.has_magic(name):
        yield source_of(name), True
    else:
        names = sorted(glob.glob(name, recursive=True))
        if not names:
            raise FileNotFoundError(f"{name}: nothing has such a name")
        base = folder_of(name)
        for one in names:
            if os.path.isfile(one) and not _is_written(one, base, skip):
                yield source_of(one, os.path.relpath(one, base or ".")), True


def folder_of(name: str) -> str:
    """The folder that an input names, or in which what it names is looked for.

    >>> folder_of("pages/*/a.html"), folder_of("s3://bucket/a.jsonl")
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


def _is_written(path: str, base: str, skip: frozenset[str]) -> bool:
    """Whether a file that a pattern matches below a folder is what dechaff writes."""
    real = os.path.realpath(path)
    if any(real == own or real.startswith(own + os.sep) for own in skip):
        return True
    folder = os.path.dirname(path)
    while len(folder) > len(base):
        if _is_side(folder):
            return True
        folder = os.path.dirname(folder)
    return False


def _is_side(folder: str) -> bool:
    """Whether a folder is the side folder of a run."""
    return folder.endswith((SIDE_OF_FILE, SIDE_OF_FOLDER)) and os.path.exists(os.path.join(folder, RUN))


def _below(folder: str, root: str, passed: Passed, skip: frozenset[str]) -> Iterator[Source]:
    """The files below a folder, sorted a folder at a time, so that a million names are never held at once."""
    with os.scandir(folder) as entries:
        listed = sorted((entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith("."))
    for name, is_folder in listed:
        path = os.path.join(folder, name)
        if (skip and os.path.realpath(path) in skip) or (is_folder and _is_side(path)):
            continue
        if name.startswith("_") or (is_folder and os.path.islink(path)):  # such a link may lead back
            passed.files += 1
        elif is_folder:
            yield from _below(path, root, passed, skip)
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
