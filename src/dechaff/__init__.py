"""dechaff: cleans scraped HTML and text, and says what it found and where.

>>> import dechaff
>>> result = dechaff.clean("The council met on Monday.\\n\\nIt passed the budget of the library.", kind="text")
>>> result.status, len(result.lines)
('ok', 2)
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from dechaff.names import load

if TYPE_CHECKING:
    from dechaff.api import clean, clean_many, clean_soup, score
    from dechaff.cleaner import Cleaner
    from dechaff.labels import Label, Tactic
    from dechaff.model.store import ModelError
    from dechaff.result import Flag, Line, PageScores, Reason, Result

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

# Where numpy comes with OpenBLAS, importing it starts threads that wait for work in a busy loop: some 100 ms of CPU in
# every fresh process, for nothing here is shared out to them. They go to sleep after 2**20 cycles instead of 2**26,
# unless the user says otherwise; what they compute is the same.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "20")

#: Where each public name lives. They are loaded when first used, so that `import dechaff` costs next to nothing.
_HOMES = {
    "Cleaner": "cleaner",
    "ModelError": "model.store",
    **dict.fromkeys(("clean", "clean_many", "clean_soup", "score"), "api"),
    **dict.fromkeys(("Flag", "Line", "PageScores", "Reason", "Result"), "result"),
    **dict.fromkeys(("Label", "Tactic"), "labels"),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("dechaff")
    return load(__name__, _HOMES, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, "__version__"})
