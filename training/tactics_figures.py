"""Thresholds and figures of the tactics model, from what models said of lines that they had not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from dechaff.tactics.weights import LEARNED
from training.calibration import error

if TYPE_CHECKING:
    from training.headlines import Headlines
    from training.tactics import Example

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Share of ordinary lines that one tactic may alarm on where nothing else speaks against the line.
_ALARMS = 0.0015
#: Thresholds that are tried for flagged lines.
_CUTS = np.linspace(0.1, 0.95, 171)
#: Lower bound of the others.
_MIN_ALONE = 0.5
#: Share of the lines of ordinary pages that the first glance may let through: reading one takes time.
_GLANCE = 0.01


def _of(source: str, examples: Sequence[Example]) -> Flags:
    """Which lines come from a source."""
    return np.asarray([e.source == source for e in examples])


def _promoting(examples: Sequence[Example]) -> tuple[Flags, Flags]:
    """Which lines promote, and which are ordinary ones."""
    promotes = np.asarray([e.promotes is True for e in examples])
    ordinary = np.asarray([e.promotes is False and not e.tactics for e in examples])
    return promotes, ordinary


def thresholds(examples: Sequence[Example], said: Floats) -> dict[str, Any]:
    """For flagged lines a threshold that suits two sources; for others one that hardly an ordinary line reaches.

    What suits two sources has the highest mean of two F1: on the lines that were written for this, and on those that
    another hand wrote for other ends. A threshold that suits the former alone is too low for lines of strangers.
    `disguised_ad` is asked of flagged lines only: one that nobody takes for an advert is none to the model.
    """
    promotes, ordinary = _promoting(examples)
    sources = [_of("own", examples), _of("written", examples)]
    chosen: dict[str, Any] = {"flagged": {}, "alone": {}}
    for number, tactic in enumerate(LEARNED):
        truth = np.asarray([tactic.value in e.tactics for e in examples])
        among = promotes if tactic.value == "disguised_ad" else promotes | ordinary
        f1 = [_f1(truth[source & among], said[source & among, number]) for source in sources]
        best = float(_CUTS[np.mean(f1, axis=0).argmax()])
        chosen["flagged"][tactic.value] = round(best, 4)
        alone = max(float(np.quantile(said[ordinary, number], 1 - _ALARMS)), _MIN_ALONE, best)
        chosen["alone"][tactic.value] = 1.1 if tactic.value == "disguised_ad" else round(alone, 4)
    return chosen


def _f1(truth: Flags, odds: Floats) -> Floats:
    """F1 at every one of `_CUTS`."""
    called = odds >= _CUTS[:, None]
    found: Floats = 2 * (called & truth).sum(axis=1) / np.maximum(called.sum(axis=1) + truth.sum(), 1)
    return found


def strong(examples: Sequence[Example], said: Floats, chosen: Mapping[str, Any]) -> Flags:
    """Lines whose tactic is seen where nothing else speaks against them: what the first glance must let through."""
    alone = np.asarray([chosen["alone"][tactic.value] for tactic in LEARNED])
    has_any = np.asarray([bool(e.tactics) for e in examples])
    found: Flags = (said >= alone).any(axis=1) & has_any
    return found


def suspicion(
    examples: Sequence[Example], said: Floats, glanced: Floats, chosen: Mapping[str, Any]
) -> tuple[float, dict[str, float]]:
    """The log-odds from which on a line is looked at, and how many lines that lets through."""
    page = _of("page", examples)
    cut = float(np.quantile(glanced[page], 1 - _GLANCE))
    return round(cut, 3), {
        "strong_lines_let_through": _share(glanced[strong(examples, said, chosen)] >= cut),
        "page_lines_let_through": _share(glanced[page] >= cut),
    }


def by_tactic(
    examples: Sequence[Example], said: Floats, held: Sequence[Example], said_held: Floats, chosen: Mapping[str, Any]
) -> dict[str, Any]:
    """Precision, recall and F1 of each tactic, and how many ordinary lines are alarmed on."""
    promotes, _ = _promoting(examples)
    own, written, page = (_of(source, examples) for source in ("own", "written", "page"))
    held_promotes, _ = _promoting(held)
    sets = {
        "styles_written_last": (held, said_held, np.ones(len(held), bool), held_promotes),
        "own_styles_held_out": (examples, said, own, promotes),
        "written_styles_held_out": (examples, said, written, promotes),
    }
    alone = np.asarray([chosen["alone"][tactic.value] for tactic in LEARNED])
    found: dict[str, Any] = {}
    for name, (lines, odds, among, promoting) in sets.items():
        rows: dict[str, Any] = {}
        for number, tactic in enumerate(LEARNED):
            at = among & promoting if tactic.value == "disguised_ad" else among
            truth = np.asarray([tactic.value in e.tactics for e in lines])[at]
            if truth.any():
                rows[tactic.value] = _prf(truth, odds[at, number] >= chosen["flagged"][tactic.value])
        rows["macro_f1"] = round(float(np.mean([row["f1"] for row in rows.values()])), 3)
        quiet = among & ~promoting
        rows["lines_without_promotion"] = int(quiet.sum())
        rows["alarmed_among_them"] = _share((odds[quiet] >= alone).any(axis=1))
        loud = among & promoting & np.asarray([bool(e.tactics - {"disguised_ad"}) for e in lines])
        rows["strong_enough_alone"] = _share((odds[loud] >= alone).any(axis=1))
        found[name] = rows
    alarmed = np.any(said >= alone, axis=1)
    found["hard_negatives_alarmed"] = _share(alarmed[written & ~promotes])
    found["page_lines_alarmed"] = _share(alarmed[page])
    return found


def of_headlines(headlines: Headlines, odds: Floats) -> dict[str, Any]:
    """AUC and expected calibration error, by language."""
    found: dict[str, Any] = {}
    for source in ("en", "es"):
        at = headlines.source == source
        found[source] = {
            "headlines": int(at.sum()),
            "auc": round(float(roc_auc_score(headlines.bait[at], odds[at])), 4),
            "calibration_error": round(error(odds[at], headlines.bait[at], bins=10), 4),
        }
    found["named_pages_above_half"] = _share(odds[headlines.source == "named"] > 0.5)
    return found


def _prf(truth: Flags, called: Flags) -> dict[str, float]:
    hits = int((truth & called).sum())
    precision, recall = hits / max(int(called.sum()), 1), hits / max(int(truth.sum()), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"lines": int(truth.sum()), "precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def _share(flags: Flags) -> float:
    return round(float(flags.mean()), 4) if len(flags) else 0.0


def show(measured: Mapping[str, Any], indent: str = "") -> None:
    """Print figures, one a line."""
    for name, value in measured.items():
        if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
            print(f"{indent}{name}")
            show(value, indent + "  ")
        else:
            print(f"{indent}{name:24} {value}")
