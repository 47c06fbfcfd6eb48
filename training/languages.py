"""Lines in other languages than English, put into documents of their language; their model has seen neither."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from benchmarks.scores import Figure
from dechaff.result import Kind
from training.data import LINES, Page, fold_of, read_jsonl
from training.figures import Chosen, injection_figures
from training.held_out import injected_into
from training.tables import Arrays
from training.train import Corpus

#: Each document is used so often, with other lines at other places: there are few documents.
_DRAWS = 6

#: Words of a line that is put in: what shorter ones are, only their place can tell.
_MIN_WORDS = 3


def language_figures(corpus: Corpus, models: Sequence[Arrays], chosen: Chosen) -> dict[str, dict[str, Figure]]:
    """By language, for documents written for this project, as plain text and as bare HTML: of lines that lead away
    and were put in, the share removed, and of their own lines how many were lost per 1,000; and of hard negatives that
    were put in, the share removed all the same.

    `models[k]` has seen neither the documents nor the lines of fold k; they are by the writers of the others.
    """
    pages: dict[str, list[Page]] = defaultdict(list)
    for page in corpus.pages:
        if page.kind == "clean" and page.source == "written":
            pages[page.lang].append(page)
    return {
        path.stem: _figures(pages[path.stem], path, models, chosen)
        for path in sorted(LINES.glob("*.jsonl"))
        if path.stem in pages
    }


def _figures(pages: Sequence[Page], lines: Path, models: Sequence[Arrays], chosen: Chosen) -> dict[str, Figure]:
    leading: dict[int, list[str]] = defaultdict(list)
    negative: dict[int, list[str]] = defaultdict(list)
    for row in read_jsonl(lines):
        if len(row["text"].split()) >= _MIN_WORDS:
            pool = negative if row["label"] == "content" else leading
            pool[fold_of(row["text"])].append(row["text"])

    def figures(pools: dict[int, list[str]], kind: Kind) -> dict[str, Figure]:
        return injection_figures(
            (
                article
                for seed in range(_DRAWS)
                for article in injected_into(
                    pages, lambda page: pools[page.fold], models, html=kind == "html", seed=seed
                )
            ),
            chosen,
        )

    found: dict[str, Figure] = {}
    for kind in get_args(Kind):
        its = figures(leading, kind)
        found |= {f"{kind}.{part}": its[part] for part in ("removed", "lost_per_1000")}
        found[f"{kind}.hard_negatives"] = figures(negative, kind)["removed"]
    return found
