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
