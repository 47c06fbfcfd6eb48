"""Lines of plain text → the same without their Markdown marks, at the path of the element that these make of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile

from dechaff.labels import Label
from dechaff.lines.text import HEADING, ITEM
from dechaff.output.text import with_newlines
from dechaff.result import Line

# None of these can backtrack: what is repeated cannot match what comes next.
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_CLOSING = re.compile(r"(?<=\s)#+\Z")
#: What stands for a break between two parts of a text. Stars and dashes with spaces between them look like items.
_BREAK = re.compile(r"([-*_])[ \t]*(?:\1[ \t]*){2,}\Z")

_ITEMS = ("ul > li", "ol > li")
#: What a line without marks goes on with, right behind it.
_GO_ON = ("p", "blockquote", *_ITEMS)


def unmarked(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines of a plain text as those of a page with headings, lists, quotations and code.

    Lists inside lists are laid flat, and so are quotations; marks inside a line stay.

    >>> def line(text, path, glue="line"):
    ...     return Line(0, text, 0, 0, Label.CONTENT, 1.0, {}, True, True, 0.0, path, glue)
    >>> text = [line("# Fruit", "h2"), line("1. pear", "li"), line("or fig", "p"), line("2. plum", "li")]
    >>> for made in unmarked(text):
    ...     print(made.path, made.glue, made.text)
    h1 paragraph Fruit
    ol > li paragraph pear
    ol > li line or fig
    ol > li paragraph plum
    """
    above = ""  # the path of the block that is open
    gap = False  # a line of nothing but marks came: a new paragraph of a quotation
    numbers = _Numbers()
    for line in lines:
        if line.label is Label.HIDDEN:
            continue
        path, words = _read(line.path, with_newlines(line.text))
        if not words:
            gap = True
            continue
        follows = line.glue == "line"
        if follows and not gap and (path == above == "blockquote" or (path == "p" and above in _GO_ON)):
            yield replace(line, text=words, path=above, _shared=len(above.split(" > ")))
        else:
            same = path == above and (follows or path in _ITEMS)
            said = numbers.next(line.text, same) if path == "ol > li" else ()
            yield replace(line, text=words, path=path, glue="paragraph", _shared=int(same), _ordinals=said)
            above = path
        gap = False


class _Numbers:
    """The numbers of the items of a list, of which those are said that do not follow by themselves."""

    def __init__(self) -> None:
        self.said = 0
        self.count = 0

    def next(self, text: str, same: bool) -> tuple[tuple[int, int], ...]:
        """What an item says, as `Line._ordinals` has it; `same` is that its list is open.

        >>> numbers = _Numbers()
        >>> numbers.next("2. b", same=False), numbers.next("3. c", same=True), numbers.next("5. e", same=True)
        (((0, 2),), (), ((1, 5),))
        """
        number = int("".join(takewhile(str.isdecimal, text)))
        expected = self.count + 1 if same else 1
        follows = number == expected or (same and number == self.said)  # Markdown counts, whatever the others say
        self.said, self.count = number, expected if follows else number
        return () if follows else ((int(same), number),)


def _read(path: str, text: str) -> tuple[str, str]:
    """Where a line stands, and its words."""
    if _BREAK.match(text):
        return "hr", text
    if path == "h2" and (mark := HEADING.match(text)):
        return f"h{mark.end() - 1}", _CLOSING.sub("", text[mark.end() :].strip()).rstrip()
    if path == "li" and (mark := ITEM.match(text)):
        return "ol > li" if text[0].isdigit() else "ul > li", text[mark.end() :].lstrip()
    if path == "blockquote":
        return path, _QUOTE.sub("", text).strip()
    if path == "pre":
        return path, "\n".join(text.split("\n")[1:-1])  # without its fences
    return path, text
