"""Names and messages as a terminal may show them: on one line, and without characters that steer it."""

from __future__ import annotations


def escaped(text: str) -> str:
    r"""A text in which what is neither printable nor a space stands as Python escapes it.

    >>> print(escaped("a\x1b[31mb\n.html"), escaped("größe.html"))
    a\x1b[31mb\n.html größe.html
    """
    if text.isprintable():
        return text
    from unicodedata import category

    return "".join(
        c if c.isprintable() or category(c) == "Zs" else c.encode("unicode_escape").decode("ascii") for c in text
    )
