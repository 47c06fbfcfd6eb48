"""Readers of the training data: pages with targets, and texts to inject."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dechaff.judge import in_body
from dechaff.lines.decode import decode
from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Lines
from dechaff.lines.text import lines_of_text
from training import written
from training.align import align_gold, align_labels, norm, targets_of_labels, title_lines
from training.corrections import Corrected, read_corrections
from training.labels import CONTENT, LEADS_AWAY, NOT_CONTENT, UNKNOWN, mask

#: Pages are split into so many folds by the name of their site, texts by themselves.
FOLDS = 5

#: The styles of the lines written for this project are dealt into so many groups, to hold them out.
STYLE_GROUPS = 4

#: Sources that are trained on only: by few hands, and easier than what stands on the web.
TRAINED_ON_ONLY = ("written", "corrected")

#: The weight of a hand label against a line of gold text.
HAND_WEIGHT = 2.0

#: The same for lines inside the running text that lead away from it: few, and what the library is for.
IN_BODY_WEIGHT = 6.0

#: Brand posts shorter or longer than this are no lines that stand in a page.
_POST_CHARS = range(20, 251)

#: The language that a page declares. Linear: bounded runs.
_LANG = re.compile(rb"<html[^>]{0,300}\slang=[\"']?([a-zA-Z]{2})")

Row = dict[str, Any]

#: Lines written for this project in languages that other sources hold little of: as `written/*.jsonl`, one file each.
LINES = Path(__file__).parent / "lines"

#: Main text alone, written for this project; the name of a file is language and number: `de_03.txt`.
DOCUMENTS = Path(__file__).parent / "documents"

#: Labels of single lines on pages that have no hand labels else.
LINE_LABELS = Path(__file__).parent / "line_labels.tsv"


@dataclass(slots=True)
class Document:
    """Lines with a target (`training.labels`) and a factor of weight each."""

    lines: Lines
    targets: list[int]
    factors: list[float]


@dataclass(slots=True)
class Page:
    """A page of the training data.

    `hand`: which lines have a hand label to measure with (those of `line_labels.tsv` are for training alone),
    `in_body`: which are marked as standing inside the running text. `gold` is the main text, `source` the data set.
    `lang` is its language as two letters. `gold_rows` are the lines of a gold text with their targets: content, but for
    lines that a label calls something else.
    """

    id: str
    kind: str
    fold: int
    source: str
    document: Document
    hand: list[bool]
    in_body: list[bool]
    gold: str
    lang: str = "en"
    gold_rows: list[tuple[str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Snippet:
    """A text to put between the lines of a document, with its target, style, language and fold."""

    text: str
    target: int
    style: str
    lang: str
    fold: int


def fold_of(name: str) -> int:
    """The fold of a site or text: pages of one site never stand on both sides of a split.

    >>> fold_of("www.example.org") == fold_of("example.org")
    True
    """
    return zlib.crc32(re.sub(r"^(?:www|m|blog)\.", "", name.lower()).encode()) % FOLDS


def read_jsonl(path: Path) -> Iterator[Row]:
    """Rows of a JSON lines file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def read_pages(data: Path) -> list[Page]:
    """All pages with targets: WCXB (gold text), the hand-labelled set, clean documents of many genres, the pages and
    documents written for this project, and pages whose labels were corrected in reports, if there are any."""
    labelled = {row["id"]: row for row in read_jsonl(data / "labelled_lines.jsonl.gz")}
    single = _line_labels()
    pages = [_gold_page(row, labelled.get(row["id"]), single) for row in _parquet(data / "wcxb_dev.parquet")]
    pages += [_labelled_page(row, labelled[row["id"]]) for row in _parquet(data / "labelled_pages.parquet")]
    pages += [
        _clean_page(row["text"], row["text"], "gum") for row in read_jsonl(data / "text" / "clean_documents.jsonl.gz")
    ]
    pages += [_written_document(path) for path in sorted(DOCUMENTS.glob("*.txt"))]
    pages += [_written_page(path) for path in sorted(written.FOLDER.glob("*.html"))]
    for path in sorted((data / "corrections").glob("*.jsonl")):
        pages += [_corrected_page(found) for found in read_corrections(path)]
    return [page for page in pages if len(page.document.lines)]


def _parquet(path: Path) -> list[Row]:
    import pyarrow.parquet as pq

    rows: list[Row] = pq.read_table(path).to_pylist()
    return rows


def _line_labels() -> dict[tuple[str, str], int]:
    """The target of each line with a label of its own, by page and digest (see `line_labels.tsv`)."""
    rows = [line.split("\t") for line in LINE_LABELS.read_text().splitlines() if not line.startswith("#")]
    return {(page, digest): mask(label) for page, digest, label in rows}


def _digest(text: str) -> str:
    return hashlib.sha1(norm(text).encode()).hexdigest()[:12]


def _gold_page(row: Row, labelled: Row | None, single: dict[tuple[str, str], int]) -> Page:
    """A page with gold text: lines in it are content, others are not; hand labels say more where there are any."""
    lines = lines_of_html(decode(row["html"]).text)
    titles, gold = title_lines(lines), align_gold(lines, row["main_content"])
    tags = lines.containers.tags
    weak = [
        mask("title") if title and target == NOT_CONTENT and tags[block] == "h1" else target
        for title, target, block in zip(titles, gold, lines.blocks, strict=True)
    ]
    nothing: list[Row | None] = [None] * len(lines)
    rows = align_labels(lines, labelled["lines"]) if labelled else nothing
    site = urlsplit(row["url"]).hostname or row["id"]
    page = _page(row["id"], row["page_type"], site, "wcxb", lines, targets_of_labels(rows, weak, titles), rows,
                 row["main_content"])  # fmt: skip
    told, inside = list(page.hand), in_body([target == CONTENT for target in page.document.targets])
    for i, text in enumerate(lines.texts):
        if not told[i] and (target := single.get((row["id"], _digest(text)), UNKNOWN)) != UNKNOWN:
            told[i], page.document.targets[i] = True, target
            # A short line may stand around the main text as well; the mark counts for what leads away inside it.
            page.in_body[i] = target in LEADS_AWAY and inside[i]
            page.document.factors[i] = IN_BODY_WEIGHT if page.in_body[i] else HAND_WEIGHT
    by_hand = {
        norm(text): target
        for text, target, known in zip(lines.texts, page.document.targets, told, strict=True)
        if known
    }
    texts = [line.strip() for line in row["main_content"].splitlines() if line.strip()]
    page.gold_rows = [(text, by_hand.get(norm(text), CONTENT)) for text in texts]
    return page


def _labelled_page(row: Row, labelled: Row) -> Page:
    """A page that has hand labels only: its gold text is what they call content."""
    lines = lines_of_html(decode(row["html"]).text)
    rows = align_labels(lines, labelled["lines"])
    targets = targets_of_labels(rows, None, title_lines(lines))
    gold = "\n".join(text for text, target in zip(lines.texts, targets, strict=True) if target == CONTENT)
    site = ".".join(row["id"].split(".")[:2]) if row["source"] == "trafilatura" else row["id"]
    page = _page(row["id"], labelled["type"], site, row["source"], lines, targets, rows, gold)
    if declared := _LANG.search(row["html"]):
        page.lang = declared[1].decode().lower()
    return page


def _clean_page(text: str, name: str, source: str) -> Page:
    lines = lines_of_text(text)
    return _page(name[:40], "clean", name[:200], source, lines, [CONTENT] * len(lines), [None] * len(lines), text)


def _written_document(path: Path) -> Page:
    page = _clean_page(path.read_text(encoding="utf-8"), path.stem, "written")
    page.lang = _lang_of(path)
    return page


def _lang_of(path: Path) -> str:
    return path.stem.split("_")[0]


def _written_page(path: Path) -> Page:
    html, targets, in_body = written.read_marked(path.read_text(encoding="utf-8"))
    lines = lines_of_html(html)
    gold = "\n".join(text for text, target in zip(lines.texts, targets, strict=True) if target == CONTENT)
    rows: list[Row | None] = [{"in_body": inside} for inside in in_body]
    kind = path.stem.split("_")[1]
    page = _page(path.stem, kind, path.stem, "written", lines, targets, rows, gold)
    page.lang = _lang_of(path)
    return page


def _corrected_page(found: Corrected) -> Page:
    rows: list[Row | None] = [
        None if target == UNKNOWN else {"in_body": inside}
        for target, inside in zip(found.targets, found.in_body, strict=True)
    ]
    return _page(found.name, "corrected", found.name, "corrected", found.lines, found.targets, rows, "")


def _page(
    name: str, kind: str, site: str, source: str, lines: Lines, targets: list[int], rows: list[Row | None], gold: str
) -> Page:
    hand = [row is not None for row in rows]
    in_body = [bool(row and row["in_body"]) for row in rows]
    factors = [
        IN_BODY_WEIGHT if inside and target in LEADS_AWAY else HAND_WEIGHT if h else 1.0
        for inside, target, h in zip(in_body, targets, hand, strict=True)
    ]
    return Page(name, kind, fold_of(site), source, Document(lines, targets, factors), hand, in_body, gold)


def read_snippets(
    data: Path, skip_styles: frozenset[str] = frozenset(), lines: Sequence[Path] | None = None
) -> list[Snippet]:
    """Texts for simulated injection, from this project's own lines and from public sets.

    `lines` are files beside those of the data set; None for all that there are.
    """
    found: list[Snippet] = []

    def add(row: Row, target: int, style: str) -> None:
        text = " ".join(row["text"].replace(" / ", " ").split())
        if text:
            found.append(Snippet(text, target, style, row.get("lang", "en"), fold_of(text)))

    names = ("ads_en", "selfpromo_teasers_en", "hard_negatives_en", "multilingual")
    own = sorted(LINES.glob("*.jsonl")) if lines is None else lines
    for path in [*(data / "written" / f"{name}.jsonl" for name in names), *own]:
        for row in read_jsonl(path):
            if row["style"] in skip_styles or (path.parent == LINES and row["label"] == "content"):
                continue  # lines of articles in other languages are measured only (see the data card)
            target = mask("content", "off_topic") if row["label"] == "content" else mask(row["label"])
            if row["label"] == "ad" and row["style"] == "headline":
                target = mask("ad", "teaser")  # outside its place nobody can tell them apart
            add(row, target, row["style"])
    text = data / "text"
    for row in read_jsonl(text / "fundraising_emails.jsonl.gz"):
        add(row, mask("ad", "self_promotion"), "fundraising")
    for row in read_jsonl(text / "stop_clickbait.jsonl.gz"):
        add(row, mask("teaser", "ad"), "clickbait" if row["label"] == "clickbait_headline" else "headline_news")
    for name in ("ta1c_es_clickbait", "nl_advertorial_titles"):
        for row in read_jsonl(text / f"{name}.jsonl.gz"):
            add(row, mask("teaser", "ad"), "headline_news")
    for row in read_jsonl(text / "native_ads_sentences.jsonl.gz"):
        if row["label"] == "ad_sentence":
            add(row, mask("ad"), "native_sentence")
    for row in read_jsonl(text / "propublica_seeds.jsonl.gz"):
        if len(row["text"]) in _POST_CHARS and "\n" not in row["text"]:
            add(row, mask("ad", "self_promotion", "teaser"), "brand_post")
    return found
