"""The options of a `Cleaner` in `dechaff.arrow`: they do there what they do anywhere, also in other processes."""

from __future__ import annotations

import json
import re
import shutil
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import dechaff
from dechaff.arrow import clean_batches, clean_table, schema
from dechaff.labels import Label
from dechaff.model.store import ModelError
from tests import choices
from tests.pages import AD


def addressed(**columns: Any) -> pa.Table:
    """The page of `CHOICES` at each of its URLs."""
    return pa.table({"html": [choices.PAGE] * len(choices.URLS), **(columns or {"url": choices.URLS})})


def texts(table: pa.Table, **options: Any) -> list[str]:
    return [*clean_table(table, columns=["text"], **options).column("text").to_pylist()]


@pytest.mark.parametrize("name", choices.CHOICES)
def test_options_mean_what_they_mean_for_a_cleaner(name: str) -> None:
    options = choices.CHOICES[name]
    assert texts(addressed(), **options) == choices.expected(**options) != choices.expected()


def test_options_in_other_forms() -> None:
    deny = (phrase for phrase in ["railway bridge"])
    assert texts(addressed(), deny=deny) == choices.expected(deny=["railway bridge"])
    assert texts(addressed(), thresholds={Label.AD: [0.01, "never"]}) == choices.expected(
        thresholds={"ad": (0.01, None)}
    )
    assert texts(addressed(), keep=[Label.CONTENT, "ad"]) == choices.expected(keep=["content", "ad"])


def test_a_model_and_another_one_under_its_name(tmp_path: Path) -> None:
    model = choices.lenient_model(tmp_path / "own model")
    assert texts(addressed(), model=model) == texts(addressed(), model=str(model)) == choices.expected(model=model)
    assert AD in texts(addressed(), model=model)[0]
    shutil.copy(Path(dechaff.__file__).parent / "model" / "default" / "manifest.json", model)
    assert texts(addressed(), model=model) == choices.expected()


@pytest.mark.parametrize(
    ("columns", "options"),
    [
        ({"from": choices.URLS}, {"url_field": "from"}),
        ({"meta": [{"url": url} for url in choices.URLS]}, {"url_field": "meta.url"}),
        ({"url": [None] * 3, "from": choices.URLS}, {"url_field": "from"}),
        ({"url": pa.array(choices.URLS, pa.large_string())}, {}),
        ({"url": pa.array(choices.URLS).dictionary_encode()}, {}),
        ({"url": [url and url.encode() + b"\xff" for url in choices.URLS]}, {}),
        ({"url": [choices.URLS[0], "http://[", ""]}, {}),
        ({"site": choices.URLS}, {"site_field": "site"}),
        ({"url": [choices.URLS[1]] * 2 + [None], "site": choices.URLS}, {"site_field": "site"}),
        ({"url": choices.URLS, "site": [None, "", None]}, {"site_field": "site"}),
        ({"meta": [{"site": "www.post.example"}, {"site": "other.example"}, None]}, {"site_field": "meta.site"}),
    ],
)
def test_urls_say_whose_phrases_count(columns: dict[str, Any], options: dict[str, Any]) -> None:
    sites = choices.CHOICES["sites"]
    table = addressed(**columns)
    assert texts(table, **options, **sites) == choices.expected(**sites)
    assert {*columns} <= {*clean_table(table, **options, **sites).column_names}  # they pass untouched


def test_urls_of_rows_without_a_document() -> None:
    documents = [None, choices.PAGE, None, choices.PAGE]
    urls = [choices.URLS[1], choices.URLS[0], choices.URLS[0], choices.URLS[1]]
    first, second, *_ = choices.expected(**choices.CHOICES["sites"])
    found = texts(pa.table({"html": documents, "url": urls}), **choices.CHOICES["sites"])
    assert found == [None, first, None, second]


@pytest.mark.parametrize("options", [{}, {"site_field": "site"}])
def test_urls_stand_in_the_json(options: dict[str, Any]) -> None:
    table = addressed(url=choices.URLS, site=["post.example", None, "other.example"])
    rows = clean_table(table, columns=["json"], **options).to_pylist()
    assert [json.loads(row["dechaff_json"])["url"] for row in rows] == [*choices.URLS]


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        ({"link": choices.URLS}, {}, "say with url_field which column holds the URLs .*; columns are html, link"),
        ({"url": [1, 2, 3]}, {}, "say with url_field"),
        ({"url": [1, 2, 3]}, {"url_field": "url"}, "column url holds int64, not strings"),
        ({"url": choices.URLS}, {"url_field": "link"}, "no column is named link"),
    ],
)
def test_sites_need_urls(columns: dict[str, Any], options: dict[str, Any], message: str) -> None:
    table = addressed(**columns)
    for function in (clean_table, lambda table, **options: schema(table.schema, **options)):
        with pytest.raises(ValueError, match=message):
            function(table, **options, **choices.CHOICES["sites"])
    if not options:
        assert texts(table) == texts(table, sites={}) == texts(table, sites=None) == choices.expected()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"deny": [re.compile("^PR:")]}, TypeError, r"deny holds a compiled pattern, '\^PR:'"),
        ({"sites": {"a.example": {"allow": [re.compile("x")]}}}, TypeError, "sites: a.example: allow holds a compiled"),
        ({"allow": "one phrase"}, TypeError, "allow is 'one phrase', which is no list of phrases"),
        ({"deny": [" "]}, TypeError, "deny holds ' '"),
        ({"sites": {"a.example": {"drop": ["x"]}}}, ValueError, r"sites\['a.example'\] has drop"),
        ({"sites": ["x"]}, TypeError, "sites is"),
        ({"thresholds": {"ad": 0.1}}, TypeError, "thresholds: ad needs a pair"),
        ({"keep": "content"}, TypeError, "keep is a set of labels"),
        ({"keep": ["adverts"]}, ValueError, "adverts"),
        ({"model": "nowhere"}, ModelError, "nowhere.*manifest.json: No such file"),
        ({"site": {}}, TypeError, "site"),
    ],
)
def test_options_that_mean_nothing_raise_before_the_first_batch(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        clean_batches([], **options)


def test_options_travel_to_processes(tmp_path: Path) -> None:
    """As partials of a function do, which is what engines send to their workers."""
    options = {name: value for choice in choices.CHOICES.values() for name, value in choice.items()}
    options["model"] = choices.lenient_model(tmp_path / "own model")
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        cleaned = pool.submit(partial(clean_table, columns=["text"], **options), addressed()).result(120)
    assert cleaned.column("text").to_pylist() == choices.expected(**options)
