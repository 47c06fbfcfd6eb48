"""A style sheet as a list of its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

#: What braces in it do not count in, and marks that sheets have kept from times when some browsers read them as text.
#: Linear: what comes between is parted in one way, up to an end that the sheet may lack.
_APART = re.compile(r"""/\*.*?(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|<!--|-->""", re.DOTALL)

#: Blocks whose rules hold on every screen.
_EVERYWHERE = re.compile(r"@media\s{1,9}(?:only\s{1,9})?(?:all|screen)|@layer\b[^,;]{0,100}", re.IGNORECASE)


class Ruleset(NamedTuple):
    """`everywhere` says that a rule holds on every screen, whatever its size."""

    prelude: str
    body: str
    everywhere: bool


def rulesets(sheet: str) -> Iterator[Ruleset]:
    """The rules of a sheet, those in `@media` and the like, too.

    >>> [*rulesets("a{b:c} @media print{.x{d:e}} p,.y /* z */{f:g}")]  # doctest: +NORMALIZE_WHITESPACE
    [Ruleset(prelude='a', body='b:c', everywhere=True), Ruleset(prelude='.x', body='d:e', everywhere=False),
     Ruleset(prelude='p,.y', body='f:g', everywhere=True)]
    """
    around: list[bool] = []  # of each block around: whether it holds everywhere, and all around it do
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
                around.append((not around or around[-1]) and _EVERYWHERE.fullmatch(block) is not None)
        yield Ruleset(prelude.rpartition(";")[2].strip(), body, not around or around[-1])
