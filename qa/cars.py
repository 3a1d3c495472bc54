"""Whether the department has official cars: the number that it keeps, zero or more."""

from __future__ import annotations

import re

from qa import data
from qa.ask import Ask
from qa.between import whether_same
from qa.counts import counts_in
from qa.lookup import told
from qa.names import key
from qa.values import Answer


def owned(ask: Ask) -> Answer | None:
    """名下有公车吗: the cars kept (公务用车保有量), or else all cars that the report counts."""
    if not re.search(data.word("asks_cars"), ask.reading.original):
        return None
    counts = [
        f
        for f in counts_in(ask, {"辆", "台"}, zeros=True)
        if "车" in f.subject
        and not re.search(data.word("cars_bought"), f.subject)
        and not f.project
    ]
    kept = [f for f in counts if re.search(data.word("official_cars"), f.subject)]
    figure = max(kept or counts, key=lambda f: f.value or 0, default=None)
    if figure is None:
        return None
    return ask.evidence.decided(bool(figure.value), told(ask, figure), have=True)


def kept_as_listed(ask: Ask) -> Answer | None:
    """公务用车保有量与资产表的车辆数对得上吗: the cars kept, told in words, and the table's."""
    if not re.search(data.word("cars_against_table"), ask.text):
        return None
    told_so = [
        f
        for f in ask.report.figures
        if not f.table and f.unit in _CARS and f.value is not None and "保" in f.subject
    ]
    listed = [
        f
        for f in ask.report.figures
        if f.table
        and f.value is not None
        and f.unit in {"", *_CARS}
        and re.search(data.word("assets_table"), f.table)
        and re.search(data.word("cars_in_all"), key("".join((*f.column[-1:], *f.item[-1:]))))
    ]
    if not told_so or not listed:
        return None
    kept, whole = told_so[0], listed[0]
    return whether_same(ask, [kept, whole], kept.value == whole.value)


_CARS = {"辆", "台"}
