"""What is shipped and what an import costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata, resources
from pathlib import Path

import pytest

import dechaff

PUBLIC = {
    "Cleaner",
    "Flag",
    "Label",
    "Line",
    "PageScores",
    "Reason",
    "Result",
    "Tactic",
    "clean",
    "clean_many",
    "clean_soup",
    "score",
}

#: Slow to import, and not needed to clean a page.
HEAVY = {"bs4", "charset_normalizer", "joblib", "pandas", "scipy", "sklearn", "torch"}

PAGE = "<html><head><title>News</title></head><body><nav><a href='/'>Home</a></nav>" + "".join(
    f"<p>The council met on day {i} and decided on the budget of the library.</p>" for i in range(6)
)
TEXT = "The council met on Monday.\n\nIt decided on the budget of the library."


#: What only hostile pages, other documents, flags or scores need.
RARE = {
    f"dechaff.{name}"
    for name in (
        "flagging", "scores", "lines.bound", "lines.fragment", "lines.nesting", "lines.sheets", "lines.soup",
        "lines.tags", "lines.text", "lines.unwrap", "hidden.flags", "hidden.orders", "hidden.smuggled",
        "sentences.flags", "tactics.flags",
    )
}  # fmt: skip


def all_modules_after(code: str) -> set[str]:
    """The modules that a fresh interpreter holds after running `code`."""
    program = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def modules_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after running `code`."""
    return {name.split(".")[0] for name in all_modules_after(code)}


@pytest.mark.parametrize(
    "code",
    [
        "import dechaff",
        f"import dechaff; assert dechaff.clean({PAGE.encode()!r}).text",
        f"import dechaff; assert dechaff.clean({PAGE!r}).text",
        f"import dechaff; assert dechaff.clean({TEXT!r}, kind='text').text",
        f"import dechaff; dechaff.score({PAGE!r})",
        f"import dechaff; list(dechaff.clean_many([{PAGE!r}]))",
    ],
    ids=["import", "bytes", "str", "text", "score", "many"],
)
def test_heavy_packages_stay_out(code: str) -> None:
    assert not modules_after(code) & HEAVY


def test_import_alone_loads_nothing() -> None:
    assert "selectolax" not in modules_after("import dechaff")


def test_text_of_a_plain_page_waits_for_nothing_that_few_pages_need() -> None:
    assert not all_modules_after(f"import dechaff; assert dechaff.clean({PAGE!r}).text") & RARE
    assert "dechaff.flagging" in all_modules_after(f"import dechaff; dechaff.clean({PAGE!r}).flags")


@pytest.mark.parametrize("own", [None, "26"], ids=["unset", "set"])
def test_idle_threads_of_openblas_sleep_soon_unless_the_user_says_otherwise(own: str | None) -> None:
    known = {name: value for name, value in os.environ.items() if name != "OPENBLAS_THREAD_TIMEOUT"}
    if own is not None:
        known["OPENBLAS_THREAD_TIMEOUT"] = own
    program = "import dechaff, os; print(os.environ['OPENBLAS_THREAD_TIMEOUT'])"
    done = subprocess.run([sys.executable, "-c", program], env=known, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (own or "20")


def test_public_names() -> None:
    assert set(dechaff.__all__) >= PUBLIC
    for name in dechaff.__all__:
        assert getattr(dechaff, name) is not None
        assert name in dir(dechaff)


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        dechaff.no_such_name  # noqa: B018 - the access is what is tested


def test_version_is_the_distribution_version() -> None:
    assert dechaff.__version__ == metadata.version("dechaff")


def test_typed_and_model_shipped() -> None:
    with resources.as_file(resources.files("dechaff")) as folder:
        shipped = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert Path("py.typed") in shipped
    assert {".json", ".npz"} <= {path.suffix for path in shipped if path.parts[0] == "model"}
