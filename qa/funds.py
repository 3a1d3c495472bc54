"""The money of a project by fund, as its form lists it: 当年财政拨款, 上年结转资金, 其他资金."""

from __future__ import annotations

import re

from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, split_same
from qa.evidence import amount
from qa.names import MONEY, key
from qa.plan import label_of
from qa.sets import project_named
from qa.values import Answer

_NAMED = 0.6  # share of the project's name, by weight, that the question must hold
_STAGES = ("budget_adjusted", "executed", "budget", "budget_initial")


def of_project(ask: Ask) -> Answer | None:
    """某项目的上年结转资金是多少: the row of that fund in the project's own form."""
    said = re.search(data.word("project_funds"), ask.reading.original)
    if said is None or not (ask.reading.numeric or ask.reading.op == "lookup"):
        return None
    if ask.reading.has("yes_no", "reason", "list", "rank", "share", "difference", "count"):
        return None
    member = project_named(ask, least=_NAMED)
    if member is None:
        return None
    rows = [
        f
        for f in ask.report.figures
        if f.table
        and f.project
        and ask.catalogue.project_of(f.project) == member.name
        and f.value is not None
        and f.unit in MONEY
        and not ask.catalogue.is_project_level(f)
        and key(said["fund"]) in key(f.subject)
    ]
    asked = ask.reading.measure
    stages = (asked, *_STAGES) if asked in _STAGES else _STAGES
    figure = next((f for stage in stages for f in rows if f.measure == stage), None)
    if figure is None:
        return None
    told = say("reported", label=label_of(figure), value=amount(figure))
    ask.evidence.value(figure, split_same(ask, figure)[0][:2])
    executed = _executed_beside(rows, figure) if asked not in _STAGES else None
    if executed is not None:
        ask.evidence.value(executed)
        told += say("reported", label=label_of(executed), value=amount(executed))
    return ask.evidence.answer(told)


def _executed_beside(rows: list[Figure], figure: Figure) -> Figure | None:
    """What was executed of the same row, where that is another amount than the budget."""
    return next(
        (
            f
            for f in rows
            if f.measure == "executed" and f.row == figure.row and f.value != figure.value
        ),
        None,
    )
