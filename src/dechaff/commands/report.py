"""`dechaff report`: an HTML report about documents."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dechaff.commands.inputs import FAILED, OK, Inputs, chain, kind_of, say
from dechaff.commands.options import Audit, add_audit, add_cleaning, cleaner_of
from dechaff.output.sink import Sink

if TYPE_CHECKING:
    from dechaff.result import Result

#: Characters of a report in one file from which a folder is the better place.
MANY = 20_000_000


def add(commands: Any, epilog: str) -> None:
    """Add the command to the parsers of commands."""
    parser = commands.add_parser(
        "report",
        help="write an HTML report that shows every decision",
        description=(
            "Write a self-contained HTML report: every line with its label, flags with reasons, filters, and labels\n"
            "that can be corrected. With several FILEs it begins with an overview."
        ),
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    parser.add_argument("files", nargs="+", metavar="FILE", help="HTML or plain text; - for standard input")
    add_cleaning(parser)
    add_audit(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="write to this file; to a folder, if OUT ends with a slash or is one: an overview and a file a page",
    )


def run(arguments: argparse.Namespace) -> int:
    from dechaff.output.report import to_report, write_folder

    cleaner = cleaner_of(arguments)
    inputs = Inputs(arguments.files)
    documents = iter(inputs)
    first = next(documents, None)
    if first is None:
        return FAILED
    with Audit(arguments.audit) as audit:

        def results() -> Iterator[tuple[str, Result]]:
            for name, document in chain(first, documents):
                result = cleaner.clean(document, kind=kind_of(name, arguments.kind), url=arguments.url)
                audit.write(name, result)
                yield name, result

        try:
            if _is_folder(arguments.output):
                write_folder(results(), arguments.output)
            else:
                with Sink(arguments.output) as out:
                    report = to_report(results())
                    out.write(report)
                if len(report) > MANY:
                    say(f"the report has {len(report) / 1e6:.0f} MB; -o with a folder writes a file for each page")
        except ModuleNotFoundError as error:
            say(str(error))
            return FAILED
    return FAILED if inputs.failed else OK


def _is_folder(output: str | None) -> bool:
    return output is not None and (output.endswith(("/", os.sep)) or os.path.isdir(output))
