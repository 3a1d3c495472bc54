"""The count that goes with an amount: visits of 公务接待费, cars of their upkeep, bought cars."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from index.text import numbers_in
from index.values import Figure
from qa import data
from qa.ask import Ask
from qa.names import core, pairs


def count_for(ask: Ask, figure: Figure, content: str, units: Sequence[str]) -> Figure | None:
    """The count that goes with an amount: of its section, above zero, the most telling first."""
    if "辆" in units and "车" in figure.subject:
        return _cars(ask, units, bought="购置" in figure.subject and "运行" not in figure.subject)
    candidates = [
        h
        for h in ask.find(content=f"{content} {figure.subject}", measure="", units=tuple(units))
        if h.figure.unit in units
        and h.figure.value
        and _counts_so(h.figure, units)
        and _of_matter(ask, figure, h.figure)
    ]
    if not candidates:
        return None
    own = [
        h.figure
        for h in candidates
        if figure.sentence
        and (h.figure.table_id, h.figure.row) == (figure.table_id, figure.row)
        and h.figure.item[:1] == (figure.subject,)
    ]
    if own:  # 其他国内公务接待支出4.79万元，接待61批次: told with the amount
        return max(own, key=lambda f: f.value or 0)
    best = candidates[0].score
    close = [h.figure for h in candidates if h.score >= best - 0.25]
    return max(close, key=lambda f: f.value or 0)


def told_by_group(ask: Ask, count: Figure) -> list[Figure]:
    """A count and those beside it of the other groups, where each is told with its own group.

    局机关赴荷兰1个团组2人次，农科院赴以色列1个团组3人次: five went, no one number says so.
    """
    if count.measure != "count" or count.table:
        return [count]
    beside = [
        f
        for f in ask.report.figures
        if f.measure == "count"
        and f.value
        and not f.table
        and f.table_id == count.table_id
        and f.sentence == count.sentence
        and f.item[:-1] == count.item[:-1]
    ]
    groups = {f.item for f in beside if "团组" in f.unit}
    parts = [f for f in beside if f.unit == count.unit and f.item in groups]
    return parts if count in parts else [count]


def counts_in(ask: Ask, units: Container[str], zeros: bool = False) -> list[Figure]:
    """The counts of the report's year in the units, in reading order; those of 0 if `zeros`."""
    return [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.measure == "count"
        and e.figure.unit in units
        and (e.figure.value or (zeros and e.figure.value is not None))
        and e.figure.year == ask.report.year
    ]


def _cars(ask: Ask, units: Sequence[str], bought: bool = False) -> Figure | None:
    """The number of cars that there are, or that were `bought`.

    公务用车保有量 goes before 车辆, of which some serve others.
    """
    counts = [
        f
        for f in counts_in(ask, units)
        if "车" in f.subject and bool(re.search(data.word("cars_bought"), f.subject)) == bought
    ]
    said = {n for _, _, n in numbers_in(ask.reading.original)}
    counts = [f for f in counts if f.value in said] or counts  # 由财政负担的4辆公车
    official = [f for f in counts if re.search(data.word("official_cars"), f.subject)]
    return max(official or counts, key=lambda f: f.value or 0, default=None)


def _of_matter(ask: Ask, figure: Figure, count: Figure) -> bool:
    """Whether a count belongs to an amount: visitors to 公务接待费, not to 人员经费."""
    if ask.catalogue.project_of(figure.project) != ask.catalogue.project_of(count.project):
        return False
    matter = pairs(core(figure.subject))
    names = [pairs(core(name)) for name in (count.subject, *count.item[:1])]
    return any(len(matter & name) >= _MATTER * min(len(matter), len(name) or 1) for name in names)


_MATTER = 0.4  # share of the shorter name that the names of an amount and its count have alike


def _counts_so(figure: Figure, units: Sequence[str]) -> bool:
    """Whether a figure counts in the first of the units: 国内公务接待人次（人）counts 人次."""
    return figure.unit == units[0] or figure.unit not in {"人", "个"} or units[0] in figure.subject
