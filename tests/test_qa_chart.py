"""Charts: the report's own figures, each with its page."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from index.values import Report
from qa.chart import draw, of_answer, of_report, sources
from qa.engine import Engine
from qa.places import Places
from qa.words import Words


@pytest.fixture(scope="module")
def places(sample_report: Report) -> Places:
    return Places(sample_report)


def test_the_report_at_a_glance(sample_report: Report) -> None:
    classes, budget, rates = of_report(sample_report)
    (series,) = classes.series
    assert [(b.label, b.value) for b in series.bars][:3] == [
        ("一般公共服务支出", Decimal("8808.09")),
        ("城乡社区支出", Decimal("880.00")),
        ("科学技术支出", Decimal("420.00")),
    ]
    assert sum(b.value for b in series.bars) == Decimal("10954.78"), "classes add up to the total"
    assert [s.name for s in budget.series] == ["预算数", "决算数"]
    pairs = dict(zip([b.label for b in budget.series[0].bars],
                     zip(*[[b.value for b in s.bars] for s in budget.series], strict=True),
                     strict=True))  # fmt: skip
    assert pairs["公务接待费"] == (Decimal("4.20"), Decimal("3.36"))
    values = [b.value for b in rates.series[0].bars]
    assert values == sorted(values)
    assert rates.unit == "%"


def test_every_bar_of_a_report_s_chart_leads_to_its_cell(
    sample_report: Report, places: Places
) -> None:
    for chart in of_report(sample_report):
        found = sources(chart)
        assert found
        for page, figure in found:
            assert f"PDF第{places.citation(figure).page}页" in page


def test_a_report_without_such_tables_has_no_chart(sample_report: Report) -> None:
    assert of_report(replace(sample_report, figures=())) == []


@pytest.mark.parametrize(
    ("question", "kind", "bars"),
    [
        ("项目支出占本年支出的多少", "part", 2),
        ("公务接待费决算比预算少了多少", "bars", 2),
        ("各项目的预算执行率从低到高怎么排", "bars", 9),
        ("公务接待费花了多少钱", None, 0),
        ("什么是机关运行经费", None, 0),
        ("2031年的公务接待费是多少", None, 0),
    ],
)
def test_charts_of_answers(
    sample_engine: Engine, places: Places, question: str, kind: str | None, bars: int
) -> None:
    chart = of_answer(sample_engine.ask(question), places)
    if kind is None:
        assert chart is None
        return
    assert chart is not None
    assert chart.kind == kind
    assert len(chart.series[0].bars) == bars


def test_a_share_is_drawn_as_part_of_its_whole(sample_engine: Engine, places: Places) -> None:
    chart = of_answer(sample_engine.ask("项目支出占本年支出的多少"), places)
    assert chart is not None
    part, rest = chart.series[0].bars
    assert part.value == Decimal("8300.66")
    assert part.value + rest.value == Decimal("10954.78")
    assert rest.page == ""


def test_what_all_names_end_with_is_left_out(sample_engine: Engine, places: Places) -> None:
    chart = of_answer(sample_engine.ask("各项目的预算执行率从低到高怎么排"), places)
    assert chart is not None
    assert not any(bar.label.endswith("执行率") for bar in chart.series[0].bars)


def test_drawing(sample_report: Report) -> None:
    chart = of_report(sample_report, Words("en"))[1]
    plot = draw(chart)
    assert [trace.name for trace in plot.data] == ["预算数", "决算数"]
    assert plot.data[0].text[0] == "38.70万元"
    assert "PDF p. 18" in plot.data[0].customdata[0]
    assert "http" not in plot.to_json()


def test_names_are_no_markup(sample_report: Report) -> None:
    chart = of_report(sample_report)[0]
    series = chart.series[0]
    evil = replace(series.bars[0], label="<a href='http://x'>点我</a>")
    plot = draw(replace(chart, series=(replace(series, bars=(evil,)),)))
    assert "<a" not in "".join(plot.data[0].y)


def test_parts_are_drawn_without_their_whole_and_amounts_without_changes(
    sample_engine: Engine, places: Places
) -> None:
    question = "三公经费各项分别花了多少，哪项比上年减少最多"
    chart = of_answer(sample_engine.ask(question), places)
    assert chart is not None
    (series,) = chart.series
    assert sorted(b.value for b in series.bars) == [
        Decimal("3.36"),
        Decimal("6.40"),
        Decimal("25.96"),
    ]
