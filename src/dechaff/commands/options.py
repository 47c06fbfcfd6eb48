"""What the parsers of several commands have: FILEs, how a document is cleaned, where each removal is written."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from dechaff.output.sink import Sink

if TYPE_CHECKING:
    from dechaff.cleaner import Cleaner
    from dechaff.result import Result


def add_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], *, help: str, description: str, epilog: str
) -> argparse.ArgumentParser:
    """The parser of a command that takes FILEs, added to the parsers of commands."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    parser.add_argument("files", nargs="+", metavar="FILE", help="HTML or plain text; - for standard input")
    return parser


def add_cleaning(parser: argparse.ArgumentParser) -> None:
    """The options of a `Cleaner` and of the document."""
    parser.add_argument(
        "--strictness",
        choices=("lenient", "balanced", "strict"),
        default="balanced",
        help="how readily lines are removed (default: balanced)",
    )
    parser.add_argument(
        "--kind",
        choices=("auto", "html", "text"),
        default="auto",
        help="what the documents are (default: told from their names and from themselves)",
    )
    parser.add_argument("--keep", type=_labels, metavar="LABEL,...", help="labels to keep (default: content)")
    for name, fate in (("allow", "stay"), ("deny", "go")):
        about = f"lines with this phrase {fate}, whatever else speaks for it (repeatable)"
        parser.add_argument(f"--{name}", action="append", default=[], type=_phrase, metavar="PHRASE", help=about)
    parser.add_argument("--url", help="where the document comes from")


def add_audit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--audit", metavar="FILE", help="write every removed line, and why, to this file: a JSON object a line"
    )


def cleaner_of(arguments: argparse.Namespace) -> Cleaner:
    """The cleaner that the options of `add_cleaning` ask for."""
    from dechaff.cleaner import Cleaner

    options = {} if arguments.keep is None else {"keep": arguments.keep}
    return Cleaner(strictness=arguments.strictness, allow=arguments.allow, deny=arguments.deny, **options)


class Audit:
    """The file of `--audit`, if there is to be one; it takes its name once everything is written."""

    def __init__(self, name: str | None) -> None:
        self.sink = None if name is None else Sink(name)

    def __enter__(self) -> Audit:
        if self.sink is not None:
            self.sink.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.sink is not None:
            self.sink.__exit__(kind, failure, trace)

    def write(self, name: str, result: Result) -> None:
        if self.sink is None:
            return
        from dechaff.output.audit import removals

        for row in removals(result):
            self.sink.write(json.dumps({"file": name, **row}, ensure_ascii=False) + "\n")


def _phrase(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a phrase has words")
    return text


def _labels(names: str) -> frozenset[str]:
    from dechaff.labels import Label

    known = [label.value for label in Label]
    chosen = [name.strip() for name in names.split(",")]
    for name in chosen:
        if name not in known:
            raise argparse.ArgumentTypeError(f"unknown label {name!r} (choose from {', '.join(known)})")
    return frozenset(chosen)
