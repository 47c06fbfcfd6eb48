"""The gate: figures of the shipped models on data that lies in the repository, none of which they were fitted on (how
much each source counts for the tactics was chosen on some of it, and how much bare HTML may lose with its lines in
view).

A figure below its floor fails. So does a floor far below its figure: who makes something better raises the floor, and
nobody lowers one by accident. The figures say whether a change broke something, not how good dechaff is on the web:
what it is measured on is by few hands. For that see the model card.
"""

from __future__ import annotations

import html as html_lib
import random
from collections.abc import Iterator
from functools import cache
from zlib import crc32

import numpy as np
import pytest
from sklearn.metrics import f1_score

import dechaff
from benchmarks.scores import word_f1
from dechaff.hidden.orders import HIDDEN_SCORE, order_in
from dechaff.labels import Label
from dechaff.tactics.weights import LEARNED, model
from tests.pages import PARAGRAPHS
from tests.test_fixtures import NAMES, cleaned, read
from training.orders import HELD_OUT as ORDERS
from training.orders import HELD_OUT_IMPLIED as IMPLIED_ORDERS
from training.orders import read_own as read_orders
from training.tactic_lines import HELD_OUT as TACTICS
from training.tactic_lines import OWN
from training.tactic_lines import read as read_tactics

#: Figure → its floor. More is better in each.
FLOORS = {
    "fixtures: word F1": 0.955,
    "fixtures: flags that are asked for and found": 0.75,
    "fixtures: flags that are asked for, of those given": 0.6,
    "misleading lines put into articles, HTML: removed": 0.35,
    "misleading lines put into articles, HTML: flagged": 0.57,
    "misleading lines put into articles, text: removed": 0.46,
    "misleading lines put into articles, text: flagged": 0.61,
    "lines of these articles, HTML: kept": 0.985,
    "lines of these articles, text: kept": 0.992,
    "sober lines put into articles, HTML: not called promotional": 0.93,
    "tactics: macro F1 over all lines": 0.78,
    "orders to machines: found": 0.85,
    "what only looks like an order: left alone": 0.84,
    "orders to machines, implied: found": 0.62,
    "what only looks like an order, implied: left alone": 0.78,
}

#: So far may a figure be above its floor: one or two lines, or one flag of the fixtures, move it by less.
_SLACK = 0.05

#: Fixtures whose text is an article without anything that leads away.
_ARTICLES = ("health_advice", "howto_imperative", "oped_second_person", "press_coverage_of_a_sale")

#: Styles of sober lines: reports, notices, quotes.
_SOBER = ("court_report", "how_to_card", "interview_quote", "news_brief", "official_warning", "parish_paper",
          "sober_page", "terms")  # fmt: skip

_PROMOTIONAL = {Label.AD, Label.SELF_PROMOTION}


def figures_of_fixtures() -> Iterator[tuple[str, float]]:
    f1, asked, given, right = [], 0, 0, 0
    for name in NAMES:
        fixture, result = read(name), cleaned(name)
        f1.append(word_f1(result.text, fixture.text))
        flags = [flag for flag in result.flags if flag.label is not Label.HIDDEN and flag.text not in fixture.may_flag]
        asked, given = asked + len(fixture.flags), given + len(flags)
        right += sum(flag.label in fixture.flags.get(flag.text, ()) for flag in flags)
    yield "fixtures: word F1", float(np.mean(f1))
    yield "fixtures: flags that are asked for and found", right / asked
    yield "fixtures: flags that are asked for, of those given", right / given


def carriers() -> list[list[str]]:
    """The paragraphs of articles that hold nothing else."""
    texts = [read(name).text for name in _ARTICLES]
    return [list(PARAGRAPHS), *([part for part in text.split("\n\n") if part] for text in texts)]


def figures_of_lines() -> Iterator[tuple[str, float]]:
    """Each misleading or sober line by itself between two paragraphs of an article."""
    lines = [line for line in read_tactics(TACTICS) if line.tactics]
    lines += [line for line in read_tactics(OWN) if line.style in _SOBER and line.promotes is False]
    articles = carriers()
    for kind in ("HTML", "text"):
        removed, flagged, lost, whole, promotional = [], [], 0, 0, []
        for line in lines:
            rng = random.Random(crc32(line.text.encode()))  # another line moves no other one
            paragraphs = list(rng.choice(articles))
            paragraphs.insert(rng.randrange(1, len(paragraphs)), line.text)
            if kind == "HTML":
                page = "".join(f"<p>{html_lib.escape(text)}</p>" for text in paragraphs)
                result = dechaff.clean(f"<title>{html_lib.escape(paragraphs[0])}</title>{page}", kind="html")
            else:
                result = dechaff.clean("\n\n".join(paragraphs), kind="text")
            kept = set(result.text.split("\n\n"))
            labels = {flag.label for flag in result.flags if line.text in flag.text}
            whole += len(paragraphs) - 1
            lost += sum(text not in kept for text in paragraphs if text != line.text)
            if line.tactics:
                removed.append(line.text not in kept)
                flagged.append(bool(labels))
            else:
                promotional.append(bool(labels & _PROMOTIONAL))
        yield f"misleading lines put into articles, {kind}: removed", float(np.mean(removed))
        yield f"misleading lines put into articles, {kind}: flagged", float(np.mean(flagged))
        yield f"lines of these articles, {kind}: kept", 1 - lost / whole
        if kind == "HTML":
            yield "sober lines put into articles, HTML: not called promotional", 1 - float(np.mean(promotional))


def figures_of_tactics() -> Iterator[tuple[str, float]]:
    lines = [*read_tactics(TACTICS)]
    odds = model().probabilities([line.text for line in lines])
    found = odds[:, : len(LEARNED)] >= [model().threshold(tactic.value, flagged=True) for tactic in LEARNED]
    there = [[tactic.value in line.tactics for tactic in LEARNED] for line in lines]
    yield "tactics: macro F1 over all lines", float(f1_score(there, found, average="macro"))


def figures_of_orders() -> Iterator[tuple[str, float]]:
    for path, manner in ((ORDERS, ""), (IMPLIED_ORDERS, ", implied")):
        found: dict[bool, list[bool]] = {True: [], False: []}
        for text, is_order in read_orders(path):
            order = order_in(text)
            found[is_order].append(order is not None and order.score >= HIDDEN_SCORE)
        yield f"orders to machines{manner}: found", float(np.mean(found[True]))
        yield f"what only looks like an order{manner}: left alone", 1 - float(np.mean(found[False]))


@cache
def figures() -> dict[str, float]:
    return dict([*figures_of_fixtures(), *figures_of_lines(), *figures_of_tactics(), *figures_of_orders()])


def test_each_figure_has_a_floor() -> None:
    assert set(figures()) == set(FLOORS)


@pytest.mark.parametrize("name", FLOORS)
def test_figure(name: str) -> None:
    figure = figures()[name]
    assert figure >= FLOORS[name], f"{name}: {figure:.4f} is below its floor"
    assert figure <= FLOORS[name] + _SLACK, f"{name}: {figure:.4f}, so raise its floor"
