"""Whether the department has official cars: the number that it keeps, zero or more."""

from __future__ import annotations

import re

from index.values import Figure
from qa import data
from qa.ask import Ask
from qa.lookup import told
from qa.values import Answer


def owned(ask: Ask) -> Answer | None:
    """名下有公车吗: the cars kept (公务用车保有量), or else all cars that the report counts."""
    if not re.search(data.word("asks_cars"), ask.reading.original):
        return None
    counts = [
        f
        for f in ask.report.figures
        if f.measure == "count"
        and f.value is not None
        and f.year == ask.report.year
        and f.unit in {"辆", "台"}
        and "车" in f.subject
        and not re.search(data.word("cars_bought"), f.subject)
        and not f.project
    ]
    kept = [f for f in counts if re.search(data.word("official_cars"), f.subject)]
    figure = max(kept or counts, key=_value, default=None)
    if figure is None:
        return None
    return ask.evidence.decided(_value(figure) > 0, told(ask, figure), have=True)


def _value(figure: Figure) -> float:
    return float(figure.value or 0)
