"""A file for every document (text, Markdown or HTML), and a list of all of them with what was found."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    """Writes documents to files of their own, and rows with the name of each (`dechaff_file`) to an open one."""

    def __init__(self, listed: BinaryIO, folder: str, part: str, options: Options) -> None:
        self.listed, self.folder, self.part, self.options = listed, folder, part, options
        self.suffix = SUFFIXES[options.to or "text"]
        self.number = 0

    def write(self, chunk: Chunk, outcomes: Sequence[Outcome]) -> None:
        rows = rows_of(chunk, outcomes, self.options)
        for record, outcome, row in zip(chunk.records, outcomes, rows, strict=True):
            row.pop(record.output, None)
            name = None
            if outcome.text is not None:
                name = self._name(record)
                self._write(name, outcome.text)
            row[f"{self.options.prefix}file"] = name
            self.listed.write(to_json(row))
            self.number += 1

    def _name(self, record: Record) -> str:
        """Where a document goes below the folder: as the file it came from, with the suffix of what is written. No two
        documents have the same name, whoever writes them: it depends on the file and those beside it alone."""
        if not record.file:
            return f"{self.part}/{self.number:08d}{self.suffix}"
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


@contextmanager
def opened(path: str, folder: str, options: Options, layout: Any) -> Iterator[Pages]:
    """A writer whose list is the file `path`."""
    with replaced(path) as file, packed(file, options.compression) as out:
        yield Pages(out, folder, os.path.basename(path).partition(".")[0], options)
        if hasattr(os, "sync"):
            os.sync()  # once for all pages, before their list takes its name
