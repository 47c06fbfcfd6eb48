"""Parquet, and Arrow files (which are Feather files of version 2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from dechaff.corpus.files import replaced
from dechaff.corpus.layout import Layout
from dechaff.corpus.options import Options
from dechaff.corpus.records import Chunk, Outcome, Record
from dechaff.corpus.rows import ADDED, REST, added, rest_of, to_json
from dechaff.engines.extras import needs

#: Rows and bytes that make a row group or a record batch.
_ROWS = 2000
_BYTES = 32_000_000

_CODECS = {"gz": "gzip", "zst": "zstd", "none": None, None: "zstd"}


class ArrowRows:
    """Writes row groups (or record batches) to an open file."""

    def __init__(self, file: Any, options: Options, layout: Layout) -> None:
        self.file, self.options, self.layout = file, options, layout
        self.waiting: list[Any] = []
        self.rows = self.bytes = 0
        self.out: Any = None

    def write(self, chunk: Chunk, outcomes: Sequence[Outcome]) -> None:
        batch = batch_of(chunk, outcomes, self.options, self.layout)
        self.waiting.append(batch)
        self.rows += batch.num_rows
        self.bytes += batch.nbytes
        if self.rows >= _ROWS or self.bytes >= _BYTES:
            self._flush()

    def close(self) -> None:
        """Write what waits and the end of the file; one without rows has the columns that are known."""
        if not self.waiting and self.out is None:
            self.waiting.append(batch_of(Chunk([]), [], self.options, self.layout))
        self._flush()
        self.out.close()

    def _flush(self) -> None:
        if not self.waiting:
            return
        pa = needs("pyarrow", "corpus")
        if self.out is None:
            self.out = opened_out(self.file, self.waiting[0].schema, self.options)
        # One batch of its own memory: a slice of a larger one would hold all of it.
        table = pa.Table.from_batches(self.waiting).combine_chunks()
        self.out.write_table(table)
        self.waiting, self.rows, self.bytes = [], 0, 0


def opened_out(file: Any, schema: Any, options: Options) -> Any:
    """Arrow's writer of tables to an open file."""
    codec = _CODECS.get(options.compression, "zstd")
    if options.to == "parquet":
        return needs("pyarrow.parquet", "corpus").ParquetWriter(file, schema, compression=codec or "none")
    pa = needs("pyarrow", "corpus")
    choices = pa.ipc.IpcWriteOptions(compression=codec if codec == "zstd" else None)
    return pa.ipc.new_file(file, schema, options=choices)


def batch_of(chunk: Chunk, outcomes: Sequence[Outcome], options: Options, layout: Layout) -> Any:
    """The rows of a chunk: the columns that pass through with their types, then what is added. An Arrow file takes one
    dictionary for a column, and that of all rows is known only after the last: there go the values themselves."""
    pa = needs("pyarrow", "corpus")
    rows = [added(record, outcome, options) for record, outcome in zip(chunk.records, outcomes, strict=True)]
    outputs = [] if options.flags_only else _outputs(chunk, layout, options)
    if chunk.table is not None:
        columns = dict(zip(chunk.table.schema.names, chunk.table.columns, strict=True))
        # Rows that cannot be read have nulls in columns that have none in the input.
        fields = {known.name: known.with_nullable(True) for known in chunk.table.schema}
        metadata, rest = chunk.table.schema.metadata, None
    else:
        passing = [_passing(record, row, outputs) for record, row in zip(chunk.records, rows, strict=True)]
        columns, rest = _typed(passing, layout, options)
        fields = {known.name: known for known in layout.passing}
        metadata = None
    prefix = options.prefix
    for output in outputs:
        texts = columns[output].to_pylist() if output in columns else [None] * len(rows)
        for i, record in enumerate(chunk.records):
            if record.output == output:
                texts[i] = rows[i][output]
        columns[output] = array(texts, pa.string())
        fields[output] = pa.field(output, pa.string())
    for name in ADDED:
        kind = (
            _with_reasons(type_of(name))
            if name == "flags" and (options.reasons or options.site_repetition)
            else type_of(name)
        )
        columns[prefix + name] = array([row[prefix + name] for row in rows], kind)
        fields[prefix + name] = pa.field(prefix + name, kind)
    if chunk.table is None:
        columns[prefix + REST] = array(rest or [], pa.string())
        fields[prefix + REST] = pa.field(prefix + REST, pa.string())
    if options.to == "arrow":
        for name, field in fields.items():
            if pa.types.is_dictionary(field.type):
                columns[name] = columns[name].dictionary_decode()
                fields[name] = field.with_type(field.type.value_type)
    return pa.RecordBatch.from_arrays([*columns.values()], schema=pa.schema([*fields.values()], metadata))


def _outputs(chunk: Chunk, layout: Layout, options: Options) -> list[str]:
    """The columns that texts go into: those of the rows, or of the whole corpus, so that all batches have the same."""
    of_rows = dict.fromkeys(record.output for record in chunk.records)
    if chunk.table is not None:
        return [*of_rows]
    not_texts = {*layout.passing.names, *(options.prefix + name for name in ADDED)}
    alone = [name for name in layout.names if name not in not_texts]
    return [*dict.fromkeys([*alone, *(name for name in of_rows if name in layout.passing.names)])]


def _passing(record: Record, row: dict[str, Any], outputs: Sequence[str]) -> dict[str, Any]:
    """What passes through of a row to which `row` is added, with its text if the corpus has no column for that."""
    columns = {name: value for name, value in record.columns.items() if name not in row}
    return columns if record.output in outputs else {**columns, record.output: row.get(record.output)}


def _typed(rows: Sequence[dict[str, Any]], layout: Layout, options: Options) -> tuple[dict[str, Any], list[str | None]]:
    """Columns of rows of plain data by the layout, and for each row what has no column or does not fit it, as JSON."""
    pa = needs("pyarrow", "corpus")
    known = set(layout.passing.names)
    rests = [{name: value for name, value in row.items() if name not in known} for row in rows]
    columns = {}
    for field in layout.passing:
        values = [row.get(field.name) for row in rows]
        whole = [value if _is_held(value, field.type) else None for value in values]
        try:
            columns[field.name] = array(whole, field.type)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
            whole = [value if _fits(value, field.type) else None for value in whole]
            columns[field.name] = array(whole, field.type)
        for rest, value, fits in zip(rests, values, whole, strict=True):
            if value is not None and fits is None:
                rest[field.name] = value
    return columns, [rest_of(rest, options) for rest in rests]


def _is_held(value: Any, kind: Any) -> bool:
    """Whether all of a value is left in an array of a type, if it fits: Arrow drops fields that a struct does not have,
    and makes lists of the letters of words, and numbers of truth values."""
    pa = needs("pyarrow", "corpus")
    if value is None:
        return True
    if pa.types.is_struct(kind):
        return isinstance(value, dict) and all(
            kind.get_field_index(name) >= 0 and _is_held(inner, kind.field(name).type) for name, inner in value.items()
        )
    if pa.types.is_list(kind):
        return isinstance(value, list) and all(_is_held(inner, kind.value_type) for inner in value)
    return not (isinstance(value, bool) and pa.types.is_floating(kind))


def _fits(value: Any, kind: Any) -> bool:
    pa = needs("pyarrow", "corpus")
    try:
        array([value], kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return False
    return True


@lru_cache(maxsize=32)
def type_of(name: str) -> Any:
    """The Arrow type of an added column: the one that `dechaff.arrow` gives it."""
    from dechaff.arrow import schema

    pa = needs("pyarrow", "corpus")
    if name == "place":
        return pa.string()
    return schema(pa.schema({"text": pa.string()}), columns=[name], prefix="its_").field(f"its_{name}").type


def array(values: list[Any], kind: Any) -> Any:
    """Values as an Arrow array, with U+FFFD for lone surrogates, which UTF-8 cannot write."""
    pa = needs("pyarrow", "corpus")
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([json.loads(to_json(value)) for value in values], kind)


def _with_reasons(flags: Any) -> Any:
    """The type of flags that have their reasons."""
    pa = needs("pyarrow", "corpus")
    reason = pa.struct({"name": pa.string(), "weight": pa.float64(), "start": pa.int64(), "end": pa.int64()})
    return pa.list_(pa.struct([*flags.value_type, pa.field("reasons", pa.list_(reason))]))


@contextmanager
def opened(path: str, folder: str, options: Options, layout: Layout) -> Iterator[ArrowRows]:
    """A writer of the file `path`."""
    with replaced(path) as file:
        writer = ArrowRows(file, options, layout)
        yield writer
        writer.close()
