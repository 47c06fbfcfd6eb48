"""What was judged → `PageScores`."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from dechaff.judge import LABELS, Judged
from dechaff.result import FLAGGED, Flag, Label, PageScores

_PROMOTIONAL = frozenset({Label.AD, Label.SELF_PROMOTION})
_FOREIGN = frozenset({Label.TEASER, Label.OFF_TOPIC})

_SHOWN = np.asarray([label in FLAGGED for label in LABELS])


def page_scores(judged: Judged, flags: Iterable[Flag]) -> PageScores:
    """The numbers about one document; all 0 for one without lines."""
    size = judged.size
    shown = _SHOWN[judged.labels]
    met = judged.inside & (judged.kept | shown)
    flagged, promotional, foreign = (np.zeros(len(size), bool) for _ in range(3))
    for flag in flags:
        flagged[flag.line] = True
        promotional[flag.line] = flag.label in _PROMOTIONAL
        foreign[flag.line] = flag.label in _FOREIGN
    every, in_text = size.sum(), size[met].sum()
    return PageScores(
        content_share=_share(size[judged.labels == LABELS.index(Label.CONTENT)].sum(), every),
        boilerplate_share=_share(size[judged.labels == LABELS.index(Label.BOILERPLATE)].sum(), every),
        promotional_share=_share(size[met & promotional].sum(), in_text),
        ad_density=_share(float((met & flagged).sum()), float(met.sum())),
        off_topic_share=_share(size[met & foreign].sum(), in_text),
        link_share=_share(float(sum(judged.lines.link_chars)), every),
    )


def _share(part: float, whole: float) -> float:
    return min(float(part) / float(whole), 1.0) if whole else 0.0
