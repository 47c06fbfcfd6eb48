"""The columns of outputs whose rows all have the same: found on a sample of the inputs, once for a run."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from dechaff.corpus.options import Options, OptionsError
from dechaff.corpus.readers import read
from dechaff.corpus.readers.fields import usual_output
from dechaff.corpus.records import Chunk
from dechaff.corpus.rows import ADDED, REST
from dechaff.corpus.shards import Shard
from dechaff.corpus.writers import FIXED
from dechaff.engines.extras import needs

#: Rows of each format that are looked at.
SAMPLE = 1000


@dataclass(slots=True)
class Layout:
    """`names` of all columns in order. `passing` (a `pyarrow.Schema`, where Arrow is written) has the types of those
    that pass through of rows that were not read from Arrow."""

    names: list[str] = field(default_factory=list)
    passing: Any = None

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for `of`."""
        packed = None if self.passing is None else base64.b64encode(self.passing.serialize().to_pybytes()).decode()
        return {"names": self.names, "passing": packed}

    @classmethod
    def of(cls, plain: dict[str, Any] | None) -> Layout:
        """The layout that `to_dict` wrote."""
        if plain is None or plain["passing"] is None:
            return cls(plain["names"] if plain else [])
        pa = needs("pyarrow", "corpus")
        return cls(plain["names"], pa.ipc.read_schema(pa.py_buffer(base64.b64decode(plain["passing"]))))


def layout_of(firsts: Iterable[Shard], options: Options) -> Layout:
    """The layout of a corpus, by the first rows of some shards."""
    return layout_of_chunks((chunk for shard in firsts for chunk in sample(shard, options)), options)


def sample(shard: Shard, options: Options) -> Iterator[Chunk]:
    """The first rows of a shard."""
    seen = 0
    for chunk in read(shard, options):
        yield chunk
        seen += len(chunk.records)
        if seen >= SAMPLE:
            break


def check_free(chunk: Chunk, options: Options) -> None:
    """Raise `OptionsError` if rows have columns that are called like those that are added without a prefix. With one
    they are those of a corpus that was cleaned before, and new ones take their place."""
    if options.prefix:
        return
    from dechaff.result import PageScores

    names = {name for record in chunk.records for name in record.columns}
    names |= set(chunk.table.schema.names if chunk.table is not None else [])
    added = [*ADDED]
    if options.to in FIXED:
        added.append(REST)
    if options.to in ("csv", "tsv"):  # elsewhere scores are one column
        added += PageScores().to_dict()
    taken = names & {*added}
    if taken:
        raise OptionsError(
            f"prefix: the rows have columns of their own named {', '.join(sorted(taken))}: "
            "rename them, or give another prefix"
        )


def layout_of_chunks(chunks: Iterable[Chunk], options: Options) -> Layout:
    """The layout of rows like those of some chunks."""
    values: dict[str, list[Any]] = {}
    outputs: dict[str, None] = {}
    types: dict[str, Any] = {}
    for chunk in chunks:
        _look(chunk, values, outputs, types)
    outputs = outputs or {usual_output(options): None}
    added = [options.prefix + name for name in ADDED]
    for name in (*added, options.prefix + REST):  # of a corpus that was cleaned before: there are new ones
        values.pop(name, None)
    texts = [] if options.flags_only else [name for name in outputs if name not in values]
    names = [*values, *texts, *added]
    if options.to not in ("parquet", "arrow"):
        return Layout(names)
    pa = needs("pyarrow", "corpus")
    fields = [pa.field(name, types.get(name) or _type(seen)) for name, seen in values.items()]
    fields = [pa.field(f.name, pa.string()) if f.name in outputs and not options.flags_only else f for f in fields]
    return Layout(names, pa.schema(fields))


def _look(chunk: Chunk, values: dict[str, list[Any]], outputs: dict[str, None], types: dict[str, Any]) -> None:
    for record in chunk.records:
        if record.error is None:
            outputs[record.output] = None
        for name, value in record.columns.items():
            values.setdefault(name, []).append(value)
    if chunk.table is not None:
        for known in chunk.table.schema:
            values.setdefault(known.name, [])
            types.setdefault(known.name, known.type)


def _type(values: list[Any]) -> Any:
    """The Arrow type of values; string where there are none, or where they have no one type."""
    pa = needs("pyarrow", "corpus")
    try:
        found = pa.array(values).type
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, UnicodeEncodeError, OverflowError):
        return pa.string()
    return pa.string() if _has_null(found) else found


def _has_null(found: Any) -> bool:
    """Whether a type has no values anywhere inside: later ones would not fit, and Parquet has no struct of nothing."""
    pa = needs("pyarrow", "corpus")
    if pa.types.is_null(found) or (pa.types.is_struct(found) and not found.num_fields):
        return True
    return any(_has_null(found.field(i).type) for i in range(found.num_fields))
