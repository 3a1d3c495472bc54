"""This year's amount of what a change is told of, from the place that the question means."""

from __future__ import annotations

import re

from index.values import Figure
from qa import data
from qa.ask import Ask, agree, first_sure
from qa.names import MONEY, core, topic


def in_table(ask: Ask, moved: Figure) -> Figure | None:
    """This year's amount in a table, where the question says that the table's is meant."""
    if not re.search(data.word("by_the_table"), ask.text):
        return None
    name = topic(moved)
    return next(
        (
            e.figure
            for e in ask.catalogue.entries
            if e.figure.table
            and e.figure.measure in {"final", "budget"}
            and e.figure.value is not None
            and e.figure.scope == moved.scope
            and topic(e.figure) == name
        ),
        None,
    )


def this_year(ask: Ask, content: str, moved: Figure) -> Figure | None:
    """This year's amount of the same subject, from the same paragraph where it stands there."""
    name = core(_one_side(ask) or moved.subject)
    measures = {"budget"} if ask.report.kind == "budget" else {"final", "executed"}
    beside = [
        f
        for f in ask.report.figures
        if f.table_id == moved.table_id
        and f.year in {None, ask.report.year}
        and f.measure in measures
        and f.unit in MONEY
        and core(f.subject) == name
    ]
    if beside:
        return beside[0]
    same = [
        e.figure
        for e in ask.catalogue.entries
        if e.subject == name
        and e.figure.measure in measures
        and e.figure.value is not None
        and e.figure.year in {None, ask.report.year}
    ]
    scoped = [f for f in same if f.scope == moved.scope] or same
    if scoped and all(agree(scoped[0], f) for f in scoped):
        return scoped[0]
    hit = first_sure(
        [
            h
            for h in ask.find(content=content, measure="final", units=tuple(MONEY))
            if h.figure.scope == moved.scope and h.figure.measure in measures
        ]
    )
    return hit.figure if hit else None


def _one_side(ask: Ask) -> str:
    """收入总计 or 支出总计 where only the one is asked for: both change alike (收、支总计)."""
    said = [side for side in ("收入", "支出") if side in ask.text]
    return f"{said[0]}总计" if len(said) == 1 and "总计" in ask.text else ""
