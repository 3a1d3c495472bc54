"""A project's budget of the year before, as its own form prints it beside this year's.

同名项目上年预算额 and 同名项目上年预算执行率 of the target forms of Shanghai's districts.
"""

from __future__ import annotations

import re

from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask
from qa.compare import compared
from qa.ratios import quotient
from qa.sets import Member, project_named
from qa.twoyears import moved
from qa.values import Answer

_NAMED = 0.5  # share of the project's name, by weight, that the question must hold


def of_project(ask: Ask) -> Answer | None:
    """上年的预算是多少, 上年执行率多少, 比上年多了多少: of the one project that is named."""
    if not re.search(data.word("against_or_of_last_year"), ask.text) or ask.reading.has("reason"):
        return None
    member = project_named(ask, least=_NAMED)
    found = _of_last_year(ask, member) if member is not None else {}
    if member is None or not found:
        return None
    before, executed = found.get("预算"), found.get("执行数")
    if ask.reading.measure in {"rate", "completion"}:
        if (rate := found.get("执行率")) is not None:
            return _told(ask, member, rate)
        if executed is None or before is None:
            return None
        return quotient(ask, executed, before, "percent", "预算执行率")
    if ask.reading.measure == "executed" and executed is not None:
        return _told(ask, member, executed)
    now = member.figures.get("budget")
    if before is None:
        return None
    if not ask.reading.has("change", "difference"):
        return _told(ask, member, before) if ask.reading.numeric else None
    if now is None or now.id == before.id or now.value is None:
        return None
    if before.value and re.search(data.word("asks_change_rate"), ask.text):
        return moved(ask, now, before, "上年")
    return compared(ask, now, before, told_twice=True)


def _of_last_year(ask: Ask, member: Member) -> dict[str, Figure]:
    """What the project's form has of last year: 预算, 执行数, 执行率."""
    found: dict[str, Figure] = {}
    for figure in ask.report.figures:
        if figure.value is None or ask.catalogue.project_of(figure.project) != member.name:
            continue
        if not re.search(data.word("budget_of_last_year"), squeeze(figure.subject)):
            continue
        kind = next((k for k in ("执行率", "执行数") if k in figure.subject), "预算")
        found.setdefault(kind, figure)
    return found


def _told(ask: Ask, member: Member, figure: Figure) -> Answer:
    ask.evidence.quote(figure.subject)
    value = ask.evidence.value(figure)
    text = say(
        "reported", label=f"{member.name}{figure.subject}", value=f"{figure.printed}{value.unit}"
    )
    return ask.evidence.answer(text)
