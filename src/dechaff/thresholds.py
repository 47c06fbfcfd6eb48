"""From which scores on lines are flagged and removed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from dechaff.labels import Label
from dechaff.lines.table import Form
from dechaff.model.store import ModelError

Strictness = Literal["lenient", "balanced", "strict"]
STRICTNESS: tuple[str, ...] = get_args(Strictness)


class Threshold(NamedTuple):
    """Scores in 0..1 from which on a line of a label is flagged, and removed; `remove=None` never removes.

    `flag` counts for the labels that are flagged at all: ad, self_promotion, teaser and off_topic.
    """

    flag: float
    remove: float | None


Thresholds = Mapping[Label, Threshold]


@dataclass(frozen=True, slots=True)
class Rules:
    """By what a document was decided: the labels that make its text, and the thresholds of all others.

    `strictness` has given the thresholds, but for those of `own`, which the caller gave.
    """

    keep: Set[Label]
    thresholds: Thresholds
    strictness: str = "balanced"
    own: Set[Label] = frozenset()


#: Labels that the model gives and that a threshold is set for: all that are not the main text. Whether text is hidden
#: is no question to the model, and what misleads is told by other means.
JUDGED: tuple[Label, ...] = tuple(
    label for label in Label if label not in (Label.CONTENT, Label.HIDDEN, Label.MISLEADING)
)


def of_manifest(manifest: Mapping[str, Any], form: Form, strictness: str) -> dict[Label, Threshold]:
    """The thresholds chosen in training for a form of documents. Raises `ValueError` on an unknown strictness and
    `ModelError` where the manifest has none for it."""
    if strictness not in STRICTNESS:
        raise ValueError(f"strictness is {strictness!r}, not one of {', '.join(STRICTNESS)}")
    try:
        chosen = manifest["thresholds"][form][strictness]
        return changed({}, {label.value: chosen[label.value] for label in JUDGED})
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"the model's manifest has no thresholds for {form}, {strictness}: {error}") from error


def changed(base: Thresholds, changes: Mapping[str, Any]) -> dict[Label, Threshold]:
    """`base` with some of its thresholds replaced, each given as a pair (flag, remove).

    Raises `ValueError` on an unknown label or a number outside 0..1, `TypeError` on what is no pair.

    >>> changed({Label.AD: Threshold(0.3, 0.5)}, {"ad": (0.2, None)})
    {<Label.AD: 'ad'>: Threshold(flag=0.2, remove=None)}
    """
    if not isinstance(changes, Mapping):
        raise TypeError(f"thresholds are pairs (flag, remove) by label, not a {type(changes).__name__}")
    found = dict(base)
    for name, pair in changes.items():
        try:
            label = Label(name)
        except ValueError:
            raise ValueError(f"thresholds: unknown label {str(name)!r}") from None
        if label is Label.CONTENT:
            raise ValueError("thresholds: content is what is kept, it has none")
        if label is Label.HIDDEN:
            raise ValueError("thresholds: hidden text is never kept, it has none")
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(f"thresholds: {label} needs a pair (flag, remove), not {pair!r}")
        flag, remove = pair
        for number in (flag,) if remove is None else (flag, remove):
            if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number <= 1:
                raise ValueError(f"thresholds: {label} has {number!r}, not a number in 0..1")
        found[label] = Threshold(float(flag), None if remove is None else float(remove))
    return found
