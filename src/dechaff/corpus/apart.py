"""What a run reads and what it writes are different files: where one would take the place of another, it is refused."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from dechaff.corpus.files import is_url
from dechaff.corpus.formats import format_of
from dechaff.corpus.options import Options, OptionsError
from dechaff.corpus.plan import Place
from dechaff.corpus.shards import PART
from dechaff.corpus.sources import Passed, folder_of, found
from dechaff.output.sink import same_file

_ELSE = "give another name"


def check_apart(inputs: Sequence[str], place: Place | None, options: Options, *, ours: bool = False) -> None:
    """Raise `OptionsError` if the output or the summary would take the place of an input, or of each other.

    `place`: None for standard output. `ours`: what stands there was written by an earlier run, so that it is no input
    where it is met in a folder. Raises what `sources.found` does where it has to look.
    """
    summary = options.summary
    names = [name for name in inputs if not is_url(name) and name != "-"]
    if place is not None:
        for name in names:
            if same_file(name, place.output) or (not place.single and _is_below(folder_of(name), place.output)):
                raise OptionsError(f"the output {place.output} is, or holds, the input {name}: {_ELSE}")
    if summary is not None:
        if same_file(summary, place.output if place is not None else None):
            raise OptionsError(f"summary: the output goes to {summary}, too: {_ELSE}")
        if place is not None and (_is_below(summary, place.side) or _is_part(summary, place)):
            raise OptionsError(f"summary: {summary} is a name that the run writes to: {_ELSE}")
        if os.path.isdir(summary):
            raise OptionsError(f"summary: {summary} is a folder: {_ELSE}")
        _check_not_read(names, "summary: ", summary, options)
    if place is not None and place.single and not ours:
        _check_not_read(names, "the output ", place.output, options)


def _check_not_read(inputs: Iterable[str], what: str, path: str, options: Options) -> None:
    """Raise `OptionsError` if a file is one of those that inputs mean and that are read: the summary of an earlier run
    is passed over. Inputs are looked through only if the file is there."""
    if not os.path.isfile(path):
        return
    its = os.stat(path)
    for source, named in found(inputs, Passed()):
        if os.path.samestat(os.stat(source.path), its) and (options.from_ or format_of(source.path, named=named)):
            raise OptionsError(f"{what}{path} is one of the inputs, and would take its place: {_ELSE}")


def _is_part(path: str, place: Place) -> bool:
    """Whether a file may be one of rows: see `Shard.name`."""
    return not place.single and os.path.basename(path).startswith(PART) and _is_below(path, place.output)


def _is_below(folder: str, other: str) -> bool:
    """Whether a folder is another one, or lies in it."""
    inner, outer = os.path.realpath(folder), os.path.realpath(other)
    return inner == outer or inner.startswith(os.path.join(outer, ""))
