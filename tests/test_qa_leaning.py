"""Follow-ups against the last answer, things described instead of named, accounts of projects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from index.values import Figure, Report
from qa import accounts, anchored, asked, cars, described, movers, rows, yesno
from qa.engine import Engine
from qa.reading import read_question
from qa.values import Answer, Value
from tests.test_qa_helpers import WordSearch, ask_of, figure, report, table, told, values

FORM = {"table": "项目支出绩效自评表", "table_id": "t5", "project": "档案抢救修复"}
SENTENCE = "市政养护480万元，其中：桥梁养护168万元，路面养护250万元，应急抢险62万元。"


def indicators() -> list[Figure]:
    def row(number: int, name: str, target: str, actual: str, unit: str) -> list[Figure]:
        item = ("产出指标", name)
        at: dict[str, Any] = {"item": item, "row": number, **FORM}
        return [
            figure(name, target, unit, measure="target", column=("年度指标值",), **at),
            figure(name, actual, unit, measure="actual", column=("实际完成值",), **at),
        ]

    late = figure(
        "修复合格率",
        measure="reason",
        column=("偏差原因",),
        item=("产出指标", "修复合格率"),
        row=2,
        state="text",
        **FORM,
    )
    object.__setattr__(late, "printed", "纸张返潮，二次修复")
    return [
        *row(1, "修复档案数量", "400", "360", "卷"),
        *row(2, "修复合格率", "98", "95", "%"),
        late,
    ]


def parts() -> list[Figure]:
    whole = told("市政养护", "480", SENTENCE, measure="budget", item=("市政养护",))
    names = {"桥梁养护": "168", "路面养护": "250", "应急抢险": "62"}
    return [
        whole,
        *(
            told(name, amount, SENTENCE, measure="budget", item=("市政养护", name))
            for name, amount in names.items()
        ),
    ]


def small() -> Report:
    return report(
        figure("公务接待费", "3.59"),
        *indicators(),
        *parts(),
        tables=(table("t5", "项目支出绩效自评表", kind="form"),),
        paragraphs=(SENTENCE,),
    )


def named(found: Report, subject: str, measure: str) -> Figure:
    return next(f for f in found.figures if f.subject == subject and f.measure == measure)


@pytest.mark.parametrize(
    ("subject", "measure", "question", "value"),
    [
        ("修复档案数量", "actual", "目标值是多少", "400卷"),
        ("应急抢险", "budget", "那桥梁呢", "168万元"),
        ("修复档案数量", "actual", "合格率实际是多少", "95%"),
    ],
)
def test_the_neighbour_named(subject: str, measure: str, question: str, value: str) -> None:
    found = small()
    answer = anchored.follow(ask_of(found, question), named(found, subject, measure))
    assert values(answer) == [value]


@pytest.mark.parametrize("question", ["那绿化呢", "为什么", "哪个最多", "没有给桥梁的是多少"])
def test_no_neighbour_where_none_is_named(question: str) -> None:
    found = small()
    assert anchored.follow(ask_of(found, question), named(found, "应急抢险", "budget")) is None


def test_what_comes_of_two_figures() -> None:
    found = small()
    part, whole = named(found, "桥梁养护", "budget"), named(found, "市政养护", "budget")
    assert values(anchored.share_of(ask_of(found, "占多大比例"), part, [whole])) == ["35%"]
    assert values(anchored.gap(ask_of(found, "差额是多少"), part, [whole])) == ["312万元"]
    assert anchored.share_of(ask_of(found, "占绿化的比例是多少"), part, [whole]) is None


def test_the_money_told_with_a_count() -> None:
    sentence = "绩效自评的项目39个，涉及预算金额4415.48万元。"
    count = told("绩效自评的项目", "39", sentence, "个", measure="count")
    money = told("涉及预算金额", "4415.48", sentence, measure="budget")
    found = report(count, money, paragraphs=(sentence,))
    assert values(anchored.follow(ask_of(found, "涉及资金多少"), count)) == ["4415.48万元"]
    assert anchored.follow(ask_of(found, "涉及资金多少"), money) is None


def test_the_reason_stands_in_the_row() -> None:
    found = small()
    answer = anchored.reason(
        ask_of(found, "没达标是怎么回事"), named(found, "修复合格率", "actual")
    )
    assert answer is not None
    assert "二次修复" in answer.text


@pytest.mark.parametrize(
    ("history", "question", "value"),
    [
        (["应急抢险安排了多少钱"], "桥梁养护呢", "168万元"),
        (["档案抢救修复项目修复档案数量实际是多少"], "目标值定的是多少", "400卷"),
    ],
)
def test_the_engine_leans_on_the_turn_before(history: list[str], question: str, value: str) -> None:
    engine = Engine(small(), WordSearch(small()))  # type: ignore[arg-type]
    answer = engine.ask(question, history)
    assert values(answer)[:1] == [value], answer.text


def test_nothing_is_answered_again_for_what_is_not_told() -> None:
    engine = Engine(small(), WordSearch(small()))  # type: ignore[arg-type]
    answer = engine.ask("它被扣了几分", ["档案抢救修复项目修复档案数量实际是多少"])
    assert answer.status != "answered"


# -- described ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "which", "kind", "rest"),
    [
        ("得分最低的那个项目,由谁实施的", "得分最低的项目是哪个", "project", "由谁实施的"),
        (
            "退休人员最多的那个预算单位,项目支出多少",
            "退休人员最多的预算单位是哪家",
            "body",
            "项目支出多少",
        ),
    ],
)
def test_a_description_is_a_question_of_its_own(
    question: str, which: str, kind: str, rest: str
) -> None:
    found = described.described(question)
    assert found == described.Described(which, kind, rest)


def test_two_conditions_describe_nothing_surely() -> None:
    assert described.described("年初没安排、年中追加的那个科目,支出多少") is None
    assert described.behind("它的实施单位是哪家") == ("", "")


# -- accounts of projects ------------------------------------------------------------------------


def coded() -> Report:
    project = {"project": "古籍数字化", "measure": "budget", "table": "项目支出预算表"}
    at = {"table_id": "t7", "code": "2070104", "item": ("古籍数字化",), "column": ("合计",)}
    ledger = {"measure": "budget", "code": "2070104"}
    return report(
        figure("图书馆", "260.00", item=("文化", "图书馆"), **ledger),
        figure("古籍数字化", "80.00", **project, **at),
        tables=(table("t7", "项目支出预算表"),),
    )


def test_the_account_of_a_project_and_back() -> None:
    answer = accounts.of_project(ask_of(coded(), "古籍数字化项目列在哪个功能科目"))
    assert answer is not None
    assert "2070104 图书馆" in answer.text
    back = accounts.project_of(ask_of(coded(), "图书馆（2070104）科目下安排了哪些具体项目"))
    assert values(back) == ["80万元"]
    assert accounts.of_project(ask_of(coded(), "展厅改造项目列在哪个功能科目")) is None


# -- kinds of numbers ----------------------------------------------------------------------------


def told_values(*units: str) -> Answer:
    given = tuple(Value(Decimal(1), unit, unit, "reported", ()) for unit in units)
    return Answer("answered", "", given, None, None, (), (), ())


@pytest.mark.parametrize(
    ("question", "kind", "suits"),
    [
        ("公用经费占基本支出百分之几", "percent", {"%": True, "万元": False}),
        ("公用经费一共多少万元", "money", {"万元": True, "个": False}),
        ("接待了多少人次", "number", {"人次": True, "万元": False}),
        ("有多少个项目", "number", {"个": True, "万元": False}),
    ],
)
def test_the_kind_of_number_asked_for(question: str, kind: str, suits: dict[str, bool]) -> None:
    assert asked.kind_asked(read_question(question)) == kind
    assert {u: asked.suits(told_values(u), kind) for u in suits} == suits


def test_the_number_asked_for_stands_first() -> None:
    answer = asked.in_order(told_values("万元", "%", "个"), "percent")
    assert [v.unit for v in answer.values] == ["%", "万元", "个"]


# -- more that is counted, compared or planned -----------------------------------------------------


def test_accounts_of_one_level_and_of_two_years() -> None:
    def account(code: str, name: str, now: str, before: str) -> list[Figure]:
        at = {"code": code, "item": (name,), "measure": "budget", "row": int(code[-2:])}
        return [
            figure(name, now, column=("2024年预算数",), year=2024, **at),
            figure(name, before, column=("2023年预算数",), year=2023, **at),
        ]

    found = report(
        *account("2010301", "行政运行", "90.00", "90.00"),
        *account("2010302", "一般行政管理事务", "40.00", "50.00"),
    )
    level = rows.of_level(ask_of(found, "支出决算表上一共有几个项级科目"))
    assert values(level) == ["2个"]
    same = movers.level(ask_of(found, "预算数与上年完全一样的项级科目有几个"))
    assert values(same) == ["1个"]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("2024年不安排购置单价50万元以上设备。", "no"),
        ("2024年拟购置单价50万元以上设备2台。", "yes"),
        ("安排购置单价50万元以上设备0台。", "no"),
    ],
)
def test_whether_a_purchase_is_planned(sentence: str, polarity: str) -> None:
    found = report(figure("公务接待费", "3.59"), paragraphs=(sentence,))
    object.__setattr__(found, "kind", "budget")
    answer = yesno.purchase_planned(ask_of(found, "今年要不要买单价50万元以上的设备"))
    assert answer is not None
    assert answer.polarity == polarity


def test_cars_kept_against_the_table_of_assets() -> None:
    sentence = "年末公务用车保有量7辆。"
    assets = {"table": "国有资产占用情况表", "table_id": "t8", "column": ("车辆合计",)}
    found = report(
        told("公务用车保有量", "7", sentence, "辆", measure="count"),
        figure("数量", "8", "辆", item=("数量",), **assets),
        tables=(table("t8", "国有资产占用情况表"),),
        paragraphs=(sentence,),
    )
    answer = cars.kept_as_listed(ask_of(found, "公务用车保有量和资产表里的车辆合计对得上吗"))
    assert answer is not None
    assert answer.polarity == "no"
    assert values(answer) == ["7辆", "8辆"]
