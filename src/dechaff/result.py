"""What users hold: frozen records of a cleaned document. No logic beyond views of the data.

All offsets count characters (Python `str` indices) of `Result.source`; all scores are probabilities in 0..1.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

from dechaff.labels import Label, Tactic
from dechaff.lazy import Lazy

if TYPE_CHECKING:
    from dechaff.thresholds import Rules

Glue = Literal["paragraph", "line", "cell"]
Kind = Literal["html", "text"]
Status = Literal["ok", "empty", "limited"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that spoke for a flag, its weight in log-odds, and the words it stands on if any.

    `name` is `word`, the element around the line (`element p.promo`, `elements further out`), or what else about it:
    `form` (casing, marks, length), `topic` (how far from its neighbours and its document), `links`, `place`, `owner`
    (it names whose page it is). Other flags name what hides a text, a tactic, or how often a line stands on its site.
    `start` and `end` index `Result.source`; they are None for a reason that has no place in the text.
    """

    name: str
    weight: float
    start: int | None = None
    end: int | None = None

    @classmethod
    def of_score(cls, name: str, score: float, start: int, end: int) -> Reason:
        """A reason that stands for a probability; one of 0 or 1 counts as 1e-5 from it.

        >>> Reason.of_score("hidden by hidden", 0.5, 0, 4).weight, Reason.of_score("hidden by hidden", 1.0, 0, 4).weight
        (0.0, 11.513)
        """
        bounded = min(max(score, 1e-5), 1 - 1e-5)
        return cls(name, round(math.log(bounded / (1 - bounded)), 3), start, end)


@dataclass(frozen=True, slots=True)
class TacticSpan:
    """A tactic that a line uses: its probability, and the span of `Result.source` that shows it best."""

    tactic: Tactic
    score: float
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data, the score rounded to four places."""
        return {"tactic": self.tactic.value, "score": round(self.score, 4), "start": self.start, "end": self.end}


TacticSpans = tuple[TacticSpan, ...]


class _Worded:
    """What has tactics, which are looked for when first asked for."""

    __slots__ = ()
    _tactic_spans: TacticSpans | Lazy[TacticSpans]

    @property
    def tactic_spans(self) -> TacticSpans:
        """Tactics with their scores and the words that show them."""
        return self._tactic_spans.value() if isinstance(self._tactic_spans, Lazy) else self._tactic_spans

    @property
    def tactics(self) -> tuple[Tactic, ...]:
        """The tactics alone."""
        return tuple(span.tactic for span in self.tactic_spans)


@dataclass(frozen=True, slots=True)
class Line(_Worded):
    """A block-level run of text in page order, kept or dropped.

    `score` is the probability of `label`; `probabilities` has every label. `in_body` says that the line stands
    between lines of the main content. `link_share` is the share of its characters inside links (0..1). `path`
    names the elements around it, outermost first; of plain text, the one that Markdown would make of the line. `glue`
    says how the line joins the one before it: a new paragraph, a new line of the same paragraph, or the next cell of a
    table row, or more of that cell. `tactic_spans` are the forms of words that mislead, the likeliest first; they are
    looked for when first asked for.
    """

    index: int
    text: str
    start: int
    end: int
    label: Label
    score: float
    probabilities: Mapping[Label, float] = field(hash=False)
    kept: bool
    in_body: bool
    link_share: float
    path: str = ""
    glue: Glue = "paragraph"
    _tactic_spans: TacticSpans | Lazy[TacticSpans] = ()
    #: The column of its cell in a table of data, from 0 on.
    _column: int | None = field(default=None, repr=False, compare=False)
    #: It stands in the same cell as the line before it.
    _continues: bool = field(default=False, repr=False, compare=False)
    #: Numbers that lists and items around it say: each with the number of its element in `path`, from 0 on.
    _ordinals: tuple[tuple[int, int], ...] = field(default=(), repr=False, compare=False)
    #: How many of the outermost elements of `path` the visible line before it stands in, too. Paths alone do not tell:
    #: two items of a list have one path.
    _shared: int = field(default=0, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data, scores rounded to four places."""
        made = {f.name: getattr(self, f.name) for f in fields(self) if not f.name.startswith("_")}
        return {
            **made,
            "label": self.label.value,
            "score": round(self.score, 4),
            "probabilities": {label.value: round(p, 4) for label, p in self.probabilities.items()},
            "tactics": [tactic.value for tactic in self.tactics],
            "tactic_spans": [span.to_dict() for span in self.tactic_spans],
        }


@dataclass(frozen=True, slots=True)
class Flag(_Worded):
    """A statement about a span of the source: `source[start:end] == text`, always.

    The span is a line, or a sentence that advertises inside one that stays. `line` is the index of the line it stands
    in, `removed` whether that text was left out of `Result.text`. `reasons` say what spoke for it, the heaviest first,
    `tactic_spans` how it misleads, the likeliest first; both are made when first asked for. A `misleading` flag stands
    on a line that nothing but its wording speaks against.
    """

    label: Label
    score: float
    start: int
    end: int
    text: str
    line: int
    removed: bool
    _tactic_spans: TacticSpans | Lazy[TacticSpans] = ()
    _reasons: tuple[Reason, ...] | Lazy[tuple[Reason, ...]] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What spoke for the label, the heaviest first."""
        return self._reasons.value() if isinstance(self._reasons, Lazy) else self._reasons

    def to_dict(self, *, reasons: bool = True) -> dict[str, Any]:
        """Everything as plain data, the score rounded to four places; without the reasons, which take time to make,
        if these are not wanted."""
        return {
            "label": self.label.value,
            "score": round(self.score, 4),
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "line": self.line,
            "removed": self.removed,
            "tactics": [tactic.value for tactic in self.tactics],
            "tactic_spans": [span.to_dict() for span in self.tactic_spans],
            **({"reasons": [asdict(reason) for reason in self.reasons]} if reasons else {}),
        }


@dataclass(frozen=True, slots=True)
class PageScores:
    """Documented numbers in 0..1 about one document. Shares are shares of characters that a reader sees.

    `content_share`: characters of content among all characters of the document.
    `boilerplate_share`: navigation, forms, legal lines and other furniture among all characters.
    `promotional_share`: ad and self-promotion, lines and sentences, among the characters a reader of the main text
    meets, that is, content and the promotional, teaser and off-topic lines that stand inside it.
    `ad_density`: lines with a flag, of their own or on a sentence, among the lines that such a reader meets.
    `off_topic_share`: teaser and off-topic lines among the same characters as `promotional_share`.
    `link_share`: characters inside links among all characters.
    `hidden_share`: characters of hidden lines among all characters, those of hidden lines, too.
    `clickbait`: the probability that the page's title is bait; 0 without a title.
    `title_mismatch`: words of the title (of four letters or more) that the kept text has in no form, among all of them.
    `misleading`: lines with a tactic among the lines that a reader of the main text meets.
    `content_quality`: clarity x running text x (1 - promotional_share - off_topic_share): how surely and how
    undisturbed there is something to read. Clarity is the best F1 over characters that can be expected of any choice
    of lines, given their probabilities of being content: near 1 where all lines are clear, near 0 on a page of
    navigation. Running text is the share of kept characters in lines of prose: such as end a sentence or are as long
    as one, and are no links for the most part. Each of the three alone can spoil a page, so they are multiplied. How
    long the text is does not count; 0 where nothing was kept.
    `trust`: (1 - promotional_share) x (1 - misleading) x (1 - hidden_share) x (1 - clickbait / 2)
    x (1 - title_mismatch / 4), times 0.5 if orders to machines were found; 0 where nothing was kept. A guide for
    sorting pages by form: it says nothing about whether a page is true.
    """

    content_share: float = 0.0
    boilerplate_share: float = 0.0
    promotional_share: float = 0.0
    ad_density: float = 0.0
    off_topic_share: float = 0.0
    link_share: float = 0.0
    hidden_share: float = 0.0
    clickbait: float = 0.0
    title_mismatch: float = 0.0
    misleading: float = 0.0
    content_quality: float = 0.0
    trust: float = 0.0

    def to_dict(self) -> dict[str, float]:
        """The scores by name, rounded to four places.

        >>> PageScores(content_share=0.5).to_dict()["content_share"]
        0.5
        """
        return {f.name: round(getattr(self, f.name), 4) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class Result:
    """A cleaned document: the kept text, every line, every flag, and what went wrong if anything did.

    `status` is `ok`; `empty` when nothing was kept (`warnings` says why); `limited` when a limit of
    `dechaff.limits` was hit (`warnings` names it). `rules` say by what it was decided; they are no part of `to_dict()`.
    """

    text: str
    _lines: tuple[Line, ...] | Lazy[tuple[Line, ...]]
    _flags: tuple[Flag, ...] | Lazy[tuple[Flag, ...]]
    source: str
    title: str
    _scores: PageScores | Lazy[PageScores]
    status: Status
    kind: Kind
    url: str | None = None
    warnings: tuple[str, ...] = ()
    rules: Rules | None = field(default=None, hash=False, repr=False)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line in page order, dropped ones too. The records are made when first asked for."""
        return self._lines.value() if isinstance(self._lines, Lazy) else self._lines

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Every flag in page order; they are made when first asked for."""
        return self._flags.value() if isinstance(self._flags, Lazy) else self._flags

    @property
    def scores(self) -> PageScores:
        """Numbers about the document; they are made when first asked for."""
        return self._scores.value() if isinstance(self._scores, Lazy) else self._scores

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data that `json` writes."""
        return {
            "status": self.status,
            "kind": self.kind,
            "url": self.url,
            "title": self.title,
            "text": self.text,
            "scores": self.scores.to_dict(),
            "flags": [flag.to_dict() for flag in self.flags],
            "lines": [line.to_dict() for line in self.lines],
            "source": self.source,
            "warnings": list(self.warnings),
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """`to_dict()` as JSON. Lone surrogates, which UTF-8 cannot write, become U+FFFD, so that spans stay right."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)
        return re.sub("[\ud800-\udfff]", "\ufffd", text)

    def to_markdown(self) -> str:
        """The kept lines as Markdown: headings, lists, quotes, code and tables where the page had them."""
        from dechaff.output.markdown import to_markdown

        return to_markdown(self)

    def to_html(self) -> str:
        """The kept lines as a clean HTML document; everything the page said is escaped."""
        from dechaff.output.html import to_html

        return to_html(self)

    def to_report(self, *, name: str = "") -> str:
        """A self-contained HTML page that shows every decision with its reasons and takes corrections.

        `name` says where the document came from. Needs the extra `report`; raises `ModuleNotFoundError` without it.
        """
        from dechaff.output.report import to_report

        return to_report([(name, self)])
