"""The model card: what the manifest of a model says, for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.tools import table
from dechaff.features import meaning
from dechaff.hidden import orders
from dechaff.model.weights import load
from dechaff.sentences import weights as sentences
from dechaff.tactics import weights as tactics

#: The shipped model, and its card.
SHIPPED = Path(__file__).parent.parent / "src" / "dechaff" / "model" / "default"
FILE = Path(__file__).parent / "MODEL_CARD.md"

#: The sets of lines that tactics are measured on.
_TACTIC_SETS = ("styles_written_last", "own_styles_held_out", "written_styles_held_out")

#: Arrays of the network, as against the tables of the first stage.
_SECOND_STAGE = ("line", "say_1", "context_1", "say_2", "context_2", "out")
_THIRD_STAGE = ("plain_1", "plain_2", "plain_out")

_HEAD = """\
# Model card

Written by `python -m training train DATA` with the weights, and by `python -m training evaluate DATA`; edit
`training/card.py`, not this file.

## What it is

One model for HTML and plain text that gives every line of a document the probabilities of ten classes (`title` is
shown as `metadata`). First stage: two logistic regressions on hashed n-grams, of the line's words and of the tag,
class and id names and link targets around it. Second stage: a network of {parameters:,} numbers that reads these
scores beside form, place, extent, topic, meaning and ownership features, then listens twice to the three lines before
and after, to containers, document and lines of the same kind. Third stage, for plain text and HTML without classes and
ids alone: a network of {plain_parameters:,} numbers weighs anew whether a line leads away, from what the second stage
says of it and from the same features but for words and names. What words mean is told by a vector of {meaning} numbers
for each bucket of words and of stems, fitted to a sentence encoder (`python -m training.meaning`), not to labels.
Arrays
only (`weights.npz`, {kilobytes} kB; `features/vectors/weights.npz`, {meaning_kilobytes} kB), read without pickle and
checked against their manifests.

## Intended use, and not

For cleaning scraped pages and texts, scoring them, and showing what was removed and why. It judges form and place,
not truth: no facts are checked. It is not for deciding about people, and not a filter for harmful content. It makes
mistakes; every result holds all lines with their scores so that others can decide otherwise.

## Data

See [DATA_CARD.md](DATA_CARD.md). Mostly English; German, French, Spanish, Italian, Portuguese, Dutch and Polish are in
it with few lines, other languages hardly at all.

## Figures on sites the model had not seen

{documents} documents in five folds by site; for each fold a model is trained on the others. Brackets hold 95 %
bootstrap intervals over documents. Thresholds were chosen on held-out documents of the same folds, for at most {loss}
of 1,000 lost as promotion or as leading away (lenient, balanced, strict): in html, pages with classes or ids,
characters of lines labelled content; in bare HTML and in text, lines of articles. So figures lean a little to the
good side; the ad headlines of `inject.headlines` were never trained on. `inject.snippets` draws from all kinds of
lines in the data card, many of which cannot be told from content outside their place. Some lines of gold text are
themselves adverts or a "read more" (see the data card), and count as lost when they are removed. Each article is used
four times, with other lines at other places; intervals are over articles. Flag scores have a floor, short lines before
main text and lines of documents of one or two lines need 0.85, and longer ones like a sub-heading 0.5: set by hand
after seeing sub-headings of one article and single paragraphs flagged. That article was also why captions and credits
were put into plain documents. The powers in `judge.POWER` and `judge.AWAY_POWER`, and `judge.MIN_BEST`, below which a
page has no main text, were chosen on two of the five folds, which are among these figures. How much each form may
lose, from which probability on captions and bylines go, and that four lines make a list (`listed.MIN_LINES`) was set
after seeing what each finds and loses, the headlines of `inject.headlines` and the hard negatives included.

A training with the same seed gives the same weights on the same kind of processor; on another one, sums end in other
last bits, and models drift apart. Those of the folds and styles, trained again on another one, gave with the same
thresholds, balanced: word F1 0.868, news 0.948, in-body promotion 0.677 and teasers 0.841 at 0.970 of the content
characters, around the text 0.869; ad headlines 0.791 at 4.5 lost (HTML) and 0.768 at 4.7 (text), snippets 0.635 at 4.5
and 0.731 at 4.5; hard negatives called promotional 0.043. So much the figures below move without any change.

"""

_SENTENCES = """
## Sentences that advertise

A small model of its own (`python -m training.sentences DATA`, {kilobytes} kB): two linear looks at the sentences of the
lines that stay, the second with what the first one says of all others of the document. Figures are held out by site,
query and line; the threshold of each strictness was chosen on the same gold texts for so many false alarms. `native_*`:
answers of chat assistants with an advertising sentence (Webis Generated Native Ads 2024), characters and answers.
`put_in_found`: advertising prose put between the sentences of gold texts. What it learns from is by few hands, one
of which wrote neutral ones, too: expect less of adverts in another voice, and more false alarms in prose that sounds
like an advert's.

"""

_TACTICS = """
## Tactics

A small model of its own (`python -m training.tactics DATA`, {kilobytes} kB): logistic regressions on words, pieces of
words, cues and form. "Held out": lines of one hand that no weight was fitted on (`tactics_held_out.txt`); how much
each source of lines counts, how strong the fit is, and by which of four rules thresholds are chosen, were settled with
them in view, so that these figures flatter a little. "Own styles": the lines of `tactics.txt`, whole styles held out in
turn; most were written to be hard. "Other styles": the same for lines that were written for other ends, whose tactics
were marked less carefully. Macro F1: {macro:.3f}, {own:.3f}, {written:.3f}. Of hard negatives {negatives:.3f} get a
tactic. Clickbait in titles: AUC
{english:.3f} on English headlines that were held out, {spanish:.3f} on Spanish ones.

"""

_ORDERS = """
## Orders to machines

A small model of its own (`python -m training.orders DATA`, {kilobytes} kB). Held-out texts are by other hands than
what was learned from (`orders_held_out.txt`), or by the same ones, implied or in other languages (`…_implied.txt`).
Alarms on articles, where they stand here, are those of weights that had not seen these pages. The two thresholds were
chosen with these figures in view.

"""

_TAIL = """
`word_f1`: pages of WCXB by type; `shingle_f1`: articles of WCXB, and news pages with hand labels (their gold is
what was labelled content). `in_body_*`, `around_removed`, `content_chars_kept`: hand-labelled lines of at least
three words. `removed`: share of the lines put into articles that were removed. Styles are those of the lines written
for this project; the model that is asked about a style has seen no line of it, and none of the sites of the articles.
Hard negatives (`content:`) are lines that a careless filter takes for adverts. They are put into articles on other
subjects, so to flag one as off topic is right; to remove it, or to call it promotional, is not. Held-out lines
(`lines_held_out.jsonl`) were written to be harder than those: quiet adverts, and captions, list items, verse, notices
and the like as content. No model is trained on them, and nothing was chosen with them in view. They are put into the
same articles, most of them English: a line in another language is foreign there. Lines in their own language stand
in documents of that language; each language is by one writer, and the model has seen neither the line nor the document.
No model is trained on the hard negatives among them.

## Limits

- Advertisements worded like the article around them stay; so do many of the pitches by which a company blog
  praises its own product in passing.
- On shop, collection and listing pages it is much less sure what the main text is than on articles.
- Text that only a script puts into the page is not seen.
"""


def card_of(folder: Path) -> str:
    """The card of the model in a folder, and of the model of sentences that is there, as Markdown."""
    model = load(folder)
    trained = model.manifest["training"]
    loss = "; ".join(
        f"{kind}: " + ", ".join(f"{lost:g}" for lost, _ in its.values())
        for kind, its in trained["allowed_loss_per_1000"].items()
    )
    head = _HEAD.format(
        parameters=sum(model.arrays[name].size for name in _SECOND_STAGE),
        plain_parameters=sum(model.arrays[name].size for name in _THIRD_STAGE),
        meaning=meaning.SIZE,
        kilobytes=_kilobytes(folder),
        meaning_kilobytes=_kilobytes(meaning.FOLDER),
        documents=trained["documents"],
        loss=loss,
    )
    parts = (of_sentences(), of_tactics(), of_orders())
    return f"{head}{tables(model.manifest)}\n{_TAIL}{''.join(parts)}"


def _kilobytes(folder: Path) -> int:
    return round((folder / "weights.npz").stat().st_size / 1000)


def tables(figures: Mapping[str, Any]) -> str:
    """The figures as Markdown: by strictness, fold of sites and style, and how well they are calibrated."""
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
            _rows("style", styles),
            "### Held-out lines, balanced",
            _rows("label", figures["held_out_lines"]),
            "### Lines put into documents in their own language, balanced",
            _rows("language", figures["languages"]),
            "### Calibration",
            f"Expected calibration error over {calibrated['lines']:,} hand-labelled lines of sites not seen: {errors}.",
            table(["probability", "mean", "share that is", "lines"], curves),
        ]
    )


def of_sentences() -> str:
    """The section about the shipped model of sentences, from its manifest."""
    manifest = _manifest(sentences.FOLDER)
    columns = manifest["held_out"]
    names = next(iter(columns.values()))
    rows = [["threshold", *(f"{manifest['thresholds'][strictness]:.3f}" for strictness in columns)]]
    rows += [[name, *(f"{found[name]:.3f}" for found in columns.values())] for name in names]
    return f"{_SENTENCES.format(kilobytes=_kilobytes(sentences.FOLDER))}{table(['', *columns], rows)}\n"


def of_tactics() -> str:
    """The section about the shipped model of tactics, from its manifest."""
    figures = _manifest(tactics.FOLDER)["figures"]
    sets = [figures["tactics"][name] for name in _TACTIC_SETS]
    head = _TACTICS.format(
        kilobytes=_kilobytes(tactics.FOLDER),
        macro=sets[0]["macro_f1"],
        own=sets[1]["macro_f1"],
        written=sets[2]["macro_f1"],
        negatives=figures["tactics"]["hard_negatives_alarmed"],
        english=figures["clickbait"]["en"]["auc"],
        spanish=figures["clickbait"]["es"]["auc"],
    )
    rows = [
        [tactic.value, *(f"{its[tactic.value][name]:.3f}" for its in sets for name in ("precision", "recall", "f1"))]
        for tactic in tactics.LEARNED
    ]
    columns = [f"{name} {part}" for name in ("held out:", "own styles:", "other styles:") for part in ("P", "R", "F1")]
    return f"{head}{table(['tactic', *columns], rows)}\n"


def of_orders() -> str:
    """The section about the shipped model of orders, from its manifest."""
    rows = [[name, str(count)] for name, count in _manifest(orders.FOLDER)["figures"].items()]
    return f"{_ORDERS.format(kilobytes=_kilobytes(orders.FOLDER))}{table(['texts', 'number'], rows)}\n"


def _manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return found


def _table(corner: str, columns: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    names = next(iter(columns.values()))
    rows = [[name, *(_shown(name, its[name]) for its in columns.values())] for name in names]
    return table([corner, *columns], rows)


def _rows(corner: str, rows: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    columns = [corner, *(name.replace("_", " ") for name in next(iter(rows.values())))]
    return table(columns, [[name, *(_shown(part, its[part]) for part in its)] for name, its in rows.items()])


def _shown(name: str, figure: Mapping[str, float]) -> str:
    places = 1 if "per_1000" in name else 3
    return f"{figure['value']:.{places}f} ({figure['low']:.{places}f}–{figure['high']:.{places}f})"
