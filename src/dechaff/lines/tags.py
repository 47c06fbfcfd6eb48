"""Where the tags of a page begin, and which of them may end behind their first `>`: found with numpy.

Whether a tag stands in a comment or a script is not looked at here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dechaff.lines.markup import LETTERS, MAX_TAG_CHARS, USUAL_TAG, cut_attributes, tag_end

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

_LT, _GT, _QUOTE, _APOSTROPHE, _EQUALS, _SLASH = b"<>\"'=/"
_SPACE = 32  # and all below it, which are more than the tokenizer calls white space

_IS_LETTER = np.zeros(256, np.bool_)
_IS_LETTER[[*LETTERS]] = True


@dataclass(slots=True)
class Tags:
    """Every `<` of a page, as parallel arrays.

    `places[i]` is its byte, `follow[i]` the byte behind it, `opening[i]` and `closing[i]` say whether a name or a
    slash follows, `lengths[i]` is the way to the next `<` or `>`. `doubtful` lists the tags that may not end at
    that `>`, for a quoted value may hold it.
    """

    page: bytes
    data: Bytes
    places: Numbers
    follow: Bytes
    opening: Flags
    closing: Flags
    lengths: Numbers
    doubtful: list[int]
    _html: str = ""  # the page as Latin-1, once it was needed

    @classmethod
    def of(cls, page: bytes) -> Tags:
        """The tags of a page in UTF-8.

        >>> tags = Tags.of(b"<p title='a > b'>c</p>")
        >>> tags.places.tolist(), tags.opening.tolist(), tags.doubtful
        ([0, 18], [True, False], [0])
        """
        data = np.frombuffer(page, np.uint8)
        mask = data == _LT
        mask |= data == _GT
        mask |= data == _QUOTE
        mask |= data == _APOSTROPHE
        marks = np.flatnonzero(mask)
        kinds = data[marks]
        bounds = np.flatnonzero((kinds | 2) == _GT)  # "<" and ">" differ in one bit
        if bounds.size and bounds[0]:  # quotes before the first of them
            marks, kinds, bounds = marks[bounds[0] :], kinds[bounds[0] :], bounds - bounds[0]
        angles = marks[bounds]
        is_lt = kinds[bounds] == _LT
        follow = data.take(angles + 1, mode="clip")
        opening = is_lt & _IS_LETTER[follow]
        closing = is_lt & (follow == _SLASH)
        sizes = np.diff(bounds, append=marks.size)  # an angle bracket and the quotes behind it
        starts = opening | closing
        doubtful = starts & np.append(is_lt[1:], True)
        odd = starts & (sizes & 1 == 0)
        doubtful |= odd
        doubtful[np.searchsorted(angles, _open_values(data, marks, kinds, bounds, sizes, starts & ~odd)) - 1] = True
        lengths = np.diff(angles, append=data.size)
        lts = np.flatnonzero(is_lt)
        return cls(
            page,
            data,
            angles[lts],
            follow[lts],
            opening[lts],
            closing[lts],
            lengths[lts],
            np.flatnonzero(doubtful[lts]).tolist(),
        )

    def end(self, i: int) -> int:
        """Where a doubtful tag ends.

        >>> Tags.of(b"<p title='a > b'>c</p>").end(0)
        17
        """
        begin = int(self.places[i])
        if usual := USUAL_TAG.match(self.page, begin):
            return usual.end()
        self._html = self._html or self.page.decode("latin-1")
        return tag_end(self._html, begin)

    def is_wide(self, begin: int, end: int) -> bool:
        """Whether the tag between two places has too many attributes."""
        if end - begin <= MAX_TAG_CHARS or USUAL_TAG.match(self.page, begin, end):
            return False
        return bool(cut_attributes(self.page[begin:end].decode("latin-1")))


def _open_values(data: Bytes, marks: Numbers, kinds: Bytes, bounds: Numbers, sizes: Numbers, tags: Flags) -> Numbers:
    """Quotes that may open a value with `<` or `>` inside, in tags with an even number of quotes.

    A value open at the first `<` or `>` of a tag was opened by a quote after `=` that has no other of its kind
    behind it. There is none if quotes come in neighbouring pairs and no second one of a pair follows `=`.
    """
    inside = np.repeat(tags, sizes)
    inside[bounds] = False
    at = np.flatnonzero(inside)
    quotes, kinds = marks[at], kinds[at]
    first, second = quotes[::2], quotes[1::2]
    before = data[second - 1]
    bad = kinds[::2] != kinds[1::2]
    bad |= before == _EQUALS
    spaced = np.flatnonzero(before <= _SPACE)
    further = data[second[spaced] - 2]
    bad[spaced] |= (further == _EQUALS) | (further <= _SPACE)
    found: Numbers = first[bad]
    return found
