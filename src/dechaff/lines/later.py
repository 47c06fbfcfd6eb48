"""What a page hides until a script runs, and is read all the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from dechaff.lines.opened import Opened
from dechaff.lines.reading import FIRST_HIDDEN, HiddenElement, Reading
from dechaff.lines.table import Hidden, Lines

if TYPE_CHECKING:
    from dechaff.lines.sheets import Rules

#: The warning for a page whose hidden text was read.
HIDDEN_READ = "the page hides its text; hidden text was read"

#: A page whose visible text is shorter than this may hide its text until a script runs …
_SCANT_CHARS = 250
#: … and is then read with hidden elements, if that gives at least this many times more text.
_HIDDEN_GAIN = 4

#: Hidden text that is no more than this, in characters or as a share of the visible text, is not there to be shown
#: later.
_FEW_CHARS = 400
_MAX_SOFT_SHARE = 0.1

#: A text of so many characters is prose: items of menus are shorter.
_PROSE_CHARS = 60
#: One hidden element holds the text of a page if it has so many texts that are prose, and together this many times what
#: the page shows of it: who hides text in an article leaves the article to be seen.
_STORY_TEXTS = 3
_STORY_GAIN = 3.0

#: What is never the text of a page, however long. Linear: literals.
_NOTICE = re.compile(
    r"cookie|consent|gdpr|privacy|modal|popup|dialog|overlay|menu|nav|search|cart|login|newsletter|footer|template",
    re.IGNORECASE,
)


class Later(NamedTuple):
    """What a script may show of hidden text. `soft_chars` are hidden by soft means; the rest are keys of elements.

    `stories` hold the text of the page. `unspoken` hold much of it, and hide it only from readers who listen.
    """

    soft_chars: int = 0
    stories: frozenset[int] = frozenset()
    unspoken: frozenset[int] = frozenset()


class Walk(Protocol):
    """One pass over a page: its lines, its style sheets, and what it found hidden."""

    @property
    def table(self) -> Lines: ...
    @property
    def sheets(self) -> list[str]: ...
    @property
    def later(self) -> Later: ...


WalkT = TypeVar("WalkT", bound=Walk)


def settled(walk_of: Callable[[Reading], WalkT], opened: Opened | None) -> WalkT:
    """The walk that reads of a page what its readers see, after as few others as it takes."""
    reading = Reading(opened)
    walk = walk_of(reading)
    if (sheets := walk.sheets) and (rules := _hiding_rules(sheets, walk.table, opened)) is not None:
        reading = replace(reading, rules=rules)
        walk = walk_of(reading)
    soft = not _is_shown_later(walk.later.soft_chars, walk.table)
    shown = walk.later.stories | walk.later.unspoken
    if shown or not soft:
        stories = walk.later.stories
        walk = walk_of(replace(reading, soft=soft, shown=shown))
        if stories:
            walk.table.warnings.append(HIDDEN_READ)
    if _is_scant(walk.table):
        everything = walk_of(Reading(opened, hidden_too=True))
        if _hides_text(walk.table, everything.table):
            walk = everything
            walk.table.warnings.append(HIDDEN_READ)
    return walk


def _hiding_rules(sheets: Sequence[str], lines: Lines, opened: Opened | None) -> Rules | None:
    """The rules of a page's style sheets that hide some of its lines; None if they hide none, or too many."""
    from dechaff.lines.sheets import rules_of  # with a reader of selectors: only pages with style sheets need it

    containers = lines.containers
    rules = rules_of(sheets, lambda: set(containers.steps))
    if rules is None:
        return None
    hidden = [False]
    for i, parent in enumerate(containers.parents[1:], 1):
        ident, classes = containers.steps[i]
        own = bool(ident or classes) and (
            rules.of(containers.tags[i], {"id": ident, "class": classes}, containers, parent, opened) is not None
        )
        hidden.append(own or hidden[parent])
    chars = sum(len(text) for text, leaf in zip(lines.texts, lines.leaves, strict=True) if hidden[leaf])
    return None if not any(hidden) or _is_shown_later(chars, lines) else rules


def _is_shown_later(soft_chars: int, lines: Lines) -> bool:
    """Whether so much of a page is hidden by soft means that a script will show it; `lines` are the visible ones."""
    return soft_chars > _FEW_CHARS and soft_chars > _MAX_SOFT_SHARE * sum(map(len, lines.texts))


def _is_scant(lines: Lines) -> bool:
    """Whether a page shows so little text that it may hide the rest until a script runs."""
    chars = 0
    for text in lines.texts:
        chars += len(text)
        if chars >= _SCANT_CHARS:
            return False
    return True


def _hides_text(visible: Lines, everything: Lines) -> bool:
    """Whether hidden elements hold the text of a page."""
    shown, all_chars = sum(map(len, visible.texts)), sum(map(len, everything.texts))
    return all_chars >= _HIDDEN_GAIN * shown + _SCANT_CHARS


def add_hidden(lines: Lines, found: Sequence[tuple[int, int, str]], elements: Sequence[HiddenElement]) -> Later:
    """Add a hidden line for each run of texts in one of these elements; returns what a script may show of them.

    `found` are texts in page order, each with the number of lines before it and what stands in place of its container.
    """
    soft_chars = 0
    parts: list[str] = []
    prose: dict[int, list[int]] = {}  # of each element: the lengths of its texts that are prose
    for i, (before, place, text) in enumerate(found):
        parts.append(text)
        if len(text) >= _PROSE_CHARS and len(folded := " ".join(text.split())) >= _PROSE_CHARS:
            prose.setdefault(FIRST_HIDDEN - place, []).append(len(folded))
        if i + 1 < len(found) and found[i + 1][:2] == (before, place):
            continue
        why, container, step, soft, _ = elements[FIRST_HIDDEN - place]
        if folded := " ".join(" ".join(parts).split()):
            lines.hidden.append(Hidden(folded, before, why, container, step))
            soft_chars += soft * len(folded)
        parts = []
    prose = {k: lengths for k, lengths in prose.items() if not _NOTICE.search(elements[k].step)}
    unspoken = {k: sum(lengths) for k, lengths in prose.items() if elements[k].why == "aria-hidden"}
    long = {k: sum(lengths) for k, lengths in prose.items() if len(lengths) >= _STORY_TEXTS and k not in unspoken}
    unheard = sum(unspoken.values())
    if max(unheard, max(long.values(), default=0)) <= _FEW_CHARS:
        return Later(soft_chars)
    shown = sum(
        len(text)
        for text, link_chars in zip(lines.texts, lines.link_chars, strict=True)
        if len(text) >= _PROSE_CHARS and 2 * link_chars < len(text)
    )
    return Later(
        soft_chars,
        frozenset(elements[k].key for k, chars in long.items() if chars > max(_FEW_CHARS, _STORY_GAIN * shown)),
        frozenset(elements[k].key for k in unspoken if unheard > max(_FEW_CHARS, _MAX_SOFT_SHARE * shown)),
    )
