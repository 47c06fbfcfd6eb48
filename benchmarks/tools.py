"""The tools under test, each as a function from HTML bytes to text, and the pages they are given.

A tool is imported when it is asked for; one that is not installed is left out. Settings are each tool's defaults
for main content; where a tool has to be told something (a stop-word list, an encoding), it stands here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Any

Tool = Callable[[bytes], str]

#: Elements that begin a new line of text, for tools that return HTML.
_BLOCKS = frozenset(
    """address article aside blockquote br dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section
    table td th tr ul""".split()
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page; `gold` and `kind` are empty where the data has none."""

    name: str
    html: bytes
    gold: str = ""
    kind: str = ""


def _dechaff() -> Tool:
    import dechaff

    return lambda html: dechaff.clean(html).text


def _trafilatura() -> Tool:
    import trafilatura

    return lambda html: trafilatura.extract(html) or ""


def _resiliparse() -> Tool:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def run(html: bytes) -> str:
        tree = HTMLTree.parse_from_bytes(html, detect_encoding(html))
        return str(extract_plain_text(tree, main_content=True))

    return run


def _justext() -> Tool:
    import justext

    stoplist = justext.get_stoplist("English")

    def run(html: bytes) -> str:
        return "\n".join(p.text for p in justext.justext(html, stoplist) if not p.is_boilerplate)

    return run


def _readability() -> Tool:
    from lxml import etree
    from lxml import html as lxml_html
    from readability import Document

    def run(html: bytes) -> str:
        parts: list[str] = []
        root = lxml_html.fromstring(Document(html).summary())
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if element.tag in _BLOCKS:
                parts.append("\n")
            parts.append((element.text if event == "start" else element.tail) or "")
        return "".join(parts)

    return run


#: name: (module that must be there, distribution whose version is reported, maker)
_TOOLS: dict[str, tuple[str, str, Callable[[], Tool]]] = {
    "dechaff": ("dechaff", "dechaff", _dechaff),
    "trafilatura": ("trafilatura", "trafilatura", _trafilatura),
    "resiliparse": ("resiliparse", "resiliparse", _resiliparse),
    "justext": ("justext", "justext", _justext),
    "readability": ("readability", "readability-lxml", _readability),
}

NAMES = tuple(_TOOLS)


def installed(names: Iterable[str] = NAMES) -> dict[str, Tool]:
    """The tools among `names` that are installed, ready to run, in that order."""
    return {name: _TOOLS[name][2]() for name in names if util.find_spec(_TOOLS[name][0]) is not None}


def versions(names: Iterable[str]) -> dict[str, str]:
    """The installed version of each tool; empty for one that runs without being installed."""
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(_TOOLS[name][1])
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found


def attempt(tool: Tool, html: bytes) -> tuple[str, bool]:
    """The tool's text and whether it raised; a tool that raises has returned nothing."""
    try:
        return tool(html) or "", False
    except Exception:
        return "", True


def read_pages(path: Path) -> list[Page]:
    """The pages of a Parquet file (column `html`, and `id`, `main_content`, `page_type` where it has them) or the
    `.html` and `.htm` files of a folder and its sub-folders."""
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix in {".html", ".htm"} and p.stem != "expected")
        return [Page(str(p.relative_to(path)), p.read_bytes()) for p in files]
    import pyarrow.parquet as pq

    wanted = [c for c in ("id", "html", "main_content", "page_type") if c in pq.read_schema(path).names]
    return [_page(row, i) for i, row in enumerate(pq.read_table(path, columns=wanted).to_pylist())]


def _page(row: dict[str, Any], index: int) -> Page:
    html = row["html"]
    return Page(
        str(row.get("id", index)),
        html if isinstance(html, bytes) else html.encode(),
        row.get("main_content") or "",
        row.get("page_type") or "",
    )


def sample(pages: Sequence[Page], size: int | None, seed: int) -> list[Page]:
    """`size` pages drawn without replacement, in the order of the data; all of them when `size` is None or larger."""
    if size is None or size >= len(pages):
        return list(pages)
    return [pages[i] for i in sorted(random.Random(seed).sample(range(len(pages)), size))]


def write_json(path: str | None, figures: object) -> None:
    """Write `figures` to `path` if there is one."""
    if path:
        Path(path).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table with aligned columns: the first to the left, the others to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    rule = [("-" * w if i == 0 else "-" * (w - 1) + ":") for i, w in enumerate(widths)]
    padded = [
        [cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))]
        for line in lines
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in [padded[0], rule, *padded[1:]])
