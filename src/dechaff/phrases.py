"""Phrases that the caller wants kept or gone, whatever the model says of the line they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from dechaff.judge import Judged
from dechaff.labels import Label
from dechaff.result import Reason

#: A phrase that is sought whatever its case and white space, or a pattern that is searched for.
Phrase: TypeAlias = "str | re.Pattern[str]"

#: The weight of a phrase as a reason, in log-odds: that of the surest decision of a model, 0.99999.
WEIGHT = 11.513

_KINDS = ("allow", "deny")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Lines with a phrase of `allow` stay, others with one of `deny` go."""

    allow: tuple[re.Pattern[str], ...] = ()
    deny: tuple[re.Pattern[str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.allow or self.deny)

    def __add__(self, other: Phrases) -> Phrases:
        return Phrases(self.allow + other.allow, self.deny + other.deny)

    def settle(self, judged: Judged) -> None:
        """Decide anew about the lines in which a phrase stands, and note why. `allow` comes before `deny`.

        A line that goes is taken for an advert. Of lines that the model drops anyway nothing is denied.
        """
        lines = judged.lines
        for i, text in enumerate(lines.texts):
            if found := _search(self.allow, text):
                judged.settle(i, Label.CONTENT, kept=True)
                name = "allowed phrase"
            elif judged.kept[i] and (found := _search(self.deny, text)):
                judged.settle(i, Label.AD, kept=False)
                name = "denied phrase"
            else:
                continue
            start, end = found.span()
            judged.settled[i] = Reason(name, WEIGHT, lines.starts[i] + start, lines.starts[i] + end)


def phrases_of(allow: Iterable[Phrase] = (), deny: Iterable[Phrase] = ()) -> Phrases:
    """Phrases as a `Cleaner` searches for them. Raises `TypeError` on what is no iterable of str and patterns.

    >>> phrases = phrases_of(deny=["read  more:", re.compile(r"\\bPR\\b")])
    >>> [bool(_search(phrases.deny, text)) for text in ("Read more: a story", "PR", "April")]
    [True, True, False]
    """
    return Phrases(_compiled("allow", allow), _compiled("deny", deny))


def sites_of(sites: Mapping[str, Mapping[str, Iterable[Phrase]]]) -> dict[str, Phrases]:
    """Phrases by the host name of a site, whatever its case. Raises `TypeError` or `ValueError` on anything else.

    >>> sorted(sites_of({"Example.com": {"deny": ["Offer of the day"]}}))
    ['example.com']
    """
    made: dict[str, Phrases] = {}
    for host, own in sites.items():
        if unknown := set(own) - set(_KINDS):
            raise ValueError(f"sites[{host!r}] has {', '.join(sorted(unknown))}; known are {', '.join(_KINDS)}")
        name = host.lower()
        made[name] = made.get(name, Phrases()) + phrases_of(**own)
    return made


def for_url(everywhere: Phrases, sites: Mapping[str, Phrases], url: str | None) -> Phrases:
    """The phrases for a page: those for all pages, and those of its site, whose name may be that of a parent domain.

    >>> sites = sites_of({"example.com": {"deny": ["x"]}})
    >>> [len(for_url(Phrases(), sites, url).deny) for url in ("https://www.example.com/a", "https://example.org", None)]
    [1, 0, 0]
    """
    if not sites or not url:
        return everywhere
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return everywhere
    labels = host.split(".")
    for i in range(len(labels)):
        if (own := sites.get(".".join(labels[i:]))) is not None:
            return everywhere + own
    return everywhere


def _compiled(kind: str, phrases: Iterable[Phrase]) -> tuple[re.Pattern[str], ...]:
    if isinstance(phrases, (str, re.Pattern)):
        raise TypeError(f"{kind} is an iterable of phrases, not one {type(phrases).__name__}")
    made = []
    for phrase in phrases:
        if isinstance(phrase, re.Pattern) and isinstance(phrase.pattern, str):
            made.append(phrase)
        elif isinstance(phrase, str) and phrase.strip():
            made.append(re.compile(r"\s+".join(map(re.escape, phrase.split())), re.IGNORECASE))
        else:
            raise TypeError(f"{kind} holds {phrase!r}, which is neither a phrase nor a compiled pattern of text")
    return tuple(made)


def _search(patterns: Iterable[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.search(text))), None)
