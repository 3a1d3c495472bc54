"""Checks over prose, in the wordings of many provinces. Names and figures are invented."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.check import check_report
from tests.check_reports import differing, paragraph, prose, report_of, verdicts

# text, rules that differ, in order
SLIPS: list[tuple[str, list[str]]] = [
    (
        "“三公”经费支出年初预算为21.00万元，支出决算为9.17万元，较年初预算减少11.83万元，下降56.33%，较上年减少0.71万元，下降7.74%。",
        ["growth"],
    ),
    (
        "“三公”经费预算25.00万元，决算12.00万元，完成48.00%。其中公务用车购置及运行维护费4.00万元，占33.33%，公务接待费8.00万元，占39.7%。",
        ["share"],
    ),
    ("收、支总计143.60万元，与2023年度相比增加143.60万元，增长100.0%。", ["growth"]),
    ("收、支总计143.60万元，与2023年度相比增加43.60万元，增长43.60%。", []),
    ("公务接待费支出3.14万元，与上年相比增加1.14万元，下降36.27%。", ["direction_of_change"]),
    (
        "一般公共预算财政拨款支出年初预算为100.00万元，支出决算为155.93万元，完成年初预算的155.93%，比年初预算增加50.93万元。",
        ["gap"],
    ),
    (
        "一般公共预算财政拨款支出年初预算为120.00万元，全年预算为100.00万元，支出决算为90.00万元，完成年初预算的90.00%。",
        ["completion"],
    ),
    (
        "本年支出合计1942.57万元，其中：基本支出1121.09万元，占57.71%；项目支出801.48万元，占41.26%。",
        ["prose_outlay"],
    ),
    (
        "政府采购支出总额150.00万元，其中：政府采购货物支出50.00万元、政府采购工程支出20.00万元、政府采购服务支出90.00万元。",
        ["prose_procurement"],
    ),
    (
        "政府采购支出总额150.00万元，其中：政府采购货物支出150.00万元、政府采购工程支出0万元、政府采购服务支出0万元。授予中小企业合同金额120.00万元，占政府采购支出总额的90%。",
        ["share"],
    ),
    (
        "截至2024年12月31日，共有车辆5辆，其中，机要通信用车1辆、应急保障用车2辆、其他用车1辆。",
        ["prose_vehicles"],
    ),
    ("截至2023年12月31日，共有车辆1辆，其中，机要通信用车1辆、其他用车0辆。", ["year"]),
    (
        "公务用车运行维护费支出预算为5.00万元，支出决算为4.11万元，完成预算的82.20%。决算数大于预算数的主要原因是维修增加。",
        ["direction"],
    ),
    ("公务接待费支出预算为5.00万元，支出决算为4.90万元。决算数与预算数基本持平。", []),
    ("公务接待费支出预算为5.00万元，支出决算为4.90万元。决算数与预算数持平。", ["direction"]),
    ("公务接待费支出决算0.38万元，比上年增加（减少）0.12万元，下降24.00%。", ["template_choice"]),
    ("本年收入合计比上年增加12.00万元，增长13.95。", ["missing_percent"]),
    ("受奖补的三家数据中心平均PUE值下降0.02，获评省级中心。", []),
]


@pytest.mark.parametrize(("text", "rules"), SLIPS)
def test_slips(text: str, rules: list[str]) -> None:
    assert [f.rule for f in differing(prose(text))] == rules


def test_changes_of_the_parts_add_up_to_that_of_the_whole() -> None:
    text = (
        "“三公”经费财政拨款支出决算8.00万元，比上年增加{}万元，增长{}%。其中：因公出国（境）费支出"
        "决算3.00万元，比上年增加1.50万元，增长100%；公务用车购置及运行费支出决算4.00万元，比上年减少"
        "0.20万元，下降4.76%；公务接待费支出决算1.00万元，比上年增加0.20万元，增长25%。"
    )
    assert not differing(prose(text.format("1.50", "23.08")))
    assert [f.rule for f in differing(prose(text.format("1.00", "14.29")))] == ["prose_three"]


def test_last_year_derived_twice() -> None:
    told = prose(
        "2024年度收、支总计1100.00万元。与2023年度相比，收、支总计各减少100.81万元，下降8.4%。",
        "2024年度财政拨款收、支总计1100.00万元。与2023年度相比，财政拨款收、支总计各减少100.18万元，下降8.3%。",
    )
    (finding,) = [f for f in differing(told) if f.rule == "prior_twice"]
    assert (finding.severity, finding.difference) == ("warning", Decimal("-0.63"))
    assert "1200.81万元和1200.18万元" in finding.text


ITEM = (
    "{}.一般公共服务支出（类）档案事务（款）{}（项）。"
    "年初预算为{}万元，支出决算为{}万元，完成年初预算的{}%。"
)


@pytest.mark.parametrize(("total", "rules"), [("400.00", []), ("420.00", ["prose_items"])])
def test_items_against_their_total(total: str, rules: list[str]) -> None:
    rate = f"{40500 / float(total):.2f}"
    report = prose(
        f"一般公共预算财政拨款支出年初预算为{total}万元，支出决算为405.00万元，完成年初预算的{rate}%。其中：",
        ITEM.format(1, "行政运行", "300.00", "310.00", "103.33"),
        ITEM.format(2, "档案馆", "100.00", "95.00", "95.00"),
    )
    assert [f.rule for f in differing(report)] == rules
    assert verdicts(report, "prose_items")[-1] == "ok"  # of the outlays


def test_an_item_without_a_budget_keeps_the_sum_open() -> None:
    report = prose(
        "一般公共预算财政拨款支出年初预算为400.00万元，支出决算为405.00万元，完成年初预算的101.25%。其中：",
        ITEM.format(1, "行政运行", "300.00", "310.00", "103.33"),
        ITEM.format(2, "档案馆", "50.00", "45.00", "90.00"),
        "3.一般公共服务支出（类）档案事务（款）其他档案事务支出（项）。支出决算为50.00万元。",
    )
    assert verdicts(report, "prose_items") == ["not_checkable", "ok"]


def test_a_budget_explains_its_income_its_outlays_and_their_items() -> None:
    texts = (
        "2024年，松原县档案局收入预算400.00万元，其中：财政拨款收入390.00万元；事业收入{}万元；其他收入0万元。",
        "支出预算400.00万元，其中：财政拨款支出预算390.00万元。财政拨款支出预算中，一般公共预算拨款支出预算380.00万元；政府性基金拨款支出预算{}万元。",
        "1.“一般公共服务支出（类）档案事务（款）行政运行（项）”300.00万元，主要用于人员经费。",
        "2.“一般公共服务支出（类）档案事务（款）档案馆（项）”{}万元，主要用于运行。",
    )

    def rules(income: str, fund: str, item: str) -> list[str]:
        told = [texts[0].format(income), texts[1].format(fund), texts[2], texts[3].format(item)]
        report = report_of([paragraph(text) for text in told], kind="budget")
        return [f.rule for f in differing(report)]

    assert rules("10.00", "10.00", "90.00") == []
    assert rules("20.00", "10.00", "90.00") == ["prose_budget_income"]
    assert rules("10.00", "15.00", "90.00") == ["prose_budget_fiscal"]
    assert rules("10.00", "10.00", "95.00") == ["prose_items"]


def test_vehicles_to_be_bought_are_not_those_there_are() -> None:
    report = prose(
        "截至2024年8月31日，松原县档案馆共有车辆1辆，其中：机要通信用车1辆、其他用车0辆。",
        "2024年部门预算安排购置车辆0辆，其中：机要通信用车0辆、其他用车0辆。",
    )
    assert not differing(report)


def test_titles_with_another_year_and_residues_of_the_template() -> None:
    heading = paragraph("第三部分松原县档案馆2023年度部门决算情况说明", (), heading=True)
    cover = paragraph("松原县XX局2024年度部门决算", (), heading=True)
    rules = [f.rule for f in differing(report_of([heading, cover]))]
    assert rules == ["year", "placeholder"]


def test_the_body_under_another_name() -> None:
    body = "松原县自然资源和规划管理局"
    told = paragraph("松原县自然资源与规划管理局开支财政拨款的公务用车0辆。")
    other = paragraph("松原县规划管理局是另一个单位。")
    (finding,) = differing(report_of([told, other], body=body))
    assert finding.rule == "body_name"
    assert finding.terms[0].printed == "松原县自然资源与规划管理局"
    title = paragraph("松原县资源和规划管理局2024年度部门决算说明", (), heading=True)
    assert [f.rule for f in differing(report_of([title], body=body))] == ["body_name"]


def test_every_finding_has_its_places() -> None:
    for text, _ in SLIPS:
        for finding in check_report(prose(text)):
            assert finding.verdict == "not_checkable" or finding.terms or finding.bound
            for term in finding.terms:
                assert term.page == 1
                assert term.printed
