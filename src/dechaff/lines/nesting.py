"""The elements open at a place of a page, as the HTML Standard's tree builder has them, roughly.

Which elements close by themselves, which closing tags are out of scope, which formatting elements are opened again
in the next block. Where it is rough, it counts too many open elements rather than too few.
"""

from __future__ import annotations

from collections.abc import Sequence

from dechaff import limits
from dechaff.lines.markup import (
    BARRIERS,
    CLOSES_P,
    FOREIGN,
    FORMATTING,
    HTML_IN_FOREIGN,
    IMPLIED_END,
    LEAVE_FOREIGN,
    MAX_CLONES,
    MAX_ROOTS,
    PASSED_OVER,
    ROOTS,
    RUBY_PARTS,
    SAME,
    SAME_IN_TABLE,
    SAME_ON_TOP,
    SPECIAL,
    TABLE_PARTS,
    VOID,
)

#: Name in the stack of a form that ended before what stands in it.
_ENDED_FORM = "/form"


def _last(*walls: Sequence[int]) -> int:
    """The highest place in these ascending lists."""
    highest = -1
    for its in walls:  # a generator would take three times as long, and every tag asks
        if its and its[-1] > highest:
            highest = its[-1]
    return highest


class OpenElements:
    """The elements open at a place of a page, and which of them keep their tags.

    `warnings` says which limits were hit. `before` is to be written before the tag that was opened last.
    """

    def __init__(self) -> None:
        self.warnings: dict[str, None] = {}
        self.before = ""
        self._stack: list[str] = []
        self._kept: list[bool] = []  # of every element in the stack: whether its tags stay
        self._formats_below: list[int] = []  # of the formatting elements open when each was opened: how many still are
        self._places: dict[str, list[int]] = {}  # name → where it stands in the stack
        self._barriers: list[int] = []
        self._all_specials: list[int] = []
        self._specials: list[int] = []  # less those that the search for an open <li> passes over
        self._open_formats: dict[str, int] = {}
        self._format_depth = 0
        self._dropped_formats: dict[str, int] = {}
        self._active: dict[str, list[str]] = {}  # formatting elements that a new block opens again
        self._active_tags: dict[str, int] = {}
        self._active_count = 0
        self._clones = 0
        self._drop_formats = False
        self._saved: list[tuple[dict[str, list[str]], dict[str, int], int, dict[str, int], int]] = []
        self._roots = 0

    @property
    def foreign(self) -> bool:
        """Whether SVG or MathML is open."""
        places = self._places
        for name in FOREIGN:  # noqa: SIM110 (as in `_last`)
            if places.get(name):
                return True
        return False

    def open(self, name: str, tag: str) -> bool:
        """Take in an opening tag; whether it stays in the page."""
        if self.foreign:
            if tag.endswith("/>") and name not in LEAVE_FOREIGN and not any(map(self._places.get, HTML_IN_FOREIGN)):
                return True
        elif name in VOID:
            return True
        elif name in ROOTS:
            self._roots += len(tag) > len(name) + 2
            if self._roots > MAX_ROOTS:
                self.warn(f"html and body tags after the first {MAX_ROOTS} were removed")
                return False
            return True
        elif name in FORMATTING:
            return self._open_format(name, tag)
        elif self._ignored(name):
            return True
        else:
            self._close_implied(name)
        stack, places = self._stack, self._places
        self._clones += self._active_count
        if self._clones > MAX_CLONES and self._active_count:
            self.before = self._close_formats()
        at = len(stack)
        stack.append(name)
        self._formats_below.append(self._format_depth)
        places.setdefault(name, []).append(at)
        if name in BARRIERS:
            self._barriers.append(at)
            self._saved.append(
                (self._active, self._active_tags, self._active_count, self._open_formats, self._format_depth)
            )
            # A marker: formatting elements before it are not opened again behind it.
            self._active, self._active_tags, self._active_count = {}, {}, 0
            self._open_formats = dict(self._open_formats)
        if name in SPECIAL:
            self._all_specials.append(at)
            if name not in PASSED_OVER:
                self._specials.append(at)
        keep = self._fits(at + self._format_depth)
        self._kept.append(keep)
        return keep

    def _ignored(self, name: str) -> bool:
        """Whether an opening tag makes no element: a form in a form, a part of a table outside one."""
        if self._places.get("template"):
            return False
        if name == "form":  # also after the end of the element that holds the first form
            return bool(self._places.get("form"))
        return name in TABLE_PARTS and name != "table" and not self._places.get("table")

    def _close_implied(self, name: str) -> None:
        """Closes what an opening tag closes."""
        stack, places = self._stack, self._places
        if name in CLOSES_P:
            self._close_same(("p",), self._barriers, places.get("button", ()), *self._walls(name))
        if name in SAME_ON_TOP:
            if stack and stack[-1] in SAME_ON_TOP[name] and self._format_depth <= self._formats_below[-1]:
                self._pop_to(len(stack) - 1)
        elif name in RUBY_PARTS and places.get("ruby"):
            while stack and stack[-1] in IMPLIED_END:
                self._pop_to(len(stack) - 1)
        elif name in SAME:
            self._close_same(SAME[name], self._specials)
        elif name == "button":
            self._close_same(("button",), self._barriers)
        elif name in SAME_IN_TABLE and places.get("table"):
            self._close_same(SAME_IN_TABLE[name], places["table"], places.get("template", ()))

    def warn(self, warning: str) -> None:
        """Note that a limit was hit."""
        self.warnings[warning] = None

    def _fits(self, depth: int) -> bool:
        if depth < limits.MAX_DEPTH:
            return True
        self.warn(limits.TOO_DEEP)
        return False

    def _open_format(self, name: str, tag: str) -> bool:
        if self._drop_formats and name != "a":
            return False
        if name in ("a", "nobr") and self._active.get(name):
            self._close_format(name)
        if not self._fits(len(self._stack) + self._format_depth):
            self._dropped_formats[name] = self._dropped_formats.get(name, 0) + 1
            return False
        self._format_depth += 1
        self._open_formats[name] = self._open_formats.get(name, 0) + 1
        # Of equal formatting elements, the last three are opened again ("Noah's Ark clause").
        if self._active_tags.get(tag, 0) < 3:
            self._active_tags[tag] = self._active_tags.get(tag, 0) + 1
            self._active.setdefault(name, []).append(tag)
            self._active_count += 1
        return True

    def _close_format(self, name: str) -> bool:
        if self._dropped_formats.get(name):
            self._dropped_formats[name] -= 1
            return False
        if self._open_formats.get(name):
            self._open_formats[name] -= 1
            self._format_depth -= 1
            if self._formats_below:
                self._formats_below[-1] = min(self._formats_below[-1], self._format_depth)
        if tags := self._active.get(name):
            self._active_tags[tags.pop()] -= 1
            self._active_count -= 1
        return not self._drop_formats or name == "a"

    def _close_formats(self) -> str:
        """The closing tags of what would be opened again in every block from here on."""
        self.warn("formatting elements left open were closed")
        closing = "".join(f"</{name}>" * len(tags) for name, tags in self._active.items())
        self._active, self._active_tags, self._active_count = {}, {}, 0
        self._drop_formats = True
        return closing

    def close(self, name: str) -> bool:
        """Take in a closing tag; whether it stays in the page."""
        its = self._places.get(name)
        if name in FORMATTING and not its:  # it has a place in the stack if it stands in SVG
            return self._close_format(name)
        if not its:
            return True
        at = its[-1]
        if name in TABLE_PARTS:
            wall = _last(self._places.get("table", ()))
        elif name in SPECIAL and name not in FOREIGN and name not in HTML_IN_FOREIGN:
            wall = _last(self._barriers, *self._walls(name))
        else:
            wall = _last(self._all_specials)
        if wall > at:
            return True  # out of scope: the parser ignores it
        keep = self._kept[at]
        if name == "form" and at < len(self._stack) - 1 and not self._places.get("template"):
            # The form ends, and what stands in it stays open: its place in the stack is kept under another name.
            its.pop()
            self._stack[at] = _ENDED_FORM
            self._places.setdefault(_ENDED_FORM, []).append(at)
        else:
            self._pop_to(at)
        return keep

    def _walls(self, name: str) -> list[Sequence[int]]:
        """Where elements stand that hide those around them from a tag of this name, besides the barriers."""
        return [self._places.get(wall, ()) for wall in ("select", "frameset") if wall != name]

    def _close_same(self, names: tuple[str, ...], *walls: Sequence[int]) -> None:
        """Closes the last elements of these names if they stand behind all walls."""
        wall = _last(*walls)
        for name in names:
            its = self._places.get(name)
            if its and its[-1] >= wall and its[-1] < len(self._stack):
                self._pop_to(its[-1])

    def _pop_to(self, at: int) -> None:
        stack, places, barriers = self._stack, self._places, self._barriers
        while len(stack) > at:
            places[stack.pop()].pop()
        below = self._formats_below
        if 0 < at < len(below):
            below[at - 1] = min(below[at - 1 :])
        del self._kept[at:], below[at:]
        for places_of_specials in (self._specials, self._all_specials):
            while places_of_specials and places_of_specials[-1] >= at:
                places_of_specials.pop()
        while barriers and barriers[-1] >= at:
            barriers.pop()
            self._active, self._active_tags, self._active_count, self._open_formats, self._format_depth = (
                self._saved.pop()
            )
