"""Self-evaluation forms: key and value, money block, goals, indicators, totals."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.values import Figure
from tests.pdfs import Leaf, read_tables, write_pdf

HEAD = [
    "年度绩效指标",
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值（A）",
    "实际完成值（B）",
    "分值",
    "得分",
    "偏差原因",
]
FORM = [
    ["项目名称", "<", "档案数字化项目", "<", "主管部门", "松原县档案馆", "<", "<", "<"],
    ["联系人", "<", "王晓/5208613", "<", "联系电话", "5208613", "<", "<", "<"],
    ["项目预算执行情况", "<", "", "年初预算数", "全年预算数（A）", "全年执行数（B）", "分值",
     "执行率（B/A）", "得分"],
    ["^", "^", "年度资金总额", "120.50", "118.00", "115.64", "10", "0.98", "9.80"],
    ["^", "^", "其中：当年财政拨款", "120.50", "118.00", "115.64", "-", "", "-"],
    ["^", "^", "其他资金", "", "", "0", "-", "", "-"],
    ["年度总体目标", "<", "预期目标", "<", "<", "实际完成情况", "<", "<", "<"],
    ["^", "^", "整理档案3万卷", "<", "<", "整理档案3.2万卷", "<", "<", "<"],
    HEAD,
    ["^", "产出指标", "数量指标", "整理档案", "≥3万卷", "3.2", "20", "20", "无"],
    ["^", "^", "^", "扫描页数", "≥500万页", "486万页", "20", "19.44", "设备检修"],
    ["^", "^", "时效指标", "完成时间", "2024年11月底前", "2024年12月", "10", "8", "合同延期"],
    ["^", "效益指标", "社会效益", "查询响应", "≤3秒", "2.7", "30", "30", ""],
    ["^", "满意度指标", "服务对象满意度", "群众满意度", "≥95%", "97", "10", "10", ""],
    ["小计", "<", "<", "<", "<", "<", "90", "87.44", ""],
    ["总分", "<", "<", "<", "<", "<", "100", "97.24", ""],
]  # fmt: skip


@pytest.fixture
def figures(tmp_path: Path) -> list[Figure]:
    pdf = write_pdf(tmp_path / "a.pdf", Leaf(("项目支出绩效自评表", "单位：万元"), FORM))
    ((table, figures),) = read_tables(pdf)
    assert (table.kind, table.project) == ("form", "档案数字化项目")
    assert {f.project for f in figures} == {"档案数字化项目"}
    return figures


def pick(figures: list[Figure], name: str, measure: str) -> Figure:
    (found,) = [f for f in figures if f.name == name and f.measure == measure]
    return found


@pytest.mark.parametrize(
    ("name", "measure", "item", "value", "unit"),
    [
        ("年度资金总额", "budget_initial", "项目预算执行情况 > 年度资金总额", "120.50", "万元"),
        ("年度资金总额", "rate", "项目预算执行情况 > 年度资金总额", "0.98", ""),
        ("其他资金", "executed", "项目预算执行情况 > 年度资金总额 > 其他资金", "0", "万元"),
        ("整理档案", "target", "年度绩效指标 > 产出指标 > 数量指标 > 整理档案", "3", "万卷"),
        ("整理档案", "actual", "年度绩效指标 > 产出指标 > 数量指标 > 整理档案", "3.2", "万卷"),
        ("扫描页数", "actual", "年度绩效指标 > 产出指标 > 数量指标 > 扫描页数", "486", "万页"),
        ("扫描页数", "score", "年度绩效指标 > 产出指标 > 数量指标 > 扫描页数", "19.44", "分"),
        ("查询响应", "actual", "年度绩效指标 > 效益指标 > 社会效益 > 查询响应", "2.7", "秒"),
        (
            "群众满意度",
            "actual",
            "年度绩效指标 > 满意度指标 > 服务对象满意度 > 群众满意度",
            "97",
            "%",
        ),
        ("小计", "score", "小计", "87.44", "分"),
        ("总分", "score", "总分", "97.24", "分"),
    ],
)
def test_numbers(
    figures: list[Figure], name: str, measure: str, item: str, value: str, unit: str
) -> None:
    figure = pick(figures, name, measure)
    assert (" > ".join(figure.item), str(figure.value), figure.unit) == (item, value, unit)


@pytest.mark.parametrize(
    ("name", "measure", "printed", "state"),
    [
        ("联系电话", "attribute", "5208613", "text"),
        ("联系人", "attribute", "王晓/5208613", "text"),
        ("年度总体目标", "goal", "整理档案3万卷", "text"),
        ("年度总体目标", "result", "整理档案3.2万卷", "text"),
        ("完成时间", "target", "2024年11月底前", "text"),
        ("扫描页数", "reason", "设备检修", "text"),
        ("整理档案", "reason", "无", "blank"),
        ("其他资金", "budget_initial", "", "blank"),
        ("其他资金", "score", "-", "dash"),
    ],
)
def test_words_blanks_and_dashes(
    figures: list[Figure], name: str, measure: str, printed: str, state: str
) -> None:
    figure = pick(figures, name, measure)
    assert (figure.printed, figure.state, figure.value) == (printed, state, None)


def test_form_over_two_pages_keeps_its_labels(tmp_path: Path) -> None:
    second = [
        ["", "", "", "查询响应", "≤3秒", "2.7", "30", "30", ""],
        ["总分", "<", "<", "<", "<", "<", "100", "97.24", ""],
    ]
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(("项目支出绩效自评表", "单位：万元"), FORM[:13]),
        Leaf((), second),
    )
    ((table, figures),) = read_tables(pdf)
    assert table.pages == (1, 2)
    repeated = [f for f in figures if f.name == "查询响应" and f.measure == "actual"]
    assert [f.page for f in repeated] == [1, 2]
    assert repeated[1].item[:3] == ("年度绩效指标", "效益指标", "社会效益")


def test_forms_in_a_row_are_separate(tmp_path: Path) -> None:
    other = [["项目名称", "<", "安全监测项目", "<", *FORM[0][4:]], *FORM[1:]]
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(("项目支出绩效自评表", "单位：万元"), FORM),
        Leaf((), other),
    )
    assert [t.project for t, _ in read_tables(pdf)] == ["档案数字化项目", "安全监测项目"]


HEADS = "项目名称|预算数|年度目标|一级指标|三级指标|指标性质|指标值|度量单位"
STORE = "库房安全改造|120.00|库房防潮防火改造|产出指标|改造库房面积|≥|860|平方米"
COST = "^|^|^|成本指标|单价成本|≤|1395|元/平方米"
REPAIR = "珍贵档案修复|36.00|抢救修复珍贵档案|产出指标|修复档案数量|≥|360|卷"
LIST = [row.split("|") for row in (HEADS, STORE, COST)]
SECOND = [row.split("|") for row in (HEADS, REPAIR)]


def test_a_list_of_forms_over_two_pages(tmp_path: Path) -> None:
    title = ("部门预算项目绩效目标表", "2024年度　单位：万元")
    pdf = write_pdf(tmp_path / "a.pdf", Leaf(title, LIST), Leaf((), SECOND))
    ((table, figures),) = read_tables(pdf)
    assert (table.pages, table.project) == ((1, 2), "")
    found = [
        (f.project, f.subject, f.measure, f.printed, f.unit)
        for f in figures
        if f.measure in {"target", "budget", "budget_adjusted"}
    ]
    assert found == [
        ("库房安全改造", "年度资金总额", "budget_adjusted", "120.00", "万元"),
        ("库房安全改造", "改造库房面积", "target", "≥860", "平方米"),
        ("库房安全改造", "单价成本", "target", "≤1395", "元/平方米"),
        ("珍贵档案修复", "年度资金总额", "budget_adjusted", "36.00", "万元"),
        ("珍贵档案修复", "修复档案数量", "target", "≥360", "卷"),
    ]
    assert [f.printed for f in figures if f.measure == "goal"] == [LIST[1][2], SECOND[1][2]]
    assert {f.item for f in figures if f.subject == "修复档案数量"} == {
        ("产出指标", "修复档案数量")
    }


LEVELS = ["一级指标", "<", "二级指标", "<", "三级指标", "指标值"]
ROWS = [
    ["产出指标", "<", "数量指标", "<", "扫描页数", "≥500万页"],
    ["^", "<", "时效指标", "<", "完成时间", "12月底前"],
]


@pytest.mark.parametrize(
    ("unit", "head", "amounts"),
    [
        (
            "单位：万元",
            [["当年预算", "286.00", "本级安排", "114.00", "上级补助", "172.00"]],
            {"年度资金总额": "286.00", "本级安排": "114.00", "上级补助": "172.00"},
        ),
        (
            "2025年度",
            [
                ["项目资金（元）", "年度资金申请总额", "<", "6,248.00", "上年预算数", "6,415.00"],
                ["^", "其中：财政资金", "<", "6,248.00", "资金性质", "一般公共预算"],
            ],
            {"年度资金总额": "6248.00", "上年预算数": "6415.00", "财政资金": "6248.00"},
        ),
    ],
)
def test_amounts_in_the_head_of_a_target_form(
    tmp_path: Path, unit: str, head: list[list[str]], amounts: dict[str, str]
) -> None:
    name = ["项目名称", "<", "<", "档案数字化项目", "主管部门", "松原县档案馆"]
    grid = [name, *head, LEVELS, *ROWS]
    pdf = write_pdf(tmp_path / "a.pdf", Leaf(("项目绩效目标表", unit), grid))
    ((_, figures),) = read_tables(pdf)
    read = {f.subject: f"{f.value}" for f in figures if f.measure.startswith("budget")}
    assert read == amounts
    assert {f.unit for f in figures if f.subject in amounts} == {"万元" if "万" in unit else "元"}
    assert not [f for f in figures if f.subject == "资金性质" and f.value is not None]
