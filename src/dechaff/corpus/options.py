"""`Options`: everything that a corpus run can be told, from arguments, a TOML file or Python, with one digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dechaff import plain
from dechaff.engines.extras import needs

if TYPE_CHECKING:
    from dechaff.cleaner import Cleaner

FORMATS = ("text", "jsonl", "csv", "tsv", "parquet", "arrow", "warc")
OUTPUTS = ("jsonl", "csv", "tsv", "parquet", "arrow", "text", "markdown", "html")
COMPRESSIONS = ("none", "gz", "zst", "bz2", "xz")

#: Seconds that timers can count on every system: about 30 years.
_MOST_SECONDS = 1e9

#: Options that can be given in several forms, and what makes plain data of them.
_PLAIN: Mapping[str, Callable[[str, Any], Any]] = {
    **plain.READERS,
    "drop_below": plain.words,
    "summary": plain.path,
}

#: Those of a `Cleaner`.
OF_CLEANER = ("strictness", "keep", "thresholds", "allow", "deny", "sites", "collapsed", "model")


class OptionsError(ValueError):
    """An option that means nothing; the message names it."""


def _option(default: Any, help: str, *, hash: bool = True, **more: Any) -> Any:
    """A field with what the command line says about it. `run=True`: it has no effect on what is written;
    `hash=False`: it is a table, which has no hash."""
    return field(default=default, hash=hash, metadata={"help": help, **more})


@dataclass(frozen=True)
class Options:
    """All options of a corpus run. Raises `OptionsError` on one that means nothing.

    `strictness`, `keep`, `thresholds`, `allow`, `deny`, `sites`, `collapsed` and `model` are those of `Cleaner`, but
    for compiled patterns: all options are plain data. `sites` go by `site_field`, if there is one, else by the URL.

    >>> Options(strictness="strict").digest() != Options().digest(), Options(jobs=4).digest() == Options().digest()
    (True, True)
    """

    from_: str | None = _option(None, "format of the inputs (default: told from names and content)", choices=FORMATS)
    to: str | None = _option(
        None, "format of the output (default: that of its name, or of the inputs)", choices=OUTPUTS
    )
    compression: str | None = _option(
        None, "compression of the output (default: by its name; parquet: zst)", choices=COMPRESSIONS
    )
    text_field: str | None = _option(None, "field or column with plain text; a.b for b inside a", metavar="NAME")
    html_field: str | None = _option(None, "field or column with HTML (default: html, text, content ... are tried)",
                                     metavar="NAME")  # fmt: skip
    output_field: str | None = _option(None, "where cleaned text is written (default: the text field, else text)",
                                       metavar="NAME")  # fmt: skip
    url_field: str = _option("url", "field with the URL of the document", metavar="NAME")
    id_field: str = _option("id", "field with the name of the document", metavar="NAME")
    site_field: str | None = _option(
        None, "field with the site or a URL of it (default: that of the URL)", metavar="NAME"
    )
    prefix: str = _option("dechaff_", "what the names of added columns begin with", metavar="WORD")
    kind: str = _option("auto", "what documents are (default: told from field, name and themselves)",
                        choices=("auto", "html", "text"))  # fmt: skip
    strictness: str = _option("balanced", "how readily lines are removed",
                              choices=("lenient", "balanced", "strict"))  # fmt: skip
    keep: tuple[str, ...] = _option(("content",), "labels to keep", metavar="LABEL,...")
    thresholds: Mapping[str, Sequence[float | None]] | None = _option(
        None, "scores from which on lines of a label are flagged and removed (or never); may be repeated",
        metavar="LABEL=FLAG,REMOVE", repeated=True, hash=False)  # fmt: skip
    allow: tuple[str, ...] = _option((), "lines with this phrase stay, whatever else speaks for it; may be repeated",
                                     metavar="PHRASE", repeated=True)  # fmt: skip
    deny: tuple[str, ...] = _option((), "lines with this phrase go, whatever else speaks for it; may be repeated",
                                    metavar="PHRASE", repeated=True)  # fmt: skip
    sites: Mapping[str, Mapping[str, Sequence[str]]] | None = _option(
        None, "allow= or deny= a phrase on the pages of one site; may be repeated",
        metavar="HOST:deny=PHRASE", repeated=True, hash=False)  # fmt: skip
    collapsed: bool = _option(True, "read parts that a reader can open, as of an accordion (the default)")
    model: str | None = _option(None, "a folder with a model (default: the one that is shipped)", metavar="FOLDER")
    flags_only: bool = _option(False, "leave documents as they are and add what was found")
    drop_below: tuple[str, ...] = _option((), "leave out documents with a score below this; may be repeated",
                                          metavar="SCORE=NUMBER", repeated=True)  # fmt: skip
    removed: bool = _option(False, "also write a side file with every line that was removed")
    attributes: bool = _option(False, "also write Dolma attribute files")
    reasons: bool = _option(False, "write all reasons of each flag (takes longer)")
    site_repetition: bool = _option(False, "first count which lines stand on many pages of a site (reads twice)")
    timeout_per_document: float = _option(30.0, "seconds that a document may take; 0: no limit", metavar="SECONDS")
    max_document_bytes: int = _option(100_000_000, "larger documents become a row with an error", metavar="N")
    shard_bytes: int = _option(32_000_000, "bytes of input that are one piece of work", metavar="N")
    shard_files: int = _option(500, "small files that are one piece of work at most", metavar="N")

    jobs: int = _option(-1, "processes that work (default: one a core)", short="-j", metavar="N", run=True)
    scheduler: str | None = _option(None, "a Dask scheduler (tcp://HOST:PORT), or ray", metavar="URL", run=True)
    resume: bool = _option(False, "go on where an earlier run stopped", run=True)
    overwrite: bool = _option(False, "replace an output that exists", run=True)
    summary: str | None = _option(None, "also write the summary to this file", metavar="FILE", run=True)
    quiet: bool = _option(False, "no progress", run=True)
    json_log: bool = _option(False, "progress as lines of JSON", run=True)

    def __post_init__(self) -> None:
        for option in fields(self):
            value, choices = getattr(self, option.name), option.metadata.get("choices")
            if choices and value is not None and value not in choices:
                raise OptionsError(f"{shown(option.name)} is {value!r}, not one of {', '.join(choices)}")
        for name, made in _PLAIN.items():
            try:
                object.__setattr__(self, name, made(shown(name), getattr(self, name)))
            except (TypeError, ValueError) as error:
                said = str(error)
                raise OptionsError(said if said.startswith(shown(name)) else f"{shown(name)}: {said}") from None
        from dechaff.labels import kept_labels

        try:
            kept_labels(self.keep)
        except ValueError as error:
            raise OptionsError(str(error)) from None
        if self.text_field and self.html_field:
            raise OptionsError("text-field and html-field: a document is one or the other")
        if self.jobs == 0:
            raise OptionsError("jobs is 0: it is a number of processes, or -1 for one a core")
        if min(self.timeout_per_document, self.max_document_bytes - 1, self.shard_bytes - 1, self.shard_files - 1) < 0:
            raise OptionsError(
                "timeout-per-document, max-document-bytes, shard-bytes, shard-files: a number is too small"
            )
        if not self.timeout_per_document <= _MOST_SECONDS:  # nor is what is no number
            raise OptionsError(f"timeout-per-document is {self.timeout_per_document}: give seconds, or 0 for no limit")
        if self.resume and self.overwrite:
            raise OptionsError("resume and overwrite: one goes on, the other starts anew")
        self.drop_rules()

    def drop_rules(self) -> dict[str, float]:
        """Least values of page scores by name."""
        from dechaff.result import PageScores

        known, rules = PageScores().to_dict(), {}
        for rule in self.drop_below:
            name, _, number = rule.partition("=")
            if name not in known:
                raise OptionsError(f"drop-below: no score {name!r} (choose from {', '.join(known)})")
            try:
                rules[name] = float(number)
            except ValueError:
                raise OptionsError(f"drop-below: {rule!r} is not NAME=NUMBER") from None
        return rules

    def of_cleaner(self) -> dict[str, Any]:
        """What a `Cleaner` is made with."""
        return {name: getattr(self, name) for name in OF_CLEANER}

    def cleaner(self) -> Cleaner:
        """The cleaner that they ask for. Raises `OptionsError` on a model that cannot be used."""
        from dechaff.cleaner import Cleaner
        from dechaff.model.store import ModelError

        try:
            return Cleaner(**self.of_cleaner())
        except ModelError as error:
            raise OptionsError(f"model: {error}") from None

    def check_model(self) -> None:
        """Raise `OptionsError` if there is a model that cannot be used."""
        if self.model is not None:
            self.cleaner()

    def to_dict(self) -> dict[str, Any]:
        """All options by name, as plain data."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    def of_output(self) -> dict[str, Any]:
        """The options that decide what is written."""
        runs = {option.name for option in fields(self) if option.metadata.get("run")}
        return {name: value for name, value in self.to_dict().items() if name not in runs}

    def digest(self) -> str:
        """A word that changes with every option that decides what is written."""
        written = json.dumps(self.of_output(), sort_keys=True)
        return hashlib.sha256(written.encode()).hexdigest()[:16]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Options:
        """Options by name, with `-` or `_` in names. Raises `OptionsError` on an unknown name or a wrong type."""
        known = {option.name: option for option in fields(cls)}
        chosen = {}
        for given, value in values.items():
            name = given.replace("-", "_")
            name = "from_" if name == "from" else name
            if name not in known:
                raise OptionsError(f"no option {given!r}")
            chosen[name] = value if name in _PLAIN else _typed(name, value, known[name].default)
        return cls(**chosen)


def shown(name: str) -> str:
    """An option's name as users write it.

    >>> shown("from_"), shown("text_field")
    ('from', 'text-field')
    """
    return name.rstrip("_").replace("_", "-")


def read_toml(path: str | Path) -> dict[str, Any]:
    """The options in a TOML file: its table `[tool.dechaff]`, or the file itself where it has no table `tool`.

    Raises `OptionsError` on a file that cannot be read.
    """
    tomllib = needs("tomllib", "corpus") if _has_tomllib() else needs("tomli", "corpus")
    try:
        with open(path, "rb") as file:
            found: dict[str, Any] = tomllib.load(file)
    except (OSError, ValueError) as error:
        raise OptionsError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if "tool" in found:
        found = found["tool"].get("dechaff", {}) if isinstance(found["tool"], dict) else found["tool"]
    if not isinstance(found, dict):
        raise OptionsError(f"{path}: tool.dechaff is no table")
    return found


def to_toml(values: Mapping[str, Any]) -> str:
    """Options as TOML that `Options.of` takes when `read_toml` has read it.

    >>> print(to_toml({"text_field": "body", "jobs": 2, "to": None, "keep": ["content"]}))
    [tool.dechaff]
    text-field = "body"
    jobs = 2
    # to
    keep = ["content"]
    """
    lines = [f"# {shown(name)}" if value is None else f"{shown(name)} = {_toml(value)}"
             for name, value in values.items()]  # fmt: skip
    return "\n".join(["[tool.dechaff]", *lines])


def _toml(value: Any) -> str:
    """A value, a table inside a line.

    >>> print(_toml({"example.com": {"deny": ["Shop with us"]}}), _toml([0.3, None]))
    {"example.com" = {"deny" = ["Shop with us"]}} [0.3, "never"]
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_toml(name)} = {_toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    written = json.dumps(plain.NEVER if value is None else value, ensure_ascii=False)
    return written.replace("\x7f", "\\u007f")  # the one control character that JSON lets stand


def _has_tomllib() -> bool:
    import sys

    return sys.version_info >= (3, 11)


def _typed(name: str, value: Any, default: Any) -> Any:
    """`value` if it has the type of the default, numbers made alike."""
    if default is None:
        wanted: tuple[type, ...] = (str, type(None))
    elif isinstance(default, float):
        wanted = (int, float)
    else:
        wanted = (type(default),)
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        raise OptionsError(f"{shown(name)} is {value!r}, which is not {' or '.join(kind.__name__ for kind in wanted)}")
    return float(str(value)) if isinstance(default, float) else value
