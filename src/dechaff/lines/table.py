"""`Lines`: the lines of one document and the containers they stand in, as parallel lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from itertools import accumulate
from operator import add
from typing import Literal, NamedTuple

from dechaff.result import Kind

#: What tells lines apart in a document: elements with classes or ids; elements without; nothing but the text.
Form = Literal["html", "bare", "text"]

#: Characters of an id or class that a path shows: generated names run to kilobytes.
_MAX_STEP_CHARS = 40

#: The id and class of an element that has neither.
NO_STEP = ("", "")


class Joint(IntEnum):
    """How a line joins the one before it."""

    PARAGRAPH = 0
    LINE = 1
    CELL = 2
    WITHIN = 3  # another line of the same cell


@dataclass(slots=True)
class Containers:
    """Elements around text, each after its parent; index 0 is the document itself, its own parent.

    `names[i]` holds what the element calls itself (class, id, role …): words the model reads beside the tag.
    """

    parents: list[int] = field(default_factory=lambda: [0])
    tags: list[str] = field(default_factory=lambda: [""])
    names: list[str] = field(default_factory=lambda: [""])
    steps: list[tuple[str, str]] = field(default_factory=lambda: [("", "")])

    def add(self, parent: int, tag: str, names: str = "", ident: str = "", classes: str = "") -> int:
        """Add an element below `parent`; returns its index."""
        index = len(self.parents)
        self.parents.append(parent)
        self.tags.append(tag)
        self.names.append(names)
        self.steps.append((ident, classes) if ident or classes else NO_STEP)
        return index

    def head(self, count: int) -> Containers:
        """The first `count` elements: those above them are among them."""
        return Containers(self.parents[:count], self.tags[:count], self.names[:count], self.steps[:count])

    def step(self, container: int) -> str:
        """A container as one step of a CSS selector: its tag, its id and its first class."""
        return step_of(self.tags[container], *self.steps[container])

    def path(self, container: int) -> str:
        """The path of a container as a CSS selector writes it, outermost step first.

        >>> containers = Containers()
        >>> containers.path(containers.add(containers.add(0, "div", "a b", ident="a", classes="b c"), "p"))
        'div#a.b > p'
        """
        steps = []
        while container:
            steps.append(self.step(container))
            container = self.parents[container]
        return " > ".join(reversed(steps))


def step_of(tag: str, ident: str, classes: str) -> str:
    """An element as one step of a CSS selector.

    >>> step_of("p", "a", "b c")
    'p#a.b'
    """
    step = tag
    if ident and not ident.isspace():
        step += f"#{ident.split()[0][:_MAX_STEP_CHARS]}"
    if classes and not classes.isspace():
        step += f".{classes.split()[0][:_MAX_STEP_CHARS]}"
    return step


class Hidden(NamedTuple):
    """Text that a reader of the page does not see.

    `before` visible lines come before it. `why` says what hides it; `step` and `container` are the element that does,
    as a step of a path, and what that stands in.
    """

    text: str
    before: int
    why: str
    container: int = 0
    step: str = ""


class Veil(NamedTuple):
    """Characters `start` to `end` of a visible line that a reader does not see, or takes for others.

    `why` says what they are, `says` what they spell, if that can be read; `unseen` that a reader sees nothing of them.
    """

    line: int
    start: int
    end: int
    why: str
    says: str = ""
    unseen: bool = True


@dataclass(slots=True)
class Lines:
    """The lines of one document that a reader sees, in page order, and what is hidden between them.

    `texts[i] == source[starts[i]:ends[i]]`. `blocks[i]` is the container of the line (its block-level element),
    `leaves[i]` the innermost element around its first word, `link_chars[i]` the characters of it inside links.
    `hidden` are lines of `source`, too, from `hidden_starts[k]` on; they have no number among the visible ones.
    `veiled` are characters inside visible lines. `columns` are those of lines in tables of data, from 0 on; `ordinals`
    the numbers that lists and items say, by their containers.
    `owner` are names of the site or company whose page it is. `limited` says that a limit was hit; `warnings` name it.
    """

    kind: Kind
    source: str = ""
    title: str = ""
    owner: str = ""
    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    link_chars: list[int] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    leaves: list[int] = field(default_factory=list)
    containers: Containers = field(default_factory=Containers)
    hidden: list[Hidden] = field(default_factory=list)
    hidden_starts: list[int] = field(default_factory=list)
    veiled: list[Veil] = field(default_factory=list)
    columns: dict[int, int] = field(default_factory=dict)
    ordinals: dict[int, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    limited: bool = False

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def form(self) -> Form:
        """What tells the lines of the document apart.

        >>> Lines("text").form, Lines("html").form
        ('text', 'bare')
        """
        if self.kind == "text":
            return "text"
        return "html" if any(step != NO_STEP for step in self.containers.steps) else "bare"

    def head(self, count: int) -> Lines:
        """The first `count` lines, with the containers up to the last that they stand in."""
        last = max(max(self.blocks[:count], default=0), max(self.leaves[:count], default=0))
        made = Lines(self.kind, title=self.title, owner=self.owner, containers=self.containers.head(last + 1))
        for name in ("texts", "starts", "ends", "joints", "link_chars", "blocks", "leaves"):
            setattr(made, name, getattr(self, name)[:count])
        return made

    def add(self, text: str, joint: Joint, link_chars: int, block: int, leaf: int) -> None:
        """Append a line; its place in `source` is set by `join`."""
        self.texts.append(text)
        self.joints.append(joint)
        self.link_chars.append(link_chars)
        self.blocks.append(block)
        self.leaves.append(leaf)

    def join(self) -> None:
        """Make `source` of all lines, one newline between two, and set every line's place in it."""
        texts = self.texts
        if self.hidden:
            self.hidden.sort(key=lambda hidden: hidden.before)
            texts = self._woven()
        starts = [chars + i for i, chars in enumerate(accumulate(map(len, texts[:-1]), initial=0))] if texts else []
        self.source = "\n".join(texts)
        if self.hidden:
            numbers = self.numbers()
            self.hidden_starts = [starts[hidden.before + k] for k, hidden in enumerate(self.hidden)]
            starts = [starts[number] for number in numbers]
        self.starts = starts
        self.ends = [*map(add, starts, map(len, self.texts))]

    def numbers(self) -> list[int]:
        """The number of each visible line among all lines, the hidden ones too.

        >>> lines = Lines("html", texts=["a", "b"], hidden=[Hidden("x", 1, "hidden")])
        >>> lines.join()
        >>> lines.numbers(), lines.source, lines.starts, lines.hidden_starts
        ([0, 2], 'a\\nx\\nb', [0, 4], [2])
        """
        numbers: list[int] = []
        for k, hidden in enumerate(self.hidden):
            if hidden.before > len(numbers):
                numbers += range(len(numbers) + k, hidden.before + k)
        numbers += range(len(numbers) + len(self.hidden), len(self.texts) + len(self.hidden))
        return numbers

    def _woven(self) -> list[str]:
        woven: list[str] = []
        at = 0
        for hidden in self.hidden:
            woven += self.texts[at : hidden.before]
            woven.append(hidden.text)
            at = hidden.before
        return woven + self.texts[at:]
