"""Kept lines → plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dechaff.lines.table import Joint
from dechaff.result import Line

_JOINTS = {"paragraph": Joint.PARAGRAPH, "line": Joint.LINE, "cell": Joint.CELL}

#: What stands between two kept lines, by the strongest joint between them; the lower its number, the stronger it is.
#: A tuple, for the hash of a member of an enumeration costs more than all else that is done for a line.
_BETWEEN = ("\n\n", "\n", " | ", " ")

#: Halves of characters, which UTF-8 cannot write.
_SURROGATE = re.compile("[\ud800-\udfff]")


def to_text(lines: Iterable[tuple[str, Joint, bool]]) -> str:
    r"""The kept ones of `lines` (text, joint, kept), joined: a blank line between paragraphs, ` | ` between cells,
    a space between lines of one cell.

    Give all lines of the document, dropped ones too: where a dropped line began a paragraph or a row, the first
    kept line after it begins it.

    >>> to_text([("One", Joint.PARAGRAPH, True), ("Ad", Joint.PARAGRAPH, False), ("two", Joint.LINE, True)])
    'One\n\ntwo'
    >>> row = [("a", Joint.PARAGRAPH, True), ("b", Joint.CELL, True)]
    >>> to_text([*row, ("c", Joint.LINE, False), ("d", Joint.CELL, True)])
    'a | b\nd'
    """
    parts: list[str] = []
    strongest = weakest = Joint.WITHIN  # the strongest joint since the last kept line
    for text, joint, kept in lines:
        if joint < strongest:
            strongest = joint
        if kept:
            parts += (_BETWEEN[strongest], text)
            strongest = weakest
    return with_newlines("".join(parts[1:]))


def joint_of(line: Line) -> Joint:
    """How a line joins the one before it, which `Line.glue` says but for lines of one cell.

    >>> from dechaff.labels import Label
    >>> joint_of(Line(0, "a", 0, 1, Label.CONTENT, 1.0, {}, True, True, 0.0, glue="cell"))
    <Joint.CELL: 2>
    """
    return Joint.WITHIN if line._continues else _JOINTS[line.glue]


def with_newlines(text: str) -> str:
    """A text whose lines end in a newline alone: paragraphs of a plain text have the line ends of the document."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def encodable(text: str) -> str:
    r"""A text that UTF-8 can write: with U+FFFD for lone surrogates, as `Result.to_json` has it.

    >>> encodable("a\ud800b") == "a\ufffdb"
    True
    """
    return _SURROGATE.sub("\ufffd", text)
