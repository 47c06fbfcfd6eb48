"""The datatrove step: what is kept is clean, what is dropped says why and can be read again."""

from __future__ import annotations

import gzip
import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("datatrove")

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

import dechaff
from dechaff.cleaner import Cleaner
from dechaff.engines.datatrove import Clean
from tests import choices
from tests.pages import AD, PARAGRAPHS, TEXT, TITLE, article

PAGE = article(ad=AD)
CLEANED = "\n\n".join(PARAGRAPHS)


def documents(*texts: str) -> list[Document]:
    return [Document(text, id=str(i), metadata={"url": f"https://post.example/{i}"}) for i, text in enumerate(texts)]


def read(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("*.gz")) for line in gzip.open(path, "rt")]


def test_documents_are_cleaned_in_order() -> None:
    first, second = Clean().run(documents(PAGE, TEXT))
    assert (first.id, first.text, second.text) == ("0", CLEANED, CLEANED)
    result = dechaff.clean(PAGE)
    assert first.metadata["url"] == "https://post.example/0"
    assert (first.metadata["dechaff_status"], first.metadata["dechaff_title"]) == ("ok", TITLE)
    for name, value in result.scores.to_dict().items():
        assert first.metadata[f"dechaff_{name}"] == value
    [flag] = json.loads(first.metadata["dechaff_flags"])
    assert (flag["label"], flag["text"], flag["removed"]) == ("ad", AD, True)


def test_dropped_documents_go_to_the_exclusion_writer(tmp_path: Path) -> None:
    page = article(ad=AD)
    step = Clean(
        drop_above={"promotional_share": 0.03},
        drop_below={"content_share": 0.01},
        exclusion_writer=JsonlWriter(str(tmp_path / "dropped")),
        batch_size=2,
    )
    kept = [*step.run(documents(article(), page, "", article()))]
    assert [document.id for document in kept] == ["0", "3"]
    promoted, empty = read(tmp_path / "dropped")
    assert promoted["text"] == page  # as it was read
    assert promoted["metadata"]["filter_reason"] == "promotional_share_above_0.03"
    assert promoted["metadata"]["dechaff_promotional_share"] > 0.03
    assert empty["metadata"]["filter_reason"] == "empty"
    assert step.stats["dropped_empty"].total == 1


def test_drop_below() -> None:
    step = Clean(drop_below={"content_share": 1.1})
    assert step.filter(*documents(PAGE)) == (False, "content_share_below_1.1")


def test_a_document_that_fails_is_dropped_with_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise MemoryError("no room")

    monkeypatch.setattr(Cleaner, "clean_many", fail)
    monkeypatch.setattr(Cleaner, "clean", fail)
    [document] = documents(PAGE)
    assert Clean().filter(document) == (False, "error")
    assert (document.text, document.metadata["dechaff_error"]) == (PAGE, "MemoryError: no room")


def test_wrong_options() -> None:
    with pytest.raises(ValueError, match="no score 'niceness'; scores are content_share"):
        Clean(drop_below={"niceness": 1})
    with pytest.raises(ValueError, match="harsh"):
        Clean(strictness="harsh")


def test_options_reach_the_cleaner() -> None:
    [kept] = Clean(thresholds={"ad": (0.01, None)}).run(documents(PAGE))
    assert AD in kept.text
    [markup] = Clean(kind="text").run(documents("The council <b>met</b> on Monday, as it does in every week."))
    assert "<b>" in markup.text


@pytest.mark.parametrize("name", choices.CHOICES)
def test_options_mean_what_they_mean_for_a_cleaner(name: str) -> None:
    options = choices.CHOICES[name]
    pages = [Document(choices.PAGE, id="1", metadata={"url": url} if url else {}) for url in choices.URLS]
    found = [document.text for document in Clean(**options).run(pages)]
    assert found == choices.expected(**options) != choices.expected()


@pytest.mark.parametrize("url", [choices.URLS[0], None, 5])
def test_the_url_can_stand_elsewhere(url: Any) -> None:
    page = Document(choices.PAGE, id="1", metadata={"url": choices.URLS[0], "source": url})
    [cleaned] = Clean(url_field="source", **choices.CHOICES["sites"]).run([page])
    there, _, without = choices.expected(**choices.CHOICES["sites"])
    assert cleaned.text == (there if isinstance(url, str) else without)


@pytest.mark.parametrize("site", ["www.post.example", choices.URLS[0], None, "", 5])
def test_a_field_can_name_the_site(site: Any) -> None:
    url = choices.URLS[0] if not isinstance(site, str) or not site else "https://third.example/"
    page = Document(choices.PAGE, id="1", metadata={"url": url, "site": site})
    [cleaned] = Clean(site_field="site", **choices.CHOICES["sites"]).run([page])
    assert cleaned.text == choices.expected(**choices.CHOICES["sites"])[0]


def test_options_travel_as_plain_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also phrases that come one by one, and a model whose name starts from this folder."""
    monkeypatch.chdir(tmp_path)
    choices.lenient_model(Path("own model"))
    step = pickle.dumps(Clean(deny=(phrase for phrase in ["railway bridge"]), model=Path("own model")))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    [cleaned] = pickle.loads(step).run([Document(choices.PAGE, id="1")])
    assert cleaned.text == choices.expected(deny=["railway bridge"], model=tmp_path / "own model")[2]


def test_compiled_patterns_are_refused() -> None:
    with pytest.raises(TypeError, match="deny holds a compiled pattern"):
        Clean(deny=[re.compile("^PR:")])


def test_step_travels_to_workers_without_the_model() -> None:
    step = pickle.dumps(Clean(strictness="strict"))
    assert len(step) < 5_000
    assert [document.text for document in pickle.loads(step).run(documents(PAGE))] == [CLEANED]


def test_executor_and_parquet(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    pages = documents(article(), PAGE)  # the first has no flags: the schema of the file holds for the second
    out = ParquetWriter(str(tmp_path / "out"), batch_size=1)
    LocalPipelineExecutor([pages, Clean(), out], logging_dir=str(tmp_path / "logs")).run()
    rows = pq.read_table(tmp_path / "out").to_pylist()
    assert [row["text"] for row in rows] == [CLEANED, CLEANED]
    assert [len(json.loads(row["metadata"]["dechaff_flags"])) for row in rows] == [0, 1]
