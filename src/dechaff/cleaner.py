"""`Cleaner`: options and a loaded model; documents in, results out. Everything runs on a batch of documents."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from dechaff import limits
from dechaff.features.extract import extract
from dechaff.judge import Chosen, Judged, chosen_of, judge, title_of
from dechaff.labels import Label, kept_labels
from dechaff.lazy import Lazy
from dechaff.lines.document import Document, KindOption, is_soup, lines_of
from dechaff.lines.table import Form, Lines
from dechaff.model.explain import Evidence, Explainer
from dechaff.model.network import first_stage, forward
from dechaff.model.weights import CLASSES, Model, load
from dechaff.phrases import Phrase, for_url, phrases_of, sites_of
from dechaff.records import Decided, result_of, result_without_lines
from dechaff.result import Flag, PageScores, Result, TacticSpans
from dechaff.thresholds import Rules, Strictness, Threshold, changed, of_manifest

if TYPE_CHECKING:
    import bs4

#: Documents that go through the pipeline together: larger batches gain nothing more and hold more memory.
BATCH = 32

#: A batch ends early at so many characters or lines, so that large documents do not pile up.
_BATCH_CHARS = 8_000_000
_BATCH_LINES = limits.MAX_LINES

#: From which score on a line is flagged as misleading, if no threshold is set for that; it is not removed.
_MISLEADING = Threshold(flag=0.5, remove=None)
#: For a caller who keeps them: a kept label is not flagged.
_NEVER = Threshold(math.inf, None)

_DEFAULT_MODEL = Path(__file__).parent / "model" / "default"


class Cleaner:
    """Cleans documents with one set of options. Reusable, and safe to share between threads.

    `strictness`: "lenient", "balanced" or "strict". `keep`: the labels that make `Result.text` (default: content), at
    least one; hidden lines are never kept. `thresholds`: pairs (flag, remove) by label that replace those of the
    strictness.
    Lines in which a phrase of `allow` stands stay, others with one of `deny` go: a str is sought whatever its case and
    white space, a compiled pattern searched for. `sites` has such phrases by the host name of a site, for documents
    with a `url`: `{"example.com": {"deny": ["Offer of the day"]}}` is meant for `www.example.com`, too, and a page of
    `blog.example.com` has the phrases of both where both are named.
    `collapsed`: parts that a reader can open, as of an accordion, are read; else they are hidden. `model`: a folder
    with a model; default: the one that is shipped. Raises `ValueError` or `TypeError` on options that mean nothing, and
    `dechaff.model.store.ModelError` (a `ValueError`) on a model that cannot be used.

    >>> cleaner = Cleaner(strictness="lenient", keep={"content", "caption"})
    >>> cleaner.clean("<p>The council met on Monday and passed the budget for the coming year.</p>").kind
    'html'
    """

    def __init__(
        self,
        *,
        strictness: Strictness = "balanced",
        keep: Iterable[Label | str] | None = None,
        thresholds: Mapping[str, Sequence[float | None]] | None = None,
        allow: Iterable[Phrase] = (),
        deny: Iterable[Phrase] = (),
        sites: Mapping[str, Mapping[str, Iterable[Phrase]]] | None = None,
        collapsed: bool = True,
        model: str | Path | None = None,
    ) -> None:
        if not isinstance(collapsed, bool):
            raise TypeError(f"collapsed is True or False, not {collapsed!r}")
        self.model = default_model() if model is None else load(Path(model))
        self.strictness = strictness
        self.collapsed = collapsed
        self.keep = frozenset({Label.CONTENT}) if keep is None else kept_labels(keep)
        self.phrases = phrases_of(allow, deny)
        self.sites = sites_of({} if sites is None else sites)
        forms: tuple[Form, ...] = get_args(Form)
        self.thresholds = {
            form: changed(of_manifest(self.model.manifest, form, strictness), thresholds or {}) for form in forms
        }
        own = frozenset(map(Label, thresholds or ()))
        self.rules = {form: Rules(self.keep, found, strictness, own) for form, found in self.thresholds.items()}

    def clean(self, document: Document, *, kind: KindOption = "auto", url: str | None = None) -> Result:
        """Clean one document: HTML or plain text as str or bytes (also bytearray or memoryview), or a BeautifulSoup or
        Tag (left untouched).

        `kind` says what a str or bytes hold; "auto" looks. `url` is handed through to `Result.url`, and tells the
        site. Raises `TypeError` on a document or URL of another type, `ValueError` on another kind; no str or bytes
        raise.
        """
        return self._results([lines_of(document, kind, self.collapsed)], [_url(url)])[0]

    def clean_many(
        self,
        documents: Iterable[Document],
        *,
        kind: KindOption = "auto",
        urls: Iterable[str | None] | None = None,
    ) -> Iterator[Result]:
        """Clean documents in batches: results come lazily, in the order of the input, equal to those of `clean`.

        At most `BATCH` documents are read ahead. `urls` goes along with the documents; where it ends, the rest have
        none. Raises as `clean`, with the number of the document (the first is 0), and whatever `documents` or `urls`
        raise: in either case after the results of all documents before. Raises `TypeError` on a single document or
        URL.
        """
        if isinstance(documents, (str, bytes, bytearray, memoryview)) or is_soup(documents):
            raise TypeError(f"documents are an iterable of documents, not one {type(documents).__name__}")
        if isinstance(urls, (str, bytes)):
            raise TypeError(f"urls are an iterable of URLs, not one {type(urls).__name__}")
        their = iter(urls if urls is not None else ())
        waiting = enumerate(documents)
        while True:
            batch: list[Lines] = []
            own: list[str | None] = []
            try:
                self._fill(batch, own, waiting, their, kind)
            except Exception:
                yield from self._results(batch, own)
                raise
            if not batch:
                return
            yield from self._results(batch, own)

    def score(self, document: Document, *, kind: KindOption = "auto", url: str | None = None) -> PageScores:
        """The numbers about one document; as `clean(…).scores`. Raises as `clean`."""
        return self.clean(document, kind=kind, url=url).scores

    def clean_soup(self, soup: bs4.Tag) -> Any:
        """A pruned copy of a BeautifulSoup tree: what `clean` would keep, with links and structure.

        The tree itself is left untouched. Raises `TypeError` on anything but a BeautifulSoup or Tag.
        """
        if not is_soup(soup):
            raise TypeError(f"a soup is a BeautifulSoup or Tag, not {type(soup).__name__}")
        from dechaff.lines.soup import lines_of_soup
        from dechaff.output.soup import pruned

        found = lines_of_soup(soup, self.collapsed)
        kept = self._judged([found.lines], [None])[0].judged.kept.tolist() if len(found.lines) else []
        return pruned(soup, found, kept)

    def _fill(
        self,
        batch: list[Lines],
        own: list[str | None],
        documents: Iterator[tuple[int, Document]],
        urls: Iterator[str | None],
        kind: KindOption,
    ) -> None:
        """Put the next numbered documents into a batch, and their URLs into `own`: what is read before one raises, is
        in there."""
        chars = lines = 0
        for number, document in documents:
            url = next(urls, None)
            try:
                found, known = lines_of(document, kind, self.collapsed), _url(url)
            except TypeError as error:
                raise TypeError(f"document {number}: {error}") from error
            batch.append(found)
            own.append(known)
            chars += len(found.source)
            lines += len(found)
            if len(batch) == BATCH or chars >= _BATCH_CHARS or lines >= _BATCH_LINES:
                break

    def _judged(self, batch: Sequence[Lines], urls: Sequence[str | None]) -> list[Decided]:
        """Decisions about documents that have lines. Flags wait until somebody asks: the text needs none of them."""
        features = extract([_head(lines) for lines in batch], self.model["idf"])
        scores = first_stage(self.model.tables, features)
        passed = forward(self.model, features, scores)
        odds, explainer = passed.odds, Explainer(self.model, features, scores, passed)
        found = []
        bounds = features.starts.tolist()
        for lines, url, start, end in zip(batch, urls, bounds[:-1], bounds[1:], strict=True):
            own = _with_rest(odds[start:end], len(lines))
            thresholds = self.thresholds[lines.form]
            judged = judge(lines, own, self.keep, thresholds)
            if phrases := for_url(self.phrases, self.sites, url):
                phrases.settle(judged)
            chosen = chosen_of(judged, self.keep, thresholds)
            # A line past those that are judged is chosen for a phrase: that is its reason.
            evidence = explainer.evidence(lines, start, [line for line in chosen.lines if line < end - start])
            threshold = thresholds.get(Label.MISLEADING, _MISLEADING)
            misleading = _misleading(judged, chosen, _NEVER if Label.MISLEADING in self.keep else threshold)
            flags = Lazy(partial(self._flags, judged, chosen, evidence, misleading))
            every_tactic = Lazy(partial(_tactics_of_lines, judged, flags))
            found.append(Decided(judged, flags, title_of(lines, own), every_tactic))
        return found

    def _flags(
        self, judged: Judged, chosen: Chosen, evidence: Evidence, misleading: Lazy[list[Flag]]
    ) -> tuple[Flag, ...]:
        # Imported here, as in what follows: bulk work asks for text alone, and waits for none of it.
        from dechaff.flagging import all_flags

        return all_flags(judged, chosen, evidence, misleading, self.rules[judged.lines.form], self.strictness)

    def _results(self, batch: Sequence[Lines], urls: Sequence[str | None]) -> list[Result]:
        filled = [(lines, url) for lines, url in zip(batch, urls, strict=True) if len(lines)]
        decided = iter(self._judged([lines for lines, _ in filled], [url for _, url in filled]) if filled else ())
        results = []
        for lines, url in zip(batch, urls, strict=True):
            rules = self.rules[lines.form]
            results.append(
                result_of(next(decided), url, rules) if len(lines) else result_without_lines(lines, url, rules)
            )
        return results


def _misleading(judged: Judged, chosen: Chosen, threshold: Threshold) -> Lazy[list[Flag]]:
    """Flags on lines that mislead by their wording; lines that are to go for that are dropped at once."""
    flags = Lazy(partial(_misleading_flags, judged, chosen, threshold))
    if threshold.remove is not None:
        for flag in flags.value():
            if flag.removed:
                judged.drop(flag.line, Label.MISLEADING, flag.score)
    return flags


def _misleading_flags(judged: Judged, chosen: Chosen, threshold: Threshold) -> list[Flag]:
    from dechaff.tactics.flags import misleading

    return misleading(judged, [*chosen.lines, *judged.settled], *threshold)


def _tactics_of_lines(judged: Judged, flags: Lazy[tuple[Flag, ...]]) -> Sequence[TacticSpans]:
    from dechaff.tactics.flags import of_lines

    return of_lines(judged, flags)


@lru_cache(maxsize=1)
def default_model() -> Model:
    """The model that is shipped, loaded once."""
    return load(_DEFAULT_MODEL)


@lru_cache(maxsize=1)
def default_cleaner() -> Cleaner:
    """The cleaner behind `dechaff.clean` and its kin."""
    return Cleaner()


def _url(url: Any) -> str | None:
    """A URL as it is given. Raises `TypeError` on what is none, so that it does not depend on `sites`."""
    if url is not None and not isinstance(url, str):
        raise TypeError(f"a url is a str, not {type(url).__name__}")
    return url


def _head(lines: Lines) -> Lines:
    """The lines that are judged."""
    return lines if len(lines) <= limits.MAX_LINES else lines.head(limits.MAX_LINES)


def _with_rest(odds: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """The probabilities with a row of certain content for every line that was not judged."""
    if len(odds) == count:
        return odds
    rest = np.zeros((count - len(odds), len(CLASSES)), np.float32)
    rest[:, CLASSES.index("content")] = 1
    return np.concatenate([odds, rest])
