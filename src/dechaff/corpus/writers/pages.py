"""A file for every document (text, Markdown or HTML), and a list of all of them with what was found."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import Any, BinaryIO

from dechaff.corpus.files import TEMPORARY, packed, replaced
from dechaff.corpus.files import opened as opened_list
from dechaff.corpus.options import Options
from dechaff.corpus.records import Chunk, Outcome, Record
from dechaff.corpus.rows import rows_of, to_json

SUFFIXES = {"text": ".txt", "markdown": ".md", "html": ".html"}

#: What some file system does not take in names, and halves of characters, which stand for bytes that are no UTF-8.
_UNSAFE = re.compile(r'[\x00-\x1f<>:"|?*\\\ud800-\udfff]+')

#: Bytes of a name: file systems take 255, and a suffix and a temporary one must fit.
_LONGEST = 200


class Pages:
    """Writes documents to files of their own, and rows with the name of each (`dechaff_file`) to an open one. Before
    documents are written their names go to `begun`, which is not buffered: what a run that is killed leaves has no
    list, but can be found."""

    def __init__(self, listed: BinaryIO, begun: Any, folder: str, part: str, options: Options) -> None:
        self.listed, self.begun = listed, begun
        self.folder, self.part, self.options = folder, part, options
        self.suffix = SUFFIXES[options.to or "text"]
        self.number = 0

    def write(self, chunk: Chunk, outcomes: Sequence[Outcome]) -> None:
        rows = rows_of(chunk, outcomes, self.options)
        names = [
            None if outcome.text is None else self._name(record, self.number + i)
            for i, (record, outcome) in enumerate(zip(chunk.records, outcomes, strict=True))
        ]
        self.number += len(names)
        self.begun.write(b"".join(to_json(name) for name in names if name is not None))
        for record, outcome, row, name in zip(chunk.records, outcomes, rows, names, strict=True):
            row.pop(record.output, None)
            if name is not None and outcome.text is not None:
                self._write(name, outcome.text)
            row[f"{self.options.prefix}file"] = name
            self.listed.write(to_json(row))

    def _name(self, record: Record, number: int) -> str:
        """Where a document goes below the folder: as the file it came from, with the suffix of what is written. No two
        documents have the same name, whoever writes them: it depends on the file and those beside it alone."""
        if not record.file:
            return f"{self.part}/{number:08d}{self.suffix}"
        steps = [_safe(step) for step in record.file.replace(os.sep, "/").split("/") if step not in ("", ".", "..")]
        name = "/".join(steps)
        # A file `a` beside `a.txt` is `a.txt` itself.
        if name.endswith(self.suffix) and not os.path.lexists(record.place.removesuffix(self.suffix)):
            return name
        return (f"{name}-{_mark(name)}" if os.path.isdir(record.place + self.suffix) else name) + self.suffix

    def _write(self, name: str, text: str) -> None:
        path = os.path.join(self.folder, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        temporary = os.path.join(os.path.dirname(path), f".{secrets.token_hex(6)}{TEMPORARY}")
        with open(temporary, "xb") as file:
            file.write((text if text.endswith("\n") or not text else f"{text}\n").encode("utf-8", "replace"))
        os.replace(temporary, path)


def _safe(step: str) -> str:
    """A name that any file system takes; what had to be changed has a mark of what it was.

    >>> _safe("a.html"), _safe("a?.html")
    ('a.html', 'a-.html-4e40453e')
    """
    plain = _UNSAFE.sub("-", step)
    if plain == step and len(step.encode()) <= _LONGEST:
        return step
    return f"{plain.encode()[:_LONGEST].decode(errors='ignore')}-{_mark(step)}"


def _mark(name: str) -> str:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def listed(path: str, prefix: str) -> Iterator[str]:
    """The names of the documents in the list of a part, which was written with a prefix. Raises one of `files.BROKEN`
    where the list cannot be read."""
    with opened_list(path) as (stream, _):
        for line in stream:
            name = json.loads(line).get(f"{prefix}file")
            if name is not None:
                yield name


def begun_path(path: str) -> str:
    """The file with the names of documents that stands beside the list of a part until that is whole."""
    folder, name = os.path.split(path)
    return os.path.join(folder, name.partition(".")[0] + ".begun")


def begun(path: str) -> Iterator[str]:
    """The names in such a file, if there is one."""
    try:
        with open(path, "rb") as file:
            for line in file:
                with suppress(ValueError):  # an empty line, or one that was cut off
                    yield str(json.loads(line))
    except FileNotFoundError:
        return


@contextmanager
def opened(path: str, folder: str, options: Options, layout: Any) -> Iterator[Pages]:
    """A writer whose list is the file `path`."""
    names = begun_path(path)
    with (
        replaced(path) as file,
        packed(file, options.compression) as out,
        open(names, "ab", buffering=0) as begun,  # after those of a try that was killed
    ):
        begun.write(b"\n")
        yield Pages(out, begun, folder, os.path.basename(path).partition(".")[0], options)
        if hasattr(os, "sync"):
            os.sync()  # once for all pages, before their list takes its name
    os.unlink(names)
