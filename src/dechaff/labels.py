"""The words of the library: what a line is, and forms of words that mislead."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Label(str, Enum):
    """What a line is. A member equals its value: `Label.AD == "ad"`.

    >>> Label("ad") is Label.AD, Label.AD == "ad"
    (True, True)
    """

    CONTENT = "content"
    CAPTION = "caption"
    METADATA = "metadata"
    AD = "ad"
    SELF_PROMOTION = "self_promotion"
    TEASER = "teaser"
    OFF_TOPIC = "off_topic"
    BOILERPLATE = "boilerplate"
    COMMENT = "comment"
    HIDDEN = "hidden"
    MISLEADING = "misleading"

    def __str__(self) -> str:
        return self.value


class Tactic(str, Enum):
    """A form of words that misleads. The library judges form; it does not check facts."""

    URGENCY = "urgency"
    SCARCITY = "scarcity"
    GIVEAWAY = "giveaway"
    INCOME_CLAIM = "income_claim"
    HEALTH_CLAIM = "health_claim"
    SCARE = "scare"
    FAKE_ALERT = "fake_alert"
    CURIOSITY_GAP = "curiosity_gap"
    FALSE_AUTHORITY = "false_authority"
    SOCIAL_PRESSURE = "social_pressure"
    DISGUISED_AD = "disguised_ad"
    MACHINE_INSTRUCTION = "machine_instruction"

    def __str__(self) -> str:
        return self.value


#: Labels of lines that advertise.
PROMOTIONAL = frozenset({Label.AD, Label.SELF_PROMOTION})

#: Labels that are flagged where a reader of the main text would meet them.
FLAGGED = frozenset({Label.AD, Label.SELF_PROMOTION, Label.TEASER, Label.OFF_TOPIC})


def kept_labels(names: Iterable[Label | str]) -> frozenset[Label]:
    """The labels that make the text of a document. Raises `ValueError` on none, on a label that there is not, and on
    hidden text, which is never kept; `TypeError` on a single str.

    >>> kept_labels(["content", Label.CAPTION]) == {"content", "caption"}
    True
    """
    if isinstance(names, str):
        raise TypeError(f"keep is a set of labels, not the string {names!r}")
    listed = [*names]
    known = [label for label in Label if label is not Label.HIDDEN]
    if Label.HIDDEN in listed:
        raise ValueError("keep: hidden text is never kept; it stands in `lines` and `flags`")
    if unknown := [name for name in listed if name not in known]:
        raise ValueError(f"keep: unknown label {str(unknown[0])!r} (choose from {', '.join(known)})")
    if not listed:
        raise ValueError(f"keep: no label at all; nothing would be kept (choose from {', '.join(known)})")
    return frozenset(map(Label, listed))
