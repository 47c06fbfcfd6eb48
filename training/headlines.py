"""Headlines that are bait or not, to learn `PageScores.clickbait` from."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dechaff.tactics.headline import without_site
from training.data import read_jsonl

#: Pages of these types are named, not announced: nobody has marked their titles, but hardly any is bait.
_NAMED = ("documentation", "product", "service", "collection")
_NAMED_WEIGHT = 0.5
_FOLDS = 5


@dataclass(slots=True)
class Headlines:
    """N headlines: whether each is bait, its source (`en`, `es` are marked by people; `named`), weight and fold."""

    texts: list[str]
    bait: NDArray[np.bool_]
    source: NDArray[np.str_]
    weight: NDArray[np.float64]
    fold: NDArray[np.int64]


def read_headlines(data: Path) -> Headlines:
    """English and Spanish headlines, and titles of pages that hardly announce anything."""
    import pyarrow.parquet as pq

    rows: list[tuple[str, bool, str, float]] = []
    for row in read_jsonl(data / "text" / "stop_clickbait.jsonl.gz"):
        rows.append((row["text"], row["label"] == "clickbait_headline", "en", 1.0))
    for row in read_jsonl(data / "text" / "ta1c_es_clickbait.jsonl.gz"):
        rows.append((row["text"], row["label"] == "clickbait", "es", 1.0))
    for row in pq.read_table(data / "wcxb_dev.parquet", columns=["title", "page_type"]).to_pylist():
        if row["title"] and row["page_type"] in _NAMED:
            rows.append((without_site(row["title"]), False, "named", _NAMED_WEIGHT))
    texts, bait, source, weight = map(list, zip(*rows, strict=True))
    fold = [zlib.crc32(text.encode()) % _FOLDS for text in texts]
    return Headlines(texts, np.asarray(bait), np.asarray(source), np.asarray(weight), np.asarray(fold))
