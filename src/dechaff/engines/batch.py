"""What a worker of any engine does with the documents that it gets: one cleaner a process, one answer a document."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from dechaff import plain
from dechaff.cleaner import Cleaner
from dechaff.lines.document import KindOption
from dechaff.model.store import fingerprint
from dechaff.result import Result


def cleaner_of(options: Mapping[str, Any]) -> Cleaner:
    """The `Cleaner` with these options: the same one in a process, since engines call a function for every batch.

    Raises what `Cleaner` raises, and `TypeError` on compiled patterns, which are no plain data.

    >>> cleaner_of({"deny": {"Shop with us"}}) is cleaner_of({"deny": ["Shop with us"]})
    True
    """
    made = plain.normalised(options)
    # With what the model is, since in a session that goes on another one may come to stand under its name.
    model = None if made.get("model") is None else fingerprint(Path(made["model"]))
    return _made(json.dumps(made, sort_keys=True), model)


def for_workers(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as they travel to workers: those of a `Cleaner` as plain data, others as they are.

    The folder of a model has its full name, since workers run in folders of their own. Raises `TypeError` or
    `ValueError` on options that are no plain data; whether the model can be used shows on the workers.

    >>> for_workers({"allow": (phrase for phrase in ["Readers' offer"]), "html_field": "page"})
    {'allow': ("Readers' offer",), 'html_field': 'page'}
    """
    made = plain.normalised(options)
    if made.get("model") is not None:
        made["model"] = os.path.abspath(made["model"])
    return made


def results(
    cleaner: Cleaner,
    documents: Sequence[str | bytes | None],
    kind: KindOption,
    urls: Sequence[str | None],
    sites: Sequence[str | None],
) -> list[Result | str]:
    """A result for every document, or what went wrong with it; None is a document that is not there. `urls`: where
    each comes from, as far as that is known; `sites`: the hosts, or URLs of them, that say it instead, if any do.

    >>> results(cleaner_of({}), [None], "auto", [None], [None])
    ['no document']
    """
    told = [(site or "").strip() or url for site, url in zip(sites, urls, strict=True)]
    there = [(document, url) for document, url in zip(documents, told, strict=True) if document is not None]
    found: list[Result | str]
    try:
        found = [*cleaner.clean_many([document for document, _ in there], kind=kind, urls=[url for _, url in there])]
    except Exception:  # which of them it was shows when each is cleaned by itself
        found = [_alone(cleaner, document, kind, url) for document, url in there]
    those = iter(found)
    return [
        "no document" if document is None else _from(url, next(those))
        for document, url in zip(documents, urls, strict=True)
    ]


def _from(url: str | None, result: Result | str) -> Result | str:
    """The result with the URL of its document, whatever told its site."""
    return result if isinstance(result, str) or result.url == url else replace(result, url=url)


def _alone(cleaner: Cleaner, document: str | bytes, kind: KindOption, url: str | None) -> Result | str:
    try:
        return cleaner.clean(document, kind=kind, url=url)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@lru_cache(maxsize=8)
def _made(options: str, model: str | None) -> Cleaner:
    return Cleaner(**json.loads(options))
