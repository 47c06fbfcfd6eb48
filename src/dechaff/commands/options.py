"""What the parsers of several commands have: FILEs, how a document is cleaned, where each removal is written."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import Field, fields
from types import TracebackType
from typing import TYPE_CHECKING, Any

from dechaff.commands.arguments import add_config, add_option, configured, given_options
from dechaff.corpus.options import OF_CLEANER, Options, OptionsError
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
    """The options of a `Cleaner`, spelt as those of a corpus, where they are written down, and of the document."""
    add_config(parser)
    for option in _of_cleaner():
        add_option(parser, option)
    parser.add_argument(
        "--kind",
        choices=("auto", "html", "text"),
        default="auto",
        help="what the documents are (default: told from their names and from themselves)",
    )
    parser.add_argument("--url", help="where the documents come from; its host decides whose --sites count")


def add_audit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--audit", metavar="FILE", help="write every removed line, and why, to this file: a JSON object a line"
    )


def cleaner_of(arguments: argparse.Namespace) -> Cleaner:
    """The cleaner that the options of `add_cleaning` ask for. Raises `OptionsError` on those that mean nothing.

    A file may have options of a corpus, too, which have no effect here.
    """
    from dechaff.phrases import host_of  # with numpy, for which the parsers do not wait

    given = given_options(arguments, _of_cleaner())
    written = configured(arguments.config)
    if "sites" in given and not host_of(arguments.url or ""):
        raise OptionsError(
            "sites: give --url, too, as https://example.com/page: it says what site the documents are of"
        )
    for name in ("inputs", "output"):  # those of `dechaff corpus` that are no options of a run
        written.pop(name, None)
    return Options.of({**written, **given}).cleaner()


def _of_cleaner() -> list[Field[Any]]:
    return [option for option in fields(Options) if option.name in OF_CLEANER]


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
