"""Plain text → `Lines`: physical lines, with hard-wrapped paragraphs put together and Markdown understood.

Spans index the caller's own string, whatever its line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

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
#: How a line begins that may open or close a block of code.
_FENCES = ("```", "~~~")
#: A thematic break is at least so many of one of these signs, and nothing else but spaces between them.
_MIN_BREAK, _BREAK_SIGNS = 3, "*-_"
#: What a row of a table begins and ends with: one of cells, or a ruled one such as `+---+---+`.
_ROW_ENDS = "|+"


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
    for tag_all, paragraph in _paragraphs(text, begin, rest):
        tag_all = tag_all or _whole(text, paragraph)
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


def _paragraphs(text: str, begin: int, end: int) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Spans of the non-blank lines, stripped, grouped by the blank lines between them, each group with its tag.

    A block of code is one group, tagged "pre"; what others are is not told here.
    """
    rows = text[begin:end].splitlines(keepends=True)
    fences = _fences(rows) if any(fence in text for fence in _FENCES) else {}
    group: list[tuple[int, int]] = []
    at = begin
    last_of_code = -1
    for i, raw in enumerate(rows):
        body = raw.strip()
        start = at + len(raw) - len(raw.lstrip())
        at += len(raw)
        if group and i > last_of_code and (i in fences or not body):
            yield "", group
            group = []
        last_of_code = fences.get(i, last_of_code)
        if body:
            group.append((start, start + len(body)))
        if i == last_of_code:
            yield "pre", group
            group = []
    if group:
        yield "", group


class _Fence(NamedTuple):
    """A line that may open or close a block of code: of which signs, how many, and what stands behind them.

    `underlines`: the line above is not longer, so that it may be a heading, as in reStructuredText.
    """

    row: int
    sign: str
    length: int
    info: str
    underlines: bool

    @property
    def opens(self) -> bool:
        if self.sign == "`":
            return "`" not in self.info  # else code in the line, which closes there
        return not self.underlines  # never so of "~~~": that is how most fences of tildes begin


def _fences(rows: list[str]) -> dict[int, int]:
    """The first and the last row of each block of code, as CommonMark has them; one that nothing closes is none.

    Linear: whether something closes a fence is known before it is looked for.

    >>> _fences(["````", "```", "````", "~~~ `a`", "~~~", "```b``` c", "```"])
    {0: 2, 3: 4}
    """
    found = [_fence(rows, i, body) for i, row in enumerate(rows) if (body := row.strip()).startswith(_FENCES)]
    longest = dict.fromkeys("`~", 0)
    to_come = []  # for each, the length of the longest behind it that may close it
    for fence in reversed(found):
        to_come.append(longest[fence.sign])
        if not fence.info:
            longest[fence.sign] = max(longest[fence.sign], fence.length)
    blocks = {}
    first: _Fence | None = None
    for fence, closing in zip(found, reversed(to_come), strict=True):
        if first is None:
            if fence.opens and fence.length <= closing:
                first = fence
        elif not fence.info and fence.sign == first.sign and fence.length >= first.length:
            blocks[first.row] = fence.row
            first = None
    return blocks


def _fence(rows: list[str], row: int, body: str) -> _Fence:
    info = body.lstrip(body[0])
    length = len(body) - len(info)
    above = len(rows[row - 1].strip()) if row else 0
    underlines = not info and length > len(_FENCES[0]) and 0 < above <= length
    return _Fence(row, body[0], length, info, underlines)


def _whole(text: str, paragraph: list[tuple[int, int]]) -> str:
    """The tag of a paragraph that is one line although it stands on several; empty where it is not."""
    if len(paragraph) < 2:
        return ""
    width = max(end - start for start, end in paragraph)
    if not _MIN_WRAP <= width <= _MAX_WRAP:
        return ""
    for (start, end), (next_start, next_end) in pairwise(paragraph):
        line, next_line = text[start:end], text[next_start:next_end]
        if HEADING.match(next_line) or ITEM.match(next_line) or HEADING.match(line):
            return ""
        first_word = next_line.split(None, 1)[0]
        if end - start + 1 + len(first_word) < width - 2:  # the word had room: the break was meant
            return ""
        if _are_rows(line, next_line):
            return ""
        if any(_is_break(row) and row[0] != "-" for row in (line, next_line)):  # of "-", it may be an underline
            return ""
    start, end = paragraph[0]
    return _tag(text[start:end])


def _are_rows(line: str, next_line: str) -> bool:
    """Whether two lines are rows of a table or of a list of addresses: these may be as wide as each other.

    >>> _are_rows("| Tea | 2 |", "|-----|---|"), _are_rows("https://a.example/1", "https://a.example/2")
    (True, True)
    >>> _are_rows("as is written in", "https://a.example/2")
    False
    """
    return all(row[0] in _ROW_ENDS and row[-1] in _ROW_ENDS for row in (line, next_line)) or all(
        row.startswith(("http://", "https://")) and len(row.split(None, 1)) == 1 for row in (line, next_line)
    )


def _is_break(content: str) -> bool:
    """Whether a line is drawn between two parts of a text: `* * *`."""
    sign = content[0]
    return sign in _BREAK_SIGNS and content.count(sign) >= _MIN_BREAK and not content.strip(f"{sign} \t")


def _tag(content: str) -> str:
    """The element that Markdown would make of a line."""
    if content.startswith("#") and HEADING.match(content):
        return "h2"
    if content.startswith(">"):
        return "blockquote"
    return "li" if ITEM.match(content) and not _is_break(content) else "p"


def _link_chars(content: str) -> int:
    if "](" not in content and "://" not in content:
        return 0
    return sum(len(match.group(1) or match.group(0)) for match in _LINK.finditer(content))
