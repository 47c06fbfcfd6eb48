"""A result → a clean HTML document of its kept parts."""

from __future__ import annotations

from html import escape

from dechaff.lines.ordinals import SAID_BY
from dechaff.output.blocks import Block, Container, blocks_of, shared
from dechaff.output.tables import Cell
from dechaff.output.text import encodable
from dechaff.result import Result


def to_html(result: Result) -> str:
    """A complete HTML document: title, headings, paragraphs, lists, quotations, code, tables and captions.

    It holds no script, link or attribute of the page but the numbers of its lists, and everything the page said is
    escaped. The title is its only `<h1>`: where there is one, headings of the page start at `<h2>`.

    >>> from dechaff.labels import Label
    >>> from dechaff.result import Line, PageScores, Result
    >>> line = Line(0, "1 < 2", 0, 5, Label.CONTENT, 1.0, {}, True, True, 0.0, "body > p.x")
    >>> print(to_html(Result("1 < 2", (line,), (), "1 < 2", "Sums", PageScores(), "ok", "html")))
    <!DOCTYPE html>
    <html>
    <head>
    <meta charset="utf-8">
    <title>Sums</title>
    </head>
    <body>
    <h1>Sums</h1>
    <p>1 &lt; 2</p>
    </body>
    </html>
    <BLANKLINE>
    """
    title = escape(" ".join(result.title.split()))
    parts = ["<!DOCTYPE html>\n<html>\n<head>\n", '<meta charset="utf-8">\n', f"<title>{title}</title>\n"]
    parts.append("</head>\n<body>\n")
    if title:
        parts.append(f"<h1>{title}</h1>\n")
    open_: tuple[Container, ...] = ()
    for block in blocks_of(result):
        common = shared(open_, block.containers)
        parts.extend(f"</{container.tag}>\n" for container in reversed(open_[common:]))
        parts.extend(f"<{container.tag}{_ordinal(container)}>\n" for container in block.containers[common:])
        open_ = block.containers
        parts.append(_element(block, top=2 if title else 1, first=common < len(block.containers)))
    parts.extend(f"</{container.tag}>\n" for container in reversed(open_))
    parts.append("</body>\n</html>\n")
    return encodable("".join(parts))


def _ordinal(container: Container) -> str:
    """The attribute from where on a list is numbered, or by which an item is."""
    return "" if container.ordinal is None else f' {SAID_BY[container.tag]}="{container.ordinal}"'


def _element(block: Block, top: int, first: bool) -> str:
    """A block as an element. Text that stands directly in its item needs none, if it is the first there: after other
    text it would run on."""
    if block.kind == "table":
        return f"<table>\n{''.join(map(_row, block.rows))}</table>\n"
    if block.kind == "code":
        return f"<pre>\n{escape(block.lines[0])}</pre>\n"  # parsers skip a newline that starts a <pre>
    text = "<br>\n".join(map(escape, block.lines))
    if block.kind == "heading":
        level = max(block.level, top)
        return f"<h{level}>{text}</h{level}>\n"
    if block.kind == "caption":
        return f"<figure><figcaption>{text}</figcaption></figure>\n"
    return f"{text}\n" if block.bare and first else f"<p>{text}</p>\n"


def _row(row: tuple[Cell, ...]) -> str:
    cells = (("th" if cell.header else "td", _cell(cell)) for cell in row)
    return f"<tr>{''.join(f'<{tag}>{text}</{tag}>' for tag, text in cells)}</tr>\n"


def _cell(cell: Cell) -> str:
    """The pieces of a cell; code, which keeps its spaces, breaks the line by itself."""
    written = ""
    broken = True
    for text, code in cell.pieces:
        if code:
            written += f"<pre>\n{escape(text)}</pre>"
        else:
            written += ("" if broken else "<br>") + escape(text).replace("\n", "<br>")
        broken = code
    return written
