"""Amounts that the question itself states: the figure or the project that is meant by them.

机关运行经费92.14万元是多少元 asks for the figure that is 92.14万元, not for the change beside it;
得97.24分的那个项目 names a project by its score.
"""

from __future__ import annotations

import re
from decimal import Decimal

from index.values import Figure
from qa import data
from qa.ask import Ask
from qa.conditions import condition
from qa.lookup import figure_answer
from qa.names import MONEY
from qa.reading import content_of, read_question
from qa.sets import projects
from qa.units import convert
from qa.values import Answer

_NAMED = 0.5  # share of a figure's name that must be in the question, besides its amount


def is_amount(figure: Figure, number: str, unit: str) -> bool:
    """Whether a figure is the amount that the question states."""
    value = Decimal(number.replace(",", ""))
    if figure.value is None:
        return False
    if unit in MONEY and figure.unit in MONEY:
        return abs(convert(figure.value, figure.unit, "元")) == convert(value, unit, "元")
    return abs(figure.value) == value and figure.unit == unit


def converted(ask: Ask) -> Answer | None:
    """X的92.14万元是多少元: the figure named that has the amount stated, in the unit wanted."""
    match = re.search(data.word("stated_money"), ask.text)
    wanted = ask.reading.unit_out
    if match is None or not wanted or wanted == match["unit"] or ask.reading.ops != ("lookup",):
        return None
    content = content_of(ask.text[: match.start()] + " " + ask.text[match.end() :])
    for hit in ask.find(content=content, units=tuple(MONEY)):
        if hit.named >= _NAMED and is_amount(hit.figure, match["number"], match["unit"]):
            return figure_answer(ask, hit)
    return None


def project_meant(ask: Ask) -> tuple[str, Figure, str] | None:
    """The one project that has the score, rate or amount stated, the figure that says so, and the
    rest of the question."""
    if (meant := _one_that_fulfils(ask)) is not None:
        return meant
    match = re.search(data.word("valued_one"), ask.text)
    if match is None:
        return None
    stated = ((m, f) for m in projects(ask) for f in m.figures.values())
    named = {m.name: f for m, f in stated if is_amount(f, match["number"], match["unit"])}
    return (*next(iter(named.items())), match["rest"]) if len(named) == 1 else None


def _one_that_fulfils(ask: Ask) -> tuple[str, Figure, str] | None:
    """The one project of a condition (执行率为零的那个项目), its figure, what else is asked."""
    match = re.search(data.word("one_under_condition"), ask.text)
    if match is None:
        return None
    measure = read_question(match["condition"]).measure
    rule = condition(match["condition"], measure)
    if rule is None or (rule.sign == "=" and rule.bound):
        return None
    named = [m for m in projects(ask) if rule.holds(m.amount(rule.measure))]
    if len(named) != 1:
        return None
    return named[0].name, named[0].figures[rule.measure], match["rest"]
