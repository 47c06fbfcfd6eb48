"""Standard input to standard output: documents pass through this process in order, and several others clean them."""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any, BinaryIO, cast

from dechaff.corpus.files import BROKEN, PACKED, begun, packed, unpacked
from dechaff.corpus.formats import HEAD, format_of_bytes, no_lines
from dechaff.corpus.options import Options, OptionsError
from dechaff.corpus.progress import Progress
from dechaff.corpus.readers import broken, delimited, jsonl, read, warc
from dechaff.corpus.records import FAILED, Chunk, Outcome, Record, chunked
from dechaff.corpus.rows import kept
from dechaff.corpus.shards import Shard, shards_of
from dechaff.corpus.sources import Passed, source_of
from dechaff.corpus.summary import Summary
from dechaff.corpus.supervisor import Guarded
from dechaff.corpus.writers import Writer
from dechaff.engines.extras import needs

#: What can be written to a stream.
_STREAMED = ("jsonl", "csv", "tsv")


def stream(inputs: Sequence[str], source: BinaryIO, out: BinaryIO, options: Options) -> Summary:
    """Clean inputs, `-` for `source`, to an open file. Raises `OptionsError` on a format that is no stream."""
    if options.removed or options.attributes or options.site_repetition or options.resume:
        raise OptionsError("removed, attributes, site-repetition and resume need an output that is no stream")
    from dechaff.corpus.layout import check_free

    options.check_model()
    summary = Summary()
    with ExitStack() as stack:
        kind, chunks = _chunks(inputs, source, options)
        options = replace(options, to=options.to or (kind if kind in _STREAMED else "jsonl"))
        if options.to not in _STREAMED:
            raise OptionsError(f"to: standard output takes {', '.join(_STREAMED)}, not {options.to}")
        first = [*islice(chunks, 1)]
        progress = Progress(options, 0)
        stack.callback(progress.close, True)
        writer = _writer(stack.enter_context(packed(out, options.compression)), options, first)
        for chunk, outcomes in cleaned(chain(first, chunks), options, stack):
            check_free(chunk, options)
            for record, outcome in zip(chunk.records, outcomes, strict=True):
                summary.count(record, outcome)
            writer.write(*kept(chunk, outcomes))
            failed = sum(outcome.status in FAILED for outcome in outcomes)
            progress.step(len(outcomes), chunk.consumed, sum(len(outcome.flags) for outcome in outcomes), failed)
    return summary


def cleaned(chunks: Iterable[Chunk], options: Options, stack: ExitStack) -> Iterator[tuple[Chunk, list[Outcome]]]:
    """Chunks with their outcomes, in order, from `jobs` processes; a few chunks are read ahead."""
    from joblib import cpu_count

    jobs = options.jobs if options.jobs > 0 else max(cpu_count() + 1 + options.jobs, 1)
    idle: SimpleQueue[Guarded] = SimpleQueue()
    for _ in range(jobs):
        idle.put(stack.enter_context(Guarded(options)))
    threads = stack.enter_context(ThreadPoolExecutor(jobs))

    def clean(chunk: Chunk) -> list[Outcome]:
        guarded = idle.get()
        try:
            return guarded.outcomes(chunk.records)
        finally:
            idle.put(guarded)

    waiting: deque[tuple[Chunk, Future[list[Outcome]]]] = deque()
    stack.callback(lambda: [future.cancel() for _, future in waiting])
    for chunk in chunks:
        waiting.append((chunk, threads.submit(clean, chunk)))
        if len(waiting) > 2 * jobs:
            done, future = waiting.popleft()
            yield done, future.result()
    while waiting:
        done, future = waiting.popleft()
        yield done, future.result()


def _writer(out: BinaryIO, options: Options, first: Sequence[Chunk]) -> Writer:
    if options.to == "jsonl":
        from dechaff.corpus.writers.jsonl import JsonLines

        return JsonLines(out, options)
    from dechaff.corpus.layout import layout_of_chunks
    from dechaff.corpus.writers.delimited import Delimited

    return Delimited(out, options, layout_of_chunks(first, options))


def _chunks(inputs: Sequence[str], source: BinaryIO, options: Options) -> tuple[str, Iterator[Chunk]]:
    """The format of the first input, and the chunks of all."""
    if [*inputs] == ["-"]:
        return _of_stream(source, options)
    if "-" in inputs:
        raise OptionsError("standard input (-) is read alone")
    shards = shards_of(inputs, options, Passed())
    firsts = [*islice(shards, 1)]
    kind = firsts[0].format if firsts else "jsonl"
    return kind, (chunk for shard in chain(firsts, shards) for chunk in read(shard, options))


def _of_stream(source: BinaryIO, options: Options) -> tuple[str, Iterator[Chunk]]:
    begin, stored = begun(source, max(map(len, PACKED.values())))
    packing = next((name for name, magic in PACKED.items() if begin.startswith(magic)), None)
    head, opened = begun(unpacked(stored, packing), HEAD)
    kind = options.from_ or format_of_bytes(head) or "text"
    if kind == "jsonl" and (why := no_lines(head)):
        raise OptionsError(f"standard input {why}")
    return kind, _to_a_break(_chunks_of(opened, kind, head, options), options)


def _to_a_break(chunks: Iterator[Chunk], options: Options) -> Iterator[Chunk]:
    """Chunks, and a row that says so where no more can be read."""
    try:
        yield from chunks
    except BROKEN as error:
        yield Chunk([broken("-", error, options)])


def _chunks_of(opened: BinaryIO, kind: str, head: bytes, options: Options) -> Iterator[Chunk]:
    shard = Shard(0, kind, ())
    if kind == "jsonl":
        yield from chunked(jsonl.records(opened, None, "-", shard, options))
    elif kind in ("csv", "tsv"):
        yield from chunked(delimited.records(opened, None, "-", kind, options))
    elif kind == "warc":
        yield from chunked((record, 0) for record in warc.forward(opened, "-", options))
    elif kind == "text":
        document = opened.read(options.max_document_bytes + 1)
        record = Record("-", document, kind=cast("Any", options.kind))
        if len(document) > options.max_document_bytes:
            record.document, record.error = None, f"more than max-document-bytes ({options.max_document_bytes})"
        yield Chunk([record])
    elif kind == "arrow" and not head.startswith(b"ARROW1"):
        from dechaff.corpus.readers import arrow

        yield from arrow.records(needs("pyarrow", "corpus").ipc.open_stream(opened), "-", shard, options)
    else:  # these are read from their ends
        with tempfile.NamedTemporaryFile(suffix=f".{kind}") as whole:
            shutil.copyfileobj(opened, whole)
            whole.flush()
            for chunk in read(replace(shard, files=(source_of(whole.name),)), options):
                for record in chunk.records:
                    record.place = f"-{record.place.removeprefix(whole.name)}"
                yield chunk
