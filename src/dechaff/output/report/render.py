"""Pages → HTML: one file that needs nothing else, or a folder with an overview and a file a page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dechaff.labels import Label, Tactic
from dechaff.output.report.of_corpus import OfCorpus
from dechaff.output.report.overview import Overview, entry_of
from dechaff.output.report.page import Page
from dechaff.output.report.rows import summary
from dechaff.output.report.words import label_name, meaning, named, ordered_labels
from dechaff.output.sink import Sink, SinkError
from dechaff.result import Result

if TYPE_CHECKING:
    import jinja2

#: Folder of the page files beside an overview.
PAGES = "pages"

#: A page as an overview lists it.
_PAGE = re.compile(rf'href="({PAGES}/[0-9]{{4,9}}(?:-[a-z0-9-]{{1,40}})?\.html)"')
#: What a report has in its head, in so many characters.
_SIGN = '<meta name="generator" content="dechaff report">'
_HEAD_CHARS = 2_000

_HERE = "dechaff.output.report"
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Characters of a file's name that are kept in that of its page.
_SLUG = re.compile(r"[^a-z0-9]+")
_SLUG_CHARS = 40


def to_report(results: Iterable[tuple[str, Result]]) -> str:
    """One self-contained HTML page about results, each with the name of its document.

    With several results it begins with an overview. It loads nothing, and its security policy lets nothing run but its
    own script. Raises `ModuleNotFoundError` without the extra `report`.
    """
    pages = [Page(i, name, result) for i, (name, result) in enumerate(results, 1)]
    overview = Overview([entry_of(page, f"#p{page.number}") for page in pages]) if len(pages) != 1 else None
    return _render(pages=pages, overview=overview, home="")


def to_overview(summary: Mapping[str, Any]) -> str:
    """One self-contained HTML page about a corpus, by what `dechaff.corpus.Summary.to_dict()` counts.

    Raises `ModuleNotFoundError` without the extra `report`.
    """
    return _render(pages=[], overview=None, home="", corpus=OfCorpus(summary))


def write_folder(results: Iterable[tuple[str, Result]], folder: str | Path) -> int:
    """Write `index.html`, an overview, and a file for each page below it; returns the number of pages.

    Only one result is held at a time. Pages of an earlier report in the folder that its overview lists are removed, and
    nothing else. Raises as `to_report`, and `dechaff.output.sink.SinkError` on what cannot be
    written.
    """
    folder = Path(folder)
    _environment()  # a missing extra is said before a folder is made
    earlier = _listed_pages(folder)
    entries = []
    for number, (name, result) in enumerate(results, 1):
        page = Page(number, name, result)
        href = f"{PAGES}/{number:04}{_slug(name)}.html"
        entries.append(entry_of(page, href))
        _write(folder / href, _render(pages=[page], overview=None, home="../index.html"))
    _write(folder / "index.html", _render(pages=[], overview=Overview(entries), home=""))
    for href in earlier - {entry.href for entry in entries}:
        _remove(folder / href)
    return len(entries)


def _listed_pages(folder: Path) -> set[str]:
    """The pages that the overview of an earlier report in a folder lists."""
    index = folder / "index.html"
    return set(_PAGE.findall(index.read_text(encoding="utf-8", errors="replace"))) if _is_report(index) else set()


def _is_report(path: Path) -> bool:
    """Whether a file is there, and one that was written here."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return _SIGN in file.read(_HEAD_CHARS)
    except OSError:
        return False


def _remove(path: Path) -> None:
    if _is_report(path):
        try:
            path.unlink()
        except OSError as error:
            raise SinkError(f"{path}: {error.strerror or error}") from error


def _write(path: Path, html: str) -> None:
    with Sink(str(path), parents=True) as out:
        out.write(html)


def _slug(name: str) -> str:
    path = Path(name)  # many pages of a crawl are called index.html: the folder tells them apart
    slug = _SLUG.sub("-", f"{path.parent.name} {path.stem}".lower()).strip("-")[:_SLUG_CHARS].strip("-")
    return f"-{slug}" if slug else ""


def _render(**values: Any) -> str:
    digest = hashlib.sha256(
        "\0".join(f"{page.name}\0{page.result.source}" for page in values["pages"]).encode("utf-8", "replace")
    )
    html = _environment().get_template("report.html").render(**{"corpus": None, **values}, key=digest.hexdigest()[:16])
    return _SURROGATE.sub("\ufffd", html)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    try:
        import jinja2
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("reports need the extra `report`: pip install 'dechaff[report]'") from error
    style, script = _asset("report.css"), _asset("report.js")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: _read("templates", name)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "label": label_name, "named": named, "meaning": meaning, "summary": summary,
        "percent": _percent, "data": _data, "weight": "{:+.2f}".format, "thousands": "{:,}".format,
    }  # fmt: skip
    environment.globals |= {
        "style": style,
        "script": script,
        "policy": "; ".join(
            [
                "default-src 'none'",
                f"style-src '{_digest(style)}'",
                f"script-src '{_digest(script)}'",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        ),
        "labels": ordered_labels(),
        "vocabulary": {
            "labels": [label.value for label in Label],
            "names": {label.value: label_name(label.value) for label in Label},
            "choices": [label for label in ordered_labels() if label not in ("hidden", "misleading")],
            "tactics": [[tactic.value, named(tactic.value)] for tactic in Tactic],
        },
    }
    return environment


def _percent(share: float) -> str:
    """A share as whole percent; what is not quite nothing or everything does not become it.

    >>> [_percent(share) for share in (0, 0.001, 0.5, 0.999)]
    ['0 %', '<1 %', '50 %', '>99 %']
    """
    percent = round(100 * share)
    if percent == 0 and share > 0:
        return "<1 %"
    if percent == 100 and share < 1:
        return ">99 %"
    return f"{percent} %"


def _data(value: Mapping[str, Any]) -> Any:
    """Data as JSON that may stand in a `<script>`: nothing in it can end the element or begin a comment."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _asset(name: str) -> Any:
    """A file as it stands inside its element, where its digest is taken."""
    from markupsafe import Markup

    return Markup(_read("assets", name))


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _read(folder: str, name: str) -> str:
    return resources.files(_HERE).joinpath(folder, name).read_text(encoding="utf-8")
