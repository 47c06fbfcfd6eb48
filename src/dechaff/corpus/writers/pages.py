"""A file for every document (text, Markdown or HTML), and a list of all of them with what was found."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from dechaff.corpus.files import TEMPORARY, packed, replaced
from dechaff.corpus.options import Options
from dechaff.corpus.records import Chunk, Outcome
from dechaff.corpus.rows import rows_of, to_json

SUFFIXES = {"text": ".txt", "markdown": ".md", "html": ".html"}

#: What some file system does not take in names.
_UNSAFE = re.compile(r'[\x00-\x1f<>:"|?*]+')


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
                name = self._name(record.columns.get("file"))
                self._write(name, outcome.text)
            row[f"{self.options.prefix}file"] = name
            self.listed.write(to_json(row))
            self.number += 1

    def _name(self, file: str | None) -> str:
        """Where a document goes below the folder: as the file it came from, with the suffix of what is written."""
        if not file:
            return f"{self.part}/{self.number:08d}{self.suffix}"
        steps = [_UNSAFE.sub("-", step) for step in re.split(r"[/\\]", file) if step not in ("", ".", "..")]
        name = "/".join(steps)
        return name if name.endswith(self.suffix) else name + self.suffix

    def _write(self, name: str, text: str) -> None:
        path = os.path.join(self.folder, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        temporary = os.path.join(os.path.dirname(path), f".{secrets.token_hex(6)}{TEMPORARY}")
        with open(temporary, "xb") as file:
            file.write((text if text.endswith("\n") or not text else f"{text}\n").encode("utf-8", "replace"))
        os.replace(temporary, path)


@contextmanager
def opened(path: str, folder: str, options: Options, layout: Any) -> Iterator[Pages]:
    """A writer whose list is the file `path`."""
    with replaced(path) as file, packed(file, options.compression) as out:
        yield Pages(out, folder, os.path.basename(path).partition(".")[0], options)
        if hasattr(os, "sync"):
            os.sync()  # once for all pages, before their list takes its name
