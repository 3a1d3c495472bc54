"""Layout traps of the genre, one small PDF each. All names and figures are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.values import Figure
from tests.pdfs import Leaf, read_tables, sheets_of, write_pdf

Row = tuple[str, str, str]  # label path, header path, printed


def told(figures: list[Figure]) -> list[Row]:
    return [(" > ".join(f.item), " > ".join(f.column), f.printed) for f in figures]


def test_header_merged_both_ways_and_column_numbers(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("财政拨款“三公”经费支出决算表", "公开09表", "2024年度　单位：万元"),
            [
                ["预算数", "<", "<", "<", "决算数", "<", "<", "<"],
                ["合计", "出国费", "用车费", "<", "合计", "出国费", "用车费", "<"],
                ["^", "^", "购置", "运行", "^", "^", "购置", "运行"],
                ["1", "2", "3", "4", "5", "6", "7", "8"],
                ["9.50", "3.00", "0.00", "6.50", "8.10", "2.40", "0.00", "5.70"],
            ],
        ),
    )
    ((table, figures),) = read_tables(pdf)
    assert (table.title, table.form_code, table.unit, table.year) == (
        "财政拨款“三公”经费支出决算表",
        "公开09表",
        "万元",
        2024,
    )
    assert told(figures) == [
        ("", "预算数 > 合计", "9.50"),
        ("", "预算数 > 出国费", "3.00"),
        ("", "预算数 > 用车费 > 购置", "0.00"),
        ("", "预算数 > 用车费 > 运行", "6.50"),
        ("", "决算数 > 合计", "8.10"),
        ("", "决算数 > 出国费", "2.40"),
        ("", "决算数 > 用车费 > 购置", "0.00"),
        ("", "决算数 > 用车费 > 运行", "5.70"),
    ]
    assert [f.measure for f in figures] == ["budget"] * 4 + ["final"] * 4
    assert {f.scope for f in figures} == {"财政拨款"}


def test_three_public_merged_with_meetings_and_training(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("“三公”经费及会议费、培训费支出决算表", "单位：万元"),
            [
                ["项目", "“三公”经费", "<", "<", "<", "会议费", "培训费"],
                ["^", "小计", "公务接待费", "公务用车购置及运行费", "<", "^", "^"],
                ["^", "^", "^", "购置费", "运行费", "^", "^"],
                ["预算数", "5.00", "2.00", "", "3.00", "1.10", "0.80"],
                ["决算数", "4.60", "1.75", "", "2.85", "0.90", "0.70"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    finals = {f.column[-1]: f for f in figures if f.item == ("决算数",)}
    assert finals["小计"].printed == "4.60"
    assert finals["运行费"].column == ("“三公”经费", "公务用车购置及运行费", "运行费")
    assert finals["会议费"].column == ("会议费",)
    assert finals["购置费"].state == "blank"


def test_halves_side_by_side(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("收入支出决算总表", "单位：元"),
            [
                ["收入", "<", "<", "支出", "<", "<"],
                ["项目", "行次", "金额", "项目", "行次", "金额"],
                ["栏次", "", "1", "栏次", "", "2"],
                ["一、财政拨款收入", "1", "800.00", "一、教育支出", "11", "750.00"],
                ["二、其他收入", "2", "", "二、住房保障支出", "12", "-"],
                ["本年收入合计", "3", "800.00", "本年支出合计", "13", "750.00"],
                ["总计", "4", "800.00", "总计", "14", "800.00"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    assert told(figures) == [
        ("一、财政拨款收入", "收入 > 金额", "800.00"),
        ("二、其他收入", "收入 > 金额", ""),
        ("本年收入合计", "收入 > 金额", "800.00"),
        ("总计", "收入 > 金额", "800.00"),
        ("一、教育支出", "支出 > 金额", "750.00"),
        ("二、住房保障支出", "支出 > 金额", "-"),
        ("本年支出合计", "支出 > 金额", "750.00"),
        ("总计", "支出 > 金额", "800.00"),
    ]
    assert [f.state for f in figures][1:6:4] == ["blank", "dash"]
    assert [f.subject for f in figures if f.total] == [
        "本年收入合计",
        "收入总计",
        "本年支出合计",
        "支出总计",
    ]
    assert {f.unit for f in figures if f.value is not None} == {"元"}


def test_thirds_side_by_side_over_two_pages_without_header(tmp_path: Path) -> None:
    head = [
        ["人员经费", "<", "<", "公用经费", "<", "<", "<", "<", "<"],
        ["科目代码", "科目名称", "金额"] * 3,
    ]
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("一般公共预算财政拨款基本支出决算明细表", "单位：万元"),
            [
                *head,
                ["301", "工资福利支出", "70.00", "302", "商品和服务支出", "8.00",
                 "310", "资本性支出", "1.00"],
                ["30101", "基本工资", "30.00", "30201", "办公费", "8.00",
                 "31002", "办公设备购置", "1.00"],
            ],
            label="- 5 -",
        ),
        Leaf(
            (),
            [
                ["30102", "津贴补贴", "40.00", "", "", "", "", "", ""],
                ["人员经费合计", "<", "70.00", "公用经费合计", "<", "<", "<", "<", "9.00"],
            ],
            label="- 6 -",
        ),
    )  # fmt: skip
    ((table, figures),) = read_tables(pdf)
    assert table.pages == (1, 2)
    assert told(figures) == [
        ("工资福利支出", "人员经费 > 金额", "70.00"),
        ("工资福利支出 > 基本工资", "人员经费 > 金额", "30.00"),
        ("工资福利支出 > 津贴补贴", "人员经费 > 金额", "40.00"),
        ("人员经费合计", "人员经费 > 金额", "70.00"),
        ("商品和服务支出", "公用经费 > 金额", "8.00"),
        ("商品和服务支出 > 办公费", "公用经费 > 金额", "8.00"),
        ("资本性支出", "公用经费 > 金额", "1.00"),
        ("资本性支出 > 办公设备购置", "公用经费 > 金额", "1.00"),
        ("公用经费合计", "公用经费 > 金额", "9.00"),
    ]
    assert {f.facet for f in figures if f.code} == {"基本支出"}
    assert [(f.page, f.page_label) for f in figures][2] == (2, "6")
    assert [f.subject for f in figures if f.total] == ["人员经费", "公用经费"]


HEAD = [
    ["项目", "<", "本年支出合计", "基本支出", "项目支出"],
    ["科目代码", "科目名称", "^", "^", "^"],
]
BODY = [
    ["201", "一般公共服务支出", "9.00", "4.00", "5.00"],
    ["20103", "政府办公厅事务", "9.00", "4.00", "5.00"],
]
MORE = [
    ["2010301", "行政运行", "4.00", "4.00", ""],
    ["合计", "<", "9.00", "4.00", "5.00"],
]


@pytest.mark.parametrize(
    ("above", "repeated"),
    [
        ((), []),
        ((), HEAD),
        ((), HEAD[1:]),
        (("支出决算表（续）",), HEAD),
        (("支出决算表",), HEAD),
        ((), [["栏次", "<", "1", "2", "3"]]),
    ],
    ids=["none", "whole", "part", "continued", "same title", "numbers"],
)
def test_continuation(tmp_path: Path, above: tuple[str, ...], repeated: list[list[str]]) -> None:
    if repeated == HEAD[1:]:
        repeated = [["科目代码", "科目名称", "本年支出合计", "基本支出", "项目支出"]]
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(("支出决算表", "单位：万元"), [*HEAD, *BODY]),
        Leaf(above, [*repeated, *MORE]),
    )
    ((table, figures),) = read_tables(pdf)
    assert table.pages == (1, 2)
    assert told(figures)[6:] == [
        ("一般公共服务支出 > 政府办公厅事务 > 行政运行", "本年支出合计", "4.00"),
        ("一般公共服务支出 > 政府办公厅事务 > 行政运行", "基本支出", "4.00"),
        ("一般公共服务支出 > 政府办公厅事务 > 行政运行", "项目支出", ""),
        ("合计", "本年支出合计", "9.00"),
        ("合计", "基本支出", "4.00"),
        ("合计", "项目支出", "5.00"),
    ]
    assert [f.subject for f in figures[9:]] == ["本年支出合计", "基本支出", "项目支出"]


def test_another_table_is_no_continuation(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(("支出决算表", "单位：万元"), [*HEAD, *BODY]),
        Leaf(("收入决算表", "单位：万元"), [*HEAD, *MORE]),
    )
    assert [t.title for t, _ in read_tables(pdf)] == ["支出决算表", "收入决算表"]


def test_row_torn_by_the_page_break(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("支出决算表", "单位：万元"),
            [*HEAD, *BODY, ["2010350", "事业运行（含派出", "3.00", "3.00", ""]],
        ),
        Leaf((), [["", "机构）", "", "", ""], ["2010399", "其他支出", "2.00", "", "2.00"]]),
    )
    ((_, figures),) = read_tables(pdf)
    names = [f.item[-1] for f in figures]
    assert "事业运行（含派出机构）" in names
    assert "机构）" not in names


def test_codes_apart_inherit_what_is_blank(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("一般公共预算财政拨款支出决算表", "单位：万元"),
            [
                ["功能分类科目编码", "<", "<", "科目名称", "合计"],
                ["类", "款", "项", "^", "^"],
                ["208", "", "", "社会保障和就业支出", "12.00"],
                ["", "05", "", "行政事业单位养老支出", "12.00"],
                ["", "", "01", "行政单位离退休", "2.00"],
                ["", "", "05", "养老保险缴费支出", "10.00"],
                ["221", "", "", "住房保障支出", "6.00"],
                ["", "02", "", "住房改革支出", "6.00"],
                ["221", "02", "01", "住房公积金", "6.00"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    assert [(f.code, " > ".join(f.item)) for f in figures] == [
        ("208", "社会保障和就业支出"),
        ("20805", "社会保障和就业支出 > 行政事业单位养老支出"),
        ("2080501", "社会保障和就业支出 > 行政事业单位养老支出 > 行政单位离退休"),
        ("2080505", "社会保障和就业支出 > 行政事业单位养老支出 > 养老保险缴费支出"),
        ("221", "住房保障支出"),
        ("22102", "住房保障支出 > 住房改革支出"),
        ("2210201", "住房保障支出 > 住房改革支出 > 住房公积金"),
    ]


def test_title_unit_and_note_inside_the_grid(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            (),
            [
                ["国有资本经营预算财政拨款支出决算表", "<", "<"],
                ["编制单位：松原县档案馆", "公开08表", "单位：万元"],
                ["科目名称", "基本支出", "项目支出"],
                ["其他支出", "", "7.30"],
                ["注：本表反映当年支出。", "<", "<"],
            ],
        ),
    )
    ((table, figures),) = read_tables(pdf)
    assert (table.title, table.unit, table.form_code) == (
        "国有资本经营预算财政拨款支出决算表",
        "万元",
        "公开08表",
    )
    assert table.notes == ("注：本表反映当年支出。",)
    assert told(figures) == [("其他支出", "基本支出", ""), ("其他支出", "项目支出", "7.30")]
    assert {f.scope for f in figures} == {"国有资本经营预算财政拨款"}


def test_units_in_headers_and_changes_against_last_year(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("收支增减情况表",),
            [
                [
                    "项目",
                    "上年决算数（万元）",
                    "本年决算数（万元）",
                    "增减额（万元）",
                    "增减率（%）",
                ],
                ["公务接待费", "4.00", "3.00", "-1.00", "-25.00"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    assert [(f.measure, f.base, f.year, f.unit) for f in figures] == [
        ("prior", "", 2023, "万元"),
        ("final", "", 2024, "万元"),
        ("change", "上年", 2024, "万元"),
        ("change_rate", "上年", 2024, "%"),
    ]
    assert {f.subject for f in figures} == {"公务接待费"}


def test_numbered_rows_nest_and_carry_their_units(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("“三公”经费、机关运行经费情况表", "单位：万元"),
            [
                ["项目", "行次", "预算数", "统计数"],
                ["一、“三公”经费支出", "1", "—", "—"],
                ["（一）支出合计", "2", "9.00", "8.00"],
                ["1.公务接待费", "3", "9.00", "8.00"],
                ["（1）国内接待费", "4", "—", "8.00"],
                ["其中：外事接待费", "5", "—", "1.00"],
                ["（二）相关统计数", "6", "—", "—"],
                ["1.国内公务接待批次（个）", "7", "—", "31"],
                ["二、机关运行经费", "8", "—", "55.00"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    finals = [f for f in figures if f.column == ("统计数",)]
    assert [" > ".join(f.item) for f in finals][2:] == [
        "一、“三公”经费支出 > 1.公务接待费",
        "一、“三公”经费支出 > 1.公务接待费 > （1）国内接待费",
        "一、“三公”经费支出 > 1.公务接待费 > （1）国内接待费 > 其中：外事接待费",
        "一、“三公”经费支出 > （二）相关统计数",
        "一、“三公”经费支出 > （二）相关统计数 > 1.国内公务接待批次（个）",
        "二、机关运行经费",
    ]
    assert [f.unit for f in finals if f.value is not None] == [*["万元"] * 4, "个", "万元"]


def test_labels_merged_over_rows(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("项目支出决算明细表", "单位：万元"),
            [
                ["一级项目", "二级项目", "金额"],
                ["信息化建设", "机房改造", "12.00"],
                ["^", "系统运维", "8.00"],
                ["专项业务", "档案数字化", "5.00"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    assert told(figures) == [
        ("信息化建设 > 机房改造", "金额", "12.00"),
        ("信息化建设 > 系统运维", "金额", "8.00"),
        ("专项业务 > 档案数字化", "金额", "5.00"),
    ]


def test_empty_table_says_so_and_the_template_gives_no_value(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("政府性基金预算财政拨款收入支出决算表", "单位：万元"),
            [
                ["科目名称", "年初结转和结余", "本年收入", "本年支出"],
                ["合计", "XXX", "", "XX.XX"],
            ],
            ("注：本部门没有政府性基金预算财政拨款收支。",),
        ),
    )
    ((table, figures),) = read_tables(pdf)
    assert table.empty
    assert table.notes == ("注：本部门没有政府性基金预算财政拨款收支。",)
    assert [f.value for f in figures] == [None, None, None]
    assert [f.subject for f in figures] == ["年初结转和结余", "本年收入合计", "本年支出合计"]


def test_unknown_table_is_read_with_its_title(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("国有资产占有使用情况表", "单位：平方米"),
            [
                ["资产类别", "年初数", "年末数", "备注"],
                ["办公用房", "1,200", "1,350", "新增一层"],
                ["业务用房", "300", "300", ""],
            ],
        ),
    )
    ((table, figures),) = read_tables(pdf)
    assert table.title == "国有资产占有使用情况表"
    assert told(figures)[:2] == [("办公用房", "年初数", "1,200"), ("办公用房", "年末数", "1,350")]


def test_column_edges_missing_on_the_second_page(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("支出决算表", "单位：万元"),
            [*HEAD, *BODY],
            widths=(80, 160, 120, 120, 120),
        ),
        Leaf((), [["合计", "9.00", "4.00", "5.00"]], widths=(240, 120, 120, 120)),
    )
    ((table, figures),) = read_tables(pdf)
    assert table.pages == (1, 2)
    assert told(figures)[-3:] == [
        ("合计", "本年支出合计", "9.00"),
        ("合计", "基本支出", "4.00"),
        ("合计", "项目支出", "5.00"),
    ]


def test_wrapped_cells_keep_their_text(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("支出决算表", "单位：万元"),
            [["科目名称", "金额"], ["政府办公厅\n事务", "1,234,\n567.89"]],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    assert told(figures) == [("政府办公厅事务", "金额", "1,234,567.89")]


def test_sheet_header_is_kept_and_the_numbers_left_out(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("支出决算表", "单位：万元"),
            [*HEAD, ["栏次", "<", "1", "2", "3"], *BODY],
        ),
    )
    (sheet,) = sheets_of(pdf)
    assert sheet.header[0] == ("项目", "项目", "本年支出合计", "基本支出", "项目支出")
    assert [row[0].text for row in sheet.rows] == ["201", "20103"]


def test_title_and_unit_at_the_foot_of_the_page_before(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(("四、绩效情况说明", "汇总如下：", "项目支出绩效自评结果汇总表", "金额单位：万元")),
        Leaf(
            (),
            [
                ["序号", "项目名称", "全年预算数", "执行数", "执行率"],
                ["1", "高标准农田建设项目", "1800.00", "1742.60", "96.81%"],
                ["2", "动物疫病防控项目", "240.00", "228.60", "95.25%"],
            ],
        ),
    )
    ((table, figures),) = read_tables(pdf)
    assert (table.title, table.unit) == ("项目支出绩效自评结果汇总表", "万元")
    assert {f.unit for f in figures if f.measure == "executed"} == {"万元"}


@pytest.mark.parametrize(
    ("heads", "unit"),
    [
        (("序号", "项目名称", "全年预算数", "执行数"), "万元"),
        (("序号", "指标", "全年目标", "实际"), ""),
    ],
)
def test_a_table_below_one_of_the_same_columns_has_its_unit(
    tmp_path: Path, heads: tuple[str, ...], unit: str
) -> None:
    first = ["序号", "项目名称", "全年预算数", "执行数"]
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("市级使用资金自评汇总表", "单位：万元"),
            [first, ["1", "库房修缮", "1800.00", "1742.60"], ["2", "展览更新", "40.00", "38.60"]],
            then=Leaf(
                ("附件2", "对下转移支付自评汇总表"),
                [list(heads), ["1", "乡镇档案室补助", "240.00", "228.60"]],
            ),
        ),
    )
    (_, (table, _)) = read_tables(pdf)
    assert table.unit == unit


def test_a_subtotal_under_a_kind_of_income_is_that_income(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("收入决算表", "单位：万元"),
            [
                ["项目", "<", "本年收入合计", "财政拨款收入", "事业收入", "<", "其他收入"],
                ["科目编码", "科目名称", "^", "^", "小计", "其中：教育收费", "^"],
                ["合计", "<", "158.78", "157.63", "0.62", "", "0.53"],
                ["205", "教育支出", "158.78", "157.63", "0.62", "", "0.53"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    names = {f.printed: (f.subject, f.facet) for f in figures if f.printed}
    totals = {f.printed: f.subject for f in figures if f.total}
    assert totals["0.62"] == "事业收入"
    assert totals["158.78"] == "本年收入合计"
    assert names["0.62"][1] == "事业收入"


def test_the_parts_of_a_count_bear_its_unit(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("机构运行信息表", "单位：万元"),
            [
                ["项目", "决算数"],
                ["一、机关运行经费", "168.54"],
                ["二、国有资产占用情况", ""],
                ["（一）车辆数合计（辆）", "4"],
                ["1.机要通信用车", "1"],
                ["2.执法执勤用车", "3"],
                ["（二）单价100万元（含）以上设备（不含车辆）（台，套）", "0"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    told = {f.item[-1]: (f.measure, f.unit) for f in figures}
    assert told["1.机要通信用车"] == told["2.执法执勤用车"] == ("count", "辆")
    assert told["一、机关运行经费"] == ("final", "万元")
