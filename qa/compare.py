"""Questions over two or more figures: differences, shares, ratios, per head, budget against final.

Each function plans over figure ids and lets `qa.plan.run` calculate; none does arithmetic itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, by_id, first_sure, split_same
from qa.catalogue import MONEY, Hit, Wanted, core, key, pairs
from qa.errors import PlanError
from qa.evidence import amount, value_of
from qa.plan import Plan, Step, label_of, run
from qa.reading import content_of, read_question
from qa.units import convert, plain
from qa.values import Answer, Calculation

_PAIR = (
    re.compile(data.word("pair_joined")),
    re.compile(data.word("pair_compared")),
    re.compile(data.word("pair_plain")),
)
_OVER_UNDER = re.compile(r"决算|实际|支出|花|执行")


def split_pair(text: str) -> tuple[str, str] | None:
    """The two things that a question compares, as words."""
    for pattern in _PAIR:
        match = pattern.search(text)
        if match and len(match["a"]) >= 2 and len(match["b"]) >= 2:
            return match["a"], match["b"]
    return None


def split_pieces(ask: Ask, text: str, pattern: str) -> list[str]:
    """`text` cut at its joining words, but not inside a name such as 对个人和家庭的补助."""
    shielded = shield(ask, text)
    return [unshield(p) for p in re.split(pattern, shielded) if len(p) > 1]


def shield(ask: Ask, text: str) -> str:
    """The text with the joining words inside names of the report hidden."""
    for name in sorted(ask.catalogue.joined, key=len, reverse=True):
        if name in text:
            text = text.replace(name, re.sub(data.word("joining"), _hide, name))
    return text


def _hide(match: re.Match[str]) -> str:
    return chr(0xE000 + "和与及、".index(match.group()))


def unshield(text: str) -> str:
    return re.sub("[\ue000-\ue003]", lambda m: "和与及、"[ord(m.group()) - 0xE000], text)


def _pair(ask: Ask) -> tuple[str, str] | None:
    """The two things that the question compares, names kept whole."""
    pair = split_pair(shield(ask, ask.text))
    return (unshield(pair[0]), unshield(pair[1])) if pair else None


def difference(ask: Ask) -> Answer | None:
    """多多少, 相差多少, 哪个更高: two figures, or two columns of one item."""
    return target_gap(ask) or budget_gap(ask) or _two_items(ask)


def _two_items(ask: Ask) -> Answer | None:
    pair = _pair(ask)
    cut = re.search(data.word("deducted"), ask.text)
    if cut:
        pair = cut["whole"], cut["part"]
    if pair is None or re.search(data.word("begins_with_last_year"), pair[1]):
        return None
    found = _link_two(ask, *pair)
    if found is None:
        return None
    return _compared(ask, *found)


def _link_two(ask: Ask, a: str, b: str) -> tuple[Figure, Figure] | None:
    first, second = ask.link(a), ask.link(b)
    if first is None or second is None:
        return None
    one, other = first.figure, second.figure
    if one.id == other.id or one.value is None or other.value is None:
        return None
    # Two things that are compared stand under one scope unless the question names two.
    if one.scope != other.scope and read_question(a).scope == read_question(b).scope:
        for x, y, words in ((one, other, b), (other, one, a)):
            hit = ask.link(words, scope=x.scope)
            if hit and hit.figure.scope == x.scope and core(hit.figure.subject) == core(y.subject):
                one, other = (x, hit.figure) if x is one else (hit.figure, x)
                break
    if one.value is None or other.value is None:
        return None
    return one, other


def _compared(ask: Ask, one: Figure, other: Figure) -> Answer | None:
    """Which of two figures is larger, and by how much."""
    first, second = (one, other) if _amount(one) >= _amount(other) else (other, one)
    if _amount(first) == _amount(second):
        ask.evidence.value(first)
        ask.evidence.cite(second)
        text = say(
            "compare_equal",
            first=label_of(first),
            second=label_of(second),
            first_value=amount(first),
        )
        return ask.evidence.answer(text)
    unit = ask.reading.unit_out if first.unit in MONEY else ""
    plan = Plan((Step("subtract", (first.id, second.id)),), unit)
    try:
        calculation = run(plan, by_id([first, second]))
    except PlanError:
        return None
    name = f"{label_of(first)}与{label_of(second)}之差"
    places = [f for x in (first, second) for f in split_same(ask, x)[0][:2]]
    unit_shown = "个百分点" if calculation.unit == "%" else calculation.unit
    ask.evidence.result(calculation, [first, second, *places], name)
    word = "高" if first.unit in {"%", "分", ""} else "多"
    text = say(
        "compare_more",
        first=label_of(first),
        first_value=amount(first),
        second=label_of(second),
        second_value=amount(second),
        word=word,
        difference=f"{plain(calculation.result)}{unit_shown}",
    )
    return ask.evidence.answer(text + say("computed", label="计算", formula=calculation.formula))


def _amount(figure: Figure) -> Decimal:
    value, unit = value_of(figure)
    return convert(value, unit, "元") if unit in MONEY else value


# -- budget against final, target against actual -------------------------------------------------


def budget_gap(ask: Ask) -> Answer | None:
    """决算比年初预算少多少: the same item, two columns."""
    text = ask.text
    if re.search(data.word("budget_stages"), text):
        content = content_of(re.sub(data.word("budget_stage_words"), " ", text))
        first = first_sure(ask.find(content=content, measure="budget_initial", units=()))
        last = first_sure(ask.find(content=content, measure="budget_adjusted", units=()))
        if first is None or last is None or not _same_item(ask, first.figure, last.figure):
            return None
        if first.figure.measure != "budget_initial" or last.figure.measure != "budget_adjusted":
            return None
        return _compared(ask, first.figure, last.figure)
    if not re.search(data.word("against_budget"), text):
        return None
    measure = "budget_initial" if "年初" in text else "budget"
    return _gap(ask, measure)


def _gap(ask: Ask, budget_measure: str) -> Answer | None:
    pair = budget_and_final(ask, budget_measure)
    if pair is None:
        return None
    budget, final = pair
    return _compared(ask, final, budget)


def budget_and_final(ask: Ask, budget_measure: str) -> tuple[Figure, Figure] | None:
    """The budget and the executed figure of the item that the question names."""
    words = re.sub(
        data.word("budget_words"),
        " ",
        ask.text,
    )
    content = content_of(words)
    budget = first_sure(ask.find(content=content, measure=budget_measure, units=()))
    final = first_sure(ask.find(content=content, measure="final", units=()))
    if budget is None or final is None:
        return None
    b, f = budget.figure, final.figure
    if not _same_item(ask, b, f):
        twin = next(
            (
                h.figure
                for h in ask.find(content=content, measure="final", units=())[:15]
                if _same_item(ask, b, h.figure) and h.figure.measure in {"final", "executed"}
            ),
            None,
        )
        if twin is None:
            return None
        f = twin
    else:  # both from one sentence or one row where possible
        f = next(
            (
                h.figure
                for h in ask.find(content=content, measure="final", units=())[:15]
                if h.figure.table_id == b.table_id
                and _same_item(ask, b, h.figure)
                and h.figure.measure in {"final", "executed"}
                and h.figure.value is not None
            ),
            f,
        )
    if b.value is None or f.value is None or b.unit not in MONEY or f.unit not in MONEY:
        return None
    return b, f


def _same_item(ask: Ask, a: Figure, b: Figure) -> bool:
    if a.project or b.project:
        projects = ask.catalogue.projects
        return projects.get(a.project) == projects.get(b.project) and (
            ask.catalogue.is_project_level(a) == ask.catalogue.is_project_level(b)
        )
    return core(a.subject) == core(b.subject) and core(a.facet) == core(b.facet)


def unspent(ask: Ask) -> Answer | None:
    """还有多少预算没有执行: budget - executed."""
    pair = budget_and_final(ask, "budget_initial" if "年初" in ask.text else "budget_adjusted")
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
    return _compared(ask, pair[1], pair[0]) if pair else None


# -- quotients -----------------------------------------------------------------------------------


def times(ask: Ask) -> Answer | None:
    """A是B的多少倍."""
    match = re.search(data.word("times_of"), ask.text)
    pair = (match["a"], match["b"]) if match else _pair(ask)
    found = _link_two(ask, *pair) if pair else None
    if found is None:
        return None
    return quotient(ask, *found, operation="divide", label="倍数")


def quotient(ask: Ask, top: Figure, bottom: Figure, operation: str, label: str) -> Answer | None:
    """One figure over another, as a ratio or a percentage. A zero base is said to be one."""
    plan = Plan((Step(operation, (top.id, bottom.id)),))  # type: ignore[arg-type]
    try:
        calculation = run(plan, by_id([top, bottom]))
    except PlanError as error:
        ask.evidence.cite(top)
        ask.evidence.cite(bottom)
        return ask.evidence.answer(
            f"{label_of(top)}（{amount(top)}）与{label_of(bottom)}（{amount(bottom)}）：{error}"
        )
    places = [f for x in (top, bottom) for f in split_same(ask, x)[0][:3]]
    name = (
        f"{label_of(top)}占{label_of(bottom)}的比例"
        if label == "占比"
        else (f"{label_of(top)}对{label_of(bottom)}的{label}")
    )
    ask.evidence.result(calculation, [top, bottom, *places], name)
    text = say("computed", label=name, formula=calculation.formula)
    return ask.evidence.answer(text + _rounding(calculation))


def _rounding(calculation: Calculation) -> str:
    """How a result was rounded, in brackets; "" when it was not."""
    exact = calculation.rounding == "未舍入"
    return "" if exact else f"（{calculation.rounding}）"


def share(ask: Ask) -> Answer | None:
    """A占B的比例: as printed where the report says it, otherwise computed."""
    text = ask.text
    ratio = re.search(data.word("percent_of"), text)
    if ratio and re.search("目标|指标", ratio["b"]):
        pair = target_pair(ask)
        return quotient(ask, pair[1], pair[0], "percent", "完成比例") if pair else None
    a, b = _parts_of_share(text) or ((ratio["a"], ratio["b"]) if ratio else (text, ""))
    printed = _printed_share(ask, a, b)
    if printed is not None:
        from qa.lookup import figure_answer

        return figure_answer(ask, printed)
    if not b:
        return None
    whole = ask.link(b, measure=_money_measure(ask))
    if whole is None or whole.figure.value is None:
        return None
    pieces = split_pieces(ask, a, r"加|和|与|、")
    top = [ask.link(p, measure=_money_measure(ask), scope=ask.reading.scope) for p in pieces]
    if len(pieces) > 1 and all(top):
        figures = [h.figure for h in top if h]
        steps = (
            Step("add", tuple(f.id for f in figures)),
            Step("percent", ("#0", whole.figure.id)),
        )
        calculation = run(Plan(steps), by_id([*figures, whole.figure]))
        label = f"{'、'.join(label_of(f) for f in figures)}之和占{label_of(whole.figure)}的比例"
        ask.evidence.result(calculation, [*figures, whole.figure], label)
        return ask.evidence.answer(
            say("computed", label=label, formula=calculation.formula) + _rounding(calculation)
        )
    one = ask.link(a, measure=_money_measure(ask))
    if one is None or one.figure.value is None or one.figure.id == whole.figure.id:
        return None
    top_figure, bottom = _same_scope(ask, one, whole, a, b)
    return quotient(ask, top_figure, bottom, "percent", "占比")


def _money_measure(ask: Ask) -> str:
    return ask.reading.measure if ask.reading.measure in {"budget", "budget_initial"} else "final"


def _same_scope(ask: Ask, one: Hit, whole: Hit, a: str, b: str) -> tuple[Figure, Figure]:
    """The part and the whole under one scope where the report has both."""
    if one.figure.scope == whole.figure.scope or one.figure.project:
        return one.figure, whole.figure
    again = ask.link(b, measure="final", scope=one.figure.scope)
    if (
        again
        and again.figure.value is not None
        and core(again.figure.subject) == core(whole.figure.subject)
    ):
        return one.figure, again.figure
    return one.figure, whole.figure


def _parts_of_share(text: str) -> tuple[str, str] | None:
    match = re.search(data.word("share_of"), text)
    if not match:
        return None
    a, b = match["a"], match["b"].strip("的")
    inner = re.search(data.word("part_of_whole"), a)
    if inner and len(b) < 2:
        return inner["a"], inner["b"]
    return a, b


def _printed_share(ask: Ask, a: str, b: str) -> Hit | None:
    """The share that the report prints for A, when it is a share of B."""
    part = read_question(a)
    content = part.content or ask.reading.content
    if not content:
        return None
    wanted = Wanted(content=content, measure="share", year=ask.report.year, scope="")
    asked = pairs(key(content_of(b))) if b else frozenset()
    for hit in ask.catalogue.find(wanted)[:10]:
        if hit.figure.measure != "share" or hit.figure.value is None or hit.named < 0.75:
            continue
        base = pairs(key(hit.figure.base))
        if asked and base and len(asked & base) < 0.5 * len(asked):
            continue
        if asked and not base and hit.figure.sentence:
            whole = pairs(key(hit.figure.sentence))
            section = pairs(key("".join(ask.catalogue.section_of(hit.figure))))
            if len(asked & (whole | section)) < 0.7 * len(asked):
                continue
        return hit
    return None


_PER = {
    "人次": ("人次",),
    "批次": ("批次", "批"),
    "批": ("批次", "批"),
    "辆": ("辆",),
    "人": ("人", "人次"),
    "个客人": ("人次", "人"),
    "位": ("人次", "人"),
    "台": ("辆", "台"),
}


def per(ask: Ask) -> Answer | None:
    """平均每人次多少元: an amount over a count of the same matter."""
    text = ask.text
    match = re.search(data.word("per_each"), text)
    by_word = re.search(r"除以(人次|批次|人数|批数)|(人均)", text)
    if not match and not by_word:
        return None
    word = next((g for g in (match.groups() if match else ()) if g), "")
    word = word or ((by_word[1] or "人次")[:2] if by_word else "")
    units = _PER.get(word, _PER["人次"])
    words = re.sub(
        data.word("per_words"),
        " ",
        text,
    )
    content = content_of(words)
    people = re.search(data.word("how_many_people"), text)
    if people and "人次" not in units:
        return _people_per(ask, content, units)
    top = first_sure(
        ask.find(content=content, measure=ask.reading.measure or "final", units=tuple(MONEY))
    )
    if top is None or top.figure.unit not in MONEY:
        return None
    if re.search(r"平均|均|单|每", top.figure.subject):  # the report prints it per unit already
        from qa.lookup import figure_answer

        return figure_answer(ask, top)
    bottom = _count_for(ask, top.figure, content, units)
    if bottom is None:
        return None
    wanted_money = ask.reading.unit_out or "元"
    plan = Plan(
        (Step("divide", (top.figure.id, bottom.id)),),
        f"{wanted_money}/{bottom.unit}",
        places=3 if wanted_money == "万元" else 2,
    )
    calculation = run(plan, by_id([top.figure, bottom]))
    places = split_same(ask, top.figure)[0][:3]
    label = f"平均每{bottom.unit}{label_of(top.figure)}"
    near = [p for p in places if p.page == bottom.page] + places
    ask.evidence.per_unit(calculation, [top.figure, bottom, *near[:2]], label, wanted_money)
    text_out = say("computed", label=label, formula=calculation.formula)
    return ask.evidence.answer(text_out + _rounding(calculation))


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
    return ask.evidence.answer(text + _rounding(calculation))


def _count_for(ask: Ask, figure: Figure, content: str, units: Sequence[str]) -> Figure | None:
    """The count that goes with an amount: of its section, above zero, the most telling first."""
    candidates = [
        h
        for h in ask.find(content=f"{content} {figure.subject}", measure="", units=tuple(units))
        if h.figure.unit in units and h.figure.value
    ]
    if not candidates:
        return None
    best = candidates[0].score
    close = [h.figure for h in candidates if h.score >= best - 0.25]
    return max(close, key=lambda f: f.value or 0)


def completion(ask: Ask) -> Answer | None:
    """完成预算的百分之几: printed where it is, otherwise final / budget."""
    from qa.lookup import figure_answer

    project = first_sure(
        [h for h in ask.find(units=()) if h.figure.measure in {"rate", "completion"}]
    )
    if project is not None:
        return figure_answer(ask, project)
    pair = budget_and_final(ask, "budget_initial" if "年初" in ask.text else "budget")
    if pair is None:
        return None
    budget, final = pair
    return quotient(ask, final, budget, "percent", "完成率")


def sum_of(ask: Ask) -> Answer | None:
    """A加B一共多少: the sum of the figures named."""
    text = re.sub(data.word("sum_tail"), "", ask.text)
    pieces = [p for p in split_pieces(ask, text, r"加上|加|和|与|、|跟") if len(content_of(p)) > 1]
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


def complement(ask: Ask) -> Answer | None:
    """没有给A的B, 不是A的B: the whole less the part."""
    match = re.search(data.word("complement"), ask.text)
    if not match:
        return None
    whole = ask.link(match["whole"], measure=_money_measure(ask))
    part = ask.link(match["part"] + match["whole"], measure=_money_measure(ask)) or ask.link(
        match["part"], measure=_money_measure(ask)
    )
    if whole is None or part is None or whole.figure.id == part.figure.id:
        return None
    a, b = whole.figure, part.figure
    if a.value is None or b.value is None or _amount(b) > _amount(a):
        return None
    calculation = run(Plan((Step("subtract", (a.id, b.id)),), ask.reading.unit_out), by_id([a, b]))
    label = f"{label_of(a)}中除{label_of(b)}以外的部分"
    ask.evidence.result(calculation, [a, b], label)
    return ask.evidence.answer(say("computed", label=label, formula=calculation.formula))
