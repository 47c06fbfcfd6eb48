"""Whether what is written is read in a terminal that has colour."""

from __future__ import annotations

import os
import sys


def has_colour(output: str | None) -> bool:
    """Whether results may be in colour: they go to a terminal that is not `dumb`, and `NO_COLOR` is not set.

    `FORCE_COLOR` asks for it anyway (`dechaff … | less -R`). What `NO_COLOR` means: https://no-color.org
    """
    if os.environ.get("NO_COLOR") or output not in (None, "-"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
