"""Spark, in a process of its own: it leaves files and processes open behind it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import choices

pytest.importorskip("pyspark")

ROOT = Path(__file__).parent.parent.parent

#: Options of every kind reach the workers, and those that are no plain data raise before there is work.
PROGRAM = """
import re
from pathlib import Path

from pyspark.sql import SparkSession

from dechaff.engines import spark
from tests import choices

session = SparkSession.builder.master("local[2]").getOrCreate()
pages = session.read.parquet("pages.parquet")
model = choices.lenient_model(Path("own model"))
for options in (*choices.CHOICES.values(), {"model": model}, {"deny": (word for word in ["railway bridge"])}):
    cleaned = spark.clean(pages, columns=["text"], **options)
    assert sorted(cleaned.columns) == ["n", "text", "url"]
    found = [row.text for row in cleaned.sort("n").collect()]
    plain = {"deny": ["railway bridge"]} if "deny" in options else options
    assert found == choices.expected(**plain) != choices.expected(), options
for wrong, error in (({"deny": [re.compile("x")]}, TypeError), ({"url_field": "link"}, ValueError)):
    try:
        spark.clean(pages, **wrong)
    except error:
        continue
    raise AssertionError(wrong)
"""


def test_options_reach_the_workers(tmp_path: Path) -> None:
    count = len(choices.URLS)
    table = pa.table({"html": [choices.PAGE] * count, "url": choices.URLS, "n": [*range(count)]})
    pq.write_table(table, tmp_path / "pages.parquet")
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]
