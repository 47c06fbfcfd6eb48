"""What stops a run."""

from __future__ import annotations


class CorpusError(Exception):
    """The run cannot start or go on; the message says why and what to do."""
