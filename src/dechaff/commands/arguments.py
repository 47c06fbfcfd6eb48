"""Options of `dechaff.corpus.Options` as arguments, spelt alike in every command that has them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, fields
from typing import Any

from dechaff import plain
from dechaff.corpus.options import Options, OptionsError, read_toml, shown

#: What a file of options may hold: those of a run, and what `dechaff corpus` reads and where it writes.
_IN_FILES = frozenset({"inputs", "output", *(option.name for option in fields(Options))})


def add_option(parser: argparse.ArgumentParser, option: Field[Any]) -> None:
    """Add a field of `Options` as an argument. The parsed arguments hold it only if it is given."""
    about = option.metadata
    names = [*filter(None, [about.get("short")]), f"--{shown(option.name)}"]
    more: dict[str, Any] = {"dest": option.name, "default": argparse.SUPPRESS, "help": about["help"]}
    if isinstance(option.default, bool):
        parser.add_argument(*names, action=argparse.BooleanOptionalAction, **more)
        return
    if option.default not in (None, ()) and "default" not in about["help"]:
        value = ",".join(option.default) if isinstance(option.default, tuple) else option.default
        more["help"] += f" (default: {value:g})" if isinstance(value, float) else f" (default: {value})"
    if about.get("choices"):
        more["choices"] = about["choices"]
    else:
        more["metavar"] = about.get("metavar")
        of_default = type(option.default) if isinstance(option.default, (int, float)) else str
        more["type"] = _READ.get(option.name, of_default)
    parser.add_argument(*names, action="append" if about.get("repeated") else "store", **more)


def add_config(parser: argparse.ArgumentParser) -> None:
    """Add the argument that `configured` reads."""
    parser.add_argument(
        "--config", metavar="FILE", help="a TOML file with options (default: pyproject.toml, if it has [tool.dechaff])"
    )


def configured(config: str | None) -> dict[str, Any]:
    """The options in the file that was named, or in the `pyproject.toml` of this folder; names as in `Options`.

    Raises `OptionsError` on a file that cannot be read, or that has what is no option.
    """
    if config is None and not os.path.exists("pyproject.toml"):
        return {}
    try:
        found = read_toml(config or "pyproject.toml")
    except ModuleNotFoundError as error:  # Python 3.10 has no reader of TOML
        if config is None:
            return {}
        raise OptionsError(str(error)) from None
    names = {"from": "from_"}
    values = {names.get(name, name.replace("-", "_")): value for name, value in found.items()}
    for given, name in zip(found, values, strict=True):
        if name not in _IN_FILES:
            raise OptionsError(f"{config or 'pyproject.toml'}: no option {given!r}")
    return values


def given_options(arguments: argparse.Namespace, options: Iterable[Field[Any]]) -> dict[str, Any]:
    """Those of the options that are given, by name, as `Options.of` takes them.

    >>> from dataclasses import fields
    >>> from dechaff.corpus.options import Options
    >>> given_options(argparse.Namespace(thresholds=[threshold("ad=0.2,0.3")], jobs=2), fields(Options))
    {'thresholds': {'ad': [0.2, 0.3]}, 'jobs': 2}
    """
    given = vars(arguments)
    return {
        option.name: _GATHER[option.name](given[option.name]) if option.name in _GATHER else given[option.name]
        for option in options
        if option.name in given
    }


def threshold(text: str) -> tuple[str, list[float | None]]:
    """A threshold as `LABEL=FLAG,REMOVE`. Raises `argparse.ArgumentTypeError` on other text.

    >>> threshold("teaser=0.3,never")
    ('teaser', [0.3, None])
    """
    label, _, pair = text.partition("=")
    flag, _, remove = pair.partition(",")
    try:
        return label.strip(), [float(flag), None if remove.strip() == plain.NEVER else float(remove)]
    except ValueError:
        said = f"{text!r} is not LABEL=FLAG,REMOVE, as ad=0.2,0.3 or teaser=0.3,{plain.NEVER}"
        raise argparse.ArgumentTypeError(said) from None


def site(text: str) -> tuple[str, str, str]:
    """A phrase of a site as `HOST:allow=PHRASE` or `HOST:deny=PHRASE`. Raises `argparse.ArgumentTypeError` on other
    text.

    >>> site("example.com:deny=Shop with us")
    ('example.com', 'deny', 'Shop with us')
    """
    host, _, rest = text.partition(":")
    kind, _, phrase = rest.partition("=")
    if not host.strip() or kind not in ("allow", "deny") or not phrase.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:allow=PHRASE or HOST:deny=PHRASE")
    return host.strip(), kind, phrase


def by_site(phrases: Sequence[tuple[str, str, str]]) -> dict[str, dict[str, list[str]]]:
    """Phrases as `site` reads them, by host and kind.

    >>> by_site([site("example.com:deny=Shop with us"), site("example.com:deny=Win now")])
    {'example.com': {'deny': ['Shop with us', 'Win now']}}
    """
    sites: dict[str, dict[str, list[str]]] = {}
    for host, kind, phrase in phrases:
        sites.setdefault(host, {}).setdefault(kind, []).append(phrase)
    return sites


#: Options that are tables: what reads one argument, and what makes a table of all of them.
_READ: Mapping[str, Callable[[str], Any]] = {"thresholds": threshold, "sites": site}
_GATHER: Mapping[str, Callable[[Any], Any]] = {"thresholds": dict, "sites": by_site}
