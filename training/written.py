"""Pages written for this project, with a mark at the beginning of every line that says what the line is."""

from __future__ import annotations

import re
from pathlib import Path

from dechaff.judge import in_body
from dechaff.lines.html import lines_of_html
from training.labels import CONTENT, mask

#: Where they stand; the name of a file is language, kind of page and number: `de_article_03.html`.
FOLDER = Path(__file__).parent / "pages"

#: What each mark says of its line.
MARKS = {
    "c": "content",
    "t": "title",
    "k": "caption",
    "m": "metadata",
    "a": "ad",
    "s": "self_promotion",
    "e": "teaser",
    "b": "boilerplate",
    "r": "comment",
}

_MARK = re.compile(r"@([a-z])@[ \t\n]{0,100}")


def read_marked(html: str) -> tuple[str, list[int], list[bool]]:
    """A marked page without its marks, the target of each line, and which lines stand inside the running text.

    Raises `ValueError` on a line without a mark at its beginning or with an unknown one.

    >>> read_marked("<p>@c@One<p>@a@Two <b>three</b>")
    ('<p>One<p>Two <b>three</b>', [1, 16], [True, False])
    """
    targets = []
    for text in lines_of_html(html).texts:
        found = _MARK.match(text)
        if found is None or found[1] not in MARKS or _MARK.search(text, found.end()):
            raise ValueError(f"a line of a written page has no mark, or not one: {text[:80]!r}")
        targets.append(mask(MARKS[found[1]]))
    return _MARK.sub("", html), targets, in_body([target == CONTENT for target in targets])
