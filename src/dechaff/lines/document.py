"""Any document a user may hand over → `Lines`: the one door into the pipeline."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from dechaff import limits
from dechaff.hidden.characters import unveil
from dechaff.lines.decode import binary_kind, decode
from dechaff.lines.html import lines_of_html, lines_of_utf8
from dechaff.lines.kind import kind_of
from dechaff.lines.table import Lines
from dechaff.result import Kind

if TYPE_CHECKING:
    import bs4

#: What `clean` takes: HTML or plain text, or a tree.
Document: TypeAlias = "str | bytes | bytearray | memoryview | bs4.Tag"
KindOption = Literal["auto", "html", "text"]
_KINDS = get_args(KindOption)

#: What is left of a byte order mark in a str that was read without regard to it; HTML parsers take it for text.
_BOM = "\ufeff"


def lines_of(document: Document, kind: KindOption = "auto", collapsed: bool = True) -> Lines:
    """The lines of a document. `kind` says what a `str` or bytes hold; a soup is always HTML. `collapsed` says that
    what a reader can open is seen.

    Raises `TypeError` on a document of another type and `ValueError` on another kind; no `str` or bytes raise.

    >>> lines_of(b"<p>One</p><p>Two</p>").texts, lines_of("One < two").kind
    (['One', 'Two'], 'text')
    """
    if kind not in _KINDS:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(_KINDS)}")
    if isinstance(document, (bytes, bytearray, memoryview)):
        data = bytes(document)
        lines, blank = _lines_of_bytes(data, kind, collapsed), not data.strip()
    elif isinstance(document, str):
        text = str.__str__(document)  # a string of a soup, which is a str, too, would keep the whole tree alive
        lines, blank = _lines_of_str(text, kind, collapsed), not text.strip()
    elif is_soup(document):
        from dechaff.lines.soup import lines_of_soup

        lines, blank = lines_of_soup(document, collapsed).lines, not document.contents
    else:
        raise TypeError(f"a document is a str, bytes or a BeautifulSoup tree, not {type(document).__name__}")
    if not len(lines) and not lines.warnings:
        lines.warnings.append("the document is empty" if blank else "no text was found")
    return lines


def is_soup(document: Any) -> bool:
    """Whether a document is a BeautifulSoup or a Tag. Does not import bs4: who has a tree has imported it."""
    bs4_module = sys.modules.get("bs4")
    return bs4_module is not None and isinstance(document, bs4_module.Tag)


def _lines_of_bytes(data: bytes, kind: KindOption, collapsed: bool) -> Lines:
    binary = binary_kind(data)
    if binary is not None:
        made: Kind = "html" if kind == "auto" else kind
        return Lines(kind=made, warnings=[f"the document is neither page nor text: {binary}"])
    decoded = decode(data)
    kind = kind_of(decoded.text) if kind == "auto" else kind
    as_it_is = decoded.encoding == "utf-8" and not decoded.warnings and b"\0" not in data
    if kind == "html" and as_it_is and len(data) <= limits.MAX_DOCUMENT_CHARS:
        lines = lines_of_utf8(data.removeprefix(BOM_UTF8), collapsed)  # saves encoding what was just decoded
    else:
        lines = _lines_of_str(decoded.text, kind, collapsed)
    lines.warnings.extend(decoded.warnings)
    return lines


def _lines_of_str(text: str, kind: KindOption, collapsed: bool) -> Lines:
    kind = kind_of(text) if kind == "auto" else kind
    limit = limits.MAX_DOCUMENT_CHARS
    if kind == "text":
        # Imported here: who cleans pages reads no plain text.
        from dechaff.lines.text import lines_of_text

        lines = lines_of_text(text, limit)
        unveil(lines)
        if len(text) > limit:
            lines.limited = True
            lines.warnings.append(f"the text after the first {limit} characters was left as one line")
        return lines
    lines = lines_of_html(text[:limit].removeprefix(_BOM), collapsed)
    if len(text) > limit:
        lines.limited = True
        lines.warnings.append(f"only the first {limit} characters were read")
    return lines
