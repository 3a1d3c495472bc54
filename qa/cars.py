"""Whether the department has official cars: the number that it keeps, zero or more."""

from __future__ import annotations

import re

from qa import data
from qa.ask import Ask
from qa.counts import counts_in
from qa.lookup import told
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
