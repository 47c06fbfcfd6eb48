"""The rules of a page's `<style>` elements that hide text, as far as their selectors are simple.

Most pages with style sheets hide much that they never show text in, and parsing a whole sheet takes many times as long
as the rest of a page. So declarations are parsed only if they hold a word that hides, and the page has text in an
element of a name that stands in the selector.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from dechaff.lines.attributes import is_ruled_out
from dechaff.lines.drawn import NEAR_ZERO, SAME_COLOUR, Drawn, drawn
from dechaff.lines.opened import Opened
from dechaff.lines.rulesets import Ruleset, rulesets
from dechaff.lines.selectors import Selector, last_part, names_in, selector_of, weight_of
from dechaff.lines.table import Containers

#: Characters of all sheets of a page that are read.
MAX_CHARS = 100_000

#: Characters of one rule; a longer one is passed over.
_MAX_RULE_CHARS = 4_000

#: Rules of a page that are parsed, and selectors that say what their element stands in.
_MAX_RULES = 300
_MAX_ABOVE = 30

#: What declarations must hold to hide text: a value near zero, far away or clear. Linear: bounded runs.
_VALUE = re.compile(
    r":\s{0,8}(?:none|hidden|collapse|transparent|rect\(|inset\(|circle\(|scale|[01.]"
    r"|(?:rgb|hsl)a?\([^)]{0,40}[,/]\s{0,4}0?\.?0{0,3}%?\s{0,4}\))|-\d{3}",
    re.IGNORECASE,
)
#: The same with the properties: slower, so asked of few. For text in lower case, in which `re` skips to the letters
#: that it may begin with. Linear: bounded runs.
_DECLARATION = re.compile(
    r"display\s{0,8}:\s{0,8}none|visibility\s{0,8}:\s{0,8}[hc]|opacity\s{0,8}:\s{0,8}[0.]|clip|scale|-\d{3}"
    rf"|(?:font(?:-size)?|width|height)\s{{0,8}}:\s{{0,8}}{NEAR_ZERO}"
    r"|color\s{0,8}:\s{0,8}(?:transparent|rgb|hsl)"
)

#: Text and background in plain colours. Linear: bounded runs.
_COLOUR = re.compile(r"(?<![\w-])color\s{0,8}:([^;!]{1,60})", re.IGNORECASE)
_BACKGROUND = re.compile(r"(?<![\w-])background(?:-color)?\s{0,8}:([^;!]{1,60})", re.IGNORECASE)

#: The properties that can take back what hides an element.
_MOVING = frozenset({"animation", "animation-name", "transition", "will-change"})
_OPPOSITES = {
    why: frozenset(names.split())
    for why, names in {
        "display: none": "display",
        "visibility: hidden": "visibility",
        "opacity: 0": "opacity animation animation-name transition will-change",
        "off screen": "position left right top text-indent transform margin margin-left",
        "no size": "clip clip-path height width max-height max-width min-height overflow transform position padding"
        " padding-bottom flex",
        "font size 0": "font-size font",
        "transparent": "color",
        SAME_COLOUR: "color background background-color background-image",
    }.items()
}

#: Values that take nothing back.
_HIDING = {
    "display": frozenset({"none"}),
    "visibility": frozenset({"hidden", "collapse", "inherit"}),
    "opacity": frozenset({"0", "0.0", ".0", "0%"}),
}

#: A link that shows itself to who reaches it by keyboard is hidden from all others.
_KEYBOARD = re.compile(r":(?:focus|active)")

#: What tells which of two rules for one element counts: `!important`, ids, classes, and which comes last.
_Rank = tuple[bool, int, int, int]
_LOWEST: _Rank = (False, 0, 0, -1)
_HIGHEST: _Rank = (True, 1_000, 0, 0)


class _Hide(NamedTuple):
    selector: Selector
    drawn: Drawn
    rank: _Rank


@dataclass(slots=True)
class Rules:
    """Rules that hide elements, by one class or id of their selectors.

    `shown` are, by what hides an element, the classes and ids for which another rule takes it back, with its rank.
    `idle` are classes that no rule knows.
    """

    by_name: dict[str, list[_Hide]]
    shown: dict[str, dict[str, _Rank]] = field(default_factory=dict)
    idle: set[str] = field(default_factory=set)

    def of(
        self,
        tag: str,
        attributes: Mapping[str, str | None],
        containers: Containers,
        around: int,
        opened: Opened | None = None,
    ) -> Drawn | None:
        """What hides an element of this tag and with these attributes, in the container `around`; None if nothing does.

        `opened` is what a reader can open, which is seen.

        >>> rules = rules_of(["p.x { display: none }"], lambda: {("", "x")})
        >>> rules.of("p", {"class": "y x"}, Containers(), 0).why, rules.of("div", {"class": "x"}, Containers(), 0)
        ('display: none', None)
        """
        ident, names = attributes.get("id") or "", attributes.get("class") or ""
        if ident not in self.by_name:
            if names in self.idle:
                return None
            if self.by_name.keys().isdisjoint(names.split()):
                self.idle.add(names)
                return None
        own = dict.fromkeys(names.split())  # in the order of the page: the first reason is given
        for name in (ident, *own) if ident else own:
            for hide in self.by_name.get(name, ()):
                if (
                    hide.selector.own.fits(tag, ident, own.keys())
                    and not is_ruled_out(hide.drawn, tag, attributes, opened)
                    and not self._is_taken_back(hide, (ident, *own), attributes.get("style") or "")
                    and hide.selector.stands(containers, around)
                ):
                    return hide.drawn
        return None

    def _is_taken_back(self, hide: _Hide, names: Sequence[str], style: str) -> bool:
        """Whether another rule, or the element's own style, counts more than a rule that hides it."""
        why = hide.drawn.why
        shown = self.shown.get(why, {})
        if any(shown.get(name, _LOWEST) > hide.rank for name in names):
            return True
        return not hide.rank[0] and bool(style) and not _OPPOSITES[why].isdisjoint(_shown_by(style))

    def shows(self, names: Sequence[str], why: str) -> bool:
        """Whether a rule for one of these classes or ids takes back what hides an element around."""
        shown = self.shown.get(why)
        return shown is not None and not shown.keys().isdisjoint(names)


def _may_hide(sheet: str) -> bool:
    return _VALUE.search(sheet) is not None or "background" in sheet


def rules_of(sheets: Sequence[str], steps_of_page: Callable[[], Collection[tuple[str, str]]]) -> Rules | None:
    """The rules that hide some of a page's elements, whose ids and classes are asked for once; None if there are none.

    A rule that another one for the same name may take back counts for nothing: what it hides is shown on some screen,
    or by a click.

    >>> rules_of([".a { display: none } .a.open { display: block }"], lambda: {("", "a")}) is None
    True
    """
    if sum(map(len, sheets)) > MAX_CHARS or not any(map(_may_hide, sheets)):
        return None
    rules = [*enumerate(rule for sheet in sheets for rule in rulesets(sheet))]
    steps = steps_of_page()
    hides = _hides_of(rules, {*(ident for ident, _ in steps), *" ".join(classes for _, classes in steps).split()})
    if not hides:
        return None
    keys = {hide.selector.key for hide in hides}
    sets = ({ident, *classes.split()} for ident, classes in steps)
    near = set().union(*(names for names in sets if not names.isdisjoint(keys)))  # the names of what may be hidden
    ours = [(order, rule) for order, rule in rules if not near.isdisjoint(names_in(rule.prelude))]
    found: dict[str, list[_Hide]] = {}
    shown: dict[str, dict[str, _Rank]] = {}
    for hide in hides:
        why, own = hide.drawn.why, hide.selector.own
        if why not in shown:
            # Of what is not visible, parts may be, whatever they are called.
            shown[why] = _shown_again(rules if why == "visibility: hidden" else ours, hide.drawn)
        if shown[why].keys().isdisjoint((own.ident, *own.classes)):
            found.setdefault(hide.selector.key, []).append(hide)
    return Rules(found, shown) if found else None


def _hides_of(rules: Iterable[tuple[int, Ruleset]], names: set[str]) -> list[_Hide]:
    """What the rules hide of elements with these classes and ids."""
    found = []
    left, above_left = _MAX_RULES, _MAX_ABOVE
    for order, rule in rules:
        if not rule.everywhere or not _is_doubtful(rule, names):
            continue
        left -= 1
        how = drawn(rule.body) if left >= 0 else Drawn()
        if not how.why:
            continue
        important = "!important" in rule.body.replace(" ", "").lower()
        for text in rule.prelude.split(","):
            selector = selector_of(text)
            if selector is None or not selector.names() <= names:
                continue
            above_left -= bool(selector.above)
            if above_left >= 0 or not selector.above:
                found.append(_Hide(selector, how._replace(soft=True), (important, *weight_of(text), order)))
    return found


def _is_doubtful(rule: Ruleset, names: set[str]) -> bool:
    """Whether a rule for one of these names may hide text."""
    body = rule.body
    if len(body) + len(rule.prelude) > _MAX_RULE_CHARS:
        return False
    valued = _VALUE.search(body) is not None
    if not (valued or "background" in body) or names.isdisjoint(names_in(rule.prelude)):
        return False
    if valued and _DECLARATION.search(body.lower()):
        return True
    if "background" not in body or (colour := _COLOUR.search(body)) is None:
        return False
    background = _BACKGROUND.search(body)
    return background is not None and background[1].strip().lower() == colour[1].strip().lower()


@lru_cache(maxsize=1024)
def _shown_by(body: str) -> frozenset[str]:
    """The properties that a style sets, those left out that it sets to what hides; a quick look, not a parser."""
    parts = (part.partition(":") for part in body.lower().split(";"))
    values = {name.strip(): value for name, _, value in parts}
    for name, hiding in _HIDING.items():
        if name in values and values[name].partition("!")[0].strip() in hiding:
            del values[name]
    return frozenset(values)


def _shown_again(rules: Iterable[tuple[int, Ruleset]], how: Drawn) -> dict[str, _Rank]:
    """The names for which a rule may take back what hides an element, each with the rank of the first among them.

    What holds for all inside an element is taken back by a rule for a part of it, too.
    """
    opposites = _OPPOSITES[how.why]
    found: dict[str, _Rank] = {}
    for order, rule in rules:
        for name in opposites:
            if name in rule.body:
                break
        else:
            continue
        sets = opposites & _shown_by(rule.body)
        if not sets or drawn(rule.body).why == how.why:
            continue
        important = "!important" in rule.body.replace(" ", "").lower()
        for text in rule.prelude.split(","):
            if _KEYBOARD.search(text):
                continue
            rank = (important, *weight_of(text), order) if sets.isdisjoint(_MOVING) else _HIGHEST
            for name in names_in(last_part(text) if how.certain else text):
                found[name] = max(rank, found.get(name, _LOWEST))
    return found


def is_shown_inside(attributes: Mapping[str, str | None], why: str, rules: Rules | None) -> bool:
    """Whether an element with these attributes is drawn though one around it is hidden so.

    Of colours and sizes any style or class may give it its own, by sheets that are not in the page.
    """
    style, classes = attributes.get("style"), attributes.get("class")
    if why != "visibility: hidden":
        return style is not None or classes is not None
    if style and "visibility" in _shown_by(style):
        return True
    return rules is not None and rules.shows([attributes.get("id") or "", *(classes or "").split()], why)
