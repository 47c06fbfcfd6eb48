"""From where on the items of a list are numbered, as its page says."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: The attribute of each element that says a number.
SAID_BY = {"ol": "start", "li": "value"}

#: Numbers that are read: Markdown has none below 0, and none of ten digits.
_NUMBER = re.compile(r"\s*\+?([0-9]{1,8})(?![0-9])")


def ordinal_of(tag: str, attributes: Mapping[str, str | None]) -> int | None:
    """The number of the first item of a list, or that of an item; None where the page says none.

    >>> ordinal_of("ol", {"start": "5"}), ordinal_of("li", {"value": "7"}), ordinal_of("li", {"value": "-1"})
    (5, 7, None)
    >>> ordinal_of("ol", {"start": "9", "reversed": ""}) is None
    True
    """
    if "reversed" in attributes:  # it counts down, as Markdown cannot
        return None
    found = _NUMBER.match(attributes.get(SAID_BY[tag]) or "")
    return int(found[1]) if found else None
