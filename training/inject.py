"""Simulated injection: foreign lines put between the lines of a page, and pages made into plain documents."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from dechaff.lines.table import Containers, Joint, Lines
from training.data import Document, Page, Snippet
from training.labels import CONTENT, LEADS_AWAY, UNKNOWN, mask

#: Kinds of pages whose main text runs on: only there a foreign line stands out. On a shop's or a list's page, a
#: headline between headlines is what the page is for.
RUNNING = frozenset({"article", "documentation", "forum", "service", "clean"})

#: Names of elements that carry injected lines on real pages, in the words of common ad and CMS markup.
AD_NAMES = (
    "ad", "advert", "ad-slot inline", "promo", "sponsored", "widget", "in-article-ad", "related", "callout cta",
    "newsletter", "wp-block-group", "text-link", "embed", "box", "banner", "partner-content", "recirc",
)  # fmt: skip

#: Weight of an injected line's target against a line of gold text.
INJECTED_WEIGHT = 3.0

#: Foreign paragraphs have so many characters; shorter lines of another page often fit anywhere.
FOREIGN_CHARS = range(90, 901)

#: A line is put behind a content line of at least so many characters, so that it stands in running text.
_MIN_BEFORE = 40

#: How often a line that is put in is in the language of the page: one in another is told by that alone.
_OWN_LANGUAGE = 0.8

#: How many lines are put into a document.
_COUNTS = (1, 1, 2, 3)
#: How often a line that is put in once more stands in a document: pages repeat their adverts.
_COPIES = (2, 2, 3)

#: Of the lines of a plain document that has breaks within its paragraphs, so many stand behind one.
_BREAKS = 0.3

#: Words of a content line that may stand in a document again: a refrain, a label.
_REFRAIN_WORDS = 12

_OFF_TOPIC = mask("off_topic")
_TITLE = mask("title")
#: Lines of an article that are neither its text nor lead away from it: who strips a page often leaves them in.
_BESIDE = (mask("caption"), mask("metadata"))
#: Words of such a line that is put into another article.
_BESIDE_WORDS = range(3, 21)
_TEXT_TAGS = ("p", "h2", "li", "blockquote", "pre")


@dataclass(frozen=True, slots=True)
class Shares:
    """How often each thing happens, as probabilities."""

    touched: float = 0.7
    foreign_paragraph: float = 0.2
    real_line: float = 0.2
    plain_element: float = 0.25
    named_element: float = 0.12
    all_link: float = 0.35
    some_link: float = 0.15
    recase: float = 0.3
    whole_page: float = 0.25
    markdown: float = 0.2
    gold_text: float = 0.5
    beside_put_in: float = 0.3
    beside_left_in: float = 0.5
    put_in_again: float = 0.15
    own_again: float = 0.1
    after_break: float = 0.1
    all_breaks: float = 0.2
    some_breaks: float = 0.15


def recase(text: str, rng: random.Random) -> str:
    """A short text in another casing, so that casing alone does not give a line away."""
    words = text.split()
    if len(words) > 16:
        return text
    way = rng.random()
    if way < 0.45:
        return " ".join([words[0], *(w.lower() if w[1:].islower() else w for w in words[1:])])
    if way < 0.85:
        return " ".join(w[:1].upper() + w[1:] for w in words)
    return text.upper()


class _Styles:
    """Texts to inject by style and target. A style weighs the root of its size: small ones are heard."""

    def __init__(self, snippets: Sequence[Snippet]) -> None:
        found: dict[tuple[str, int], list[Snippet]] = {}
        for snippet in snippets:
            found.setdefault((snippet.style, snippet.target), []).append(snippet)
        self.groups = list(found.values())
        self.weights = [len(group) ** 0.5 for group in self.groups]


class Injector:
    """Makes training documents of pages. Seeded: the same seed and pages give the same documents."""

    def __init__(self, snippets: Sequence[Snippet], pages: Sequence[Page], seed: int) -> None:
        self.rng = random.Random(seed)
        self.shares = Shares()
        self.every = _Styles(snippets)
        self.by_language = {
            lang: _Styles([snippet for snippet in snippets if snippet.lang == lang])
            for lang in sorted({snippet.lang for snippet in snippets})
        }
        self.real: list[tuple[str, int]] = []
        self.foreign: list[str] = []
        self.beside: list[tuple[str, int]] = []
        for page in pages:
            for text, target, inside in zip(
                page.document.lines.texts, page.document.targets, page.in_body, strict=True
            ):
                if inside and target in LEADS_AWAY:
                    self.real.append((text, target))
                elif target in _BESIDE and len(text.split()) in _BESIDE_WORDS:
                    self.beside.append((text, target))
                elif page.kind == "article" and target == CONTENT and len(text) in FOREIGN_CHARS:
                    self.foreign.append(text)

    def _pick(self, lang: str) -> tuple[str, int]:
        """A text to inject into a page in this language, and its target."""
        rng, roll = self.rng, self.rng.random()
        if roll < self.shares.foreign_paragraph and self.foreign:
            return rng.choice(self.foreign), _OFF_TOPIC
        if roll < self.shares.foreign_paragraph + self.shares.real_line and self.real:
            return rng.choice(self.real)
        styles = self.by_language.get(lang, self.every) if rng.random() < _OWN_LANGUAGE else self.every
        snippet = rng.choice(rng.choices(styles.groups, styles.weights)[0])
        text = recase(snippet.text, rng) if rng.random() < self.shares.recase else snippet.text
        return text, snippet.target

    def _picks(self, lang: str) -> list[tuple[str, int]]:
        """The texts to inject into one document in this language, some of them several times."""
        rng = self.rng
        return [
            picked
            for picked in (self._pick(lang) for _ in range(rng.choice(_COUNTS)))
            for _ in range(rng.choice(_COPIES) if rng.random() < self.shares.put_in_again else 1)
        ]

    def injected(self, page: Page) -> Document:
        """The page with foreign lines between its content lines; as it is where there is no place for one."""
        rng, source = self.rng, page.document
        texts, targets = source.lines.texts, source.targets
        places = [
            i + 1 for i in range(len(texts) - 1)
            if targets[i] == CONTENT and targets[i + 1] in (CONTENT, UNKNOWN) and len(texts[i]) > _MIN_BEFORE
        ]  # fmt: skip
        if page.kind not in RUNNING or not places or rng.random() > self.shares.touched:
            return source
        puts = sorted((rng.choice(places), *picked) for picked in self._picks(page.lang))
        made = Document(_empty_copy(source.lines), [], [])
        done = 0
        for at, text, target in puts:
            _copy_range(source, made, done, at)
            neighbour = source.lines.blocks[at - 1]
            broken = rng.random() < self.shares.after_break
            block = neighbour if broken else self._element(made.lines.containers, neighbour)
            made.lines.add(text, Joint.LINE if broken else Joint.PARAGRAPH, self._link_chars(text), block, block)
            made.targets.append(target)
            made.factors.append(INJECTED_WEIGHT)
            done = at
        _copy_range(source, made, done, len(texts))
        return made

    def _element(self, containers: Containers, neighbour: int) -> int:
        """An element for an injected line: like its neighbour's, a bare one, or one with a telling name."""
        rng = self.rng
        parent = containers.parents[neighbour]
        roll = rng.random()
        if roll < self.shares.plain_element:
            return containers.add(parent, rng.choice(("p", "p", "p", "div", "h3", "center")))
        if roll < self.shares.plain_element + self.shares.named_element:
            return containers.add(parent, rng.choice(("div", "p", "aside", "section")), rng.choice(AD_NAMES))
        return containers.add(parent, containers.tags[neighbour], containers.names[neighbour])

    def _link_chars(self, text: str) -> int:
        roll = self.rng.random()
        if roll < self.shares.all_link:
            return len(text)
        return self.rng.randrange(len(text) + 1) if roll < self.shares.all_link + self.shares.some_link else 0

    def bare_page(self, page: Page) -> Document | None:
        """The page's content as a plain HTML page, `<p>` after `<p>`, with foreign lines; None if it is too short."""
        rng = self.rng
        rows = self._rows(page, everything=False)
        if rows is None:
            return None
        title = rows[0][0] if rng.random() < 0.7 else ""
        lines = Lines(kind="html", title=title, owner=page.document.lines.owner if rng.random() < 0.5 else "")
        top = lines.containers.add(lines.containers.add(0, "html"), "body")
        if rng.random() < 0.8:
            top = lines.containers.add(top, rng.choice(("article", "div", "main", "article")))
        only_paragraphs = rng.random() < 0.5
        made = Document(lines, [], [])
        for text, target, factor, tag in rows:
            block = lines.containers.add(top, "p" if only_paragraphs else tag)
            _append(made, text, target, factor, block)
        if rng.random() < self.shares.after_break:  # one element with breaks in it
            lines.blocks, lines.leaves = [top] * len(lines), [top] * len(lines)
            self._break(lines)
        return made

    def bare_text(self, page: Page) -> Document | None:
        """The page as plain text: its content, or all its lines as a scraper that strips tags leaves them."""
        rng = self.rng
        rows = self._rows(page, everything=rng.random() < self.shares.whole_page)
        if rows is None:
            return None
        lines = Lines(kind="text")
        blocks = {tag: lines.containers.add(0, tag) for tag in _TEXT_TAGS}
        marks = {"h2": "## ", "li": "- "} if rng.random() < self.shares.markdown else {}
        made = Document(lines, [], [])
        for text, target, factor, tag in rows:
            mark = marks.get(tag, "")
            _append(made, mark + text, target, factor, blocks[tag if mark else "p"])
        self._break(lines)
        return made

    def _break(self, lines: Lines) -> None:
        """Puts single line ends or breaks in place of some ends of paragraphs, whatever lines stand there."""
        roll = self.rng.random()
        if roll < self.shares.all_breaks:
            lines.joints[1:] = [Joint.LINE] * (len(lines) - 1)
        elif roll < self.shares.all_breaks + self.shares.some_breaks:
            lines.joints[1:] = [Joint.LINE if self.rng.random() < _BREAKS else joint for joint in lines.joints[1:]]

    def _rows(self, page: Page, *, everything: bool) -> list[tuple[str, int, float, str]] | None:
        """Text, target, weight and element of the lines of a plain document, foreign ones among them."""
        rng = self.rng
        if page.gold_rows and not everything and rng.random() < self.shares.gold_text:
            rows = [(text, target, 1.0, "p") for text, target in page.gold_rows]
        else:
            rows = self._page_rows(page.document, everything=everything)
        if len(rows) < 4:
            return None
        spots = [k for k in range(1, len(rows)) if rows[k - 1][1] == CONTENT]
        if spots and rng.random() < 0.75:
            for picked in self._picks(page.lang):
                rows.insert(rng.choice(spots), (*picked, INJECTED_WEIGHT, "p"))
        if spots and rng.random() < self.shares.own_again:
            refrains = [row for row in rows if row[1] == CONTENT and len(row[0].split()) <= _REFRAIN_WORDS]
            for row in refrains and [rng.choice(refrains)] * (rng.choice(_COPIES) - 1):
                rows.insert(rng.choice(spots), row)
        if spots and self.beside and rng.random() < self.shares.beside_put_in:
            rows.insert(rng.choice(spots), (*rng.choice(self.beside), INJECTED_WEIGHT, "p"))
        return rows

    def _page_rows(self, source: Document, *, everything: bool) -> list[tuple[str, int, float, str]]:
        tags, blocks = source.lines.containers.tags, source.lines.blocks
        rows = []
        for i, target in enumerate(source.targets):
            left_in = target == _TITLE or target in _BESIDE
            if everything or target == CONTENT or (left_in and self.rng.random() < self.shares.beside_left_in):
                tag = tags[blocks[i]]
                tag = "h2" if tag in ("h2", "h3", "h4") else tag if tag in _TEXT_TAGS else "p"
                rows.append((source.lines.texts[i].replace("\n", " "), target, source.factors[i], tag))
        return rows


def _append(document: Document, text: str, target: int, factor: float, block: int) -> None:
    document.lines.add(text, Joint.PARAGRAPH, 0, block, block)
    document.targets.append(target)
    document.factors.append(factor)


def _empty_copy(source: Lines) -> Lines:
    """`source` without lines; its containers can grow."""
    made = Lines(kind=source.kind, title=source.title, owner=source.owner)
    for name in ("parents", "tags", "names", "steps"):
        setattr(made.containers, name, list(getattr(source.containers, name)))
    return made


def _copy_range(source: Document, made: Document, start: int, end: int) -> None:
    for name in ("texts", "joints", "link_chars", "blocks", "leaves"):
        getattr(made.lines, name).extend(getattr(source.lines, name)[start:end])
    made.targets.extend(source.targets[start:end])
    made.factors.extend(source.factors[start:end])
