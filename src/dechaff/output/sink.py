"""Where the command line's results go: standard output, or a file that is replaced as a whole."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class SinkError(Exception):
    """The output cannot be written; the message says which and why."""


def same_file(one: str | None, other: str | None) -> bool:
    """Whether two outputs, of which None and `-` are standard output, would write over each other; devices do not.

    >>> same_file("out.txt", "./out.txt"), same_file("out.txt", None), same_file("-", None)
    (True, False, True)
    """
    if one in (None, "-") or other in (None, "-"):
        return one in (None, "-") and other in (None, "-")
    first, second = (os.path.realpath(str(name)) for name in (one, other))
    if os.path.exists(first) and not os.path.isfile(first) and not os.path.isdir(first):  # none of these raises
        return False
    return first == second or (os.path.exists(first) and os.path.exists(second) and os.path.samefile(first, second))


class Sink:
    """Where results go: standard output, or a file that takes its name once everything is written.

    `parents`: make the folders that the file lies in.
    """

    def __init__(self, name: str | None, *, parents: bool = False) -> None:
        self.parents = parents
        self.name = "standard output" if name in (None, "-") else str(name)
        self.path = None if name in (None, "-") else Path(os.path.realpath(self.name))  # a link stays a link
        self.temporary: Path | None = None
        self.file: BinaryIO

    def __enter__(self) -> Sink:
        with self._named():
            if self.path is None:
                if sys.stdout is None:  # closed by who started the process
                    raise OSError("it is closed")
                self.file = sys.stdout.buffer
                return self
            if self.parents:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists() and not self.path.is_file():
                self.file = self.path.open("wb")  # a device or a pipe cannot be replaced; a directory is an error
            else:
                # Beside the file, so that the rename is atomic.
                self.temporary = self.path.with_name(f".{self.path.name[:100]}.{secrets.token_hex(4)}.tmp")
                self.file = self.temporary.open("xb")
        return self

    def write(self, text: str) -> None:
        with self._named():
            # A lone surrogate has no UTF-8; as an escape it is still what JSON means by it.
            self.file.write(text.encode("utf-8", "backslashreplace"))

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        try:
            with self._named():
                if self.path is None:
                    if failure is None:
                        self.file.flush()
                    return
                self.file.close()
                if self.temporary is not None and failure is None:
                    if self.path.exists():
                        shutil.copymode(self.path, self.temporary)
                    self.temporary.replace(self.path)
        finally:
            if self.temporary is not None:
                self.temporary.unlink(missing_ok=True)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Name the output in what goes wrong with it."""
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            raise SinkError(f"{self.name}: {error.strerror or error}") from error
