"""dechaff: cleans scraped HTML and text, and says what it found and where.

>>> import dechaff
>>> result = dechaff.clean("The council met on Monday.\\n\\nIt passed the budget of the library.", kind="text")
>>> result.status, len(result.lines)
('ok', 2)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dechaff.api import clean, clean_many, clean_soup, score
    from dechaff.cleaner import Cleaner
    from dechaff.model.weights import ModelError
    from dechaff.result import Flag, Label, Line, PageScores, Reason, Result, Tactic

    __version__: str

__all__ = [
    "Cleaner",
    "Flag",
    "Label",
    "Line",
    "ModelError",
    "PageScores",
    "Reason",
    "Result",
    "Tactic",
    "clean",
    "clean_many",
    "clean_soup",
    "score",
]

#: Where each public name lives. They are loaded when first used, so that `import dechaff` costs next to nothing.
_HOMES = {
    "Cleaner": "cleaner",
    "ModelError": "model.weights",
    **dict.fromkeys(("clean", "clean_many", "clean_soup", "score"), "api"),
    **dict.fromkeys(("Flag", "Label", "Line", "PageScores", "Reason", "Result", "Tactic"), "result"),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("dechaff")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"dechaff.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, "__version__"})
