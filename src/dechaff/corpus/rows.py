"""Records and outcomes → rows of plain data, and their columns."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dechaff.arrow import pylist
from dechaff.corpus.options import Options
from dechaff.corpus.records import Chunk, Outcome, Record
from dechaff.engines.extras import needs

#: What is added to every row beside the text, each with the prefix before its name.
ADDED = ("title", "status", "error", "warnings", "flags", "scores", "place")

#: The column (with the prefix) that takes what other rows of the corpus have no column for, as JSON.
REST = "rest"

_SURROGATE = re.compile("[\ud800-\udfff]")


def added(record: Record, outcome: Outcome, options: Options) -> dict[str, Any]:
    """What is added to a row: the text (unless only flags are wanted) and `ADDED`. Where a document failed all is null
    but status, error and place."""
    there = outcome.kind != ""
    values = {
        "title": outcome.title if there else None,
        "status": outcome.status,
        "error": outcome.error,
        "warnings": outcome.warnings if there else None,
        "flags": outcome.flags if there else None,
        "scores": outcome.scores if there else None,
        "place": record.place,
    }
    row: dict[str, Any] = {} if options.flags_only else {record.output: outcome.text}
    return row | {options.prefix + name: value for name, value in values.items()}


def rows_of(chunk: Chunk, outcomes: Sequence[Outcome], options: Options) -> list[dict[str, Any]]:
    """A row for every outcome: what passes through, then what is added; the text stands where the document stood if it
    goes into the same column."""
    passing = _rows(chunk.table) if chunk.table is not None else [record.columns for record in chunk.records]
    return [
        columns | added(record, outcome, options)
        for columns, record, outcome in zip(passing, chunk.records, outcomes, strict=True)
    ]


def rest_of(others: Mapping[str, Any], options: Options) -> str | None:
    """What a row has no columns for, as JSON. What it had none for when it was cleaned before stays as it is if that is
    all.

    >>> rest_of({"late": 1, "later": None}, Options()), rest_of({"dechaff_rest": "{}"}, Options())
    ('{"late": 1}', '{}')
    """
    before = options.prefix + REST
    there = {name: value for name, value in others.items() if value is not None and (value or name != before)}
    if [*there] == [before]:
        return str(there[before])
    return to_json(there).decode().rstrip("\n") if there else None


def _rows(batch: Any) -> list[dict[str, Any]]:
    """The rows of a record batch."""
    columns = [pylist(column) for column in batch.columns]
    return [{name: values[i] for name, values in zip(batch.schema.names, columns, strict=True)}
            for i in range(batch.num_rows)]  # fmt: skip


def kept(chunk: Chunk, outcomes: Sequence[Outcome]) -> tuple[Chunk, list[Outcome]]:
    """The chunk without the documents that a rule dropped."""
    stay = [i for i, outcome in enumerate(outcomes) if outcome.status != "dropped"]
    if len(stay) == len(outcomes):
        return chunk, list(outcomes)
    table = _taken(chunk.table, stay)
    return Chunk([chunk.records[i] for i in stay], table, chunk.consumed), [outcomes[i] for i in stay]


def dropped(chunk: Chunk, outcomes: Sequence[Outcome]) -> tuple[Chunk, list[Outcome]]:
    """The documents of the chunk that a rule dropped."""
    gone = [i for i, outcome in enumerate(outcomes) if outcome.status == "dropped"]
    return Chunk([chunk.records[i] for i in gone], _taken(chunk.table, gone)), [outcomes[i] for i in gone]


def _taken(table: Any, places: list[int]) -> Any:
    """Some rows of a record batch. The type is named, as Arrow takes an empty list for one of nulls."""
    return None if table is None else table.take(needs("pyarrow", "corpus").array(places, "int64"))


def to_json(value: Any) -> bytes:
    r"""A value as a line of JSON. Lone surrogates, which UTF-8 cannot write, become U+FFFD; bytes that are no UTF-8 are
    written in base 64; dates as ISO 8601; null for NaN and infinities, which JSON has no numbers for.

    >>> to_json({"a": "\ud800é", "b": b"bytes", "c": [float("nan")]})
    b'{"a": "\xef\xbf\xbd\xc3\xa9", "b": "bytes", "c": [null]}\n'
    """
    try:
        plain = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain) + "\n"
    except ValueError:
        plain = json.dumps(_finite(value), ensure_ascii=False, default=_plain) + "\n"
    try:
        return plain.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", plain).encode()


def _finite(value: Any) -> Any:
    """A value with null in place of every number that is none."""
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return base64.b64encode(bytes(value)).decode()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
