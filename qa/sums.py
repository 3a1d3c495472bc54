"""Sums over projects and over the items of a heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from index.data import measure_label
from index.labels import strip_number
from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, by_id, first_sure, tolerance, weighty
from qa.conditions import condition
from qa.errors import PlanError
from qa.evidence import amount, amount_of
from qa.names import MONEY, SUMS, key
from qa.plan import Plan, Step, label_of, run
from qa.reading import content_of, numeral, read_question
from qa.sets import (
    Member,
    about_projects,
    filter_projects,
    measure_of_projects,
    of_grade,
    projects,
    told_in_full,
)
from qa.units import convert
from qa.values import Answer
from qa.wordpairs import split_pieces

_CLOSE = Decimal("0.000005")  # sums of amounts printed to more places than the table has


def summed(ask: Ask) -> Answer | None:
    """The sum over a set: 12个项目的执行数合计."""
    text = ask.text
    if not about_projects(ask) or not re.search(r"项目|[个类]专项", text):
        return None
    if ask.reading.counter or "百分之" in text:
        return None  # 26家企业: no amount of money; nor is a share one
    if ask.reading.has("count") and not ask.reading.measure and not ask.reading.units:
        return None  # 一共有几个项目开展了自评
    if re.search(data.word("left_unspent"), text):
        return None  # `unspent` tells it
    if (gap := stages_apart(ask)) is not None:
        return gap
    measure = _summed_measure(ask)
    if measure not in {"executed", "budget", "budget_initial", "budget_adjusted"}:
        return None  # rates and scores are not added up
    named = first_sure(ask.find(units=()))
    members = filter_projects(ask, projects(ask))
    graded = of_grade(squeeze(text), members)
    members = members if graded is None else graded
    one = named is not None and named.figure.project and named.named > 0.7
    one = one and named is not None and named.entry.subject not in SUMS
    if len(members) < 2 or one or _of_fewer(text, len(members)):
        return None
    if (rule := condition(text, "")) is not None and rule.measure != measure:
        members = [m for m in members if rule.holds(m.amount(rule.measure))]
        for m in members:
            ask.evidence.cite(m.figures[rule.measure])
    if graded is not None:
        for m in members:
            ask.evidence.cite(m.figures["grade"])
    column, figures = _of_column(ask, members)
    figures = figures or [f for _, (f,) in told_in_full(members, measure)]
    if len(figures) < 2:
        return None
    calculation = run(
        Plan((Step("add", tuple(f.id for f in figures)),), ask.reading.unit_out), by_id(figures)
    )
    label = f"{len(figures)}个项目的{column}{measure_label(figures[0].measure)}合计"
    ask.evidence.count(len(figures))
    pages: dict[int, Figure] = {}
    for f in figures:
        pages.setdefault(f.page, f)
    ordered = [*pages.values(), *(f for f in figures if f not in pages.values())]
    ask.evidence.result(calculation, ordered, label)
    text_out = say("computed", label=label, formula=calculation.formula)
    if re.search(data.word("same_amount"), text):
        for f in _items_worth(ask, calculation.result, calculation.unit):
            ask.evidence.cite(f)
            ask.evidence.quote(f.code)
            text_out += say("reported", label=f"{f.code}{label_of(f)}", value=amount(f))
    return ask.evidence.answer(text_out)


def _of_fewer(text: str, count: int) -> bool:
    """Whether the question means one project, or another number of them than these."""
    if re.search(data.word("this_project"), text):
        return True
    said = re.search(data.word("so_many_projects"), text)
    number = numeral(said["count"]) if said else None
    return number is not None and number != count


def alike(ask: Ask) -> Answer | None:
    """支持总部经济多少, where 区级支持总部经济 and 市级支持总部经济 are told: both, summed."""
    name, *rest = map(key, ask.reading.content.split() or [""])
    if weighty("".join(rest)):
        return None
    if ask.reading.ops not in {("lookup",), ("sum", "lookup")} or len(name) < _NAME:
        return None
    groups: dict[tuple[str, tuple[str, ...], str], list[Figure]] = {}
    for f in ask.report.figures:
        subject = key(f.subject)
        if subject == name or key(f.project) == name:
            return None  # one figure bears the very name
        if not f.table and f.value and f.unit in MONEY and len(f.item) > 1:
            prefix = subject.removesuffix(name)
            if prefix != subject and len(prefix) <= _PREFIX:
                groups.setdefault((f.table_id, f.item[:-1], f.measure), []).append(f)
    found = next((g for g in groups.values() if len({f.subject for f in g}) > 1), None)
    if found is None or found[0].measure not in {"final", "budget", "executed"}:
        return None
    calculation = run(
        Plan((Step("add", tuple(f.id for f in found)),), ask.reading.unit_out), by_id(found)
    )
    label = "、".join(label_of(f) for f in found) + "合计"
    ask.evidence.result(calculation, found, label)
    return ask.evidence.answer(say("computed", label=label, formula=calculation.formula))


_NAME = 4  # characters of a name that several amounts end with
_PREFIX = 3  # characters that tell them apart: 区级, 市级


def _of_column(ask: Ask, members: Sequence[Member]) -> tuple[str, list[Figure]]:
    """The column of the projects' table that the question names beside their whole amounts, with
    its cells: 其中：政府采购预算, 上年结转. "" and none where it names no such column."""
    names = {m.name for m in members}
    cells: dict[str, dict[str, Figure]] = {}
    for entry in ask.catalogue.entries:
        f = entry.figure
        if f.table and f.facet and f.value is not None and entry.project in names:
            cells.setdefault(strip_number(f.facet), {}).setdefault(entry.project, f)
    text = key(ask.text)
    said = [c for c in cells if len(key(c)) >= _COLUMN and key(c) in text]
    best = max(said, key=len, default="")
    return best, list(cells[best].values()) if best else []


_COLUMN = 4  # characters of the name of a column that tells it apart


def _summed_measure(ask: Ask) -> str:
    """What is added up: the measure named last, behind a condition (得满分的…，执行数合计)."""
    clauses = [c for c in re.split("[,。]", ask.text) if c]
    last = read_question(clauses[-1]).measure if len(clauses) > 1 else ""
    told = any("budget_adjusted" in m.figures for m in projects(ask))
    return ("budget_adjusted" if last == "budget" and told else last) or measure_of_projects(ask)


def stages_apart(ask: Ask) -> Answer | None:
    """年初预算总和与调整后预算总和差多少: two sums over the projects, and their difference."""
    over_all = re.search(data.word("over_projects"), ask.text)
    if not over_all or not re.search(data.word("initial_and_adjusted"), ask.text):
        return None
    both = [
        (m.figures["budget_initial"], m.figures["budget_adjusted"])
        for m in filter_projects(ask, projects(ask))
        if {"budget_initial", "budget_adjusted"} <= m.figures.keys()
    ]
    if len(both) < 2 or any(f.value is None for two in both for f in two):
        return None
    sums = [sum((amount_of(two[i]) for two in both), Decimal(0)) for i in (0, 1)]
    order = (1, 0) if sums[1] >= sums[0] else (0, 1)
    steps = (
        Step("add", tuple(two[order[0]].id for two in both)),
        Step("add", tuple(two[order[1]].id for two in both)),
        Step("subtract", ("#0", "#1")),
    )
    figures = [f for two in both for f in two]
    calculation = run(Plan(steps, ask.reading.unit_out), by_id(figures))
    label = f"{len(both)}个项目的年初预算合计与调整后预算合计之差"
    ask.evidence.count(len(both))
    ask.evidence.result(calculation, figures, label)
    return ask.evidence.answer(say("computed", label=label, formula=calculation.formula))


def unspent(ask: Ask) -> Answer | None:
    """执行率没到100%的项目合计还有多少没支出: what these projects left of their budgets."""
    left = re.search(data.word("left_unspent"), ask.text)
    if left is None or not re.search(data.word("set_of_projects"), ask.text):
        return None
    budget = "budget_initial" if "年初" in ask.text else "budget_adjusted"
    rows = told_in_full(filter_projects(ask, projects(ask)), budget, "executed")
    rule = condition(ask.text[: left.start()], "")
    rows = [row for row in rows if rule is None or rule.holds(row[0].amount(rule.measure))]
    if len(rows) < 2:
        return None
    steps = (
        Step("add", tuple(given.id for _, (given, _) in rows)),
        Step("add", tuple(done.id for _, (_, done) in rows)),
        Step("subtract", ("#0", "#1")),
    )
    figures = [f for _, two in rows for f in two]
    calculation = run(Plan(steps, ask.reading.unit_out), by_id(figures))
    label = f"{len(rows)}个项目没有执行的预算合计"
    ask.evidence.count(len(rows))
    ask.evidence.result(calculation, figures, label)
    names = "、".join(member.name for member, _ in rows)
    return ask.evidence.answer(
        say("computed", label=f"{label}（{names}）", formula=calculation.formula)
    )


def _items_worth(ask: Ask, value: Decimal, unit: str) -> list[Figure]:
    """The functional items (项) of that amount, within the rounding of their tables."""
    found = [
        e.figure
        for e in ask.catalogue.entries
        if len(e.figure.code) == 7
        and e.figure.unit in MONEY
        and e.figure.value
        and abs(convert(value, unit, e.figure.unit) - e.figure.value)
        <= max(tolerance(e.figure), e.figure.value * _CLOSE)
    ]
    return [*{(f.code, f.page): f for f in found}.values()][:3]


def sum_of(ask: Ask) -> Answer | None:
    """A加B一共多少: the sum of the figures named."""
    if re.search(data.word("asks_by_percent"), ask.text):
        return None  # 年初结转加本年收入，花掉了百分之几
    named = re.search(data.word("listed_in_brackets"), ask.text)  # 四个专项（A、B、C、D）
    text = named["names"] if named else re.sub(data.word("sum_tail"), "", ask.text)
    pieces = [
        p for p in split_pieces(ask, text, data.word("added_pieces")) if len(content_of(p)) > 1
    ]
    if len(pieces) < 2:
        return None
    hits = [ask.link(p) for p in pieces]
    if not all(h is not None and h.figure.value is not None for h in hits):
        return None
    figures = list({h.figure.id: h.figure for h in hits if h}.values())
    if len(figures) < 2:
        return None
    try:
        calculation = run(
            Plan((Step("add", tuple(f.id for f in figures)),), ask.reading.unit_out),
            by_id(figures),
        )
    except PlanError:
        return None
    label = "、".join(label_of(f) for f in figures) + "合计"
    ask.evidence.result(calculation, figures, label)
    return ask.evidence.answer(say("computed", label=label, formula=calculation.formula))
