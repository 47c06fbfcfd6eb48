"""Parts of a page that a reader opens with a click: their text is the page's, though it is not shown at first."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache, lru_cache

#: Words that stand for such a part wherever they stand in a name …
_ANYWHERE = (
    r"[Aa]ccordion|[Cc]ollaps|[Ee]xpand|[Ss]poiler|[Dd]isclosure|[Rr]ead[-_]?[Mm]ore|[Ff]ull[-_]?[Tt]ext"
    r"|[Hh]idden[-_]?[Cc]ontent|(?:article|content|text)[-_]rest"
)
#: … and words that are parts of others: a metabox, a database and the table of 1998 have no tabs.
_PARTS = "tabs? tabpanels? tabpanes? tabcontents? panels? faqs? toggle[dr]? answers? more".split()


@cache  # as the next one made when first needed: a page in which nothing is hidden asks for neither
def _opened() -> re.Pattern[str]:
    # Linear: literals between two looks at one character.
    return re.compile(
        f"{_ANYWHERE}|(?<![A-Za-z])(?:{'|'.join(_PARTS)})(?![a-z])"
        f"|(?<![A-Z])(?:{'|'.join(part.capitalize() for part in _PARTS)})(?![a-z])"
    )


@cache
def _apart() -> re.Pattern[str]:
    """What opens upon the page and is none of its text, though a button opens it."""
    return re.compile(
        r"menu|nav|modal|dialog|popup|drawer|overlay|lightbox|search|cookie|consent|cart|login|dropdown|tooltip|filter"
        r"|sidebar|share|listbox|alert",
        re.IGNORECASE,
    )


_APART_TAGS = frozenset({"nav", "menu", "dialog", "form", "header", "footer", "aside", "select"})

#: What buttons name what they open in. Linear: bounded runs.
_CONTROLS = b"aria-controls"
_IDS = re.compile(rb"""\s{0,4}=\s{0,4}(?:["']([^"'<>]{1,200})|([^\s"'<>]{1,200}))""")


class Opened:
    """What a reader opens: elements whose names say so, and those with one of the ids that buttons of the page name.

    The ids are asked for once, when an element is met that may have one.

    >>> opened = Opened(lambda: {"q1"})
    >>> opened.has("div", {"class": "accordion-body"}), opened.has("div", {"class": "metabox"})
    (True, False)
    >>> opened.has("div", {"id": "q1"}), opened.has("nav", {"id": "q1"})
    (True, False)
    """

    __slots__ = ("_ask", "_ids")

    def __init__(self, ids: Callable[[], Collection[str]] = frozenset) -> None:
        self._ask = ids
        self._ids: Collection[str] | None = None

    def has(self, tag: str, attributes: Mapping[str, str | None]) -> bool:
        """Whether an element of this tag and with these attributes is opened by a click."""
        ident = attributes.get("id") or ""
        names = f"{attributes.get('class') or ''} {ident} {attributes.get('role') or ''}"
        if _is_called_so(names):
            return True
        if not ident or tag in _APART_TAGS or _apart().search(names):
            return False
        if self._ids is None:
            self._ids = self._ask()
        return ident in self._ids


@lru_cache(maxsize=4096)
def _is_called_so(names: str) -> bool:
    return _opened().search(names) is not None


def controlled(html: bytes) -> frozenset[str]:
    """The ids in the values of `aria-controls` in a page, which is not parsed for it.

    >>> sorted(controlled(b"<button aria-controls='a b'>x</button><a aria-controls=c>y</a>"))
    ['a', 'b', 'c']
    """
    found: list[bytes] = []
    at = html.find(_CONTROLS)
    while at >= 0:
        if match := _IDS.match(html, at + len(_CONTROLS)):
            found += (match[1] or match[2]).split()
        at = html.find(_CONTROLS, at + len(_CONTROLS))
    return frozenset(ident.decode("utf-8", "replace") for ident in found)
