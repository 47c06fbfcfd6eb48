"""The summary of a corpus → figures and charts: what the overview of a report shows, over any number of documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dechaff.output.report import charts
from dechaff.output.report.charts import Bar, Column
from dechaff.output.report.words import GOOD, score_name


class OfCorpus:
    """What the template shows of `dechaff.corpus.Summary.to_dict()`.

    >>> counts = {"documents": 2, "by_status": {"ok": 1, "error": 1}, "flags": {"ad": 3}, "tactics": {}, "sites": {}}
    >>> shown = OfCorpus({**counts, "scores": {}})
    >>> shown.statuses, [(bar.name, bar.count) for bar in shown.by_label]
    ([('Error', 1)], [('Advert', 3)])
    """

    def __init__(self, summary: Mapping[str, Any]) -> None:
        self.counts = summary
        self.flags = sum(summary["flags"].values())
        self.statuses = charts.statuses(summary["by_status"])
        self.labels = charts.legend(summary["flags"])
        self.by_label: list[Bar] = charts.by_label(summary["flags"])
        self.by_tactic: list[Bar] = charts.by_tactic(summary["tactics"])
        self.by_site: list[Bar] = charts.by_site({site: counts["flags"] for site, counts in summary["sites"].items()})

    @property
    def histograms(self) -> list[tuple[str, list[Column]]]:
        """How many documents have which value of a score, by its name."""
        return [
            (score_name(name), charts.columns_of([{"content" if name in GOOD else "ad": count} for count in bins]))
            for name, bins in self.counts["scores"].items()
        ]
