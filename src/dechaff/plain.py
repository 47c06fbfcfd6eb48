"""Options as plain data, whatever form they are given in: so they stand in TOML and in journals, and go to workers.

The command line, corpora and the engines of others share it.

Each reader of an option takes its name and what was given for it, and raises `TypeError` or `ValueError` with a
message that names the option.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

#: What stands for None in a pair of thresholds (flag, remove): TOML and the command line have no None.
NEVER = "never"


def words(name: str, given: Any) -> tuple[str, ...]:
    """Words, from a list or from text with commas.

    >>> words("keep", "content, caption"), words("keep", {"content", "caption"})
    (('content', 'caption'), ('caption', 'content'))
    """
    if isinstance(given, str):
        return tuple(part.strip() for part in given.split(",") if part.strip())
    return tuple(str(part) for part in _listed(name, given, "words"))


def phrases(name: str, given: Any) -> tuple[str, ...]:
    """Phrases, as they stand. Patterns are refused: they are no plain data.

    >>> phrases("deny", ["Read more", "Shop, and save"])
    ('Read more', 'Shop, and save')
    """
    listed = _listed(name, given, "phrases")
    for phrase in listed:
        if isinstance(phrase, re.Pattern):
            raise TypeError(f"{name} holds a compiled pattern, {phrase.pattern!r}; here a phrase is a str, no pattern")
        if not isinstance(phrase, str) or not phrase.strip():
            raise TypeError(f"{name} holds {phrase!r}, which is no phrase")
        phrase.encode()  # raises on half a character
    return listed


def sites(name: str, given: Any) -> dict[str, dict[str, list[str]]] | None:
    """Lists of phrases, under "allow" and "deny", by the host name of a site; None where there are none."""
    if given is None:
        return None
    made = {}
    for host, own in _table(name, given, "of phrases by site").items():
        if not isinstance(host, str):
            raise TypeError(f"{name}: {host!r} is no host name")
        about = f"{name}: {host}"
        made[host] = {
            str(kind): [*phrases(f"{about}: {kind}", listed)]
            for kind, listed in _table(about, own, "of allow and deny").items()
        }
    from dechaff.phrases import sites_of

    sites_of(made)  # raises on other words than allow and deny
    return made or None


def thresholds(name: str, given: Any) -> dict[str, list[float | None]] | None:
    """Pairs [flag, remove] by label; None where there are none.

    >>> thresholds("thresholds", {"teaser": (0.3, "never"), "ad": (0, 1)})
    {'teaser': [0.3, None], 'ad': [0.0, 1.0]}
    """
    if given is None:
        return None
    from dechaff.thresholds import changed

    pairs = {
        label: [None if number == NEVER else number for number in pair] if isinstance(pair, (tuple, list)) else pair
        for label, pair in _table(name, given, "of pairs [flag, remove] by label").items()
    }
    return {label.value: [*pair] for label, pair in changed({}, pairs).items()} or None


def path(name: str, given: Any) -> str | None:
    """The name of a file or folder."""
    plain = os.fspath(given) if isinstance(given, os.PathLike) else given
    if plain is not None and not isinstance(plain, str):
        raise TypeError(f"{name} is {given!r}, which is no name of a file or folder")
    return plain


#: Options of a `Cleaner` that can be given in several forms, and what makes plain data of them.
READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "keep": words,
    "allow": phrases,
    "deny": phrases,
    "sites": sites,
    "thresholds": thresholds,
    "model": path,
}


def normalised(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a `Cleaner` as plain data, others as they are: all that is left to say is whether it takes them.

    >>> normalised({"deny": {"Shop with us"}, "thresholds": {"ad": (0.2, None)}, "strictness": "strict"})
    {'deny': ('Shop with us',), 'thresholds': {'ad': [0.2, None]}, 'strictness': 'strict'}
    """
    made = {}
    for name, given in options.items():
        # A cleaner takes None for the labels that it keeps by itself, and refuses a single str.
        its_own = name not in READERS or (name == "keep" and (given is None or isinstance(given, str)))
        made[name] = given if its_own else READERS[name](name, given)
    return made


def _listed(name: str, given: Any, what: str) -> tuple[Any, ...]:
    """The members of a list, those of a set always in the same order."""
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise TypeError(f"{name} is {given!r}, which is no list of {what}")
    return tuple(sorted(given, key=str) if isinstance(given, Set) else given)


def _table(name: str, given: Any, what: str) -> Mapping[Any, Any]:
    if not isinstance(given, Mapping):
        raise TypeError(f"{name} is {given!r}, which is no table {what}")
    return given
