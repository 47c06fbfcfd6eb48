"""`dechaff score`: numbers about documents, as a table, CSV or JSON."""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dechaff.commands.inputs import FAILED, OK, Inputs, kind_of, say
from dechaff.commands.options import add_cleaning, add_command, cleaner_of
from dechaff.escaped import escaped
from dechaff.output.sink import Sink

#: A document's name and its scores.
Row = tuple[str, Mapping[str, float]]

#: Characters of a score: a narrower heading is filled up.
_WIDTH = 6


def add(commands: Any, epilog: str) -> None:
    """Add the command to the parsers of commands."""
    parser = add_command(
        commands,
        "score",
        run,
        help="write numbers about documents",
        description="""\
Write numbers in 0..1 about documents: shares of content, boilerplate, promotion, links and hidden text (hidden_share),
how surely there is something to read (content_quality), whether the title is bait (clickbait), lines that are worded to
mislead (misleading), and a guide for sorting pages by form, not by truth (trust).""",
        epilog=epilog,
    )
    add_cleaning(parser)
    parser.add_argument("--format", choices=tuple(_WRITERS), default="table", help="what to write (default: table)")
    parser.add_argument(
        "--sort",
        type=_score,
        metavar="NAME",
        help="the highest values of this score first, as the table names it (default: in the order of the FILEs)",
    )


def run(arguments: argparse.Namespace) -> int:
    """`dechaff score`."""
    cleaner = cleaner_of(arguments)
    inputs = Inputs(arguments.files)

    def scored() -> Iterator[Row]:
        for name, document in inputs:
            result = cleaner.clean(document, kind=kind_of(name, arguments.kind), url=arguments.url)
            for warning in result.warnings:  # in no format of scores
                say(f"{name}: {warning}")
            yield name, result.scores.to_dict()

    rows: Iterable[Row] = scored()
    if arguments.sort:
        rows = highest_first(rows, arguments.sort)
    with Sink(None) as out:
        for text in _WRITERS[arguments.format](rows):
            out.write(text)
    return FAILED if inputs.failed else OK


def highest_first(rows: Iterable[Row], name: str) -> list[Row]:
    """Rows by a score; those with the same value stay in order.

    >>> [name for name, _ in highest_first([("a", {"trust": 0.1}), ("b", {"trust": 0.9})], "trust")]
    ['b', 'a']
    """
    return sorted(rows, key=lambda row: -row[1][name])


def _table(rows: Iterable[Row]) -> Iterator[str]:
    """Names come last: all columns before them are as wide as their headings, so that rows are written one by one."""
    for number, (name, scores) in enumerate(rows):
        if not number:
            yield "  ".join([*(f"{key:>{_WIDTH}}" for key in scores), "file"]) + "\n"
        yield (
            "  ".join([*(f"{value:{max(len(key), _WIDTH)}.4f}" for key, value in scores.items()), escaped(name)]) + "\n"
        )


def _csv(rows: Iterable[Row]) -> Iterator[str]:
    for number, (name, scores) in enumerate(rows):
        if not number:
            yield _line(["file", *scores])
        yield _line([name, *scores.values()])


def _line(cells: Sequence[str | float]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _json(rows: Iterable[Row]) -> Iterator[str]:
    for name, scores in rows:
        yield json.dumps({"file": name, **scores}, ensure_ascii=False) + "\n"


_WRITERS = {"table": _table, "json": _json, "csv": _csv}


def _score(name: str) -> str:
    """A name that is one of a score."""
    from dechaff.result import PageScores

    known = PageScores().to_dict()
    if name not in known:
        raise argparse.ArgumentTypeError(f"unknown score {name!r} (choose from {', '.join(known)})")
    return name
