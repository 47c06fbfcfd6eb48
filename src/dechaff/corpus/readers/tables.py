"""Record batches of Arrow → chunks: the other columns pass through as they are, with their types."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from dechaff.arrow import pylist
from dechaff.corpus.files import open_raw, packing_of, unpacked
from dechaff.corpus.options import Options
from dechaff.corpus.readers.fields import (
    aside_name,
    choose,
    fill,
    output_field,
    spare,
    unique,
    usual_output,
)
from dechaff.corpus.records import CHUNK_BYTES, CHUNK_DOCUMENTS, Chunk, Record, site_named, site_of
from dechaff.engines.extras import needs


@contextmanager
def seekable(path: str) -> Iterator[BinaryIO]:
    """A file that can be read at any place; one that is packed is unpacked to a temporary file first."""
    with open_raw(path) as raw:
        packing = packing_of(raw)
        if packing is None:
            yield raw
            return
        with tempfile.TemporaryFile() as whole:
            shutil.copyfileobj(unpacked(raw, packing), whole)
            whole.seek(0)
            yield cast("BinaryIO", whole)


def rows_at_once(rows: int, size: int) -> int:
    """How many rows of a table of so many bytes make a chunk.

    >>> rows_at_once(1000, 1_000_000), rows_at_once(10, 40_000_000)
    (32, 2)
    """
    return max(1, min(CHUNK_DOCUMENTS, CHUNK_BYTES * rows // max(size, 1)))


def chunks_of(batch: Any, path: str, first: int, options: Options, weight: int = 0) -> Iterator[Chunk]:
    """The chunks of a record batch whose first row is row `first` of the file; `weight`: bytes it took of the input."""
    step = rows_at_once(batch.num_rows, batch.nbytes)
    batch = batch.rename_columns(unique(batch.schema.names))
    for start in range(0, batch.num_rows, step):
        piece = batch.slice(start, step)
        yield _chunk(piece, path, first + start, options, weight * piece.num_rows // batch.num_rows)


def _chunk(batch: Any, path: str, first: int, options: Options, consumed: int) -> Chunk:
    urls = _words(batch, options.url_field)
    ids = _words(batch, options.id_field)
    named = _words(batch, options.site_field)
    sites = [site_named(name) or site_of(url) for name, url in zip(named, urls, strict=True)]
    records = [
        Record(f"{path}@{first + i}", url=url, id=ident, site=site, told_by=name)
        for i, (url, ident, site, name) in enumerate(zip(urls, ids, sites, named, strict=True))
    ]
    try:
        names = dict.fromkeys(batch.schema.names)
        name, kind = choose(names, options)
        values = pylist(column(batch, name))
    except KeyError as error:
        output = usual_output(options)
        for record in records:
            record.error, record.output = str(error.args[0]), output
        return Chunk(records, batch if options.flags_only else aside(batch, output, options), consumed)
    output = output_field(name, kind, options)
    other = spare(names, name, options)
    texts = pylist(column(batch, other)) if other and not all(values) else values
    for record, value, text in zip(records, values, texts, strict=True):
        record.output = output
        fill(record, (name, value), (other, text) if other else None, options)
    return Chunk(records, batch if options.flags_only else passing(batch, name, output, options), consumed)


def without_rows(record: Record, schema: Any, options: Options) -> Chunk:
    """The chunk of a record that says that rows cannot be read: nulls in the columns that pass through."""
    pa = needs("pyarrow", "corpus")
    names = unique(schema.names)
    fields = [field.with_nullable(True).with_name(name) for field, name in zip(schema, names, strict=True)]
    nulls = [pa.nulls(1, field.type) for field in fields]
    batch = pa.RecordBatch.from_arrays(nulls, schema=pa.schema(fields, schema.metadata))
    try:
        name, kind = choose(dict.fromkeys(names), options)
    except KeyError:
        return Chunk([record], batch if options.flags_only else aside(batch, record.output, options))
    record.output = output_field(name, kind, options)
    return Chunk([record], batch if options.flags_only else passing(batch, name, record.output, options))


def column(batch: Any, name: str) -> Any:
    """A column; `a.b` is b inside the struct a. Raises `KeyError`, whose message names the columns."""
    if name in batch.schema.names:
        return batch.column(batch.schema.names.index(name))
    pc = needs("pyarrow.compute", "corpus")
    head, *inner = name.split(".")
    try:
        return pc.struct_field(batch.column(batch.schema.names.index(head)), inner)
    except (ValueError, TypeError, NotImplementedError, LookupError):
        raise KeyError(f"no column {name!r}; there are {', '.join(batch.schema.names)}") from None


def _words(batch: Any, name: str | None) -> list[str | None]:
    try:
        values = pylist(column(batch, name)) if name else [None] * batch.num_rows
    except KeyError:
        values = [None] * batch.num_rows
    return [value if value is None or isinstance(value, str) else str(value) for value in values]


def passing(batch: Any, source: str, output: str, options: Options) -> Any:
    """The columns that pass through: all but the document, in whose place stand nulls if the cleaned text goes there.
    A column that is called like the output, and is not the document, is kept under another name."""
    pa = needs("pyarrow", "corpus")
    columns, fields = [], []
    for name, values, field in zip(batch.schema.names, batch.columns, batch.schema, strict=True):
        if name == source:
            if name != output:
                continue
            values, field = pa.nulls(batch.num_rows, pa.string()), pa.field(name, pa.string())
        elif source not in batch.schema.names and name == source.partition(".")[0]:
            values = _without(values, source.split(".")[1:])
            field = pa.field(name, values.type)
        columns.append(values)
        fields.append(field)
    made = pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields, batch.schema.metadata))
    return made if source == output else aside(made, output, options)


def aside(batch: Any, output: str, options: Options) -> Any:
    """A batch whose column that is called like the output stands under another name."""
    free = aside_name(batch.schema.names, output, options)
    return batch.rename_columns([free if name == output else name for name in batch.schema.names])


def _without(values: Any, path: list[str]) -> Any:
    """A struct array without a field in it."""
    pa, pc = needs("pyarrow", "corpus"), needs("pyarrow.compute", "corpus")
    arrays, names = [], []
    for field in values.type:
        if field.name == path[0] and len(path) == 1:
            continue
        inner = pc.struct_field(values, field.name)
        arrays.append(_without(inner, path[1:]) if field.name == path[0] else inner)
        names.append(field.name)
    if not names:
        return pa.nulls(len(values))
    return pa.StructArray.from_arrays(arrays, names, mask=pc.is_null(values))
