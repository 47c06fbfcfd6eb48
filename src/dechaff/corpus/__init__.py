"""Clean a corpus: files of any format in, files out, on all cores, safe to stop. `clean` is what most need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dechaff.names import load

if TYPE_CHECKING:
    from dechaff.corpus.errors import CorpusError
    from dechaff.corpus.options import Options, OptionsError
    from dechaff.corpus.runner import clean
    from dechaff.corpus.summary import Summary

__all__ = ["CorpusError", "Options", "OptionsError", "Summary", "clean"]

#: Where each name lives. They are loaded when first used: the command line must start fast.
_HOMES = {
    "CorpusError": "errors",
    "Options": "options",
    "OptionsError": "options",
    "Summary": "summary",
    "clean": "runner",
}


def __getattr__(name: str) -> Any:
    return load(__name__, _HOMES, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
