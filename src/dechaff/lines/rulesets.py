"""A style sheet as a list of its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

#: What braces in it do not count in, and marks that sheets have kept from times when some browsers read them as text.
#: Linear: what comes between is parted in one way, up to an end that the sheet may lack.
_APART = re.compile(r"""/\*.*?(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|<!--|-->""", re.DOTALL)

#: Blocks whose rules hold on every screen.
_EVERYWHERE = re.compile(r"@media\s{1,9}(?:only\s{1,9})?(?:all|screen)|@layer\b[^,;]{0,100}", re.IGNORECASE)
#: Blocks whose rules hold on paper, and on no screen.
_ON_PAPER = re.compile(r"@media\s{1,9}(?:only\s{1,9})?print(?:\s[^,]{0,200})?", re.IGNORECASE)


class Ruleset(NamedTuple):
    """`everywhere` says that a rule holds on every screen, whatever its size."""

    prelude: str
    body: str
    everywhere: bool


def rulesets(sheet: str) -> Iterator[Ruleset]:
    """The rules of a sheet, those in `@media` and the like, too, but for those that hold on paper only.

    >>> [*rulesets("a{b:c} @media(width){.x{d:e}} p,.y /* z */{f:g}")]  # doctest: +NORMALIZE_WHITESPACE
    [Ruleset(prelude='a', body='b:c', everywhere=True), Ruleset(prelude='.x', body='d:e', everywhere=False),
     Ruleset(prelude='p,.y', body='f:g', everywhere=True)]
    """
    around: list[bool | None] = []  # of each block around: whether all so far hold everywhere; None: on no screen
    for chunk in _APART.sub(" ", sheet).split("}"):
        prelude, brace, body = chunk.rpartition("{")
        if not brace:
            if around:
                around.pop()
            continue
        if "{" in prelude:
            *blocks, prelude = prelude.split("{")
            for block in blocks:
                block = block.rpartition(";")[2].strip()
                around.append(_holds(block, around[-1] if around else True))
        everywhere = around[-1] if around else True
        if everywhere is not None:
            yield Ruleset(prelude.rpartition(";")[2].strip(), body, everywhere)


def _holds(block: str, around: bool | None) -> bool | None:
    """Whether a block in one like this holds everywhere; None if it does on no screen."""
    if around is None or _ON_PAPER.fullmatch(block):
        return None
    return around and _EVERYWHERE.fullmatch(block) is not None


@lru_cache(maxsize=1024)
def declared(body: str) -> Mapping[str, tuple[str, bool]]:
    """The properties that a style sets, in lower case, with their values and whether these are important; a quick look,
    not a parser.

    >>> declared("Display: none !important; display: block; left: 0")
    {'display': ('none', True), 'left': ('0', False)}
    """
    found: dict[str, tuple[str, bool]] = {}
    for part in body.lower().split(";"):
        name, _, value = part.partition(":")
        name = name.strip()
        value, mark, _ = value.partition("!")
        if mark or not found.get(name, ("", False))[1]:
            found[name] = value.strip(), bool(mark)
    return found
