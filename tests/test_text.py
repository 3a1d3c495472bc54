"""Characters and printed numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import decimal_of, fold, is_blank, is_dash, numbers_in, read_cell, squeeze

DECIMALS = st.decimals(
    min_value=Decimal("-999999999.9999"), max_value=Decimal("999999999.9999"), places=2
)


@pytest.mark.parametrize(
    ("printed", "sign", "value", "unit"),
    [
        ("1,234.56", "", "1234.56", ""),
        ("１，２３４．５６", "", "1234.56", ""),
        ("(1,234.56)", "", "-1234.56", ""),
        ("（1,234.56）", "", "-1234.56", ""),
        ("－12.30", "", "-12.30", ""),
        ("0.00", "", "0.00", ""),
        ("≤5000万元", "≤", "5000", "万元"),
        ("1200次/秒", "", "1200", "次/秒"),
        ("100%%", "", "100", "%"),
        ("2亿", "", "2", "亿"),
        ("12.0957万", "", "12.0957", "万"),
        (">99.9%", ">", "99.9", "%"),
        ("＝100%", "=", "100", "%"),
        ("0.69238", "", "0.69238", ""),
        ("≤1000元/人/天", "≤", "1000", "元/人/天"),
        ("605/人/天", "", "605", "/人/天"),
        ("5台（套）", "", "5", "台(套)"),
        ("不超过3秒", "不超过", "3", "秒"),
        ("46.8亿条", "", "46.8", "亿条"),
        ("5‰", "", "5", "‰"),
        (" 1 234.50 ", "", "1234.50", ""),
    ],
)
def test_read_cell(printed: str, sign: str, value: str, unit: str) -> None:
    read = read_cell(printed)
    assert read is not None
    assert (read.sign, str(read.value), read.unit) == (sign, value, unit)


@pytest.mark.parametrize(
    "printed",
    ["", "—", "无", "XXX", "1,23", "1天1次", "是", "2024年12月底前完成", "A1", "万"],
)
def test_no_single_number(printed: str) -> None:
    assert read_cell(printed) is None


@pytest.mark.parametrize(
    ("printed", "blank", "dash"),
    [
        ("", True, False),
        ("　", True, False),
        ("-", True, True),
        ("—", True, True),
        ("－－", True, True),
        ("/", True, True),
        ("无", True, False),
        ("XXX", True, False),
        ("XX万元", True, False),
        ("0.00", False, False),
        ("0", False, False),
        ("优", False, False),
    ],
)
def test_blank_and_dash(printed: str, blank: bool, dash: bool) -> None:
    assert (is_blank(printed), is_dash(printed)) == (blank, dash)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("收、支总计4125.49,4143.91万元", ["4125.49", "4143.91"]),
        ("12,345.67,8,901.23万元", ["12345.67", "8901.23"]),
        ("增长1,055.4%", ["1055.4"]),
        ("各减少1267.86、2570.97", ["1267.86", "2570.97"]),
        ("3,12", ["3", "12"]),
        ("（降3.34%）", ["3.34"]),
        ("2024.12.31", []),
        ("A-5", ["5"]),
        ("-5.2", ["-5.2"]),
        ("８，２３７．２３万元", ["8237.23"]),
    ],
)
def test_numbers_in(text: str, values: list[str]) -> None:
    assert [str(v) for _, _, v in numbers_in(text)] == values


@pytest.mark.parametrize("printed", ["", "1,23", "1.2.3", "abc", "12,3456", "--5", "1,234,56"])
def test_not_a_number(printed: str) -> None:
    with pytest.raises(ValueError, match="not a printed number"):
        decimal_of(printed)


@given(DECIMALS)
def test_a_formatted_number_reads_back_exactly(value: Decimal) -> None:
    assert decimal_of(f"{value:,f}") == value
    assert decimal_of(f"{value:f}") == value
    cell = read_cell(f"{value:,f}万元")
    assert cell is not None
    assert (cell.value, cell.unit) == (value, "万元")


@given(DECIMALS.filter(lambda v: v > 0), DECIMALS.filter(lambda v: v > 0))
def test_two_amounts_in_a_row_stay_two(first: Decimal, second: Decimal) -> None:
    for separator in ("、", "与", "和", "，比上年增加"):
        found = numbers_in(f"共{first:,f}{separator}{second:,f}万元")
        assert [v for _, _, v in found] == [first, second]


@given(st.text(max_size=60))
def test_fold_keeps_the_length_and_is_stable(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert squeeze(squeeze(text)) == squeeze(text)


@given(st.text(alphabet="0123456789.,-、万元%收支（）年 ", max_size=40))
def test_numbers_are_where_they_are_said_to_be(text: str) -> None:
    folded = fold(text)
    last = 0
    for start, end, value in numbers_in(text):
        assert last <= start < end <= len(text)
        assert Decimal(folded[start:end].replace(",", "")) == value
        last = end


def test_radicals_and_full_width_compare_equal() -> None:
    assert squeeze("⼀般公共服务⽀出") == squeeze("一般公共服务支出")
    assert squeeze("“三公” 经费（２０２４）") == "三公经费(2024)"
