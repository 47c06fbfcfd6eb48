"""`dechaff diff`: what cleaning takes away, as a unified diff."""

from __future__ import annotations

import argparse
from typing import Any

from dechaff.commands.colour import has_colour
from dechaff.commands.inputs import FAILED, OK, Inputs, chain, kind_of, say
from dechaff.commands.options import Audit, add_audit, add_cleaning, cleaner_of
from dechaff.output.sink import Sink

_COLOURS = {"-": "31", "+": "32", "@": "36"}


def add(commands: Any, epilog: str) -> None:
    """Add the command to the parsers of commands."""
    parser = commands.add_parser(
        "diff",
        help="write what cleaning takes away, as a unified diff",
        description="Write a unified diff from every line of a document to its cleaned text.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    parser.add_argument("files", nargs="+", metavar="FILE", help="HTML or plain text; - for standard input")
    add_cleaning(parser)
    parser.add_argument(
        "-U", "--unified", type=_lines, default=3, metavar="N", help="lines shown around a change (default: 3)"
    )
    add_audit(parser)
    parser.add_argument("-o", "--output", metavar="OUT", help="write to this file: all diffs or nothing")


def run(arguments: argparse.Namespace) -> int:
    from dechaff.output.diff import to_diff

    cleaner = cleaner_of(arguments)
    inputs = Inputs(arguments.files)
    documents = iter(inputs)
    first = next(documents, None)
    if first is None:
        return FAILED
    colour = has_colour(arguments.output)
    with Sink(arguments.output) as out, Audit(arguments.audit) as audit:
        for name, document in chain(first, documents):
            result = cleaner.clean(document, kind=kind_of(name, arguments.kind), url=arguments.url)
            for warning in result.warnings:
                say(f"{name}: {warning}")
            text = to_diff(result, name, arguments.unified)
            out.write(_coloured(text) if colour else text)
            audit.write(name, result)
    return FAILED if inputs.failed else OK


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
