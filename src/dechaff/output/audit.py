"""A result → one record for every line that was removed, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from dechaff.result import Flag, Result


def removals(result: Result) -> Iterator[dict[str, Any]]:
    """Plain data about each removed line, in page order; with the flags on it, their reasons and tactics.

    >>> from dechaff.labels import Label
    >>> from dechaff.result import Line, PageScores, Result
    >>> lines = (
    ...     Line(0, "The council met.", 0, 16, Label.CONTENT, 1.0, {}, True, True, 0.0),
    ...     Line(1, "BUY NOW!", 17, 25, Label.AD, 0.9, {}, False, True, 0.0),
    ... )
    >>> result = Result("The council met.", lines, (), "The council met.\\nBUY NOW!", "", PageScores(), "ok", "text")
    >>> [(row["line"], row["text"]) for row in removals(result)]
    [(1, 'BUY NOW!')]
    """
    flags: defaultdict[int, list[Flag]] = defaultdict(list)
    for flag in result.flags:
        flags[flag.line].append(flag)
    for line in result.lines:
        if line.kept:
            continue
        yield {
            "url": result.url,
            "line": line.index,
            "start": line.start,
            "end": line.end,
            "label": line.label.value,
            "score": round(line.score, 4),
            "in_body": line.in_body,
            "text": line.text,
            "path": line.path,
            "flags": [
                {key: value for key, value in flag.to_dict().items() if key not in ("text", "line")}
                for flag in flags[line.index]
            ],
        }
