"""Where words stand apart without white space between them: at buttons, and between elements that a page defines.

Browsers draw a `<button>` as a box, and pages draw boxes of links that they call buttons and of elements of their own
(`<my-card>`). Neighbouring `<span>`s are no boxes: a word or a formula is often made of them.
"""

from __future__ import annotations

import re

from dechaff.lines.table import Containers

#: Classes of links that are drawn as buttons. Linear: literals.
_BUTTON = re.compile(r"(?<![a-z])(?:btn|button)(?![a-z])", re.IGNORECASE)

#: Elements that formulas are made of, symbol by symbol.
_OF_FORMULAS = "mjx-"

#: What ends a sentence or a word that a button follows; after an opening bracket it stands in the sentence.
_ENDS = ".!?"

#: What stands right behind a word, whatever holds it.
_BEHIND_WORDS = ",.;:!?)]"


def stand_apart(containers: Containers, before: int, after: int, last: str, first: str) -> bool:
    """Whether a reader sees a gap between two texts of a line, which stand in the containers `before` and `after`.

    Both must stand in boxes of their own, or one in a button and the other be words: `last` and `first` are the
    characters between which the gap would be.

    >>> containers = Containers()
    >>> paragraph = containers.add(0, "p")
    >>> save, no, card, span = (containers.add(paragraph, tag) for tag in ("button", "button", "my-card", "span"))
    >>> stand_apart(containers, save, no, "!", "…"), stand_apart(containers, card, span, "a", "b")
    (True, False)
    >>> stand_apart(containers, span, save, "e", "N"), stand_apart(containers, save, span, "e", ",")
    (True, False)
    """
    if before == after or last.isspace() or first.isspace():
        return False
    parents = containers.parents
    found = ["", ""]
    while before != after:  # up to what both stand in: containers come after those around them
        side = int(after > before)
        container = after if side else before
        found[side] = found[side] or _box(containers, container)
        if side:
            after = parents[after]
        else:
            before = parents[before]
    if all(found):
        return "button" in found or first not in _BEHIND_WORDS
    return "button" in found and (last.isalnum() or last in _ENDS) and first.isalnum()


def _box(containers: Containers, container: int) -> str:
    """The tag of a container that is drawn as a box in its line; empty for others."""
    tag = containers.tags[container]
    if tag == "button" or (tag == "a" and _BUTTON.search(containers.steps[container][1])):
        return tag
    return tag if "-" in tag and not tag.startswith(_OF_FORMULAS) else ""
