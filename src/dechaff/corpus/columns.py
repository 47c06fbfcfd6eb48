"""The columns of several tables as those of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dechaff.corpus.errors import CorpusError
from dechaff.corpus.files import BROKEN
from dechaff.corpus.options import Options
from dechaff.corpus.readers.tables import seekable, without_rows
from dechaff.corpus.records import Record
from dechaff.corpus.shards import Shard
from dechaff.engines.extras import needs

#: What to do where there is no such table.
ADVICE = "name a folder as OUTPUT, or a file that ends in .jsonl"


def unified(schemas: Sequence[Any]) -> Any:
    """The schema of a table that has the rows of all. A column whose types have none in common is one of strings, where
    these say all of its values. Raises `CorpusError` where they do not.

    >>> import pyarrow as pa
    >>> unified([pa.schema({"a": pa.int64()}), pa.schema({"a": pa.string(), "b": pa.bool_()})])
    a: string
    b: bool
    """
    if len(schemas) == 1:
        return schemas[0]
    pa = needs("pyarrow", "corpus")
    try:
        return pa.unify_schemas(schemas, promote_options="permissive")
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        names = dict.fromkeys(name for schema in schemas for name in schema.names)
        return pa.schema([_field(name, [s.field(name).type for s in schemas if name in s.names]) for name in names])


def _field(name: str, types: Sequence[Any]) -> Any:
    pa = needs("pyarrow", "corpus")
    plain = [kind.value_type if pa.types.is_dictionary(kind) else kind for kind in types]
    try:
        return pa.unify_schemas([pa.schema({name: kind}) for kind in plain], promote_options="permissive").field(name)
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        if all(map(is_word, plain)):
            return pa.field(name, pa.string())
    first, other = [*dict.fromkeys(map(str, types))][:2]
    raise CorpusError(f"column {name!r} is {first} in one input and {other} in another: {ADVICE}")


def is_word(kind: Any) -> bool:
    """Whether a string says all of a value."""
    types = needs("pyarrow", "corpus").types
    return bool(
        types.is_primitive(kind) or types.is_decimal(kind) or types.is_string(kind) or types.is_large_string(kind)
    )


def schema_of(shard: Shard, options: Options) -> Any:
    """The columns that pass through of a file of Parquet or Arrow; None where that cannot be read."""
    pa = needs("pyarrow", "corpus")
    try:
        with seekable(shard.files[0].path) as file:
            if shard.format == "parquet":
                schema = needs("pyarrow.parquet", "corpus").read_schema(file)
            else:
                is_file = file.read(6) == b"ARROW1"
                file.seek(0)
                schema = (pa.ipc.open_file if is_file else pa.ipc.open_stream)(file).schema
    except BROKEN:  # there will be a row that says so
        return None
    return without_rows(Record(""), schema, options).table.schema.remove_metadata()
