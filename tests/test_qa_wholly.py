"""Whether all of it: shares of contracts, planned numbers, visits per group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from index.values import Report
from qa import bodies, cars, findings, lookup, ratios, wholly
from qa.grades import any_of_grade
from qa.values import Answer
from tests.test_qa_helpers import ask_of, figure, paragraph, report, table, told

PROCURED = "货物采购授予中小企业合同金额占货物支出金额的100%，服务采购授予中小企业占97.50%。"


def purchases() -> Report:
    def share(subject: str, printed: str, base: str) -> Any:
        return told(subject, printed, PROCURED, "%", measure="share", base=base)

    return report(
        told("授予中小企业合同金额", "98.00", PROCURED),
        share("授予中小企业合同金额", "98.00", "政府采购支出总额"),
        share("货物采购授予中小企业", "100", "货物支出金额"),
        share("服务采购授予中小企业", "97.50", "服务支出金额"),
        paragraphs=(PROCURED,),
    )


def form() -> Report:
    place: dict[str, Any] = {"table": "项目支出绩效自评表", "table_id": "t2", "project": "查档大厅"}
    rows = []
    for row, (name, goal, done, unit) in enumerate(
        (("改造查档窗口数量", "8", "5", "个"), ("购置扫描仪", "6", "6", "台"))
    ):
        item = ("产出指标", "数量指标", name)
        rows.append(figure(name, goal, unit, measure="target", item=item, row=row, **place))
        rows.append(figure(name, done, unit, measure="actual", item=item, row=row, **place))
    forms = [table("t2", "项目支出绩效自评表", kind="form", project="查档大厅")]
    return report(*rows, tables=forms)


def kept(cars: str) -> Report:
    sentence = f"公务用车保有量为{cars}辆，共有车辆9辆。"
    return report(
        figure("公务用车购置及运行维护费", "1.60"),
        told("公务用车保有量", cars, sentence, "辆", measure="count"),
        told("车辆", "9", sentence, "辆", measure="count"),
    )


@pytest.mark.parametrize(
    ("cars_kept", "question", "expected"),
    [
        ("4", "单位名下有公车吗", "yes"),
        ("0", "有没有公务用车", "no"),
        ("4", "有没有买新公车", None),
        ("4", "公车运行花了多少", None),
    ],
)
def test_official_cars(cars_kept: str, question: str, expected: str | None) -> None:
    assert polarity(cars.owned(ask_of(kept(cars_kept), question))) == expected


PROBLEMS = "绩效自评中共发现问题6个，其中已完成整改{}个。"


@pytest.mark.parametrize(("done", "expected"), [("4", "no"), ("6", "yes")])
def test_problems_put_right(done: str, expected: str) -> None:
    sentence = PROBLEMS.format(done)
    found = report(
        told("绩效自评中共发现问题", "6", sentence, "个", measure="count"),
        told("已完成整改", done, sentence, "个", measure="count"),
    )
    question = "绩效自评发现的问题都整改好了吗"
    assert polarity(findings.rectified(ask_of(found, question))) == expected


@pytest.mark.parametrize(("fiscal", "expected"), [("100.00", "yes"), ("90.00", "no")])
def test_all_income_from_one_source(fiscal: str, expected: str) -> None:
    found = report(
        figure("财政拨款收入", fiscal, total=True, table="收入决算表"),
        figure("其他收入", "10.00", total=True, table="收入决算表"),
        figure("本年收入合计", "100.00", total=True, table="收入决算表"),
    )
    question = "今年的收入是不是全都来自财政拨款"
    assert polarity(wholly.wholly(ask_of(found, question))) == expected


def test_a_column_that_bears_a_name_is_not_the_item_of_that_name() -> None:
    """基本支出里的公用经费合计 is the row of that name, not the total in its column."""
    column: dict[str, Any] = {"table": "基本支出决算表", "column": ("公用经费", "金额")}
    found = report(
        figure("基本支出", "204.10", item=("合计",), total=True, **column),
        figure("公用经费", "92.14", item=("公用经费合计",), **column),
    )
    answer = lookup.lookup(ask_of(found, "基本支出里的公用经费合计是多少"))
    assert answer is not None and [str(v.value) for v in answer.values] == ["92.14"]


def polarity(answer: Answer | None) -> str | None:
    return answer.polarity if answer else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("货物采购全部给中小企业了吗", "yes"),
        ("服务类采购是不是百分之百都给了中小企业", "no"),
        ("合同是不是全部授予中小企业", "no"),
        ("政府采购给了中小企业多少钱", None),
    ],
)
def test_contracts(question: str, expected: str | None) -> None:
    assert polarity(wholly.wholly(ask_of(purchases(), question))) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("8个查档窗口当年都改造完了吗", "no"),
        ("计划买的6台扫描仪全部购置到位了吗", "yes"),
        ("6个查档窗口都改造完了吗", None),  # not the number planned
        ("8个展厅都布置完了吗", None),
    ],
)
def test_what_was_planned(question: str, expected: str | None) -> None:
    assert polarity(wholly.planned(ask_of(form(), question))) == expected


@pytest.mark.parametrize(
    ("question", "formula"),
    [
        ("每个团组的公务接待费是多少元", "3.6万元 ÷ 12批次"),
        ("平均每个出国团组花了多少钱", "6万元 ÷ 2个"),
    ],
)
def test_per_group(question: str, formula: str) -> None:
    sentence = "全年安排因公出国（境）团组2个。国内公务接待12批次。"
    abroad = told("安排因公出国（境）团组", "2", sentence, "个", measure="count")
    visits = told("国内公务接待", "12", sentence, "批次", measure="count")
    found = report(
        figure("公务接待费", "3.60"),
        figure("因公出国（境）费", "6.00"),
        abroad,
        visits,
        paragraphs=(sentence,),
    )
    answer = ratios.per(ask_of(found, question))
    assert answer is not None and formula in answer.text


LISTED = ("编制范围包括：松原县档案馆本级、松原县城建档案馆、松原县地方志中心。",)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("县档案馆下面管着哪几家单位", ["松原县城建档案馆", "松原县地方志中心"]),
        ("县档案馆决算把哪些下属单位算进去了", ["松原县城建档案馆", "松原县地方志中心"]),
        ("纳入编制范围的单位有哪些", ["松原县档案馆本级", "松原县城建档案馆"]),
        ("县档案馆的档案有哪些", []),
    ],
)
def test_bodies(question: str, names: list[str]) -> None:
    found = replace(
        report(), paragraphs=(replace(paragraph(LISTED[0]), section=("二、单位构成",)),)
    )
    answer = bodies.listed(ask_of(found, question))
    assert [n for n in names if answer is None or n not in answer.text] == []
    assert bool(answer) == bool(names)


def graded(*grades: str) -> Report:
    rows = []
    for row, grade in enumerate(grades):
        place: dict[str, Any] = {
            "project": f"第{row}库房修缮",
            "item": (f"第{row}库房修缮",),
            "row": row,
        }
        rows.append(figure(f"第{row}库房修缮", "10.00", measure="executed", **place))
        told_so: dict[str, Any] = place | {"state": "text", "measure": "grade", "column": ("等级",)}
        rows.append(figure(f"第{row}库房修缮", grade, "", **told_so))
    return report(*rows)


@pytest.mark.parametrize(
    ("grades", "question", "expected"),
    [
        (("优", "良"), "有没有评为良的项目", "yes"),
        (("优", "优"), "有没有评为良的项目", "no"),
        (("优", "优"), "自评有没有不合格的项目", "no"),
        (("优", "优"), "有没有超预算的项目", None),
    ],
)
def test_a_grade_that_some_project_has(
    grades: tuple[str, ...], question: str, expected: str | None
) -> None:
    assert polarity(any_of_grade(ask_of(graded(*grades), question))) == expected


@pytest.mark.parametrize(("count", "expected"), [("0", "no"), ("3", "yes")])
def test_a_grade_by_the_number_that_the_prose_gives(count: str, expected: str) -> None:
    sentence = f"绩效评级为“良”的项目{count}个。"
    counted = told("绩效评级为“良”的项目", count, sentence, "个", measure="count")
    found = report(counted, paragraphs=(sentence,))
    answer = any_of_grade(ask_of(found, "39个自评项目里有被评为“良”的吗"))
    assert polarity(answer) == expected


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        ([("管理事务", "行政运行", "110"), ("规划与管理", "规划与管理", "88.08")], []),
        ([("规划与管理", "规划与管理", "88.08")], ["88.08"]),  # the only one is the whole
    ],
)
def test_the_completion_of_one_account_is_not_that_of_its_class(
    accounts: list[tuple[str, str, str]], expected: list[str]
) -> None:
    told_so = [
        told(
            name,
            rate,
            f"{name}完成年初预算的{rate}%。",
            "%",
            measure="completion",
            item=("城乡社区支出", middle, name),
            table_id=f"p{n}",
        )
        for n, (middle, name, rate) in enumerate(accounts)
    ]
    found = report(*told_so, paragraphs=[f.sentence for f in told_so])
    answer = ratios.completion(ask_of(found, "城乡社区支出完成了预算的多少"))
    assert ([str(v.value) for v in answer.values] if answer else []) == expected
