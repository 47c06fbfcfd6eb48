"""Attribute files as Dolma's tools read them: spans of the document's text by what they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dechaff.corpus.records import Outcome, Record


def attributes(record: Record, outcome: Outcome) -> dict[str, Any]:
    """The attributes of a document: `[start, end, score]` of every flag by its label.

    Of a plain text the spans index the text itself; of a page, its lines joined by newlines (`Result.source`).

    >>> flags = [{"label": "ad", "start": 10, "end": 20, "score": 0.9}]
    >>> attributes(Record("a.jsonl@0", id="7"), Outcome("ok", flags=flags))
    {'id': '7', 'attributes': {'dechaff__ad': [[10, 20, 0.9]]}}
    """
    spans: dict[str, list[Sequence[float]]] = {}
    for flag in outcome.flags:
        spans.setdefault(f"dechaff__{flag['label']}", []).append([flag["start"], flag["end"], flag["score"]])
    return {"id": name_of(record), "attributes": spans}


def name_of(record: Record) -> str:
    """The document's own name, else where it stands."""
    return record.place if record.id is None else record.id
