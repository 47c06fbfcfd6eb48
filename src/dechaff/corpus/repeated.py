"""What repetition over a site changes in a result: reasons, flags, and removal where the model doubts the line too."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from math import log

from dechaff.corpus.repetition import Table
from dechaff.hidden.characters import shown
from dechaff.labels import Label
from dechaff.lazy import Lazy
from dechaff.output.text import joint_of, to_text
from dechaff.result import Flag, Line, Reason, Result
from dechaff.thresholds import Rules

#: A repeated line is removed from these probabilities on that it is an advert, or promotes at all. Chosen, with the
#: model of that time, on 300 articles with an ad headline and one of ten standing paragraphs each, put in at random: of
#: those that it alone kept, 28 % of the headlines and none of 236 paragraphs reached one of them, and 2.5 of 1,000
#: lines of gold text would have if they were repeated. What leads away or seems off topic is no ground: that is how
#: standing paragraphs look.
SUSPICIOUS_AD = 0.15
SUSPICIOUS_PROMOTION = 0.3

#: Share of the pages from which a suspicious line is removed; below, repetition is only a reason.
OFTEN = 0.5

#: What a repeated line can be, other than what is kept.
_LIKELY = (Label.AD, Label.SELF_PROMOTION, Label.TEASER, Label.OFF_TOPIC, Label.BOILERPLATE, Label.METADATA)


def with_repetition(result: Result, site: str, table: Table, rules: Rules) -> tuple[Result, dict[int, Reason]]:
    """The result with what is known of lines that stand on many pages of its site, and the reasons by line.

    `rules` are those that it was made by: what they never remove is not removed. `Result.scores` are left as they are.
    """
    if not site or not len(table.keys):
        return result, {}
    found = {line.index: where for line in result.lines if (where := table.find(site, line.text)) is not None}
    if not found:
        return result, {}
    reasons = {index: reason_of(*where) for index, where in found.items()}
    flags = [_reasoned(flag, reasons[flag.line]) if flag.line in found else flag for flag in result.flags]
    flagged = {flag.line for flag in flags}
    stays = rules.keep | {label for label, threshold in rules.thresholds.items() if threshold.remove is None}
    removed: dict[int, Label] = {}
    for line in result.lines:
        if line.index not in found or not line.kept:
            continue
        count, pages = found[line.index]
        label = _likeliest(line, rules.keep)
        gone = count >= OFTEN * pages and _suspicious(line, stays)
        if gone:
            removed[line.index] = label
        if line.index not in flagged:
            flags.append(_flag(line, label, gone, reasons[line.index]))
    flags = [replace(flag, removed=True) if flag.line in removed and not flag.removed else flag for flag in flags]
    flags.sort(key=lambda flag: (flag.line, flag.start))
    if not removed:
        return replace(result, _flags=tuple(flags)), reasons
    lines = tuple(
        replace(line, kept=False, label=removed[line.index]) if line.index in removed else line for line in result.lines
    )
    return replace(result, _flags=tuple(flags), text=_text(lines), _lines=lines), reasons


def reason_of(count: int, pages: int) -> Reason:
    """Why: with the log-odds of the share as weight.

    >>> reason_of(37, 40)
    Reason(name='stands on 37 of 40 pages of this site', weight=2.3716, start=None, end=None)
    """
    odds = (count + 0.5) / (pages - count + 0.5)
    return Reason(f"stands on {count} of {pages} pages of this site", round(log(odds), 4))


def _reasoned(flag: Flag, reason: Reason) -> Flag:
    return replace(flag, _reasons=Lazy(lambda: (*flag.reasons, reason)))


def _likeliest(line: Line, keep: Set[Label]) -> Label:
    """What the line most likely is if it is not what is kept."""
    others = [label for label in _LIKELY if label not in keep]
    return max(others, key=lambda label: line.probabilities.get(label, 0.0), default=Label.BOILERPLATE)


def _suspicious(line: Line, stays: Set[Label]) -> bool:
    ad, own = (
        0.0 if label in stays else line.probabilities.get(label, 0.0) for label in (Label.AD, Label.SELF_PROMOTION)
    )
    return ad >= SUSPICIOUS_AD or ad + own >= SUSPICIOUS_PROMOTION


def _flag(line: Line, label: Label, removed: bool, reason: Reason) -> Flag:
    return Flag(
        label=label,
        score=line.probabilities.get(label, 0.0),
        start=line.start,
        end=line.end,
        text=line.text,
        line=line.index,
        removed=removed,
        _reasons=(reason,),
    )


def _text(lines: Sequence[Line]) -> str:
    return to_text((shown(line.text), joint_of(line), line.kept) for line in lines if line.label is not Label.HIDDEN)
