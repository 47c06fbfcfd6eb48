"""CPU time and peak memory of a fresh interpreter that imports a tool and cleans one page.

    python -m benchmarks.startup [--page FILE] [--rounds N] [--json FILE]

Each measurement is a new process; its user and system time and its peak resident set come from the operating system
(`os.wait4`, so POSIX only). Reported are medians over rounds; "bare Python" starts the interpreter and does nothing,
and is contained in every other figure. Bytecode of all tools is kept in a folder of the measurement, whatever the
environment says: a tool that runs from its source is not charged with being compiled. This module imports no tool
itself: on Linux a child's peak resident set is never reported below that of the process which started it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import util
from pathlib import Path

PAGE = Path(__file__).parent.parent / "fixtures" / "founding_page" / "input.html"

_READ = "page = open(sys.argv[1], 'rb').read()"

#: name: (module that must be there, lines that the fresh interpreter runs)
_PROGRAMS: dict[str, tuple[str, list[str]]] = {
    "bare Python": ("sys", []),
    "numpy, import": ("numpy", ["import numpy"]),
    "dechaff, import": ("dechaff", ["import dechaff"]),
    "dechaff, first clean": ("dechaff", ["import dechaff", _READ, "dechaff.clean(page).text"]),
    "trafilatura, import": ("trafilatura", ["import trafilatura"]),
    "trafilatura, first page": ("trafilatura", ["import trafilatura", _READ, "trafilatura.extract(page)"]),
    "resiliparse, first page": (
        "resiliparse",
        [
            "from resiliparse.extract.html2text import extract_plain_text",
            "from resiliparse.parse.encoding import detect_encoding",
            "from resiliparse.parse.html import HTMLTree",
            _READ,
            "tree = HTMLTree.parse_from_bytes(page, detect_encoding(page))",
            "extract_plain_text(tree, main_content=True)",
        ],
    ),
    "justext, first page": (
        "justext",
        ["import justext", _READ, "justext.justext(page, justext.get_stoplist('English'))"],
    ),
    "readability, first page": (
        "readability",
        ["from readability import Document", _READ, "Document(page).summary()"],
    ),
}


def run(lines: Sequence[str], page: Path, bytecode: str) -> tuple[float, float]:
    """CPU milliseconds and peak resident megabytes (10^6 bytes) of one fresh interpreter that runs `lines`.

    It reads and writes its bytecode below the folder `bytecode`.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        [sys.executable, "-c", "\n".join(["import sys", *lines]), str(page)],
        env={**environment, "PYTHONPYCACHEPREFIX": bytecode},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the interpreter ended with status {process.returncode}")
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return 1000 * (usage.ru_utime + usage.ru_stime), peak / 1e6


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.startup", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", metavar="FILE", help="also write the figures")
    args = parser.parse_args(arguments)
    programs = {name: lines for name, (module, lines) in _PROGRAMS.items() if util.find_spec(module) is not None}
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as bytecode:
        for turn in range(args.rounds + 1):
            for name, lines in programs.items():
                measured = run(lines, args.page, bytecode)
                if turn:  # the first turn fills the disk cache and writes bytecode
                    seen[name].append(measured)
    figures = {
        name: {"cpu_ms": statistics.median(m for m, _ in values), "peak_mb": statistics.median(p for _, p in values)}
        for name, values in seen.items()
    }
    from benchmarks.tools import table, write_json

    shown = [[name, f"{figure['cpu_ms']:.0f}", f"{figure['peak_mb']:.0f}"] for name, figure in figures.items()]
    print(table(["fresh process", "CPU ms", "peak MB"], shown))
    write_json(args.json, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
