"""The rules of a page's `<style>` elements that hide text, as far as their selectors are simple.

Most pages with style sheets hide much that they never show text in, and parsing a whole sheet takes many times as long
as the rest of a page. So declarations are parsed only if they hold a word that hides, and the page has text in an
element of a name that stands in the selector.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dechaff.lines.attributes import is_ruled_out
from dechaff.lines.drawn import FOR_GOOD, NEAR_ZERO, Drawn, drawn
from dechaff.lines.opened import Opened
from dechaff.lines.opposites import MOVING, OPPOSITES, is_important, shown_by
from dechaff.lines.rulesets import Ruleset, rulesets
from dechaff.lines.selectors import Selector, last_part, names_in, selector_of, tag_in, weight_of
from dechaff.lines.table import Containers

#: Characters of all sheets of a page that are read.
MAX_CHARS = 100_000

#: Characters of one rule; a longer one is passed over.
_MAX_RULE_CHARS = 4_000

#: Rules of a page that are parsed, and selectors that say what their element stands in.
_MAX_RULES = 300
_MAX_ABOVE = 30

#: What declarations must hold to hide text: a value near zero, far away or clear, or more white space before it than
#: is worth looking behind. Linear: bounded runs.
_VALUE = re.compile(
    r":\s{0,8}(?:\s|none|hidden|collapse|transparent|rect\(|inset\(|circle\(|scale|[01.+]"
    r"|(?:rgb|hsl)a?\([^)]{0,40}[,/]\s{0,4}0?\.?0{0,3}%?\s{0,4}\))|-\d{3}",
    re.IGNORECASE,
)
#: The same with the properties: slower, so asked of few. For text in lower case without white space, in which `re`
#: skips to the letters that it may begin with. Linear: bounded runs.
_DECLARATION = re.compile(
    r"display:none|visibility:[hc]|opacity:\+?(?:[0.]|[\d.]{1,9}e-)|clip|scale|-\d{3}"
    rf"|(?:font(?:-size)?|width|height):{NEAR_ZERO}"
    r"|color:(?:transparent|rgb|hsl)"
)

#: Text and background in plain colours, written so. Linear: bounded runs.
_COLOUR = re.compile(r"(?<![\w-])color:([^;!]{1,60})")
_BACKGROUND = re.compile(r"(?<![\w-])background(?:-color)?:([^;!]{1,60})")

#: A link that shows itself to who reaches it by keyboard is hidden from all others.
_KEYBOARD = re.compile(r":(?:focus|active)")

#: What tells which of two rules for one element counts: `!important`, ids, classes, tags, and which comes last.
_Rank = tuple[bool, int, int, int, int]
_LOWEST: _Rank = (False, 0, 0, 0, -1)
_HIGHEST: _Rank = (True, 1_000, 0, 0, 0)

#: Before a tag, where it stands among classes and ids.
_TAG = "<"


class Hide(NamedTuple):
    """A rule that hides the elements of a selector."""

    selector: Selector
    drawn: Drawn
    rank: _Rank


@dataclass(slots=True)
class Rules:
    """Rules that hide elements, by one class or id of their selectors.

    `shown` are, by what hides an element, the classes, ids and tags for which another rule takes it back, with its
    rank. `idle` are classes that no rule knows.
    """

    by_name: dict[str, list[Hide]]
    shown: dict[str, dict[str, _Rank]] = field(default_factory=dict)
    idle: set[str] = field(default_factory=set)

    def of(
        self,
        tag: str,
        attributes: Mapping[str, str | None],
        containers: Containers,
        around: int,
        opened: Opened | None = None,
    ) -> Hide | None:
        """The rule that hides an element of this tag and with these attributes, in the container `around`, or None.

        `opened` is what a reader can open, which is seen.

        >>> rules = rules_of(["p.x { display: none }"], lambda: {("", "x")})
        >>> rules.of("p", {"class": "y x"}, Containers(), 0).drawn.why, rules.of("i", {"class": "x"}, Containers(), 0)
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
                    and not self._is_taken_back(hide, (ident, *own, _TAG + tag), attributes.get("style") or "")
                    and hide.selector.stands(containers, around)
                ):
                    return hide
        return None

    def _is_taken_back(self, hide: Hide, names: Sequence[str], style: str) -> bool:
        """Whether another rule, or the element's own style, counts more than a rule that hides it."""
        why = hide.drawn.why
        if _counts_more(self.shown.get(why, {}), names, hide.rank):
            return True
        if not style or OPPOSITES[why].isdisjoint(shown_by(style)):
            return False
        return not hide.rank[0] or is_important(style, why, any)

    def shows_inside(self, tag: str, hide: Hide) -> bool:
        """Whether a rule for this tag takes back, inside an element that a rule hides, what that one does."""
        shown = self.shown.get(hide.drawn.why, {})
        return not hide.drawn.certain and (_TAG + tag in shown or f"{_TAG}*" in shown)

    def only(self, is_left: Callable[[Hide], bool]) -> Rules | None:
        """The rules without some of them; None if none is left."""
        left = {name: some for name, hides in self.by_name.items() if (some := [*filter(is_left, hides)])}
        return Rules(left, self.shown) if left else None

    def shows(self, names: Sequence[str], why: str) -> bool:
        """Whether a rule for one of these classes or ids takes back what hides an element around."""
        shown = self.shown.get(why)
        return shown is not None and not shown.keys().isdisjoint(names)


def _may_hide(sheet: str) -> bool:
    return _VALUE.search(sheet) is not None or "background" in sheet


def rules_of(sheets: Sequence[str], steps_of_page: Callable[[], Collection[tuple[str, str]]]) -> Rules | None:
    """The rules that hide some of a page's elements, whose ids and classes are asked for once; None if there are none.

    A rule counts for nothing that another one for the same name takes back, or may take back: what it hides is shown on
    some screen, or by a click.

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
    found: dict[str, list[Hide]] = {}
    shown: dict[str, dict[str, _Rank]] = {}
    for hide in hides:
        why, own = hide.drawn.why, hide.selector.own
        if why not in shown:
            # Parts may show themselves again if that is no certain way to hide them, whatever they are called.
            shown[why] = _shown_again(ours if hide.drawn.certain else rules, hide.drawn)
        if not _counts_more(shown[why], (own.ident, *own.classes), hide.rank):
            found.setdefault(hide.selector.key, []).append(hide)
    return Rules(found, shown) if found else None


def _hides_of(rules: Iterable[tuple[int, Ruleset]], names: set[str]) -> list[Hide]:
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
        how = how._replace(soft=how.why not in FOR_GOOD)
        important = is_important(rule.body, how.why, all)
        for text in rule.prelude.split(","):
            selector = selector_of(text)
            if selector is None or not selector.names() <= names:
                continue
            above_left -= bool(selector.above)
            if above_left >= 0 or not selector.above:
                found.append(Hide(selector, how, (important, *weight_of(text), order)))
    return found


def _is_doubtful(rule: Ruleset, names: set[str]) -> bool:
    """Whether a rule for one of these names may hide text."""
    body = rule.body
    if len(body) + len(rule.prelude) > _MAX_RULE_CHARS:
        return False
    valued = _VALUE.search(body) is not None
    if not (valued or "background" in body) or names.isdisjoint(names_in(rule.prelude)):
        return False
    body = "".join(body.lower().split())
    if valued and _DECLARATION.search(body):
        return True
    colour, background = _COLOUR.search(body), _BACKGROUND.search(body)
    return colour is not None and background is not None and background[1] == colour[1]


def _counts_more(shown: Mapping[str, _Rank], names: Iterable[str], rank: _Rank) -> bool:
    """Whether a rule for one of these names counts more than one of this rank."""
    return any(shown.get(name, _LOWEST) > rank for name in names)


def _shown_again(rules: Iterable[tuple[int, Ruleset]], how: Drawn) -> dict[str, _Rank]:
    """The names for which a rule may take back what hides an element, each with the highest rank among them.

    What holds for all inside an element is taken back by a rule for a part of it, too, whatever its rank.
    """
    opposites = OPPOSITES[how.why]
    found: dict[str, _Rank] = {}
    for order, rule in rules:
        for name in opposites:
            if name in rule.body:
                break
        else:
            continue
        sets = opposites & shown_by(rule.body)
        if not sets or drawn(rule.body).why == how.why:
            continue
        important = is_important(rule.body, how.why, any)
        for text in rule.prelude.split(","):
            if _KEYBOARD.search(text):
                continue
            last = last_part(text)
            names = names_in(last)
            rank = (important, *weight_of(text), order) if sets.isdisjoint(MOVING) else _HIGHEST
            if not names and not names_in(text):  # one for a tag below a name says nothing of it elsewhere
                names = [_TAG + tag_in(last)]
            for name in names:
                found[name] = max(rank, found.get(name, _LOWEST))
            if not how.certain:
                found.update(dict.fromkeys(names_in(text.strip().removesuffix(last)), _HIGHEST))
    return found


def is_shown_inside(attributes: Mapping[str, str | None], why: str, rules: Rules | None) -> bool:
    """Whether an element with these attributes is drawn though one around it is hidden so.

    Of colours and sizes any style or class may give it its own, by sheets that are not in the page.
    """
    style, classes = attributes.get("style"), attributes.get("class")
    if why != "visibility: hidden":
        return style is not None or classes is not None
    if style and "visibility" in shown_by(style):
        return True
    return rules is not None and rules.shows([attributes.get("id") or "", *(classes or "").split()], why)
