"""The command line: arguments in, one call into the library a document, results out.

Standard output carries results only, in UTF-8 whatever the locale; messages go to standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from dechaff.commands import diff, report, score
from dechaff.commands.colour import has_colour
from dechaff.commands.inputs import FAILED, OK, USAGE, say
from dechaff.commands.options import add_audit, add_cleaning, add_command
from dechaff.commands.results import Results, write_results
from dechaff.corpus import command as corpus
from dechaff.corpus.options import OptionsError
from dechaff.escaped import escaped
from dechaff.output.sink import Sink, SinkError

if TYPE_CHECKING:
    from dechaff.result import Result

_EPILOG = """\
exit codes:
  0  every input was read and every result written
  1  some input could not be read (the others are still processed), or the output could not be written
  2  wrong usage
  130  stopped by Ctrl-C

FILE is a name, or - for standard input. Names ending in .txt, .text, .md or .markdown are read as plain text.
"""

#: What the help of the commands that clean ends with.
_LABELS_EPILOG = (
    """\
labels: content, caption, metadata, ad, self_promotion, teaser, off_topic, boilerplate, comment, misleading; in
--thresholds all but content, and never for a threshold that never removes

"""
    + _EPILOG
)

_CLEAN_EPILOG = (
    """\
With several FILEs, each result is preceded by a line "==> FILE <==". The format json writes one object a line for
each FILE, with its name under "file".

"""
    + _LABELS_EPILOG
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line on `argv` (default: the process's own arguments) and return the exit code.

    Arguments that cannot be parsed, `--help` and `--version` raise `SystemExit`, as `argparse` does.
    """
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        return code
    except BrokenPipeError:
        # The reader has what it wanted (`dechaff … | head`). Python flushes standard output once more at exit:
        # give it a place where that succeeds.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OptionsError as error:
        say(str(error))
        return USAGE
    except SinkError as error:
        say(str(error))
        return FAILED
    except KeyboardInterrupt:
        return 130  # what a shell says of a process that SIGINT ended


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dechaff",
        description="Clean scraped pages and texts: keep the main content, remove what does not belong there.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    clean = add_command(
        commands,
        "clean",
        _clean,
        help="write the cleaned text of documents",
        description="Write the main content of documents, without what does not belong there.",
        epilog=_CLEAN_EPILOG,
    )
    forms = clean.add_mutually_exclusive_group()
    forms.add_argument("--format", choices=tuple(_WRITERS), default="text", help="what to write (default: text)")
    forms.add_argument(
        "--explain", action="store_true", help="show the text with flags and reasons, in colour where there is some"
    )
    add_cleaning(clean)
    add_audit(clean)
    clean.add_argument("-o", "--output", metavar="OUT", help="write to this file: all results or nothing")

    score.add(commands, _LABELS_EPILOG)
    report.add(commands, _LABELS_EPILOG)
    diff.add(commands, _LABELS_EPILOG)
    corpus.add_to(commands)
    return parser


class _Version(argparse.Action):
    """`--version`; the distribution is looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib import metadata

        try:
            version = metadata.version("dechaff")
        except metadata.PackageNotFoundError:  # run from a source tree that is not installed
            version = "unknown"
        print(f"dechaff {version}")
        parser.exit(OK)


def _clean(arguments: argparse.Namespace) -> int:
    """`dechaff clean`."""
    form = _explainer(has_colour(arguments.output)) if arguments.explain else _WRITERS[arguments.format]
    plain = form is not _json  # JSON has names and warnings inside
    headed = len(arguments.files) > 1 and plain

    def write(results: Results) -> None:
        with Sink(arguments.output) as out:
            for number, (name, result) in enumerate(results):
                text = form(name, result)
                if headed:
                    out.write(f"{chr(10) if number else ''}==> {escaped(name)} <==\n")
                out.write(text if text.endswith("\n") or not text else f"{text}\n")

    return write_results(arguments, write, warn=plain)


def _json(name: str, result: Result) -> str:
    return json.dumps({"file": name, **result.to_dict()}, ensure_ascii=False)


def _explainer(colour: bool) -> Callable[[str, Any], str]:
    from dechaff.output.explain import to_terminal

    return lambda _, result: to_terminal(result, colour=colour)


_WRITERS: dict[str, Callable[[str, Any], str]] = {
    "text": lambda _, result: result.text,
    "json": _json,
    "markdown": lambda _, result: result.to_markdown(),
    "html": lambda _, result: result.to_html(),
}


if __name__ == "__main__":
    sys.exit(main())
