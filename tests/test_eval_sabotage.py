"""The engine broken on purpose, over the sample: each fault must show in the score made for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from eval.__main__ import SAMPLE_GOLD
from eval.answers import AnswerFile
from eval.gold import GoldItem, load_gold
from eval.predict import Ask, asker
from eval.score import Score
from eval.totals import Totals, score_all, total
from qa import plan
from qa.engine import Engine

CALCULATED = ("s035", "s036", "s037", "s038", "s039", "s040")
CITED = ("s011", "s015", "s019", "s028", "s057", "s069", "s074")
REFUSED = ("s101", "s102", "s103", "s106", "s108", "s109")


def items_of(names: Sequence[str]) -> list[GoldItem]:
    return [item for item in load_gold(SAMPLE_GOLD) if item.id in names]


def scored(ask: Ask, names: Sequence[str]) -> tuple[Totals, tuple[Score, ...]]:
    items = items_of(names)
    answers = {item.id: ask(item.question, item.history) for item in items}
    scores = score_all(items, AnswerFile(answers, ()))
    return total(scores), scores


@pytest.mark.parametrize("names", [CALCULATED, CITED, REFUSED])
def test_unbroken_the_engine_gets_them_right(sample_engine: Engine, names: Sequence[str]) -> None:
    sums, _ = scored(asker(sample_engine), names)
    assert (sums.right, sums.wrong_figures) == (len(names), 0)


def test_a_broken_calculator(sample_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = plan._apply

    def broken(*arguments: Any) -> Any:
        number = whole(*arguments)
        return replace(number, value=number.value + 1)

    monkeypatch.setattr(plan, "_apply", broken)
    sums, scores = scored(asker(sample_engine), CALCULATED)
    assert (sums.right, sums.wrong_figures) == (0, len(CALCULATED))
    assert sums.parts["value"].value == 0
    assert all(score.pages_ok for score in scores)  # the pages are right: only the sum is not


def test_shuffled_citations(sample_engine: Engine) -> None:
    ask = asker(sample_engine)
    items = items_of(CITED)
    cited = [ask(item.question, item.history)["citations"] for item in items]
    turned = {item.question: cited[i - 1] for i, item in enumerate(items)}

    def shuffled(question: str, history: Sequence[str]) -> dict[str, Any]:
        answer = ask(question, history)
        answer["citations"] = turned[question]
        answer["values"] = [value | {"citations": []} for value in answer["values"]]
        return answer

    sums, scores = scored(shuffled, CITED)
    before, _ = scored(ask, CITED)
    assert sums.pages_sufficient < before.pages_sufficient == len(CITED)
    assert sums.parts["page_recall"].value < before.parts["page_recall"].value
    assert sums.parts["page_precision"].value < before.parts["page_precision"].value
    assert sums.wrong_figures == 0
    assert all("不足以证明" in "".join(score.reasons) for score in scores if not score.ok)


def test_dropped_refusals(sample_engine: Engine) -> None:
    ask = asker(sample_engine)

    def never(question: str, history: Sequence[str]) -> dict[str, Any]:
        """The nearest figure as an answer where the engine would say that there is none."""
        answer = ask(question, history)
        value = {"value": "10954.78", "unit": "万元", "label": "支出", "citations": []}
        return answer | {"status": "answered", "text": "支出为10954.78万元。", "values": [value]}

    sums, _ = scored(never, REFUSED)
    assert (sums.right, sums.wrong_figures) == (0, len(REFUSED))
    assert sums.parts["refusal"].value == 0


def test_a_chain_that_no_longer_refuses(
    sample_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.engine.refuse.refusal", lambda ask: None)
    sums, _ = scored(asker(sample_engine), REFUSED)
    assert sums.right < len(REFUSED)
    assert sums.parts["refusal"].value < 1
