"""Arrow in, Arrow out: the function that Spark, Ray Data, Hugging Face datasets, Polars and pandas run.

Every row gives exactly one row, in order. Needs the extra `arrow`; `docs/engines.md` shows each engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dechaff.engines.columns import DEFAULT_COLUMNS, USUAL_FIELDS, VALUES, Options, Plan, type_of, without_columns
from dechaff.engines.extras import needs

if TYPE_CHECKING:
    import pyarrow as pa
    from typing_extensions import Unpack

    from dechaff.cleaner import Cleaner

__all__ = ["DEFAULT_COLUMNS", "ROWS", "USUAL_FIELDS", "Options", "clean_batches", "clean_table", "schema"]

#: Half a character of UTF-16, which UTF-8 cannot write.
_SURROGATE = re.compile("[\ud800-\udfff]")

#: Rows of a batch that is given out. Larger ones are no faster, and hold more pages in memory.
ROWS = 256


def clean_batches(batches: Iterable[pa.RecordBatch], **options: Unpack[Options]) -> Iterator[pa.RecordBatch]:
    """Clean the documents of record batches, lazily: batches of at most `ROWS` rows with the schema of `schema()`.

    Batches of 32 rows and more are fastest. A document that cannot be cleaned is a row with the status "error".
    Raises `ValueError` when the first batch comes and has no column that fits, `TypeError` on unknown options and on
    compiled patterns, and what `Cleaner` raises.

    >>> import pyarrow as pa
    >>> batch = pa.record_batch({"id": [7], "html": ["<p>The council met on Monday to pass the budget.</p>"]})
    >>> [cleaned] = clean_batches([batch], columns=["status", "kind"])
    >>> cleaned.to_pylist()
    [{'id': 7, 'dechaff_status': 'ok', 'dechaff_kind': 'html'}]
    """
    # Imported here, as below: who asks for names and types alone, as what plans a corpus does, loads no model's code.
    from dechaff.engines.batch import cleaner_of

    # Here, so that wrong options raise before the first batch.
    plan = Plan.of(options)
    cleaner = cleaner_of(without_columns(options))
    return (
        cleaned
        for batch in batches
        for start in range(0, batch.num_rows or 1, ROWS)
        for cleaned in [_cleaned(batch.slice(start, ROWS), plan, cleaner)]
    )


def clean_table(table: Any, **options: Unpack[Options]) -> pa.Table:
    """Clean the documents of a table: a `pyarrow.Table`, a pandas or Polars frame, or whatever `pyarrow.table` takes.

    Takes the options of `clean_batches` and raises as it does.

    >>> import pyarrow as pa
    >>> clean_table(pa.table({"text": ["The council met on Monday."]}), columns=["text"]).to_pylist()
    [{'text': 'The council met on Monday.'}]
    """
    pa = needs("pyarrow", "arrow")
    table = pa.table(table)
    return pa.Table.from_batches(clean_batches(table.to_batches(), **options), schema(table.schema, **options))


def schema(before: pa.Schema, **options: Unpack[Options]) -> pa.Schema:
    """The schema of what `clean_batches` gives for batches with the schema `before`; takes the same options.

    >>> import pyarrow as pa
    >>> schema(pa.schema({"id": pa.int64(), "html": pa.string()}), columns=["text", "warnings"])
    id: int64
    text: string
    dechaff_warnings: list<item: string>
      child 0, item: string
    """
    return Plan.of(options).layout(before).schema


def _cleaned(batch: pa.RecordBatch, plan: Plan, cleaner: Cleaner) -> pa.RecordBatch:
    from dechaff.engines.batch import results

    pa = needs("pyarrow", "arrow")
    layout = plan.layout(batch.schema)
    urls, sites = _words(batch, layout.url), _words(batch, layout.site)
    found = results(cleaner, _values(batch, layout.path), layout.kind, urls, sites)
    arrays = []
    for source in layout.made_of:
        if isinstance(source, int):
            arrays.append(batch.column(source))
            continue
        value = VALUES[source]
        values = [_failed(source, result) if isinstance(result, str) else value(result) for result in found]
        arrays.append(_array(values, type_of(source)))
    return pa.RecordBatch.from_arrays(arrays, schema=layout.schema)


def _failed(column: str, why: str) -> str | None:
    return {"status": "error", "error": why}.get(column)


def _words(batch: pa.RecordBatch, path: tuple[int, ...] | None) -> list[str | None]:
    """What a column says of each document, as of where it comes from, as far as that is known."""
    if path is None:
        return [None] * batch.num_rows
    return [word.decode("utf-8", "replace") if isinstance(word, bytes) else word for word in _values(batch, path)]


def _values(batch: pa.RecordBatch, path: tuple[int, ...]) -> list[str | bytes | None]:
    """The documents, or what else stands in a column of strings or bytes, or in such a field within structs."""
    import pyarrow.compute as pc

    column = batch.column(path[0])
    for i in path[1:]:
        column = pc.struct_field(column, i)
    return pylist(column)


def pylist(array: pa.Array) -> list[Any]:
    """The values of an array as Python's, where it has some for all of them. Strings that are not UTF-8, which Parquet
    files of careless writers hold, have U+FFFD; dates that Python cannot count to are written out.

    >>> import pyarrow as pa
    >>> pylist(pa.array([10**7, None], pa.date32()))
    ['29349-01-26', None]
    """
    try:
        values: list[Any] = array.to_pylist()
    except (ValueError, OverflowError):
        values = [_plain(scalar) for scalar in array]
    return values


def _plain(scalar: Any) -> Any:
    pa = needs("pyarrow", "arrow")
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        kind = scalar.type
    if pa.types.is_dictionary(kind):
        return _plain(scalar.value)
    if pa.types.is_struct(kind):
        return {kind.field(i).name: _plain(scalar[i]) for i in range(kind.num_fields)}
    if pa.types.is_map(kind):
        return [(_plain(pair[0]), _plain(pair[1])) for pair in scalar.values]
    if pa.types.is_nested(kind):
        return [_plain(value) for value in scalar.values]
    if hasattr(scalar, "as_buffer"):
        return bytes(scalar.as_buffer()).decode("utf-8", "replace")
    return scalar.cast(pa.string()).as_py()


def _array(values: list[Any], type_: pa.DataType) -> pa.Array:
    pa = needs("pyarrow", "arrow")
    try:
        return pa.array(values, type_)
    except UnicodeEncodeError:  # a lone surrogate, which UTF-8 cannot write
        return pa.array([_writable(value) for value in values], type_)


def _writable(value: Any) -> Any:
    """The same with U+FFFD for lone surrogates, so that spans stay right."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if isinstance(value, dict):
        return {key: _writable(item) for key, item in value.items()}
    return value
