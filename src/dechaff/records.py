"""What was decided about a document → the records that users hold: `Line`s and the `Result`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from dechaff import limits
from dechaff.hidden.characters import shown as shown_text
from dechaff.judge import LABELS, Judged
from dechaff.labels import Label
from dechaff.lazy import Lazy, item
from dechaff.lines.table import Containers, Joint, Lines
from dechaff.output.text import to_text
from dechaff.result import Flag, Glue, Line, PageScores, Result, Status, TacticSpans
from dechaff.thresholds import Rules

#: Numbers of lists and items around a line that are kept; deeper lists are laid flat where they are written.
_MAX_ORDINALS = 48

_GLUES: tuple[Glue, Glue, Glue, Glue] = ("paragraph", "line", "cell", "cell")


class Decided(NamedTuple):
    """Decisions about a document that has lines. `flags` are those on visible lines, `tactics` those of every line."""

    judged: Judged
    flags: Lazy[tuple[Flag, ...]]
    title: str
    tactics: Lazy[Sequence[TacticSpans]]


def result_of(decided: Decided, url: str | None, rules: Rules) -> Result:
    """The result for a document that has lines."""
    judged, flags, title, tactics = decided
    lines = judged.lines
    kept = judged.kept.tolist()
    warnings = list(lines.warnings)
    status: Status = "limited" if lines.limited else "ok"
    if len(lines) > limits.MAX_LINES:
        status = "limited"
        warnings.append(f"lines after the first {limits.MAX_LINES} were kept without being judged")
    if unread := _half_searched(lines, int(judged.size[judged.inside & judged.kept].sum())):
        status = "limited"
        warnings += unread
    if not any(kept):
        status = "empty"
        warnings.append("no line of the document looks like main text")
    shown = lines.texts if not lines.veiled else map(shown_text, lines.texts)
    text = to_text(zip(shown, lines.joints, kept, strict=True))
    every = Lazy(partial(_with_hidden, flags, lines))
    return Result(
        text=text,
        _lines=Lazy(partial(rows_of, judged, tactics)),
        _flags=every,
        source=lines.source,
        title=title,
        _scores=Lazy(partial(_scores_of, judged, flags, every, title, text)),
        status=status,
        kind=lines.kind,
        url=url,
        warnings=tuple(warnings),
        rules=rules,
    )


def result_without_lines(lines: Lines, url: str | None, rules: Rules) -> Result:
    """The result for a document of which a reader sees nothing."""
    from dechaff.hidden.flags import hidden_flags
    from dechaff.scores import hidden_share

    warnings = [*lines.warnings, *_half_searched(lines, 0)]
    return Result(
        text="",
        _lines=tuple(_hidden_rows(lines, ())),
        _flags=tuple(hidden_flags(lines)),
        source=lines.source,
        title=lines.title,
        _scores=PageScores(hidden_share=hidden_share(lines)),
        status="empty",
        kind=lines.kind,
        url=url,
        warnings=tuple(warnings),
        rules=rules,
    )


def _half_searched(lines: Lines, main_chars: int) -> list[str]:
    """A warning for each part of a document that is longer than what is searched for orders to machines."""
    chars = {"main text": main_chars, "hidden text": sum(len(hidden.text) for hidden in lines.hidden)}
    limit = limits.MAX_ORDER_CHARS
    return [
        f"orders to machines were sought in the first {limit} characters of the {part}"
        for part, count in chars.items()
        if count > limit
    ]


def _with_hidden(flags: Lazy[tuple[Flag, ...]], lines: Lines) -> tuple[Flag, ...]:
    """The flags on visible lines, their lines numbered among all, and those on hidden text, in page order."""
    visible = flags.value()
    if not lines.hidden and not lines.veiled:
        return visible
    from dechaff.hidden.flags import hidden_flags  # with the model for orders: text alone asks for no flags

    if lines.hidden:
        numbers = lines.numbers()
        visible = tuple(replace(flag, line=numbers[flag.line]) for flag in visible)
    return tuple(sorted([*visible, *hidden_flags(lines)], key=lambda flag: (flag.line, flag.start)))


def _scores_of(
    judged: Judged, flags: Lazy[tuple[Flag, ...]], every: Lazy[tuple[Flag, ...]], title: str, text: str
) -> PageScores:
    from dechaff.scores import all_scores  # with all that flags need: text alone asks for neither

    return all_scores(judged, flags.value(), every, title, text)


def rows_of(judged: Judged, tactics: Lazy[Sequence[TacticSpans]]) -> tuple[Line, ...]:
    """All lines of a document as records, those that a reader does not see at their place among the others."""
    lines, paths = judged.lines, _Paths(judged.lines.containers)
    made = []
    before = 0  # the leaf of the line before
    numbers = lines.numbers() if lines.hidden else range(len(lines))
    columns = zip(
        judged.odds.tolist(), judged.labels.tolist(), judged.kept.tolist(), judged.inside.tolist(), strict=True
    )
    for i, (odds, label, kept, inside) in enumerate(columns):
        text, leaf = lines.texts[i], lines.leaves[i]
        made.append(
            Line(
                index=numbers[i],
                text=text,
                start=lines.starts[i],
                end=lines.ends[i],
                label=LABELS[label],
                score=odds[label],
                probabilities=dict(zip(LABELS, odds, strict=True)),
                kept=kept,
                in_body=inside,
                link_share=lines.link_chars[i] / len(text),
                path=paths.of(leaf),
                glue=_GLUES[lines.joints[i]],
                _tactic_spans=item(tactics, i),
                _column=lines.columns.get(i),
                _continues=lines.joints[i] is Joint.WITHIN,
                _ordinals=paths.ordinals(leaf, lines.ordinals) if lines.ordinals else (),
                _shared=paths.shared(before, leaf) if lines.kind == "html" else 0,  # of text, each line is an element
            )
        )
        before = leaf
    return tuple(sorted([*made, *_hidden_rows(lines, made)], key=lambda row: row.index))


def _hidden_rows(lines: Lines, visible: Sequence[Line]) -> Iterator[Line]:
    """The hidden lines as records; `visible` are the others, which say whether main text stands around."""
    path_of = _Paths(lines.containers).of
    certain = {label: float(label is Label.HIDDEN) for label in LABELS}
    for k, hidden in enumerate(lines.hidden):
        around = visible[max(hidden.before - 1, 0) : hidden.before + 1]
        start = lines.hidden_starts[k]
        yield Line(
            index=hidden.before + k,
            text=hidden.text,
            start=start,
            end=start + len(hidden.text),
            label=Label.HIDDEN,
            score=1.0,
            probabilities=certain,
            kept=False,
            in_body=len(around) == 2 and all(line.in_body for line in around),
            link_share=0.0,
            path=" > ".join(filter(None, (path_of(hidden.container), hidden.step))),
        )


class _Paths:
    """Paths of containers, as `Containers.path` gives them; equal ones are one string, for they may be long."""

    def __init__(self, containers: Containers) -> None:
        self.containers = containers
        self.known = {0: ""}
        self.steps = {0: 0}  # of each known path
        self.joined: dict[tuple[str, str], str] = {}
        self.ordered: dict[int, tuple[tuple[int, int], ...]] = {0: ()}  # the numbers that a known path says

    def of(self, container: int) -> str:
        known, parents, step = self.known, self.containers.parents, self.containers.step
        below = []
        while container not in known:
            below.append(container)
            container = parents[container]
        path, steps = known[container], self.steps[container]
        for container in reversed(below):
            key = path, step(container)
            path = self.joined.get(key) or self.joined.setdefault(key, " > ".join(filter(None, key)))
            steps += 1
            known[container], self.steps[container] = path, steps
        return path

    def ordinals(self, container: int, said: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
        """What the containers of a known path say, each with its step: the outermost, for no more are written."""
        below = []
        while container not in self.ordered:
            below.append(container)
            container = self.containers.parents[container]
        found = self.ordered[container]
        for container in reversed(below):
            if container in said and len(found) < _MAX_ORDINALS:
                found = (*found, (self.steps[container] - 1, said[container]))
            self.ordered[container] = found
        return found

    def shared(self, one: int, other: int) -> int:
        """How many steps from the outermost on two containers with known paths have in common.

        In page order, each container is left once, so that all lines together take one step for each container.
        """
        parents = self.containers.parents
        while one != other:  # each container comes after its parent
            if one > other:
                one = parents[one]
            else:
                other = parents[other]
        return self.steps[one]
