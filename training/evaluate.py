"""Every figure of the model card: on sites and styles that each model had not seen, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from benchmarks.scores import Figure
from dechaff.result import Kind
from dechaff.thresholds import STRICTNESS
from training.calibration import calibration
from training.data import FOLDS, read_jsonl
from training.figures import Figures, chosen_in, injection_figures, page_figures
from training.held_out import Injection, Models, injections, judged_pages
from training.languages import language_figures
from training.styles import held_out_line_figures, read_styles, style_figures
from training.train import Corpus

#: Figures that are also given for each fold of sites.
_BY_FOLD = (
    "word_f1", "shingle_f1.articles", "in_body_promotional_removed", "content_chars_kept",
    "inject.headlines.html.removed", "inject.headlines.html.lost_per_1000", "inject.headlines.text.removed",
    "inject.headlines.text.lost_per_1000",
)  # fmt: skip

#: Each article is used so often, with other lines at other places: one draw moves these figures by two points.
_DRAWS = 4
_FIRST_SEED = 2

#: Words of an advert's headline that is put into articles.
_HEADLINE_WORDS = range(3, 61)


def evaluated(corpus: Corpus, models: Models, manifest: Mapping[str, Any], data: Path) -> dict[str, Any]:
    """The figures for a manifest: `held_out` by strictness, `by_fold`, `styles`, `held_out_lines`, `languages` and
    `calibration`."""
    pages = [*judged_pages(corpus, models.folds)]
    headlines = [row["text"].replace(" / ", " ") for row in read_jsonl(data / "text" / "native_headline_ads.jsonl.gz")]
    ads = {"headlines": [text for text in headlines if len(text.split()) in _HEADLINE_WORDS], "snippets": None}
    put = {
        f"inject.{name}.{kind}": [
            article
            for seed in range(_FIRST_SEED, _FIRST_SEED + _DRAWS)
            for article in injections(corpus, models.folds, lines, html=kind == "html", seed=seed)
        ]
        for name, lines in ads.items()
        for kind in get_args(Kind)
    }
    held_out: dict[str, Figures] = {}
    for strictness in STRICTNESS:
        found = page_figures(pages, chosen_in(manifest, strictness))
        held_out[strictness] = found | _injected(put, manifest, strictness)
    by_fold, balanced = {}, chosen_in(manifest, "balanced")
    for fold in range(FOLDS):
        own = [(page, judged) for page, judged in pages if page.fold == fold]
        its = {key: [article for article in articles if article.page.fold == fold] for key, articles in put.items()}
        found = page_figures(own, balanced) | _injected(its, manifest, "balanced")
        by_fold[str(fold)] = {name: found[name] for name in _BY_FOLD}
    styles = style_figures(corpus, read_styles(data), models.styles, balanced)
    lines = held_out_line_figures(corpus, models.folds, balanced)
    return {
        "held_out": {strictness: _plain(found) for strictness, found in held_out.items()},
        "by_fold": {fold: _plain(found) for fold, found in by_fold.items()},
        "styles": {name: _plain(found) for name, found in styles.items()},
        "held_out_lines": {name: _plain(found) for name, found in lines.items()},
        "languages": {lang: _plain(found) for lang, found in language_figures(corpus, models.folds, balanced).items()},
        "calibration": calibration(pages),
    }


def _injected(put: Mapping[str, Sequence[Injection]], manifest: Mapping[str, Any], strictness: str) -> Figures:
    found: Figures = {}
    for key, articles in put.items():
        measured = injection_figures(articles, chosen_in(manifest, strictness))
        found |= {f"{key}.{part}": figure for part, figure in measured.items()}
    return found


def _plain(figures: Mapping[str, Figure]) -> dict[str, dict[str, float]]:
    return {name: figure.to_dict() for name, figure in figures.items()}
