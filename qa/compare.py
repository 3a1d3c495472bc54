"""Questions over two figures: differences, budget against final, target against actual, sums.

Each function plans over figure ids and lets `qa.plan.run` calculate; none does arithmetic itself.
"""

from __future__ import annotations

import re

from index.data import measure_label
from index.values import Figure
from prompts import say
from qa import data
from qa.accept import of_kind_asked
from qa.ask import Ask, agree, by_id, first_sure, split_same, unexplained
from qa.catalogue import Hit
from qa.errors import PlanError
from qa.evidence import amount, amount_of
from qa.names import MONEY, core, key, of_two_worlds, same_family
from qa.plan import Plan, Step, label_of, rounding_of, run
from qa.reading import content_of, read_question
from qa.siblings import of_part_named, row_mate, sibling
from qa.units import plain
from qa.values import Answer
from qa.wordpairs import pair_in, pair_of


def _whole_name(a: str, b: str) -> str:
    """The second name made whole where it is the other side of the first and says no more.

    政府性基金收入比支出多, 事业运行的基本支出跟项目支出相比.
    """
    bare = content_of(b)
    for pair in data.lexicon().opposites:
        for one, other in (pair, pair[::-1]):
            if bare == other and one in a and key(a) != one:
                return a.replace(one, other)
    return b


def difference(ask: Ask) -> Answer | None:
    """多多少, 相差多少, 哪个更高: two figures, or two columns of one item."""
    ways = (_two_shares, _sides_of_account, target_gap, budget_gap, _of_one_facet, _two_items)
    return next((answer for way in ways if (answer := way(ask)) is not None), None)


def _two_shares(ask: Ask) -> Answer | None:
    """A的占比比B的占比低几个百分点: the two shares as printed."""
    pair = pair_of(ask) if re.search(data.word("points_apart"), ask.text) else None
    if pair is None:
        return None
    found = []
    for words in pair:
        bare = re.sub(data.word("share_side"), "", words)
        part = read_question(bare)
        hits = ask.find(content=part.content, measure="share", units=("%",))
        hit = first_sure(
            [h for h in hits if h.figure.measure == "share" and of_kind_asked(bare, h.figure)]
        )
        if hit is None or hit.figure.value is None:
            return None
        found.append(hit.figure)
    return compared(ask, *found) if found[0].id != found[1].id else None


def _sides_of_account(ask: Ask) -> Answer | None:
    """某科目的收入比支出多多少: the account in the table of income and in that of spending."""
    pair = pair_of(ask)
    if pair is None or len(ask.reading.codes) != 1:
        return None
    found = []
    for words in pair:
        side = next((s for s in ("收入", "支出") if s in words), "")
        if not side:
            return None
        cells = [
            e.figure
            for e in ask.catalogue.entries
            if e.figure.code in ask.reading.codes
            and e.figure.scope == "全口径"
            and e.figure.value is not None
            and side in e.figure.table
            and key(e.figure.facet) in {"", f"本年{side}合计", f"{side}合计", "合计"}
        ]
        found += cells[:1]
    if len(found) != len(pair) or found[0].table_id == found[1].table_id:
        return None
    return compared(ask, *found, told_twice=True)


def _of_one_facet(ask: Ask) -> Answer | None:
    """就项目支出来说，A和B哪个多: the part that the lead names, of both items."""
    lead = re.match(data.word("facet_lead"), ask.text)
    pair = pair_in(ask, lead["rest"]) if lead else None
    if lead is None or pair is None:
        return None
    hits = [ask.link(f"{words}的{lead['facet']}") for words in pair]
    figures = [h.figure for h in hits if h and key(h.figure.facet) == lead["facet"]]
    if len(figures) < 2 or any(f.value is None for f in figures):
        return None
    return compared(ask, *figures)


def _two_items(ask: Ask) -> Answer | None:
    pair = pair_of(ask)
    cut = re.search(data.word("deducted"), ask.text)
    if cut:
        pair = cut["whole"], cut["part"]
    if (given := re.search(data.word("given_pair"), ask.text)) is not None:
        pair = given["a"], given["b"]
    if pair is None or re.search(data.word("begins_with_last_year"), pair[1]):
        return None
    kinds = [re.fullmatch(data.word("kind_of_procurement"), key(p)) for p in pair]
    found = None
    if kinds[0] and kinds[1]:  # 政府采购里，工程和服务哪个大
        found = _kinds_of_procurement(ask, kinds[0]["kind"], kinds[1]["kind"])
    found = found or _under_heading(ask, *pair) or _of_both(ask, *pair) or link_two(ask, *pair)
    found = of_part_named(ask.catalogue, ask.text, *found) if found is not None else None
    if found is None or (cut and amount_of(found[0]) < amount_of(found[1])):
        return None  # nothing is taken off that is more than the whole
    return compared(ask, *found)


def _kinds_of_procurement(ask: Ask, one: str, other: str) -> tuple[Figure, Figure] | None:
    """The amounts of two kinds of procurement, under either name that reports give them."""
    for name in ("政府采购{}", "{}采购"):
        found = link_two(ask, name.format(one), name.format(other))
        if found and one in found[0].subject and other in found[1].subject:
            return found
    return None


def _of_both(ask: Ask, a: str, b: str) -> tuple[Figure, Figure] | None:
    """数字机关和政务云两个项目，实际建设成本谁高: what follows the two is asked of both."""
    behind = ask.text[ask.text.find(b) + len(b) :]
    tail = re.sub(data.word("asked_of_both"), "", behind)
    rest = read_question(tail)
    if len(content_of(rest.rest)) < 2 and not rest.measure:
        return None
    found = link_two(ask, f"{a}的{tail}", f"{b}的{tail}")
    if found is None or found[0].measure != found[1].measure:
        return None
    one, other = found
    same = core(one.subject) == core(other.subject) or one.project != other.project
    return found if same and bool(one.project) == bool(other.project) else None


def _under_heading(ask: Ask, a: str, b: str) -> tuple[Figure, Figure] | None:
    """行政运行科目里，基本支出和项目支出哪个大: two parts of the item named before them."""
    lead = ask.text[: max(ask.text.find(a), 0)]
    heading = content_of(read_question(lead).rest) if lead else ""
    if not heading and not (lead and read_question(lead).codes):
        return None
    first, second = ask.link(f"{lead}{a}"), ask.link(f"{lead}{b}")
    if first is None or second is None or first.figure.id == second.figure.id:
        return None
    one, other = first.figure, second.figure
    if one.value is None or other.value is None or core(one.subject) != core(other.subject):
        return None
    return one, other


def link_two(ask: Ask, a: str, b: str) -> tuple[Figure, Figure] | None:
    b = _whole_name(a, b)
    first, second = ask.link(a), ask.link(b)
    if first is not None and first.figure.facet:  # one row's columns: 补助里蒙源县比青石县少多少
        name = content_of(re.sub(data.word("gap_words"), "", b))
        mate = row_mate(ask.catalogue, first.figure, name)
        if mate is not None and mate.figure.value is not None and first.figure.value is not None:
            return (first.figure, mate.figure) if key(mate.figure.facet) == key(name) else None
    one_scope = read_question(a).scope == read_question(b).scope
    if first is not None and (
        second is None or (one_scope and _same_item(ask, first.figure, second.figure))
    ):
        second = _beside(ask, first.figure, b)
    elif second is not None and first is None:
        first = _beside(ask, second.figure, a)
    if first is None or second is None:
        return None
    one, other = first.figure, second.figure
    if one.id == other.id or one.value is None or other.value is None:
        return None
    # Two things that are compared stand under one scope unless the question names two.
    if one.scope != other.scope and one_scope:
        for x, y, words in ((one, other, b), (other, one, a)):
            hit = ask.link(words, scope=x.scope)
            if hit and hit.figure.scope == x.scope and core(hit.figure.subject) == core(y.subject):
                one, other = (x, hit.figure) if x is one else (hit.figure, x)
                break
    if one.value is None or other.value is None:
        return None
    return one, other


def _beside(ask: Ask, figure: Figure, words: str) -> Hit | None:
    found = sibling(ask.catalogue, figure, words)
    return Hit(found, 1.0, 1.0, 1.0) if found else None


def compared(ask: Ask, one: Figure, other: Figure, *, told_twice: bool = False) -> Answer | None:
    """Which of two figures is larger, and by how much.

    `told_twice`: of one item, in two tables that say different things of it.
    """
    if one.id == other.id:
        return None
    same = one.scope == other.scope and one.measure == other.measure
    same = same and (one.column == other.column or one.facet == other.facet)
    if _same_item(ask, one, other) and same and not told_twice:
        return None  # one figure told twice is nothing to compare
    if of_two_worlds(one, other) or not _as_asked(ask, one, other):
        return None
    first, second = (one, other) if amount_of(one) >= amount_of(other) else (other, one)
    names = [label_of(first), label_of(second)]
    if names[0] == names[1] and first.table and first.table == second.table:
        return None
    if names[0] == names[1] and first.table and second.table:  # one item of two tables
        names = [f"“{f.table}”的{label_of(f)}" for f in (first, second)]
    alike = core(first.subject) == core(second.subject) and first.project == second.project
    if amount_of(first) == amount_of(second) or (alike and agree(first, second)):
        ask.evidence.value(first)
        ask.evidence.cite(second)
        name = "compare_equal" if first.value == second.value else "compare_alike"
        text = say(
            name,
            first=names[0],
            second=names[1],
            first_value=amount(first),
            second_value=amount(second),
        )
        return ask.evidence.answer(text)
    unit = ask.reading.unit_out if first.unit in MONEY else ""
    plan = Plan((Step("subtract", (first.id, second.id)),), unit)
    try:
        calculation = run(plan, by_id([first, second]))
    except PlanError:
        return None
    name = f"{names[0]}与{names[1]}之差"
    places = [f for x in (first, second) for f in split_same(ask, x)[0][:2]]
    ask.evidence.result(calculation, [first, second, *places], name)
    rate = first.unit in {"%", "分", ""}
    more, less = ("高", "低") if rate else ("多", "少")
    word = more
    if second is one and re.search(data.word("more_or_less"), ask.text):
        first, second, names, word = second, first, names[::-1], less  # as it was asked
    text = say(
        "compare_more",
        first=names[0],
        first_value=amount(first),
        second=names[1],
        second_value=amount(second),
        word=word,
        difference=f"{plain(calculation.result)}{calculation.unit}",
    )
    return ask.evidence.answer(text + say("computed", label="计算", formula=calculation.formula))


def _as_asked(ask: Ask, one: Figure, other: Figure) -> bool:
    """Whether rates are compared where rates are asked for, and not the amounts behind them."""
    rates = ask.reading.measure in {"completion", "rate"} or re.search(
        data.word("points_apart"), ask.text
    )
    return not rates or (one.unit not in MONEY and other.unit not in MONEY)


# -- budget against final, target against actual -------------------------------------------------


def budget_gap(ask: Ask) -> Answer | None:
    """决算比年初预算少多少: the same item, two columns."""
    text = ask.text
    if re.search(data.word("counts_projects"), text):
        return None  # 调减了的项目有几个
    if re.search(data.word("budget_stages"), text):
        content = content_of(re.sub(data.word("budget_stage_words"), " ", text))
        first = first_sure(ask.find(content=content, measure="budget_initial", units=()))
        last = first_sure(ask.find(content=content, measure="budget_adjusted", units=()))
        if first is None or last is None or not _same_item(ask, first.figure, last.figure):
            return None
        if first.figure.measure != "budget_initial" or last.figure.measure != "budget_adjusted":
            return None
        return compared(ask, first.figure, last.figure)
    if not re.search(data.word("against_budget"), text):
        return None
    two = pair_of(ask)
    other = content_of(re.sub(data.word("budget_words"), " ", two[1])) if two else ""
    if unexplained(re.sub(data.word("gap_words"), "", other), ()):
        return None  # 比货物预算多: the budget of another item
    pair = budget_and_final(ask)
    if pair is not None and re.search(data.word("apart_by_percent"), text):
        return _over_by_percent(ask, *pair)
    return compared(ask, pair[1], pair[0]) if pair else None


def _over_by_percent(ask: Ask, budget: Figure, final: Figure) -> Answer | None:
    """决算比年初预算高百分之几: the gap over the budget."""
    steps = (Step("subtract", (final.id, budget.id)), Step("percent", ("#0", budget.id)))
    try:
        calculation = run(Plan(steps), by_id([final, budget]))
    except PlanError:
        return None
    word = "低" if calculation.result < 0 else "高"
    label = f"{label_of(final)}比{measure_label(budget.measure)}{word}的幅度"
    ask.evidence.result(calculation, [final, budget], label, size=True)
    text = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text + rounding_of(calculation))


def budget_and_final(ask: Ask, otherwise: str = "budget") -> tuple[Figure, Figure] | None:
    """The budget and the executed figure of the item that the question names.

    The budget is the initial one where the question says 年初, `otherwise` elsewhere.
    """
    budget_measure = "budget_initial" if "年初" in ask.text else otherwise
    words = re.sub(
        data.word("budget_words"),
        " ",
        ask.text,
    )
    content = content_of(words)
    budget = first_sure(ask.find(content=content, measure=budget_measure, units=()))
    finals = ask.find(content=content, measure="final", units=())
    final = first_sure(finals)
    if budget is None or final is None:
        return None
    b, f = budget.figure, final.figure
    twins = [
        h.figure
        for h in finals[:15]
        if _same_item(ask, b, h.figure) and h.figure.measure in {"final", "executed"}
    ]
    if _same_item(ask, b, f):  # both from one sentence or one row where possible
        beside = (t for t in twins if t.table_id == b.table_id and t.value is not None)
        f = next(beside, f)
    elif twins:
        f = twins[0]
    else:
        return None
    if b.id == f.id or same_family(b.measure, f.measure):
        return None  # a budget report has no final figures
    if b.value is None or f.value is None or b.unit not in MONEY or f.unit not in MONEY:
        return None
    return b, f


def _same_item(ask: Ask, a: Figure, b: Figure) -> bool:
    if a.project or b.project:
        projects = ask.catalogue.projects
        whole = ask.catalogue.is_project_level(a)
        return (
            projects.get(a.project) == projects.get(b.project)
            and whole == ask.catalogue.is_project_level(b)
            and (whole or core(a.subject) == core(b.subject))
        )
    return core(a.subject) == core(b.subject) and core(a.facet) == core(b.facet)


def unspent(ask: Ask) -> Answer | None:
    """还有多少预算没有执行: budget - executed."""
    pair = budget_and_final(ask, "budget_adjusted")
    if pair is None:
        return None
    budget, final = pair
    calculation = run(
        Plan((Step("subtract", (budget.id, final.id)),), ask.reading.unit_out),
        by_id([budget, final]),
    )
    places = [f for x in (budget, final) for f in split_same(ask, x)[0][:2]]
    label = f"{label_of(budget)}中尚未执行的部分"
    ask.evidence.result(calculation, [budget, final, *places], label)
    return ask.evidence.answer(say("computed", label=label, formula=calculation.formula))


def target_pair(ask: Ask) -> tuple[Figure, Figure] | None:
    """Target and actual value of the indicator that the question names."""
    words = re.sub(
        data.word("target_words"),
        " ",
        ask.text,
    )
    content = content_of(words)
    hit = first_sure(
        [
            h
            for h in ask.find(content=content, measure="actual", units=())
            if h.figure.measure == "actual"
        ]
    )
    if hit is None or hit.named < 0.3:
        return None
    actual = hit.figure
    target = next(
        (
            f
            for f in ask.report.figures
            if f.table_id == actual.table_id
            and f.row == actual.row
            and f.measure == "target"
            and f.value is not None
        ),
        None,
    )
    if target is None or actual.value is None:
        return None
    return target, actual


def target_gap(ask: Ask) -> Answer | None:
    """实际比目标少多少."""
    if not re.search(r"指标|目标|上限|下限|计划", ask.text) or not re.search(
        r"比|差|相差|超|省", ask.text
    ):
        return None
    pair = target_pair(ask)
    return compared(ask, pair[1], pair[0]) if pair else None
