"""Ranking: the first, the last, the nth of projects, rows and account items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index.data import measure_label
from index.values import Figure
from prompts import say
from qa import data, gaps, parts
from qa.ask import Ask, by_id, split_same
from qa.conditions import NOT_WHOLE, condition
from qa.evidence import amount, amount_of
from qa.filters import moved_by_amount
from qa.headings import completions, items_under, parts_of_project, prose_budgets, rows_named
from qa.names import MONEY, core, key, pairs
from qa.plan import Plan, Step, label_of, rounding_of, run
from qa.reading import content_of, how_many, read_question
from qa.rows import of_named_list
from qa.sets import (
    about_projects,
    filter_projects,
    measure_of_projects,
    project_named,
    projects,
    told_in_full,
)
from qa.units import convert, plain
from qa.values import Answer, Citation

_ALL = 99  # of a list in order
_FULL = 100  # points of a full score
_LOW = re.compile(data.word("lowest"))
_HIGH = re.compile(data.word("highest"))


def rank(ask: Ask) -> Answer | None:
    """最高, 最低, 前三, 第二: over projects or over the items of a heading."""
    text = ask.text
    if re.search(data.word("moved_most"), text):
        return None  # ranked by the change: no amounts are
    if (ends := _both_ends(ask) or _spread(ask)) is not None:
        return ends
    if re.search(data.word("unspent_most"), text) and (left := _most_unspent(ask)) is not None:
        return left
    low = bool(_LOW.search(text))
    if not low and not _HIGH.search(text) and not re.search(data.word("in_order"), text):
        return None
    count, position = how_many(text)
    if re.search(data.word("in_order"), text):
        low = bool(re.search(data.word("rising"), text))
        count = _ALL
    members = _ranked_members(ask)
    if members is None:
        return None
    measure, entries = members
    entries = _conditioned(ask, measure, entries)
    skip = _excluded(text, [name for name, _, _ in entries])
    whole = sorted(entries, key=lambda e: e[1], reverse=not low)
    entries = [e for e in entries if e[0] not in skip]
    if len(entries) < (1 if re.search(data.word("income_asked"), text) else 2):
        return None  # of income, the others may be blank
    ordered = sorted(entries, key=lambda e: e[1], reverse=not low)
    if position:
        ordered = (whole if skip else ordered)[position - 1 :][:1]
    chosen = ordered[: count or 1]
    if not position and (count or 1) == 1:  # equals share the place
        chosen = [e for e in ordered if e[1] == ordered[0][1]]
    if not chosen:
        return None
    evidence = ask.evidence
    for _, _, figure in chosen:
        evidence.value(figure, _elsewhere(ask, figure))
    evidence.cite_pages([figure for _, _, figure in whole])
    extra = _facts_asked(ask, chosen[0][0], measure) if about_projects(ask) else ""
    if not extra and len(chosen) == 1 and re.search(data.word("share_too"), text):
        extra = _share_of(ask, chosen[0][2]) or _share_computed(ask, chosen[0][2])
    if _asks_more(ask, told=bool(extra)):
        return None  # the rest of the question is another question: engine.nested
    if position:
        evidence.count(position)
    return evidence.answer(_told(ask, measure, low, chosen, position) + extra)


def _told(
    ask: Ask,
    measure: str,
    low: bool,
    chosen: Sequence[tuple[str, Decimal, Figure]],
    position: int = 0,
) -> str:
    """What is ranked first or last, or at a position, by which measure and with its amount."""
    rated = measure in {"rate", "score", "completion"}
    word = ("最低" if low else "最高") if rated else ("最少" if low else "最多")
    label = measure_label(measure) or "金额"
    if len(chosen) == 1:
        name, _, figure = chosen[0]
        word = f"{word}第{position}位" if position else word
        return say("rank", measure=label, word=word, name=name, value=amount(figure))
    ask.evidence.count(len(chosen))
    items = "；".join(f"{name}（{amount(figure)}）" for name, _, figure in chosen)
    return say("rank_many", measure=label, word=word, count=len(chosen), items=items)


def _share_of(ask: Ask, figure: Figure) -> str:
    """The share that the prose gives for the item ranked, "" where it gives none."""
    shares = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.measure == "share" and e.subject == core(figure.subject) and e.figure.value
    ]
    if not shares:
        return ""
    ask.evidence.value(shares[0])
    return say("reported", label=label_of(shares[0]), value=amount(shares[0]))


def _share_computed(ask: Ask, figure: Figure) -> str:
    """The share of the item ranked in the whole of its heading, worked out; "" where none is."""
    heading = items_under(ask, ask.text)
    hit = ask.link(heading[0], measure=figure.measure) if heading is not None else None
    if hit is None or hit.figure.value is None or hit.figure.unit not in MONEY:
        return ""
    whole = hit.figure
    if figure.unit not in MONEY or not 0 < amount_of(figure) <= amount_of(whole):
        return ""
    calculation = run(Plan((Step("percent", (figure.id, whole.id)),)), by_id([figure, whole]))
    label = f"{label_of(figure)}占{label_of(whole)}的比例"
    ask.evidence.result(calculation, [figure, whole], label)
    return say("computed", label=label, formula=calculation.formula) + rounding_of(calculation)


def _spread(ask: Ask) -> Answer | None:
    """最高的比最低的高多少: the first and the last of a ranking, and their difference."""
    text = ask.text
    if not (_HIGH.search(text) and _LOW.search(text) and re.search(r"比|和|与|跟|差", text)):
        return None
    members = _ranked_members(ask)
    if members is None or len(members[1]) < 2:
        return None
    ordered = sorted(members[1], key=lambda e: e[1])
    (low_name, _, low), (high_name, _, high) = ordered[0], ordered[-1]
    calculation = run(
        Plan((Step("subtract", (high.id, low.id)),), ask.reading.unit_out), by_id([high, low])
    )
    ask.evidence.result(calculation, [high, low], f"{high_name}与{low_name}之差")
    ask.evidence.cite_pages([figure for _, _, figure in ordered])
    text_out = say(
        "compare_more",
        first=high_name,
        first_value=amount(high),
        second=low_name,
        second_value=amount(low),
        word="高" if high.unit in {"%", "分", ""} else "多",
        difference=f"{plain(calculation.result)}{calculation.unit}",
    )
    return ask.evidence.answer(text_out)


def _both_ends(ask: Ask) -> Answer | None:
    """哪块最多、哪块最少: the first and the last of a ranking, each with its amount."""
    if not re.search(data.word("both_ends"), ask.text):
        return None
    members = _ranked_members(ask)
    if members is None or len(members[1]) < 2:
        return None
    measure, entries = members
    told = ""
    for low in (False, True):
        edge = (min if low else max)(value for _, value, _ in entries)
        equals = [e for e in entries if e[1] == edge]  # they share the place
        for _, _, figure in equals:
            ask.evidence.value(figure, _elsewhere(ask, figure))
        told += _told(ask, measure, low, equals)
    ask.evidence.cite_pages([figure for _, _, figure in entries])
    return ask.evidence.answer(told)


def _most_unspent(ask: Ask) -> Answer | None:
    """钱剩得最多的项目: the project with the greatest rest of its budget, and the rest."""
    members = filter_projects(ask, projects(ask))
    rows = told_in_full(members, "budget_adjusted", "executed")
    if len(rows) < 2:
        return None
    member, pair = max(rows, key=lambda row: amount_of(row[1][0]) - amount_of(row[1][1]))
    calculation = run(
        Plan((Step("subtract", tuple(f.id for f in pair)),), ask.reading.unit_out), by_id(pair)
    )
    label = f"{member.name}没有执行的预算"
    ask.evidence.cite_pages([executed for _, (_, executed) in rows])
    ask.evidence.result(calculation, pair, label)
    return ask.evidence.answer(
        say(
            "rank",
            measure="没有执行的预算",
            word="最多",
            name=member.name,
            value=f"{plain(calculation.result)}{calculation.unit}",
        )
        + say("computed", label="计算", formula=calculation.formula)
    )


def _conditioned(
    ask: Ask, measure: str, entries: list[tuple[str, Decimal, Figure]]
) -> list[tuple[str, Decimal, Figure]]:
    """Of what is ranked, what fulfils the condition of the question: 有支出的, 没拿满分的."""
    text = ask.text
    if re.search(data.word("without_zeros"), text):
        return [e for e in entries if e[1] != 0]
    if measure == "score" and re.search(data.word("lost_points"), text):
        return [e for e in entries if e[1] < 100]
    if measure == "rate" and condition(text, "") == NOT_WHOLE:
        return [e for e in entries if e[1] < 100]
    if measure == "completion" and (
        re.search(data.word("below_budget"), text) or condition(text, "") == NOT_WHOLE
    ):
        return [e for e in entries if e[1] < 100]
    return entries


def _asks_more(ask: Ask, told: bool = False) -> bool:
    """Whether the question goes on after its ranking: …的项目，它的指标上限是多少.

    `told`: the project's fund, unit or budget has been told already, as far as that was asked.
    """
    match = re.search(data.word("nested_rank"), ask.text)
    if match is None:
        return False
    rest = content_of(read_question(match["rest"]).rest)
    return len(re.sub(data.word("project_facts"), "", rest).strip()) >= 3 if told else bool(rest)


def nested_grade(ask: Ask) -> tuple[str, Figure, str] | None:
    """The one project of a grade (等级为良的那个项目), of full score or with a budget moved by an
    amount, the figure that says so, and what is asked of it."""
    full = re.search(data.word("full_score_one"), ask.text)
    if full is not None:
        best = [m for m in projects(ask) if m.amount("score") == _FULL]
        return (best[0].name, best[0].figures["score"], full["rest"]) if len(best) == 1 else None
    moved = re.search(data.word("moved_one"), ask.text)
    if moved is not None and len(one := moved_by_amount(moved.group(), projects(ask))) == 1:
        return one[0].name, one[0].figures["budget_adjusted"], moved["rest"]
    match = re.search(data.word("graded_one"), ask.text)
    if not match:
        return None
    named = [
        (m.name, m.figures["grade"], match["rest"])
        for m in projects(ask)
        if "grade" in m.figures and m.figures["grade"].printed == match["grade"]
    ]
    return named[0] if len(named) == 1 else None


def points_to_first(text: str) -> bool:
    """Whether the question goes on about what it ranks first by a pronoun: …最多的是哪个，它的…."""
    match = re.search(data.word("nested_rank"), text)
    if match is None or match["it"] is not None:
        return match is not None
    # 得分最低的那个项目，执行率多少: a measure of its own, not what is ranked by.
    rate = read_question(match["rest"]).measure in {"rate", "completion"}
    rate = rate or re.search(data.word("indicators"), match["rest"]) is not None
    rate = rate or match["rest"].startswith("占")
    return rate and re.search(data.word("that_one"), text) is not None


def nested(ask: Ask) -> tuple[str, str, tuple[Citation, ...]] | None:
    """The project that a nested question ranks first, the rest of the question about it, and
    where the ranking stands."""
    match = re.search(data.word("nested_rank"), ask.text)
    if not match or not (points_to_first(ask.text) or _asks_more(ask)):
        return None
    if re.search(data.word("unspent_most"), match["rank"]):
        return None  # ranked by what is worked out, no figure's name stands for it
    inner = replace(ask, reading=read_question(match["rank"]))
    members = _ranked_members(inner)
    if members is None or len(members[1]) < 2:
        return None
    low = bool(_LOW.search(match["rank"]))
    _, position = how_many(match["rank"])
    entries = _conditioned(inner, members[0], members[1])
    ordered = sorted(entries, key=lambda e: e[1], reverse=not low)
    if not ordered or position > len(ordered):
        return None
    name, _, figure = ordered[max(position, 1) - 1]
    for place in (figure, *_elsewhere(ask, figure)):
        ask.evidence.cite(place)
    within = re.match(data.word("turn_within") + "|^[里中]", match["it"] or "")
    rest = f"中{match['rest']}" if within else match["rest"]
    return name, rest, tuple(ask.evidence.citations)


def _elsewhere(ask: Ask, figure: Figure) -> list[Figure]:
    """The same fact in the other places: a ranking over a table is evidence with its table."""
    return split_same(ask, figure)[0][:2]


def _ranked_members(ask: Ask) -> tuple[str, list[tuple[str, Decimal, Figure]]] | None:
    text = ask.text
    if (inside := _parts_of_project(ask)) is not None:
        return inside
    if (far := gaps.ordered(ask, text)) is not None:
        # In the order asked for, whatever the sign: the first is the farthest.
        sign = -1 if _LOW.search(text) and not _HIGH.search(text) else 1
        return "final", [(g.final.subject, sign * Decimal(-i), g.final) for i, g in enumerate(far)]
    if about_projects(ask) and not re.search(r"科目|明细|支出项目", text):
        if (listed := of_named_list(ask)) is not None:
            return "executed", listed
        members = filter_projects(ask, projects(ask))
        if members:
            measure = measure_of_projects(ask)
            rows = [
                (m.name, value, m.figures[measure])
                for m in members
                if (value := m.amount(measure)) is not None
            ]
            return (measure, rows) if rows else None
        if re.search(data.word("project_scores") + "|" + data.word("which_project"), text):
            return None
    if ask.reading.measure == "completion" or re.search(r"完成率|完成.{0,4}预算", text):
        figures = completions(ask)
        return "completion", [(f.subject, f.value, f) for f in figures if f.value is not None]
    if ask.reading.measure == "budget_initial" and re.search(r"科目|支出项|项级", text):
        budgets = [f for f in prose_budgets(ask).values() if f.value]
        if len(budgets) >= 2:
            return "budget_initial", [(f.subject, amount_of(f), f) for f in budgets]
    found = items_under(ask, text) or rows_named(ask)
    if found is None and (who := re.search(data.word("which_of_a_list"), text)) is not None:
        in_prose = parts.told(ask, text[: who.start()])
        found = ("", list(in_prose[1])) if in_prose is not None else None
    if found is None:
        return None
    _, figures = found
    money = [f for f in figures if f.unit in MONEY and f.value is not None]
    return (
        money[0].measure if money else "final",
        [(f.subject, convert(f.value, f.unit, "元"), f) for f in money if f.value is not None],
    )


def _parts_of_project(ask: Ask) -> tuple[str, list[tuple[str, Decimal, Figure]]] | None:
    """What the prose takes a project's money apart into, where the question asks inside one."""
    match = re.search(data.word("within_project"), ask.text)
    member = project_named(ask, match["name"]) if match is not None else None
    found = parts_of_project(ask, member.name) if member is not None else None
    if found is None:
        return None
    money = [f for f in found[1] if f.unit in MONEY and f.value is not None]
    return money[0].measure, [(f.subject, amount_of(f), f) for f in money]


def _excluded(text: str, names: Sequence[str]) -> set[str]:
    match = re.search(data.word("excluding"), text)
    if not match:
        return set()
    words = key(re.sub("^.*的(那个|这个)?(?=.{3,})", "", match[2]))  # 一分没花的那个青岛节点项目
    best = max(names, key=lambda n: len(pairs(core(n)) & pairs(words)), default="")
    shared = len(pairs(core(best)) & pairs(words))
    return {best} if best and shared >= 0.6 * max(len(pairs(words)) - 2, 1) else set()


def _facts_asked(ask: Ask, name: str, ranked: str) -> str:
    """Further facts of the ranked project that the question asks for: fund, unit, budget."""
    member = next((m for m in projects(ask) if m.name == name), None)
    if member is None:
        return ""
    text = ""
    for words, column in ((r"资金|钱从|经费来自", "资金"), (r"单位|谁实施|部门", "单位")):
        fact = next((f for c, f in member.facts.items() if column in c), None)
        if fact is not None and re.search(words, ask.text):
            ask.evidence.cite(fact)
            text += say(
                "text_fact",
                label=fact.column[-1] if fact.column else fact.subject,
                printed=fact.printed,
            )
    name_alone = not re.search("多少|几分", re.split("[,。?]", ask.text)[0])  # asked of the first
    for words, measure in (
        (r"年初", "budget_initial"),
        (r"(全年|调整后?的?)预算数?(?!执行)|预算数?(给|安排|批|有|是|为|多少)", "budget_adjusted"),
        (r"执行率", "rate"),
        (r"得分|多少分", "score"),
        (r"执行(数|了多少)", "executed"),
        (r"等级|评级|哪一?(等|级|档)", "grade"),
    ):
        figure = member.figures.get(measure)
        if measure != ranked and figure is not None and re.search(words, ask.text):
            if figure.state == "text":
                ask.evidence.cite(figure)
            else:
                ask.evidence.value(figure)
                if name_alone:
                    ask.evidence.to_front()
            text += say("reported", label=measure_label(measure), value=amount(figure))
    return text


# -- filtering: list and count ---------------------------------------------------------------------
