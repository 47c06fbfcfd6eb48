"""A result → Markdown (CommonMark, with the tables of GitHub's)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dechaff.output.blocks import Block, Container, blocks_of, shared
from dechaff.output.tables import Cell, Rows
from dechaff.output.text import encodable
from dechaff.result import Result

# None of these can backtrack: alternatives start with different characters, and every repetition either is bounded
# or ends where its class ends.

#: Characters that mean something wherever they stand: a backslash before punctuation, code, emphasis, strike-through,
#: the middle of a link, a tag, an entity.
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|\Z)|`|(?<=\S)\*|\*(?=\S)|(?<![^\W_])_(?=\S)|(?<=\S)_(?![^\W_])"
    r"|~(?=~)|(?<=[\w~])~|\](?=[(:])|<(?=[A-Za-z/!?])|&(?=#?\w{1,32};)"
)

#: What makes a block of a line that starts with it: a heading, a quotation, an item, a task, a rule, a table.
_START = re.compile(r"#{1,6}(?=\s|\Z)|>|[-+*_](?=\s|\Z)|=+\Z|\[(?=[ xX]\])|[-:|][-:|\s]*\Z")
_NUMBER = re.compile(r"([0-9]{1,9})([.)])(?=\s|\Z)")

#: A star that is no emphasis where it stands; at an edge of bold text it would be taken for one of the stars there.
_LONE_STAR = re.compile(r"(?<!\S)\*(?!\S)")

#: Number signs that would close a heading.
_CLOSING = re.compile(r"(?<=\s)#+\Z")

#: What may mark an item: a bullet, or what follows its number.
_MARKS = {"ul": "-*", "ol": ".)"}

#: Containers that put nothing before their lines.
_FLAT = frozenset({"dl", "dt", "dd"})

_NEWLINE = re.compile(r"\r\n?|\n")
_BACKTICKS = re.compile(r"`+")


def to_markdown(result: Result) -> str:
    r"""The title and the kept lines of a page as Markdown; the text of a plain-text document, unchanged
    but for lone surrogates, which become U+FFFD.

    Characters that Markdown would take for markup are escaped, so that the words come out as they stood.

    >>> from dechaff.labels import Label
    >>> from dechaff.result import Line, PageScores, Result
    >>> def line(text, path, shared=0):
    ...     return Line(0, text, 0, 0, Label.CONTENT, 1.0, {}, True, True, 0.0, path, _shared=shared)
    >>> lines = (line("1. <b> is a tag", "p"), line("pear", "ul > li"), line("fig", "ul > li", 1))
    >>> print(to_markdown(Result("", lines, (), "", "A # title", PageScores(), "ok", "html")))
    # A # title
    <BLANKLINE>
    1\. \<b> is a tag
    <BLANKLINE>
    - pear
    - fig
    """
    if result.kind == "text":
        return encodable(result.text)
    parts: list[str] = []
    if result.title.strip():
        parts.append(f"# {_heading(result.title)}")
    before: tuple[Container, ...] = ()
    indents: list[str] = []  # what each container puts before every line but its first
    numbers: list[int] = []  # items that each container has had
    marks: list[str] = []  # what marks the items of each container
    for block in blocks_of(result):
        common = shared(before, block.containers)
        mark = _other_mark(block.containers[common:], before[common:], marks[common:])
        del indents[common:], numbers[common:], marks[common:]
        indent = "".join(indents)
        if parts:
            parts.append("\n" if _tight(block.containers, common) else f"\n{indent.rstrip()}\n")
        first = indent
        for i in range(common, len(block.containers)):
            marker = after = ""
            tag = block.containers[i].tag
            if tag == "li":
                ordinal = block.containers[i].ordinal
                numbers[-1] = numbers[-1] + 1 if ordinal is None else ordinal
                marker = f"{numbers[-1]}{marks[-1]} " if block.containers[i - 1].tag == "ol" else f"{marks[-1]} "
                after = " " * len(marker)
            elif tag == "blockquote":
                marker = after = "> "
            first += marker
            indents.append(after)
            numbers.append(0 if (start := block.containers[i].ordinal) is None else start - 1)
            marks.append(mark if mark and tag in _MARKS else _MARKS.get(tag, "")[:1])
            mark = "" if tag in _MARKS else mark  # of these, only the outermost list stands behind the other
        indent = "".join(indents)
        head, *rest = _body(block) or [""]
        parts.append("\n".join([first + head, *(indent + line if line else indent.rstrip() for line in rest)]))
        before = block.containers
    return encodable("".join(parts))


def _other_mark(opened: Sequence[Container], closed: Sequence[Container], marks: Sequence[str]) -> str:
    """What marks the items of a list right behind another of its kind, which Markdown would take for one list.

    `marks` are those of the `closed`, outermost first. Both lists may stand in containers of which Markdown shows
    nothing.
    """
    before = next(((its.tag, mark) for its, mark in zip(closed, marks, strict=True) if its.tag not in _FLAT), ("", ""))
    after = next((its.tag for its in opened if its.tag not in _FLAT), "")
    return _MARKS.get(after, "").replace(before[1], "") if before[0] == after else ""


def _tight(containers: tuple[Container, ...], common: int) -> bool:
    """Whether a block opens an item, or a list in an item, of a list that is already open: no blank line then."""
    if not 0 < common < len(containers):
        return False
    opened = containers[common]
    if opened.tag == "ol":  # right behind a paragraph, a number above 1 is one of its words
        said = [container.ordinal for container in (containers[common + 1], opened) if container.ordinal is not None]
        return not said or said[0] == 1
    return opened.tag in ("li", "ul")


def _body(block: Block) -> list[str]:
    """The physical lines of a block, without what its containers put before them."""
    if block.kind == "table":
        return _table(block.rows)
    if block.kind == "code":
        fence = _fence(block.lines[0], at_least=3)
        return [fence, *_NEWLINE.split(block.lines[0]), fence]
    if block.kind == "heading":
        return [f"{'#' * block.level} {_heading(' '.join(block.lines))}"]
    lines = [line.strip() for text in block.lines for line in _NEWLINE.split(text)]
    if block.containers and block.containers[-1].tag == "dt":
        term = _LONE_STAR.sub(r"\*", _inline(" ".join(" ".join(lines).split())))
        return [f"**{term}**"]
    escaped = [_line(line) for line in lines if line]
    return [*(f"{line}  " for line in escaped[:-1]), *escaped[-1:]]  # two spaces: the line break is meant


def _table(rows: Rows) -> list[str]:
    """Rows with a bar between cells. The first is the header: Markdown has no table without one."""
    # Only header and rule get all columns, which a table needs: shorter rows may stand, and one long row among
    # many short ones must not cost their product.
    width = max(len(row) for row in rows)
    cells = [[_cell(cell) for cell in row] for row in rows]
    cells[0] += [""] * (width - len(cells[0]))
    written = [f"| {' | '.join(row)} |" for row in cells]
    return [written[0], f"| {' | '.join(['---'] * width)} |", *written[1:]]


def _cell(cell: Cell) -> str:
    """A cell, which cannot have several lines: code in it has a tag between its own."""
    written = ""
    after_code = False
    for text, code in cell.pieces:
        if written:
            written += "<br>" if code or after_code else " "
        if code:
            written += "<br>".join(map(_code_span, _NEWLINE.split(text)))
        else:
            written += _inline(" ".join(text.split()))
        after_code = code
    return written.replace("|", r"\|")


def _code_span(line: str) -> str:
    """A line of code inside other text, with the spaces it begins with."""
    code = line.rstrip()
    if not code:
        return ""
    fence = _fence(code, at_least=1)
    space = " " if code.startswith("`") or code.endswith("`") else ""  # one on both sides is taken away again
    return f"{fence}{space}{code}{space}{fence}"


def _fence(code: str, at_least: int) -> str:
    """Backticks to put around code: more than it has in a row."""
    longest = max(map(len, _BACKTICKS.findall(code)), default=0)
    return "`" * max(at_least, longest + 1)


def _heading(text: str) -> str:
    return _CLOSING.sub(r"\\\g<0>", _line(" ".join(text.split())))


def _line(text: str) -> str:
    """A line of a paragraph, escaped where Markdown would read more than words."""
    escaped = _inline(text)
    if _START.match(text) and escaped[:1] == text[:1]:
        return "\\" + escaped
    return _NUMBER.sub(r"\1\\\2", escaped, count=1) if _NUMBER.match(text) else escaped


def _inline(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", text)
