"""The shipped model, made and measured.

    python -m training train DATA       weights, thresholds, figures and the model card
    python -m training evaluate DATA    the figures again, for the thresholds of the model that is there; they are
                                        written into its manifest and card

Both train one model a fold of sites and measure it on the sites of that fold, and models without some styles of
writing. `train` chooses the thresholds there, then trains on everything. `--models FOLDER` keeps the models that are
measured, for `evaluate` takes minutes with them and as long as training without.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dechaff.model.weights import load, save
from training.card import FILE, SHIPPED, card_of, tables
from training.choose import LOSS, thresholds
from training.data import FOLDS, STYLE_GROUPS, read_pages, read_snippets
from training.evaluate import evaluated
from training.held_out import Models, injections, judged_pages, models_of
from training.plain import completed, examples_of, fit
from training.styles import read_styles, skipped
from training.train import EPOCHS, Corpus, train


def main(arguments: Sequence[str] | None = None) -> int:
    description, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        prog="training", description=description, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=("train", "evaluate"))
    parser.add_argument("data", type=Path, help="folder with the sources that the data card names")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="model folder (default: the shipped one)")
    parser.add_argument("--card", type=Path, help="model card (default: the shipped one; beside another model)")
    parser.add_argument("--models", type=Path, metavar="FOLDER", help="where the models of the folds are kept")
    parser.add_argument("--seed", type=int, default=1, help="for train; evaluate takes the model's")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="the same")
    parser.add_argument("--jobs", type=int, default=2, help="models trained at the same time")
    args = parser.parse_args(arguments)

    corpus = Corpus(read_pages(args.data), read_snippets(args.data))
    print(f"{len(corpus.pages)} documents, {len(corpus.snippets)} snippets", file=sys.stderr)
    if args.task == "evaluate":
        there = load(args.out)
        manifest = dict(there.manifest)
        models = _models(corpus, args, manifest["training"]["seed"], manifest["training"]["epochs"])
        arrays: dict[str, Any] = dict(there.arrays)
    else:
        models = _models(corpus, args, args.seed, args.epochs)
        manifest = {
            "thresholds": thresholds(
                [its for html in (True, False) for its in injections(corpus, models.folds, None, html=html, seed=1)],
                [*judged_pages(corpus, models.folds)],
            ),
            "training": {
                "seed": args.seed, "epochs": args.epochs, "folds": FOLDS, "documents": len(corpus.pages),
                "snippets": len(corpus.snippets), "allowed_loss_per_1000": LOSS,
            },
        }  # fmt: skip
        arrays = train(corpus, without=None, seed=args.seed, epochs=args.epochs)
        arrays |= fit(examples_of(corpus, models.folds, args.seed), args.seed)
    manifest |= evaluated(corpus, models, manifest, args.data)
    print(tables(manifest))
    save(arrays, manifest, args.out)
    card = args.card or (FILE if args.out == SHIPPED else args.out / FILE.name)
    card.write_text(card_of(args.out), encoding="utf-8")
    print(f"written: {args.out}, {card}", file=sys.stderr)
    return 0


def _models(corpus: Corpus, args: argparse.Namespace, seed: int, epochs: int) -> Models:
    """The models to measure with: those that `evaluate` finds in `--models`, else trained, and kept there."""
    if args.task == "evaluate" and args.models is not None and any(args.models.glob("*.npz")):
        return Models.load(args.models, seed, epochs)
    styles = read_styles(args.data)
    fewer = [Corpus(corpus.pages, read_snippets(args.data, skipped(styles, group))) for group in range(STYLE_GROUPS)]
    models = completed(models_of(corpus, fewer, seed, epochs, args.jobs), corpus, fewer, seed)
    if args.models is not None:
        models.save(args.models, seed, epochs)
    return models


if __name__ == "__main__":
    sys.exit(main())
