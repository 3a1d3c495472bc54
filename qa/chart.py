"""Charts where people would rather look: shares, rankings, budget against final.

A chart shows figures of the report or values of an answer, each with its page; the only thing
worked out here is the length of a bar. `draw` makes Plotly figures; the browser's part of Plotly
comes with Gradio, from this machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from index.values import Figure, Report
from qa import data
from qa.places import Located
from qa.plan import name_of
from qa.show import number, page_name
from qa.values import Answer, Compared, Value
from qa.words import CHINESE, Words, page_words

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as Plot

_MOST_BARS = 15
_LABEL_LINE = 14  # characters of a bar's name on one line
_BUDGETS = ("budget_adjusted", "budget", "budget_initial")
_FINALS = ("final", "executed")
_COLOURS = ("#0f766e", "#d97706")
_REST_COLOUR = "#94a3b8"
_TEXT = "#64748b"  # readable on white and on the dark theme; page.css makes it the theme's own


@dataclass(frozen=True, slots=True)
class Bar:
    """A value of one series, with the page it stands on."""

    label: str
    value: Decimal
    page: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: one or two series over the same names, a part of a whole, or lines over
    years; of lines every series has its own."""

    title: str
    unit: str
    series: tuple[Series, ...]
    kind: Literal["bars", "part", "years"] = "bars"


def of_answer(answer: Answer, places: Located, words: Words = CHINESE) -> Chart | None:
    """The chart that an answer deserves, None where a sentence says as much."""
    if answer.status != "answered":
        return None
    if answer.compared:
        return _reports_chart(answer, words)
    return _operands_chart(answer, places, words) or _ranking(answer, words)


def of_report(report: Report, words: Words = CHINESE) -> list[Chart]:
    """The report at a glance, as far as its tables allow."""
    charts = (_classes(report, words), _budget_final(report, words), _rates(report, words))
    return [chart for chart in charts if chart]


@lru_cache(maxsize=64)
def draw(chart: Chart) -> Plot:
    """The Plotly figure. Plotly is loaded when the first chart is drawn."""
    import plotly.graph_objects as go

    if chart.kind == "years":
        return _draw_years(chart)
    plot = go.Figure()
    names = [_wrapped(bar.label) for bar in chart.series[0].bars]
    if chart.kind == "part":
        bars = chart.series[0].bars
        plot.add_pie(
            labels=names,
            values=[float(b.value) for b in bars],
            hole=0.6,
            sort=False,
            direction="clockwise",
            textinfo="none",
            hovertemplate="%{label}<extra></extra>",
            marker={"colors": [_COLOURS[0], _REST_COLOUR]},
        )
    else:
        for series, colour in zip(chart.series, _COLOURS, strict=False):
            plot.add_bar(
                name=series.name,
                orientation="h",
                y=names,
                x=[float(b.value) for b in series.bars],
                text=[f"{number(b.value)}{chart.unit}" for b in series.bars],
                customdata=[b.page for b in series.bars],
                hovertemplate="%{y}<br>%{text}<br>%{customdata}<extra></extra>",
                marker={"color": colour},
                textposition="auto",
                cliponaxis=False,
            )
    rows = sum(1 + name.count("<br>") for name in names)
    plot.update_layout(
        height=220 if chart.kind == "part" else 70 + 26 * max(rows, len(names) * len(chart.series)),
        margin={"l": 8, "r": 44, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": _TEXT, "size": 13, "family": "system-ui, sans-serif"},
        showlegend=chart.kind == "part" or len(chart.series) > 1,
        legend={"orientation": "h" if chart.kind == "bars" else "v", "traceorder": "normal"},
        bargap=0.3,
        dragmode=False,
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
        xaxis={"showticklabels": False, "showgrid": False, "zeroline": False, "fixedrange": True},
    )
    return plot


def _draw_years(chart: Chart) -> Plot:
    """Lines over the years, every point with its amount; a year without a value is a gap."""
    import plotly.graph_objects as go

    plot = go.Figure()
    years = sorted({bar.label for series in chart.series for bar in series.bars})
    for n, series in enumerate(chart.series):
        bars = {bar.label: bar for bar in series.bars}
        shown = [bars.get(year) for year in years]
        plot.add_scatter(
            name=series.name,
            x=years,
            y=[float(b.value) if b else None for b in shown],
            text=[f"{number(b.value)}{chart.unit}" if b else "" for b in shown],
            customdata=[b.page if b else "" for b in shown],
            mode="lines+markers+text",
            textposition="top center",
            hovertemplate="%{x}<br>%{text}<br>%{customdata}<extra></extra>",
            line={"color": _COLOURS[n % len(_COLOURS)], "width": 2},
            marker={"size": 9},
            cliponaxis=False,
        )
    low = min((float(b.value) for s in chart.series for b in s.bars), default=0.0)
    plot.update_layout(
        height=240,
        margin={"l": 44, "r": 44, "t": 28, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": _TEXT, "size": 13, "family": "system-ui, sans-serif"},
        showlegend=len(chart.series) > 1,
        legend={"orientation": "h", "y": -0.15},
        dragmode=False,
        xaxis={"type": "category", "showgrid": False, "fixedrange": True},
        yaxis={
            "rangemode": "tozero" if low >= 0 else "normal",
            "showticklabels": False,
            "showgrid": False,
            "zeroline": True,
            "zerolinecolor": _REST_COLOUR,
            "fixedrange": True,
        },
    )
    return plot


def sources(chart: Chart) -> list[tuple[str, str]]:
    """(page, id of the figure) of every place the chart stands on, each page once."""
    found: dict[str, str] = {}
    for series in chart.series:
        for bar in series.bars:
            if bar.page and bar.figure:
                found.setdefault(bar.page, bar.figure)
    return list(found.items())


# -- charts of an answer ---------------------------------------------------------------------------


def _operands_chart(answer: Answer, places: Located, words: Words) -> Chart | None:
    """A share, or a budget beside what was spent, from the two operands of a calculation."""
    positions = places.operands(answer)
    if len(positions) != 2 or None in positions or answer.calculation is None:
        return None
    figures = [places.figure(answer.citations[p]) for p in positions if p is not None]
    first, second = figures
    if first is None or second is None or first.value is None or second.value is None:
        return None
    if first.unit != second.unit:
        return None
    kinds = {_kind(first), _kind(second)}
    if kinds == {"budget", "final"} and name_of(first) == name_of(second):
        bars = [_bar(f, words, with_measure=True) for f in (first, second)]
        return Chart(name_of(first), first.unit, (Series(first.unit, tuple(bars)),))
    same = first.measure == second.measure and answer.calculation.unit == "%"
    if same and 0 <= first.value < second.value:
        rest = Bar(words("chart_rest"), second.value - first.value)
        part = (_bar(first, words), rest)
        return Chart(name_of(second), first.unit, (Series("", part),), "part")
    return None


def _reports_chart(answer: Answer, words: Words) -> Chart | None:
    """The values of several reports: over the years where these differ, else as bars."""
    told = [c for c in answer.compared if c.value is not None and not _apart(c)]
    if len(told) < 2 or len({c.unit for c in told}) > 1:
        return None
    unit = told[0].unit
    years = {c.year for c in told}
    title = words("chart_reports")
    if len(years) > 1 and None not in years and len({(c.body, c.year) for c in told}) == len(told):
        bodies = list(dict.fromkeys(c.body for c in told))
        lines = tuple(
            Series(b, tuple(_point(c, answer, words) for c in told if c.body == b)) for b in bodies
        )
        return Chart(title, unit, lines, "years")
    if any((c.value or 0) < 0 for c in told):
        return None
    bars = tuple(
        Bar(c.name, c.value or Decimal(0), *_cited(c, answer, words)) for c in told[:_MOST_BARS]
    )
    return Chart(title, unit, (Series("", bars),))


def _apart(told: Compared) -> bool:
    """Whether a report's value is of another thing, and so no point of the same chart."""
    return told.note not in {"", "derived"}


def _point(told: Compared, answer: Answer, words: Words) -> Bar:
    return Bar(f"{told.year}年", told.value or Decimal(0), *_cited(told, answer, words))


def _cited(told: Compared, answer: Answer, words: Words) -> tuple[str, ...]:
    return tuple(page_name(answer.citations[i], words) for i in told.citations[:1])


def _ranking(answer: Answer, words: Words) -> Chart | None:
    values = [v for v in answer.values if not re.search(data.word("changed_told"), v.label)]
    if len(values) > 2 and values[0].value == sum(v.value for v in values[1:]):
        values = values[1:]  # the parts alone, without their whole
    labels = {value.label for value in values}
    if len(values) < 3 or len(labels) < len(values) or len({v.unit for v in values}) > 1:
        return None
    if answer.polarity or any(value.value < 0 for value in values):
        return None
    names = _without_ending([value.label for value in values])
    bars = tuple(
        Bar(name, value.value, *_place(value, answer, words))
        for name, value in zip(names[:_MOST_BARS], values, strict=False)
    )
    return Chart(words("chart_answer"), values[0].unit, (Series("", bars),))


def _place(value: Value, answer: Answer, words: Words) -> tuple[str, ...]:
    """The page of a value's first citation."""
    return tuple(page_name(answer.citations[i], words) for i in value.citations[:1])


def _without_ending(labels: Sequence[str]) -> list[str]:
    """The labels without what they all end with (预算执行率)."""
    shortest = min(len(label) for label in labels)
    same = next((n for n in range(shortest) if len({la[-n - 1] for la in labels}) > 1), 0)
    return [label[: len(label) - same] for label in labels]


# -- charts of a report ----------------------------------------------------------------------------


def _classes(report: Report, words: Words) -> Chart | None:
    """Expenditure by functional class: the first table that has the classes' totals."""
    found = _first_table(
        report,
        lambda f: len(f.code) == 3 and f.code[0] == "2" and not f.facet and not f.project,
    )
    if len(found) < 2:
        return None
    found.sort(key=lambda f: -(f.value or 0))
    title = words("chart_classes", table=found[0].table, unit=found[0].unit)
    return Chart(title, found[0].unit, (Series("", _bars(found, words)),))


def _budget_final(report: Report, words: Words) -> Chart | None:
    """Budget beside final for the 三公 table: the rows that have both."""
    found = _first_table(report, lambda f: "三公" in f.table and _kind(f) != "")
    sides = {kind: [f for f in found if _kind(f) == kind] for kind in ("budget", "final")}
    finals = {f.subject: f for f in sides["final"]}
    pairs = [(b, finals[b.subject]) for b in sides["budget"] if b.subject in finals]
    if len(pairs) < 2 or not any(b.value or f.value for b, f in pairs):
        return None
    series = tuple(
        Series(name, _bars((pair[i] for pair in pairs), words))
        for i, name in enumerate(("预算数", "决算数"))
    )
    title = words("chart_budget", table=found[0].table, unit=found[0].unit)
    return Chart(title, found[0].unit, series)


def _rates(report: Report, words: Words) -> Chart | None:
    """Execution rates of the projects, lowest first, from the table that sums them up."""
    found = _first_table(
        report, lambda f: f.measure == "rate" and f.unit == "%" and bool(f.project) and not f.total
    )
    one_each = list({f.project: f for f in reversed(found)}.values())
    if len(one_each) < 3:
        return None
    one_each.sort(key=lambda f: f.value or 0)
    bars = tuple(
        Bar(f.project, f.value or Decimal(0), page_words(f.page_label, f.page, words), f.id)
        for f in one_each[:_MOST_BARS]
    )
    return Chart(words("chart_rates"), "%", (Series("", bars),))


def _first_table(report: Report, wanted: Callable[[Figure], bool]) -> list[Figure]:
    """The wanted figures of the first table that has more than one, in one unit."""
    by_table: dict[str, list[Figure]] = {}
    for figure in report.figures:
        if figure.value is not None and not figure.sentence and wanted(figure):
            by_table.setdefault(figure.table_id, []).append(figure)
    for found in by_table.values():
        if len(found) > 1 and len({f.unit for f in found}) == 1:
            return found
    return []


def _bars(figures: Iterable[Figure], words: Words) -> tuple[Bar, ...]:
    return tuple(_bar(f, words) for f in list(figures)[:_MOST_BARS])


def _bar(figure: Figure, words: Words, with_measure: bool = False) -> Bar:
    name = figure.subject or figure.name
    if with_measure:
        name = "决算数" if _kind(figure) == "final" else "预算数"
    page = page_words(figure.page_label, figure.page, words)
    return Bar(name, figure.value or Decimal(0), page, figure.id)


def _kind(figure: Figure) -> str:
    if figure.measure in _BUDGETS:
        return "budget"
    return "final" if figure.measure in _FINALS else ""


def _wrapped(name: str) -> str:
    """A long name on several lines; `<` is taken off, since Plotly reads it as markup."""
    plain = name.replace("<", "‹").replace(">", "›")
    pieces: Sequence[str] = [
        plain[i : i + _LABEL_LINE] for i in range(0, min(len(plain), 3 * _LABEL_LINE), _LABEL_LINE)
    ]
    return "<br>".join(pieces)
