"""Amounts stated, two tables, two projects, sums held against a figure, on the sample."""

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
    # the figure that is the amount stated, not the change beside it
    ("机关运行经费262.83万元是多少元", "2628300", "元"),
    ("公务接待费3.36万元是多少元", "33600", "元"),
    ("得分88.67分的那个项目，执行率是多少", "86.67", "%"),
    # one item in two tables, under two scopes; two projects
    ("一般公共服务支出，支出决算表比一般公共预算财政拨款支出决算表多多少", "204", "万元"),
    ("一般公共服务支出的全口径支出比财政拨款支出多多少", "204", "万元"),
    ("政务云项目和电子政务外网项目哪个花得多，多多少", "2323.28", "万元"),
    # the whole less the part beside it
    ("政府采购支出合计中，没有授予中小企业的部分是多少万元", "554.7", "万元"),
    ("货物占采购多少", "5.76", "%"),
    ("政府采购多少钱", "5420.60", "万元"),
    ("因公出国（境）费花了多少？||有几个团组？||一共去了几个人次？", "3", "人次"),
    ("行政运行的基本支出是多少||那项目支出部分是多少", "0.00", "万元"),
    ("2024年花了多少钱||比上年少了多少", "1236.56", "万元"),
]

# question, polarity, words
HELD = [
    ("数据安全监测与防护项目付过款吗", "yes", ("329.35",)),
    ("年底还有结转结余的钱吗", "yes", ("108.02",)),
    ("9个项目的执行数加起来，等于项目支出决算数吗", "no", ("8135.26", "8,300.66")),
    (
        "财政拨款年初结转和结余加本年收入减本年支出，等于年末结转和结余吗",
        "yes",
        ("186.3", "10660", "10750.78", "95.52"),
    ),
    ("会议费比电费多吗", "no", ("3.68", "15.74")),
]

WORDS = [
    ("中小企业数字化转型补助评了什么等级", ("“良”",)),
    ("得分88.67分的那个项目，评了什么等级", ("中小企业数字化转型补助", "“良”")),
    ("三公经费里最大的一块是哪项，占多少", ("公务用车购置及运行维护费", "72.68")),
]

REFUSED = [
    "公务接待费的增幅比培训费的增幅大吗",  # the report gives no rate of the other
    "局里一共多少人",
    "货物占采购的比例比教育支出高几个百分点",
]


@pytest.mark.parametrize(("question", "value", "unit"), NUMBERS)
def test_numbers(sample_engine: Engine, question: str, value: str, unit: str) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered", answer.text
    assert (answer.values[0].value, answer.values[0].unit) == (Decimal(value), unit), answer.text
    assert answer.citations


@pytest.mark.parametrize(("question", "polarity", "words"), HELD)
def test_held_against(
    sample_engine: Engine, question: str, polarity: str, words: tuple[str, ...]
) -> None:
    answer = ask(sample_engine, question)
    assert (answer.status, answer.polarity) == ("answered", polarity), answer.text
    assert all(w in answer.text for w in words), answer.text


@pytest.mark.parametrize(("question", "words"), WORDS)
def test_words(sample_engine: Engine, question: str, words: tuple[str, ...]) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered", answer.text
    assert all(w in answer.text for w in words), answer.text


@pytest.mark.parametrize("question", REFUSED)
def test_refused_rather_than_guessed(sample_engine: Engine, question: str) -> None:
    answer = sample_engine.ask(question)
    assert answer.status == "refused", answer.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("中小企业数字化转型补助没有付款，那自评得分是多少", "执行数为260.00万元"),
        ("政务云资源服务项目没有付款，那它得了多少分", "执行数为3,120.50万元"),
    ],
)
def test_what_the_lead_takes_for_granted_is_told(
    sample_engine: Engine, question: str, told: str
) -> None:
    assert told in sample_engine.ask(question).text


def test_no_premise_no_addition(sample_engine: Engine) -> None:
    answer = sample_engine.ask("政务云资源服务项目得了多少分")
    assert "执行数" not in answer.text
