"""Whose page it is: the words by which a site or company calls itself.

A line that praises the owner of the page is self-promotion; the same line about somebody else is not.
"""

from __future__ import annotations

import re

#: What stands between the parts of a `<title>`. Linear: single characters with bounded white space around them.
_SEPARATOR = re.compile(r"\s{1,4}[-–—:]\s{1,4}|\s{0,4}[|»•·]\s{0,4}")

#: Labels of host names that name no owner.
_GENERIC_LABELS = frozenset(
    """www www2 m mobile amp blog blogs news shop store en de fr es it pt nl us uk eu com org net co io gov edu ac info
    biz ca au nz in ie za ch at be se no dk fi pl cz jp cn br mx ru app dev ai tv me online site""".split()
)

#: The last part of a title is the owner's name if it has at most so many words.
_MAX_NAME_WORDS = 5
_MAX_CHARS = 200


def owner_of(site_name: str, url: str, title: str) -> str:
    """The owner's names as one string: the site's name, its host, and the last part of the page's title.

    >>> owner_of("Acme Tools", "https://blog.acme.com/x", "A hammer for all - Acme")
    'Acme Tools acme Acme'
    """
    host = url.partition("//")[2].partition("/")[0].partition(":")[0].lower()
    found = [site_name, *(label for label in host.split(".") if label not in _GENERIC_LABELS)]
    parts = _SEPARATOR.split(title)
    if len(parts) > 1 and len(parts[-1].split()) <= _MAX_NAME_WORDS:
        found.append(parts[-1])
    return " ".join(" ".join(found).split())[:_MAX_CHARS]
