"""What a page hides until a script runs, and is read all the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from dechaff.lines.drawn import COLOUR_BEHIND, FOR_GOOD
from dechaff.lines.opened import Opened
from dechaff.lines.reading import FIRST_HIDDEN, HiddenElement, Reading
from dechaff.lines.table import Hidden, Lines

if TYPE_CHECKING:
    from dechaff.lines.sheets import Hide, Rules

#: The warning for a page whose hidden text was read.
HIDDEN_READ = "the page hides its text; hidden text was read"

#: A page whose visible text is shorter than this may hide its text until a script runs …
_SCANT_CHARS = 250
#: … and is then read with hidden elements, if that gives at least this many times more text.
_HIDDEN_GAIN = 4

#: Hidden elements in hidden elements that are looked into for it.
_MAX_NESTED = 3

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
    """What a script may show of hidden text. `soft_chars` are hidden by soft means; sets hold keys of elements.

    `stories` hold the text of the page. `unspoken` hold much of it, and hide it only from readers who listen.
    `elements` are all that hide text.
    """

    soft_chars: int = 0
    stories: frozenset[int] = frozenset()
    unspoken: frozenset[int] = frozenset()
    elements: Sequence[HiddenElement] = ()


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
    later = walk.later
    shown = later.stories | later.unspoken
    if sheets and later.elements:
        shown |= _tinted(later.elements, sheets, walk.table)
    soft = not _is_shown_later(later.soft_chars, walk.table)
    if shown or not soft:
        rules = reading.rules if soft or reading.rules is None else reading.rules.only(_is_for_good)
        reading = replace(reading, soft=soft, shown=shown, rules=rules)
        walk = walk_of(reading)
        if later.stories:
            walk.table.warnings.append(HIDDEN_READ)
    return _with_everything(walk_of, reading, walk) if _is_scant(walk.table) else walk


def _with_everything(walk_of: Callable[[Reading], WalkT], reading: Reading, walk: WalkT) -> WalkT:
    """The walk that reads all that a script may show, too, if that holds the text of the page; else the one given."""
    everything = walk
    for _ in range(_MAX_NESTED):
        hidden = {element.key for element in everything.later.elements if element.why not in FOR_GOOD}
        if hidden <= reading.shown:
            break
        reading = replace(reading, shown=reading.shown | hidden)
        everything = walk_of(reading)
    if not _hides_text(walk.table, everything.table):
        return walk
    everything.table.warnings.append(HIDDEN_READ)
    return everything


def _tinted(elements: Sequence[HiddenElement], sheets: Sequence[str], lines: Lines) -> frozenset[int]:
    """The elements that have a background of their own by the sheets, and not the one that hides them."""
    if all(element.why != COLOUR_BEHIND for element in elements):
        return frozenset()
    from dechaff.lines.tinted import tinted  # few pages have such elements

    return tinted(elements, sheets, lines.containers)


def _hiding_rules(sheets: Sequence[str], lines: Lines, opened: Opened | None) -> Rules | None:
    """The rules of a page's style sheets that hide some of its lines; None if they hide none.

    Of those that hide too much, only rules are left that no script takes back.
    """
    from dechaff.lines.sheets import rules_of  # with a reader of selectors: only pages with style sheets need it

    steps = lines.containers.steps
    rules = rules_of(sheets, lambda: set(steps))
    if rules is None:
        return None
    hides = _hides(rules, lines, opened)
    if doubtful := _shown_inside(rules, hides, lines):
        rules = rules.only(lambda hide: hide not in doubtful)
        if rules is None:
            return None
        hides = _hides(rules, lines, opened)
    if not any(hides):
        return None
    soft_chars = sum(
        len(text)
        for text, leaf in zip(lines.texts, lines.leaves, strict=True)
        if (hide := hides[leaf]) is not None and hide.drawn.soft
    )
    return rules.only(_is_for_good) if _is_shown_later(soft_chars, lines) else rules


def _hides(rules: Rules, lines: Lines, opened: Opened | None) -> list[Hide | None]:
    """The rule that hides each container, or else the one around it; of several, the one that no script takes back."""
    containers = lines.containers
    found: list[Hide | None] = [None] * len(containers.parents)
    for i, parent in enumerate(containers.parents[1:], 1):
        ident, classes = containers.steps[i]
        own, around = None, found[parent]
        if ident or classes:
            own = rules.of(containers.tags[i], {"id": ident, "class": classes}, containers, parent, opened)
        found[i] = around if own is None or (around is not None and _is_for_good(around)) else own
    return found


def _shown_inside(rules: Rules, hides: Sequence[Hide | None], lines: Lines) -> set[Hide]:
    """The rules that hide an element in which another one, by a rule for its tag, shows text again."""
    containers = lines.containers
    holds_text = set(lines.leaves)
    found = set()
    for i in range(len(hides) - 1, 0, -1):
        if i in holds_text:
            parent = containers.parents[i]
            holds_text.add(parent)
            hide = hides[parent]
            if hide is not None and rules.shows_inside(containers.tags[i], hide):
                found.add(hide)
    return found


def _is_for_good(hide: Hide) -> bool:
    return not hide.drawn.soft


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
    long = {
        k: sum(lengths)
        for k, lengths in prose.items()
        if len(lengths) >= _STORY_TEXTS and k not in unspoken and elements[k].why not in FOR_GOOD
    }
    unheard = sum(unspoken.values())
    if max(unheard, max(long.values(), default=0)) <= _FEW_CHARS:
        return Later(soft_chars, elements=elements)
    shown = sum(
        len(text)
        for text, link_chars in zip(lines.texts, lines.link_chars, strict=True)
        if len(text) >= _PROSE_CHARS and 2 * link_chars < len(text)
    )
    return Later(
        soft_chars,
        frozenset(elements[k].key for k, chars in long.items() if chars > max(_FEW_CHARS, _STORY_GAIN * shown)),
        frozenset(elements[k].key for k in unspoken if unheard > max(_FEW_CHARS, _MAX_SOFT_SHARE * shown)),
        elements,
    )
