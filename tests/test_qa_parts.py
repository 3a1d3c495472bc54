"""Parts of an amount, terms compared, duties, means and movers, on the sample."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qa.engine import Engine
from qa.values import Answer


def ask(engine: Engine, question: str) -> Answer:
    *history, last = question.split("||")
    return engine.ask(last, history)


# question, first value, unit
NUMBERS = [
    # what an amount is made of: the whole is told first
    ("三公经费各项分别花了多少", "35.72", "万元"),
    ("本年支出由哪几部分构成", "10954.78", "万元"),
    ("政府采购是怎么构成的", "5420.60", "万元"),
    # shares of a part that the words before name
    ("政府采购里服务占多少", "92.45", "%"),
    ("授予小微企业的占多少", "31.79", "%"),
    ("一般公共预算财政拨款支出中项目支出的比重是多少", "73.5", "%"),
    ("支出最多的那一类里，基本支出占多少", "23.47", "%"),
    # a project that is named by its condition
    ("执行率低于85%的那个项目得了多少分", "94.73", "分"),
    # means over the projects
    ("项目平均得分", "96.83", "分"),
    ("平均执行率是多少", "92.99", "%"),
    # two kinds of procurement; what the basic table has, taken off
    ("政府采购里，工程和服务哪个金额大，相差多少", "4914.55", "万元"),
    ("公务接待费扣掉基本支出表里列的那部分还剩多少", "0.51", "万元"),
    ("人员经费有几个科目有金额", "16", "个"),
]

# question, words of the answer
WORDS = [
    ("三公经费各项分别花了多少", ("6.40万元", "25.96万元", "3.36万元")),
    ("本年支出由哪几部分构成", ("2,654.12", "8,300.66")),
    ("公用经费都花在哪些科目上", ("办公费（28.46万元）", "电费（15.74万元）")),
    ("一般公共预算财政拨款支出用在哪几类上？总数多少", ("科学技术支出", "9,870.78")),
    ("基本支出和项目支出有什么区别", ("基本支出：", "项目支出：")),
    ("结转跟结余有什么不一样", ("有指定用途的叫结转",)),
    ("货物、工程、服务三类采购，哪类最多，哪类最少", ("5,011.35", "96.80")),
    ("自评得分垫底的三个项目是哪些", ("88.67", "94.73", "96.64")),
    ("三公经费里哪项比上年减少最多", ("因公出国", "2.75")),
    ("津贴补贴和奖金加起来多少，占人员经费的几成", ("899.52", "40.48")),
    ("没评上优的项目有哪些", ("中小企业数字化转型补助（良）",)),
    ("机关运行经费同比涨幅", ("4.39%",)),
    # last year may be the report's own, of accounts published in the next
    ("去年行政运行的年初预算是多少", ("2024年", "1,248.00万元")),
    # typed by sound
    ("三公精费多少", ("35.72", "三公经费")),
    ("政府彩购总额多少", ("5,420.60", "政府采购")),
]

# question, polarity, words
DECIDED = [
    ("数据安全工作是不是这个局管", "yes", ("政务数据安全",)),
    ("三公经费跟2023年比有变化吗", "yes", ("14.24",)),
    ("政府性基金支出跟去年比有变化吗", "no", ("持平",)),
    ("数据安全监测项目的指标都完成了吗", "no", ("31个", "540人次")),
]

REFUSED = [
    "一般公共预算和政府性基金有什么区别",  # the report explains neither
    "哪个支出科目降幅最大",  # no change of an account is told
    "政务公开归你们局管吗",
    # this year's amount is no answer to last year
    "上年会议费是多少",
    "前一年政府采购支出总额是多少",
    "上年三公经费预算是多少",  # the change is one of accounts
    "购房补贴是干什么用的",
]


@pytest.mark.parametrize(("question", "value", "unit"), NUMBERS, ids=[n[0] for n in NUMBERS])
def test_first_value(sample_engine: Engine, question: str, value: str, unit: str) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered", answer.text
    first = answer.values[0]
    assert (first.value, first.unit.split("/")[0]) == (Decimal(value), unit), answer.text
    assert answer.citations


@pytest.mark.parametrize(("question", "words"), WORDS, ids=[w[0] for w in WORDS])
def test_words(sample_engine: Engine, question: str, words: tuple[str, ...]) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered", answer.text
    assert [w for w in words if w not in answer.text] == [], answer.text


@pytest.mark.parametrize(("question", "polarity", "words"), DECIDED, ids=[d[0] for d in DECIDED])
def test_decided(
    sample_engine: Engine, question: str, polarity: str, words: tuple[str, ...]
) -> None:
    answer = ask(sample_engine, question)
    assert (answer.status, answer.polarity) == ("answered", polarity), answer.text
    assert [w for w in words if w not in answer.text] == [], answer.text


@pytest.mark.parametrize("question", REFUSED)
def test_refused(sample_engine: Engine, question: str) -> None:
    assert ask(sample_engine, question).status == "refused"
