"""`dechaff corpus`: arguments and TOML in, one call into the library."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from dataclasses import fields
from typing import Any

from dechaff.commands.arguments import add_config, add_option, configured, given_options
from dechaff.corpus.options import Options, OptionsError, to_toml
from dechaff.escaped import escaped

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

_DESCRIPTION = """\
Clean a corpus: files, folders and URLs of HTML, text, JSON lines, CSV, TSV, Parquet, Arrow, WARC or WET, packed with
gz, zst, bz2 or xz or not, to a file or a folder, on all cores. Every document gives one row, also one that fails.
"""

_EPILOG = """\
OUTPUT is a file if its name ends in .jsonl, .csv, .tsv (each also with .gz, .zst, .bz2, .xz), .parquet, .arrow or
.feather, else a folder with a file for each piece of work. Beside it, in OUTPUT.dechaff or OUTPUT/_dechaff, stand the
journal that --resume goes on from, the summary (summary.json, and with the extra report summary.html), and side files.
"-" as INPUT is standard input and goes to standard output.

In a folder, all files are read that are data or pages, also in folders below it. Passed over, and counted in the
summary, are other files, names that begin with _, and links to folders; names that begin with a dot, and what an
earlier run wrote beside its output, are not looked at.

Every option can stand in a TOML file, as in pyproject.toml, where a threshold that never removes is written "never":

  [tool.dechaff]
  text-field = "body"
  thresholds = {teaser = [0.3, "never"]}
  [tool.dechaff.sites."example.com"]
  deny = ["Shop with us"]

An argument takes the place of what the file says.

exit codes:
  0  all inputs were read to their end; documents that failed are rows with a status and an error
  1  some input could not be read to its end (the others are cleaned), or the output could not be written
  2  wrong usage
  130  stopped by Ctrl-C; --resume goes on
"""


def add_to(commands: Any) -> None:
    """Add the command to the subparsers of the command line."""
    parser = commands.add_parser(
        "corpus",
        help="clean files of many documents",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=run)
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="files, folders, patterns with *, URLs, or -")
    parser.add_argument("-o", "--output", help="a file or a folder; - for standard output", default=argparse.SUPPRESS)
    add_config(parser)
    parser.add_argument("--show-config", action="store_true", help="write all options as TOML, and end")
    for option in fields(Options):
        add_option(parser, option)


def run(arguments: argparse.Namespace) -> int:
    """`dechaff corpus`."""
    try:
        given = vars(arguments)
        settings = configured(given["config"])
        settings |= given_options(arguments, fields(Options))
        inputs = given["inputs"] or settings.pop("inputs", [])
        settings.pop("inputs", None)
        output = settings.pop("output", None)
        output = given.get("output", output)
        options = Options.of(settings)
        if given["show_config"]:
            print(to_toml({**({"inputs": inputs} if inputs else {}), **({"output": output} if output else {}),
                           **options.to_dict()}))  # fmt: skip
            return OK
        if not inputs or not isinstance(inputs, list):
            raise OptionsError("give INPUTs: files, folders, URLs, or - for standard input")
        if output is None and inputs != ["-"]:
            raise OptionsError("give an OUTPUT with -o: a file, a folder, or - for standard output")
        return _clean([str(name) for name in inputs], str(output or "-"), options)
    except OptionsError as error:
        _say(str(error))
        return USAGE


def _clean(inputs: list[str], output: str, options: Options) -> int:
    from dechaff.corpus.errors import CorpusError
    from dechaff.corpus.runner import clean, write_summary

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)  # as Ctrl-C: leave nothing half done
    try:
        if output == "-" or "-" in inputs:
            from dechaff.corpus.apart import check_apart
            from dechaff.corpus.stream import stream

            if output != "-":
                raise OptionsError("standard input goes to standard output: name no OUTPUT, and use > FILE")
            check_apart(inputs, None, options)
            summary = stream(inputs, sys.stdin.buffer, sys.stdout.buffer, options)
            sys.stdout.buffer.flush()
            if options.summary is not None:
                write_summary(summary, options.summary)
        else:
            summary = clean(inputs, output, options)
    except KeyboardInterrupt:
        _say("stopped; what is done stays, run it again with --resume")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except (CorpusError, ModuleNotFoundError) as error:
        _say(str(error))
        return FAILED
    except OSError as error:
        said = error.strerror or str(error)
        _say(f"{error.filename}: {said}" if error.filename else said)
        return FAILED
    if not options.quiet and not options.json_log:
        _say(summary.line())
    return FAILED if summary.broken_inputs or summary.failed_shards else OK


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _say(message: str) -> None:
    if sys.stderr is not None:
        print(f"dechaff: {escaped(message)}", file=sys.stderr)
