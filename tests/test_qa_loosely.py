"""Counts, dates and gaps that only a sentence tells: small invented reports, a table of cases."""

from __future__ import annotations

import pytest

from index.values import Report
from qa import gaps, loosely, textual
from qa.values import Answer
from tests.test_qa_helpers import ask_of, figure, report, told

WORDS = (
    "县图书馆等14个单位、32个查档窗口已经接入全市统一查档平台。",
    "馆藏档案48.6万卷（件），不计入前述资产。",
    "本部门预算由松原县财政局于2024年2月19日批复，并于批复后二十日内公开。",
    "全年接待查档群众2140人次，修复破损档案360卷。",
)


def prose() -> Report:
    target = {"measure": "target", "table": "绩效目标表", "project": "档案抢救修复"}
    return report(
        figure("修复工作时限", "15", "天", item=("产出指标", "时效指标", "修复工作时限"), **target),
        figure(
            "修复档案数量", "360", "卷", item=("产出指标", "数量指标", "修复档案数量"), **target
        ),
        paragraphs=WORDS,
    )


def values(answer: Answer | None) -> list[str]:
    return [f"{v.value.normalize():f}{v.unit}" for v in answer.values] if answer else []


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("接入全市统一查档平台的单位有几家", "14个"),
        ("接入统一查档平台的查档窗口有多少个", "32个"),
        ("档案抢救修复工作要求多长时间内完成", "15天"),
    ],
)
def test_the_number_of_a_thing(question: str, value: str) -> None:
    assert values(loosely.counted(ask_of(prose(), question))) == [value]


@pytest.mark.parametrize(
    "question",
    [
        "接入全市统一查档平台花了多少钱",
        "县博物馆有几个展厅",
        "接入统一查档平台的有几个",  # units or windows: two numbers fit alike
        "没有接入统一查档平台的单位有几家",
        "查档的群众从多少公里外来",
    ],
)
def test_no_number_where_none_is_told_of_it(question: str) -> None:
    assert loosely.counted(ask_of(prose(), question)) is None


@pytest.mark.parametrize("question", ["预算是哪一天批复的", "财政局什么时候批复预算"])
def test_a_day(question: str) -> None:
    answer = textual.dated(ask_of(prose(), question))
    assert answer is not None and "2024年2月19日" in answer.text


@pytest.mark.parametrize("question", ["新馆哪一天开放", "预算批复了多少钱"])
def test_no_day(question: str) -> None:
    assert textual.dated(ask_of(prose(), question)) is None


def accounts() -> Report:
    found = []
    for n, (name, given, done) in enumerate(
        (
            ("行政运行", "100.00", "104.20"),
            ("档案馆", "60.00", "71.50"),
            ("机关服务", "9.00", "8.00"),
        )
    ):
        item = ("一般公共服务支出", "档案事务", name)
        place = {"table_id": f"p{n}", "item": item, "row": n}
        sentence = f"{name}（项）年初预算{given}万元，决算{done}万元。"
        found.append(told(name, given, sentence, measure="budget_initial", **place))
        found.append(told(name, done, sentence, measure="final", **place))
    return report(*found, paragraphs=tuple(f.sentence for f in found[::2]))


def test_two_accounts_that_went_over_their_budgets() -> None:
    answer = gaps.compared(
        ask_of(accounts(), "行政运行和档案馆都超了年初预算，哪个超得更多？分别超多少")
    )
    assert values(answer) == ["11.5万元", "4.2万元"]


@pytest.mark.parametrize(
    "question",
    [
        "行政运行和机关服务都超了年初预算，哪个超得更多",  # one of them did not
        "行政运行超了年初预算，哪个超得更多",
        "行政运行和档案馆哪个花得多",
    ],
)
def test_no_gaps_compared(question: str) -> None:
    assert gaps.compared(ask_of(accounts(), question)) is None
