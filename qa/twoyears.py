"""A change between two years that the report prints side by side, where it tells no change."""

from __future__ import annotations

import re

from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, by_id
from qa.errors import PlanError
from qa.evidence import amount, amount_of
from qa.names import MONEY, core
from qa.plan import Plan, Step, label_of, rounding_of, run
from qa.thisyear import this_year
from qa.trend import compared_content
from qa.values import Answer

_STAGES = frozenset({"final", "budget", "executed", "prior"})
_NAMED = 0.75  # share of the printed name that the question must hold


def change(ask: Ask) -> Answer | None:
    """2024年比2023年多了多少: this year's amount less last year's, as both are printed."""
    content = compared_content(ask)
    pair = _two_years(ask, content) if content else None
    if pair is None:
        return None
    now, before = pair
    return moved(ask, now, before, f"{before.year}年")


def moved(ask: Ask, now: Figure, before: Figure, base: str) -> Answer | None:
    """By how much, or by which part of last year's amount, this year's is more or less."""
    rate = re.search(data.word("asks_change_rate"), ask.text)
    less = amount_of(now) < amount_of(before)
    steps = [Step("subtract", (before.id, now.id) if less else (now.id, before.id))]
    if rate:
        steps.append(Step("percent", ("#0", before.id)))
    try:
        calculation = run(
            Plan(tuple(steps), "" if rate else ask.reading.unit_out), by_id([now, before])
        )
    except PlanError:
        return None
    word = "减少" if less else "增加"
    label = f"{label_of(now)}比{base}{word}{'的幅度' if rate else ''}（推算）"
    ask.evidence.result(calculation, [now, before], label)
    formula = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(formula + rounding_of(calculation))


def _two_years(ask: Ask, content: str) -> tuple[Figure, Figure] | None:
    """This year's and last year's amount of what the question names."""
    year = ask.report.year
    if year is None:
        return None
    hits = [
        h
        for h in ask.find(content=content, year=year - 1, measure="", units=tuple(MONEY))
        if h.figure.year == year - 1
        and h.figure.measure in _STAGES
        and h.figure.value is not None
        and h.figure.unit in MONEY
        and h.named >= _NAMED
    ]
    if not hits:
        return None
    before = hits[0].figure
    if len({h.figure.value for h in hits if core(h.figure.subject) == core(before.subject)}) > 1:
        return None  # of several stages or scopes: which is meant is open
    beside = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.table_id == before.table_id
        and e.figure.row == before.row
        and e.figure.year == year
        and e.figure.value is not None
        and e.figure.unit in MONEY
        and core(e.figure.subject) == core(before.subject)
    ]
    same = [f for f in beside if f.measure == before.measure] if before.table else []
    now = same[0] if same else this_year(ask, content, before)
    return (now, before) if now is not None and now.value is not None else None


def as_before(ask: Ask) -> Answer | None:
    """Last year's amount where the report says that this year's is the same: 与2024年预算持平."""
    year = ask.report.year
    content = compared_content(ask)
    if year is None or not content:
        return None
    budget = ask.reading.measure.startswith("budget")
    for hit in ask.find(content=content, year=year, units=tuple(MONEY))[:_NEAREST]:
        f = hit.figure
        at = f.sentence.find(f.printed)
        if hit.named < _NAMED or f.unit not in MONEY or f.measure not in _NOW or at < 0:
            continue
        level = re.match(data.word("level_behind"), squeeze(f.sentence[at + len(f.printed) :]))
        if level is None or level["year"] not in {None, str(year - 1)}:
            continue
        if budget != ("预算" in level.group() or ask.report.kind == "budget"):
            continue  # its budget was asked and its accounts are told, or the other way round
        ask.evidence.value(f)
        text = say("last_year_level", label=label_of(f), year=year - 1, value=amount(f))
        return ask.evidence.answer(text + say("quote", quote=f.sentence.strip()))
    return None


_NOW = frozenset({"final", "budget"})
_NEAREST = 6  # figures that are looked at, best first
