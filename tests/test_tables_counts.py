"""Tables that count things or set stocks beside flows; invented bodies and figures."""

from __future__ import annotations

from pathlib import Path

from tests.pdfs import Leaf, read_tables, write_pdf


def test_staffing_table_of_whole_numbers_has_two_header_rows(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("人员情况表", "2024年度　单位：万元"),
            [
                ["序号", "单位名称", "编制人数", "<", "<", "在职人数"],
                ["^", "^", "小计", "行政", "事业", "^"],
                ["1", "局本级", "30", "30", "0", "28"],
                ["2", "档案服务中心", "12", "0", "12", "11"],
                ["合计", "<", "42", "30", "12", "39"],
            ],
        ),
    )
    ((table, figures),) = read_tables(pdf)
    found = {(f.item[-1], " > ".join(f.column)): (f.printed, f.unit, f.measure) for f in figures}
    assert found["局本级", "编制人数 > 行政"] == ("30", "人", "count")
    assert found["档案服务中心", "编制人数 > 事业"] == ("12", "人", "count")
    assert found["档案服务中心", "在职人数"] == ("11", "人", "count")
    assert [len(c) for c in table.columns] == [1, 1, 2, 2, 2, 1]


def test_a_column_of_units_gives_each_row_its_unit(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("国有资产占用情况表", "2024年度　金额单位：元"),
            [
                ["资产类别", "计量单位", "数量", "账面原值"],
                ["房屋", "平方米", "1,204.50", "3,650,000.00"],
                ["车辆", "辆", "7", "910,500.00"],
                ["通用设备", "台（套）", "46", "288,120.00"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    found = [(f.item[-1], f.printed, f.unit, f.measure) for f in figures]
    assert found == [
        ("房屋", "1,204.50", "平方米", "count"),
        ("房屋", "3,650,000.00", "元", "final"),
        ("车辆", "7", "辆", "count"),
        ("车辆", "910,500.00", "元", "final"),
        ("通用设备", "46", "台(套)", "count"),
        ("通用设备", "288,120.00", "元", "final"),
    ]


def test_numbers_under_a_header_with_a_unit_are_no_labels(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("人员情况表", "2024年度"),
            [
                ["人员类别", "编制数（名）", "年末实有人数（人）"],
                ["行政", "42", "39"],
                ["事业", "16", "15"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    assert [(f.item, f.printed, f.unit) for f in figures] == [
        (("行政",), "42", "名"),
        (("行政",), "39", "人"),
        (("事业",), "16", "名"),
        (("事业",), "15", "人"),
    ]


def test_column_numbers_beside_the_names_of_the_code_columns(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("支出决算表", "2024年度　金额单位：元"),
            [
                [
                    "支出功能分类科目编码",
                    "<",
                    "<",
                    "科目名称",
                    "本年支出合计",
                    "基本支出",
                    "项目支出",
                ],
                ["类", "款", "项", "栏次", "1", "2", "3"],
                ["204", "", "", "公共安全支出", "900.00", "600.00", "300.00"],
                ["204", "02", "", "公安", "900.00", "600.00", "300.00"],
                ["204", "02", "01", "行政运行", "900.00", "600.00", "300.00"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    last = [f for f in figures if f.code == "2040201"]
    assert [(f.item, " > ".join(f.column), f.printed) for f in last] == [
        (("公共安全支出", "公安", "行政运行"), "本年支出合计", "900.00"),
        (("公共安全支出", "公安", "行政运行"), "基本支出", "600.00"),
        (("公共安全支出", "公安", "行政运行"), "项目支出", "300.00"),
    ]


def test_carry_over_and_income_are_parts_of_their_own(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("一般公共预算财政拨款收入支出决算表", "2024年度　金额单位：元"),
            [
                ["科目编码", "科目名称", "年初结转和结余", "<", "本年支出", "<"],
                ["^", "^", "合计", "项目支出结转", "合计", "项目支出"],
                ["2040219", "信息化建设", "412.50", "412.50", "735.26", "735.26"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    assert [(f.printed, f.facet) for f in figures] == [
        ("412.50", "年初结转和结余"),
        ("412.50", "年初结转和结余项目支出结转"),
        ("735.26", ""),
        ("735.26", "项目支出"),
    ]


def test_a_number_of_things_bought_is_no_money(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf",
        Leaf(
            ("政府采购支出表", "2024年度　单位：万元"),
            [
                ["采购项目", "数量", "合计", "一般公共预算"],
                ["密集架", "24", "36.50", "36.50"],
                ["除湿机", "6", "4.80", "4.80"],
            ],
        ),
    )
    ((_, figures),) = read_tables(pdf)
    found = [(f.item[-1], f.printed, f.unit, f.measure) for f in figures if f.column == ("数量",)]
    assert found == [("密集架", "24", "", "count"), ("除湿机", "6", "", "count")]
