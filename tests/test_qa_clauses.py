"""Questions of several clauses: how they part, and what is told along, on the sample."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.values import Box
from qa import clauses
from qa.engine import Engine
from qa.reading import normalise
from qa.values import Answer, Citation, Conflict, Value

PARTS = [
    ("会议费多少,一共多少人参会", ["会议费多少", "一共多少人参会"]),
    ("2024年,局里一共花了多少钱", ["2024年,局里一共花了多少钱"]),
    (
        "执行率最低的项目是哪个,预算多少,为什么",
        ["执行率最低的项目是哪个", "预算多少", "为什么"],
    ),
    ("公务接待费是多少", ["公务接待费是多少"]),
]

KINDS = [
    ("三公经费多少钱", {"money"}),
    ("其中接待费占多少", {"percent"}),
    ("比上年增长了百分之几", {"change"}),
    ("自评得了多少分", {"score"}),
    ("绩效自评平均分多少", {"score"}),
    ("什么等级", {"grade"}),
    ("一共几个项目", {"count"}),
    ("预算多少", {"budget"}),
    ("为什么没花完", {"reason"}),
    ("得分最低的项目是哪个", {"which"}),
    ("机关运行经费", set()),
]

# question, the values in order, words of the text
TOLD: list[tuple[str, list[str], tuple[str, ...]]] = [
    ("三公经费决算跟全年预算相比少了多少，完成百分之几？", ["2.98", "92.30"], ()),
    ("公务接待多少批次，平均每批次多少钱", ["26", "1292.31"], ()),
    ("出国花了多少，几个团组多少人次", ["6.40", "2", "3"], ()),
    ("今年一年总共花多少钱，其中多少是人员经费？", ["10954.78", "2221.88"], ()),
    ("采购花了多少，给中小企业的占多少", ["5420.60", "89.77"], ("中小企业获得的合同",)),
    (
        "执行率最低的项目是哪个，预算多少，花了多少",
        ["430.00", "329.35", "80.33"],
        ("数据安全监测与防护项目",),
    ),
    ("哪个项目执行率最低，花了多少", ["329.35", "80.33"], ("数据安全监测与防护项目",)),
    ("第二大的项目是哪个，执行率多少", ["92.56", "1189.11"], ("公共数据治理与共享平台项目",)),
    (
        "今年花钱最多的项目是哪个，它的自评得分是多少，等级是什么",
        ["99.66", "3120.50"],
        ("政务云资源服务项目", "“优”"),
    ),
    ("政务云项目得了多少分，为什么扣分", ["99.66"], ("省级平台",)),
    ("出国的钱比预算少了多少，为什么", ["1.6"], ("压减了出访批次",)),
    ("数字经济专项业务费还剩多少没花，执行率多少", ["8.28", "97.73"], ()),
    ("2024年收了多少钱，花了多少钱，还剩多少", ["10853.50", "10954.78", "108.02"], ()),
]

# question, amounts that must not stand in its answer
NOT_TOLD = [
    ("哪个项目得分最低，预算多少", "10,954.78"),  # not of the whole body
    ("公用经费和人员经费，哪个完成年初预算的比例更高", "2,221.88"),  # not the amounts
    ("采购花了多少，给中小企业的占多少", "260"),  # no account of the function table
]


@pytest.mark.parametrize(("text", "parts"), PARTS)
def test_clauses_that_ask(text: str, parts: list[str]) -> None:
    assert clauses.asking(normalise(text)) == parts


@pytest.mark.parametrize(("clause", "kinds"), KINDS)
def test_kinds_asked(clause: str, kinds: set[str]) -> None:
    assert clauses.kinds_asked(clause) == kinds


@pytest.mark.parametrize(("question", "values", "words"), TOLD)
def test_every_clause_is_answered(
    sample_engine: Engine, question: str, values: list[str], words: tuple[str, ...]
) -> None:
    answer = sample_engine.ask(question)
    assert answer.status == "answered", answer.text
    told = [v.value for v in answer.values]
    assert [v for v in told if v in map(Decimal, values)] == [Decimal(v) for v in values], (
        answer.text
    )
    assert all(w in answer.text for w in words), answer.text
    cited = [n for v in answer.values for n in v.citations]
    assert cited and max(cited) < len(answer.citations)


@pytest.mark.parametrize(("question", "amount"), NOT_TOLD)
def test_no_clause_is_answered_with_another_thing(
    sample_engine: Engine, question: str, amount: str
) -> None:
    answer = sample_engine.ask(question)
    assert answer.status == "refused" or amount not in answer.text


def test_a_clause_without_an_answer_is_left_out(sample_engine: Engine) -> None:
    alone = sample_engine.ask("会议费花了多少")
    both = sample_engine.ask("会议费花了多少，多少人参会")
    assert both.status in {"answered", "refused"}
    assert len(both.values) <= len(alone.values)


def test_joined_answers_keep_their_evidence_apart() -> None:
    def one(n: int) -> Answer:
        return Answer(
            "answered",
            f"{n}。",
            values=(Value(Decimal(n), "万元", "", "reported", (0,)),),
            citations=(Citation("", n, None, Box(0, 0, 1, 1), "", str(n)),),
            conflicts=(Conflict("不一致", (0,)),),
        )

    both = clauses.joined(one(1), one(2))
    assert both.text == "1。2。"
    assert [both.citations[v.citations[0]].page for v in both.values] == [1, 2]
    assert [both.citations[c.citations[0]].page for c in both.conflicts] == [1, 2]


def test_one_part_is_answered_where_the_report_says_nothing_of_the_other(
    sample_engine: Engine,
) -> None:
    answer = sample_engine.ask("公务接待费花了多少，电梯有几台")
    assert answer.status == "answered"
    assert [str(v.value) for v in answer.values[:1]] == ["3.36"]
    assert "电梯有几台" in answer.text and "没有找到" in answer.text


@pytest.mark.parametrize(
    "question", ["新办公楼多少钱，电梯几部", "新办公楼的几个项目，占总支出多少"]
)
def test_no_part_without_an_answer(sample_engine: Engine, question: str) -> None:
    assert sample_engine.ask(question).status == "refused"
