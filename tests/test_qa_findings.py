"""What an evaluation found, and where the money comes from: small invented reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from index.values import Paragraph, Report
from qa import findings, ranking, shares
from qa.values import Answer
from tests.test_qa_helpers import ask_of, figure, paragraph, report, table

SUMMARY = (
    "1.档案抢救修复项目绩效自评综述：执行数为58.20万元。发现的主要问题及原因：修复师不足。"
    "下一步改进措施：与高校联合培养修复师。"
)
SECOND = (
    "2.查档窗口改造项目绩效自评综述：执行数为30.00万元。发现的主要问题及原因：招标一次流标。"
    "下一步改进措施：提前编制采购需求。"
)
HEDGED = "从评价情况看，资金使用规范，但存在指标设置偏低等问题。评价结果已公开。"


def section(text: str, *names: str, heading: bool = False) -> Paragraph:
    return replace(paragraph(text), section=names, heading=heading)


def evaluated() -> Report:
    annex = "附件2数字化加工项目部门评价报告"
    found = report(
        figure("修复数量", "360", "卷", project="档案抢救修复", table="绩效自评表"),
        figure("窗口数量", "12", "个", project="查档窗口改造", table="绩效自评表"),
    )
    paragraphs = (
        section(SUMMARY, "（二）项目绩效自评结果"),
        section(SECOND, "（二）项目绩效自评结果"),
        section(annex, heading=True),
        section("一、项目基本情况", annex, heading=True),
        section("二、存在的主要问题", annex, heading=True),
        section("（一）扫描件命名不统一。", annex, "二、存在的主要问题"),
        section("（二）验收资料不全。", annex, "二、存在的主要问题"),
        section("三、有关建议", annex, heading=True),
        section("统一命名规则。", annex, "三、有关建议"),
    )
    return replace(found, paragraphs=paragraphs)


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("档案抢救修复项目存在什么问题", ["修复师不足"], ["流标", "联合培养", "命名"]),
        ("档案修复下一步怎么改进", ["联合培养修复师"], ["不足", "采购需求"]),
        ("自评发现了哪些问题", ["修复师不足", "流标"], ["命名"]),
        ("部门评价查出了哪些问题", ["命名不统一", "验收资料不全"], ["修复师", "统一命名规则"]),
        ("数字化加工项目的部门评价提了哪些建议", ["统一命名规则"], ["不全", "采购需求"]),
        ("评价提出了哪些改进措施", ["联合培养", "采购需求", "统一命名规则"], ["流标"]),
    ],
)
def test_findings(question: str, said: list[str], unsaid: list[str]) -> None:
    answer = findings.found(ask_of(evaluated(), question))
    assert answer is not None
    assert [s for s in said if s not in answer.text] == []
    assert [s for s in unsaid if s in answer.text] == []
    assert answer.citations


@pytest.mark.parametrize(
    "question",
    ["库房扩建项目存在什么问题", "档案修复花了多少钱", "为什么没有完成", "有没有查出问题"],
)
def test_no_finding(question: str) -> None:
    assert findings.found(ask_of(evaluated(), question)) is None


def test_a_problem_inside_a_sentence_is_told_with_the_sentence() -> None:
    answer = findings.found(ask_of(report(paragraphs=(HEDGED,)), "评价发现了什么问题"))
    assert answer is not None
    assert "指标设置偏低" in answer.text and "已公开" not in answer.text


def income(*, divided: bool = False) -> Report:
    side: dict[str, Any] = {"table": "收入支出决算总表", "column": ("收入", "金额")}
    parts = [figure("经费拨款", "60.00", **side), figure("非税收入拨款", "10.00", **side)]
    return report(
        figure("一般公共预算财政拨款收入", "70.00", **side),
        *(parts if divided else []),
        figure("政府性基金预算财政拨款收入", "20.00", **side),
        figure("事业收入", **side),
        figure("其他收入", "10.00", **side),
        figure("本年收入合计", "100.00", total=True, **side),
        figure("教育支出", "99.00", table="收入支出决算总表", column=("支出", "金额")),
        figure(
            "本年收入合计",
            "90.00",
            total=True,
            table="财政拨款收入支出决算总表",
            table_id="t4",
            column=("收入", "金额"),
        ),
        tables=[table("t4", "财政拨款收入支出决算总表")],
    )


def values(answer: Answer | None) -> list[str]:
    return [f"{v.value.normalize():f}{v.unit}" for v in answer.values] if answer else []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("一般公共预算拨款收入占总收入多少", "70%"),
        ("政府性基金占全部收入的比例", "20%"),
        ("其他收入占本年收入的百分之几", "10%"),
        ("财政拨款收入占总收入的比例", "90%"),
    ],
)
def test_the_share_of_a_source(question: str, expected: str) -> None:
    assert values(shares.share(ask_of(income(), question)))[:1] == [expected]


@pytest.mark.parametrize("divided", [False, True])
@pytest.mark.parametrize(
    ("question", "name", "amount"),
    [
        ("收入里哪一项最多", "一般公共预算财政拨款收入", "70"),
        ("收入来源里最少的是哪项", "其他收入", "10"),
        ("哪种收入排第二", "政府性基金预算财政拨款收入", "20"),
    ],
)
def test_the_greatest_source(question: str, name: str, amount: str, divided: bool) -> None:
    answer = ranking.rank(ask_of(income(divided=divided), question))
    assert answer is not None and name in answer.text
    assert values(answer)[0].startswith(amount)
