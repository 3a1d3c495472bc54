"""Quotients: times, per head, per batch, completion, means.

Each function plans over figure ids and lets `qa.plan.run` calculate; none does arithmetic itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index.data import measure_label
from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data, visits
from qa.accept import of_heading
from qa.ask import Ask, by_id, first_sure, split_same
from qa.catalogue import Hit
from qa.compare import budget_and_final, link_two, target_pair
from qa.counts import count_for, told_by_group
from qa.errors import PlanError
from qa.evidence import amount, amount_of
from qa.heads import per_head
from qa.lookup import figure_answer
from qa.names import MONEY, core, key
from qa.plan import Plan, Step, label_of, over_sum, rounding_of, run
from qa.reading import content_of
from qa.sets import filter_projects, of_grade, project_named, projects, told_in_full
from qa.values import Answer
from qa.wordpairs import pair_of


def times(ask: Ask) -> Answer | None:
    """A是B的多少倍."""
    if re.search("目标|指标", ask.text) and (goal := target_pair(ask)) is not None:
        return quotient(ask, goal[1], goal[0], operation="divide", label="倍数")
    match = re.search(data.word("times_of"), ask.text)
    pair = (match["a"], match["b"]) if match else pair_of(ask)
    found = link_two(ask, *pair) if pair else None
    if found is None:
        return None
    return quotient(ask, *found, operation="divide", label="倍数")


def quotient(ask: Ask, top: Figure, bottom: Figure, operation: str, label: str) -> Answer | None:
    """One figure over another, as a ratio or a percentage. A zero base is said to be one."""
    plan = Plan((Step(operation, (top.id, bottom.id)),))  # type: ignore[arg-type]
    try:
        calculation = run(plan, by_id([top, bottom]))
    except PlanError as error:
        if bottom.value != 0:
            return None
        ask.evidence.cite(top)
        ask.evidence.cite(bottom)
        return ask.evidence.answer(
            f"{label_of(top)}（{amount(top)}）与{label_of(bottom)}（{amount(bottom)}）：{error}"
        )
    if label == "占比" and calculation.result > 100:
        return None  # no part of the whole
    places = [f for x in (top, bottom) for f in split_same(ask, x)[0][:3]]
    name = (
        f"{label_of(top)}占{label_of(bottom)}的比例"
        if label == "占比"
        else (f"{label_of(top)}对{label_of(bottom)}的{label}")
    )
    ask.evidence.result(calculation, [top, bottom, *places], name)
    text = say("computed", label=name, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))


_PER = {
    "人次": ("人次", "人"),
    "次": ("批次", "批", "次", "个"),
    "团组": ("团组", "个团组", "个", "批次", "批"),
    "团": ("团组", "个团组", "个", "批次", "批"),
    "批次": ("批次", "批", "个"),
    "批": ("批次", "批", "个"),
    "辆": ("辆", "台"),
    "人": ("人", "人次"),
    "个客人": ("人次", "人"),
    "位": ("人次", "人"),
    "来宾": ("人次", "人"),
    "参训人员": ("人次", "人"),
    "参会人员": ("人次", "人"),
    "学员": ("人次", "人"),
    "客人": ("人次", "人"),
    "台": ("辆", "台"),
}


def per(ask: Ask) -> Answer | None:
    """平均每人次多少元: an amount over a count of the same matter."""
    text = ask.text
    found = list(re.finditer(data.word("per_each"), text))
    # 扣掉外宾那一批，平均每人次…: what is said to be the base, before a thing that is one
    match = next((m for m in found if re.search("平均|每|均摊|分摊", m.group())), None)
    match = match or next(iter(found), None)
    by_word = re.search(r"除以(人次|批次|人数|批数)|(人均)", text)
    if not match and not by_word:
        return None
    word = next((g for g in (match.groups() if match else ()) if g), "")
    word = word or ((by_word[1] or "人次")[:2] if by_word else "")
    units = _PER.get(word, (word,) if word else _PER["人次"])
    words = re.sub(data.word("per_words"), " ", re.sub(data.word("per_base"), " ", text))
    content = content_of(words)
    content = data.word_or("whole_of", content, content)
    if "辆" in units and re.fullmatch("(车|车子)?的?(运行|维护|油|保养).{0,6}", content):
        content = data.word("running_of_cars")
    people = re.search(data.word("how_many_people"), text)
    if people and "人次" not in units:
        return _people_per(ask, content, units)
    top = first_sure(
        ask.find(content=content, measure=ask.reading.measure or "final", units=tuple(MONEY))
    )
    if top is None or top.figure.unit not in MONEY:
        return None
    if re.search(r"平均|均|单|每", top.figure.subject):  # the report prints it per unit already
        return figure_answer(ask, _as_reached(ask, top))
    bottom = count_for(ask, top.figure, content, units)
    if bottom is None and re.search(data.word("receives"), top.figure.subject):
        bottom = visits.received(ask, "批次" if "批次" in units else "人次")
    if bottom is None:
        return per_head(ask, top.figure) if "人" in units else None
    wanted_money = ask.reading.unit_out or "元"
    counts = told_by_group(ask, bottom)
    plan = Plan(
        over_sum(top.figure.id, [f.id for f in counts]),
        f"{wanted_money}/{bottom.unit}",
        places=3 if wanted_money == "万元" else 2,
    )
    calculation = run(plan, by_id([top.figure, *counts]))
    places = split_same(ask, top.figure)[0][:3]
    each = "个团组" if "团组" in bottom.subject and bottom.unit == "个" else bottom.unit
    label = f"平均每{each}{label_of(top.figure)}"
    near = [p for p in places if p.page == bottom.page] + places
    ask.evidence.per_unit(calculation, [top.figure, *counts, *near[:2]], label, wanted_money)
    text_out = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text_out + rounding_of(calculation))


def _as_reached(ask: Ask, hit: Hit) -> Hit:
    """What was reached instead of the target beside it, unless the target is asked for."""
    if hit.figure.measure != "target" or re.search(data.word("cost_as_set"), ask.text):
        return hit
    reached = (
        e
        for e in ask.catalogue.entries
        if e.figure.measure == "actual"
        and e.figure.table_id == hit.figure.table_id
        and e.figure.row == hit.figure.row
        and e.figure.value is not None
    )
    return next((replace(hit, entry=e) for e in reached), hit)


def per_given(ask: Ask) -> Answer | None:
    """一共70项建设内容，平均每项多少: a project's amount over a count that its form prints."""
    match = re.search(data.word("given_count"), ask.text)
    if match is None:
        return None
    amount_of_project = first_sure(
        [
            h
            for h in ask.find(
                content=content_of(ask.text[: match.start()]), measure=_stage_of(ask), units=()
            )
            if h.figure.project and h.figure.unit in MONEY
        ]
    )
    if amount_of_project is None:
        return None
    top = amount_of_project.figure
    project = ask.catalogue.project_of(top.project)
    counts = [
        e.figure
        for e in ask.catalogue.entries
        if e.project == project
        and e.figure.value == Decimal(match["count"])
        and e.figure.measure in {"actual", "count", "target"}
    ]
    counts.sort(key=lambda f: f.measure != "actual")
    if not counts:
        return None
    small = amount_of(top) < _TEN_THOUSAND * (counts[0].value or 1)
    money = ask.reading.unit_out or ("元" if small else top.unit)
    plan = Plan((Step("divide", (top.id, counts[0].id)),), f"{money}/{counts[0].unit}")
    calculation = run(plan, by_id([top, counts[0]]))
    label = f"平均每{match['counter']}{label_of(top)}"
    ask.evidence.per_unit(calculation, [top, counts[0]], label, money)
    text = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))


_TEN_THOUSAND = 10_000  # 元: a share below it is told in 元


def project_mean(ask: Ask) -> Answer | None:
    """平均每个项目多少预算: the mean over the projects, or the printed total over their number."""
    if not re.search(data.word("each_project"), ask.text):
        return None
    if project_named(ask, least=_ONE_PROJECT) is not None:
        return None  # each of what one project supports, not of the projects
    told = _told_mean(ask)
    if told is not None:
        return told
    measure = _stage_of(ask)
    figures = [f for _, (f,) in told_in_full(filter_projects(ask, projects(ask)), measure)]
    if len(figures) < 2:
        return None
    label = f"{len(figures)}个项目的平均{measure_label(measure)}"
    return _mean(ask, figures, label, ask.reading.unit_out)


_ONE_PROJECT = 0.6  # share of a project's name, by weight, that names it


def _mean(ask: Ask, figures: Sequence[Figure], label: str, unit: str = "") -> Answer:
    """The mean of the figures, in `unit` ("" for their own), told with its formula."""
    plan = Plan((Step("mean", tuple(f.id for f in figures)),), unit)
    calculation = run(plan, by_id(figures))
    ask.evidence.count(len(figures))
    ask.evidence.result(calculation, figures, label)
    text = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))


def mean_of_projects(ask: Ask) -> Answer | None:
    """项目平均得分, 平均执行率: as told for all projects, otherwise the mean over them."""
    match = re.search(data.word("mean_of_projects"), ask.text)
    if match is None or re.search("批|人次|辆", ask.text):
        return None
    measure = "rate" if "执行率" in match.group() else "score"
    told = [
        f
        for f in ask.report.figures
        if f.measure == measure and f.value is not None and "平均" in f.sentence and not f.project
    ]
    if told and len({f.value for f in told}) == 1:
        return None  # the look-up tells it
    members = filter_projects(ask, projects(ask))
    graded = of_grade(squeeze(ask.text), members)
    figures = [f for _, (f,) in told_in_full(members if graded is None else graded, measure)]
    if told or len(figures) < 2 or len({f.unit for f in figures}) > 1:
        return None
    return _mean(ask, figures, f"{len(figures)}个项目的{measure_label(measure)}平均数（推算）")


def _stage_of(ask: Ask) -> str:
    """The measure of projects that a question names: a budget, or what was executed."""
    measure = ask.reading.measure
    if measure in {"budget_initial", "budget_adjusted", "executed"}:
        return measure
    return "budget_adjusted" if measure == "budget" else "executed"


def _told_mean(ask: Ask) -> Answer | None:
    """The mean from one sentence: 编报绩效目标的项目39个，涉及预算金额4415.48万元."""
    for count in ask.report.figures:
        if count.measure != "count" or count.unit not in {"个", "项"} or not count.value:
            continue
        if "项目" not in count.subject:
            continue  # 1个预算单位开展了…, before 编报绩效目标的项目11个
        amounts = [
            f
            for f in ask.report.figures
            if f.table_id == count.table_id
            and f.unit in MONEY
            and f.value
            and re.search("预算|资金|金额", f.subject)
            and re.search("涉及", f.subject)
        ]
        if not amounts:
            continue
        top = amounts[0]
        calculation = run(Plan((Step("divide", (top.id, count.id)),)), by_id([top, count]))
        label = f"平均每个项目的{label_of(top)}"
        ask.evidence.per_unit(calculation, [top, count], label, top.unit)
        text = say("computed", label=label, formula=calculation.formula)
        return ask.evidence.answer(text + rounding_of(calculation))
    return None


def overall_rate(ask: Ask) -> Answer | None:
    """全部项目的总体执行率: what all projects executed over what they were given."""
    if not re.search(data.word("overall"), ask.text) or "项目" not in ask.text:
        return None
    if re.search(data.word("left_unspent"), ask.text):
        return None  # an amount is asked for
    budget = "budget_initial" if "年初" in ask.text else "budget_adjusted"
    pairs_of = [
        (m.figures["executed"], m.figures[budget])
        for m in filter_projects(ask, projects(ask))
        if "executed" in m.figures and budget in m.figures
    ]
    if len(pairs_of) < 2 or any(f.value is None for two in pairs_of for f in two):
        return None
    done, given = zip(*pairs_of, strict=True)
    steps = (
        Step("add", tuple(f.id for f in done)),
        Step("add", tuple(f.id for f in given)),
        Step("percent", ("#0", "#1")),
    )
    figures = [f for two in pairs_of for f in two]
    calculation = run(Plan(steps), by_id(figures))
    ask.evidence.count(len(pairs_of))
    label = f"{len(pairs_of)}个项目总的预算执行率"
    ask.evidence.result(calculation, figures, label)
    text = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))


def counts_ratio(ask: Ask) -> Answer | None:
    """平均每名教职工对应多少名学生: one printed count over another."""
    match = re.search(data.word("count_per_count"), ask.text)
    if not match:
        return None
    top, bottom = ask.link(match["top"], measure=""), ask.link(match["bottom"], measure="")
    if top is None or bottom is None or top.figure.id == bottom.figure.id:
        return None
    a, b = top.figure, bottom.figure
    if a.value is None or not b.value or a.unit in MONEY or b.unit in MONEY:
        return None
    calculation = run(Plan((Step("divide", (a.id, b.id)),)), by_id([a, b]))
    label = f"平均每{b.unit}{label_of(b)}对应的{label_of(a)}"
    ask.evidence.per_unit(calculation, [a, b], label, a.unit)
    text = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))


def _people_per(ask: Ask, content: str, units: Sequence[str]) -> Answer | None:
    """平均每批次几个人: one count over another of the same sentence."""
    hits = [
        h
        for h in ask.find(content=content, measure="", units=("人次", "人"))
        if h.figure.unit in {"人次", "人"} and h.figure.value
    ]
    hit = first_sure(hits)
    if hit is None:
        return None
    top = hit.figure
    beside = [
        f
        for f in ask.report.figures
        if f.table_id == top.table_id and f.sentence == top.sentence and f.unit in units and f.value
    ]
    if not beside:
        return None
    bottom = max(beside, key=lambda f: f.value or 0)
    calculation = run(Plan((Step("divide", (top.id, bottom.id)),)), by_id([top, bottom]))
    label = f"平均每{bottom.unit}的{top.unit}数"
    ask.evidence.per_unit(calculation, [top, bottom], label, top.unit)
    text = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))


def _names_better(ask: Ask, figure: Figure, hit: Hit) -> bool:
    """Whether the question names an account in full, where the rate found is a project's."""
    name = core(figure.subject)
    said = key(ask.text)
    return (
        bool(hit.figure.project)
        and not figure.project
        and name in said
        and (core(hit.entry.project or hit.figure.project) not in said)
    )


def completion(ask: Ask) -> Answer | None:
    """完成预算的百分之几: printed where it is, otherwise final / budget."""
    project = first_sure(
        [
            h
            for h in ask.find(units=())
            if h.figure.measure in {"rate", "completion"} and not of_heading(ask, h.figure)
        ]
    )
    pair = budget_and_final(ask)
    if project is not None and (pair is None or not _names_better(ask, pair[1], project)):
        return figure_answer(ask, project)
    if pair is None:
        return None
    budget, final = pair
    return quotient(ask, final, budget, "percent", "完成率")
