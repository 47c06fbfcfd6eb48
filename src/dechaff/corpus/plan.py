"""What a run will do, settled before it starts: where it writes, in which format, and in which pieces."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from dechaff.corpus.columns import schema_of, unified
from dechaff.corpus.files import PACKED, SIDE_OF_FILE, SIDE_OF_FOLDER, bare_name, replaced
from dechaff.corpus.journal import NEXT_PLAN, Journal
from dechaff.corpus.layout import check_free, layout_of, sample
from dechaff.corpus.options import Options, OptionsError, shown
from dechaff.corpus.shards import Shard, shards_of
from dechaff.corpus.sources import Passed
from dechaff.corpus.writers import FIXED, PAGES

#: Formats of an output by what its name ends with.
_BY_SUFFIX = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
}

#: What inputs of a format are written as, if nothing else is asked for.
_LIKE = {"text": "text", "warc": "jsonl"}


#: Characters of two values of an option that a message shows; there may be thousands of phrases.
_MAX_SAID = 500

#: The files that make a model.
_OF_MODELS = (".json", ".npz")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run writes: `output` as a whole, `parts` for the shards' files, `side` for the journal and side files.
    `single` says that the output is one file."""

    output: str
    parts: str
    side: str
    single: bool


class ChangedError(ValueError):
    """Inputs or options are not those of the run that is to go on; the message says what changed."""


def place_of(output: str) -> Place:
    """A file if its name ends as one of a format that holds many documents, else a folder.

    >>> place_of("out.jsonl.gz").parts, place_of("out").side
    ('out.jsonl.gz.dechaff/parts', 'out/_dechaff')
    """
    if os.path.splitext(bare_name(output))[1] in _BY_SUFFIX and not os.path.isdir(output):
        side = output + SIDE_OF_FILE
        return Place(output, f"{side}/parts", side, True)
    return Place(output, output, os.path.join(output, SIDE_OF_FOLDER), False)


def settled(options: Options, output: str, first: Shard | None) -> Options:
    """Options with the format and compression of the output. Raises `OptionsError` if they contradict its name."""
    place = place_of(output)
    named = _BY_SUFFIX.get(os.path.splitext(bare_name(output))[1]) if place.single else None
    if options.to and named and options.to != named:
        raise OptionsError(f"{output} is named like {named}, but --to says {options.to}")
    to = options.to or named or (_LIKE.get(first.format, first.format) if first else "jsonl")
    packing = output.rpartition(".")[2].lower() if place.single else ""
    packing = packing if packing in PACKED else ""
    wanted = options.compression or packing or "none"
    if place.single and to not in ("parquet", "arrow") and wanted != (packing or "none"):
        raise OptionsError(f"{output} is not named like what is packed with {wanted}")
    if to in ("parquet", "arrow") and packing:
        raise OptionsError(f"{output}: {to} is packed inside; name it without .{packing}, and see --compression")
    if (to in ("parquet", "arrow") and options.compression in ("bz2", "xz")) or (
        to == "arrow" and options.compression == "gz"
    ):
        raise OptionsError(f"{to} cannot be packed with {options.compression}")
    compression = options.compression if to in ("parquet", "arrow") else wanted
    if options.flags_only and to in PAGES:
        to = "jsonl"  # documents stay as they are: there are no pages to write
    return replace(options, to=to, compression=compression)


def plan(inputs: Sequence[str], options: Options, place: Place, journal: Journal) -> tuple[Options, dict[str, Any]]:
    """Write the journal's next plan, of a new run; gives the settled options and what goes into its `run.json`."""
    passed = Passed()
    shards = shards_of(inputs, options, passed, _own(place))
    firsts = [*islice(shards, 1)]
    options = settled(options, place.output, firsts[0] if firsts else None)
    seen = {shard.format: shard for shard in firsts}
    weight = count = 0
    is_table = place.single and options.to in ("parquet", "arrow")
    schemas: list[Any] = []
    with replaced(journal.path(NEXT_PLAN)) as file:
        for shard in chain(firsts, shards):
            seen.setdefault(shard.format, shard)
            weight += shard.weight
            count += 1
            file.write(_line(shard))
            if is_table and shard.format in ("parquet", "arrow") and shard.start == 0:
                schema = schema_of(shard, options)
                if schema is not None and schema not in schemas:
                    schemas.append(schema)
        if schemas:
            unified(schemas)  # better now than when all is cleaned
        check_fields([*seen.values()], options)
        layout = layout_of(seen.values(), options).to_dict() if options.to in FIXED else None
    about = {
        "version": 1,
        "inputs": list(inputs),
        "options": options.of_output(),
        "layout": layout,
        "shards": count,
        "bytes": weight,
        "passed_files": passed.files,
        "made_by": made_by(options),
    }
    return options, about


def made_by(options: Options) -> dict[str, str]:
    """What decides about documents beside the options: the version of dechaff, and what the models are."""
    import hashlib
    from importlib import metadata
    from pathlib import Path

    try:
        version = metadata.version("dechaff")
    except metadata.PackageNotFoundError:
        version = "unknown"
    models = sorted(path for path in (Path(__file__).parent.parent / "model").rglob("*") if path.suffix in _OF_MODELS)
    contents = b"".join(path.read_bytes() for path in models)
    shipped = {"dechaff": version, "models": hashlib.sha256(contents).hexdigest()[:16]}
    if options.model is None:
        return shipped
    from dechaff.model.store import fingerprint

    return {**shipped, "model": fingerprint(Path(options.model))}


def check_same(
    inputs: Sequence[str], options: Options, place: Place, journal: Journal, about: dict[str, Any]
) -> Options:
    """The settled options of a run that goes on. Raises `ChangedError` if inputs or options are others now."""
    if list(inputs) != about["inputs"]:
        raise ChangedError(f"the inputs were {' '.join(about['inputs'])}")
    settled_options = settled(options, place.output, next(journal.shards(), None))
    now, then = settled_options.of_output(), about["options"]
    for name in now:
        if now[name] != then.get(name):
            said = f"was {then.get(name)!r} and is {now[name]!r}"
            said = said if len(said) <= _MAX_SAID else "was another"
            raise ChangedError(f"the option {shown(name)} {said}")
    if about["made_by"] != made_by(settled_options):
        raise ChangedError("the run was begun by another version of dechaff or another model")
    planned = journal.shards()
    for shard in shards_of(inputs, settled_options, Passed(), _own(place)):
        before = next(planned, None)
        if before is None or _line(before) != _line(shard):
            raise ChangedError(_difference(before, shard))
    left = next(planned, None)
    if left is not None:
        raise ChangedError(f"{left.files[0].path} is no longer there")
    return settled_options


def _difference(before: Shard | None, now: Shard) -> str:
    """The first file that is not as it was."""
    if before is None:
        return f"{now.files[0].path} is new"
    for old, new in zip(before.files, now.files, strict=False):
        if old.path == new.path and old != new:
            return f"{new.path} has changed since"
        if old.path != new.path:
            return f"{min(old.path, new.path)} is new or no longer there"
    return f"the files beside {now.files[0].path} are others"


def check_fields(shards: Sequence[Shard], options: Options) -> None:
    """Raise `OptionsError` if no row that is looked at has the field with the document, or if some have what is added
    without a prefix."""
    for shard in shards:
        if shard.format in ("text", "warc"):
            continue
        if not options.prefix:
            for chunk in sample(shard, options):
                check_free(chunk, options)
        errors = (record.error or "" for chunk in sample(shard, options) for record in chunk.records)
        first = next(errors, "")
        if all(error.startswith(("no field", "no column")) for error in chain([first], errors)):
            raise OptionsError(f"{shard.files[0].path}: {first}")


def _own(place: Place) -> frozenset[str]:
    """What a run writes, which is no input even if it stands in a folder that is one."""
    return frozenset(os.path.realpath(path) for path in (place.output, place.side))


def _line(shard: Shard) -> bytes:
    return json.dumps(shard.to_list(), ensure_ascii=False).encode("utf-8", "surrogateescape") + b"\n"
