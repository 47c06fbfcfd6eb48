"""The columns of an Arrow table before and after its documents are cleaned: which, where, and of which types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypedDict

from dechaff.engines.extras import needs
from dechaff.result import PageScores, Result

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from dechaff.lines.document import KindOption
    from dechaff.thresholds import Strictness

#: Columns that hold the documents where none is named, the likelier first, and what they hold.
USUAL_FIELDS: dict[str, KindOption] = {
    "html": "html",
    "raw_html": "html",
    "text": "text",
    "raw_content": "auto",
    "content": "auto",
    "body": "auto",
    "document": "auto",
}

#: The column that holds the URLs where none is named.
USUAL_URL_FIELD = "url"

#: The columns that are added unless others are asked for.
DEFAULT_COLUMNS = ("text", "title", "status", "error", "warnings", "flags", "scores")

#: Every column that can be added, with the value that a result gives it. Where a document failed all are null but
#: `status`, which is "error", and `error`, which says why.
VALUES: dict[str, Callable[[Result], Any]] = {
    "text": lambda result: result.text,
    "title": lambda result: result.title,
    "status": lambda result: result.status,
    "error": lambda result: None,
    "warnings": lambda result: list(result.warnings),
    "flags": lambda result: [flag.to_dict(reasons=False) for flag in result.flags],
    "scores": lambda result: result.scores.to_dict(),
    "kind": lambda result: result.kind,
    "source": lambda result: result.source,
    "markdown": lambda result: result.to_markdown(),
    "html": lambda result: result.to_html(),
    "json": lambda result: result.to_json(),
}


class Options(TypedDict, total=False):
    """What every function of `dechaff.arrow` takes by name.

    `html_field`, `text_field`: the column that holds the documents, HTML or plain text, as strings or bytes. A name
    with dots leads into structs. With neither, it is the first of `USUAL_FIELDS` that is there. `url_field`: the column
    with the URLs of the documents, which say what site each is of (default: "url", where there is such a column of
    strings); `site_field`: one that says it instead, with host names or URLs, where it is not null or empty. `columns`:
    what to add: `DEFAULT_COLUMNS`, or any of text, title, status, error, warnings, flags, scores,
    kind, source (what the spans of flags index), markdown, html, json (everything, with lines and reasons). `prefix`
    goes before their names, but for the text, whose column is named by `output_field` (default: as the text field, else
    "text"). `keep_document`: leave the documents' column in; it is left out otherwise. All other columns pass
    untouched. `strictness`, `keep`, `thresholds`, `allow`, `deny`, `sites`, `collapsed` and `model` are those of
    `Cleaner`, but for compiled patterns: all options are plain data, which goes to workers.
    """

    html_field: str | None
    text_field: str | None
    url_field: str | None
    site_field: str | None
    output_field: str | None
    columns: Sequence[str]
    prefix: str
    keep_document: bool
    strictness: Strictness
    keep: Iterable[str] | None
    thresholds: Mapping[str, Sequence[float | None]] | None
    allow: Iterable[str]
    deny: Iterable[str]
    sites: Mapping[str, Mapping[str, Iterable[str]]] | None
    collapsed: bool
    model: str | Path | None


@dataclass(frozen=True)
class Layout:
    """Where the documents stand in a batch and what comes out of it."""

    path: tuple[int, ...]  # of the documents' column, and of the field in it if it is a struct
    kind: KindOption
    url: tuple[int, ...] | None  # of the URLs' column, if there is one
    site: tuple[int, ...] | None  # of the column that names sites, if there is one
    made_of: tuple[int | str, ...]  # what comes out: columns that pass, by number, and columns that are added
    schema: pa.Schema


@dataclass(frozen=True)
class Plan:
    """The options about columns, checked; `sites` says whether there are phrases for which documents need a URL."""

    html_field: str | None = None
    text_field: str | None = None
    url_field: str | None = None
    site_field: str | None = None
    output_field: str | None = None
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    prefix: str = "dechaff_"
    keep_document: bool = False
    sites: bool = False

    @classmethod
    def of(cls, options: Options) -> Plan:
        """The plan that options ask for; those about cleaning are passed over. Raises `TypeError` or `ValueError` on
        columns that mean nothing.

        >>> Plan.of({"text_field": "body", "columns": ["text"], "strictness": "strict"}).columns
        ('text',)
        """
        own = {f.name: options[f.name] for f in fields(cls) if f.name in options}  # type: ignore[literal-required]
        columns = own.get("columns", DEFAULT_COLUMNS)
        if isinstance(columns, str):
            raise TypeError(f"columns is a list of names, not the string {columns!r}")
        for column in columns:
            if column not in VALUES:
                raise ValueError(f"unknown column {column!r}; columns are {', '.join(VALUES)}")
        plan = cls(**{**own, "columns": tuple(columns), "sites": bool(own.get("sites"))})
        if plan.html_field is not None and plan.text_field is not None:
            raise ValueError("the documents stand in one column: give html_field or text_field")
        return plan

    def layout(self, before: pa.Schema) -> Layout:
        """What comes out for batches with the schema `before`. Raises `ValueError` where no column holds documents, or
        the URLs that are needed, or an added one has the name of another."""
        pa = needs("pyarrow", "arrow")
        name, kind = self._field(before)
        path = _path(before, name)
        out: list[tuple[int | str, Any]] = [(i, before.field(i)) for i in range(len(before))]
        for column in self.columns:
            out.append((column, pa.field(self._name(column), type_of(column))))
        if len(path) == 1 and not self.keep_document:
            place = path[0]
            text = next((added for added in out if added[0] == "text" and added[1].name == name), None)
            if text is not None:
                out.remove(text)  # it stands where the document stood
                out[place] = text
            else:
                del out[place]
        names = [field.name for _, field in out]
        taken = {field.name for source, field in out if isinstance(source, str) and names.count(field.name) > 1}
        if taken:
            raise ValueError(
                f"the table has columns of its own named {', '.join(sorted(taken))}: "
                "rename them, or give output_field or another prefix"
            )
        after = pa.schema([field for _, field in out], _metadata(before))
        site = None if self.site_field is None else _path(before, self.site_field)
        return Layout(path, kind, self._urls(before), site, tuple(source for source, _ in out), after)

    def _name(self, column: str) -> str:
        """What an added column is called."""
        if column == "text":
            return self.output_field or _flat(self.text_field) or "text"
        return self.prefix + column

    def _field(self, before: pa.Schema) -> tuple[str, KindOption]:
        if self.html_field is not None:
            return self.html_field, "html"
        if self.text_field is not None:
            return self.text_field, "text"
        for name, kind in USUAL_FIELDS.items():
            if name in before.names:
                return name, kind
        raise ValueError(
            "say with html_field or text_field which column holds the documents: none is named "
            f"{', '.join(USUAL_FIELDS)}; columns are {', '.join(before.names)}"
        )

    def _urls(self, before: pa.Schema) -> tuple[int, ...] | None:
        """The place of the URLs, if they stand anywhere."""
        if self.url_field is not None:
            return _path(before, self.url_field)
        if before.names.count(USUAL_URL_FIELD) == 1 and _is_text(before.field(USUAL_URL_FIELD).type):
            return _path(before, USUAL_URL_FIELD)
        if self.sites and self.site_field is None:
            raise ValueError(
                "say with url_field which column holds the URLs that sites are told by: no column of strings is named "
                f"{USUAL_URL_FIELD}; columns are {', '.join(before.names)}"
            )
        return None


def without_columns(options: Options) -> dict[str, Any]:
    """The options that are not about columns: those of a `Cleaner`, and those that nobody knows.

    >>> without_columns({"text_field": "body", "sites": {"example.com": {"deny": ["Shop with us"]}}})
    {'sites': {'example.com': {'deny': ['Shop with us']}}}
    """
    about_columns = {f.name for f in fields(Plan)} - {"sites"}
    return {name: value for name, value in options.items() if name not in about_columns}


def _path(before: pa.Schema, name: str) -> tuple[int, ...]:
    """The place of a column, or of a field within structs; its type is checked."""
    container: Any = before
    path: list[int] = []
    for step in [name] if name in before.names else name.split("."):
        found = container.get_all_field_indices(step) if hasattr(container, "get_all_field_indices") else []
        if len(found) != 1:
            what = "no column" if not found else "more than one column"
            raise ValueError(f"{what} is named {name}; columns are {', '.join(before.names)}")
        path.append(found[0])
        container = container.field(found[0]).type
    if not _is_text(container):
        raise ValueError(f"column {name} holds {container}, not strings or bytes")
    return tuple(path)


def _is_text(type_: pa.DataType) -> bool:
    """Whether these are strings or bytes, or nothing at all."""
    pa = needs("pyarrow", "arrow")
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    tests = "is_string is_large_string is_string_view is_binary is_large_binary is_binary_view is_null".split()
    return any(hasattr(pa.types, test) and getattr(pa.types, test)(type_) for test in tests)


def _flat(name: str | None) -> str | None:
    """The name, if it is that of a column and not of a field within structs."""
    return None if name is None or "." in name else name


def _metadata(before: pa.Schema) -> dict[bytes, bytes] | None:
    """Metadata of the schema, without what Hugging Face wrote about the columns that were."""
    kept = {key: value for key, value in (before.metadata or {}).items() if key != b"huggingface"}
    return kept or None


@lru_cache(maxsize=1)
def _types() -> dict[str, pa.DataType]:
    pa = needs("pyarrow", "arrow")
    span = {"tactic": pa.string(), "score": pa.float64(), "start": pa.int64(), "end": pa.int64()}
    flag = {
        "label": pa.string(),
        "score": pa.float64(),
        "start": pa.int64(),
        "end": pa.int64(),
        "text": pa.string(),
        "line": pa.int64(),
        "removed": pa.bool_(),
        "tactics": pa.list_(pa.string()),
        "tactic_spans": pa.list_(pa.struct(span)),
    }
    return {
        "warnings": pa.list_(pa.string()),
        "flags": pa.list_(pa.struct(flag)),
        "scores": pa.struct({f.name: pa.float64() for f in fields(PageScores)}),
    }


def type_of(column: str) -> pa.DataType:
    """The Arrow type of an added column."""
    return _types().get(column) or needs("pyarrow", "arrow").string()
