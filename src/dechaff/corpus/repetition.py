"""Lines that stand on many pages of a site: counted in a first pass, and a reason in the second.

A first pass over the corpus gathers, for each site, the fingerprints of the lines of some of its pages: those with the
smallest hashes, so that the choice is the same in whatever order and by however many workers they are met, and two
sketches make one. When it grows past its bound, fewer pages a site are held, and then fewer sites. The second pass
looks every line up. What is repeated is only removed where the model has its doubts about it too: a standing paragraph
of a series is flagged, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray

from dechaff.corpus.files import replaced
from dechaff.corpus.options import Options
from dechaff.corpus.readers import read
from dechaff.corpus.records import Record
from dechaff.corpus.shards import Shard

#: Pages of a site that are looked at, at most and at least (where the bound makes it fewer).
MAX_PAGES = 64
_FEW_PAGES = 8

#: Fingerprints that a sketch holds, 8 bytes each.
MAX_LINES = 2_000_000

#: Distinct lines of one page that count.
_PAGE_LINES = 1000

#: Pages of a site that must have been looked at, pages among them on which a line stands, and their share, for it to
#: count as repeated.
MIN_SITE_PAGES = 5
MIN_PAGES = 4
MIN_SHARE = 0.3

#: Characters of a line that counts: shorter ones are headings ("Ingredients") and buttons.
MIN_CHARS = 20

_DIGITS = re.compile(r"\d+")
_EVERY = 2**64


def fingerprint(site: str, text: str) -> int:
    """A number for a line of a site: the same for lines that differ in numbers, case or white space only.

    >>> fingerprint("a.example", "Read all 12 comments") == fingerprint("a.example", "Read  all 7 Comments")
    True
    """
    plain = _DIGITS.sub("0", " ".join(text.casefold().split()))
    return _hash(f"{site}\n{plain}")


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


@dataclass(slots=True)
class Sketch:
    """Fingerprints of the lines of some pages a site. `pages` of each site are held, of the sites whose hash is below
    `sites_below`.

    >>> one, other = Sketch(), Sketch()
    >>> one.add("a.example", "1", ["Subscribe to our weekly newsletter"])
    >>> other.add("a.example", "2", ["Subscribe to our weekly newsletter"])
    >>> one.merge(other)
    >>> sorted(len(lines) for lines in one.held["a.example"].values())
    [1, 1]
    """

    pages: int = MAX_PAGES
    sites_below: int = _EVERY
    bound: int = MAX_LINES
    held: dict[str, dict[int, NDArray[np.uint64]]] = field(default_factory=dict)
    lines: int = 0

    def wants(self, site: str, page: str) -> bool:
        """Whether a page would be held: others need not be read."""
        if not site or _hash(site) >= self.sites_below:
            return False
        known = self.held.get(site, {})
        number = _hash(page)
        return number not in known and (len(known) < self.pages or number < max(known))

    def add(self, site: str, page: str, texts: Sequence[str]) -> None:
        """Count the lines of a page."""
        if not self.wants(site, page):
            return
        found = {fingerprint(site, text) for text in texts if len(text) >= MIN_CHARS}
        self._put(site, _hash(page), np.asarray(sorted(found)[:_PAGE_LINES], np.uint64))
        self._shrink()

    def merge(self, other: Sketch) -> None:
        """Count what another sketch holds."""
        self.pages = min(self.pages, other.pages)
        self.sites_below = min(self.sites_below, other.sites_below)
        for site, pages in other.held.items():
            for number, lines in pages.items():
                self._put(site, number, lines)
        self._trim()
        self._shrink()

    def table(self) -> Table:
        """The lines that are repeated."""
        keys: list[NDArray[np.uint64]] = []
        counts: list[NDArray[np.uint16]] = []
        of: list[NDArray[np.uint16]] = []
        for site in sorted(self.held):
            pages = self.held[site]
            if len(pages) < MIN_SITE_PAGES:
                continue
            found, number = np.unique(np.concatenate([*pages.values()]), return_counts=True)
            often = number >= max(MIN_PAGES, MIN_SHARE * len(pages))
            keys.append(found[often])
            counts.append(number[often].astype(np.uint16))
            of.append(np.full(int(often.sum()), len(pages), np.uint16))
        if not keys:
            return Table(np.zeros(0, np.uint64), np.zeros(0, np.uint16), np.zeros(0, np.uint16))
        every = np.concatenate(keys)
        order = np.argsort(every, kind="stable")
        return Table(every[order], np.concatenate(counts)[order], np.concatenate(of)[order])

    def _put(self, site: str, number: int, lines: NDArray[np.uint64]) -> None:
        known = self.held.setdefault(site, {})
        if number in known:
            return
        known[number] = lines
        self.lines += len(lines)
        if len(known) > self.pages:
            self.lines -= len(known.pop(max(known)))

    def _trim(self) -> None:
        """Hold no more than `pages` and `sites_below` say."""
        for site in [*self.held]:
            pages = self.held[site]
            if _hash(site) >= self.sites_below:
                del self.held[site]
            elif len(pages) > self.pages:
                self.held[site] = {number: pages[number] for number in nsmallest(self.pages, pages)}
        self.lines = sum(len(lines) for pages in self.held.values() for lines in pages.values())

    def _shrink(self) -> None:
        """Come back within the bound: fewer pages a site, then fewer sites."""
        while self.lines > self.bound:
            if self.pages > _FEW_PAGES:
                self.pages = max(self.pages // 2, _FEW_PAGES)
            else:
                self.sites_below //= 2
            self._trim()


@dataclass(frozen=True, slots=True)
class Table:
    """Repeated lines: sorted fingerprints, on how many pages each stands, and of how many of its site."""

    keys: NDArray[np.uint64]
    counts: NDArray[np.uint16]
    pages: NDArray[np.uint16]

    def find(self, site: str, text: str) -> tuple[int, int] | None:
        """On how many pages of how many a line of a site stands; None if it is not repeated."""
        if len(text) < MIN_CHARS or not len(self.keys):
            return None
        key = np.uint64(fingerprint(site, text))
        at = int(np.searchsorted(self.keys, key))
        if at == len(self.keys) or self.keys[at] != key:
            return None
        return int(self.counts[at]), int(self.pages[at])

    def write(self, path: str) -> None:
        """Write it to a file, whole or not at all."""
        with replaced(path) as file:
            np.savez(file, keys=self.keys, counts=self.counts, pages=self.pages)


@lru_cache(maxsize=1)
def read_table(path: str) -> Table:
    """The table in a file."""
    with np.load(path, allow_pickle=False) as found:
        return Table(found["keys"], found["counts"], found["pages"])


def sketch_of(shard: Shard, options: Options, lines_of: Callable[[Record], list[str]]) -> Sketch:
    """The sketch of the documents of a shard. `lines_of` gives the texts of the lines of one."""
    sketch = Sketch()
    for chunk in read(shard, options):
        for record in chunk.records:
            if record.error is None and sketch.wants(record.site, record.place):
                sketch.add(record.site, record.place, lines_of(record))
    return sketch
