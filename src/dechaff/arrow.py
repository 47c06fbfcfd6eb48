"""Arrow in, Arrow out: the function that Spark, Ray Data, Hugging Face datasets, Polars and pandas run.

Every row gives exactly one row, in order. Needs the extra `arrow`; `docs/engines.md` shows each engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypedDict

from dechaff.cleaner import Cleaner
from dechaff.engines.batch import cleaner_of, results
from dechaff.engines.extras import needs
from dechaff.lines.document import KindOption
from dechaff.result import PageScores, Result

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from typing_extensions import Unpack

    from dechaff.thresholds import Strictness

#: Half a character of UTF-16, which UTF-8 cannot write.
_SURROGATE = re.compile("[\ud800-\udfff]")

#: Rows of a batch that is given out. Larger ones are no faster, and hold more pages in memory.
ROWS = 256

#: Columns that hold the documents where none is named, the likelier first, and what they hold.
USUAL_FIELDS: dict[str, KindOption] = {
    "html": "html",
    "raw_html": "html",
    "text": "text",
    "raw_content": "auto",
    "content": "auto",
    "body": "auto",
    "document": "auto",
}

#: The columns that are added unless others are asked for.
DEFAULT_COLUMNS = ("text", "title", "status", "error", "warnings", "flags", "scores")

#: Every column that can be added, with the value that a result gives it. Where a document failed all are null but
#: `status`, which is "error", and `error`, which says why.
_VALUES: dict[str, Callable[[Result], Any]] = {
    "text": lambda result: result.text,
    "title": lambda result: result.title,
    "status": lambda result: result.status,
    "error": lambda result: None,
    "warnings": lambda result: list(result.warnings),
    "flags": lambda result: [flag.to_dict(reasons=False) for flag in result.flags],
    "scores": lambda result: result.scores.to_dict(),
    "kind": lambda result: result.kind,
    "source": lambda result: result.source,
    "markdown": lambda result: result.to_markdown(),
    "html": lambda result: result.to_html(),
    "json": lambda result: result.to_json(),
}


class Options(TypedDict, total=False):
    """What every function of this module takes by name.

    `html_field`, `text_field`: the column that holds the documents, HTML or plain text, as strings or bytes. A name
    with dots leads into structs. With neither, it is the first of `USUAL_FIELDS` that is there. `columns`: what to
    add: `DEFAULT_COLUMNS`, or any of text, title, status, error, warnings, flags, scores, kind, source (what the spans
    of flags index), markdown, html, json (everything, with lines and reasons). `prefix` goes before their names, but
    for the text, whose column is named by `output_field` (default: as the text field, else "text"). `keep_document`:
    leave the documents' column in; it is left out otherwise. All other columns pass untouched. `strictness`, `keep`,
    `thresholds`, `collapsed` and `model` are those of `Cleaner`.
    """

    html_field: str | None
    text_field: str | None
    output_field: str | None
    columns: Sequence[str]
    prefix: str
    keep_document: bool
    strictness: Strictness
    keep: Iterable[str] | None
    thresholds: dict[str, Sequence[float | None]] | None
    collapsed: bool
    model: str | Path | None


def clean_batches(batches: Iterable[pa.RecordBatch], **options: Unpack[Options]) -> Iterator[pa.RecordBatch]:
    """Clean the documents of record batches, lazily: batches of at most `ROWS` rows with the schema of `schema()`.

    Batches of 32 rows and more are fastest. A document that cannot be cleaned is a row with the status "error".
    Raises `ValueError` when the first batch comes and has no column that fits, `TypeError` on unknown options, and
    what `Cleaner` raises.

    >>> import pyarrow as pa
    >>> batch = pa.record_batch({"id": [7], "html": ["<p>The council met on Monday to pass the budget.</p>"]})
    >>> [cleaned] = clean_batches([batch], columns=["status", "kind"])
    >>> cleaned.to_pylist()
    [{'id': 7, 'dechaff_status': 'ok', 'dechaff_kind': 'html'}]
    """
    # Here, so that wrong options raise before the first batch.
    plan = _Plan.of(options)
    cleaner = cleaner_of({name: value for name, value in options.items() if name not in _Plan.__dataclass_fields__})
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
    return _Plan.of(options).layout(before).schema


@dataclass(frozen=True)
class _Layout:
    """Where the documents stand in a batch and what comes out of it."""

    path: tuple[int, ...]  # of the documents' column, and of the field in it if it is a struct
    kind: KindOption
    made_of: tuple[int | str, ...]  # what comes out: columns that pass, by number, and columns that are added
    schema: pa.Schema


@dataclass(frozen=True)
class _Plan:
    """The options about columns, checked."""

    html_field: str | None = None
    text_field: str | None = None
    output_field: str | None = None
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    prefix: str = "dechaff_"
    keep_document: bool = False

    @classmethod
    def of(cls, options: Options) -> _Plan:
        own = {f.name: options[f.name] for f in fields(cls) if f.name in options}  # type: ignore[literal-required]
        columns = own.get("columns", DEFAULT_COLUMNS)
        if isinstance(columns, str):
            raise TypeError(f"columns is a list of names, not the string {columns!r}")
        for column in columns:
            if column not in _VALUES:
                raise ValueError(f"unknown column {column!r}; columns are {', '.join(_VALUES)}")
        plan = cls(**{**own, "columns": tuple(columns)})
        if plan.html_field is not None and plan.text_field is not None:
            raise ValueError("the documents stand in one column: give html_field or text_field")
        return plan

    def layout(self, before: pa.Schema) -> _Layout:
        pa = needs("pyarrow", "arrow")
        name, kind = self._field(before)
        path = _path(before, name)
        out: list[tuple[int | str, Any]] = [(i, before.field(i)) for i in range(len(before))]
        for column in self.columns:
            out.append((column, pa.field(self._name(column), _type(column))))
        if len(path) == 1 and not self.keep_document:
            place = path[0]
            text = next((added for added in out if added[0] == "text" and added[1].name == name), None)
            if text is not None:
                out.remove(text)  # it stands where the document stood
                out[place] = text
            else:
                del out[place]
        names = [field.name for _, field in out]
        taken = {field.name for source, field in out if isinstance(source, str) and names.count(field.name) > 1}
        if taken:
            raise ValueError(
                f"the table has columns of its own named {', '.join(sorted(taken))}: "
                "rename them, or give output_field or another prefix"
            )
        after = pa.schema([field for _, field in out], _metadata(before))
        return _Layout(path, kind, tuple(source for source, _ in out), after)

    def _name(self, column: str) -> str:
        """What an added column is called."""
        if column == "text":
            return self.output_field or _flat(self.text_field) or "text"
        return self.prefix + column

    def _field(self, before: pa.Schema) -> tuple[str, KindOption]:
        if self.html_field is not None:
            return self.html_field, "html"
        if self.text_field is not None:
            return self.text_field, "text"
        for name, kind in USUAL_FIELDS.items():
            if name in before.names:
                return name, kind
        raise ValueError(
            "say with html_field or text_field which column holds the documents: none is named "
            f"{', '.join(USUAL_FIELDS)}; columns are {', '.join(before.names)}"
        )


def _cleaned(batch: pa.RecordBatch, plan: _Plan, cleaner: Cleaner) -> pa.RecordBatch:
    pa = needs("pyarrow", "arrow")
    layout = plan.layout(batch.schema)
    found = results(cleaner, _documents(batch, layout), layout.kind)
    arrays = []
    for source in layout.made_of:
        if isinstance(source, int):
            arrays.append(batch.column(source))
            continue
        value = _VALUES[source]
        values = [_failed(source, result) if isinstance(result, str) else value(result) for result in found]
        arrays.append(_array(values, _type(source)))
    return pa.RecordBatch.from_arrays(arrays, schema=layout.schema)


def _failed(column: str, why: str) -> str | None:
    return {"status": "error", "error": why}.get(column)


def _documents(batch: pa.RecordBatch, layout: _Layout) -> list[str | bytes | None]:
    import pyarrow.compute as pc

    column = batch.column(layout.path[0])
    for i in layout.path[1:]:
        column = pc.struct_field(column, i)
    try:
        documents: list[str | bytes | None] = column.to_pylist()
    except UnicodeDecodeError:  # strings that are not UTF-8, which Parquet files of careless writers hold
        documents = [
            bytes(value.as_buffer()).decode("utf-8", "replace") if value.is_valid else None for value in column
        ]
    return documents


def _path(before: pa.Schema, name: str) -> tuple[int, ...]:
    """The place of a column, or of a field within structs; its type is checked."""
    pa = needs("pyarrow", "arrow")
    container: Any = before
    path: list[int] = []
    for step in [name] if name in before.names else name.split("."):
        found = container.get_all_field_indices(step) if hasattr(container, "get_all_field_indices") else []
        if len(found) != 1:
            what = "no column" if not found else "more than one column"
            raise ValueError(f"{what} is named {name}; columns are {', '.join(before.names)}")
        path.append(found[0])
        container = container.field(found[0]).type
    if pa.types.is_dictionary(container):
        container = container.value_type
    tests = "is_string is_large_string is_string_view is_binary is_large_binary is_binary_view is_null".split()
    if not any(hasattr(pa.types, test) and getattr(pa.types, test)(container) for test in tests):
        raise ValueError(f"column {name} holds {container}, not strings or bytes")
    return tuple(path)


def _flat(name: str | None) -> str | None:
    """The name, if it is that of a column and not of a field within structs."""
    return None if name is None or "." in name else name


def _metadata(before: pa.Schema) -> dict[bytes, bytes] | None:
    """Metadata of the schema, without what Hugging Face wrote about the columns that were."""
    kept = {key: value for key, value in (before.metadata or {}).items() if key != b"huggingface"}
    return kept or None


@lru_cache(maxsize=1)
def _types() -> dict[str, pa.DataType]:
    pa = needs("pyarrow", "arrow")
    span = {"tactic": pa.string(), "score": pa.float64(), "start": pa.int64(), "end": pa.int64()}
    flag = {
        "label": pa.string(),
        "score": pa.float64(),
        "start": pa.int64(),
        "end": pa.int64(),
        "text": pa.string(),
        "line": pa.int64(),
        "removed": pa.bool_(),
        "tactics": pa.list_(pa.string()),
        "tactic_spans": pa.list_(pa.struct(span)),
    }
    return {
        "warnings": pa.list_(pa.string()),
        "flags": pa.list_(pa.struct(flag)),
        "scores": pa.struct({f.name: pa.float64() for f in fields(PageScores)}),
    }


def _type(column: str) -> pa.DataType:
    return _types().get(column) or needs("pyarrow", "arrow").string()


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
