"""The gate: what shuts it, what the record keeps, and that it never falls in silence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import GATE, SAMPLE_GOLD
from eval.gate import (
    GateError,
    digest,
    judge,
    read_record,
    record_of,
    renewed,
    write_record,
)
from eval.gold import load_gold
from eval.score import Score

DAY = date(2025, 1, 2)


def scores(right: str, wrong: str = "", figures: str = "") -> list[Score]:
    """One letter a question: right, wrong, wrong with a figure."""
    states = [(name, "right", False) for name in right]
    states += [(name, "wrong", False) for name in wrong]
    states += [(name, "wrong", True) for name in figures]
    return [
        Score(
            name, "lookup", "right" if state == "right" else "wrong", "answered", wrong_figure=bad
        )
        for name, state, bad in states
    ]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("{}", "utf-8")
    return path


@pytest.mark.parametrize(
    ("then", "now", "failures"),
    [
        (("abc", "d"), ("abc", "d"), []),
        (("abc", "d"), ("abcd",), []),
        (("abc", "d"), ("abd", "c"), []),  # as many right: not below the record
        (("abc", "d"), ("ab", "cd"), ["答对 2/4，低于记录的 3/4；变错：c"]),
        (("abc", "d"), ("abc", "", "d"), ["出现新的错误数字：d"]),
        (("abc", "", "d"), ("abc", "", "d"), []),
        (("abc", "", "d"), ("abd", "", "c"), ["出现新的错误数字：c"]),
        (("abc", "d"), ("ab", "d", "c"), ["答对 2/4", "出现新的错误数字：c"]),
    ],
)
def test_judge(
    gold: Path, then: Sequence[str], now: Sequence[str], failures: Sequence[str]
) -> None:
    record = record_of(gold, scores(*then))
    verdict = judge(record, record_of(gold, scores(*now)))
    assert len(verdict.failures) == len(failures)
    for told, expected in zip(verdict.failures, failures, strict=True):
        assert told.startswith(expected)


def test_another_gold_set_shuts_the_gate(gold: Path) -> None:
    record = record_of(gold, scores("ab"))
    gold.write_text("{} ", "utf-8")
    (failure,) = judge(record, record_of(gold, scores("ab"))).failures
    assert "题集与记录时的不同" in failure


def test_a_better_result_asks_to_be_recorded(gold: Path) -> None:
    record = record_of(gold, scores("a", "b", "c"))
    notes = judge(record, record_of(gold, scores("ab", "", "c"))).notes
    assert len(notes) == 2 and "1 个已知的错误数字" in notes[0] and "--record" in notes[1]


@pytest.mark.parametrize(
    ("now", "reason", "lowered"),
    [
        (("abcd",), None, 0),
        (("abc", "d"), None, 0),
        (("ab", "cd"), None, None),
        (("ab", "cd"), "", None),
        (("abc", "", "d"), None, None),
        (("ab", "cd"), "题目更难", 1),
        (("abc", "", "d"), "题目更难", 1),
    ],
)
def test_the_record_falls_only_with_a_reason(
    gold: Path, now: Sequence[str], reason: str | None, lowered: int | None
) -> None:
    record = record_of(gold, scores("abc", "d"))
    fresh = record_of(gold, scores(*now))
    if lowered is None:
        with pytest.raises(GateError, match="--lower"):
            renewed(record, fresh, reason, DAY)
        return
    kept = renewed(record, fresh, reason, DAY)
    assert (kept.right, len(kept.lowered)) == (fresh.right, lowered)
    if lowered:
        assert (kept.lowered[0].before, kept.lowered[0].reason) == ("3/4", "题目更难")
        again = renewed(kept, record_of(gold, scores("abcd")), None, DAY)
        assert again.lowered == kept.lowered  # the history stays when the record rises


def test_a_record_is_read_as_written(gold: Path, tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    assert read_record(path) is None
    record = renewed(record_of(gold, scores("abc")), record_of(gold, scores("a", "bc")), "r", DAY)
    write_record(path, record)
    assert read_record(path) == record


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"right": 3}, "right 与 not_right"),
        ({"wrong_figures": ["z"]}, "wrong_figures"),
        ({"extra": 1}, "不认识的字段 extra"),
        ({"questions": 0}, "questions"),
    ],
)
def test_an_unfit_record_is_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    fields: dict[str, Any] = {"gold_sha256": "x", "questions": 3, "right": 2}
    fields |= {"not_right": ["c"], "wrong_figures": []}
    path = tmp_path / "gate.json"
    path.write_text(json.dumps(fields | changes), "utf-8")
    with pytest.raises(GateError, match=message):
        read_record(path)


def test_the_projects_record_is_about_its_gold_set() -> None:
    record = read_record(GATE)
    assert record is not None
    assert record.gold_sha256 == digest(SAMPLE_GOLD)
    assert record.questions == len(load_gold(SAMPLE_GOLD))
