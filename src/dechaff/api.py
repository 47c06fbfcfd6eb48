"""The verbs for those who need no options: the methods of one `Cleaner` with the defaults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dechaff.cleaner import default_cleaner
from dechaff.lines.document import Document, KindOption
from dechaff.result import PageScores, Result

if TYPE_CHECKING:
    import bs4


def clean(document: Document, *, kind: KindOption = "auto", url: str | None = None) -> Result:
    """Clean one document. See `Cleaner.clean`.

    Raises `TypeError` on a document or URL of another type, `ValueError` on another kind; no str or bytes raise.

    >>> clean("").status
    'empty'
    """
    return default_cleaner().clean(document, kind=kind, url=url)


def clean_many(
    documents: Iterable[Document], *, kind: KindOption = "auto", urls: Iterable[str | None] | None = None
) -> Iterator[Result]:
    """Clean documents in batches, lazily and in order. See `Cleaner.clean_many`.

    Raises as `clean`, and what `documents` or `urls` raise, after the results of all documents before; and `TypeError`
    on a single document or URL.

    >>> [result.status for result in clean_many(["", " "])]
    ['empty', 'empty']
    """
    return default_cleaner().clean_many(documents, kind=kind, urls=urls)


def score(document: Document, *, kind: KindOption = "auto", url: str | None = None) -> PageScores:
    """The `PageScores` of one document. See `Cleaner.score`. Raises as `clean`.

    >>> score("").content_share
    0.0
    """
    return default_cleaner().score(document, kind=kind, url=url)


def clean_soup(soup: bs4.Tag) -> Any:
    """A pruned copy of a BeautifulSoup tree. See `Cleaner.clean_soup`.

    Raises `TypeError` on anything but a BeautifulSoup or Tag.

    >>> import bs4
    >>> page = "<nav><a href='/'>Home</a></nav><p>The council met and passed the budget."
    >>> clean_soup(bs4.BeautifulSoup(page, "html.parser"))
    <p>The council met and passed the budget.</p>
    """
    return default_cleaner().clean_soup(soup)
