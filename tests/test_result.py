"""The records: fixed, comparable, picklable, and plain data when asked for it."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import joblib
import pytest

import dechaff
from dechaff.labels import FLAGGED, Label, Tactic
from dechaff.lazy import Lazy
from dechaff.result import Flag, Line, PageScores, Reason, Result, TacticSpan
from tests.pages import AD, PARAGRAPHS, TEXT, article

RESULTS = {
    "page": lambda: dechaff.clean(article(ad=AD), url="https://post.example/"),
    "text": lambda: dechaff.clean(TEXT),
    "empty": lambda: dechaff.clean(""),
}


@pytest.fixture(params=RESULTS)
def result(request: pytest.FixtureRequest) -> Result:
    made: Result = RESULTS[request.param]()
    return made


def test_records_do_not_change() -> None:
    result = dechaff.clean(article(ad=AD))
    for record in (result, result.lines[0], result.flags[0], result.flags[0].reasons[0], result.scores):
        for field in dataclasses.fields(record):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(record, field.name, None)
    with pytest.raises((AttributeError, TypeError)):  # a frozen class with slots gives a TypeError before Python 3.13
        result.lines = ()  # type: ignore[misc]
    assert isinstance(result.lines, tuple)
    assert result.lines is result.lines


def test_equal_documents_give_equal_results(result: Result) -> None:
    (again,) = [make() for make in RESULTS.values() if make().source == result.source]
    assert result == again
    assert hash(result) == hash(again)
    assert len({result, again}) == 1
    assert result != dechaff.clean(PARAGRAPHS[0])
    assert result != dataclasses.replace(result, url="https://elsewhere.example/")


def test_lines_count_when_results_are_compared() -> None:
    one = dechaff.clean("<p class=a>The council met on Monday.</p>")
    other = dechaff.clean("<p class=b>The council met on Monday.</p>")
    assert one.text == other.text
    assert one != other  # the path of the line differs


def test_records_can_stand_in_sets() -> None:
    result = dechaff.clean(article(ad=AD))
    assert len(set(result.lines)) == len(result.lines)
    assert len({*result.flags, *result.flags}) == len(result.flags)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_results_are_pickled(result: Result, protocol: int) -> None:
    for _ in range(2):  # before the lines were looked at, and after
        found = pickle.loads(pickle.dumps(result, protocol))
        assert found == result
        assert found.to_dict() == result.to_dict()


def test_results_are_copied(result: Result) -> None:
    assert copy.copy(result) == copy.deepcopy(result) == result


def test_results_are_dumped_by_joblib(result: Result, tmp_path: Path) -> None:
    joblib.dump(result, tmp_path / "result.joblib")
    assert joblib.load(tmp_path / "result.joblib") == result


def test_joblib_cleans_in_other_processes_or_threads() -> None:
    documents = [article(), TEXT]
    found = joblib.Parallel(n_jobs=2, backend="threading")(joblib.delayed(dechaff.clean)(one) for one in documents)
    assert found == [dechaff.clean(one) for one in documents]


def test_lines_are_made_when_asked_for() -> None:
    asked = []

    def make() -> tuple[Line, ...]:
        asked.append(1)
        return ()

    lines = Lazy(make)
    result = Result("", lines, (), "", "", PageScores(), "empty", "text")
    assert not asked
    assert result.lines == ()
    assert result.lines is result.lines
    assert len(asked) == 1


def test_threads_may_ask_for_lines_together() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            result = dechaff.clean(article(ad=AD) * 5)
            with ThreadPoolExecutor(4) as pool:
                found = list(pool.map(lambda _, result=result: result.lines, range(8)))
            assert all(lines == found[0] for lines in found)
    finally:
        sys.setswitchinterval(interval)


def only_plain(value: Any) -> bool:
    """Whether a value is made of what JSON has, and nothing that only looks like it."""
    if isinstance(value, dict):
        return all(type(key) is str and only_plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(only_plain, value))
    return value is None or type(value) in (str, int, float, bool)


def test_as_plain_data(result: Result) -> None:
    data = result.to_dict()
    assert only_plain(data)
    assert json.loads(result.to_json()) == data
    assert json.loads(result.to_json(indent=2)) == data
    assert (data["text"], data["title"], data["url"]) == (result.text, result.title, result.url)
    assert (data["source"], data["status"], data["kind"]) == (result.source, result.status, result.kind)
    assert data["warnings"] == list(result.warnings)
    assert [line["text"] for line in data["lines"]] == [line.text for line in result.lines]
    assert [flag["label"] for flag in data["flags"]] == [flag.label.value for flag in result.flags]
    assert set(data["scores"]) == {field.name for field in dataclasses.fields(PageScores)}


def test_json_is_readable() -> None:
    result = dechaff.clean("Größe: 東京 is written as it stands.")
    assert "Größe: 東京" in result.to_json()
    assert "\n" in result.to_json(indent=1)
    assert "\n" not in result.to_json()


def test_lone_surrogates_in_json_leave_spans_right() -> None:
    data = json.loads(dechaff.clean("a \ud83d\ude00 b\n\nsecond line", kind="text").to_json().encode())
    assert [data["source"][line["start"] : line["end"]] for line in data["lines"]] == [
        "a \ufffd\ufffd b",
        "second line",
    ]


def test_tactics_and_reasons_are_written() -> None:
    tactics = (TacticSpan(Tactic.URGENCY, 0.75, 0, 2),)
    flag = Flag(Label.AD, 0.5, 0, 2, "ad", 0, True, tactics, (Reason("word", 0.25, 0, 2),))
    data = Result("", (), (flag,), "ad", "", PageScores(), "ok", "text").to_dict()["flags"][0]
    assert data["tactics"] == ["urgency"]
    assert data["tactic_spans"] == [{"tactic": "urgency", "score": 0.75, "start": 0, "end": 2}]
    assert data["reasons"] == [{"name": "word", "weight": 0.25, "start": 0, "end": 2}]


def test_labels_and_tactics_are_their_words() -> None:
    assert Label.AD == "ad"
    assert f"{Label.AD}" == str(Label.AD) == "ad"
    assert Label("self_promotion") is Label.SELF_PROMOTION
    assert str(Tactic.INCOME_CLAIM) == "income_claim"
    assert {"ad": 1}[Label.AD] == 1
    assert {str(label) for label in FLAGGED} == {"ad", "self_promotion", "teaser", "off_topic"}
