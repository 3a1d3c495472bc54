"""Statements of the user held against the report: A or B, a printed share worked out again."""

from __future__ import annotations

import re
from decimal import Decimal

from index.text import fold
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, agree, by_id, first_sure, tolerance
from qa.errors import PlanError
from qa.evidence import amount, value_of
from qa.names import content_pairs, core, topic
from qa.plan import Plan, Step, label_of, run
from qa.reading import content_of
from qa.units import plain
from qa.values import Answer

_EITHER = re.compile(data.word("either_number"))
_CHECK = re.compile(data.word("asks_to_check"))


def either(ask: Ask) -> Answer | None:
    """是326.71还是326.72: every place that prints one of the two numbers for the item."""
    match = _EITHER.search(fold(ask.reading.original))
    if not match:
        return None
    wanted = [Decimal(match[g].replace(",", "")) for g in ("a", "b")]
    content = content_of(_EITHER.sub(" ", ask.text))
    found: dict[Decimal, Figure] = {}
    for hit in ask.find(content=content, units=(), measure="", scope="", codes=()):
        figure = hit.figure
        if figure.value is None or hit.named < 0.5:
            continue
        value, _ = value_of(figure)
        for number in wanted:
            if abs(value) == number:
                found.setdefault(number, figure)
    if not found:
        return None
    figures = [found[n] for n in wanted if n in found]
    if len(figures) == 1:
        ask.evidence.value(figures[0])
        return ask.evidence.answer(
            say("reported", label=label_of(figures[0]), value=amount(figures[0]))
        )
    ask.evidence.value(figures[0])
    return ask.evidence.answer(ask.evidence.conflict(figures))


def rate_checked(ask: Ask) -> Answer | None:
    """这个比例算得对吗: a share or completion as printed, and worked out from its amounts."""
    if not _CHECK.search(ask.text):
        return None
    printed = _printed_rate(ask)
    if printed is None:
        return None
    operands = _amounts_of(ask, printed)
    if operands is None:
        return None
    top, bottom = operands
    try:
        calculation = run(Plan((Step("percent", (top.id, bottom.id)),)), by_id([top, bottom]))
    except PlanError:
        return None
    told = printed.value or Decimal(0)
    same = abs(told - calculation.result) <= tolerance(printed) + Decimal("0.005")
    evidence = ask.evidence
    evidence.value(printed)
    evidence.result(calculation, [top, bottom], f"{label_of(printed)}（重新计算）")
    text = say(
        "recomputed",
        label=label_of(printed),
        printed=amount(printed),
        formula=calculation.formula,
        verdict="两者一致" if same else "两者不一致",
    )
    return evidence.answer(text, polarity="yes" if same else "no")


def _printed_rate(ask: Ask) -> Figure | None:
    numbers = [Decimal(n) for n in re.findall(r"(\d+(?:\.\d+)?)%", ask.reading.original)]
    content = content_of(_CHECK.sub(" ", re.sub(data.word("rate_words"), " ", ask.text)))
    rates = [
        h
        for measure in ("share", "completion", "rate")
        for h in ask.find(content=content, measure=measure, units=())
        if h.figure.measure in {"share", "completion", "rate"} and h.figure.unit == "%"
    ]
    named = [h for h in rates if h.figure.value in numbers]
    hit = first_sure(sorted(named or rates, key=lambda h: -h.score))
    return hit.figure if hit else None


def _amounts_of(ask: Ask, printed: Figure) -> tuple[Figure, Figure] | None:
    """The part and the whole of a printed share; the final figure and the budget of a completion.

    Both are looked for in the paragraph of the rate first, then anywhere under its scope.
    """
    name = core(printed.subject)
    beside = [
        f
        for f in ask.report.figures
        if f.table_id == printed.table_id and f.value is not None and f.unit == "万元"
    ]

    def first(measures: set[str], subjects: set[str]) -> Figure | None:
        for figure in beside:
            if figure.measure in measures and (core(figure.subject) in subjects):
                return figure
        return next(
            (
                e.figure
                for e in ask.catalogue.entries
                if e.figure.measure in measures
                and e.figure.value is not None
                and core(e.figure.subject) in subjects
                and e.figure.scope == printed.scope
                and e.figure.unit in {"元", "万元"}
            ),
            None,
        )

    top = first({"final", "executed"}, {name})
    if top is None:
        return None
    if printed.measure in {"completion", "rate"}:
        kind = "budget_initial" if "年初" in printed.base else "budget_adjusted"
        bottom = first({kind, "budget"}, {name})
    else:
        bottom = _whole(ask, printed, beside, top)
    return (top, bottom) if bottom is not None else None


def _whole(ask: Ask, printed: Figure, beside: list[Figure], part: Figure) -> Figure | None:
    side = "收入" if "收入" in part.subject and "支出" not in part.subject else "支出"
    for figure in beside:
        if topic(figure) in {f"本年{side}", "总计"} and figure.measure in {"final", "budget"}:
            return figure
    if printed.base:
        asked = content_pairs(content_of(printed.base))
        hit = ask.link(printed.base, scope=printed.scope) if asked else None
        if hit is not None and hit.figure.value is not None:
            return hit.figure
    totals = [
        e.figure
        for e in ask.catalogue.entries
        if topic(e.figure) == f"本年{side}"
        and e.figure.measure in {"final", "budget"}
        and e.figure.scope == printed.scope
        and e.figure.value is not None
        and not e.figure.project
    ]
    if totals and all(agree(totals[0], f) for f in totals):
        return totals[0]
    return totals[0] if totals else None
