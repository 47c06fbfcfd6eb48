"""Figures on held-out sites, each as `benchmarks.scores` defines it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from benchmarks.scores import Figure, contains, f1_of_means, folded, interval, ratio, shingle_scores, word_f1
from dechaff.judge import judge
from dechaff.labels import Label
from dechaff.lines.table import Form
from dechaff.output.text import to_text
from dechaff.thresholds import Thresholds, of_manifest
from training.data import TRAINED_ON_ONLY, Page
from training.held_out import Injection, Judged
from training.labels import CONTENT, PROMOTIONAL, mask

KEEP = frozenset({Label.CONTENT})

Figures = dict[str, Figure]


#: The thresholds of each form of documents.
Chosen = Mapping[Form, Thresholds]


def chosen_in(manifest: Mapping[str, Any], strictness: str) -> Chosen:
    """The thresholds of a manifest for a strictness."""
    return {form: of_manifest(manifest, form, strictness) for form in get_args(Form)}


def text_of(judged: Judged, chosen: Chosen) -> str:
    """The cleaned text."""
    kept = judge(judged.lines, judged.odds, KEEP, chosen[judged.lines.form]).kept.tolist()
    return to_text(zip(judged.lines.texts, judged.lines.joints, kept, strict=True))


def page_figures(pages: Sequence[tuple[Page, Judged]], chosen: Chosen) -> Figures:
    """Cleaned text against gold text, and the fate of hand-labelled lines."""
    by_kind: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    shingled: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    promotional, teasers, around, content = [], [], [], []
    for page, judged in pages:
        if page.source in TRAINED_ON_ONLY:
            continue
        text = text_of(judged, chosen)
        if page.source == "wcxb":
            by_kind[page.kind].append((word_f1(text, page.gold), 1))
        if page.kind == "article":
            precision, recall = shingle_scores(text, page.gold)
            row = (precision or 0, precision is not None, recall or 0, recall is not None)
            shingled["articles" if page.source == "wcxb" else "news"].append(row)
        if any(page.hand):
            cleaned = folded(text)
            fate = [(target, inside, len(line), contains(cleaned, line))
                    for line, target, inside, hand in zip(judged.lines.texts, page.document.targets, page.in_body,
                                                          page.hand, strict=True)
                    if hand and len(line.split()) >= 3]  # fmt: skip
            promotional.append(_removed([f for f in fate if f[1] and f[0] in PROMOTIONAL]))
            teasers.append(_removed([f for f in fate if f[1] and f[0] == mask("teaser")]))
            around.append(_removed([f for f in fate if not f[1] and f[0] not in (CONTENT, mask("metadata"))
                                    and f[0] in (*PROMOTIONAL, mask("teaser"), mask("boilerplate"))]))  # fmt: skip
            kept = [f for f in fate if f[0] == CONTENT]
            content.append((sum(f[2] * f[3] for f in kept), sum(f[2] for f in kept)))
    figures = {"word_f1": interval([row for rows in by_kind.values() for row in rows])}
    figures |= {f"word_f1.{kind}": interval(rows) for kind, rows in sorted(by_kind.items())}
    figures |= {f"shingle_f1.{name}": interval(rows, f1_of_means) for name, rows in shingled.items()}
    figures["in_body_promotional_removed"] = interval(promotional, ratio)
    figures["in_body_teasers_removed"] = interval(teasers, ratio)
    figures["around_removed"] = interval(around, ratio)
    figures["content_chars_kept"] = interval(content, ratio)
    return figures


def injection_figures(articles: Iterable[Injection], chosen: Chosen) -> Figures:
    """Injected lines removed, and lines of article text lost per 1,000. A page that was used more than once is one
    document."""
    rows: defaultdict[str, NDArray[np.int64]] = defaultdict(lambda: np.zeros(4, np.int64))
    untouched: defaultdict[str, NDArray[np.int64]] = defaultdict(lambda: np.zeros(4, np.int64))
    for article in articles:
        lines = article.judged.lines
        kept = judge(lines, article.judged.odds, KEEP, chosen[lines.form]).kept
        foreign = np.asarray(article.foreign)
        counted = np.asarray([len(text.split()) >= 3 for text in lines.texts]) & ~foreign
        row = [(foreign & ~kept).sum(), foreign.sum(), 1000 * (counted & ~kept).sum(), counted.sum()]
        rows[article.page.id] += row
        if not foreign.any():
            untouched[article.page.id] += row
    return {
        "removed": interval([row[:2].tolist() for row in rows.values()], ratio),
        "lost_per_1000": interval([row[2:].tolist() for row in rows.values()], ratio),
        "lost_per_1000_untouched": interval([row[2:].tolist() for row in untouched.values()], ratio),
    }


def _removed(fate: Sequence[tuple[int, bool, int, bool]]) -> tuple[float, float]:
    return sum(not stays for *_, stays in fate), len(fate)
