"""False alarms of the checks on layouts and wordings of other provinces. Figures are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.check import check_report
from tests.check_reports import differing, paragraph, prose, report_of, tables_of, verdicts
from tests.pdfs import Leaf, Rows

UNIT = "单位：万元"


def rules_of(folder: Path, title: str, rows: Rows, kind: str = "accounts") -> list[str]:
    report = report_of(tables=tables_of(folder, Leaf((title, UNIT), rows)), kind=kind)
    return sorted({f.rule for f in differing(report)})


def blocks(spent: str) -> Rows:
    """年初结转, 本年收入, 本年支出, 年末结转 side by side over the same parts."""
    part = ["合计", "基本支出", "项目支出"]
    return [
        ["科目编码", "科目名称", "年初结转和结余", "本年收入", "<", "<", "本年支出", "<", "<"],
        ["^", "^", "^", *part, *part],
        ["201", "一般公共服务支出", "3.00", "50.00", "30.00", "20.00", spent, "30.00", "21.00"],
        ["20126", "档案事务", "3.00", "50.00", "30.00", "20.00", spent, "30.00", "21.00"],
    ]


@pytest.mark.parametrize(("spent", "rules"), [("51.00", []), ("52.00", ["basic_project_columns"])])
def test_blocks_of_columns_are_summed_apart(tmp_path: Path, spent: str, rules: list[str]) -> None:
    assert rules_of(tmp_path, "一般公共预算财政拨款收入支出决算表", blocks(spent)) == rules


def years(more: str) -> Rows:
    return [
        ["科目编码", "科目名称", "2023年预算数", "2024年预算数", "增减额", "增减率（%）"],
        ["201", "一般公共服务支出", "50.00", "60.00", "10.00", "20.00"],
        ["20126", "档案事务", "50.00", "60.00", "10.00", "20.00"],
        ["2012601", "行政运行", "40.00", "45.00", more, "12.50"],
        ["2012604", "档案馆", "10.00", "15.00", "5.00", "50.00"],
    ]


@pytest.mark.parametrize(("more", "found"), [("5.00", False), ("8.00", True)])
def test_two_years_side_by_side(tmp_path: Path, more: str, found: bool) -> None:
    """Rates do not add up, and a change is against the other year."""
    rules = rules_of(tmp_path, "一般公共预算支出预算表", years(more), "budget")
    assert ("gap" in rules) is found
    assert bool(rules) is found


def test_a_change_for_each_part_of_a_row(tmp_path: Path) -> None:
    part = ["合计", "基本支出", "项目支出"]
    amounts = ["50.00", "30.00", "20.00", "60.00", "35.00", "25.00", "10.00", "5.00", "5.00"]
    heads = [
        word for year in ("2023年预算数", "2024年预算数", "增减额") for word in (year, "<", "<")
    ]
    rows = [
        ["科目编码", "科目名称", *heads],
        ["^", "^", *part, *part, *part],
        ["201", "公共服务支出", *amounts],
        ["20126", "档案事务", *amounts],
    ]
    assert rules_of(tmp_path, "一般公共预算支出预算表", rows, "budget") == []


@pytest.mark.parametrize(("whole", "found"), [("——", []), ("9.00", ["three_sum"])])
def test_a_heading_row_states_nothing(tmp_path: Path, whole: str, found: list[str]) -> None:
    rows = [
        ["项目", "决算数"],
        ["一、“三公”经费支出", whole],
        ["1.因公出国（境）费", "1.00"],
        ["2.公务用车购置及运行维护费", "4.00"],
        ["3.公务接待费", "3.00"],
    ]
    assert rules_of(tmp_path, "财政拨款“三公”经费支出决算表", rows) == found


def test_the_total_of_a_table_of_projects_is_not_that_of_all_outlays(tmp_path: Path) -> None:
    outlay = [
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["合计", "<", "100.00", "60.00", "40.00"],
        ["201", "一般公共服务支出", "100.00", "60.00", "40.00"],
    ]
    projects = [
        ["科目编码", "科目名称", "金额"],
        ["合计", "<", "40.00"],
        ["302", "商品和服务支出", "40.00"],
    ]
    leaves = (
        Leaf(("一般公共预算财政拨款支出决算表", UNIT), outlay),
        Leaf(("一般公共预算财政拨款项目支出决算明细表", UNIT), projects),
    )
    report = report_of(tables=tables_of(tmp_path, *leaves))
    assert not differing(report)
    assert any(f.subject == "项目支出" and f.total and not f.code for f in report.figures)


def test_years_may_be_rows(tmp_path: Path) -> None:
    rows = [
        ["年度", "“三公”经费", "<", "<"],
        ["^", "合计", "公务用车运行维护费", "公务接待费"],
        ["2024年预算数", "9.00", "5.00", "4.00"],
        ["2023年预算数", "8.00", "4.00", "4.00"],
    ]
    tables = tables_of(tmp_path, Leaf(("一般公共预算“三公”经费支出预算表", UNIT), rows))
    told = paragraph("（2）公务用车运行维护费预算支出7.00万元。", ("一般公共预算三公经费情况",))
    found = differing(report_of([told], tables, kind="budget"))
    assert [f.rule for f in found] == ["told_twice"]
    assert {t.printed for t in found[0].terms} == {"5.00", "7.00"}


# text, rules that differ
TOLD: list[tuple[str, list[str]]] = [
    # only some of the parts are told
    ("2024年度收入总计500.00万元。其中：使用非财政拨款结余3.00万元，年初结转和结余9.00万元。", []),
    # parts of a part
    (
        "本年收入合计100.00万元，包括：财政拨款收入90.00万元（其中一般公共预算财政拨款收入80.00万元、政府性基金预算财政拨款收入10.00万元）；事业收入6.00万元；其他收入4.00万元。",
        [],
    ),
    (
        "本年收入合计100.00万元，包括：财政拨款收入90.00万元；事业收入6.00万元；其他收入5.00万元。",
        ["prose_income"],
    ),
    # 费用支出 names nothing
    (
        "因公出国（境）费用1.00万元，费用支出较上年支出数增加0.50万元，增长100.0%。",
        [],
    ),
]


@pytest.mark.parametrize(("text", "rules"), TOLD)
def test_told_in_words(text: str, rules: list[str]) -> None:
    assert [f.rule for f in differing(prose(text))] == rules


def test_fees_without_a_name_are_not_one_fact() -> None:
    report = prose(
        "因公出国（境）费用0.00万元，费用支出较上年支出数增加0.00万元。",
        "公务接待费3.00万元，费用支出较上年支出数减少0.62万元。",
    )
    assert not differing(report)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [("减少20.10万元", "differs"), ("减少60.00万元", "not_checkable"), ("减少20.00万元", "ok")],
)
def test_last_year_may_have_had_other_money(change: str, verdict: str) -> None:
    report = prose(
        "财政拨款收、支总计800.00万元，与2023年度相比各减少20.00万元。",
        f"一般公共预算财政拨款支出800.00万元，与2023年度相比{change}。",
    )
    assert verdicts(report, "prior_twice") == [verdict]


@pytest.mark.parametrize(("money", "verdict"), [("资金", "not_checkable"), ("预算资金", "differs")])
def test_projects_involve_budget_or_outlay(money: str, verdict: str) -> None:
    report = prose(
        f"对2个项目开展自评，涉及{money}30.00万元。",
        "（1）档案修复项目：全年预算数为20.00万元，执行数为18.00万元，自评得分95.00分。",
        "（2）库房改造项目：全年预算数为15.00万元，执行数为12.00万元，自评得分96.00分。",
    )
    assert verdicts(report, "project_sum") == [verdict]


def test_carry_over_told_in_the_section_of_one_budget(tmp_path: Path) -> None:
    rows = [
        ["项目", "金额", "项目（按功能分类）", "合计"],
        ["一、一般公共预算财政拨款", "90.00", "一、一般公共服务支出", "99.00"],
        ["本年收入合计", "90.00", "本年支出合计", "99.00"],
        ["年初财政拨款结转和结余", "9.00", "年末财政拨款结转和结余", "0.00"],
        ["总计", "99.00", "总计", "99.00"],
    ]
    tables = tables_of(tmp_path, Leaf(("财政拨款收入支出决算总表", UNIT), rows))
    text = "年初财政拨款结转和结余6.00万元。"
    one = paragraph(text, ("一、情况说明", "（二）一般公共预算财政拨款收入支出情况"))
    every = paragraph(text, ("一、情况说明", "（一）财政拨款收入支出总体情况"))
    assert "told_twice" not in {f.rule for f in differing(report_of([one], tables))}
    assert "told_twice" in {f.rule for f in differing(report_of([every], tables))}


def test_a_guessed_whole_calls_no_share_wrong() -> None:
    report = prose(
        "财政拨款收、支总计602.00万元。",
        "一般公共预算财政拨款支出主要用于以下方面：",
        "（1）公共安全支出20.00万元，占3.9%，与年初预算持平。",
    )
    assert verdicts(report, "share") == ["not_checkable"]
    assert not differing(report)
    assert any("没有说明是占什么的" in f.text for f in check_report(report))


@pytest.mark.parametrize(("share", "rules"), [("40.00", []), ("80.00", ["share"])])
def test_a_whole_under_another_name(share: str, rules: list[str]) -> None:
    section = ("一、情况说明", "（一）财政拨款“三公”经费支出情况")
    whole = "占“三公”经费财政拨款支出决算的"
    text = f"公务接待费全年预算为5.00万元，支出决算为4.00万元，{whole}{share}%。"
    report = report_of(
        [paragraph("“三公”经费财政拨款支出决算为10.00万元。", section), paragraph(text, section)]
    )
    assert [f.rule for f in differing(report)] == rules


@pytest.mark.parametrize(("share", "verdict"), [("40.00", "ok"), ("31.00", "not_checkable")])
def test_a_share_of_the_outlays_is_one_of_outlays(share: str, verdict: str) -> None:
    report = prose(
        "“三公”经费支出预算为20.00万元，支出决算为10.00万元。",
        f"（1）公务接待费预算为8.00万元，支出决算为4.00万元，占{share}%。",
    )
    assert verdicts(report, "share") == [verdict]


def test_the_level_of_last_year_is_that_of_the_account_in_front() -> None:
    report = prose(
        "“三公”经费支出决算为8.00万元。",
        "“三公”经费支出决算数比上年增加2.00万元，增长33.33%。"
        "其中：因公出国（境）费支出决算与上年持平，均为0.00万元。",
    )
    assert not differing(report)
    level = next(f for f in report.figures if f.printed == "0.00")
    assert level.subject.startswith("因公出国")


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ("共有车辆7辆，单价100万元（含）以上设备2台（套）。", []),
        ("共有车辆9辆，单价100万元（含）以上设备2台（套）。", ["told_twice"]),
        ("当年更新公务用车0辆。", []),
    ],
)
def test_things_counted_in_a_table_and_in_words(
    tmp_path: Path, told: str, rules: list[str]
) -> None:
    rows = [
        ["项目", "单位", "数量", "账面原值"],
        ["车辆", "辆", "7", "90.00"],
        ["公务用车", "辆", "7", "90.00"],
    ]
    tables = tables_of(tmp_path, Leaf(("国有资产占用情况表", UNIT), rows))
    text = f"截至2024年12月31日，{told}"
    assert [f.rule for f in differing(report_of([paragraph(text)], tables))] == rules
