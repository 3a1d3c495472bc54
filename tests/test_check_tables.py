"""Checks over tables and self-evaluation forms that are made here. Figures are invented."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from index.check import check_report
from index.values import Report
from tests.check_reports import differing, paragraph, report_of, tables_of, verdicts
from tests.pdfs import Leaf, Rows

UNIT = "单位：万元"


def replaced(rows: Rows, old: str, new: str) -> list[list[str]]:
    """The rows with the one cell `old` changed; `old` must stand in them once."""
    assert sum(row.count(old) for row in rows) == 1, old
    return [[new if cell == old else cell for cell in row] for row in rows]


OUTLAY = [
    ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
    ["合计", "<", "310.05", "210.04", "100.01"],
    ["201", "一般公共服务支出", "290.05", "190.04", "100.01"],
    ["20126", "档案事务", "290.05", "190.04", "100.01"],
    ["2012601", "行政运行", "200.03", "190.02", "10.01"],
    ["2012604", "档案馆", "90.02", "0.02", "90.00"],
    ["221", "住房保障支出", "20.00", "20.00", ""],
    ["22102", "住房改革支出", "20.00", "20.00", ""],
    ["2210201", "住房公积金", "20.00", "20.00", ""],
]


def outlay(folder: Path, rows: Rows = OUTLAY, title: str = "支出决算表") -> Report:
    return report_of(tables=tables_of(folder, Leaf((title, UNIT), rows)))


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("200.03", "200.03", []),
        ("200.03", "200.04", []),  # a hundredth is rounding
        ("200.03", "210.03", ["outlay_columns", "rollup_outlay"]),
        ("310.05", "311.05", ["outlay_columns", "rollup_outlay"]),
        ("0.02", "", ["outlay_columns", "rollup_outlay"]),
    ],
)
def test_columns_and_codes(tmp_path: Path, old: str, new: str, rules: list[str]) -> None:
    found = differing(outlay(tmp_path, replaced(OUTLAY, old, new)))
    assert sorted({f.rule for f in found}) == rules


def test_codes_in_three_columns_roll_up_too(tmp_path: Path) -> None:
    rows = [
        ["类", "款", "项", "科目名称", "合计", "基本支出", "项目支出"],
        ["201", "", "", "一般公共服务支出", "290.05", "190.04", "100.01"],
        ["201", "26", "", "档案事务", "290.05", "190.04", "100.01"],
        ["201", "26", "01", "行政运行", "200.03", "190.02", "10.01"],
        ["201", "26", "04", "档案馆", "91.02", "1.02", "90.00"],
    ]
    title = "一般公共预算财政拨款支出决算表"
    found = differing(outlay(tmp_path, rows, title))
    assert {f.rule for f in found} == {"rollup_general"}
    assert {f.terms[0].item[-1] for f in found} == {"档案事务"}
    assert {f.difference for f in found} == {Decimal("-1.00")}


THREE = [
    ["预算数", "<", "<", "<", "<", "<", "决算数", "<", "<", "<", "<", "<"],
    ["合计", "因公出国费", "公务用车购置及运行费", "<", "<", "公务接待费"] * 2,
    ["^", "^", "小计", "购置费", "运行费", "^"] * 2,
    [
        "9.00",
        "2.00",
        "5.00",
        "3.00",
        "2.50",
        "2.00",
        "7.10",
        "2.10",
        "4.50",
        "3.20",
        "1.30",
        "0.50",
    ],
]


def test_both_halves_of_the_three_expenses(tmp_path: Path) -> None:
    leaf = Leaf(("财政拨款“三公”经费支出决算表", UNIT), THREE)
    found = differing(report_of(tables=tables_of(tmp_path, leaf)))
    assert [(f.rule, f.terms[0].printed) for f in found] == [("three_cars", "5.00")]
    assert found[0].tolerance is not None
    assert found[0].text.endswith("相差0.50万元，超过四舍五入的尾差（0.015万元）。")


def test_tables_and_prose_tell_the_same(tmp_path: Path) -> None:
    tables = tables_of(tmp_path, Leaf(("支出决算表", UNIT), OUTLAY))
    told = paragraph("本年支出合计310.05万元，其中：基本支出210.04万元，项目支出101.00万元。")
    rules = [f.rule for f in differing(report_of([told], tables))]
    assert rules == ["told_twice", "prose_outlay"]


def test_what_follows_from_a_slip_is_a_note(tmp_path: Path) -> None:
    tables = tables_of(tmp_path, Leaf(("支出决算表", UNIT), OUTLAY))
    told = paragraph("本年支出合计310.05万元，其中：基本支出210.04万元，项目支出101.00万元。")
    slip, sum_of_parts = differing(report_of([told], tables))
    assert (slip.severity, sum_of_parts.severity) == ("error", "note")
    assert "引起的" in sum_of_parts.text


def test_accounts_listed_that_the_table_leaves_empty(tmp_path: Path) -> None:
    basic = [
        ["科目编码", "科目名称", "金额", "科目编码", "科目名称", "金额"],
        ["301", "工资福利支出", "80.00", "302", "商品和服务支出", "10.00"],
        ["30101", "基本工资", "80.00", "30201", "办公费", "10.00"],
        ["30103", "奖金", "0.00", "30202", "印刷费", ""],
        ["人员经费合计", "<", "80.00", "公用经费合计", "<", "10.00"],
    ]
    title = "一般公共预算财政拨款基本支出决算表"
    tables = tables_of(tmp_path, Leaf((title, UNIT), basic))
    text = (
        "一般公共预算财政拨款基本支出90.00万元。其中：人员经费80.00万元，主要包括：基本工资、{}；"
        "公用经费10.00万元，主要包括：办公费。"
    )
    found = differing(report_of([paragraph(text.format("奖金"))], tables))
    assert [(f.rule, [t.label for t in f.terms[1:]]) for f in found] == [
        ("listed_empty", ["奖金 基本支出"])
    ]
    assert not differing(report_of([paragraph(text.format("抚恤金"))], tables))


HEAD = [
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值（A）",
    "实际完成值（B）",
    "分值",
    "得分",
    "偏差原因",
]
GOAL = "整理全县机关档案三万卷并全部扫描"
RESULT = "整理全县机关档案三万卷并完成扫描"
FORM = [
    ["项目名称", "<", "档案数字化项目", "<", "主管部门", "松原县档案馆", "<", "<"],
    ["项目预算执行情况", "", "年初预算数", "全年预算数（A）", "全年执行数（B）", "分值",
     "执行率（B/A）", "得分"],
    ["^", "年度资金总额", "120.00", "118.00", "106.20", "10", "90.00%", "9.00"],
    ["^", "其中：当年财政拨款", "120.00", "118.00", "106.20", "-", "-", "-"],
    ["^", "其他资金", "", "", "", "-", "-", "-"],
    ["年度总体目标", "预期目标", "<", "<", "实际完成情况", "<", "<", "<"],
    ["^", GOAL, "<", "<", RESULT, "<", "<", "<"],
    HEAD,
    ["产出指标（50分）", "数量指标", "整理档案", "≥3万卷", "3.2万卷", "20", "20", "无"],
    ["^", "^", "扫描页数", "≥500万页", "486万页", "20", "19.44", "设备检修"],
    ["^", "时效指标", "资金支付及时率", "100%", "100%", "10", "10", ""],
    ["效益指标（30分）", "社会效益", "查询响应", "≤3秒", "2.7秒", "30", "30", ""],
    ["满意度指标（10分）", "服务对象满意度", "群众满意度", "≥95%", "97%", "10", "10", ""],
    ["小计", "<", "<", "<", "<", "90", "89.44", ""],
    ["总分", "<", "<", "<", "<", "100", "98.44", ""],
]  # fmt: skip
FORM_TITLE = ("项目支出绩效自评表", UNIT)


def form(folder: Path, rows: Rows, above: Sequence[str] = FORM_TITLE) -> Report:
    return report_of(tables=tables_of(folder, Leaf(above, rows)))


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("整理档案", "整理档案", []),
        ("89.44", "88.44", ["form_score_subtotal", "form_score_total"]),
        ("98.44", "98.54", ["form_score_total"]),
        ("90", "91", ["form_weight_subtotal", "form_weight_total"]),
        ("9.00", "9.90", ["form_execution_score", "form_score_total"]),
        ("90.00%", "92.00%", ["completion"]),
        ("3.2万卷", "2.9万卷", ["target_missed"]),
        ("19.44", "20.44", ["form_score_subtotal", "score_within_weight", "target_missed"]),
        ("2.7秒", "≤3秒", ["indicator_copied"]),
        ("产出指标（50分）", "产出指标（40分）", ["form_group_weight"]),
        ("97%", "97%%", ["doubled_percent"]),
    ],
)
def test_forms(tmp_path: Path, old: str, new: str, rules: list[str]) -> None:
    found = differing(form(tmp_path, replaced(FORM, old, new)))
    assert sorted({f.rule for f in found}) == rules


PAID_NOTHING = {"106.20": "0.00", "90.00%": "0.00%", "9.00": "0.00", "98.44": "89.44"}
ANOTHER = {"档案数字化项目": "档案整理项目", "3.2万卷": "3.5万卷"}


def test_nothing_paid_and_all_paid_in_time(tmp_path: Path) -> None:
    rows = [
        [
            {"106.20": "0.00", "90.00%": "0.00%", "9.00": "0.00", "98.44": "89.44"}.get(c, c)
            for c in r
        ]
        for r in FORM
    ]
    assert [f.rule for f in differing(form(tmp_path, rows))] == ["paid_nothing"]


def test_an_indicator_and_the_words_of_its_form(tmp_path: Path) -> None:
    rows = [[{"群众满意度": "查档群众满意率"}.get(cell, cell) for cell in row] for row in FORM]
    fine = replaced(rows, RESULT, "三万卷全部扫描，查档群众满意率达97.3%")
    assert not differing(form(tmp_path, fine))
    worse = replaced(rows, RESULT, "三万卷全部扫描，查档群众满意率达98.3%")
    assert [f.rule for f in differing(form(tmp_path, worse))] == ["indicator_told"]


def test_an_amount_in_the_place_of_the_unit(tmp_path: Path) -> None:
    above = ("项目支出绩效自评表", "单位：800万元")
    (finding,) = differing(form(tmp_path, FORM, above))
    assert (finding.rule, finding.terms[0].printed) == ("unit_with_amount", "单位：800万元")


def test_one_indicator_in_two_forms_that_have_the_same_goal(tmp_path: Path) -> None:
    other = [
        [{"档案数字化项目": "档案整理项目", "3.2万卷": "3.5万卷"}.get(c, c) for c in r]
        for r in FORM
    ]
    second = Leaf(FORM_TITLE, other)
    found = differing(report_of(tables=tables_of(tmp_path, Leaf(FORM_TITLE, FORM), second)))
    assert [(f.rule, f.terms[0].printed, f.terms[1].printed) for f in found] == [
        ("indicator_twice", "3.2万卷", "3.5万卷")
    ]
    unlike = replaced(other, GOAL, "建成县志馆并对公众开放全部展厅")
    unlike = replaced(unlike, RESULT, "县志馆年内建成，观众超过两万")
    pair = tables_of(tmp_path, Leaf(FORM_TITLE, FORM), Leaf(FORM_TITLE, unlike))
    assert not differing(report_of(tables=pair))


SUMMARY = [
    ["序号", "项目名称", "年初预算数", "调整后预算数", "执行数", "得分", "等级"],
    ["1", "档案数字化项目", "120.00", "118.00", "106.20", "98.44", "优"],
    ["2", "县志编修和征集项目", "30.00", "32.00", "24.00", "86.00", "良"],
    ["合计", "<", "150.00", "150.00", "130.20", "", ""],
]
TOLD = (
    "对2个项目开展了绩效自评，涉及预算资金{}万元。",
    "1.档案数字化项目绩效自评综述：全年预算数为118.00万元，执行数为106.20万元，完成预算的90.00%。自评得分为98.44分。",
    "2.县志编修项目绩效自评综述：全年预算数为32.00万元，执行数为24.00万元，完成预算的75.00%。自评得分为86.00分。",
)


def projects(folder: Path, rows: Rows, funds: str) -> Report:
    tables = tables_of(folder, Leaf(("项目支出绩效自评情况汇总表", UNIT), rows))
    return report_of([paragraph(text.format(funds)) for text in TOLD], tables)


@pytest.mark.parametrize(
    ("old", "new", "funds", "rules"),
    [
        ("良", "良", "150.00", []),
        ("良", "优", "150.00", ["grade"]),
        ("130.20", "130.00", "150.00", ["summary_total"]),
        ("良", "良", "130.20", ["project_sum"]),
        ("98.44", "94.84", "150.00", ["project_told"]),
    ],
)
def test_projects(tmp_path: Path, old: str, new: str, funds: str, rules: list[str]) -> None:
    found = differing(projects(tmp_path, replaced(SUMMARY, old, new), funds))
    assert sorted({f.rule for f in found} - {"project_name"}) == rules
    (name,) = [f for f in found if f.rule == "project_name"]  # 县志编修 is 县志编修和征集
    assert [t.label for t in name.terms] == ["县志编修", "县志编修和征集项目"]


def test_the_sum_that_was_taken_for_another_is_named(tmp_path: Path) -> None:
    report = projects(tmp_path, SUMMARY, "130.20")
    (finding,) = [f for f in check_report(report) if f.rule == "project_sum"]
    assert "等于各项目的执行数合计" in finding.text


def test_budgets_have_tables_of_their_own(tmp_path: Path) -> None:
    totals = [
        ["项目", "预算数", "项目", "预算数"],
        ["一、财政拨款收入", "900.00", "一、一般公共服务支出", "880.00"],
        ["二、事业收入", "", "二、住房保障支出", "20.00"],
        ["收入总计", "900.00", "支出总计", "900.00"],
    ]
    leaf = Leaf(("2024年部门财务收支预算总表", "单位：元"), totals)
    fine = report_of(tables=tables_of(tmp_path, leaf), kind="budget")
    assert verdicts(fine, "budget_outlay_items") == ["ok"]
    assert not differing(fine)
    worse = Leaf(leaf.above, replaced(totals, "20.00", "30.00"))
    report = report_of(tables=tables_of(tmp_path, worse), kind="budget")
    assert [f.rule for f in differing(report)] == ["budget_outlay_items"]


# --- layouts of other provinces and years: what is right there must not be called wrong


def test_a_table_with_budgets_beside_the_outlays_is_checked_column_by_column(
    tmp_path: Path,
) -> None:
    rows = [
        ["项目", "年初预算数", "决算数", "项目", "年初预算数", "决算数"],
        ["一、财政拨款收入", "95.00", "100.00", "一、一般公共服务支出", "85.00", "88.00"],
        ["二、事业收入", "", "", "二、住房保障支出", "10.00", "12.00"],
        ["本年收入合计", "95.00", "100.00", "本年支出合计", "95.00", "100.00"],
        ["总计", "95.00", "100.00", "总计", "95.00", "100.00"],
    ]
    leaf = Leaf(("收入支出决算总表", UNIT), rows)
    fine = report_of(tables=tables_of(tmp_path, leaf))
    assert verdicts(fine, "total_outlay_items") == ["ok", "ok"]
    assert not differing(fine)
    worse = Leaf(leaf.above, replaced(rows, "10.00", "11.00"))
    (finding,) = differing(report_of(tables=tables_of(tmp_path, worse)))
    assert (finding.rule, finding.terms[0].printed) == ("total_outlay_items", "95.00")


def test_an_outlay_told_by_function_and_by_nature_is_not_counted_twice(tmp_path: Path) -> None:
    rows = [
        ["项目", "决算数", "项目（按功能分类）", "决算数", "项目（按支出性质）", "决算数"],
        ["一、财政拨款收入", "100.00", "一、一般公共服务支出", "88.00", "一、基本支出", "60.00"],
        ["二、事业收入", "", "二、住房保障支出", "12.00", "二、项目支出", "40.00"],
        ["本年收入合计", "100.00", "本年支出合计", "100.00", "本年支出合计", "100.00"],
        ["总计", "100.00", "总计", "100.00", "总计", "100.00"],
    ]
    report = report_of(tables=tables_of(tmp_path, Leaf(("收入支出决算总表", UNIT), rows)))
    assert not differing(report)
    assert verdicts(report, "total_income_items") == ["ok"]


def test_a_column_that_is_taken_apart_counts_by_its_subtotal(tmp_path: Path) -> None:
    rows = [
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "<", "<", "项目支出", "经营支出"],
        ["^", "^", "^", "小计", "人员经费", "公用经费", "^", "^"],
        ["201", "一般公共服务支出", "100.00", "60.00", "50.00", "10.00", "40.00", ""],
        ["20126", "档案事务", "100.00", "60.00", "50.00", "10.00", "40.00", ""],
    ]
    report = report_of(tables=tables_of(tmp_path, Leaf(("支出决算表", UNIT), rows)))
    assert verdicts(report, "outlay_columns") == ["ok", "ok"]
    assert not differing(report)


def test_a_column_of_a_province_s_own_is_added(tmp_path: Path) -> None:
    rows = [
        ["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "事业收入", "教育专户收入"],
        ["205", "教育支出", "100.00", "60.00", "30.00", "10.00"],
    ]
    report = report_of(tables=tables_of(tmp_path, Leaf(("收入决算表", UNIT), rows)))
    assert verdicts(report, "income_columns") == ["ok"]


def test_accounts_listed_for_every_unit_have_no_sums(tmp_path: Path) -> None:
    rows = [
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "100.00", "60.00", "40.00"],
        ["2012601", "行政运行", "70.00", "40.00", "30.00"],
        ["2012601", "行政运行", "30.00", "20.00", "10.00"],
    ]
    assert not differing(outlay(tmp_path, rows))


def test_groups_of_people_are_no_money(tmp_path: Path) -> None:
    rows = [
        ["项目", "预算数", "决算数"],
        ["一、“三公”经费支出", "9.00", "7.00"],
        ["1.因公出国（境）费", "2.00", "2.00"],
        ["2.公务用车购置及运行维护费", "5.00", "4.00"],
        ["3.公务接待费", "2.00", "1.00"],
        ["二、相关统计数", "", ""],
        ["1.因公出国（境）团组数（个）", "", "1"],
        ["2.公务接待费批次（批）", "", "12"],
    ]
    leaf = Leaf(("“三公”经费、机关运行经费情况表", UNIT), rows)
    report = report_of(tables=tables_of(tmp_path, leaf))
    assert verdicts(report, "three_sum") == ["ok", "ok"]
    assert not differing(report)


def test_a_form_without_a_subtotal(tmp_path: Path) -> None:
    rows = [row for row in FORM if row[0] != "小计"]
    assert not differing(form(tmp_path, rows))
    worse = replaced(rows, "98.44", "97.44")
    assert [f.rule for f in differing(form(tmp_path, worse))] == ["form_score_total"]
