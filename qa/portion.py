"""An amount shared out: over the months of the year, the bodies covered, a count that is named."""

from __future__ import annotations

import re

from index.values import Figure
from prompts import say
from qa import bodies, data
from qa.accept import counted_in
from qa.ask import Ask, by_id, first_sure, split_same
from qa.catalogue import Hit
from qa.errors import PlanError
from qa.names import MONEY, key
from qa.plan import Plan, Step, label_of, rounding_of, run
from qa.reading import content_of
from qa.values import Answer

_MONTHS = 12


def monthly(ask: Ask) -> Answer | None:
    """平均每月多少: the year's amount over twelve months."""
    words, asked = re.subn(data.word("per_month"), " ", ask.text)
    dated = re.search(data.word("asks_date"), ask.text)
    if not asked or dated or re.search(data.word("monthly_standard"), ask.text):
        return None
    content = content_of(words)
    top = _counted(ask, content) if ask.reading.counter else _money(ask, content)
    return _portion(ask, top.figure, _MONTHS, "月") if top is not None else None


def per_body(ask: Ask) -> Answer | None:
    """平摊到每家单位: an amount over the number of bodies that the report covers."""
    words, asked = re.subn(data.word("per_body"), " ", ask.text)
    if not asked:
        return None
    top = _money(ask, content_of(words))
    known = bodies.bodies(ask)
    if top is None or len(known) < 2:
        return None
    for body in known:
        bodies.cite(ask, body)
    return _portion(ask, top.figure, len(known), "家")


def divided(ask: Ask) -> Answer | None:
    """A除以B: one figure that the question names over another."""
    match = re.search(data.word("divided_by"), ask.text)
    if match is None or len(key(content_of(match["b"]))) < _NAME:
        return None  # 除以人次: the count belongs to the amount
    top, bottom = ask.link(match["a"]), ask.link(match["b"], measure="", units=())
    if bottom is None and top is not None and top.figure.project:
        bottom = ask.link(f"{top.figure.project}{match['b']}", measure="", units=())
    if top is None or bottom is None or top.figure.id == bottom.figure.id:
        return None
    if top.figure.project != bottom.figure.project and bottom.figure.unit not in MONEY:
        return None
    unit = ask.reading.unit_out
    over = f"{unit}/{bottom.figure.unit}" if unit and bottom.figure.unit not in MONEY else ""
    plan = Plan((Step("divide", (top.figure.id, bottom.figure.id)),), over)
    try:
        calculation = run(plan, by_id([top.figure, bottom.figure]))
    except PlanError:
        return None
    label = f"{label_of(top.figure)}除以{label_of(bottom.figure)}"
    shown = calculation.unit.split("/")[0]
    places = split_same(ask, top.figure)[0][:2]
    figures = [top.figure, bottom.figure, *places]
    ask.evidence.per_unit(calculation, figures, label, shown)
    text = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))


def _money(ask: Ask, content: str) -> Hit | None:
    """The amount that the content names: what was spent, or the budget where that is asked."""
    if not content:
        return None
    hits = ask.find(content=content, measure=ask.reading.measure or "final", units=tuple(MONEY))
    hit = first_sure(
        [
            h
            for h in hits
            if h.figure.value is not None
            and h.figure.unit in MONEY
            and h.figure.measure in _AMOUNTS
            and not _EACH.search(h.figure.subject)
        ]
    )
    return hit if hit is not None and hit.named >= _NAMED else None


def _counted(ask: Ask, content: str) -> Hit | None:
    """The year's count that the content names, in the counter asked for."""
    hits = ask.find(content=content, measure="actual", units=()) if content else []
    return first_sure(
        [
            h
            for h in hits
            if h.figure.value is not None
            and h.figure.measure in {"actual", "count"}
            and counted_in(h.figure.unit, ask.reading.counter)
            and h.named >= _NAMED
            and not _EACH.search(h.figure.subject)
        ]
    )


_EACH = re.compile("[月均每单]")  # of one month or one thing already
_AMOUNTS = {"final", "executed", "budget", "budget_initial", "budget_adjusted"}
_NAME = 4  # characters of a name that says more than a counter
_NAMED = 0.45  # share of the amount's own name that the question must hold


def _portion(ask: Ask, figure: Figure, count: int, counter: str) -> Answer:
    plan = Plan(
        (Step("portion", (figure.id,), count),),
        ask.reading.unit_out or figure.unit,
    )
    calculation = run(plan, by_id([figure]))
    label = f"平均每{counter}{label_of(figure)}"
    ask.evidence.count(count)
    ask.evidence.result(calculation, [figure, *split_same(ask, figure)[0][:2]], label)
    text = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))
