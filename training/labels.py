"""Targets: for every line the set of classes it may be, as bits. Several where the data do not say which."""

from __future__ import annotations

from dechaff.model.weights import CLASSES

INDEX = {name: i for i, name in enumerate(CLASSES)}


def mask(*names: str) -> int:
    """The set of allowed classes as bits.

    >>> mask("content") | mask("title") == mask("content", "title")
    True
    """
    return sum(1 << INDEX[name] for name in names)


#: No statement about a line: it counts for nothing.
UNKNOWN = 0
CONTENT = mask("content")
ANY = (1 << len(CLASSES)) - 1
#: A line that human-reviewed main text leaves out.
NOT_CONTENT = ANY & ~CONTENT & ~mask("off_topic")
PROMOTIONAL = frozenset({mask("ad"), mask("self_promotion")})
LEADS_AWAY = PROMOTIONAL | {mask("teaser")}
