"""Parts → one file, for an output that is a file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from dechaff.corpus.columns import ADVICE, is_word, unified
from dechaff.corpus.errors import CorpusError
from dechaff.corpus.files import packed, replaced
from dechaff.corpus.layout import Layout
from dechaff.corpus.options import Options
from dechaff.engines.extras import needs


def merge(parts: Sequence[str], path: str, options: Options, layout: dict[str, Any] | None) -> None:
    """Write the rows of all parts to the file `path`, which takes its name when it is whole."""
    with replaced(path) as file:
        if options.to in ("parquet", "arrow"):
            _merge_arrow(parts, file, options, Layout.of(layout))
        else:
            _join(parts, file, options, Layout.of(layout))


def _join(parts: Sequence[str], file: BinaryIO, options: Options, layout: Layout) -> None:
    """One after the other: that is a whole file of lines, packed or not. Of CSV only one line of names is left."""
    if options.to in ("csv", "tsv"):
        from dechaff.corpus.files import opened
        from dechaff.corpus.writers.delimited import Delimited

        names = BytesIO()
        Delimited(names, options, layout)  # as every part begins
        with packed(file, options.compression) as out:
            out.write(names.getvalue())
            for part in parts:
                with opened(part) as (stream, _):
                    stream.read(len(names.getvalue()))
                    shutil.copyfileobj(stream, out)
        return
    for part in parts:
        with open(part, "rb") as rows:
            shutil.copyfileobj(rows, file, 1 << 20)


def _merge_arrow(parts: Sequence[str], file: BinaryIO, options: Options, layout: Layout) -> None:
    from dechaff.corpus.records import Chunk
    from dechaff.corpus.writers.arrow import batch_of, opened_out

    pa = needs("pyarrow", "corpus")
    schemas = [_schema(part, options) for part in parts] or [batch_of(Chunk([]), [], options, layout).schema]
    distinct = [schema for i, schema in enumerate(schemas) if i == 0 or schema != schemas[i - 1]]
    schema = _fitting(unified(distinct), parts, schemas, options)
    out = opened_out(file, schema, options)
    try:
        for part in parts:
            for table in _tables(part, options):
                out.write_table(_cast(table, schema))
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise CorpusError(f"the tables of the inputs cannot become one: {error}; {ADVICE}") from error
    finally:
        out.close()


def _fitting(schema: Any, parts: Sequence[str], schemas: Sequence[Any], options: Options) -> Any:
    """The schema with strings for columns of which some value does not fit the type of all: 2**53 + 1 is no float64.

    Columns of another type than that are read once more for it, here, as a file is written with one schema."""
    pa = needs("pyarrow", "corpus")
    for part, own in zip(parts, schemas, strict=False):  # without parts there is a schema of no rows
        others = [name for name in own.names if own.field(name).type != schema.field(name).type]
        numbers = [name for name in others if is_word(own.field(name).type) and schema.field(name).type != pa.string()]
        for table in _tables(part, options, numbers) if numbers else ():
            for name in numbers:
                try:
                    table.column(name).cast(schema.field(name).type)
                except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                    schema = schema.set(schema.get_field_index(name), pa.field(name, pa.string()))
    return schema


def _schema(part: str, options: Options) -> Any:
    if options.to == "parquet":
        return needs("pyarrow.parquet", "corpus").read_schema(part)
    with needs("pyarrow", "corpus").ipc.open_file(part) as reader:
        return reader.schema


def _tables(part: str, options: Options, columns: Sequence[str] | None = None) -> Iterator[Any]:
    """The row groups of a part, with all columns or some."""
    pa = needs("pyarrow", "corpus")
    if options.to == "parquet":
        with needs("pyarrow.parquet", "corpus").ParquetFile(part) as file:
            for number in range(file.num_row_groups):
                yield file.read_row_group(number, columns=columns, use_threads=False)
        return
    with pa.ipc.open_file(part) as reader:
        for number in range(reader.num_record_batches):
            table = pa.Table.from_batches([reader.get_batch(number)])
            yield table if columns is None else table.select(columns)


def _cast(table: Any, schema: Any) -> Any:
    """The table with all columns of a schema, nulls in those that it lacks."""
    if table.schema == schema:
        return table
    pa = needs("pyarrow", "corpus")
    columns = [
        table.column(field.name).cast(field.type) if field.name in table.schema.names
        else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]  # fmt: skip
    return pa.Table.from_arrays(columns, schema=schema)
