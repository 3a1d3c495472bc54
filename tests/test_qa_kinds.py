"""Kinds of questions beyond the look-up, asked of the sample report: a table of cases each."""

from __future__ import annotations

import pytest

from qa.engine import Engine
from qa.values import Answer


def ask(engine: Engine, question: str) -> Answer:
    """A question; earlier turns stand before it, divided by `||`."""
    *history, last = question.split("||")
    return engine.ask(last, history)


# question, words that the answer must hold, polarity
CHECKED = [
    ("公务接待费是3.36还是2.85万元", ("3.36", "2.85", "不一致"), None),
    ("“一网通办”项目的执行率到底是86.93%还是86.39%？", ("86.93", "86.39"), None),
    ("一般公共服务支出占87.17%，这个比例算得对不对", ("87.17", "8604.09", "两者一致"), "yes"),
    ("行政运行决算数大于年初预算，真是这样吗", ("1,286.45", "1,248.00"), "yes"),
    ("说行政运行决算数小于年初预算，对吗", ("1,286.45", "1,248.00"), "no"),
    ("公务接待费控制在预算以内吗", ("3.36", "4.20"), "yes"),
    ("这份报告里有没有前后对不上的数？", ("117.23", "96.64", "86.39"), "yes"),
    ("卫生健康支出各处写的一样吗", ("117.32", "117.23"), "no"),
]

# question, value, unit
COMPUTED = [
    ("自评得分最高的项目比最低的高出几分？", "10.99", "分"),
    ("九个项目年初预算总和与调整后预算总和差多少万元", "380.13", "万元"),
    ("三公经费里去掉接待费还有多少", "32.36", "万元"),
    ("没花完的预算最多的是哪个项目，剩多少", "117.64", "万元"),
    ("平均每个项目的全年预算是多少", "948.90", "万元"),
    ("政府采购里服务采购占多大比例", "92.45", "%"),
    ("基本支出占全部支出的比重是多少", "24.23", "%"),
    ("行政运行的基本支出跟项目支出相比哪个高", "1286.45", "万元"),
    ("水费电费两项加起来多少万元", "18.10", "万元"),
]

FOLLOWED = [
    ("公务接待费多少万元||折合多少元", "33600", "元"),
    ("一般公共预算财政拨款收入多少？||基金那边呢", "880.00", "万元"),
    ("政府采购货物支出多少？||服务呢？", "5011.35", "万元"),
    ("政府采购服务支出多少", "5011.35", "万元"),
    ("科学技术支出占一般公共预算财政拨款支出的百分之几？||住房保障支出呢？", "1.87", "%"),
]

LISTED = [
    ("年中追加了预算（调整后比年初多）的是哪些项目", ("公共数据治理", "数据要素应用创新奖补")),
    ("社会保障和就业支出下面有哪几个款级科目", ("行政事业单位养老支出", "284.64")),
    ("年初预算最多的支出科目（项）是哪个", ("其他发展与改革事务支出", "6,580.00")),
    ("公用经费中有支出的哪一项最少", ("手续费", "0.12")),
]

REFUSED = [
    "全区一般公共预算收入完成了多少亿",
    "货物类变化的原因是什么",
    "电子政务外网项目比去年多还是少",
    "局里工资最高的人一年拿多少",
    "公车百公里油耗平均多少升",
    "每户补助了多少钱",
    "在哪个城市举办的培训",
    "出国的是哪位同志",
    "电子政务外网项目的局长电话是多少",
]


@pytest.mark.parametrize(("question", "words", "polarity"), CHECKED)
def test_statements_are_held_against_the_report(
    sample_engine: Engine, question: str, words: tuple[str, ...], polarity: str | None
) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered"
    assert [w for w in words if w not in answer.text] == []
    assert polarity is None or answer.polarity == polarity
    assert answer.citations


@pytest.mark.parametrize(("question", "value", "unit"), [*COMPUTED, *FOLLOWED])
def test_computed_over_several_figures(
    sample_engine: Engine, question: str, value: str, unit: str
) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered", answer.text
    assert f"{answer.values[0].value:.2f}" == f"{float(value):.2f}"
    assert answer.values[0].unit == unit


@pytest.mark.parametrize(("question", "words"), LISTED)
def test_members_of_a_set(sample_engine: Engine, question: str, words: tuple[str, ...]) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered"
    assert [w for w in words if w not in answer.text] == []


@pytest.mark.parametrize("question", REFUSED)
def test_what_no_report_holds_is_refused(sample_engine: Engine, question: str) -> None:
    assert ask(sample_engine, question).status == "refused"
