"""Equations and percentages: what rounding explains, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from index.check.equations import Rule, equation
from index.check.findings import number
from index.check.ratios import rate_finding
from index.check.targets import judge
from index.text import read_cell
from index.values import Figure
from tests.test_links import figure

RULE = Rule("rule", "规则", "依据")


def money(printed: str, unit: str = "万元") -> Figure:
    if not printed:
        blank = figure("0", unit=unit)
        return Figure(**{**{n: getattr(blank, n) for n in Figure.__slots__}, "value": None})
    return figure(printed, unit=unit)


@pytest.mark.parametrize(
    ("left", "parts", "verdict", "difference"),
    [
        ("100.00", ["60.00", "40.00"], "ok", "0"),
        ("100.01", ["60.00", "40.00"], "ok", "0.01"),  # three halves of 0.01 are allowed
        ("100.02", ["60.00", "40.00"], "differs", "0.02"),
        ("100.02", ["60.00", "40.00", "0.00", "0.00"], "differs", "0.02"),  # zeros allow nothing
        ("100.02", ["30.00", "30.00", "40.00"], "ok", "0.02"),
        ("100", ["60.3", "40.00"], "ok", "-0.3"),  # 100 stands for 99.5 to 100.5
        ("0.00", ["", ""], "ok", "0"),
        ("5.00", ["", ""], "not_checkable", None),
        ("", ["", ""], "not_checkable", None),
        ("", ["3.00", ""], "differs", "-3.00"),
    ],
)
def test_sums(left: str, parts: list[str], verdict: str, difference: str | None) -> None:
    found = equation(RULE, money(left), [(1, money(p)) for p in parts])
    assert found.verdict == verdict
    expected = None if difference is None else Decimal(difference)
    assert found.difference == expected


def test_a_difference_is_told_in_the_unit_of_the_whole_and_a_slip_of_the_unit_is_named() -> None:
    found = equation(RULE, money("1,234,500.00", "元"), [(1, money("123.45"))], told="equal")
    assert (found.verdict, found.unit) == ("ok", "元")
    found = equation(RULE, money("123.45", "元"), [(1, money("123.45"))], told="equal")
    assert found.verdict == "differs"
    assert "10000倍" in found.text


def test_a_bound_is_no_equation() -> None:
    rule = Rule("rule", "规则", "依据", explain="口径不同。")
    within = equation(rule, money("2.85"), [(1, money("3.36"))], bound=True)
    assert (within.verdict, within.explained) == ("ok", True)
    assert "口径不同" in within.text
    above = equation(rule, money("3.86"), [(1, money("3.36"))], bound=True)
    assert (above.verdict, above.explained) == ("differs", False)


@pytest.mark.parametrize(
    ("part", "whole", "printed", "verdict", "hint"),
    [
        ("782.36", "900.00", "86.93", "ok", ""),
        ("782.36", "900.00", "86.39", "differs", "应为86.93%"),
        ("20.00", "150.00", "13.3", "ok", ""),
        ("2000.00", "3000.00", "66.66", "differs", "截去了尾数"),
        ("1.60", "1.60", "100", "ok", ""),
        ("1.14", "1.00", "1.14", "differs", "一百倍"),
        ("0.14", "0.54", "25.9", "ok", ""),  # 0.14 / 0.54 lies between 24.8 and 27.1
        ("5.00", "0", "100", "differs", "为零"),
        ("0", "0", "0.00", "not_checkable", "为零"),
    ],
)
def test_percentages(part: str, whole: str, printed: str, verdict: str, hint: str) -> None:
    rate = figure(printed, unit="%", measure="completion", place="p1")
    found = rate_finding(RULE, rate, [money(part)], [money(whole)])
    assert found.verdict == verdict
    assert hint in found.text


def test_a_ratio_is_read_as_a_percentage() -> None:
    rate = figure("0.69238", unit="", measure="rate")
    assert rate_finding(RULE, rate, [money("553.9")], [money("800")]).verdict == "ok"
    whole = figure("1", unit="", measure="rate")  # a bare 1 is 100%, not 50% to 150%
    assert rate_finding(RULE, whole, [money("60.00")], [money("100.00")]).verdict == "differs"


def test_the_denominator_that_was_taken_by_mistake_is_named() -> None:
    rate = figure("90.00", unit="%", measure="completion", place="p1")
    others = [("全年预算", money("100.00"))]
    found = rate_finding(RULE, rate, [money("90.00")], [money("120.00")], others=others)
    assert "全年预算（100.00万元）作分母" in found.text


@pytest.mark.parametrize(
    ("target", "actual", "met"),
    [
        ("≤1000元", "605元", True),
        ("≤1000元", "1005元", False),
        ("≥95%", "94.9%", False),
        ("<2秒", "2秒", None),
        ("＝8个", "8个", True),
        ("＝8个", "9个", None),  # more than asked for may be better or worse
        ("8个", "8个", True),
        ("8个", "9个", None),
        ("≥10个", "≥10个", None),
        ("≥8万人", "12万元", None),
        ("10月30日前", "12月31日", False),
        ("2024年11月底前", "2024年11月", True),
        ("2024年11月底前", "2025年1月", False),
        ("6月15日前", "6月", None),
        ("按期报送", "按期报送", None),
    ],
)
def test_targets(target: str, actual: str, met: bool | None) -> None:
    assert judge(cell(target), cell(actual)) is met


def cell(printed: str) -> Figure:
    read = read_cell(printed)
    value, unit = (read.value, read.unit) if read else (None, "")
    like = figure("0", unit=unit)
    fields = {name: getattr(like, name) for name in Figure.__slots__}
    return Figure(**{**fields, "value": value, "printed": printed})


@pytest.mark.parametrize(
    ("value", "text"),
    [("12.5", "12.50"), ("12.00", "12"), ("0.0050", "0.005"), ("1E+3", "1000"), ("-3", "-3")],
)
def test_numbers_as_people_write_them(value: str, text: str) -> None:
    assert number(Decimal(value)) == text


@pytest.mark.parametrize(
    ("rate", "unit", "verdict"),
    [
        ("92.00", "", "ok"),  # a column of percentages that says no unit
        ("0.92", "", "ok"),
        ("92.00", "%", "ok"),
        ("97.00", "", "differs"),
        ("0.97", "", "differs"),
    ],
)
def test_rates_without_a_unit(rate: str, unit: str, verdict: str) -> None:
    told = replace(money(rate), unit=unit, measure="rate")
    assert rate_finding(RULE, told, [money("46.00")], [money("50.00")]).verdict == verdict
