"""The options of a `Cleaner` in a corpus run: they do there what they do anywhere, in every process."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import dechaff
from dechaff import cli
from dechaff.corpus import CorpusError, Options, OptionsError, clean
from dechaff.corpus.options import read_toml, to_toml
from dechaff.corpus.records import Record, site_of
from dechaff.corpus.supervisor import Guarded
from tests.choices import CHOICES, PAGE, URLS, expected, lenient_model
from tests.corpus.data import read_jsonl, write_jsonl
from tests.pages import AD, PARAGRAPHS, article


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that leaves adverts in."""
    return lenient_model(tmp_path / "lenient model")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return write_jsonl(tmp_path / "in.jsonl", [{"html": PAGE, "url": url} for url in URLS])


def texts(pages: Path, **options: Any) -> list[str]:
    """The cleaned texts of a corpus."""
    output = pages.with_name("out.jsonl")
    clean(pages, output, jobs=1, quiet=True, overwrite=True, **options)
    return [row["text"] for row in read_jsonl(output)]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", CHOICES)
def test_options_mean_what_they_mean_for_a_cleaner(name: str, pages: Path) -> None:
    found = texts(pages, **CHOICES[name])
    assert found == expected(**CHOICES[name]) != expected()
    assert (found[0] == found[1]) is (name != "sites")


def test_processes_get_them_all(pages: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a model whose name starts from the folder of the run."""
    monkeypatch.chdir(pages.parent)
    options = {**CHOICES["deny"], **CHOICES["sites"], "thresholds": {"metadata": (1, None)}, "model": Path(model.name)}
    found = texts(pages, **options)
    assert found == expected(**options)
    assert AD in found[2]
    assert PARAGRAPHS[1] not in found[2]


@pytest.mark.usefixtures("here")
def test_a_field_can_name_the_site(tmp_path: Path) -> None:
    rows = [{"html": PAGE, "from": site, "url": URLS[0]} for site in ("news.other.example", "", "third.example")]
    path = write_jsonl(tmp_path / "in.jsonl", rows)
    sites = {"other.example": {"deny": ["railway bridge"]}, "post.example": {"deny": ["ice has left"]}}
    found = texts(path, site_field="from", sites=sites)
    gone = [[number for number, text in enumerate(PARAGRAPHS) if text not in row] for row in found]
    assert gone == [[1], [5], []]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
@pytest.mark.usefixtures("here")
def test_hosts_and_urls_name_the_same_site(form: str, tmp_path: Path) -> None:
    """In the field with the site, and as URLs with a scheme or without."""
    named = ["https://www.Other.example/a", "www.other.example/b", "other.example"]
    rows = [{"html": PAGE, "from": name, "url": URLS[0]} for name in named]
    rows += [{"html": PAGE, "from": None, "url": url} for url in ["http://post.example", "post.example/x", "page 3"]]
    path = write_jsonl(tmp_path / "in.jsonl", rows)
    if form == "parquet":
        path = tmp_path / "in.parquet"
        pq.write_table(pa.Table.from_pylist(rows), path)
    sites = {"other.example": {"deny": ["railway bridge"]}, "post.example": {"deny": ["ice has left"]}}
    for option, seen in (
        ({"site_field": "from"}, {"other.example": 3, "post.example": 2}),
        ({"site_field": None}, {"post.example": 5}),
    ):
        summary = clean(path, tmp_path / "out.jsonl", jobs=1, quiet=True, overwrite=True, sites=sites, **option)
        assert {site: counts["documents"] for site, counts in summary.sites.items()} == seen
    gone = [[number for number, text in enumerate(PARAGRAPHS) if text not in row]
            for row in texts(path, site_field="from", sites=sites)]  # fmt: skip
    assert gone == [[1], [1], [1], [5], [5], []]


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("//example.org/a", "example.org"),
        ("EXAMPLE.org:8080/x", "example.org"),
        ("example.org?x=1.txt", "example.org"),
        (" www.example.org. ", "example.org"),
        ("https://user:word@example.org/", "example.org"),
        ("http://localhost/a", "localhost"),
        ("127.0.0.1/a", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("bücher.de", "bücher.de"),
        ("http://xn--bcher-kva.de/", "bücher.de"),
        *(
            (garbage, "")
            for garbage in ("index.html?next=/a", "page.php?u=http://x.example/", "index.html#/r", "a.warc")
        ),
        *((garbage, "") for garbage in ("", "-", "..", "page", "Dr. Smith", "3.14", "v1.2", "U.S.", "a..b.com")),
        *((garbage, "") for garbage in ("mailto:me@example.org", "javascript:void(0)", "urn:isbn:12", "C:\\a\\b.html")),
        *((garbage, "") for garbage in ("articles/a.html", "index.html", "/a/b.example", "http://a b/", "https://")),
    ],
)
def test_the_site_of_what_may_be_a_url(url: str, site: str) -> None:
    assert site_of(url) == site


@pytest.mark.usefixtures("here")
def test_what_is_repeated_on_a_site_goes_only_if_it_may(tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "in.jsonl",
        [
            {"html": article(body=f"<p>{AD}</p><p>Case {'abcdefghijkl'[i] * 5} was opened.</p>"), "url": URLS[0]}
            for i in range(12)
        ],
    )
    never, hardly = (dict.fromkeys(("ad", "self_promotion", "teaser"), (0.1, remove)) for remove in (None, 1.0))
    for options in ({"allow": [AD]}, {"thresholds": never}):
        assert all(AD in text for text in texts(path, site_repetition=True, **options))
    assert all(AD in text for text in texts(path, thresholds=hardly))
    assert not any(AD in text for text in texts(path, site_repetition=True, thresholds=hardly))


@pytest.mark.usefixtures("here")
def test_a_run_goes_on_with_the_options_that_it_was_begun_with(pages: Path, model: Path) -> None:
    options = {**CHOICES["allow"], **CHOICES["thresholds"], **CHOICES["sites"], "model": model}
    output = pages.with_name("out.jsonl")
    assert texts(pages, **options)
    clean(pages, output, resume=True, **options)
    for name, other in (
        ("allow", ["Something else"]),
        ("deny", {"Something"}),
        ("thresholds", {"ad": (0.5, 0.6)}),
        ("sites", None),
        ("model", None),
    ):
        with pytest.raises(CorpusError, match=f"the option {name} was "):
            clean(pages, output, resume=True, **{**options, name: other})
    with pytest.raises(CorpusError, match=r"the option deny was another; give"):
        clean(pages, output, resume=True, **options, deny=["A phrase of many"] * 1000)
    (model / "manifest.json").write_text((model / "manifest.json").read_text() + "\n")
    with pytest.raises(CorpusError, match="another model"):
        clean(pages, output, resume=True, **options)


def test_a_process_notices_another_model_under_the_same_name(model: Path) -> None:
    record = Record("1", PAGE, kind="html")
    with Guarded(Options(model=str(model))) as guarded:
        [lenient] = guarded.outcomes([record])
        shutil.copy(Path(dechaff.__file__).parent / "model" / "default" / "manifest.json", model)
        [balanced] = guarded.outcomes([record])
    assert AD in (lenient.text or "")
    assert AD not in (balanced.text or AD)


@pytest.mark.usefixtures("here")
def test_arguments_and_tables_of_toml(
    pages: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(pages.parent)
    Path("mine.toml").write_text(
        f"""
        [tool.dechaff]
        allow = ["Buy 2 bottles, and \\"save\\""]
        deny = ["railway bridge", "ice has\\u007f left"]
        model = "{model.name}"
        [tool.dechaff.thresholds]
        teaser = [0.3, "never"]
        ad = [0.25, 1]
        [tool.dechaff.sites."post.example"]
        deny = ["Shop: with=us"]
        allow = ["Readers' offer", "Ünser"]
        """,
        encoding="utf-8",
    )
    arguments = [
        *("--allow", 'Buy 2 bottles, and "save"', "--deny", "railway bridge", "--deny", "ice has\x7f left"),
        *("--model", model.name, "--thresholds", "teaser=0.3,never", "--thresholds", "ad=.25,1"),
        *("--sites", "post.example:deny=Shop: with=us", "--sites", "post.example:allow=Readers' offer"),
        *("--sites", "post.example:allow=Ünser"),
    ]
    options = Options(
        allow=('Buy 2 bottles, and "save"',),
        deny=("railway bridge", "ice has\x7f left"),
        thresholds={"teaser": [0.3, None], "ad": [0.25, 1.0]},
        sites={"post.example": {"deny": ["Shop: with=us"], "allow": ["Readers' offer", "Ünser"]}},
        model=model.name,
    )
    assert Options.of(read_toml("mine.toml")) == options
    for given in (["--config", "mine.toml"], arguments):
        assert cli.main(["corpus", "--show-config", *given]) == 0
        Path("shown.toml").write_text(capsys.readouterr().out, encoding="utf-8")
        assert Options.of(read_toml("shown.toml")) == options
        assert cli.main(["corpus", "in.jsonl", "-o", "out.jsonl", "--quiet", "--overwrite", *given]) == 0
        assert [row["text"] for row in read_jsonl(Path("out.jsonl"))] == expected(**options.of_cleaner())
    assert Options.of(json.loads(json.dumps(options.to_dict()))) == options
    assert to_toml({"deny": []}) == "[tool.dechaff]\ndeny = []"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"allow": "one phrase"}, "allow is 'one phrase', which is no list of phrases"),
        ({"deny": 5}, "deny is 5,"),
        ({"deny": [" "]}, "deny holds ' ', which is no phrase"),
        ({"deny": [3]}, "deny holds 3"),
        ({"deny": ["\ud800"]}, "deny: "),
        ({"deny": [re.compile("^PR:")]}, r"deny holds a compiled pattern, '\^PR:'; here a phrase is a str"),
        ({"sites": {"a.example": {"deny": [re.compile("x")]}}}, "sites: a.example: deny holds a compiled pattern"),
        ({"sites": {"a.example": {"deny": "x"}}}, "sites: a.example: deny is 'x'"),
        ({"sites": {"a": {"example": {}}}}, "sites: a: example is {}"),
        ({"sites": {"a.example": {"drop": ["x"]}}}, r"sites\['a.example'\] has drop"),
        ({"sites": {"a.example": ["x"]}}, "sites: a.example is "),
        ({"sites": ["x"]}, "sites is "),
        ({"sites": {1: {}}}, "sites: 1 is no host name"),
        ({"thresholds": {"advert": (0.1, 0.2)}}, "thresholds: unknown label 'advert'"),
        ({"thresholds": {"ad": (0.1, 2)}}, "thresholds: ad has 2"),
        ({"thresholds": {"ad": 0.1}}, "thresholds: ad needs a pair"),
        ({"thresholds": {"ad": ("never", 0.1)}}, "thresholds: ad has None"),
        ({"thresholds": [0.1]}, "thresholds is "),
        ({"model": 5}, "model is 5"),
        ({"keep": 5}, "keep is 5"),
    ],
)
def test_options_that_mean_nothing_are_refused_by_name(wrong: dict[str, Any], says: str) -> None:
    for make in (Options.of, lambda given: Options(**given)):
        with pytest.raises(OptionsError, match=f"^{says}"):
            make(wrong)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--thresholds", "ad=much"], "argument --thresholds: 'ad=much' is not LABEL=FLAG,REMOVE"),
        (["--thresholds", "ad=0.2,7"], "thresholds: ad has 7.0"),
        (["--sites", "post.example:drop=x"], "argument --sites: 'post.example:drop=x' is not HOST:allow=PHRASE"),
        (["--deny", ""], "deny holds ''"),
        (["--model", "nowhere"], f"model: nowhere{os.sep}manifest.json: No such file"),
    ],
)
def test_wrong_arguments_write_nothing(
    arguments: list[str], says: str, pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(pages.parent)
    try:
        code: Any = cli.main(["corpus", "in.jsonl", "-o", "out.jsonl", *arguments])
    except SystemExit as left:
        code = left.code
    assert code == 2
    assert says in capsys.readouterr().err
    assert [path.name for path in Path().iterdir()] == ["in.jsonl"]
