"""Train the shipped model: `python -m training DATA`.

Trains one model a fold and measures it on the sites of that fold, chooses the thresholds there, then trains on
everything and writes the model folder, with the figures and how it was made in its manifest.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from benchmarks.scores import Figure
from dechaff.model.weights import save
from dechaff.result import Kind
from dechaff.sentences import weights as sentence_weights
from dechaff.thresholds import STRICTNESS, of_manifest
from training.card import card, of_sentences
from training.choose import LOSS, thresholds
from training.data import FOLDS, read_jsonl, read_pages, read_snippets
from training.figures import Figures, injection_figures, page_figures
from training.held_out import fold_models, injections, judged_pages
from training.train import EPOCHS, Corpus, train

SECOND_STAGE = ("line", "say_1", "context_1", "say_2", "context_2", "out")
DEFAULT_CARD = Path(__file__).parent / "MODEL_CARD.md"
DEFAULT_OUT = Path(__file__).parent.parent / "src" / "dechaff" / "model" / "default"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="training", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the sources that the data card names")
    parser.add_argument(
        "--out", type=Path, default=DEFAULT_OUT, help="model folder to write (default: the shipped one)"
    )
    parser.add_argument(
        "--card", type=Path, default=DEFAULT_CARD, help="model card to write (default: the shipped one)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--jobs", type=int, default=2, help="folds trained at the same time")
    args = parser.parse_args(arguments)

    corpus = Corpus(read_pages(args.data), read_snippets(args.data))
    print(f"{len(corpus.pages)} documents, {len(corpus.snippets)} snippets", file=sys.stderr)
    models = fold_models(corpus, args.seed, args.epochs, args.jobs)
    headlines = [
        row["text"].replace(" / ", " ") for row in read_jsonl(args.data / "text" / "native_headline_ads.jsonl.gz")
    ]
    real = [text for text in headlines if 3 <= len(text.split()) <= 60]
    chosen = thresholds(
        {
            "html": [*injections(corpus, models, None, html=True, seed=1)],
            "text": [*injections(corpus, models, None, html=False, seed=1)],
        }
    )
    manifest = {"thresholds": chosen}
    pages = [*judged_pages(corpus, models)]
    figures: dict[str, Figures] = {}
    for strictness in STRICTNESS:
        figures[strictness] = page_figures(pages, of_manifest(manifest, "html", strictness))
        for name, ads in (("headlines", real), ("snippets", None)):
            for kind in get_args(Kind):
                put = injections(corpus, models, ads, html=kind == "html", seed=2)
                found = injection_figures(put, of_manifest(manifest, kind, strictness))
                key = f"inject.{name}.{kind}"
                figures[strictness] |= {f"{key}.{part}": figure for part, figure in found.items()}
    _print(figures)
    arrays = train(corpus, without=None, seed=args.seed, epochs=args.epochs)
    made = {
        "thresholds": chosen,
        "training": {
            "seed": args.seed, "epochs": args.epochs, "folds": FOLDS, "documents": len(corpus.pages),
            "snippets": len(corpus.snippets), "allowed_loss_per_1000": LOSS,
        },
        "held_out": {s: {name: f.to_dict() for name, f in found.items()} for s, found in figures.items()},
    }  # fmt: skip
    save(arrays, made, args.out)
    second_stage = sum(array.size for name, array in arrays.items() if name in SECOND_STAGE)
    kilobytes = round((args.out / "weights.npz").stat().st_size / 1000)
    args.card.write_text(card(made, second_stage, kilobytes, _sentences()), encoding="utf-8")
    print(f"written: {args.out}, {args.card}", file=sys.stderr)
    return 0


def _sentences() -> str:
    """What the card says of the model of sentences that is there."""
    manifest = json.loads((sentence_weights.FOLDER / "manifest.json").read_bytes())
    return of_sentences(manifest, round((sentence_weights.FOLDER / "weights.npz").stat().st_size / 1000))


def _print(figures: dict[str, Figures]) -> None:
    from benchmarks.tools import table

    names = list(next(iter(figures.values())))
    columns = figures.values()
    print(
        table(["held-out sites", *figures], [[name, *(_shown(column[name]) for column in columns)] for name in names])
    )


def _shown(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"


if __name__ == "__main__":
    sys.exit(main())
