"""Every limit of the library, in one place. A limit that leaves text unread, or lines unjudged, is named in
`Result.warnings`; of a long line, and of attributes, less is read without a word, and reasons of very long documents
are shorter."""

from __future__ import annotations

#: Elements nested deeper than this are unwrapped before the page is parsed. lexbor's time grows with the
#: square of the depth (100,000 nested elements: over 20 s); real pages stay below 200 (measured on 1,497 pages).
MAX_DEPTH = 500
#: The warning that says so.
TOO_DEEP = f"elements nested deeper than {MAX_DEPTH} were unwrapped"

#: Characters of a document that are read; the rest is left out of `Result.source` for HTML, and kept
#: unchanged (one line, label content) for plain text.
MAX_DOCUMENT_CHARS = 50_000_000

#: Lines of a document that are judged; lines past it are kept as content. Judging takes up to 3.3 kB a line; the
#: longest of 1,497 pages has 2,641 lines.
MAX_LINES = 20_000

#: Lines of a document up to which reasons say what form, topic, links, place and owner did: it takes 0.7 kB a line to
#: keep what is needed for that.
MAX_REASONED_LINES = 5_000

#: Words of one line that the model reads: the first `HEAD_WORDS` and the last `TAIL_WORDS`. What a line is
#: shows at its ends, and a line of a million words would cost as much as a thousand pages.
HEAD_WORDS = 48
TAIL_WORDS = 16

#: Characters of one line that the model reads, half from each end (see `HEAD_WORDS`).
MAX_LINE_CHARS = 4_000

#: Characters of a document's hidden text, of its main text, and of its attributes, in which orders to machines are
#: sought.
MAX_ORDER_CHARS = 300_000

#: Long attributes of a document that are compared with its text, to tell what they hide: each is sought in all of it.
MAX_STUFFED = 300

#: Ancestors above a line's parent whose class and id names describe it, counted upwards.
MAX_ANCESTORS = 8

#: Characters of one line, from its beginning, that are searched for misleading tactics.
TACTIC_CHARS = 400
