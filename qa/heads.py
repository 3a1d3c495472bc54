"""Amounts per head of the staff: 人均公用经费, over the number of staff that the report prints."""

from __future__ import annotations

import re
from collections import defaultdict

from index.labels import UNIT
from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, agree, by_id
from qa.evidence import amount
from qa.names import MONEY
from qa.plan import Plan, Step, label_of, rounding_of, run
from qa.values import Answer

_PERSONS = frozenset({"人", "名"})


def per_head(ask: Ask, top: Figure) -> Answer | None:
    """An amount over the staff; None for one that is of visitors or trips.

    Refused where the report prints no number of staff.
    """
    if top.unit not in MONEY or re.search(data.word("not_per_head"), top.subject) or top.project:
        return None
    staff = staff_of(ask)
    if not staff:
        ask.evidence.cite(top)
        text = say("refuse_no_staff", label=label_of(top), value=amount(top))
        return ask.evidence.answer(text, status="refused")
    unit = staff[0].unit
    ids = tuple(f.id for f in staff)
    steps = [Step("add", ids)] if len(ids) > 1 else []
    steps.append(Step("divide", (top.id, "#0" if len(ids) > 1 else ids[0])))
    money = ask.reading.unit_out or "元"
    plan = Plan(tuple(steps), f"{money}/{unit}", places=3 if money == "万元" else 2)
    calculation = run(plan, by_id([top, *staff]))
    counted = "、".join(label_of(f) for f in staff)
    label = f"人均{label_of(top)}（按{counted}）"
    ask.evidence.per_unit(calculation, [top, *staff], label, money)
    text = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))


def staff_of(ask: Ask) -> list[Figure]:
    """The count of staff in post, or its parts (行政, 参公, 事业) where only these are printed."""
    counts = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.measure == "count"
        and e.figure.unit in _PERSONS
        and e.figure.value
        and e.figure.year == ask.report.year
        and not e.figure.project
    ]
    totals = [f for f in counts if _is_total(f)]
    if totals:
        return [totals[0]] if all(agree(totals[0], f) for f in totals) else []
    parts: dict[str, list[Figure]] = defaultdict(list)
    for f in counts:
        if f.sentence and re.search(data.word("staff_part"), squeeze(f.subject)):
            parts[f.table_id].append(f)
    found = max(parts.values(), key=len, default=[])
    return found if len(found) > 1 else []


def _is_total(figure: Figure) -> bool:
    name = squeeze(UNIT.sub("", figure.subject))
    if not figure.table:
        return bool(re.fullmatch(data.word("staff_total"), name))
    head = squeeze(UNIT.sub("", "".join(figure.column[-1:])))
    head = re.sub(r"20\d\d年度?", "", head)
    whole = figure.total or name.startswith("财政供养")
    return whole and bool(re.fullmatch(data.word("staff_total"), head))
