"""The rules of a page's `<style>` elements that hide text, as far as their selectors are simple.

Most pages with style sheets hide much that they never show text in, and parsing a whole sheet takes many times as long
as the rest of a page. So a rule is sought by the words of its declarations, and parsed only if the page has text in an
element of a name that stands in its selector.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dechaff.lines.attributes import is_animated, is_opened
from dechaff.lines.drawn import Drawn, drawn

#: Characters of all sheets of a page that are read.
MAX_CHARS = 100_000

#: Characters of one rule; a longer one is passed over.
_MAX_RULE_CHARS = 4_000

#: Rules of a page that are parsed.
_MAX_RULES = 300

#: What a sheet must hold to hide text.
_WORDS = (
    *(f"{name}:{space}{value}" for name, value in (
        ("display", "none"), ("visibility", "hidden"), ("opacity", "0"), ("font-size", "0"), ("color", "transparent"),
    ) for space in ("", " ")),
    "-999", "rect(", "inset(",
)  # fmt: skip

#: The properties that can take back what hides an element.
_OPPOSITES = {
    "display: none": ("display",),
    "visibility: hidden": ("visibility",),
    "opacity: 0": ("opacity", "animation"),
    "off screen": ("position", "left", "right", "top", "text-indent", "transform", "margin-left"),
    "no size": ("clip", "clip-path", "height", "width", "max-height", "max-width", "overflow", "transform", "position"),
    "font size 0": ("font-size", "font"),
    "transparent": ("color",),
}

# Linear: single characters and bounded runs.
_NAME = re.compile(r"[.#]([\w-]{1,100})")
#: A link that shows itself to who reaches it by keyboard is hidden from all others.
_KEYBOARD = re.compile(r":(?:focus|active)")

#: Selectors without strings, brackets and escapes, in which each comma parts two of them …
_SIMPLE = re.compile(r"[A-Za-z0-9_\-.#,:>+~* \t\n\r\f]*\Z")
#: … and one that is a tag, an id and classes. The parts of a selector begin with other characters than they hold, so
#: there is one way to read it: linear.
_COMPOUND = re.compile(r"((?:--|-?[A-Za-z_])[\w-]*)?((?:\.(?:--|-?[A-Za-z_])[\w-]*|#[\w-]+)+)\Z", re.ASCII)
_NAME_IN = re.compile(r"[.#][^.#]+")


@dataclass(frozen=True, slots=True)
class _Selector:
    tag: str
    ident: str
    classes: frozenset[str]


@dataclass(slots=True)
class Rules:
    """Rules that hide elements, by one class or id of their selectors. `idle` are classes that none of them knows."""

    by_name: dict[str, list[tuple[_Selector, Drawn]]]
    idle: set[str] = field(default_factory=set)

    def of(self, tag: str, attributes: Mapping[str, str | None], collapsed: bool = True) -> Drawn | None:
        """What hides an element of this tag and with these attributes; None if nothing does.

        `collapsed` says that what a reader can open is not hidden.

        >>> rules = rules_of(["p.x { display: none }"], lambda: {"x"})
        >>> rules.of("p", {"class": "y x"}).why, rules.of("div", {"class": "x"})
        ('display: none', None)
        """
        ident, names = attributes.get("id") or "", attributes.get("class") or ""
        if ident not in self.by_name:
            if names in self.idle:
                return None
            if self.by_name.keys().isdisjoint(names.split()):
                self.idle.add(names)
                return None
        own = dict.fromkeys(names.split())  # in the order of the page: the first reason is given
        for name in (ident, *own) if ident else own:
            for selector, found in self.by_name.get(name, ()):
                fits = selector.classes <= own.keys() and selector.ident in ("", ident) and selector.tag in ("", tag)
                if not fits or (collapsed and is_opened(attributes)):
                    continue
                if found.why != "opacity: 0" or not (found.fades or is_animated(attributes)):
                    return found._replace(soft=True)
        return None


def _may_hide(sheet: str) -> bool:
    for word in _WORDS:  # noqa: SIM110 (a plain loop takes half the time)
        if word in sheet:
            return True
    return False


def rules_of(sheets: Sequence[str], names_of_page: Callable[[], set[str]]) -> Rules | None:
    """The rules that hide elements with one of these classes or ids, which are asked for once; None if there are none.

    A rule that another one may take back counts for nothing: what it hides is shown on some screen, or by a click.

    >>> rules_of([".a { display: none } .a.open { display: block }"], lambda: {"a"}) is None
    True
    """
    read = [sheet for sheet in sheets if _may_hide(sheet)]
    if not read or sum(map(len, read)) > MAX_CHARS:
        return None
    names = names_of_page()
    found: dict[str, list[tuple[_Selector, Drawn]]] = {}
    left = _MAX_RULES
    every = ""
    for sheet in read:
        bare = ""
        for prelude, body in _hiding(sheet):
            if names.isdisjoint(_NAME.findall(prelude)):
                continue
            left -= 1
            why = drawn(body)
            if left < 0 or not why.why:
                continue
            bare = bare or _without_comments(sheet)
            if not _is_top_level(bare, prelude):
                continue
            for selector in _selectors(prelude):
                key = selector.ident or next(iter(sorted(selector.classes)))
                if key in names:
                    every = every or "\n".join(map(_without_comments, sheets))
                    if not _is_taken_back(every, selector, why.why):
                        found.setdefault(key, []).append((selector, why))
    return Rules(found) if found else None


def _without_comments(sheet: str) -> str:
    """A sheet without its comments.

    >>> _without_comments("a/* b */c/*d")
    'ac'
    """
    parts = []
    at = 0
    while (begin := sheet.find("/*", at)) >= 0:
        parts.append(sheet[at:begin])
        end = sheet.find("*/", begin + 2)
        at = end + 2 if end >= 0 else len(sheet)
    return "".join([*parts, sheet[at:]])


def _hiding(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the rules with a word of `_WORDS`."""
    seen = set()
    for word in _WORDS:
        at = sheet.find(word)
        while at >= 0:
            open_ = sheet.rfind("{", max(at - _MAX_RULE_CHARS, 0), at)
            close = sheet.find("}", at, at + _MAX_RULE_CHARS)
            if open_ >= 0 and close >= 0 and open_ not in seen:
                seen.add(open_)
                yield _prelude(sheet, open_), sheet[open_ + 1 : close]
            at = sheet.find(word, max(close, at) + 1)


def _prelude(sheet: str, open_: int) -> str:
    floor = max(open_ - _MAX_RULE_CHARS, 0)
    begin = -1
    for mark in ("}", "{", ";", "*/"):
        begin = max(begin, sheet.rfind(mark, max(begin, floor), open_))
    return sheet[begin + 1 : open_].lstrip("/").strip()


def _is_top_level(bare: str, prelude: str) -> bool:
    """Whether a rule stands outside `@media` and the like."""
    at = bare.find(prelude)
    return at >= 0 and bare.count("{", 0, at) == bare.count("}", 0, at)


def _selectors(prelude: str) -> Iterator[_Selector]:
    """The simple ones of a rule's selectors: a tag, an id and classes, without anything around them."""
    if _SIMPLE.match(prelude):
        yield from filter(None, map(_read, prelude.split(",")))
        return
    import tinycss2

    part: list[Any] = []
    for token in [*tinycss2.parse_component_value_list(prelude, skip_comments=True), None]:
        if token is not None and token != ",":
            part.append(token)
            continue
        while part and part[-1].type == "whitespace":
            part.pop()
        while part and part[0].type == "whitespace":
            part.pop(0)
        selector = _compound(part)
        if selector is not None:
            yield selector
        part = []


def _read(selector: str) -> _Selector | None:
    """A selector of the characters in `_SIMPLE`; None if there is more to it than a tag, an id and classes."""
    match = _COMPOUND.match(selector.strip(" \t\n\r\f"))
    if match is None:
        return None
    names = _NAME_IN.findall(match[2])
    idents = [name[1:] for name in names if name[0] == "#"]
    if len(idents) > 1:
        return None
    classes = frozenset(name[1:] for name in names if name[0] == ".")
    return _Selector((match[1] or "").lower(), "".join(idents), classes)


def _compound(tokens: Iterable[Any]) -> _Selector | None:
    tag = ident = ""
    classes = set()
    dot = False
    for i, token in enumerate(tokens):
        if token.type == "ident" and (dot or not i):
            if dot:
                classes.add(token.value)
            else:
                tag = token.lower_value
            dot = False
        elif token.type == "hash" and not dot and not ident:
            ident = token.value
        elif token == "." and not dot:
            dot = True
        else:
            return None
    return None if dot or not (ident or classes) else _Selector(tag, ident, frozenset(classes))


def _is_taken_back(sheets: str, selector: _Selector, why: str) -> bool:
    """Whether another rule about one of its names may show an element again."""
    opposites = _OPPOSITES.get(why, ())
    for mark in [*(f".{name}" for name in selector.classes), *([f"#{selector.ident}"] if selector.ident else ())]:
        at = sheets.find(mark)
        while at >= 0:
            end = at + len(mark)
            after = sheets[end : end + 1]
            if not (after.isalnum() or after in {"-", "_"}):
                far = end + _MAX_RULE_CHARS
                open_, close = sheets.find("{", end, far), sheets.find("}", end, far)
                body = sheets[open_ + 1 : close] if 0 <= open_ < close else ""
                if any(name in body for name in opposites) and not _KEYBOARD.match(sheets, end):
                    other = drawn(body)
                    if not other.why and _sets(body, opposites):
                        return True
            at = sheets.find(mark, end)
    return False


def _sets(body: str, properties: Sequence[str]) -> bool:
    return any(part.partition(":")[0].strip().lower() in properties for part in body.split(";"))
