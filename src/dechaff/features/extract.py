"""Documents' lines → one matrix of features, the whole batch at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from dechaff.features import extent as extent_
from dechaff.features import form as form_
from dechaff.features import hashing
from dechaff.features import meaning as meaning_
from dechaff.features import owner as owner_
from dechaff.features import place as place_
from dechaff.features import topic as topic_
from dechaff.features import tree as tree_
from dechaff.features.segments import Ints, Mask, offsets, steps, sums
from dechaff.features.utf8 import buffer_of
from dechaff.lines.table import Lines

Floats = NDArray[np.float32]

#: Names of the columns of `Features.dense`.
DENSE = (*form_.NAMES, *place_.NAMES, *extent_.NAMES, *topic_.NAMES, *meaning_.NAMES, *owner_.NAMES)


@dataclass(slots=True)
class Features:
    """What the model sees of a batch of M documents with N lines in C containers.

    `starts` (M + 1): first line of each document. `word_ids` (T, 3) and `word_counts` (N): buckets of the
    n-grams, line by line. `name_ids` (U, 3) and `name_counts` (D): the same for the D distinct names of containers;
    `name_of` (C) says which each container has.
    `tree`: see `tree.Tree`. `dense` (N, len(DENSE)). `plain` (N): the line's document has no classes and ids.
    """

    starts: Ints
    word_ids: NDArray[np.int32]
    word_counts: Ints
    name_ids: NDArray[np.int32]
    name_counts: Ints
    name_of: Ints
    tree: tree_.Tree
    dense: Floats
    plain: Mask


#: Headings that part a page; smaller ones stand in teasers and side bars too.
_HEADINGS = frozenset({"h1", "h2"})

#: Digits are left out of names, and headings of different levels are different elements.
_TAG_WORDS = {"h1": "hone", "h2": "htwo", "h3": "hthree", "h4": "hfour", "h5": "hfive", "h6": "hsix"}


def extract(batch: Sequence[Lines], idf: Floats) -> Features:
    """The features of a batch of documents; one without lines has none.

    A document's features are the same in every batch, to the last bit; only its containers, lines and templates are
    numbered on from those of the documents before it. `idf` is the inverse document frequency of each bucket.

    >>> from dechaff.lines.table import Joint
    >>> lines = Lines("text", title="Two cats", texts=["The cats are two."], joints=[Joint.PARAGRAPH],
    ...               link_chars=[0], blocks=[0], leaves=[0])
    >>> features = extract([lines], np.ones(hashing.BUCKETS, np.float32))
    >>> dict(zip(DENSE, features.dense[0].tolist()))["title_share"], features.word_counts.tolist()
    (0.5, [4])
    """
    layout = place_.Layout.of(batch)
    starts, document, total = layout.starts, layout.document, len(layout.document)
    container_starts = offsets([len(lines.containers.parents) for lines in batch])
    # Titles and owners stand behind the lines, so that one pass reads all.
    titles_and_owners = [*(lines.title for lines in batch), *(lines.owner for lines in batch)]
    texts = [*(lines.texts for lines in batch if lines.texts), titles_and_owners]
    buffer = buffer_of("\n".join([hashing.plain(hashing.join(group)) for group in texts]))
    form, everything = form_.form(buffer)[:, :total], hashing.words_in(buffer)
    del buffer  # large, and the next steps make large arrays, too
    words, titles = everything.part(0, total), everything.part(total, total + len(batch))
    owners = everything.part(total + len(batch), total + 2 * len(batch))
    ids = hashing.ngrams(everything.part(0, total + len(batch)))
    word_ids = ids[: len(words.line)]
    names = _names(batch, int(container_starts[-1]))
    spoken = place_.apart(words.whole, document.take(words.line))
    structure = tree_.tree(batch, starts, container_starts, names.sums)
    alike = place_.first_alike(words, document)
    repeated = np.bincount(alike, minlength=total)[alike] > 1
    headings = names.heading[structure.blocks]
    placed = place_.place(batch, layout, structure, words, spoken, titles, headings, repeated)
    link_share = placed[place_.NAMES.index("link_share")]
    known = everything.counts[: total + len(batch)]
    dense = np.concatenate(
        [
            form,
            placed,
            extent_.extent(layout, structure),
            topic_.topic(word_ids[:, 0], words.line, document, alike, idf),
            meaning_.meaning(ids[:, :2], known, document, starts, alike, link_share),
            owner_.owner(words, spoken, word_ids[:, 0], owners, document, starts, idf),
        ]
    )
    return Features(
        starts,
        word_ids,
        words.counts,
        names.ids,
        names.counts,
        names.number,
        structure,
        np.ascontiguousarray(dense.T),
        np.asarray([lines.form != "html" for lines in batch], np.bool_).repeat(steps(starts)),
    )


@dataclass(slots=True)
class _Names:
    """What the C containers of a batch are called.

    `ids` and `counts` are the n-grams of the distinct names, `number` (C) says which each container has; `sums` (C)
    are sums of word hashes, `heading` (C) tells headings.
    """

    ids: NDArray[np.int32]
    counts: Ints
    number: Ints
    sums: hashing.Hashes
    heading: Mask


def _names(batch: Sequence[Lines], containers: int) -> _Names:
    """Each distinct pair of tag and names is hashed once: most containers of a page are called alike."""
    pairs = zip(
        chain.from_iterable([lines.containers.tags for lines in batch]),
        chain.from_iterable([lines.containers.names for lines in batch]),
        strict=True,
    )
    number_of: defaultdict[tuple[str, str], int] = defaultdict(count().__next__)
    number = np.fromiter(map(number_of.__getitem__, pairs), np.int64, containers)
    words = hashing.names_of(hashing.join([f"{_TAG_WORDS.get(tag, tag)}0tag {names}" for tag, names in number_of]))
    heading = np.fromiter([tag in _HEADINGS for tag, _ in number_of], np.bool_, len(number_of))
    hashes = sums(words.whole, offsets(words.counts))
    return _Names(hashing.ngrams(words), words.counts, number, hashes[number], heading[number])
