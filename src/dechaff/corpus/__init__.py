"""Clean a corpus: files of any format in, files out, on all cores, safe to stop. `clean` is what most need."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dechaff.corpus.options import Options, OptionsError
    from dechaff.corpus.runner import CorpusError, clean
    from dechaff.corpus.summary import Summary

__all__ = ["CorpusError", "Options", "OptionsError", "Summary", "clean"]

#: Where each name lives. They are loaded when first used: the command line must start fast.
_HOMES = {
    "CorpusError": "runner",
    "Options": "options",
    "OptionsError": "options",
    "Summary": "summary",
    "clean": "runner",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"dechaff.corpus.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
