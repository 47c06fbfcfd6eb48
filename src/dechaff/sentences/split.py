"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re

#: A longer sentence is cut: what it holds is a list or no prose.
MAX_CHARS = 800

#: Letters before a full stop that is no end: initials and what is often abbreviated, in several languages.
_ABBREVIATED = (
    "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Sr", "Jr", "vs", "No", "Nr", "Inc", "Ltd", "Co", "Corp", "approx", "ca",
    "bzw", "usw", "etc", "e\\.g", "i\\.e", "z\\.B", "d\\.h", "p\\.ex", "Sra", "Mme", "Bros", "Ave", "Rd", "Jan", "Feb",
    "Aug", "Sept", "Oct", "Nov", "Dec", "cf", "Fig", "fig", "pp", "ed", "Hon", "Gen", "Sen", "Rep", "Gov", "Lt", "Col",
)  # fmt: skip

# The end marks, with quotes and brackets and the numbers of notes behind them, before white space; marks of East Asian
# writing end a sentence without it. The pattern begins with a class of characters, so that `re` skips from one of them
# to the next. Single characters, look-behinds of fixed length and bounded runs: linear.
_NO_END = r"(?<!\b[A-Z]\.)" + "".join(rf"(?<!\b{word}\.)" for word in _ABBREVIATED)
_BEHIND = r"[.!?…]{0,5}[\"'”’»)\]]{0,3}(?:(?:\s\d{1,3}|\s?\[\d{1,3}\])(?=\s|$)){0,3}(?=\s)"
_END = re.compile(rf"[.!?…。！？\n](?:(?<=[.!?…]){_NO_END}{_BEHIND}|(?<=[。！？])[」』”]?|(?<=\n))")


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences of a text, in order, without the white space between them.

    >>> text = "Dr. Ames paid $3.50. Who knew? “Nobody.” He left"
    >>> [text[start:end] for start, end in sentences(text)]
    ['Dr. Ames paid $3.50.', 'Who knew?', '“Nobody.”', 'He left']
    """
    spans = []
    begin = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        while begin < end:
            stop = min(end, begin + MAX_CHARS)
            part = text[begin:stop]
            if folded := part.strip():
                start = begin + len(part) - len(part.lstrip())
                spans.append((start, start + len(folded)))
            begin = stop
    return spans
