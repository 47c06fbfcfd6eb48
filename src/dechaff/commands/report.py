"""`dechaff report`: an HTML report about documents."""

from __future__ import annotations

import argparse
import os
from typing import Any

from dechaff.commands.inputs import FAILED, say
from dechaff.commands.options import add_audit, add_cleaning, add_command
from dechaff.commands.results import Results, check_not_among, write_results
from dechaff.output.sink import Sink

#: Characters of a report in one file from which a folder is the better place.
MANY = 20_000_000


def add(commands: Any, epilog: str) -> None:
    """Add the command to the parsers of commands."""
    parser = add_command(
        commands,
        "report",
        run,
        help="write an HTML report that shows every decision",
        description=(
            "Write a self-contained HTML report: every line with its label, flags with reasons, filters, and labels\n"
            "and tactics that can be corrected. With several FILEs it begins with an overview."
        ),
        epilog=epilog,
    )
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

    check_not_among("-o", arguments.output, arguments.files)

    def write(results: Results) -> None:
        if _is_folder(arguments.output):
            write_folder(results, arguments.output)
            return
        with Sink(arguments.output) as out:
            report = to_report(results)
            out.write(report)
        if len(report) > MANY:
            say(f"the report has {len(report) / 1e6:.0f} MB; -o with a folder writes a file for each page")

    try:
        return write_results(arguments, write, warn=False)
    except ModuleNotFoundError as error:
        say(str(error))
        return FAILED


def _is_folder(output: str | None) -> bool:
    return output is not None and (output.endswith(("/", os.sep)) or os.path.isdir(output))
