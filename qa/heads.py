"""The staff that a report counts: amounts per head of it, and posts that are not filled."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from index.labels import UNIT
from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, agree, by_id
from qa.compare import compared
from qa.counts import counts_in
from qa.evidence import amount, amount_of
from qa.names import MONEY, SUMS
from qa.plan import Plan, Step, label_of, over_sum, rounding_of, run
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
    steps = over_sum(top.id, [f.id for f in staff])
    money = ask.reading.unit_out or "元"
    plan = Plan(steps, f"{money}/{unit}", places=3 if money == "万元" else 2)
    calculation = run(plan, by_id([top, *staff]))
    counted = "、".join(label_of(f) for f in staff)
    label = f"人均{label_of(top)}（按{counted}）"
    ask.evidence.per_unit(calculation, [top, *staff], label, money)
    text = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))


def staff_told(ask: Ask) -> Answer | None:
    """在职人员一共多少: the number of staff, or the sum of the parts that are printed instead."""
    if not re.fullmatch(data.word("asks_staff"), squeeze(ask.text)):
        return None
    staff = staff_of(ask)
    if not staff:
        return None
    if len(staff) == 1:
        ask.evidence.value(staff[0])
        return ask.evidence.answer(
            say("reported", label=label_of(staff[0]), value=amount(staff[0]))
        )
    calculation = run(Plan((Step("add", tuple(f.id for f in staff)),)), by_id(staff))
    label = f"{'、'.join(label_of(f) for f in staff)}合计"
    ask.evidence.result(calculation, staff, label)
    return ask.evidence.answer(say("computed", label=label, formula=calculation.formula))


def staff_of(ask: Ask) -> list[Figure]:
    """The count of staff in post, or its parts (行政, 参公, 事业) where only these are printed."""
    counts = [f for f in counts_in(ask, _PERSONS) if not f.project]
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
    heads = [c for c in figure.column if squeeze(c) not in SUMS]  # 实有人数 > 小计
    head = squeeze(UNIT.sub("", "".join(heads[-1:])))
    head = re.sub(r"20\d\d年度?", "", head)
    whole = figure.total or name.startswith("财政供养")
    return whole and bool(re.fullmatch(data.word("staff_total"), head))


def vacant(ask: Ask) -> Answer | None:
    """编制还空着多少个: the posts less the persons in them, of the kind of staff named."""
    if not re.search(data.word("vacant"), ask.text):
        return None
    told = [
        f for f in ask.report.figures if f.measure == "count" and f.unit in _PERSONS and f.value
    ]
    kind = next((k for k in _STAFF if k in ask.text), "")
    held = [f for f in told if re.search(_HELD, f.subject) and kind in f.subject]
    posts = [f for f in told if re.search(_POSTS, f.subject) and kind in f.subject]
    if not kind:
        held, posts = _all_of(held), _all_of(posts)
    if len(held) == 1 and len(posts) == 1:
        return compared(ask, posts[0], held[0])
    if kind or not held or not posts:
        return None
    steps = (
        Step("add", tuple(f.id for f in posts)),
        Step("add", tuple(f.id for f in held)),
        Step("subtract", ("#0", "#1")),
    )
    figures = [*posts, *held]
    calculation = run(Plan(steps), by_id(figures))
    label = "编制数与实有人数之差"
    ask.evidence.result(calculation, figures, label)
    return ask.evidence.answer(say("computed", label=label, formula=calculation.formula))


def _all_of(counts: Sequence[Figure]) -> list[Figure]:
    """The total of counts of staff where one is printed, else the parts that make it up."""
    largest = max(counts, key=amount_of, default=None)
    if largest is None:
        return []
    rest = [f for f in counts if f is not largest]
    whole = sum(amount_of(f) for f in rest if f.table_id == largest.table_id)
    nested = any(f.item[:1] == largest.item[:1] and len(f.item) > 1 for f in rest)
    if not rest or nested or largest.total or whole == amount_of(largest):
        return [largest]
    return [f for f in counts if f.table_id == largest.table_id]


_HELD = "实有(人数)?$|在岗|在编|在职(实有)?(人员|人数)?(实有)?(人数)?$|在职实有"
_POSTS = r"编制(人数|数)?(\([^()]*\))?$"
_STAFF = ("行政", "事业", "工勤", "参公")
