"""Elements whose text has the colour of a background around them, but for one that a style sheet gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dechaff.lines.drawn import COLOUR_BEHIND
from dechaff.lines.reading import HiddenElement
from dechaff.lines.rulesets import rulesets
from dechaff.lines.selectors import last_part, names_in, tag_in
from dechaff.lines.style import background_of, declarations
from dechaff.lines.table import Containers

#: Characters of all sheets of a page that are read, and of one rule.
_MAX_CHARS = 100_000
_MAX_RULE_CHARS = 4_000

#: What is so only while a reader points at it.
_POINTED = re.compile(r":(?:hover|focus|active)")

#: Around the element that has the background, whatever it is.
_OUTERMOST = frozenset({"html", "body"})


def tinted(elements: Iterable[HiddenElement], sheets: Sequence[str], containers: Containers) -> frozenset[int]:
    """The keys of such elements: a sheet has a background for their tag, or for one between them and that around."""
    found = [element for element in elements if element.why == COLOUR_BEHIND]
    if not found or sum(map(len, sheets)) > _MAX_CHARS:
        return frozenset()
    tags = _tags_with_background(sheets)
    return frozenset(element.key for element in found if not tags.isdisjoint(_between(element, containers)))


def _between(element: HiddenElement, containers: Containers) -> Iterable[str]:
    """The tags of an element, which is all that its step says, and of those up to the background behind it."""
    yield element.step
    around = element.container
    while around and containers.tags[around] not in _OUTERMOST:
        yield containers.tags[around]
        if any(containers.steps[around]):  # one with names loses the background around it: the walk went no further
            break
        around = containers.parents[around]


def _tags_with_background(sheets: Sequence[str]) -> frozenset[str]:
    """The tags that rules of these sheets give a background, whatever it is.

    >>> sorted(_tags_with_background(["th, tr td { background: #036 } p.x { background: red } a { color: red }"]))
    ['td', 'th']
    """
    found: set[str] = set()
    for rule in (rule for sheet in sheets for rule in rulesets(sheet)):
        body = rule.body
        if "background" not in body.lower() or len(body) > _MAX_RULE_CHARS or background_of(declarations(body)) is None:
            continue
        lasts = [last for text in rule.prelude.split(",") if not _POINTED.search(text) and (last := last_part(text))]
        found.update(tag_in(last) for last in lasts if not names_in(last))
    return frozenset(found - {""})
