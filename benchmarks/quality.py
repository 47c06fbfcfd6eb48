"""Quality of cleaned text, for dechaff and every other tool that is installed.

    python -m benchmarks.quality extract DATA.parquet              against gold text: word F1, 4-shingle F1
    python -m benchmarks.quality inject DATA.parquet ADS.jsonl…    ad lines put between paragraphs of articles

DATA.parquet has the columns id, html (bytes), main_content (gold text) and page_type; ADS.jsonl (also .gz) has
one object a line with the key "text". The scores are defined in `benchmarks.scores`. Every figure comes with a
95 % bootstrap interval over documents. A page on which a tool raises scores as an empty text and is counted.

`inject` takes the gold text of pages of type "article" with four or more paragraphs. Three in four get one to
three ad lines of 3 to 60 words between their paragraphs. An ad is removed, and a paragraph lost, when its words do
not stand in the cleaned text one after the other; paragraphs under three words are not counted. Tools are given
the document as a plain HTML page (`<p>` after `<p>`), dechaff also as plain text.
"""

from __future__ import annotations

import argparse
import gzip
import html as html_lib
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scores import Figure, contains, f1_of_means, folded, interval, ratio, shingle_scores, word_f1
from benchmarks.tools import (
    NAMES,
    Page,
    Tool,
    attempt,
    installed,
    read_pages,
    sample,
    table,
    versions,
    write_json,
)

Figures = dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Injected:
    """An article with ad lines between its paragraphs; `document` has both in order."""

    paragraphs: list[str]
    ads: list[str]
    document: list[str]

    @property
    def text(self) -> str:
        """The document as plain text."""
        return "\n\n".join(self.document)

    @property
    def html(self) -> bytes:
        """The document as a page with nothing around it."""
        title = html_lib.escape(self.paragraphs[0])
        body = "".join(f"<p>{html_lib.escape(p)}</p>" for p in self.document)
        page = f"<html><head><title>{title}</title></head><body><article>{body}</article></body></html>"
        return page.encode()


def extract(tool: Tool, pages: Sequence[Page]) -> tuple[Figures, int]:
    """Word F1 over all pages and per page type, 4-shingle F1 with its parts, and how many pages raised."""
    by_type: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    shingled: list[tuple[float, ...]] = []
    failed = 0
    for page in pages:
        text, raised = attempt(tool, page.html)
        failed += raised
        by_type[page.kind].append((word_f1(text, page.gold), 1))
        precision, recall = shingle_scores(text, page.gold)
        shingled.append((precision or 0, precision is not None, recall or 0, recall is not None))
    figures = {"word_f1": interval([row for rows in by_type.values() for row in rows])}
    figures |= {f"word_f1.{kind}": interval(rows) for kind, rows in sorted(by_type.items())}
    figures["shingle_precision"] = interval([row[:2] for row in shingled])
    figures["shingle_recall"] = interval([row[2:] for row in shingled])
    figures["shingle_f1"] = interval(shingled, f1_of_means)
    return figures, failed


def injected(pages: Sequence[Page], ads: Sequence[str], seed: int) -> Iterator[Injected]:
    """The articles among `pages` with ad lines drawn from `ads`; the same seed gives the same documents."""
    rng = random.Random(seed)
    for page in pages:
        paragraphs = [line.strip() for line in page.gold.splitlines() if line.strip()]
        if page.kind != "article" or len(paragraphs) < 4:
            continue
        put = [] if rng.random() < 0.25 else rng.sample(ads, rng.choice([1, 1, 2, 3]))
        document = list(paragraphs)
        for ad in put:
            document.insert(rng.randrange(1, len(document)), ad)
        yield Injected(paragraphs, put, document)


def judge(cleaned: str, document: Injected) -> tuple[float, ...]:
    """Ads removed, ads, paragraphs lost, paragraphs; the last two again if the document has no ad."""
    text = folded(cleaned)
    removed = sum(not contains(text, ad) for ad in document.ads)
    counted = [p for p in document.paragraphs if len(p.split()) >= 3]
    lost = sum(not contains(text, p) for p in counted)
    untouched = not document.ads
    return removed, len(document.ads), lost, len(counted), lost * untouched, len(counted) * untouched


def summary(rows: Sequence[tuple[float, ...]]) -> Figures:
    """Share of ads removed, and paragraphs lost per 1,000 in all documents and in those without an ad."""
    return {
        "removed": interval([row[0:2] for row in rows]),
        "lost_per_1000": interval([(1000 * row[2], row[3]) for row in rows], ratio),
        "lost_per_1000_untouched": interval([(1000 * row[4], row[5]) for row in rows], ratio),
    }


def inject(tool: Tool, documents: Sequence[Injected]) -> tuple[Figures, int]:
    """The figures of `summary` for a tool that is given HTML, and how many documents raised."""
    answers = [attempt(tool, document.html) for document in documents]
    rows = [judge(text, document) for (text, _), document in zip(answers, documents, strict=True)]
    return summary(rows), sum(raised for _, raised in answers)


def inject_text(documents: Sequence[Injected]) -> tuple[Figures, int]:
    """The figures of `summary` for dechaff, given plain text."""
    import dechaff

    return summary([judge(dechaff.clean(d.text, kind="text").text, d) for d in documents]), 0


def read_ads(paths: Sequence[Path]) -> list[str]:
    """The texts of 3 to 60 words in the given files. A " / " stands for the line break of an ad of two lines."""
    found: list[str] = []
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            found += [json.loads(line)["text"].replace(" / ", " ") for line in lines]
    return [text for text in found if 3 <= len(text.split()) <= 60]


def _shown(name: str, figures: Figures) -> str:
    if name not in figures:
        return ""
    places, figure = 1 if name.startswith("lost") else 3, figures[name]
    return f"{figure.value:.{places}f} ({figure.low:.{places}f}–{figure.high:.{places}f})"


def _print(results: dict[str, tuple[Figures, int]]) -> None:
    names = list(next(iter(results.values()))[0])
    rows = [[name, *(_shown(name, figures) for figures, _ in results.values())] for name in names]
    rows.append(["raised", *(str(failed) for _, failed in results.values())])
    print(table(["", *results], rows))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.quality", description=__doc__.splitlines()[0] if __doc__ else "")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("extract", "inject"):
        command = commands.add_parser(name)
        command.add_argument("data", type=Path)
        if name == "inject":
            command.add_argument("ads", type=Path, nargs="+")
        command.add_argument("--sample", type=int, metavar="N", help="measure on N pages drawn at random")
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--tools", nargs="+", choices=NAMES, default=list(NAMES))
        command.add_argument("--json", metavar="FILE", help="also write the figures")
    args = parser.parse_args(arguments)
    pages = sample(read_pages(args.data), args.sample, args.seed)
    tools = installed(args.tools)
    results: dict[str, tuple[Figures, int]]
    if args.command == "extract":
        results = {name: extract(tool, pages) for name, tool in tools.items()}
        count = len(pages)
    else:
        documents = list(injected(pages, read_ads(args.ads), args.seed))
        results = {"dechaff, text": inject_text(documents)} if "dechaff" in tools else {}
        results |= {name: inject(tool, documents) for name, tool in tools.items()}
        count = len(documents)
    if not count or not results:
        print("no documents or no tools to measure", file=sys.stderr)
        return 2
    print(f"{count} documents; in brackets 95 % bootstrap intervals over documents\n")
    _print(results)
    write_json(
        args.json,
        {
            "measure": args.command,
            "documents": count,
            "seed": args.seed,
            "versions": versions(tools),
            "tools": {
                name: {"raised": failed} | {key: figure.to_dict() for key, figure in figures.items()}
                for name, (figures, failed) in results.items()
            },
        },
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
