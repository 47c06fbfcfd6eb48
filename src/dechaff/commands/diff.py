"""`dechaff diff`: what cleaning takes away, as a unified diff."""

from __future__ import annotations

import argparse
from typing import Any

from dechaff.commands.colour import has_colour
from dechaff.commands.options import add_audit, add_cleaning, add_command
from dechaff.commands.results import Results, check_not_among, write_results
from dechaff.output.sink import Sink

_COLOURS = {"-": "31", "+": "32", "@": "36"}


def add(commands: Any, epilog: str) -> None:
    """Add the command to the parsers of commands."""
    parser = add_command(
        commands,
        "diff",
        run,
        help="write what cleaning takes away, as a unified diff",
        description="Write a unified diff from every line of a document to its cleaned text.",
        epilog=epilog,
    )
    add_cleaning(parser)
    parser.add_argument(
        "-U", "--unified", type=_lines, default=3, metavar="N", help="lines shown around a change (default: 3)"
    )
    add_audit(parser)
    parser.add_argument("-o", "--output", metavar="OUT", help="write to this file: all diffs or nothing")


def run(arguments: argparse.Namespace) -> int:
    from dechaff.output.diff import to_diff

    check_not_among("-o", arguments.output, arguments.files)
    colour = has_colour(arguments.output)

    def write(results: Results) -> None:
        with Sink(arguments.output) as out:
            for name, result in results:
                text = to_diff(result, name, arguments.unified)
                out.write(_coloured(text) if colour else text)

    return write_results(arguments, write, warn=True)


def _coloured(text: str) -> str:
    """For a terminal: in colour, and with control characters named."""
    from dechaff.output.visible import visible

    return "".join(_line(visible(line)) for line in text.split("\n")[:-1])


def _line(line: str) -> str:
    code = "1" if line.startswith(("--- ", "+++ ")) else _COLOURS.get(line[:1], "")
    return f"\x1b[{code}m{line}\x1b[0m\n" if code else f"{line}\n"


def _lines(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of lines")
    return int(text)
