"""Questions that a wrong figure lies near to, asked of the sample report."""

from __future__ import annotations

import pytest

from qa.conditions import condition
from qa.engine import Engine

# question, words that the refusal must not hold
REFUSED = [
    ("人均人员经费是多少", ("÷", "人次")),
    ("单位人均支出多少钱", ("÷",)),
    ("人均公用经费多少", ("÷",)),
    ("局长一年的工资是多少", ("÷",)),
    ("派遣的工作人员一个月工资多少钱", ("÷",)),
    ("办营业执照要带哪些材料", ()),
    ("档案馆接待了多少读者", ("万元为",)),
    ("展厅门票多少钱", ()),
]


@pytest.mark.parametrize(("question", "forbidden"), REFUSED)
def test_nothing_near_is_told_for_what_the_report_does_not_hold(
    sample_engine: Engine, question: str, forbidden: tuple[str, ...]
) -> None:
    answer = sample_engine.ask(question)
    assert answer.status == "refused", answer.text
    assert not [word for word in forbidden if word in answer.text]


@pytest.mark.parametrize(
    ("text", "sign", "bound"),
    [
        ("得分不低于95分的项目", ">=", "95"),
        ("得分低于95分的项目", "<", "95"),
        ("执行率不超过90%的项目", "<=", "90"),
        ("执行率超过90%的项目", ">", "90"),
        ("执行率百分之百的有几个", "=", "100"),
        ("执行率低于百分之九十的项目", "<", "90"),
        ("执行率没超过八成的", "<=", "80"),
    ],
)
def test_denied_conditions(text: str, sign: str, bound: str) -> None:
    found = condition(text, "")
    assert found is not None
    assert (found.sign, str(found.bound)) == (sign, bound)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("您好，我在看三公经费这一段，想请教一下，公务接待费是多少", "3.36"),
        ("支出总计比上年增加多少", "总计比上年减少1,236.56万元"),
        ("4辆公车平摊，每辆运行维护费多少万元", "2.025"),
        ("名词解释里解释了哪几种收入", "事业收入"),
        ("一般公共预算财政拨款支出里，项目支出最多的科目是哪个", "最多的是"),
    ],
)
def test_other_ways_to_ask(sample_engine: Engine, question: str, words: str) -> None:
    answer = sample_engine.ask(question)
    assert answer.status == "answered"
    assert words in answer.text
