"""What a page says where no reader looks: comments, descriptions of pictures, tooltips, `<meta>` and `<template>`.

Most of it is short and tells what it should. Prose in comments and templates is hidden text; of an attribute it is
what is longer than any description needs to be, or gives orders to machines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from dechaff import limits

#: Characters from which a comment or template may hold prose, and words that prose has.
MIN_CHARS = 25
_MIN_WORDS = 5

#: Characters from which an attribute is stuffed. Nine of ten descriptions of pictures have fewer than 100, search
#: engines show some 160 of a page's description.
_STUFFED = {"alt": 350, "title": 350, "meta": 700}

#: Characters of an attribute that an order to machines needs.
MIN_ORDER_CHARS = 40

# Linear: single characters, bounded runs, and lazy ones up to an end.
_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"[{}=;_]|\w\(|://")
_CONDITION = re.compile(r"\s{0,20}\[(?:if|endif)\b", re.IGNORECASE)


@cache  # made for the first comment that is not ASCII: it takes milliseconds
def _dense() -> re.Pattern[str]:
    """Letters of scripts without spaces: each says about as much as half a word."""
    return re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


class Unshown(NamedTuple):
    """Text in a place that a reader does not see: `kind` is `comment`, `template`, `alt`, `title` or `meta`."""

    kind: str
    text: str


def words_of(markup: str) -> str:
    """The text of a template.

    >>> words_of("<template><p>Salt &amp; pepper</p></template>")
    'Salt & pepper'
    """
    from html import unescape  # with its table of 2,231 entities: few pages have templates

    return " ".join(unescape(_MARKUP.sub(" ", markup)).split())


def prose(text: str) -> str:
    """The words of a comment or template if they are prose, without its tags; else nothing.

    >>> prose(" /wp:paragraph "), prose(" Say that our <b>shop</b> is the best one in town. ")
    ('', 'Say that our shop is the best one in town.')
    >>> prose(" if (a.b == c) { var ready = loaded(); } ")
    ''
    """
    if len(text) < MIN_CHARS or _CONDITION.match(text):
        return ""
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    text = " ".join(text.split())
    words = len(_WORD.findall(text))
    if not text.isascii():
        words += len(_dense().findall(text)) // 2
    return text if words >= _MIN_WORDS and len(_CODE.findall(text)) * 5 <= words else ""


def _is_text(text: str) -> bool:
    return len(text) >= MIN_ORDER_CHARS and (" " in text or not text.isascii())


def stuffed(found: Sequence[Unshown], shown: Sequence[str]) -> Iterator[int]:
    """Which of these attributes hold hidden text, by number; what stands in the lines `shown`, too, is not hidden.

    >>> list(stuffed([Unshown("alt", "A cat"), Unshown("alt", "cat " * 100)], []))
    [1]
    """
    # Descriptions of a page stand in it several times; what has no space is an address or a name.
    candidates = {item.text: i for i, item in reversed([*enumerate(found)]) if _is_text(item.text)}
    read = compared = 0
    text = ""
    for i in sorted(candidates.values()):
        item = found[i]
        read += len(item.text)
        if len(item.text) >= _STUFFED[item.kind]:
            compared += 1
            if compared > limits.MAX_STUFFED:
                continue
            begin = " ".join(item.text.split())[: _STUFFED["alt"]]
            text = text or "\n".join(shown)
            if begin and begin not in text:
                yield i
        elif read <= limits.MAX_ORDER_CHARS and _is_order(item.text):
            yield i


def _is_order(text: str) -> bool:
    # Imported here, for it has a model of its own that a page without long descriptions does not need.
    from dechaff.hidden.orders import HIDDEN_SCORE, order_in

    order = order_in(text)
    return order is not None and order.score >= HIDDEN_SCORE
