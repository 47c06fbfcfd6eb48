"""Public names that are loaded when first used, so that importing a package costs next to nothing."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any


def load(package: str, homes: Mapping[str, str], name: str) -> Any:
    """A name of a package, from the module below it that `homes` gives; for the package's `__getattr__`.

    Raises `AttributeError` on a name that has no home.

    >>> load("dechaff", {"Label": "result"}, "Label").AD.value
    'ad'
    """
    if name not in homes:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    value = getattr(import_module(f"{package}.{homes[name]}"), name)
    setattr(sys.modules[package], name, value)  # it is asked for once
    return value
