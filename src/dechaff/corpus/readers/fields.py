"""A row with named fields → a record: which field is the document, and what passes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dechaff.arrow import USUAL_FIELDS
from dechaff.corpus.options import Options
from dechaff.corpus.records import Record, site_named, site_of

_MISSING = object()


def choose(names: Mapping[str, Any], options: Options) -> tuple[str, str]:
    """The field with the document among `names`, and what it holds ("html", "text" or "auto"). Raises `KeyError`,
    whose message names the fields that there are."""
    named = options.html_field or options.text_field
    if named:
        if named not in names and named.partition(".")[0] not in names:
            raise KeyError(f"no field {named!r}; there are {listed(names)}")
        return named, kind_of_field(named, options)
    for name in USUAL_FIELDS:
        if name in names:
            return name, kind_of_field(name, options)
    raise KeyError(f"no field that usually holds documents ({', '.join(USUAL_FIELDS)}); there are {listed(names)}")


def spare(names: Mapping[str, Any], name: str, options: Options) -> str | None:
    """The field with the text of rows in whose field `name` no page stands; None where there is none, or where the
    field with the documents was named.

    >>> spare({"html": None, "text": None}, "html", Options())
    'text'
    """
    if options.html_field or options.text_field or USUAL_FIELDS[name] != "html":
        return None
    return next((other for other, kind in USUAL_FIELDS.items() if kind == "text" and other in names), None)


def kind_of_field(name: str, options: Options) -> str:
    """What documents in a field are."""
    if options.kind != "auto":
        return options.kind
    return "html" if options.html_field else "text" if options.text_field else USUAL_FIELDS.get(name, "auto")


def listed(names: Mapping[str, Any]) -> str:
    """The names of fields, for a message."""
    shown = [repr(name) for name in list(names)[:20]]
    return ", ".join(shown) + (" …" if len(names) > 20 else "") if shown else "none"


def output_field(name: str, kind: str, options: Options) -> str:
    """Where the cleaned text of a field goes: into the field itself if it holds text at the top, else into `text`.

    >>> output_field("body", "text", Options()), output_field("html", "html", Options())
    ('body', 'text')
    """
    if options.output_field:
        return options.output_field
    return name if kind == "text" and "." not in name else "text"


def failed(place: str, error: str, options: Options, *, broken_input: bool = False) -> Record:
    """The record of a row of which not even the fields are known. Its text, which is null, stands where that of the
    other rows stands."""
    return Record(place, output=usual_output(options), error=error, broken_input=broken_input)


def usual_output(options: Options) -> str:
    """Where the cleaned text goes of what has no fields, or not the one with the document.

    >>> usual_output(Options(text_field="body")), usual_output(Options(html_field="body")), usual_output(Options())
    ('body', 'text', 'text')
    """
    named = options.html_field or options.text_field
    return output_field(named, kind_of_field(named, options), options) if named else options.output_field or "text"


def at(row: Mapping[str, Any], name: str) -> Any:
    """The value of a field; `a.b` is b inside a, unless a field has that very name. Raises `KeyError`.

    >>> at({"a": {"b": 1}}, "a.b"), at({"a.b": 2}, "a.b")
    (1, 2)
    """
    if name in row:
        return row[name]
    head, dot, rest = name.partition(".")
    inner = row.get(head, _MISSING) if dot else _MISSING
    if not isinstance(inner, Mapping):
        raise KeyError(name)
    return at(inner, rest)


def without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A copy of a row without a field; the row and what is inside it are left as they are.

    >>> without({"a": {"b": 1, "c": 2}}, "a.b")
    {'a': {'c': 2}}
    """
    if name in row:
        return {key: value for key, value in row.items() if key != name}
    head, _, rest = name.partition(".")
    return {key: without(value, rest) if key == head else value for key, value in row.items()}


def unique(names: Sequence[str]) -> list[str]:
    """Names of columns, of which no two are the same.

    >>> unique(["a", "b", "a", "a_2"])
    ['a', 'b', 'a_3', 'a_2']
    """
    made: dict[str, None] = {}
    for name in names:
        number, free = 1, name
        while free in made or (number > 1 and free in names):
            number += 1
            free = f"{name}_{number}"
        made[free] = None
    return [*made]


def word(row: Mapping[str, Any], name: str | None) -> str | None:
    """A field as a string; None where it is missing or null."""
    try:
        value = at(row, name) if name else None
    except KeyError:
        return None
    return None if value is None else str(value)


def record_of(row: Mapping[str, Any], place: str, options: Options) -> Record:
    """The record of a row. One without the field, or with something else in it than text, has an error."""
    url = word(row, options.url_field)
    named = word(row, options.site_field)
    site = site_named(named) or site_of(url)
    record = Record(place, url=url, id=word(row, options.id_field), site=site, told_by=named, columns=dict(row))
    try:
        name, kind = choose(row, options)
        value = at(row, name)
    except KeyError as error:
        record.error = str(error.args[0]) if " " in str(error.args[0]) else f"no field {options_field(options)!r}"
        record.output = usual_output(options)
        if not options.flags_only:
            record.columns = aside(row, record.output, options)
        return record
    record.output = output_field(name, kind, options)
    other = spare(row, name, options)
    fill(record, (name, value), (other, row[other]) if other else None, options)
    if not options.flags_only:
        record.columns = passing(row, name, record.output, options)
    return record


def options_field(options: Options) -> str:
    """The field that was asked for."""
    return options.html_field or options.text_field or ""


def fill(record: Record, field: tuple[str, Any], other: tuple[str, Any] | None, options: Options) -> None:
    """Give a record its document, from a field by name and value; from the `other` where that one is empty."""
    if other and field[1] in (None, "", b"") and other[1] and isinstance(other[1], (str, bytes)):
        field = other
    name, value = field
    record.kind = kind_of_field(name, options)  # type: ignore[assignment]
    record.document, record.error = checked(value, name, options)


def checked(value: Any, name: str, options: Options) -> tuple[str | bytes | None, str | None]:
    """A value as a document, or None and what is wrong with it. Nothing at all is an empty document."""
    if value is None:
        return "", None
    if not isinstance(value, (str, bytes)):
        return None, f"field {name!r} holds {type(value).__name__}, not text"
    if len(value) > options.max_document_bytes:
        return None, f"{len(value)} bytes are more than max-document-bytes ({options.max_document_bytes})"
    return value, None


def passing(row: Mapping[str, Any], source: str, output: str, options: Options) -> dict[str, Any]:
    """What passes through of a row: all but the document, whose place is kept where the cleaned text goes into it. A
    field that is called like the output, and is not the document, is kept under another name."""
    if source == output and source in row:
        return dict(row)
    return aside(without(row, source), output, options)


def aside(row: Mapping[str, Any], output: str, options: Options) -> dict[str, Any]:
    """A row whose field that is called like the output stands under another name."""
    if output not in row:
        return dict(row)
    name = aside_name([*row], output, options)
    return {name if key == output else key: value for key, value in row.items()}


def aside_name(names: Sequence[str], output: str, options: Options) -> str:
    """What a field that is called like the output is called beside the others.

    >>> aside_name(["text"], "text", Options()), aside_name(["text", "dechaff_input_text"], "text", Options())
    ('dechaff_input_text', 'dechaff_input_text_2')
    """
    return unique([*names, f"{options.prefix}input_{output}"])[-1]
