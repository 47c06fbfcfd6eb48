"""Records → outcomes: the one place that calls the `Cleaner`. Nothing a document holds raises."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from dechaff.cleaner import Cleaner
from dechaff.corpus.options import Options
from dechaff.corpus.records import Outcome, Record
from dechaff.lines.document import lines_of
from dechaff.result import Flag, Reason, Result

#: Outputs that are files of other text than the plain one.
_RENDER: dict[str | None, Callable[[Result], str]] = {"markdown": Result.to_markdown, "html": Result.to_html}


class Cleaning:
    """Cleans chunks of records with one set of options, and a file with the lines that sites repeat, if any.

    >>> from dechaff.corpus.records import Record
    >>> [outcome.status for outcome in Cleaning(Options()).outcomes([Record("1", ""), Record("2", error="broken")])]
    ['empty', 'error']
    """

    def __init__(self, options: Options, repetition: str | None = None) -> None:
        self.options = options
        self.table = None
        if repetition is not None:
            from dechaff.corpus.repetition import read_table

            self.table = read_table(repetition)
        self.cleaner = Cleaner(**options.of_cleaner())
        self.rules = options.drop_rules()

    def outcomes(self, records: Sequence[Record]) -> list[Outcome]:
        """An outcome for every record, in order."""
        started = time.perf_counter()
        given = [record for record in records if record.error is None]
        try:
            made = self._together(given)
        except Exception:  # a bug that one document brings out must not take the others with it
            made = [self._alone(record) for record in given]
        spent, size = time.perf_counter() - started, sum(record.size() for record in given)
        for record, outcome in zip(given, made, strict=True):
            outcome.seconds = spent * record.size() / size if size else 0.0
        waiting = iter(made)
        return [
            next(waiting) if record.error is None else Outcome("error", record.error, kind="") for record in records
        ]

    def _together(self, records: Sequence[Record]) -> list[Outcome]:
        kinds = {record.kind for record in records}
        if len(kinds) > 1:  # a file of text among pages
            return [self._one(record) for record in records]
        kind = kinds.pop() if kinds else "auto"
        documents, urls = map(_document, records), map(self._url, records)
        results = self.cleaner.clean_many(documents, kind=kind, urls=urls)
        return [self._outcome(record, result) for record, result in zip(records, results, strict=True)]

    def _one(self, record: Record) -> Outcome:
        return self._outcome(record, self.cleaner.clean(_document(record), kind=record.kind, url=self._url(record)))

    @staticmethod
    def _url(record: Record) -> str | None:
        """Where a document comes from, which decides whose phrases of `sites` count."""
        return (record.told_by or "").strip() or record.url

    def _alone(self, record: Record) -> Outcome:
        try:
            return self._one(record)
        except Exception as error:
            return Outcome("error", f"{type(error).__name__}: {error}")

    def _outcome(self, record: Record, result: Result) -> Outcome:
        repeated: dict[int, Reason] = {}
        if self.table is not None and result.rules is not None:
            from dechaff.corpus.repeated import with_repetition

            result, repeated = with_repetition(result, record.site, self.table, result.rules)
        scores = result.scores.to_dict()
        outcome = Outcome(
            status=result.status,
            text=_RENDER[self.options.to](result) if self.options.to in _RENDER else result.text,
            title=result.title,
            kind=result.kind,
            scores=scores,
            flags=[self._flag(flag, repeated.get(flag.line)) for flag in result.flags],
            warnings=list(result.warnings),
            removed=_removed(result) if self.options.removed else [],
            read=len(result.source),
            kept=len(result.text),
        )
        low = [f"{name} {scores[name]} is below {least}" for name, least in self.rules.items() if scores[name] < least]
        if low:
            outcome.status, outcome.error = "dropped", "; ".join(low)
        return outcome

    def lines(self, record: Record) -> list[str]:
        """The texts of the lines of a document."""
        return lines_of(_document(record), record.kind, self.options.collapsed).texts

    def _flag(self, flag: Flag, repeated: Reason | None) -> dict[str, Any]:
        plain = flag.to_dict(reasons=self.options.reasons)
        if not self.options.reasons and self.options.site_repetition:
            plain["reasons"] = [] if repeated is None else [asdict(repeated)]
        return plain


def _document(record: Record) -> str | bytes:
    return record.document if record.document is not None else ""


def _removed(result: Result) -> list[dict[str, Any]]:
    """Every line that was not kept."""
    return [
        {
            "label": line.label.value,
            "score": round(line.score, 4),
            "start": line.start,
            "end": line.end,
            "text": line.text,
        }
        for line in result.lines
        if not line.kept
    ]
