"""`clean`: a corpus in, a cleaned corpus out. Plans, runs shards on all cores or a cluster, and keeps the journal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from dechaff.corpus import earlier
from dechaff.corpus.apart import check_apart
from dechaff.corpus.errors import CorpusError
from dechaff.corpus.files import is_url, replaced
from dechaff.corpus.journal import OVERVIEW, REPETITION, SUMMARY, Journal, locked, sweep, sweep_beside
from dechaff.corpus.options import Options, OptionsError
from dechaff.corpus.plan import ChangedError, Place, check_same, place_of, plan
from dechaff.corpus.progress import Progress
from dechaff.corpus.shard_run import Job, part_path
from dechaff.corpus.shards import Shard
from dechaff.corpus.summary import Summary
from dechaff.corpus.supervisor import DiedError, FailedError
from dechaff.corpus.workers import answers


def clean(inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], output: str | os.PathLike[str],
          options: Options | None = None, **changes: Any) -> Summary:  # fmt: skip
    """Clean a corpus; gives the summary, which is also written beside the output: as JSON, and where the extra `report`
    is installed as an overview in HTML.

    `inputs`: names of files and folders, patterns and URLs. `output`: a file (`.jsonl`, `.csv`, `.parquet` …) or a
    folder. `options`, or any of its fields by name. Shards are cleaned by `jobs` processes. Raises `CorpusError` if the
    output exists (unless `resume` or `overwrite`), if inputs or options changed since the run that is to be resumed, if
    tables cannot become the one that is asked for, or if the output cannot be written; `OptionsError` on options that
    mean nothing, on an output or a summary that is an input, and on JSON that is no JSON lines; `FileNotFoundError`
    where an input is not there; `KeyboardInterrupt` and any of these leave what is done in place, for `resume`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with open(f"{folder}/in.jsonl", "w") as file:
    ...         _ = file.write('{"text": "The council met on Monday."}')
    ...     clean(f"{folder}/in.jsonl", f"{folder}/out.jsonl", quiet=True).documents
    1
    """
    options = Options.of({**(options or Options()).to_dict(), **changes})
    options.check_model()
    names = [os.fspath(inputs)] if isinstance(inputs, (str, os.PathLike)) else [os.fspath(name) for name in inputs]
    place = place_of(os.fspath(output))
    journal = Journal(place.side)
    check_apart(names, place, options, ours=earlier.is_ours(place, journal))
    earlier.check_output(place, journal, options)
    try:
        with locked(place.side):
            return _run(names, options, place, journal)
    except BlockingIOError:
        raise CorpusError(f"another run is writing to {place.output}") from None


def _run(inputs: Sequence[str], options: Options, place: Place, journal: Journal) -> Summary:
    if journal.exists() and options.resume:
        about = journal.about()
        try:
            options = check_same(inputs, options, place, journal, about)
        except ChangedError as error:
            raise CorpusError(
                f"{place.output} cannot be resumed: {error}; give what it was begun with, or --overwrite"
            ) from None
        sweep(place.output if not place.single else place.side)
    else:
        options, about = plan(inputs, options, place, journal)
        earlier.clear(place, journal)  # only what can be begun takes the place of what is there
        journal.begin(about)
    if place.single:
        sweep_beside(place.output)
    merged = place.single and earlier.finished(options, place, journal)
    failed = [] if merged else _shards(options, place, journal, about)
    summary = journal.summary()
    summary.passed_files, summary.failed_shards = about["passed_files"], failed
    if place.single and not failed:
        if not merged:
            _merge(options, place, journal, about)
        earlier.clear_parts(Job(options, place.parts, place.side), journal)
    _write_summaries(summary, options, journal)
    return summary


def _shards(options: Options, place: Place, journal: Journal, about: dict[str, Any]) -> list[dict[str, Any]]:
    """Have all shards cleaned that are not done; gives those that cannot be, with the error."""
    done = earlier.done(options, place, journal)
    before = sum(shard.weight for shard in journal.shards() if shard.number in done) if done else 0
    begun: dict[int, Shard] = {}
    named = [*about["inputs"], *filter(None, [options.model])]
    folder = os.getcwd() if any(_is_relative(name) for name in named) else None
    job = Job(options, os.path.abspath(place.parts), os.path.abspath(place.side), about["layout"], folder=folder)
    os.makedirs(place.parts, exist_ok=True)
    if options.site_repetition:
        job = replace(job, repetition=_repetition(job, journal, about))
    progress = Progress(options, about["bytes"], before)
    failed: list[dict[str, Any]] = []
    finished = False

    def waiting() -> Iterator[Shard]:
        for shard in journal.shards():
            if shard.number not in done:
                begun[shard.number] = shard
                yield shard

    try:
        with answers("shard", waiting(), job, progress) as found:
            _overview(Summary())  # while the others start, for what it loads: at the end nothing else would be done
            for number, summary, error in found:
                shard = begun.pop(number)
                if error is not None:
                    failed.append(_failed(shard, error, progress))
                else:
                    journal.note({"shard": number, "sizes": earlier.sizes(job, shard), "summary": summary})
        finished = True
    finally:
        journal.close()
        progress.close(finished)
    return failed


def _is_relative(name: str) -> bool:
    """Whether a name means another file in another folder. Workers of a cluster have working directories of their own.

    >>> _is_relative("pages/1.html"), _is_relative("/pages/1.html"), _is_relative("s3://pages/1.html")
    (True, False, False)
    """
    return not os.path.isabs(name) and not is_url(name)


def _repetition(job: Job, journal: Journal, about: dict[str, Any]) -> str:
    """The file with the lines that sites repeat, made in a pass of its own if it is not there yet."""
    from dechaff.corpus.repetition import Sketch

    path = os.path.join(job.side, REPETITION)
    if os.path.exists(path):
        return path
    progress = Progress(job.options, about["bytes"], name="first pass")
    total, early, following, finished = Sketch(), {}, 0, False
    try:
        with answers("sketch", journal.shards(), job, progress) as found:
            for number, sketch, error in found:
                if error is not None:
                    _failed(next(shard for shard in journal.shards() if shard.number == number), error, progress)
                early[number] = sketch or Sketch()
                while following in early:  # in the order of the inputs, so that the sum is always the same
                    total.merge(early.pop(following))
                    following += 1
        finished = True
    finally:
        progress.close(finished)
    total.table().write(path)
    return path


def _failed(shard: Shard, error: Exception, progress: Progress) -> dict[str, Any]:
    """What is said of a shard whose process dies whatever is done. Raises `CorpusError` where it cannot be written, for
    then no other can, and `OptionsError` where no other run would go on either."""
    if isinstance(error, FailedError) and error.kind == OptionsError.__name__:
        raise OptionsError(str(error)) from error
    if not isinstance(error, DiedError):
        raise CorpusError(f"{error}; what is done stays: run it again with --resume") from error
    progress.say(f"{shard.files[0].path}: {error}; the others go on, --resume tries it again")
    return {"place": f"{shard.files[0].path}@{shard.start}", "error": str(error)}


def _merge(options: Options, place: Place, journal: Journal, about: dict[str, Any]) -> None:
    from dechaff.corpus.merge import merge

    job = Job(options, place.parts, place.side)
    try:
        merge([part_path(job, shard) for shard in journal.shards()], place.output, options, about["layout"])
    except OSError as error:
        raise CorpusError(f"{place.output}: {error.strerror or error}; run it again with --resume") from error
    journal.note({"merged": True, "size": os.path.getsize(place.output)})
    journal.close()


def _write_summaries(summary: Summary, options: Options, journal: Journal) -> None:
    for path in filter(None, (journal.path(SUMMARY), options.summary)):
        write_summary(summary, path)
    html = _overview(summary)
    if html is not None:
        with replaced(journal.path(OVERVIEW)) as file:
            file.write(html.encode("utf-8", "replace"))


def write_summary(summary: Summary, path: str) -> None:
    """Write a summary to a file, as JSON; a link stays a link."""
    path = os.path.realpath(path)
    is_device = os.path.exists(path) and not os.path.isfile(path)  # or a pipe, which cannot be replaced
    with open(path, "wb") if is_device else replaced(path) as file:
        file.write(summary.to_json().encode("utf-8", "replace") + b"\n")


def _overview(summary: Summary) -> str | None:
    """The summary as a page; None without the extra `report`: then the numbers are all there is."""
    from dechaff.output.report import to_overview

    try:
        return to_overview(summary.to_dict())
    except ModuleNotFoundError:
        return None
