"""From a document to its lines: the only rooms that know HTML."""
