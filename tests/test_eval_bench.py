"""The benchmark: what is timed, and that every question counts once and warm."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from eval.bench import WARM_UP, bare_pdfplumber, bench, latencies
from eval.gold import EvalError
from eval.predict import Asked
from qa.values import Answer
from tests.test_eval_gold import make_pdf

QUESTIONS = (Asked(id="a", question="差旅费？"), Asked(id="b", question="呢？", history=("前问",)))


class FakeEngine:
    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        return Answer("refused", "没有。")


def test_the_yardstick_reads_every_page(tmp_path: Path) -> None:
    assert bare_pdfplumber(make_pdf(tmp_path / "r.pdf", ["one", "two", "three"])) == 3


def test_the_yardstick_names_a_file_that_is_no_pdf(tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    path.write_text("no")
    with pytest.raises(EvalError, match=r"r\.pdf 不能作为 PDF 打开"):
        bare_pdfplumber(path)


def test_questions_are_asked_once_after_others() -> None:
    engine = FakeEngine()
    times = latencies(engine, QUESTIONS)
    assert [words for words, _ in engine.asked[: len(WARM_UP)]] == list(WARM_UP)
    assert engine.asked[len(WARM_UP) :] == [("差旅费？", ()), ("呢？", ("前问",))]
    assert len(times) == 2 and min(times) >= 0
    assert latencies(engine, ()) == []


def test_bench_sets_our_times_beside_the_yardstick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores: list[Path] = []

    class FakeStore:
        def __init__(self, settings: Any) -> None:
            stores.append(settings.store)

        def build(self, pdf: Path) -> SimpleNamespace:
            return SimpleNamespace(passages=7)

    engine = FakeEngine()
    fakes: dict[str, dict[str, Any]] = {
        "index.build": {"read_report": lambda pdf: None},
        "index.store": {"Store": FakeStore},
        "qa.engine": {"open_engine": lambda settings, pdf: engine},
        "qa.errors": {"QaError": KeyError},
    }
    for name, content in fakes.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    result = bench(make_pdf(tmp_path / "r.pdf", ["one", "two"]), QUESTIONS)
    assert (result["pages"], result["passages"], result["questions"]) == (2, 7, 2)
    for part in ("read", "build"):
        expected = result[f"{part}_s"] / result["pdfplumber_s"] if result["pdfplumber_s"] else 0
        assert result[f"{part}_ratio"] == pytest.approx(expected, abs=0.2)
    assert result["question_median_ms"] <= result["question_p95_ms"]
    assert not stores[0].exists(), "the store of the measurement is temporary"
    assert stores[0] == stores[1]


def test_bench_names_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"找不到文件 .*none\.pdf"):
        bench(tmp_path / "none.pdf")
