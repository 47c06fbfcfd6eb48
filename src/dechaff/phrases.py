"""Phrases that the caller wants kept or gone, whatever the model says of the line they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dechaff import urls
from dechaff.judge import Judged
from dechaff.labels import Label
from dechaff.result import Reason

#: A phrase that is sought whatever its case and white space, or a pattern that is searched for.
Phrase: TypeAlias = "str | re.Pattern[str]"

#: The weight of a phrase as a reason, in log-odds: that of the surest decision of a model, 0.99999.
WEIGHT = 11.513

_KINDS = ("allow", "deny")

_HOST = r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*"


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

        A line that goes is taken for an advert. Of lines outside the main text that the model drops nothing is denied.
        """
        lines = judged.lines
        for i, text in enumerate(lines.texts):
            if found := _search(self.allow, text):
                judged.settle(i, Label.CONTENT, kept=True)
                name = "allowed phrase"
            elif (judged.kept[i] or judged.inside[i]) and (found := _search(self.deny, text)):
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

    >>> sorted(sites_of({"Example.com": {"deny": ["Offer of the day"]}, "bücher.de.": {}}))
    ['example.com', 'xn--bcher-kva.de']
    """
    if not isinstance(sites, Mapping):
        raise TypeError(f"sites are phrases by the host name of a site, not a {type(sites).__name__}")
    made: dict[str, Phrases] = {}
    for host, own in sites.items():
        if not isinstance(own, Mapping):
            raise TypeError(f"sites[{host!r}] has phrases under {' or '.join(_KINDS)}, it is no {type(own).__name__}")
        if unknown := set(own) - set(_KINDS):
            raise ValueError(f"sites[{host!r}] has {', '.join(sorted(unknown))}; known are {', '.join(_KINDS)}")
        name = _named(host)
        made[name] = made.get(name, Phrases()) + phrases_of(**own)
    return made


def for_url(everywhere: Phrases, sites: Mapping[str, Phrases], url: str | None) -> Phrases:
    """The phrases for a page: those for all pages, those of its host, and those of every parent domain of it.

    >>> sites = sites_of({"example.com": {"deny": ["x"]}, "blog.example.com": {"deny": ["y"]}})
    >>> [len(for_url(Phrases(), sites, url).deny) for url in ("https://blog.example.com/a", "www.example.com/a", None)]
    [2, 1, 0]
    """
    found = everywhere
    if sites and url:
        labels = host_of(url).split(".")
        for i in range(len(labels)):
            if own := sites.get(".".join(labels[i:])):
                found += own
    return found


def host_of(url: str) -> str:
    """The host of a URL in lower case and ASCII; empty where there is none.

    >>> host_of("https://www.Bücher.de.:80/a"), host_of("example.com/page"), host_of("http://[")
    ('www.xn--bcher-kva.de', 'example.com', '')
    """
    try:
        return _ascii(urls.split(url.strip()).hostname or "")
    except ValueError:
        return ""


def _named(host: str) -> str:
    """The name of a site as `host_of` gives it. Raises `ValueError` on what no URL has for its host."""
    try:
        name = _ascii(host)
    except (AttributeError, ValueError):
        name = ""
    if not re.fullmatch(_HOST, name):
        raise ValueError(f"sites: {host!r} is no host name, as example.com, which is meant for www.example.com, too")
    return name


def _ascii(host: str) -> str:
    host = host.strip(".").lower()
    return host if host.isascii() else host.encode("idna").decode()


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
