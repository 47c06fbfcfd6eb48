"""A step of a datatrove pipeline: cleans the text of documents, and drops those that are not worth keeping."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dechaff.engines.batch import cleaner_of, for_workers, results
from dechaff.engines.extras import needs
from dechaff.lines.document import KindOption
from dechaff.result import PageScores, Result

needs("datatrove", "datatrove")  # before what follows fails without naming the extra

from datatrove.pipeline.filters.base_filter import BaseFilter  # noqa: E402

if TYPE_CHECKING:
    from datatrove.data import Document
    from datatrove.pipeline.writers.disk_base import DiskWriter


class Clean(BaseFilter):
    """Clean `Document.text` (HTML or plain text) and drop documents, with the reason, by what is found in them.

    A document that is kept has the cleaned text. A document that is dropped keeps its text, and goes to the
    `exclusion_writer` with the reason in its metadata: "empty" (nothing was kept), "error", or the rule that it
    breaks. `drop_below`, `drop_above`: bounds by name of `PageScores`. `url_field`: where in the metadata the URL of a
    document stands, which says what site it is of; `site_field`: where a host name, or a URL of the site, stands that
    says it instead. `options` are those of `dechaff.Cleaner`, but for compiled patterns: they are plain data, which
    goes to workers.

    Metadata get `dechaff_status`, `dechaff_title`, a number a score (`dechaff_content_share`, …), `dechaff_flags`
    (JSON, so that every document has a column of one type) and `dechaff_error` where there is one. Raises `ValueError`
    on an unknown score, `TypeError` on compiled patterns, and what `Cleaner` raises.

    >>> from datatrove.data import Document
    >>> page = Document("<p>The council met on Monday to pass the budget.</p>", id="1")
    >>> step = Clean(drop_above={"ad_density": 0.5})
    >>> [document.text for document in step.run([page, Document("", id="2")])]
    ['The council met on Monday to pass the budget.']
    """

    name = "🧹 dechaff"

    def __init__(
        self,
        *,
        kind: KindOption = "auto",
        url_field: str = "url",
        site_field: str | None = None,
        drop_below: Mapping[str, float] | None = None,
        drop_above: Mapping[str, float] | None = None,
        exclusion_writer: DiskWriter | None = None,
        batch_size: int = 32,
        **options: Any,
    ) -> None:
        super().__init__(exclusion_writer, batch_size)
        self.kind = kind
        self.url_field = url_field
        self.site_field = site_field
        self.drop_below = dict(drop_below or {})
        self.drop_above = dict(drop_above or {})
        known = PageScores().to_dict()
        for name in (*self.drop_below, *self.drop_above):
            if name not in known:
                raise ValueError(f"no score {name!r}; scores are {', '.join(known)}")
        self.options = for_workers(options)
        cleaner_of(self.options)  # raises on options that mean nothing; the step is pickled without it

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """As `filter_batch`, for one document."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        """Clean documents in place: True for one that is kept, False with the reason for one that is not."""
        urls, sites = _words(batch, self.url_field), _words(batch, self.site_field)
        found = results(cleaner_of(self.options), [document.text for document in batch], self.kind, urls, sites)
        return [self._judged(document, result) for document, result in zip(batch, found, strict=True)]

    def _judged(self, document: Document, result: Result | str) -> bool | tuple[bool, str]:
        if isinstance(result, str):
            document.metadata |= {"dechaff_status": "error", "dechaff_error": result}
            return False, "error"
        scores = result.scores.to_dict()
        flags = [flag.to_dict(reasons=False) for flag in result.flags]
        document.metadata |= {
            "dechaff_status": result.status,
            "dechaff_title": result.title,
            **{f"dechaff_{name}": value for name, value in scores.items()},
            "dechaff_flags": json.dumps(flags, ensure_ascii=False),
        }
        reason = self._reason(result, scores)
        if reason is not None:
            return False, reason
        document.text = result.text
        return True

    def _reason(self, result: Result, scores: Mapping[str, float]) -> str | None:
        if result.status == "empty":
            return "empty"
        for name, least in self.drop_below.items():
            if scores[name] < least:
                return f"{name}_below_{least}"
        for name, most in self.drop_above.items():
            if scores[name] > most:
                return f"{name}_above_{most}"
        return None


def _words(batch: list[Document], field: str | None) -> list[str | None]:
    """A field of the metadata of each document, where it is a string."""
    values = [document.metadata.get(field) if field else None for document in batch]
    return [value if isinstance(value, str) else None for value in values]
