"""A dialogue as values: turns, the citation shown, verdicts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from index.values import Box
from qa.talk import Talk
from qa.values import Answer, Citation, Value

CITED = tuple(Citation("r", page, None, Box(0, 0, 1, 1), "", "") for page in (1, 2, 3))


@pytest.fixture
def talk() -> Talk:
    """Two questions, the first with three citations, the second with one."""
    first = Talk("r").asked("一").answered(Answer("answered", "甲", citations=CITED))
    return first.asked("二").answered(Answer("answered", "乙", citations=CITED[:1]))


def test_a_question_waits_until_it_is_answered_or_fails() -> None:
    talk = Talk("r").asked("问")
    assert talk.waiting
    assert talk.history == ()
    assert not talk.answered(Answer("answered", "答")).waiting
    failed = talk.failed("没有报告")
    assert not failed.waiting
    assert failed.history == (), "a question that failed is no context for the next"
    assert failed.turns[0].error == "没有报告"
    asked_back = talk.answered(Answer("clarify", "哪一项？"))
    assert asked_back.history == (), "nor is one that named nothing"


def test_the_newest_answer_is_shown_from_its_first_citation(talk: Talk) -> None:
    assert (talk.turn, talk.position) == (1, 0)
    assert talk.cited == CITED[:1]
    assert talk.history == ("一", "二")


def test_the_page_that_opens_is_the_large_figure_s() -> None:
    value = Value(Decimal(3), "万元", "甲", "reported", (2, 0))
    answer = Answer("answered", "甲", (value,), citations=CITED)
    assert Talk("r").asked("一").answered(answer).position == 2
    assert Talk("r").asked("一").answered(replace(answer, values=())).position == 0


@pytest.mark.parametrize(
    ("turn", "position", "expected"),
    [(0, 2, (0, 2)), (0, 3, (1, 0)), (2, 0, (1, 0)), (-1, 0, (1, 0)), (1, 0, (1, 0))],
)
def test_only_citations_that_exist_are_shown(
    talk: Talk, turn: int, position: int, expected: tuple[int, int]
) -> None:
    shown = talk.at(turn, position)
    assert (shown.turn, shown.position) == expected


@pytest.mark.parametrize(("steps", "expected"), [([1], 1), ([1, 1, 1], 0), ([-1], 2)])
def test_steps_go_round(talk: Talk, steps: list[int], expected: int) -> None:
    shown = talk.at(0, 0)
    for step in steps:
        shown = shown.stepped(step)
    assert (shown.turn, shown.position) == (0, expected)


def test_steps_without_citations_stay() -> None:
    assert Talk("r").stepped(1) == Talk("r")


def test_a_figure_is_shown_until_a_citation_is(talk: Talk) -> None:
    assert talk.picked("f1").figure == "f1"
    assert talk.picked("f1").at(0, 1).figure == ""
    assert talk.picked("f1").asked("三").figure == ""


def test_a_verdict_belongs_to_an_answer(talk: Talk) -> None:
    assert [t.verdict for t in talk.judged(0, "wrong").turns] == ["wrong", ""]
    assert talk.judged(5, "right") == talk
    waiting = talk.asked("三")
    assert waiting.judged(2, "right") == waiting
