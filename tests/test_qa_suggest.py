"""Suggested questions: made of the report's words, answered before they are offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.values import Report
from qa.engine import Engine
from qa.errors import QuestionError
from qa.places import Places
from qa.suggest import Followed, to_begin_with, to_follow
from qa.values import Answer


@pytest.fixture(scope="module")
def places(sample_report: Report) -> Places:
    return Places(sample_report)


def test_questions_to_begin_with_are_answered(sample_engine: Engine) -> None:
    found = to_begin_with(sample_engine.report, sample_engine)
    assert len(found) == len(set(found)) == 6
    for question in found:
        answer = sample_engine.ask(question)
        assert answer.status == "answered", question
        assert answer.citations, question
    assert any("一般公共服务支出" in q for q in found), "the largest class is one of the report's"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("公务接待费花了多少钱", "公务接待费的预算数是多少？"),
        ("公务接待费预算是多少", "公务接待费的决算数是多少？"),
        ("数据安全监测与防护项目的执行率是多少", "“数据安全监测与防护项目”得了多少分？"),
    ],
)
def test_follow_up_questions_are_about_the_answer(
    sample_engine: Engine, places: Places, question: str, expected: str
) -> None:
    answer = sample_engine.ask(question)
    found = to_follow(Followed(question, answer, [question]), places, sample_engine)
    assert expected in found
    assert len(found) <= 3
    for follow in found:
        assert sample_engine.ask(follow).status == "answered", follow


def test_income_is_not_offered_as_a_part_of_expenditure(
    sample_engine: Engine, places: Places
) -> None:
    question = "本年收入合计是多少"
    followed = Followed(question, sample_engine.ask(question), ())
    assert not [q for q in to_follow(followed, places, sample_engine) if "占本年支出" in q]


def test_what_was_asked_is_not_offered_again(sample_engine: Engine, places: Places) -> None:
    question = "公务接待费花了多少钱"
    answer = sample_engine.ask(question)
    asked = [question, "公务接待费 的预算数是多少"]
    found = to_follow(Followed(question, answer, asked), places, sample_engine)
    assert "公务接待费的预算数是多少？" not in found


def test_a_clarification_has_its_own_buttons(sample_engine: Engine, places: Places) -> None:
    answer = sample_engine.ask("花了多少钱")
    if answer.status == "clarify":
        assert to_follow(Followed("花了多少钱", answer), places, sample_engine) == ()
    unsure = replace(answer, status="clarify")
    assert to_follow(Followed("花了多少钱", unsure), places, sample_engine) == ()


class Failing:
    """An engine that knows nothing, in each of its ways."""

    def __init__(self, answer: Answer | None) -> None:
        self.answer = answer

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        if self.answer is None:
            raise QuestionError("问题为空")
        return self.answer


@pytest.mark.parametrize(
    "answer", [None, Answer("refused", "没有"), Answer("answered", "无出处")], ids=str
)
def test_what_is_not_answered_is_not_offered(sample_report: Report, answer: Answer | None) -> None:
    assert to_begin_with(sample_report, Failing(answer)) == ()
