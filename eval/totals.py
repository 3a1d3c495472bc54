"""Totals over scores, their intervals, and the difference to an earlier run. Shows nothing.

Accuracy is right answers over all questions of the set; what cannot be scored is not right, and is
counted on its own. The interval is the 95% percentile bootstrap over questions with a fixed seed,
so that the same scores give the same report. Latencies are milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.answers import AnswerFile, parse_answer
from eval.gold import CATEGORIES, GoldError, GoldItem, Problem, parse_object, read_lines
from eval.score import PART_NAMES, Score, score_answer

SEED = 20240
RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean as a fraction, and over how many questions."""

    value: float
    questions: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over a set of scores. Rates are fractions; None where nothing is counted."""

    questions: int
    right: int
    unscorable: int
    wrong_figures: int
    refused_answerable: int
    pages_asked: int
    pages_sufficient: int
    latency_median: float | None
    latency_p95: float | None
    conflicts_elsewhere: int
    parts: Mapping[str, Mean]

    @property
    def accuracy(self) -> float:
        return self.right / self.questions if self.questions else 0.0


def total(scores: Sequence[Score]) -> Totals:
    """The totals of some scores.

    Page sufficiency is over answered questions that ask for pages. `conflicts_elsewhere` counts
    answers that show a conflict though the question is not of that category: some are right, some
    are false alarms.
    """
    asked = [score.pages_ok for score in scores if score.pages_ok is not None]
    times = [score.elapsed_ms for score in scores if score.elapsed_ms is not None]
    return Totals(
        questions=len(scores),
        right=sum(score.ok for score in scores),
        unscorable=sum(score.state == "unscorable" for score in scores),
        wrong_figures=sum(score.wrong_figure for score in scores),
        refused_answerable=sum(
            score.status in ("refused", "clarify") and not score.status_ok for score in scores
        ),
        pages_asked=len(asked),
        pages_sufficient=sum(asked),
        latency_median=float(np.median(times)) if times else None,
        latency_p95=float(np.percentile(times, 95)) if times else None,
        conflicts_elsewhere=sum(s.conflict_shown and s.category != "conflict" for s in scores),
        parts=part_means(scores),
    )


def part_means(scores: Sequence[Score]) -> dict[str, Mean]:
    """The mean of each part over the questions that ask for it and were scored on it."""
    found: dict[str, list[float]] = {name: [] for name in PART_NAMES}
    for score in scores:
        for part in score.parts:
            found[part.name].append(part.score)
    return {name: Mean(sum(all_) / len(all_), len(all_)) for name, all_ in found.items() if all_}


def by_category(scores: Sequence[Score]) -> dict[str, Totals]:
    """Totals by category, in the order of the gold schema, absent categories left out."""
    groups = {name: [s for s in scores if s.category == name] for name in CATEGORIES}
    return {name: total(group) for name, group in groups.items() if group}


def interval(scores: Sequence[Score], seed: int = SEED) -> tuple[float, float]:
    """The 95% bootstrap interval of accuracy, as fractions; (0, 0) without scores."""
    if not scores:
        return 0.0, 0.0
    right = np.array([score.ok for score in scores], dtype=float)
    draws = np.random.default_rng(seed).integers(0, len(right), (RESAMPLES, len(right)))
    low, high = np.percentile(right[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed against an earlier run of the same questions, by id."""

    fixed: tuple[str, ...]
    broken: tuple[str, ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]


def compare(before: Mapping[str, bool], scores: Sequence[Score]) -> Difference:
    """The difference to an earlier run, given as id -> whether it was right."""
    now = {score.id: score.ok for score in scores}
    return Difference(
        fixed=tuple(name for name, ok in now.items() if ok and before.get(name) is False),
        broken=tuple(name for name, ok in now.items() if not ok and before.get(name) is True),
        added=tuple(name for name in now if name not in before),
        gone=tuple(name for name in before if name not in now),
    )


def score_all(items: Sequence[GoldItem], answers: AnswerFile) -> tuple[Score, ...]:
    """The score of every item, in their order."""
    return tuple(score_answer(item, answers.answers.get(item.id)) for item in items)


def score_rows(
    items: Sequence[GoldItem], answers: AnswerFile, scores: Sequence[Score]
) -> list[dict[str, Any]]:
    """The scores as JSON-ready rows, with the question and the answer beside them."""
    rows = []
    for item, score in zip(items, scores, strict=True):
        answer = parse_answer(answers.answers.get(item.id))
        row = asdict(score)
        row |= {"reasons": list(score.reasons), "cited": list(score.cited)}
        row["parts"] = [asdict(part) for part in score.parts]
        text = getattr(answer, "text", "")
        rows.append(row | {"question": item.question, "gold": expected(item), "answer": text})
    return rows


def read_before(folder: Path) -> dict[str, bool]:
    """Which questions an earlier run got right. Raises GoldError when it left no scores there."""
    path = folder / "scores.jsonl"
    found: dict[str, bool] = {}
    for number, line in read_lines(path):
        try:
            row = parse_object(line)
        except ValueError as error:
            raise GoldError(str(Problem(path, number, str(error)))) from error
        if not isinstance(row.get("id"), str) or not isinstance(row.get("state"), str):
            raise GoldError(str(Problem(path, number, "不是评测结果（缺少 id 或 state）")))
        found[str(row["id"])] = row["state"] == "right"
    return found


def expected(item: GoldItem) -> str:
    """The gold answer in one line, as shown beside a wrong one."""
    if item.answer_type == "refusal":
        return "应拒答"
    parts = []
    if item.value is not None:
        within = f" ±{item.tolerance}" if item.tolerance else ""
        parts.append(f"{item.value}{item.unit}{within}")
        parts += [f"或 {other.value}{other.unit}" for other in item.also_accept]
    if item.polarity:
        parts.append(item.polarity)
    parts += [f"含 {entry}" for entry in item.must_include]
    return "；".join(parts)
