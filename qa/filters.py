"""Listing and counting under a condition: projects, and accounts against their budget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from index.text import squeeze
from index.values import FUND_SCOPES, Figure
from prompts import say
from qa import data
from qa.accept import counted_in, ordinal_fits
from qa.ask import Ask, agree, first_sure, split_same, weighty
from qa.conditions import Condition, condition
from qa.evidence import amount, amount_of
from qa.headings import completions, items_under, level_named, prose_budgets
from qa.lookup import figure_answer
from qa.names import AMOUNTS, MONEY, content_pairs, core, key, pairs
from qa.plan import label_of
from qa.sets import (
    Member,
    about_projects,
    filter_projects,
    measure_of_projects,
    of_grade,
    projects,
    told_in_full,
    told_of_grade,
    under_account,
)
from qa.units import convert, money_said
from qa.values import Answer


def listed(ask: Ask) -> Answer | None:
    """有哪些 under a condition: projects or items, each with its figure."""
    found = _filtered(ask)
    if found is None:
        return None
    what, rows = found
    if not rows and not ask.evidence.citations:
        return None  # nothing was read that could say so
    if not rows:
        return ask.evidence.answer(say("none", what=what))
    _cite_rows(ask, rows)
    elsewhere = {f.page: f for _, figure in rows for f in split_same(ask, figure)[0]}
    for figure in list(elsewhere.values())[:3]:
        ask.evidence.cite(figure)
    ask.evidence.count(len(rows))
    items = "；".join(f"{name}（{amount(figure)}）" for name, figure in rows)
    return ask.evidence.answer(say("list", count=len(rows), items=items))


def counted(ask: Ask) -> Answer | None:
    """有几个 under a condition, or the number of rows of a table."""
    if ask.reading.has("share") or "哪几" in ask.text:
        return None  # 几个项目加起来占…的百分之几; 有哪几个 asks which
    added = ask.reading.measure in AMOUNTS and re.search(data.word("added_up"), ask.text)
    if ask.reading.has("sum") and (set(ask.reading.units) & MONEY or added):
        return None  # 满分的几个项目一共花了多少: a sum
    told = _told_grade(ask) or _told_count(ask)
    if told is not None:
        return told
    found = _filtered(ask)
    if found is None:
        return _told_in_sentence(ask)
    what, rows = found
    evidence = ask.evidence
    if not rows and not evidence.citations:
        return None
    cited = _cite_rows(ask, rows, values=False) or list(range(len(evidence.citations)))
    unit = "项" if what != "项目" else "个"
    evidence.count_value(len(rows), "个", f"{what}个数", cited)
    items = "、".join(f"{name}（{amount(figure)}）" for name, figure in rows) or "无"
    return evidence.answer(say("count", count=len(rows), unit=unit, items=items))


def _told_grade(ask: Ask) -> Answer | None:
    """评为“良”的有几个: the number that the prose gives for all projects, listed or not."""
    match = re.search(data.word("grades"), ask.text)
    if match is None or not re.search(data.word("graded") + '|[“"]', ask.text):
        return None
    if weighty(key(re.sub(data.word("grade_frame"), "", ask.reading.content))):
        return None  # of one fund, of one table: the list is counted
    told = told_of_grade(ask, match[1])
    if not told:
        return None
    ask.evidence.value(told[0], told[1:3])
    return ask.evidence.answer(say("reported", label=label_of(told[0]), value=amount(told[0])))


def _told_count(ask: Ask) -> Answer | None:
    """A count that the prose prints (涵盖项目12个), when the question states no condition."""
    text = ask.text
    if (
        condition(text, ask.reading.measure)
        or ask.catalogue.mentioned_tables(ask.reading)
        or (re.search(r"持平|明细|科目", text))
    ):
        return None
    hits = [
        h
        for h in ask.find(units=("个", "家", "项", "辆"), measure="")
        if h.figure.measure == "count"
        and h.figure.unit in {"个", "家", "项", "辆"}
        and ordinal_fits(ask.reading, h.figure)
    ]
    hit = first_sure(hits)
    if hit is None or hit.named < 0.4 or not hit.figure.value:
        return None
    return figure_answer(ask, hit)


def _told_in_sentence(ask: Ask) -> Answer | None:
    """组织对一般公共预算项目支出开展绩效自评，共涉及项目10个: what is counted is told before it."""
    head = re.search(data.word("counted_head"), ask.text)
    if head is None or not ask.reading.counter:
        return None
    wanted = content_pairs(ask.reading.content)
    told = []
    for figure in ask.report.figures:
        if figure.measure != "count" or figure.value is None or head["noun"] not in figure.subject:
            continue
        if not counted_in(figure.unit, ask.reading.counter):
            continue
        told_so = figure.sentence + "".join(ask.catalogue.section_of(figure))
        inside = pairs(key(told_so))
        if ask.catalogue.explained(wanted, (inside, 1.0)) >= _TOLD:
            told.append(figure)
    if len({f.value for f in told}) != 1:
        return None
    ask.evidence.value(told[0], told[1:3])
    return ask.evidence.answer(say("reported", label=label_of(told[0]), value=amount(told[0])))


_TOLD = 0.85  # share of the question that the words before a count must hold


def matching(ask: Ask) -> Answer | None:
    """Which project an amount belongs to: the projects whose executed amount equals it."""
    words = re.sub(r"对应.*$|[\d,.]+(万元|元)", " ", ask.text)
    hit = ask.link(words)
    if hit is None or hit.figure.value is None:
        return None
    figure = hit.figure
    for member in projects(ask):
        own = member.figures.get("executed")
        if own is not None and agree(own, figure):
            ask.evidence.cite(figure)
            places = [own, *member.others.get("executed", [])]
            for place in dict.fromkeys(f for f in places if agree(f, figure)):
                ask.evidence.cite(place)
            return ask.evidence.answer(
                say(
                    "matching",
                    label=label_of(figure),
                    value=amount(figure),
                    name=member.name,
                    executed=amount(own),
                )
            )
    return None


def _cite_rows(ask: Ask, rows: Sequence[tuple[str, Figure]], values: bool = True) -> list[int]:
    """Cite each row once; pages first, so that every page is among the citations."""
    evidence = ask.evidence
    first = {figure.page: figure for _, figure in reversed(rows)}
    ordered = [*first.values(), *(f for _, f in rows if f not in first.values())]
    cited = [evidence.cite(figure) for figure in ordered]
    if values:
        for _, figure in rows:
            evidence.value(figure)
    else:
        for _, figure in rows:
            evidence.quote(amount(figure))
    return cited


def _filtered(ask: Ask) -> tuple[str, list[tuple[str, Figure]]] | None:
    text = ask.text
    measure = ask.reading.measure
    rule = condition(text, {"completion": "rate"}.get(measure, measure))
    for name in ("no_budget", "level_budget", "below_budget", "above_budget"):
        if re.search(data.word(name), text) and re.search(r"科目|项级|款项|[几各]?类|支出项", text):
            return _items_by_budget(ask, name)
    if rule == _WHOLLY and re.search("完成", text) and re.search("科目|项级|款项", text):
        return _items_by_budget(ask, "level_budget")
    if measure == "completion" and rule is not None and not re.search(r"项目", text):
        kept = [f for f in completions(ask) if f.value is not None and rule.holds(f.value)]
        return "科目", [(f.subject, f) for f in kept]
    if measure == "budget_initial" and rule is not None and re.search(r"科目|支出项|项级", text):
        budgets = prose_budgets(ask).values()
        kept = [f for f in budgets if f.value is not None and rule.holds(amount_of(f))]
        return "科目", [(f.subject, f) for f in kept]
    if re.search(data.word("indicators"), text) and not re.search("项目|专项", text):
        return None  # 自评表里有几个指标没拿满分: indicators are counted, no projects
    if about_projects(ask) and not re.search(r"科目|明细", text):
        if not re.search(r"自评|绩效|得分|执行率", text) and rule is None:
            under = under_account(ask)
            if under is not None and ask.reading.has("list", "count"):
                return "项目", under
        members = filter_projects(ask, projects(ask))
        if not members:
            return None
        if rule is not None:
            rule = _with_measure(rule, members)
            rows = [
                (m.name, m.figures[rule.measure])
                for m in members
                if rule.holds(m.amount(rule.measure))
            ]
            if not rows:  # none of those looked at
                looked = [m.figures[rule.measure] for m in members if rule.measure in m.figures]
                ask.evidence.cite_pages(looked)
            return "项目", rows
        if re.search(data.word("adjusted_at_all"), text):
            return "项目", [*_adjusted(members, 1), *_adjusted(members, -1)]
        for name, sign in (("raised", 1), ("cut", -1)):
            if re.search(data.word(name), text):
                moved = _adjusted(moved_by_amount(text, members), sign)
                if not moved:  # none of those looked at
                    two = told_in_full(members, "budget_initial", "budget_adjusted")
                    ask.evidence.cite_pages([adjusted for _, (_, adjusted) in two])
                return "项目", moved
        if len(members) < len(projects(ask)) and ask.reading.has("list", "count"):
            shown = [
                (m.name, m.figures.get(measure_of_projects(ask)) or next(iter(m.figures.values())))
                for m in members
            ]
            return "项目", shown
        graded = of_grade(text, members)
        if graded is not None:
            return "项目", [(m.name, m.figures["grade"]) for m in graded]
        wanted = measure_of_projects(ask)
        every = re.search(data.word("every_project"), text)
        if (
            every
            and measure
            and ask.reading.has("list")
            and any(wanted in m.figures for m in members)
        ):
            return "项目", [(m.name, m.figures[wanted]) for m in members if wanted in m.figures]
        named = ask.catalogue.mentioned_tables(ask.reading)
        if ask.reading.has("count", "list") and (named or _only_projects(ask)):
            shown = [(m.name, next(iter(m.figures.values()))) for m in members]
            return "项目", shown
        return None
    found = items_under(ask, text)
    if found is None:
        return None
    what, figures = found
    if rule is not None:
        kept = [f for f in figures if f.value is not None and rule.holds(amount_of(f))]
        return what, [(f.subject, f) for f in kept]
    if figures and all(f.project for f in figures) and ask.reading.has("list", "count"):
        return "部分", [(f.subject, f) for f in figures]
    if what == "政府采购" and ask.reading.has("list") and re.search(data.word("kinds_asked"), text):
        return what, [(f.subject, f) for f in figures]
    if rule is None and _more_asked(ask, what):
        return None
    if (
        what not in {"支出", "政府采购"}
        and ask.reading.has("count", "list")
        and (heads := _classification(figures))
    ):
        if heads == "3" and ask.reading.has("sum") and not ask.reading.has("count"):
            return None  # what it consists of and comes to
        return "科目", [(f.subject, f) for f in figures if heads == "2" or f.value]
    if ask.reading.has("count", "list") and level_named(squeeze(text)):
        return "科目", [(f.subject, f) for f in figures]
    if re.search(r"用在|用于|支出方面|哪几类|哪些类", text):
        return what, [(f.subject, f) for f in figures if f.value]
    return None


_WHOLLY = Condition("rate", "=", Decimal(100))


def _without_budget(ask: Ask) -> list[Figure]:
    """The final figures of the paragraphs that say that no initial budget was set."""
    told = {
        f"p{i}"
        for i, p in enumerate(ask.report.paragraphs)
        if re.search(data.word("told_no_budget"), squeeze(p.text))
    }
    return [
        f
        for f in ask.report.figures
        if f.table_id in told and f.measure == "final" and len(f.item) > 1 and f.value
    ]


def _adjusted(members: Sequence[Member], sign: int) -> list[tuple[str, Figure]]:
    """The projects whose adjusted budget is above (sign 1) or below (-1) the initial one."""
    return [
        (m.name, adjusted)
        for m, (initial, adjusted) in told_in_full(members, "budget_initial", "budget_adjusted")
        if (amount_of(adjusted) - amount_of(initial)) * sign > 0 and not agree(initial, adjusted)
    ]


def moved_by_amount(text: str, members: Sequence[Member]) -> list[Member]:
    """Of the projects, those whose budget was moved by the amount that the question says, if it
    says one: 调减了18万元."""
    match = re.search(data.word("budget_moved_by"), text)
    if match is None:
        return list(members)
    moved = convert(Decimal(match["number"].replace(",", "")), money_said(match["unit"]), "元")
    return [
        m
        for m, (initial, adjusted) in told_in_full(members, "budget_initial", "budget_adjusted")
        if abs(amount_of(adjusted) - amount_of(initial)) == moved
    ]


def _more_asked(ask: Ask, what: str) -> bool:
    """Whether the question says more of the items than their heading and level (有结转的科目)."""
    rest = key(ask.reading.content)
    for name in (core(what), core(what).replace("的", "")):
        rest = rest.replace(name, "")
    rest = re.sub(data.word("level_frame"), "", rest)
    return len(weighty(rest)) >= 2


def _classification(figures: Sequence[Figure]) -> str:
    """The classification of which the items are accounts: 2 by function, 3 by economy, "" none."""
    kinds = {f.code[:1] for f in figures}
    return kinds.pop() if len(kinds) == 1 and kinds <= {"2", "3"} else ""


def _with_measure(rule: Condition, members: Sequence[Member]) -> Condition:
    if any(rule.measure in m.figures for m in members):
        return rule
    return Condition("executed", rule.sign, rule.bound)


def _only_projects(ask: Ask) -> bool:
    """Whether the question asks for all projects and nothing more special."""
    rest = re.sub(data.word("project_list_words"), "", ask.reading.content)
    return len(squeeze(rest)) <= 1


def _items_by_budget(ask: Ask, relation: str) -> tuple[str, list[tuple[str, Figure]]]:
    """Items of the prose whose final figure equals, falls short of or exceeds its budget."""
    rows = []
    budgets = prose_budgets(ask)
    for f in ask.report.figures:
        budget = budgets.get(f.item)
        if budget is None or f.measure != "final" or f.table_id != budget.table_id:
            continue
        if f.value is None or budget.value is None:
            continue
        scope = ask.reading.scope
        if scope and scope != f.scope and FUND_SCOPES & {scope, f.scope}:
            continue
        holds = {
            "no_budget": budget.value == 0 and f.value > 0,
            "level_budget": f.value == budget.value,
            "below_budget": f.value < budget.value,
            "above_budget": f.value > budget.value,
        }[relation]
        if holds:
            rows.append((f.subject, f))
            ask.evidence.cite(budget)
    if relation == "no_budget":
        rows.extend((f.subject, f) for f in _without_budget(ask) if f.item not in budgets)
    return "科目", rows
