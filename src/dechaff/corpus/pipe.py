"""Messages between a process that works and its parent: pickles, each after its length.

A module of its own, so that the parent, which cleans nothing, need not load what the other does.
"""

from __future__ import annotations

import pickle
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">Q")


def send(stream: BinaryIO, message: Any) -> None:
    """Write a message."""
    packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(packed)) + packed)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read a message. Raises `EOFError` where the other end is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    body = stream.read(_LENGTH.unpack(head)[0])
    try:
        return pickle.loads(body)
    except pickle.UnpicklingError:
        raise EOFError from None
