"""The lines that were chosen → flags, and beside them flags on what misleads and on sentences that advertise.

Imported when somebody asks for a flag: who asks for text alone waits for none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from dechaff.judge import DECIMALS, LABELS, Chosen, Judged
from dechaff.labels import Label
from dechaff.lazy import Lazy
from dechaff.lines.table import Lines
from dechaff.model.explain import Evidence
from dechaff.result import Flag, Reason, TacticSpans
from dechaff.sentences.flags import by_sentence
from dechaff.sentences.weights import model
from dechaff.tactics import flags as tactics
from dechaff.tactics.find import Read
from dechaff.thresholds import Rules, Strictness

#: Why a line (by its number) has a label.
Explain = Callable[[int, Label], tuple[Reason, ...]]

#: The tactics of some lines.
ReadTactics = Callable[[Sequence[Read]], Sequence[Lazy[TacticSpans]]]


def all_flags(
    judged: Judged,
    chosen: Chosen,
    evidence: Evidence,
    misleading: Lazy[list[Flag]],
    rules: Rules,
    strictness: Strictness,
) -> tuple[Flag, ...]:
    """All flags on the visible lines of a document, in page order.

    A sentence is flagged from the probability on that its model has for the strictness, and not below that of `ad` in
    the rules; none is where adverts are kept.
    """

    def why(line: int, label: Label) -> tuple[Reason, ...]:
        settled = judged.settled.get(line)
        return evidence.reasons(line, label) if settled is None else (settled,)

    flags = [*flags_of(judged.lines, chosen, why, tactics.lazily), *misleading.value()]
    if Label.AD not in rules.keep:
        flags = by_sentence(judged, flags, max(model().threshold(strictness), rules.thresholds[Label.AD].flag))
    return tuple(sorted(flags, key=lambda flag: (flag.line, flag.start)))


def flags_of(lines: Lines, chosen: Chosen, explain: Explain, read: ReadTactics | None = None) -> tuple[Flag, ...]:
    """Flags on the chosen lines. `read` finds their tactics."""
    labels = [LABELS[label] for label in chosen.labels.tolist()]
    tactics: Sequence[TacticSpans | Lazy[TacticSpans]] = [()] * len(labels)
    if read is not None:
        tactics = read(
            [Read(lines.texts[i], lines.starts[i], label) for i, label in zip(chosen.lines, labels, strict=True)]
        )
    columns = zip(chosen.lines, labels, chosen.scores.tolist(), chosen.removed.tolist(), tactics, strict=True)
    return tuple(
        Flag(
            label=label,
            score=min(round(score, DECIMALS), 1.0),
            start=lines.starts[i],
            end=lines.ends[i],
            text=lines.texts[i],
            line=i,
            removed=removed,
            _tactic_spans=spans,
            _reasons=Lazy(partial(explain, i, label)),
        )
        for i, label, score, removed, spans in columns
    )
