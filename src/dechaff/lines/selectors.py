"""Selectors of style sheets that are simple: a tag, an id and classes, and what these stand in."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import NamedTuple

from dechaff.lines.table import Containers

# A name may hold escaped characters, as in `.md\:block`. Its parts begin with other characters than they hold, so there
# is one way to read it: linear.
_IDENT = r"(?:[\w-]|\\[^\n0-9a-fA-F])+"
_COMPOUND = re.compile(rf"(\*|{_IDENT})?((?:[.#]{_IDENT})*)")
_MARKED_NAME = re.compile(rf"([.#])({_IDENT})")
_NAME = re.compile(r"[.#]([\w-]+)")
_TAG = re.compile(r"(?<![^\s>+~])[a-zA-Z]")
_FIRST_TAG = re.compile(r"\*|[a-zA-Z][\w-]*")
_ESCAPED_NAME = re.compile(rf"[.#]({_IDENT})")

#: What a page is called until a script runs: rules for it draw what hardly any reader sees.
_UNTIL_SCRIPT = re.compile(r"no-?(?:js|script|javascript)", re.IGNORECASE)

#: Elements above one that are looked at for each part of a selector.
_MAX_CLIMB = 20


class Compound(NamedTuple):
    """An element of this tag, with this id and these classes; empty where it may have any."""

    tag: str
    ident: str
    classes: frozenset[str]

    def fits(self, tag: str, ident: str, classes: Set[str]) -> bool:
        return self.classes <= classes and self.ident in ("", ident) and self.tag in ("", tag)


class Selector(NamedTuple):
    """An element, and what it stands in, from the inside: `True` before what it must stand in directly."""

    own: Compound
    above: tuple[tuple[bool, Compound], ...] = ()

    @property
    def key(self) -> str:
        """One of the names that its element has."""
        return self.own.ident or min(self.own.classes)

    def names(self) -> set[str]:
        """The classes and ids of the element and of what it stands in."""
        parts = (self.own, *(part for _, part in self.above))
        return {name for part in parts for name in (*part.classes, part.ident) if name}

    def stands(self, containers: Containers, around: int) -> bool:
        """Whether an element in the container `around` stands in what the selector says."""
        for direct, part in self.above:
            for _ in range(1 if direct else _MAX_CLIMB):
                tag, (ident, classes) = containers.tags[around], containers.steps[around]
                if not around or part.fits(tag, ident, set(classes.split())):
                    break
                around = containers.parents[around]
            else:
                return False
            if not around:
                return False
            around = containers.parents[around]
        return True


def names_in(selector: str) -> list[str]:
    r"""The classes and ids that stand in a selector.

    >>> names_in(r"p.md\:block > a#b:hover")
    ['md:block', 'b']
    """
    if "\\" not in selector:
        return _NAME.findall(selector)
    return [name.replace("\\", "") for name in _ESCAPED_NAME.findall(selector)]


def weight_of(selector: str) -> tuple[int, int, int]:
    """How much a selector weighs against others: its ids, its classes and the like, its tags.

    >>> weight_of("ul > li.a:hover")
    (0, 2, 2)
    """
    classes = selector.count(".") + selector.count("[") + selector.count(":")
    return selector.count("#"), classes, len(_TAG.findall(selector))


def last_part(selector: str) -> str:
    """What a selector says about the element itself.

    >>> last_part("ul > li.a")
    'li.a'
    """
    return selector.replace(">", " ").split()[-1] if selector.strip("> \t\r\n\f") else ""


def tag_in(part: str) -> str:
    """The tag that a part of a selector names, in lower case, `*` for every element, or nothing.

    >>> tag_in("Li.a"), tag_in("*"), tag_in(".a")
    ('li', '*', '')
    """
    match = _FIRST_TAG.match(part)
    return match[0].lower() if match else ""


def selector_of(text: str) -> Selector | None:
    """A selector that is simple and has a class or id; None for another one.

    >>> selector_of("article > p.x").own.tag, selector_of("p"), selector_of(".x:hover")
    ('p', None, None)
    """
    if _UNTIL_SCRIPT.search(text):
        return None
    *others, last = text.replace(">", " > ").split() or [""]
    own = _compound(last)
    if own is None or not (own.ident or own.classes):
        return None
    above = []
    direct = False
    for part in reversed(others):
        if part == ">":
            direct = True
            continue
        compound = _compound(part)
        if compound is None:
            return None
        above.append((direct, compound))
        direct = False
    return None if direct else Selector(own, tuple(above))


def _compound(text: str) -> Compound | None:
    match = _COMPOUND.fullmatch(text)
    if match is None or not text:
        return None
    names = [(mark, name.replace("\\", "")) for mark, name in _MARKED_NAME.findall(match[2])]
    idents = [name for mark, name in names if mark == "#"]
    if len(idents) > 1:
        return None
    tag = (match[1] or "").replace("*", "").lower()
    return Compound(tag, "".join(idents), frozenset(name for mark, name in names if mark == "."))
