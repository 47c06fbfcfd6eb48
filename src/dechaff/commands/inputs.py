"""What all commands share: reading the named files, messages, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Literal

from dechaff.escaped import escaped

OK, FAILED, USAGE = 0, 1, 2

#: Names that end so hold plain text, if `--kind` does not say otherwise.
_TEXT_SUFFIXES = (".txt", ".text", ".md", ".markdown")


class Inputs:
    """Names and bytes of the files that can be read; `failed` says whether another could not."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.failed = False

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for name in self.names:
            try:
                document = _read(name)
            except (OSError, ValueError) as error:  # ValueError: a NUL in the name
                self.failed = True
                say(f"{name}: {getattr(error, 'strerror', None) or error}")
                continue
            yield name, document


def _read(name: str) -> bytes:
    if name != "-":
        with open(name, "rb") as file:
            return file.read()
    if sys.stdin is None:  # closed by who started the process
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read()


def kind_of(name: str, kind: Literal["auto", "html", "text"]) -> Literal["auto", "html", "text"]:
    return "text" if kind == "auto" and name.lower().endswith(_TEXT_SUFFIXES) else kind


def say(message: str) -> None:
    """A message on one line, whatever the names in it."""
    print(f"dechaff: {escaped(message)}", file=sys.stderr)
