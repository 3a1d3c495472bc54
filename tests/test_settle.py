"""Changes given to the amount that they fit. All figures are invented."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.settle import settled
from index.values import Figure
from tests.test_qa_helpers import figure


def part(subject: str, printed: str, measure: str, unit: str = "万元") -> Figure:
    value = Decimal(printed)
    return figure(subject, printed.lstrip("-"), unit, measure=measure, value=value)


def subjects(*figures: Figure) -> list[str]:
    return [f.subject for f in settled(figures)]


WHOLE = part("公务用车运行维护费", "39.15", "budget")
PARTS = [
    part("加油", "16.20", "budget"),
    part("维修", "15.75", "budget"),
    part("其他", "7.20", "budget"),
]


@pytest.mark.parametrize(
    ("behind", "subject"),
    [
        # last year's amount and the change say the whole; the rate says it as well
        ([("41.76", "prior"), ("-2.61", "change"), ("-6.25", "change_rate")], "公务用车运行维护费"),
        ([("-2.61", "change"), ("-6.25", "change_rate")], "公务用车运行维护费"),
        # it fits the last part: nothing is moved
        ([("8.00", "prior"), ("-0.80", "change")], "其他"),
        # nothing is told that could settle it, or it fits none
        ([("-2.61", "change")], "其他"),
        ([("50.00", "prior"), ("-2.61", "change")], "其他"),
    ],
)
def test_a_change_belongs_to_the_amount_that_it_fits(
    behind: list[tuple[str, str]], subject: str
) -> None:
    told = [
        part("其他", printed, measure, "%" if measure == "change_rate" else "万元")
        for printed, measure in behind
    ]
    assert subjects(WHOLE, *PARTS, *told)[4:] == [subject] * len(told)


def test_a_change_that_fits_two_amounts_stays_where_it_stands() -> None:
    twin = part("另一项", "39.15", "budget")
    told = [part("其他", "41.76", "prior"), part("其他", "-2.61", "change")]
    assert subjects(WHOLE, twin, *PARTS, *told)[5:] == ["其他", "其他"]


@given(
    now=st.decimals("0.01", "9999", places=2),
    before=st.decimals("0.01", "9999", places=2),
)
def test_a_fitting_change_is_never_moved(now: Decimal, before: Decimal) -> None:
    figures = [
        part("整项", str(now + 7), "final"),
        part("本项", str(now), "final"),
        part("本项", str(before), "prior"),
        part("本项", str(now - before), "change"),
    ]
    assert [f.subject for f in settled(figures)] == ["整项", "本项", "本项", "本项"]
