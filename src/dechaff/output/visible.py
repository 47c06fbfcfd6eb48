"""Characters that do not show, made visible: what a person is to judge must not hide what stands there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from dechaff.output.text import with_newlines

#: Runs of control characters (but tab and line ends), zero-width ones, those that turn text round, tag characters and
#: supplementary variation selectors. Joiners and direction marks stay: words of many languages need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ud800-\udfff\U000e0000-\U000e007f\U000e0100-\U000e01ef]+"
)
_TAG_BASE = 0xE0000

#: Characters of a run that are named one by one; a longer run is summed up.
_NAMED = 2


def pieces(text: str) -> Iterator[tuple[str, str]]:
    r"""Runs of a text and, for those that do not show, what to show instead (else an empty string).

    >>> list(pieces("buy\u200b now"))
    [('buy', ''), ('\u200b', 'U+200B'), (' now', '')]
    >>> [shown for _, shown in pieces("".join(chr(0xE0000 + ord(c)) for c in "obey"))]
    ['4 unseen characters: obey']
    """
    at = 0
    for found in _UNSEEN.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], ""
        yield found[0], _described(found[0])
        at = found.end()
    if at < len(text):
        yield text[at:], ""


def visible(text: str) -> str:
    r"""A text with what does not show named in angle brackets: safe to print to a terminal.

    Line ends become newlines: there, a carriage return would write over what came before it.

    >>> visible("a\x1b[31mb")
    'a‹U+001B›[31mb'
    """
    return "".join(f"‹{shown}›" if shown else run for run, shown in pieces(with_newlines(text)))


def described(run: str) -> str:
    """The Unicode names of the first characters of a run."""
    names = [unicodedata.name(c, f"U+{ord(c):04X}") for c in run[:_NAMED]]
    return ", ".join(names) + (f" and {len(run) - _NAMED} more" if len(run) > _NAMED else "")


def _described(run: str) -> str:
    if len(run) <= _NAMED:
        return " ".join(f"U+{ord(c):04X}" for c in run)
    says = "".join(chr(ord(c) - _TAG_BASE) for c in run if 0x20 <= ord(c) - _TAG_BASE < 0x7F)
    return f"{len(run)} unseen characters" + (f": {says}" if says else "")
