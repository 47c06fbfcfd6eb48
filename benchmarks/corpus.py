"""A corpus on all cores: speed beside other tools, scaling, memory, runs that are killed, lines that sites repeat.

    python -m benchmarks.corpus speed DATA.parquet [--sample N] [--jobs N] [--tools dechaff trafilatura datatrove]
    python -m benchmarks.corpus scaling DATA.parquet [--pages N]
    python -m benchmarks.corpus memory DATA.parquet [--pages 1000 50000]
    python -m benchmarks.corpus kills DATA.parquet [--times N] [--pages N]
    python -m benchmarks.corpus repetition DATA.parquet ADS.jsonl.gz

DATA has a column `html`, for `repetition` also `main_content`. Each tool is a process of its own, with as many workers,
over the same pages, given as it likes them best: a folder for trafilatura, JSON lines for datatrove and dechaff; one
that is not installed is left out. Two times are given: that on the clock, and the CPU time of the process and of all
that it started, which another load on the machine changes less. Memory is the sum over all processes of a run, with a
fair part of what they share (PSS), looked at ten times a second.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Any

from benchmarks.tools import Page, read_pages, sample, table, versions, write_json

DECHAFF = [sys.executable, "-m", "dechaff", "corpus"]

_DATATROVE = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

if __name__ == "__main__":
    folder, jobs = sys.argv[1], int(sys.argv[2])
    steps = [JsonlReader(f"{folder}/shards"), Trafilatura(), JsonlWriter(f"{folder}/datatrove")]
    LocalPipelineExecutor(steps, tasks=jobs, workers=jobs, logging_dir=f"{folder}/logs").run()
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a process took: seconds on the clock, CPU seconds with all that it started, peak megabytes."""

    wall: float
    cpu: float
    peak: float


def measured(command: Sequence[str], *, look: bool = False) -> Ran:
    """Run a command to its end; `look` at its memory meanwhile."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started, peak = time.monotonic(), 0.0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
        while process.poll() is None:
            if look:
                peak = max(peak, sum(_megabytes(pid) for pid in _family(process.pid)))
            time.sleep(0.1 if look else 0.02)
        wall = time.monotonic() - started
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command[:4])}: {said.read().decode(errors='replace')[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Ran(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak)


def _family(pid: int) -> Iterator[int]:
    """A process and all that it started (Linux)."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                yield from _family(int(child))


def _megabytes(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    return 0.0


def write_lines(path: Path, pages: Sequence[Page], count: int) -> Path:
    """A file of JSON lines with so many pages, over and over the same."""
    with path.open("w", encoding="utf-8") as file:
        encoded = [json.dumps(page.html.decode("utf-8", "replace")) for page in pages]
        for i in range(count):
            file.write(
                f'{{"id": "{i}", "url": "https://site{i % 50}.example/{i}", "text": {encoded[i % len(pages)]}}}\n'
            )
    return path


def speed(args: argparse.Namespace) -> dict[str, Any]:
    """Documents and megabytes a second, by tool."""
    pages = sample(read_pages(args.data), args.sample, args.seed)
    size = sum(len(page.html) for page in pages) / 1e6
    with tempfile.TemporaryDirectory() as name:
        folder, jobs = Path(name), str(args.jobs)
        (folder / "pages").mkdir()
        for i, page in enumerate(pages):
            (folder / "pages" / f"{i:06d}.html").write_bytes(page.html)
        (folder / "shards").mkdir()
        for part in range(args.jobs):
            write_lines(folder / "shards" / f"{part}.jsonl", pages[part :: args.jobs], len(pages[part :: args.jobs]))
        lines = write_lines(folder / "in.jsonl", pages, len(pages))
        (folder / "run_datatrove.py").write_text(_DATATROVE)
        share = str(max(lines.stat().st_size // (8 * args.jobs), 1))
        trafilatura = Path(sys.executable).with_name("trafilatura")
        commands = {
            "dechaff": [*DECHAFF, str(lines), "-o", f"{name}/out.jsonl", "-j", jobs, "--html-field", "text", "--quiet",
                        "--shard-bytes", share, "--overwrite"],
            "dechaff, one worker": [*DECHAFF, str(lines), "-o", f"{name}/one.jsonl", "-j", "1", "--html-field", "text",
                                    "--quiet", "--shard-bytes", share, "--overwrite"],
            "trafilatura": [str(trafilatura), "--input-dir", f"{name}/pages", "--output-dir", f"{name}/traf",
                            "--parallel", jobs],
            "datatrove": [sys.executable, f"{name}/run_datatrove.py", name, jobs],
        }  # fmt: skip
        there = {tool for tool in args.tools if util.find_spec(tool) is not None}
        found: dict[str, list[Ran]] = {tool: [] for tool in commands if tool.partition(",")[0] in there}
        for _ in range(args.rounds):
            for tool in found:
                for done in ("traf", "datatrove", "logs"):
                    shutil.rmtree(folder / done, ignore_errors=True)
                found[tool].append(measured(commands[tool]))
    best = {tool: min(runs, key=lambda run: run.wall) for tool, runs in found.items()}
    base = best.get("dechaff")
    rows = []
    for tool, run in best.items():
        row = [tool, f"{run.wall:.1f}", f"{len(pages) / run.wall:.0f}", f"{size / run.wall:.1f}"]
        row.append(f"{run.wall / base.wall:.2f}" if base else "")
        if tool == "datatrove":  # it does not wait for its workers, so that their time is nowhere counted
            rows.append([*row, "", ""])
            continue
        cpu = f"{run.cpu / base.cpu:.2f}" if base else ""
        rows.append([*row, f"{1000 * run.cpu / len(pages):.2f}", cpu])
    print(f"{len(pages)} pages, {size:.0f} MB, {args.jobs} workers, best of {args.rounds}\n")
    head = ["tool", "s", "pages/s", "MB/s", "times dechaff", "CPU ms/page", "CPU, times dechaff"]
    print(table(head, rows))
    return {"pages": len(pages), "megabytes": size, "tools": {tool: vars_of(run) for tool, run in best.items()}}


def scaling(args: argparse.Namespace) -> dict[str, Any]:
    """One worker and two, in turn, over the same pages."""
    pages = read_pages(args.data)
    found: dict[int, list[Ran]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        lines = write_lines(Path(folder) / "in.jsonl", pages, args.pages)
        for _ in range(args.rounds):
            for jobs in found:
                command = [*DECHAFF, str(lines), "-o", f"{folder}/out", "-j", str(jobs), "--html-field", "text"]
                found[jobs].append(measured([*command, "--quiet", "--overwrite"]))
    best = {jobs: min(run.wall for run in runs) for jobs, runs in found.items()}
    print(
        f"{args.pages} pages: {best[1]:.1f} s with one worker, {best[2]:.1f} s with two: {best[1] / best[2]:.2f} times"
    )
    return {"pages": args.pages, "seconds": best, "times": best[1] / best[2]}


def memory(args: argparse.Namespace) -> dict[str, Any]:
    """Peak megabytes of a run with two workers, for corpora of several sizes."""
    pages = sample(read_pages(args.data), args.sample, args.seed)
    peaks = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in args.pages:
            lines = write_lines(Path(folder) / "in.jsonl", pages, count)
            command = [*DECHAFF, str(lines), "-o", f"{folder}/out", "-j", "2", "--html-field", "text", "--quiet"]
            ran = measured([*command, "--overwrite"], look=True)
            peaks[count] = ran.peak
            size = lines.stat().st_size / 1e6
            print(f"{count} pages, {size:.0f} MB: peak {ran.peak:.0f} MB, {ran.wall:.0f} s", flush=True)
    return {"peak_megabytes": peaks}


def kills(args: argparse.Namespace) -> dict[str, Any]:
    """How many runs that were killed at a random moment, and resumed, equal the one that was not."""
    pages = sample(read_pages(args.data), args.pages, args.seed)
    rng, same = random.Random(args.seed), 0
    with tempfile.TemporaryDirectory() as folder:
        lines = write_lines(Path(folder) / "in.jsonl", pages, len(pages))
        share = str(lines.stat().st_size // 12)
        command = [*DECHAFF, str(lines), "-j", "2", "--html-field", "text", "--quiet", "--shard-bytes", share]
        whole = measured([*command, "-o", f"{folder}/whole.jsonl"]).wall
        expected = (Path(folder) / "whole.jsonl").read_bytes()
        for number in range(args.times):
            output = Path(folder) / f"{number}.jsonl"
            process = subprocess.Popen([*command, "-o", str(output), "--resume"])
            with suppress(subprocess.TimeoutExpired):
                process.wait(rng.random() * whole)
            killed = process.poll() is None
            process.kill()
            process.wait()
            measured([*command, "-o", str(output), "--resume"])
            equal = output.read_bytes() == expected
            same += equal
            print(
                f"{number + 1}: {'killed' if killed else 'was done'}, {'equal' if equal else 'NOT equal'}", flush=True
            )
    print(f"{same} of {args.times} equal the run that was not killed")
    return {"times": args.times, "equal": same}


#: Paragraphs that a site may repeat for good reason.
STANDING = (
    "This article is part of a series on how towns along the coast prepare for higher water.",
    "All figures in this report are taken from the statistics office's release of the first of the month.",
    "Names of the people in this story have been changed at their request.",
    "The views in this column are those of its author and were not reviewed by the people it names.",
)


def repetition(args: argparse.Namespace) -> dict[str, Any]:
    """Sites of 40 pages, each with two adverts on 37 of them and a standing paragraph on all: what is removed."""
    rng = random.Random(args.seed)
    with gzip.open(args.ads, "rt", encoding="utf-8") as file:
        adverts = [str(json.loads(line)["text"]) for line in file]
    articles = [page.gold for page in read_pages(args.data) if page.kind in ("", "article") and len(page.gold) > 1500]
    rng.shuffle(articles)
    rng.shuffle(adverts)
    lines = []
    for number, gold in enumerate(articles[: 40 * args.sites]):
        site = number // 40
        paragraphs = [part for part in gold.split("\n") if part.strip()]
        own, standing = adverts[2 * site : 2 * site + 2], STANDING[site % len(STANDING)]
        put = [(advert, "ad") for advert in own if number % 40 < 37] + [(standing, "standing")]
        for text, _ in put:
            paragraphs.insert(rng.randint(1, max(len(paragraphs) - 1, 1)), text)
        body = "".join(f"<p>{part}</p>" for part in paragraphs)
        lines.append({
            "url": f"https://site{site}.example/{number}",
            "html": f"<html><body><article>{body}</article></body></html>",
            "put": put, "gold": [part for part in gold.split("\n") if part.strip()],
        })  # fmt: skip
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/in.jsonl", "w", encoding="utf-8") as out:
            out.writelines(json.dumps(line) + "\n" for line in lines)
        for name, more in (("alone", []), ("with --site-repetition", ["--site-repetition"])):
            measured([*DECHAFF, f"{folder}/in.jsonl", "-o", f"{folder}/out.jsonl", "-j", "2", "--overwrite", *more])
            with open(f"{folder}/out.jsonl", encoding="utf-8") as rows:
                found[name] = _counts([json.loads(row) for row in rows])
    head = ["", "adverts removed", "standing paragraphs removed", "flagged", "gold lines removed per 1,000"]
    print(f"{len(lines)} pages of {len(lines) // 40} sites\n")
    print(table(head, [[name, *(f"{value:.3f}" for value in counts.values())] for name, counts in found.items()]))
    return found


def _counts(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    removed = {"ad": 0, "standing": 0}
    put = {"ad": 0, "standing": 0}
    flagged = lost = gold = 0
    for row in rows:
        kept = set(row["text"].split("\n"))
        for text, kind in row["put"]:
            put[kind] += 1
            plain = " ".join(text.split())
            removed[kind] += plain not in kept
            flagged += kind == "standing" and any(flag["text"] == plain for flag in row["dechaff_flags"])
        gold += len(row["gold"])
        lost += sum(" ".join(line.split()) not in kept for line in row["gold"])
    return {
        "adverts": removed["ad"] / max(put["ad"], 1),
        "standing": removed["standing"] / max(put["standing"], 1),
        "standing_flagged": flagged / max(put["standing"], 1),
        "gold": 1000 * lost / max(gold, 1),
    }


def vars_of(run: Ran) -> dict[str, float]:
    return {"seconds": run.wall, "cpu_seconds": run.cpu}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.corpus", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(required=True)
    for run in (speed, scaling, memory, kills, repetition):
        command = commands.add_parser(run.__name__, help=run.__doc__)
        command.set_defaults(run=run)
        command.add_argument("data", type=Path)
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--json", metavar="FILE")
        if run in (speed, memory):
            command.add_argument("--sample", type=int, default=400, metavar="N", help="different pages")
        if run in (speed, scaling):
            command.add_argument("--rounds", type=int, default=2)
        if run is speed:
            command.add_argument("--jobs", type=int, default=2)
            command.add_argument("--tools", nargs="+", default=["dechaff", "trafilatura", "datatrove"])
        if run is memory:
            command.add_argument("--pages", type=int, nargs="+", default=[1000, 50_000])
        if run in (scaling, kills):
            command.add_argument("--pages", type=int, default=20_000 if run is scaling else 300)
        if run is kills:
            command.add_argument("--times", type=int, default=20)
        if run is repetition:
            command.add_argument("ads", type=Path)
            command.add_argument("--sites", type=int, default=10)
    args = parser.parse_args(arguments)
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).parent.parent / "src"))
    figures = args.run(args)
    write_json(args.json, {"versions": versions(("dechaff", "trafilatura")), **figures})
    return 0


if __name__ == "__main__":
    sys.exit(main())
