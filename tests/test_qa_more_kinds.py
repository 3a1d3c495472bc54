"""Kinds of a count, shared-out amounts, gaps to the budget, columns by number, on the sample."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qa.engine import Engine
from qa.reading import normalise
from qa.values import Answer


def ask(engine: Engine, question: str) -> Answer:
    """A question; earlier turns stand before it, divided by `||`."""
    *history, last = question.split("||")
    return engine.ask(last, history)


# question, value, unit, whether it is computed
NUMBERS = [
    ("差旅费平均每个月多少万元", "3.44", "万元", True),
    ("公用经费平摊到每家单位多少万元", "131.21", "万元", True),
    ("公开09表第12栏是多少", "3.36", "万元", False),
    ("决算比年初预算少得最多的是哪个科目，少多少", "361.46", "万元", True),
    ("差旅费多少||会议费呢||后面这个比前面那个多多少", "37.59", "万元", True),
    ("行政运行的基本支出是多少||那项目支出呢", "0.00", "万元", False),
    ("名词解释一共解释了几个词", "18", "个", True),
    ("主要职责一共列了几条", "10", "条", True),
    ("安全事件响应实际用了几分钟", "24", "分钟", False),
]

# question, words that the answer must hold, polarity
WORDS = [
    ("单位的车分哪几类，各有几辆", ("机要通信用车", "应急保障用车", "车辆为6辆"), None),
    ("哪类车最多", ("应急保障用车", "其他用车", "2辆"), None),
    ("政府性基金收支和上年一样吗", ("持平",), "yes"),
    ("差旅费超过会议费了吗", ("41.27", "3.68"), "yes"),
    ("会议费超过差旅费了吗", ("41.27", "3.68"), "no"),
    ("数据安全监测与防护项目的那些分丢在哪儿了", ("8.03", "80.33", "渗透测试系统数量"), None),
]

# question, words that must not stand in the answer
NOT_SAID = [
    ("项目支出多少", "165.40"),  # a part of what other funds bear is no second figure
    ("2024年第三季度一共支出多少钱？", "10,954.78"),
    ("单台云主机月均成本是多少", "33.17"),  # is one month's already
]

PLAIN = [
    ("钱里头公用经费多少", "钱里公用经费多少"),
    ("为啥没花完", "为什么没花完"),
    ("咋回事", "怎么回事"),
    ("买没买新车？我问的是2024年", "买没买新车,2024年"),
]


@pytest.mark.parametrize(("question", "value", "unit", "computed"), NUMBERS)
def test_numbers(
    sample_engine: Engine, question: str, value: str, unit: str, computed: bool
) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered", answer.text
    first = answer.values[0]
    assert (first.value, first.unit) == (Decimal(value), unit), answer.text
    assert (first.kind == "computed") == computed
    assert answer.citations


@pytest.mark.parametrize(("question", "words", "polarity"), WORDS)
def test_words(
    sample_engine: Engine, question: str, words: tuple[str, ...], polarity: str | None
) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered", answer.text
    assert all(w in answer.text for w in words), answer.text
    if polarity is not None:
        assert answer.polarity == polarity, answer.text


@pytest.mark.parametrize(("question", "word"), NOT_SAID)
def test_not_said(sample_engine: Engine, question: str, word: str) -> None:
    assert word not in ask(sample_engine, question).text


@pytest.mark.parametrize(("said", "meant"), PLAIN)
def test_written_words_for_colloquial_ones(said: str, meant: str) -> None:
    assert normalise(said) == meant
