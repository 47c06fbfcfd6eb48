"""Plain text → `Lines`: physical lines, with hard-wrapped paragraphs put together and Markdown understood.

Spans index the caller's own string, whatever its line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from dechaff import limits
from dechaff.lines.table import Joint, Lines

#: A wrapped paragraph is at most this wide; wider lines are not the work of a wrapping editor.
_MAX_WRAP = 120

#: A wrapped paragraph is at least this wide, so that verse and addresses stay lines of their own.
_MIN_WRAP = 40

# None of these can backtrack: every repetition is bounded or followed by a character it cannot match.
_LINK = re.compile(r"\[([^\]\[\n]{1,300})\]\([^()\s]{1,2000}\)|https?://[^\s<>\")]{1,2000}")
#: What makes a heading, or an item of a list, of a line that starts with it.
HEADING = re.compile(r"#{1,6}\s")
ITEM = re.compile(r"(?:[-*+•–]|\d{1,3}[.)])\s")
_FENCE = re.compile(r"(?:```|~~~)")


def lines_of_text(text: str, limit: int = limits.MAX_DOCUMENT_CHARS) -> Lines:
    r"""The lines of a plain text or Markdown document.

    A paragraph broken at a fixed width is one line; a fenced block of code is one line. In a text of more than
    `limit` characters, the physical line in which the limit falls is one line with all that comes after it.

    >>> lines = lines_of_text("One line.\r\n\r\n# Two\r\nthree [four](http://x.y)\r\n")
    >>> lines.texts, [lines.source[a:b] for a, b in zip(lines.starts, lines.ends)] == lines.texts
    (['One line.', '# Two', 'three [four](http://x.y)'], True)
    >>> [joint.name for joint in lines.joints], lines.link_chars
    (['PARAGRAPH', 'PARAGRAPH', 'LINE'], [0, 0, 4])
    """
    lines = Lines(kind="text", source=text)
    blocks = {tag: lines.containers.add(0, tag) for tag in ("p", "h2", "li", "blockquote", "pre")}
    begin = int(text.startswith("\ufeff"))  # a byte order mark is no part of the first line
    rest = len(text) if len(text) <= limit else max(begin, _line_start(text, limit))
    for paragraph in _paragraphs(text, begin, rest):
        tag_all = _whole(text, paragraph)
        if tag_all:
            paragraph = [(paragraph[0][0], paragraph[-1][1])]
        for i, (start, end) in enumerate(paragraph):
            content = text[start:end]
            block = blocks[tag_all or _tag(content)]
            lines.add(content, Joint.LINE if i else Joint.PARAGRAPH, _link_chars(content), block, block)
            lines.starts.append(start)
            lines.ends.append(end)
    content = text[rest:].strip()
    if content:
        start = text.index(content[0], rest)
        same_paragraph = bool(lines.ends) and text.count("\n", lines.ends[-1], start) == 1
        lines.add(content, Joint.LINE if same_paragraph else Joint.PARAGRAPH, 0, blocks["p"], blocks["p"])
        lines.starts.append(start)
        lines.ends.append(start + len(content))
    return lines


def _line_start(text: str, at: int) -> int:
    """Where the physical line begins in which a character stands."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _paragraphs(text: str, begin: int, end: int) -> Iterator[list[tuple[int, int]]]:
    """Spans of the non-blank lines, stripped, grouped by the blank lines between them; a fence is one group."""
    group: list[tuple[int, int]] = []
    at = begin
    fenced = False
    for raw in text[begin:end].splitlines(keepends=True):
        body = raw.strip()
        start = at + len(raw) - len(raw.lstrip())
        at += len(raw)
        fence = _FENCE.match(body) is not None
        if group and not fenced and (fence or not body):
            yield group
            group = []
        if body:
            group.append((start, start + len(body)))
        if fence:
            if fenced:
                yield group
                group = []
            fenced = not fenced
    if group:
        yield group


def _whole(text: str, paragraph: list[tuple[int, int]]) -> str:
    """The tag of a paragraph that is one line although it stands on several; empty where it is not."""
    if len(paragraph) < 2:
        return ""
    first, last = (text[a:b] for a, b in (paragraph[0], paragraph[-1]))
    if _FENCE.match(first):
        return "pre" if _FENCE.match(last) else ""
    width = max(end - start for start, end in paragraph)
    if not _MIN_WRAP <= width <= _MAX_WRAP:
        return ""
    for (start, end), (next_start, next_end) in pairwise(paragraph):
        next_line = text[next_start:next_end]
        if HEADING.match(next_line) or ITEM.match(next_line) or HEADING.match(text[start:end]):
            return ""
        first_word = next_line.split(None, 1)[0]
        if end - start + 1 + len(first_word) < width - 2:  # the word had room: the break was meant
            return ""
    return _tag(first)


def _tag(content: str) -> str:
    """The element that Markdown would make of a line."""
    if content.startswith("#") and HEADING.match(content):
        return "h2"
    if content.startswith(">"):
        return "blockquote"
    return "li" if ITEM.match(content) else "p"


def _link_chars(content: str) -> int:
    if "](" not in content and "://" not in content:
        return 0
    return sum(len(match.group(1) or match.group(0)) for match in _LINK.finditer(content))
