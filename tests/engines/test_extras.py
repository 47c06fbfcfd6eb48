"""What a missing package says, and that none is loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"pyarrow", "pandas", "polars", "pyspark", "ray", "dask", "distributed", "datatrove", "datasets", "joblib"}


@pytest.mark.parametrize("module", ["dechaff.arrow", "dechaff.engines.backend", "dechaff.engines.spark"])
def test_heavy_packages_stay_out(module: str) -> None:
    program = f"import {module}, sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY.intersection(loaded)


@pytest.mark.parametrize(
    ("package", "code", "extra"),
    [
        ("pyarrow", "from dechaff.arrow import clean_table; clean_table({'html': ['']})", "arrow"),
        ("pyspark", "from dechaff.engines import spark; spark.clean(None)", "spark"),
        ("datatrove", "import dechaff.engines.datatrove", "datatrove"),
        (
            "distributed",
            "from dechaff.engines.backend import backend; backend('tcp://127.0.0.1:1').__enter__()",
            "dask",
        ),
        ("ray", "from dechaff.engines.backend import backend; backend('ray').__enter__()", "ray"),
    ],
)
def test_the_error_names_the_extra(package: str, code: str, extra: str) -> None:
    program = f"import sys; sys.modules[{package!r}] = None\n{code}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(
        f'{package} is not installed; it comes with: pip install "dechaff[{extra}]"'
    )
