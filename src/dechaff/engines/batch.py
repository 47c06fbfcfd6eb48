"""What a worker of any engine does with the documents that it gets: one cleaner a process, one answer a document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from dechaff.cleaner import Cleaner
from dechaff.lines.document import KindOption
from dechaff.result import Result


def cleaner_of(options: Mapping[str, Any]) -> Cleaner:
    """The `Cleaner` with these options: the same one in a process, since engines call a function for every batch.

    >>> cleaner_of({"strictness": "strict"}) is cleaner_of({"strictness": "strict"})
    True
    """
    return _made(json.dumps(options, sort_keys=True, default=_plain))


def results(cleaner: Cleaner, documents: Sequence[str | bytes | None], kind: KindOption) -> list[Result | str]:
    """A result for every document, or what went wrong with it; None is a document that is not there.

    >>> results(cleaner_of({}), [None], "auto")
    ['no document']
    """
    there = [document for document in documents if document is not None]
    found: list[Result | str]
    try:
        found = [*cleaner.clean_many(there, kind=kind)]
    except Exception:  # which of them it was shows when each is cleaned by itself
        found = [_alone(cleaner, document, kind) for document in there]
    those = iter(found)
    return ["no document" if document is None else next(those) for document in documents]


def _alone(cleaner: Cleaner, document: str | bytes, kind: KindOption) -> Result | str:
    try:
        return cleaner.clean(document, kind=kind)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    return sorted(value) if isinstance(value, (set, frozenset)) else [*value]


@lru_cache(maxsize=8)
def _made(options: str) -> Cleaner:
    return Cleaner(**json.loads(options))
