"""The same fact in several places: linked by meaning, compared with the printed precision."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.links import agree, link_facts
from index.values import Box, Figure


def figure(
    printed: str,
    subject: str = "公务接待费",
    place: str = "t001",
    *,
    unit: str = "万元",
    measure: str = "final",
    base: str = "",
    scope: str = "财政拨款",
    facet: str = "",
    code: str = "",
    project: str = "",
    item: tuple[str, ...] = (),
    year: int = 2024,
) -> Figure:
    prose = place.startswith("p")
    return Figure(
        id=f"f{place}{subject}{printed}{unit}{measure}",
        item=item or (subject,),
        code=code,
        column=(),
        measure=measure,
        base=base,
        year=year,
        scope=scope,
        value=Decimal(printed.replace(",", "")),
        unit=unit,
        printed=printed,
        state="value",
        page=1,
        page_label=None,
        box=Box(0, 0, 1, 1),
        table="" if prose else "某表",
        table_id=place,
        row=0,
        sentence="一句话" if prose else "",
        project=project,
        subject=subject,
        facet=facet,
    )


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("3.36", "万元"), ("3.36", "万元"), True),
        (("3.36", "万元"), ("3.4", "万元"), True),
        (("3.34", "万元"), ("3.4", "万元"), False),
        (("33,612.00", "元"), ("3.36", "万元"), True),
        (("33,650.01", "元"), ("3.36", "万元"), False),
        (("1.2", "亿元"), ("12,300", "万元"), True),
        (("3.36", "万元"), ("3.36", "%"), False),
        (("9", "批次"), ("9", "人次"), False),
    ],
)
def test_half_a_unit_of_the_last_digit(
    first: tuple[str, str], second: tuple[str, str], same: bool
) -> None:
    a, b = (figure(p, unit=u) for p, u in (first, second))
    assert agree(a, b) is agree(b, a) is same


def test_a_rate_as_a_fraction_is_the_same_as_in_percent() -> None:
    assert agree(
        figure("0.69238", unit="", measure="rate"), figure("69.24", unit="%", measure="rate")
    )


@pytest.mark.parametrize(
    ("one", "other", "linked"),
    [
        ({}, {"place": "p3"}, True),
        ({"subject": "公务接待费"}, {"subject": "3.公务接待费支出", "place": "p3"}, True),
        ({"subject": "财政拨款“三公”经费"}, {"subject": "“三公”经费支出", "place": "p1"}, True),
        (
            {"subject": "本年支出合计", "scope": "一般公共预算财政拨款"},
            {"subject": "一般公共预算财政拨款支出", "scope": "一般公共预算财政拨款", "place": "p1"},
            True,
        ),
        (
            {"subject": "年初结转和结余"},
            {"subject": "年初财政拨款结转和结余", "place": "p2"},
            True,
        ),
        ({"subject": "支出总计"}, {"subject": "收、支总计", "place": "p2"}, True),
        ({"subject": "收入总计"}, {"subject": "收入总计和支出总计", "place": "p2"}, True),
        ({"measure": "budget"}, {"measure": "budget_adjusted", "place": "p2"}, True),
        ({"measure": "prior", "year": 2023}, {"year": 2023, "place": "p2"}, True),
        (
            {"measure": "change", "base": "上年"},
            {"measure": "change", "base": "2023年度", "place": "p2"},
            True,
        ),
        ({"scope": "全口径"}, {"place": "p2"}, False),
        ({"facet": "基本支出"}, {"place": "p2"}, False),
        ({"measure": "budget_initial"}, {"place": "p2"}, False),
        ({"year": 2023}, {"place": "p2"}, False),
        (
            {"unit": "批次", "measure": "count"},
            {"unit": "人次", "measure": "count", "place": "p2"},
            False,
        ),
        ({"project": "甲项目"}, {"project": "乙项目", "place": "p2"}, False),
        ({"measure": "reason_amount"}, {"measure": "reason_amount", "place": "p2"}, False),
        (
            {"measure": "change", "base": "上年"},
            {"measure": "change", "base": "年初预算", "place": "p2"},
            False,
        ),
        (
            {"subject": "住房公积金", "code": "2210201"},
            {"subject": "住房公积金", "code": "30113", "place": "t002"},
            False,
        ),
    ],
)  # fmt: skip
def test_what_is_one_fact(one: dict[str, object], other: dict[str, object], linked: bool) -> None:
    figures = [figure("5.00", **one), figure("5.00", **other)]  # type: ignore[arg-type]
    facts = link_facts(figures)
    assert [f.figures for f in facts] == ([(figures[0].id, figures[1].id)] if linked else [])
    assert all(f.agree for f in facts)


def test_contradiction() -> None:
    figures = [figure("117.32"), figure("117.32", place="t002"), figure("117.23", place="p9")]
    (fact,) = link_facts(figures)
    assert not fact.agree
    assert len(fact.figures) == 3


def test_several_values_of_one_table_are_no_fact() -> None:
    figures = [figure("1.00"), figure("2.00"), figure("1.00", place="p1")]
    assert link_facts(figures) == ()


def test_repeated_function_names_need_their_path() -> None:
    path_a = ("一般公共服务支出", "档案事务", "行政运行")
    path_b = ("教育支出", "教育管理事务", "行政运行")
    figures = [
        figure("1.00", "行政运行", code="2012601", item=path_a),
        figure("2.00", "行政运行", code="2050101", item=path_b),
        figure("2.00", "行政运行", place="p1", item=path_b),
    ]
    (fact,) = link_facts(figures)
    assert fact.figures == (figures[1].id, figures[2].id)
    assert fact.agree
