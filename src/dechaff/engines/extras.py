"""Packages that come with an extra: imported when needed, with an error that says what to install."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def needs(module: str, extra: str) -> Any:
    """The module, which the extra brings; raises `ModuleNotFoundError` with the command that installs it.

    >>> needs("json", "none").dumps([1])
    '[1]'
    >>> needs("no_such_package", "spark")
    Traceback (most recent call last):
    ModuleNotFoundError: no_such_package is not installed; it comes with: pip install "dechaff[spark]"
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        top = module.partition(".")[0]
        if (error.name or "").partition(".")[0] != top:
            raise  # it is there, and misses something itself
        message = f'{top} is not installed; it comes with: pip install "dechaff[{extra}]"'
        raise ModuleNotFoundError(message, name=top) from None
