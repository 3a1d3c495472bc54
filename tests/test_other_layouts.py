"""Layouts of other provinces: stacked blocks, two classifications, forms with points in names.

After the tables of Jiangsu, Henan and Hubei reports. All names and figures are invented.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from index.values import Figure
from tests.pdfs import Leaf, read_tables, write_pdf


def figures_of(tmp_path: Path, *leaves: Leaf) -> list[tuple[str, list[Figure]]]:
    pdf = write_pdf(tmp_path / "a.pdf", *leaves)
    return [(table.title, figures) for table, figures in read_tables(pdf)]


def test_blocks_stacked_in_one_grid_keep_their_measures(tmp_path: Path) -> None:
    head = ["“三公”经费", "<", "<", "会议费", "培训费"]
    names = ["合计", "因公出国（境）费", "公务接待费", "^", "^"]
    found = figures_of(
        tmp_path,
        Leaf(
            ("财政拨款“三公”经费、会议费和培训费支出决算表", "2024年度　单位：万元"),
            [
                ["预算数", "<", "<", "<", "<"],
                head,
                names,
                ["14.00", "8.00", "6.00", "5.80", "24.00"],
                ["决算数", "<", "<", "<", "<"],
                head,
                names,
                ["9.57", "6.42", "3.15", "4.36", "21.90"],
            ],
        ),
    )
    told = [
        (f.measure, f.column[-1], f.printed) for _, figures in found for f in figures if f.value
    ]
    assert told == [
        ("budget", "合计", "14.00"),
        ("budget", "因公出国（境）费", "8.00"),
        ("budget", "公务接待费", "6.00"),
        ("budget", "会议费", "5.80"),
        ("budget", "培训费", "24.00"),
        ("final", "合计", "9.57"),
        ("final", "因公出国（境）费", "6.42"),
        ("final", "公务接待费", "3.15"),
        ("final", "会议费", "4.36"),
        ("final", "培训费", "21.90"),
    ]
    assert {title for title, _ in found} == {"财政拨款“三公”经费、会议费和培训费支出决算表"}
    assert {f.unit for _, figures in found for f in figures if f.value} == {"万元"}


def test_the_budget_classification_of_the_department_names_the_rows(tmp_path: Path) -> None:
    found = figures_of(
        tmp_path,
        Leaf(
            ("一般公共预算基本支出情况表", "预算06表", "2025年度　单位：万元"),
            [
                [
                    "部门预算支出经济分类科目",
                    "<",
                    "<",
                    "政府预算支出经济分类科目",
                    "<",
                    "<",
                    "合计",
                ],
                ["类", "款", "科目名称", "类", "款", "科目名称", "^"],
                ["302", "28", "工会经费", "502", "01", "办公经费", "8.64"],
                ["302", "39", "其他交通费用", "502", "01", "办公经费", "11.52"],
            ],
        ),
    )
    ((title, figures),) = found
    assert title == "一般公共预算基本支出情况表"  # and not the number of the form above the grid
    assert [(f.code, f.subject, f.printed) for f in figures if f.value] == [
        ("30228", "工会经费", "8.64"),
        ("30239", "其他交通费用", "11.52"),
    ]


FORM = [
    ["项目名称", "河湖清漂项目", "<", "<", "<", "<", "<"],
    ["执行（万元）", "", "<", "预算数（A）", "执行数（B）", "执行率（B/A）", "得分"],
    ["^", "年度财政资金总额", "<", "350.00", "312.00", "89.14%", "17.83"],
    ["年度绩效目标（80分）", "<", "<", "<", "<", "<", "<"],
    ["一级指标", "二级指标", "三级指标", "<", "年初目标值（A）", "实际完成值（B）", "得分"],
    ["产出指标", "数量指标", "护岸长度（10分）", "<", "≥3.2公里", "2.9公里", "8"],
    ["^", "质量指标", "水质达标率（10分）", "<", "≥95%", "96.4%", "10"],
    ["总分", "<", "<", "<", "<", "<", "94.83"],
    ["偏差原因分析", "管线迁改未完成，调整至次年实施。", "<", "<", "<", "<", "<"],
]  # fmt: skip


@pytest.fixture
def form(tmp_path: Path) -> list[Figure]:
    ((_, figures),) = figures_of(tmp_path, Leaf(("2024年度河湖清漂项目自评表",), FORM))
    return figures


@pytest.mark.parametrize(
    ("subject", "measure", "printed", "unit"),
    [
        ("年度资金总额", "budget_adjusted", "350.00", "万元"),
        ("年度资金总额", "executed", "312.00", "万元"),
        ("年度资金总额", "rate", "89.14%", "%"),
        ("护岸长度", "target", "≥3.2公里", "公里"),
        ("护岸长度", "actual", "2.9公里", "公里"),
        ("护岸长度", "weight", "10", "分"),
        ("护岸长度", "score", "8", "分"),
        ("总分", "score", "94.83", "分"),
    ],
)
def test_points_stand_in_the_names(
    form: list[Figure], subject: str, measure: str, printed: str, unit: str
) -> None:
    (figure,) = [f for f in form if f.subject == subject and f.measure == measure]
    assert (figure.printed, figure.unit, figure.project) == (printed, unit, "河湖清漂项目")


def test_why_targets_were_missed_stands_below_the_points(form: list[Figure]) -> None:
    (reason,) = [f for f in form if f.measure == "reason" and f.state == "text"]
    assert reason.printed.startswith("管线迁改未完成")


def test_a_form_of_goals_tells_money_and_goal_in_its_head(tmp_path: Path) -> None:
    grid = [
        ["项目名称", "高龄津贴", "<", "实施单位", "松原县民政局"],
        ["项目金额（万元）", "1,260.00", "<", "其中：财政拨款", "1,200.00"],
        ["年度绩效目标", "为80周岁以上老年人按月发放高龄津贴。", "<", "<", "<"],
        ["一级指标", "二级指标", "三级指标", "<", "指标值"],
        ["产出指标", "数量指标", "发放人数", "<", "≥16240人"],
    ]
    other = [["项目名称", "殡葬减免", "<", "实施单位", "松原县民政局"], *grid[1:]]
    found = figures_of(tmp_path, Leaf(("项目支出绩效目标表", "2025年度"), grid), Leaf((), other))
    assert [title for title, _ in found] == ["项目支出绩效目标表"] * 2
    first = found[0][1]
    money = [(f.subject, f.printed, f.unit) for f in first if f.unit == "万元"]
    assert money == [("年度资金总额", "1,260.00", "万元"), ("财政拨款", "1,200.00", "万元")]
    (goal,) = [f for f in first if f.measure == "goal"]
    assert goal.printed == "为80周岁以上老年人按月发放高龄津贴。"
    assert {f.project for f in found[1][1]} == {"殡葬减免"}


def test_each_half_of_a_statement_has_its_own_names(tmp_path: Path) -> None:
    # the left names are the sources, the right ones the functions: 按功能分类 stands over names
    found = figures_of(
        tmp_path,
        Leaf(
            ("收入支出决算总表", "2024年度　单位：万元"),
            [
                ["收入", "<", "支出", "<"],
                ["项目", "决算数", "按功能分类", "决算数"],
                ["一、一般公共预算财政拨款收入", "812.40", "一、一般公共服务支出", "690.15"],
                ["二、其他收入", "6.30", "二、卫生健康支出", "128.55"],
                ["收入总计", "818.70", "支出总计", "818.70"],
            ],
        ),
    )
    told = {f.subject: f.printed for _, figures in found for f in figures}
    assert told["一般公共服务支出"] == "690.15"
    assert told["卫生健康支出"] == "128.55"
    assert told["其他收入"] == "6.30"
    assert told["支出总计"] == "818.70"


def test_the_total_of_three_public_expenses_has_their_name(tmp_path: Path) -> None:
    found = figures_of(
        tmp_path,
        Leaf(
            ("一般公共预算“三公”经费支出情况表", "2025年　单位：万元"),
            [
                ["项目", "2025年预算数", "2024年预算数"],
                ["合计", "7.10", "8.40"],
                ["公务接待费", "1.30", "1.90"],
                ["公务用车运行维护费", "5.80", "6.50"],
            ],
        ),
    )
    total = [(f.subject, f.year, f.printed) for _, fs in found for f in fs if f.item == ("合计",)]
    assert total == [("“三公”经费", 2025, "7.10"), ("“三公”经费", 2024, "8.40")]


def cells(found: list[tuple[str, list[Figure]]]) -> list[tuple[str, str, str, int | None, str]]:
    return [
        (f.subject, f.column[-1] if f.column else "", f.measure, f.year, f.printed + f.unit)
        for _, figures in found
        for f in figures
        if f.value is not None
    ]


def test_a_table_that_heads_its_columns_anew(tmp_path: Path) -> None:
    """部门整体支出绩效评价基础数据表, as all of Hunan's reports have it."""
    found = figures_of(
        tmp_path,
        Leaf(
            ("2024年度部门整体支出绩效评价基础数据表",),
            [
                ["财政供养人员情况（人）", "编制数", "2024年实际在职人数", "控制率"],
                ["^", "348", "322", "92.53%"],
                ["经费控制情况（万元）", "2023年决算数", "2024年预算数", "2024年决算数"],
                ["三公经费", "41.17", "73.00", "62.30"],
                ["政府采购金额", "1,042.70", "2,450.00", "2,386.45"],
            ],
        ),
    )
    assert cells(found) == [
        ("财政供养人员情况（人）", "编制数", "count", 2024, "348人"),
        ("财政供养人员情况（人）", "2024年实际在职人数", "count", 2024, "322人"),
        ("财政供养人员情况（人）", "控制率", "count", 2024, "92.53%%"),
        ("三公经费", "2023年决算数", "final", 2023, "41.17万元"),
        ("三公经费", "2024年预算数", "budget", 2024, "73.00万元"),
        ("三公经费", "2024年决算数", "final", 2024, "62.30万元"),
        ("政府采购金额", "2023年决算数", "final", 2023, "1,042.70万元"),
        ("政府采购金额", "2024年预算数", "budget", 2024, "2,450.00万元"),
        ("政府采购金额", "2024年决算数", "final", 2024, "2,386.45万元"),
    ]


def test_a_code_under_three_columns_is_one_code(tmp_path: Path) -> None:
    found = figures_of(
        tmp_path,
        Leaf(
            ("支出决算表", "单位：万元"),
            [
                ["项目", "<", "<", "<", "本年支出合计"],
                ["类", "款", "项", "科目名称", "^"],
                ["208", "<", "<", "社会保障和就业支出", "34.46"],
                ["2080501", "<", "<", "行政单位离退休", "31.28"],
            ],
        ),
    )
    assert [f.code for _, figures in found for f in figures] == ["208", "2080501"]


def test_projects_below_their_account_and_their_unit(tmp_path: Path) -> None:
    found = figures_of(
        tmp_path,
        Leaf(
            ("一般公共预算财政拨款项目支出决算表", "单位：万元"),
            [
                ["科目编码", "科目名称（项目名称）", "项目单位", "金额"],
                ["213", "农林水支出", "", "645.30"],
                ["", "退化林修复", "国有林场", "104.86"],
                ["", "中央造林补助", "局机关", "540.44"],
            ],
        ),
    )
    told = [(f.subject, f.project, f.item) for _, fs in found for f in fs if f.value is not None]
    assert told == [
        ("农林水支出", "", ("农林水支出",)),
        ("退化林修复", "退化林修复", ("农林水支出", "退化林修复")),
        ("中央造林补助", "中央造林补助", ("农林水支出", "中央造林补助")),
    ]
    assert [f.printed for _, fs in found for f in fs if f.measure == "attribute"] == [
        "国有林场",
        "局机关",
    ]


def test_a_change_against_last_years_execution(tmp_path: Path) -> None:
    """The Ministry's form of 一般公共预算支出表 in budgets: 执行数, 预算数, 增减额, 增减%."""
    found = figures_of(
        tmp_path,
        Leaf(
            ("2025年部门一般公共预算支出表", "单位：万元"),
            [
                [
                    "科目编码",
                    "科目名称",
                    "2024年执行数",
                    "2025年预算数",
                    "2025年预算数比2024年执行数",
                    "<",
                ],
                ["^", "^", "^", "^", "增减额", "增减%"],
                ["2130310", "水土保持", "103.20", "96.75", "-6.45", "-6.25"],
            ],
        ),
    )
    (row,) = [figures for _, figures in found]
    assert [(f.measure, f.base, f.facet, f.printed) for f in row] == [
        ("executed", "", "", "103.20"),
        ("budget", "", "", "96.75"),
        ("change", "2024年度", "", "-6.45"),
        ("change_rate", "2024年度", "", "-6.25"),
    ]


def test_all_income_holds_what_was_carried_over(tmp_path: Path) -> None:
    head = ["科目编码", "科目名称", "合计", "本年收入", "<", "上年结转"]
    found = figures_of(
        tmp_path,
        Leaf(
            ("部门收入预算总表", "单位：万元"),
            [
                head,
                ["^", "^", "^", "小计", "一般公共预算", "^"],
                ["合计", "<", "120.00", "100.00", "100.00", "20.00"],
            ],
        ),
    )
    assert [(f.subject, f.printed) for _, fs in found for f in fs][:2] == [
        ("收入总计", "120.00"),
        ("本年收入合计", "100.00"),
    ]


FLAT_FORM = [
    ["项目名称", "场镇环卫", "<", "<", "自评总分（分）", "95.6", "<"],
    [
        "预算执行情况（万元）",
        "",
        "年初预算数",
        "全年（调整）预算数",
        "全年执行数",
        "执行率（%）",
        "执行率得分（分）",
    ],
    ["^", "年度总金额", "188.00", "165.00", "164.38", "99.62", "10.0"],
    ["当年绩效目标", "年初绩效目标", "<", "全年（调整）绩效目标", "<", "全年目标实际完成情况", "<"],
    [
        "^",
        "保持场镇整洁，清运垃圾。",
        "<",
        "保持场镇整洁，清运垃圾。",
        "<",
        "清运生活垃圾2860吨。",
        "<",
    ],
    ["绩效指标", "指标名称", "计量单位", "指标性质", "指标值", "全年完成值", "指标得分（分）"],
    ["^", "清运生活垃圾量", "吨", "≥", "2800", "2860", "15.0"],
]


def test_a_form_of_one_level_of_indicators(tmp_path: Path) -> None:
    """项目绩效目标自评表 as Chongqing prints it: sign, target and unit in columns of their own."""
    found = figures_of(tmp_path, Leaf(("2024年度项目绩效目标自评表",), FLAT_FORM))
    (figures,) = [figures for _, figures in found]
    assert {f.project for f in figures} == {"场镇环卫"}
    told = [(f.subject, f.measure, f.printed + f.unit) for f in figures if f.value is not None]
    assert told == [
        ("总分", "score", "95.6分"),
        ("年度资金总额", "budget_initial", "188.00万元"),
        ("年度资金总额", "budget_adjusted", "165.00万元"),
        ("年度资金总额", "executed", "164.38万元"),
        ("年度资金总额", "rate", "99.62%"),
        ("年度资金总额", "score", "10.0分"),
        ("清运生活垃圾量", "target", "≥2800吨"),
        ("清运生活垃圾量", "actual", "2860吨"),
        ("清运生活垃圾量", "score", "15.0分"),
    ]


def test_the_codes_of_bodies_beside_those_of_accounts(tmp_path: Path) -> None:
    """Sichuan's budgets: 类 | 款 | 项 | 单位代码 | 单位名称（科目）; projects repeat a code."""
    found = figures_of(
        tmp_path,
        Leaf(
            ("一般公共预算项目支出预算表", "单位：万元"),
            [
                ["科目编码", "<", "<", "单位代码", "单位名称（科目）", "金额"],
                ["类", "款", "项", "^", "^", "^"],
                ["合计", "<", "<", "<", "<", "895.65"],
                ["", "", "", "312001", "岷安县司法局机关", "737.45"],
                ["204", "06", "02", "312001", "一般行政管理事务", "82.50"],
                ["204", "06", "02", "312001", "行政复议应诉经费", "46.50"],
                ["204", "06", "02", "312001", "机关信息化维护经费", "36.00"],
                ["", "", "", "312301", "岷安县公证处", "158.20"],
                ["204", "06", "02", "312301", "一般行政管理事务", "158.20"],
            ],
        ),
    )
    office = "岷安县司法局机关"
    assert [(f.item, f.code, f.project, f.facet) for _, fs in found for f in fs] == [
        (("合计",), "", "", ""),
        ((office,), "", "", "项目支出"),
        ((office, "一般行政管理事务"), "2040602", "", "项目支出"),
        (
            (office, "一般行政管理事务", "行政复议应诉经费"),
            "2040602",
            "行政复议应诉经费",
            "项目支出",
        ),
        (
            (office, "一般行政管理事务", "机关信息化维护经费"),
            "2040602",
            "机关信息化维护经费",
            "项目支出",
        ),
        (("岷安县公证处",), "", "", "项目支出"),
        (("岷安县公证处", "一般行政管理事务"), "2040602", "", "项目支出"),
    ]


def test_the_governments_classification_is_another(tmp_path: Path) -> None:
    head = ["单位代码", "单位名称", "总计", "会议费"]
    found = figures_of(
        tmp_path,
        Leaf(
            ("一般公共预算基本支出表-公用经费（按政府预算经济分类）", "单位：万元"),
            [head, ["合计", "<", "436.80", "5.70"]],
        ),
    )
    assert [(f.subject, f.facet) for _, fs in found for f in fs] == [
        ("公用经费", "政府预算经济分类"),
        ("会议费", "政府预算经济分类"),
    ]
