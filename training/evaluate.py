"""Every figure of the model card: on sites and styles that each model had not seen, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from benchmarks.scores import Figure
from benchmarks.tools import table
from dechaff.result import Kind
from dechaff.thresholds import STRICTNESS, of_manifest
from training.calibration import calibration
from training.data import FOLDS, read_jsonl
from training.figures import Figures, injection_figures, page_figures
from training.held_out import Injection, Models, injections, judged_pages
from training.styles import read_styles, style_figures
from training.train import Corpus

#: Figures that are also given for each fold of sites.
_BY_FOLD = (
    "word_f1", "shingle_f1.articles", "in_body_promotional_removed", "content_chars_kept",
    "inject.headlines.html.removed", "inject.headlines.html.lost_per_1000", "inject.headlines.text.removed",
    "inject.headlines.text.lost_per_1000",
)  # fmt: skip

#: Words of an advert's headline that is put into articles.
_HEADLINE_WORDS = range(3, 61)


def evaluated(corpus: Corpus, models: Models, manifest: Mapping[str, Any], data: Path) -> dict[str, Any]:
    """The figures for a manifest: `held_out` by strictness, `by_fold`, `styles` and `calibration`."""
    pages = [*judged_pages(corpus, models.folds)]
    headlines = [row["text"].replace(" / ", " ") for row in read_jsonl(data / "text" / "native_headline_ads.jsonl.gz")]
    ads = {"headlines": [text for text in headlines if len(text.split()) in _HEADLINE_WORDS], "snippets": None}
    put = {
        f"inject.{name}.{kind}": [*injections(corpus, models.folds, lines, html=kind == "html", seed=2)]
        for name, lines in ads.items()
        for kind in get_args(Kind)
    }
    held_out: dict[str, Figures] = {}
    for strictness in STRICTNESS:
        found = page_figures(pages, of_manifest(manifest, "html", strictness))
        held_out[strictness] = found | _injected(put, manifest, strictness)
    by_fold = {}
    for fold in range(FOLDS):
        own = [(page, judged) for page, judged in pages if page.fold == fold]
        its = {key: [article for article in articles if article.fold == fold] for key, articles in put.items()}
        found = page_figures(own, of_manifest(manifest, "html", "balanced")) | _injected(its, manifest, "balanced")
        by_fold[str(fold)] = {name: found[name] for name in _BY_FOLD}
    styles = style_figures(corpus, read_styles(data), models.styles, of_manifest(manifest, "html", "balanced"))
    return {
        "held_out": {strictness: _plain(found) for strictness, found in held_out.items()},
        "by_fold": {fold: _plain(found) for fold, found in by_fold.items()},
        "styles": {name: _plain(found) for name, found in styles.items()},
        "calibration": calibration(pages),
    }


def tables(figures: Mapping[str, Any]) -> str:
    """The figures as Markdown: by strictness, by fold of sites, by held-out style, and how well they are calibrated."""
    held_out, by_fold, styles = figures["held_out"], figures["by_fold"], figures["styles"]
    calibrated = figures["calibration"]
    curves = [
        [asked, f"{said:.2f}", f"{share:.2f}", str(lines)]
        for asked, curve in calibrated["curve"].items()
        for lines, said, share in curve
    ]
    errors = ", ".join(f"{asked} {error:.3f}" for asked, error in calibrated["error"].items())
    return "\n\n".join(
        [
            _table("", held_out),
            "### By fold of sites, balanced",
            _table("fold", by_fold),
            "### By held-out style, balanced",
            table(
                ["style", "removed", "flagged as promotional"],
                [[name, *(_shown(part, its[part]) for part in its)] for name, its in styles.items()],
            ),
            "### Calibration",
            f"Expected calibration error over {calibrated['lines']:,} hand-labelled lines of sites not seen: {errors}.",
            table(["probability", "mean", "share that is", "lines"], curves),
        ]
    )


def _injected(put: Mapping[str, Sequence[Injection]], manifest: Mapping[str, Any], strictness: str) -> Figures:
    found: Figures = {}
    for key, articles in put.items():
        kind: Kind = "html" if key.endswith("html") else "text"
        measured = injection_figures(articles, of_manifest(manifest, kind, strictness))
        found |= {f"{key}.{part}": figure for part, figure in measured.items()}
    return found


def _plain(figures: Mapping[str, Figure]) -> dict[str, dict[str, float]]:
    return {name: figure.to_dict() for name, figure in figures.items()}


def _table(corner: str, columns: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    names = next(iter(columns.values()))
    rows = [[name, *(_shown(name, its[name]) for its in columns.values())] for name in names]
    return table([corner, *columns], rows)


def _shown(name: str, figure: Mapping[str, float]) -> str:
    places = 1 if "per_1000" in name else 3
    return f"{figure['value']:.{places}f} ({figure['low']:.{places}f}–{figure['high']:.{places}f})"
