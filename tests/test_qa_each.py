"""Questions about several things at once and over several turns, asked of the sample report."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qa.earlier import over_earlier
from qa.engine import Engine
from qa.entries import entry_number
from qa.values import Answer


def ask(engine: Engine, question: str) -> Answer:
    """A question; earlier turns stand before it, divided by `||`."""
    *history, last = question.split("||")
    return engine.ask(last, history)


# question, the values in their order
EACH = [
    ("人员经费和公用经费分别是多少", ["2221.88", "393.64"]),
    ("人员经费和公用经费各占基本支出的百分之几", ["84.95", "15.05"]),
    ("公务接待一共几批次、多少人次", ["26", "214"]),
    ("支出合计多少，其中基本支出多少", ["10954.78", "2654.12"]),
    ("收进来多少钱，其中财政拨款多少", ["10853.50", "10660.00"]),
]

# question, polarity, words that the answer must hold
STATED = [
    ("会议费、培训费这两项今年花过钱没有", "yes", ("3.68", "9.52")),
    ("机关运行经费和三公经费比上年变动方向一样吗", "no", ("4.39%", "66.29%")),
    ("项目支出有没有过半", "yes", ("75.77%",)),
    ("行政运行的基本支出加项目支出等于合计吗", "yes", ("1286.45", "两者相等")),
    ("国有资本经营预算表是空的吗", "yes", ("本表为空表",)),
    ("国有资本经营预算表里有数吗", "no", ("本表为空表",)),
    ("政务云资源服务项目的等级是优吗", "yes", ("优",)),
    ("政务云资源服务项目的等级是良吗", "no", ("优",)),
]

# question, value, unit
COMPUTED = [
    ("水费多少||电费呢||这两项加起来多少", "18.10", "万元"),
    ("水费多少||电费呢||加起来占公用经费的百分之几", "4.60", "%"),
    ("行政运行的年初预算||决算呢||差多少", "38.45", "万元"),
    ("社会保障和就业支出多少||其中职业年金占百分之几", "29.67", "%"),
    ("政务云资源服务和数据安全监测与防护两个项目，哪个执行的钱多", "2791.15", "万元"),
]

# question, words that the answer must hold
LISTED = [
    ("哪些单位纳入决算", ("云海市数据资源管理局本级", "云海市大数据中心", "政务信息服务中心")),
    ("除了本级还有几家下属单位纳入决算", ("共2个",)),
    ("公益一类的下属单位是哪几家", ("云海市大数据中心",)),
    ("推动智慧社区是职责第几条", ("第7条", "智慧社区")),
    ("年初预算超过1000万的科目有几个", ("共2项", "行政运行")),
    ("年初预算和调整后预算不一样的项目有哪些", ("共8项",)),
]


@pytest.mark.parametrize(("question", "values"), EACH)
def test_each_thing_has_its_value(sample_engine: Engine, question: str, values: list[str]) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered", answer.text
    told = [v.value.quantize(Decimal("0.01")) for v in answer.values]
    assert told == [Decimal(v).quantize(Decimal("0.01")) for v in values]
    assert all(v.citations for v in answer.values)


@pytest.mark.parametrize(("question", "polarity", "words"), STATED)
def test_statements_are_decided(
    sample_engine: Engine, question: str, polarity: str, words: tuple[str, ...]
) -> None:
    answer = ask(sample_engine, question)
    assert answer.polarity == polarity, answer.text
    assert [w for w in words if w not in answer.text] == []
    assert answer.citations


@pytest.mark.parametrize(("question", "value", "unit"), COMPUTED)
def test_computed(sample_engine: Engine, question: str, value: str, unit: str) -> None:
    answer = ask(sample_engine, question)
    assert answer.values, answer.text
    assert answer.values[0].value.quantize(Decimal("0.01")) == Decimal(value)
    assert answer.values[0].unit == unit
    assert answer.calculation is not None


@pytest.mark.parametrize(("question", "words"), LISTED)
def test_listed(sample_engine: Engine, question: str, words: tuple[str, ...]) -> None:
    answer = ask(sample_engine, question)
    assert answer.status == "answered", answer.text
    assert [w for w in words if w not in answer.text] == []


@pytest.mark.parametrize(
    ("question", "told"),
    [
        # A part that the report does not print is not answered with its whole.
        ("机关运行经费里绿化费花了多少", "机关运行经费"),
        ("住房保障支出里购车补贴多少", "住房保障支出"),
    ],
)
def test_an_unknown_part_is_refused(sample_engine: Engine, question: str, told: str) -> None:
    answer = ask(sample_engine, question)
    assert answer.status != "answered" or not answer.values or told not in answer.values[0].label


@pytest.mark.parametrize(
    ("history", "question", "holds"),
    [
        (["水费多少", "电费呢是多少"], "加起来", "水费加电费"),
        (["水费多少", "电费多少"], "差多少", "相差多少"),
        (["水费多少", "电费多少"], "哪个多", "哪个更多"),
        (["水费年初预算", "水费决算数"], "少花了多少", "相差多少"),
    ],
)
def test_turns_in_one_question(history: list[str], question: str, holds: str) -> None:
    found = over_earlier(question, history, lambda i: history[i])
    assert found is not None
    assert holds in found[0]


@pytest.mark.parametrize(
    ("history", "question"),
    [([], "加起来"), (["水费多少"], "加起来"), (["水费多少", "电费多少"], "和公务接待费加起来")],
)
def test_turns_that_are_not_meant(history: list[str], question: str) -> None:
    assert over_earlier(question, history, lambda i: history[i]) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9.拟订计划", 9),
        ("(十二)承办其他事项", 12),
        ("第三条 本局职责", 3),
        ("(3)开展培训", 3),
        ("2024年度", None),
        ("承办其他事项", None),
    ],
)
def test_numbers_of_entries(text: str, number: int | None) -> None:
    assert entry_number(text) == number
