"""CPU time a page, side by side with other tools in one process.

    python -m benchmarks.speed [--pages DATA.parquet|FOLDER] [--sample N] [--rounds N] [--json FILE]

Each round runs every tool over the same pages, in a new order each time, and takes the CPU time of the whole
process (all threads). Reported are the median over rounds in milliseconds a page, and the ratio of medians to
`dechaff.clean`. Absolute times depend on the machine and on what else it does; ratios of one run can be compared.
One round before the first is not counted.
"""

from __future__ import annotations

import argparse
import gc
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.tools import NAMES, Page, Tool, attempt, installed, read_pages, sample, table, versions, write_json

FIXTURES = Path(__file__).parent.parent / "fixtures"
BATCH = "dechaff clean_many"

#: Runs over all pages and says how many raised.
Runner = Callable[[Sequence[bytes]], int]


def one_by_one(tool: Tool) -> Runner:
    """A runner that gives the tool a page at a time."""
    return lambda pages: sum(attempt(tool, html)[1] for html in pages)


def _batched(pages: Sequence[bytes]) -> int:
    import dechaff

    for _ in dechaff.clean_many(pages):
        pass
    return 0


def runners(names: Sequence[str]) -> dict[str, Runner]:
    """A runner for every installed tool among `names`, and one for dechaff in batches."""
    found = {name: one_by_one(tool) for name, tool in installed(names).items()}
    if "dechaff" in found:
        found[BATCH] = _batched
    return found


def measure(runs: dict[str, Runner], pages: Sequence[Page], rounds: int, seed: int) -> dict[str, dict[str, float]]:
    """For each runner the median, least and largest CPU milliseconds a page over the rounds, and pages that raised."""
    html = [page.html for page in pages]
    rng, order = random.Random(seed), list(runs)
    raised = {name: runs[name](html) for name in order}
    spent: dict[str, list[float]] = {name: [] for name in order}
    for _ in range(rounds):
        rng.shuffle(order)
        for name in order:
            gc.collect()
            started = time.process_time()
            runs[name](html)
            spent[name].append(1000 * (time.process_time() - started) / len(html))
    return {
        name: {"median_ms": statistics.median(ms), "min_ms": min(ms), "max_ms": max(ms), "raised": raised[name]}
        for name, ms in spent.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.speed", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=Path, default=FIXTURES, help="Parquet file with a column html, or a folder")
    parser.add_argument("--sample", type=int, metavar="N", help="measure on N pages drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tools", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--json", metavar="FILE", help="also write the figures")
    args = parser.parse_args(arguments)
    pages = sample(read_pages(args.pages), args.sample, args.seed)
    runs = runners(args.tools)
    if not pages or not runs:
        print("no pages or no tools to measure", file=sys.stderr)
        return 2
    size = sum(len(page.html) for page in pages) / len(pages)
    print(f"{len(pages)} pages, {size / 1000:.0f} kB a page on average, {args.rounds} rounds, CPU time\n")
    figures = measure(runs, pages, args.rounds, args.seed)
    base = figures.get("dechaff", {}).get("median_ms")
    shown = [
        [
            name,
            f"{figure['median_ms']:.2f}",
            f"{figure['min_ms']:.2f}–{figure['max_ms']:.2f}",
            f"{figure['median_ms'] / base:.2f}" if base else "",
            f"{figure['raised']:.0f}",
        ]
        for name, figure in sorted(figures.items(), key=lambda item: item[1]["median_ms"])
    ]
    print(table(["tool", "median ms/page", "least–largest", "times dechaff", "raised"], shown))
    write_json(
        args.json,
        {
            "pages": len(pages),
            "bytes_a_page": round(size),
            "rounds": args.rounds,
            "seed": args.seed,
            "python": platform.python_version(),
            "versions": versions(name for name in figures if name != BATCH),
            "tools": figures,
            "times_dechaff": {n: f["median_ms"] / base for n, f in figures.items()} if base else {},
        },
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
