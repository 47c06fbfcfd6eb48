"""A linear scan over the tags of a page that takes out what lexbor cannot bear. Runs on suspicious pages only.

It follows the HTML Standard's tokenizer for tags, comments and raw text; `dechaff.lines.nesting` has the elements.
"""

from __future__ import annotations

import re

from dechaff.lines.markup import (
    CLOSES_P,
    MAX_ATTRIBUTES,
    MAX_TAG_CHARS,
    RAW_TEXT,
    TABLE_PARTS,
    TAG,
    cut_attributes,
    values_end,
)
from dechaff.lines.nesting import OpenElements

#: Elements of a page that keep their tags. lexbor needs up to 0.4 kB for an element with text.
MAX_ELEMENTS = 400_000

#: Elements whose text is a line of its own: where their tags go, a line break comes.
_BLOCKS = CLOSES_P | TABLE_PARTS

_COMMENT_END = re.compile(r"--!?>")
_ENDS = {name: re.compile(f"</{name}(?=[\\t\\n\\f\\r />])", re.IGNORECASE) for name in RAW_TEXT}
# Lazy single characters up to an end that always comes, the end of the text at last: linear.
_ANY_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)[\s/>].*?(?:</\1|\Z)|<[a-zA-Z/!?][^>]*>?", re.DOTALL | re.IGNORECASE
)


def unwrap(html: str) -> tuple[str, tuple[str, ...]]:
    """The page without the tags that exceed a limit, and which limits those were. Text is kept.

    `html` is UTF-8 read as Latin-1 (see `dechaff.lines.markup`).

    >>> unwrap("<b>" * 3 + "x")
    ('<b><b><b>x', ())
    >>> html, warnings = unwrap("<div>" * 501 + "x</div>y")
    >>> html[-6:], warnings
    ('x<br>y', ('elements nested deeper than 500 were unwrapped',))
    """
    return _Scan(html).run()


class _Scan:
    def __init__(self, html: str) -> None:
        self.html = html
        self.out: list[str] = []
        self.copied = 0  # html[:copied] is in out
        self.elements = OpenElements()

    def run(self) -> tuple[str, tuple[str, ...]]:
        html = self.html
        match_tag = TAG.search
        opened = 0
        at = 0
        while (match := match_tag(html, at)) is not None:
            at = match.end()
            closing, name, rest, end, comment = match.groups()
            if name is None:
                at = self._skip(at, comment)
                continue
            begin = match.start()
            if not end:
                at = values_end(html, at, rest)
            cut = ""
            if at - begin > MAX_TAG_CHARS and (cut := cut_attributes(html[begin:at])):
                self.elements.warn(f"attributes after the first {MAX_ATTRIBUTES} of an element were removed")
            name = name.lower()
            if closing:
                keep = self.elements.close(name)
            else:
                opened += 1
                if opened > MAX_ELEMENTS:
                    self._copy(begin)
                    self.out.append(_ANY_TAG.sub(" ", html[begin:]))
                    self.copied = len(html)
                    self.elements.warn(f"tags after the first {MAX_ELEMENTS} elements were removed")
                    break
                keep = self.elements.open(name, html[begin:at])
                if self.elements.before:
                    self._replace(begin, begin, self.elements.before)
                    self.elements.before = ""
                if name in RAW_TEXT and not self.elements.foreign:
                    found = None if name == "plaintext" else _ENDS[name].search(html, at)
                    after = len(html) if found is None else found.start()
                    if not keep:  # the content of a script is no text of the page: it goes with its tags
                        self._copy(begin)
                        self.copied = after
                    elif cut:
                        self._replace(begin, at, cut)
                    at = after
                    continue
            if not keep:
                # Blocks stay apart; of neighbouring tags, one break is enough.
                apart = name in _BLOCKS and not (self.copied == begin and self.out)
                self._replace(begin, at, "<br>" if apart else "")
            elif cut:
                self._replace(begin, at, cut)
        if not self.elements.warnings:
            return html, ()
        self._copy(len(html))
        return "".join(self.out), tuple(self.elements.warnings)

    def _copy(self, until: int) -> None:
        self.out.append(self.html[self.copied : until])
        self.copied = until

    def _replace(self, begin: int, end: int, text: str) -> None:
        self.out.append(self.html[self.copied : begin])
        if text:
            self.out.append(text)
        self.copied = end

    def _skip(self, at: int, comment: str | None) -> int:
        """The end of a comment, a doctype, or what is read as one."""
        html = self.html
        if comment:
            if html.startswith((">", "->"), at):
                return html.index(">", at) + 1
            found = _COMMENT_END.search(html, at)
            return len(html) if found is None else found.end()
        if html.startswith("[CDATA[", at) and self.elements.foreign:
            end = html.find("]]>", at)
        else:
            end = html.find(">", at)
        return len(html) if end < 0 else end + 1
