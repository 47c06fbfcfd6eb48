"""Every example of `docs/engines.md` runs as it stands there, in a process of its own, and cleans its pages."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.pages import AD, PARAGRAPHS, article

GUIDE = Path(__file__).parent.parent.parent / "docs" / "engines.md"
PAGES = 40
CLEANED = "\n\n".join(PARAGRAPHS)

#: The code of each example by its heading.
EXAMPLES = dict(re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?```python\n(.*?)```", GUIDE.read_text("utf-8"), re.S | re.M))

#: The package that an example needs, by its heading.
NEEDED = {
    "Spark": "pyspark",
    "Ray Data": "ray",
    "Hugging Face datasets": "datasets",
    "Polars": "polars",
    "pandas": "pandas",
    "Arrow batches": "pyarrow",
    "datatrove": "datatrove",
}


@pytest.fixture(autouse=True)
def pages(tmp_path: Path) -> None:
    ids = [*range(PAGES)]
    urls = [f"https://post.example/{i}" for i in ids]
    pq.write_table(pa.table({"id": ids, "url": urls, "html": [article(ad=AD)] * PAGES}), tmp_path / "pages.parquet")


def execute(code: str, folder: Path) -> str:
    code = code.replace("/shared/", f"{folder}/")
    (folder / "example.py").write_text(code, "utf-8")
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "example.py"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-5000:]
    return done.stdout


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """What was written: Parquet, as a file or a folder, or datatrove's JSON lines."""
    for path in sorted((folder / "cleaned").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield {**row["metadata"], "text": row["text"]}
    for path in sorted([*folder.glob("cleaned.parquet"), *(folder / "cleaned").glob("*.parquet")]):
        yield from pq.read_table(path).to_pylist()


def test_examples_are_short() -> None:
    assert EXAMPLES.keys() >= NEEDED.keys()
    assert max(code.count("\n") for code in EXAMPLES.values()) <= 15


@pytest.mark.parametrize("name", NEEDED)
def test_example(name: str, tmp_path: Path) -> None:
    pytest.importorskip(NEEDED[name])
    execute(EXAMPLES[name], tmp_path)
    check(tmp_path)


def test_dask_example(dask: str, tmp_path: Path) -> None:
    code = EXAMPLES["Dask"]
    assert "tcp://127.0.0.1:8786" in code
    assert execute(code.replace("tcp://127.0.0.1:8786", dask), tmp_path) == f"{PAGES}\n"
    check(tmp_path)


def test_ray_example(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    assert execute(EXAMPLES["Ray"], tmp_path).endswith(f"{PAGES}\n")  # after what Ray itself says
    check(tmp_path)


def check(folder: Path) -> None:
    """All pages are there, clean and with their flags."""
    found = [*rows(folder)]
    assert sorted(row["url"] for row in found) == sorted(f"https://post.example/{i}" for i in range(PAGES))
    for row in found:
        assert (row["text"], row["dechaff_status"]) == (CLEANED, "ok")
        flags = row["dechaff_flags"]
        assert [flag["text"] for flag in (json.loads(flags) if isinstance(flags, str) else flags)] == [AD]
