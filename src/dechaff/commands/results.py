"""The named files → results, handed to what a command writes of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from dechaff.commands.inputs import FAILED, OK, Inputs, kind_of, say
from dechaff.commands.options import Audit, cleaner_of
from dechaff.corpus.options import OptionsError
from dechaff.output.sink import same_file

if TYPE_CHECKING:
    from dechaff.result import Result

#: Names of files with their results, one at a time.
Results = Iterator[tuple[str, "Result"]]


def write_results(arguments: argparse.Namespace, write: Callable[[Results], None], *, warn: bool) -> int:
    """Clean the files that the arguments name and let `write` have the results; gives the exit code.

    `warn`: say the warnings of results, which what is written does not hold. Where no file can be read nothing is
    written, so that an output of an earlier run stays. Raises `OptionsError` on options that mean nothing, such as one
    file for results and audit.
    """
    check_not_among("--audit", arguments.audit, arguments.files)
    if arguments.audit is not None and same_file(arguments.audit, arguments.output):
        raise OptionsError(f"--audit: the results go to {arguments.audit}, too; give it a file of its own")
    cleaner = cleaner_of(arguments)
    inputs = Inputs(arguments.files)
    documents = iter(inputs)
    first = next(documents, None)
    if first is None:
        return FAILED
    with Audit(arguments.audit) as audit:

        def results() -> Results:
            for name, document in chain([first], documents):
                result = cleaner.clean(document, kind=kind_of(name, arguments.kind), url=arguments.url)
                if warn:
                    for warning in result.warnings:
                        say(f"{name}: {warning}")
                audit.write(name, result)
                yield name, result

        write(results())
    return FAILED if inputs.failed else OK


def check_not_among(option: str, output: str | None, files: Iterable[str]) -> None:
    """Raises `OptionsError` where an output that is no cleaned document would take the place of a document."""
    if any(same_file(name, output) for name in files if name != "-"):
        raise OptionsError(f"{option}: {output} is one of the documents; give it a file of its own")
