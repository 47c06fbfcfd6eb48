"""What a corpus run did: counts that add up over shards, in the order of the inputs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from dechaff.corpus.records import FAILED, Outcome, Record

#: Sites that are counted one by one, documents that are listed as failed, and as the slowest.
MAX_SITES = 1000
MAX_FAILED = 100
MAX_SLOWEST = 20

#: Scores whose distribution over documents is counted, and bins of it.
SCORES = ("content_quality", "trust")
BINS = 20

#: Fields that add up as they are.
_NUMBERS = (
    "documents",
    "bytes",
    "characters",
    "kept_characters",
    "flagged_documents",
    "broken_inputs",
    "passed_files",
    "seconds",
)

#: What the sites beyond `MAX_SITES` are counted under.
OTHER_SITES = "(other sites)"


@dataclass(slots=True)
class Summary:
    """Counts of a run or of a part of it.

    `documents` is the number of rows; `by_status` divides it, `flagged_documents` have a flag. `bytes` are those of the
    documents (characters, of what was read as text); `characters` those of all their lines, `kept_characters` those of
    the cleaned texts. `flags` counts flags by label, `removed_flags` those whose text was removed; `sites` has
    documents, failures and flags by site. `tactics` counts flags by tactic; `scores` has how many documents have which
    value of a score, in 20 bins from 0 to 1. `failed` lists the first documents that failed, with the error; `slowest`
    those that took longest, with seconds (a document's share of the time of those cleaned with it, by size).
    `broken_inputs` counts files that could not be read to their end, `passed_files` what was met in folders and is
    neither data nor a page, has a name that begins with `_`, or is a link to a folder; `failed_shards` names pieces of
    work that could not be done at all. `seconds` is the time that workers spent.

    >>> (Summary(documents=2) + Summary(documents=3)).documents
    5
    """

    documents: int = 0
    bytes: int = 0
    characters: int = 0
    kept_characters: int = 0
    by_status: dict[str, int] = field(default_factory=dict)
    flags: dict[str, int] = field(default_factory=dict)
    removed_flags: dict[str, int] = field(default_factory=dict)
    flagged_documents: int = 0
    tactics: dict[str, int] = field(default_factory=dict)
    scores: dict[str, list[int]] = field(default_factory=dict)
    sites: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: list[dict[str, Any]] = field(default_factory=list)
    slowest: list[dict[str, Any]] = field(default_factory=list)
    broken_inputs: int = 0
    passed_files: int = 0
    failed_shards: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def kept_share(self) -> float:
        """Characters of the cleaned texts among those of all lines."""
        return self.kept_characters / self.characters if self.characters else 0.0

    @property
    def failures(self) -> int:
        """Documents that could not be read or cleaned."""
        return sum(self.by_status.get(status, 0) for status in FAILED)

    def count(self, record: Record, outcome: Outcome) -> None:
        """Add a document."""
        self.documents += 1
        self.bytes += record.size()
        self.characters += outcome.read
        self.kept_characters += outcome.kept
        self.broken_inputs += record.broken_input
        self.seconds += outcome.seconds
        _add(self.by_status, {outcome.status: 1})
        flags: dict[str, int] = {}
        removed: dict[str, int] = {}
        for flag in outcome.flags:
            _add(flags, {flag["label"]: 1})
            if flag["removed"]:
                _add(removed, {flag["label"]: 1})
            _add(self.tactics, dict.fromkeys(flag.get("tactics", ()), 1))
        _add(self.flags, flags)
        _add(self.removed_flags, removed)
        self.flagged_documents += bool(flags)
        for name in SCORES:
            if name in outcome.scores:
                bins = [0] * BINS
                bins[min(int(outcome.scores[name] * BINS), BINS - 1)] = 1
                self._score(name, bins)
        failed = outcome.status in FAILED
        if record.site:
            self._site(record.site, {"documents": 1, "failed": int(failed), "flags": flags})
        if failed and len(self.failed) < MAX_FAILED:
            self.failed.append({"place": record.place, "status": outcome.status, "error": outcome.error})
        if len(self.slowest) < MAX_SLOWEST or outcome.seconds > self.slowest[-1]["seconds"]:
            self.slowest.append({"place": record.place, "seconds": round(outcome.seconds, 4), "bytes": record.size()})
            self._keep_slowest()

    def __add__(self, other: Summary) -> Summary:
        made = Summary.of(self.to_dict())
        made.merge(other)
        return made

    def merge(self, other: Summary) -> None:
        """Add the counts of a later part."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        _add(self.by_status, other.by_status)
        _add(self.flags, other.flags)
        _add(self.removed_flags, other.removed_flags)
        _add(self.tactics, other.tactics)
        for score, bins in other.scores.items():
            self._score(score, bins)
        for site, counts in other.sites.items():
            self._site(site, counts)
        self.failed = [*self.failed, *other.failed][:MAX_FAILED]
        self.failed_shards = [*self.failed_shards, *other.failed_shards]
        self.slowest = [*self.slowest, *other.slowest]
        self._keep_slowest()

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data, with `kept_share`."""
        return {**asdict(self), "seconds": round(self.seconds, 3), "kept_share": round(self.kept_share, 4)}

    def line(self) -> str:
        """What matters most, in a line.

        >>> counts = {"ok": 2, "error": 1}
        >>> Summary(documents=3, by_status=counts, characters=8, kept_characters=4, flags={"ad": 1}).line()
        '3 documents (2 ok, 1 error), 50% of their text kept, flags: 1 ad'
        """
        counts = ", ".join(f"{number} {status}" for status, number in self.by_status.items())
        flags = ", ".join(f"{number} {label}" for label, number in sorted(self.flags.items(), key=lambda f: -f[1]))
        said = f"{self.documents} documents ({counts or 'none'}), {self.kept_share:.0%} of their text kept"
        return said + f", flags: {flags or 'none'}"

    def to_json(self) -> str:
        """`to_dict()` as JSON, indented."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Summary:
        """The summary that `to_dict` wrote."""
        copied = json.loads(json.dumps({name: value for name, value in plain.items() if name != "kept_share"}))
        return cls(**copied)

    def _score(self, name: str, bins: Sequence[int]) -> None:
        known = self.scores.setdefault(name, [0] * BINS)
        self.scores[name] = [count + more for count, more in zip(known, bins, strict=True)]

    def _site(self, site: str, counts: dict[str, Any]) -> None:
        if site not in self.sites and len(self.sites) >= MAX_SITES:
            site = OTHER_SITES
        known = self.sites.setdefault(site, {"documents": 0, "failed": 0, "flags": {}})
        known["documents"] += counts["documents"]
        known["failed"] += counts["failed"]
        _add(known["flags"], counts["flags"])

    def _keep_slowest(self) -> None:
        self.slowest.sort(key=lambda document: (-document["seconds"], document["place"]))
        del self.slowest[MAX_SLOWEST:]


def total(parts: Sequence[Summary]) -> Summary:
    """The sum of parts, in their order."""
    made = Summary()
    for part in parts:
        made.merge(part)
    return made


def _add(counts: dict[str, int], more: dict[str, int]) -> None:
    for name, number in more.items():
        counts[name] = counts.get(name, 0) + number
