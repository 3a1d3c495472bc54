"""Ranking, filtering, counting, listing and summing over projects and account items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index.data import measure_label
from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data, gaps
from qa.accept import ordinal_fits
from qa.ask import Ask, agree, by_id, first_sure, split_same, tolerance, weighty
from qa.evidence import amount, amount_of
from qa.lookup import figure_answer
from qa.names import MONEY, core, key, pairs
from qa.plan import Plan, Step, label_of, rounding_of, run
from qa.reading import content_of, how_many, read_question
from qa.sets import (
    Condition,
    Member,
    completions,
    condition,
    filter_projects,
    items_under,
    projects,
    rows_named,
    told_in_full,
    under_account,
)
from qa.units import convert, plain
from qa.values import Answer, Citation

_CLOSE = Decimal("0.000005")  # sums of amounts printed to more places than the table has
_ALL = 99  # of a list in order
_NOT_WHOLE = Condition("rate", "<", Decimal(100))
_LOW = re.compile(data.word("lowest"))
_HIGH = re.compile(data.word("highest"))


def _about_projects(ask: Ask) -> bool:
    text = ask.text
    measure = ask.reading.measure
    heading = re.search(
        data.word("account_headings"),
        text,
    )
    if heading and not re.search(r"自评|绩效|执行率|得分", text):
        return False
    return bool(
        re.search(r"项目(?!支出)|自评|绩效|[个类]专项", text)
        or measure in {"score", "rate", "grade"}
    )


def rank(ask: Ask) -> Answer | None:
    """最高, 最低, 前三, 第二: over projects or over the items of a heading."""
    text = ask.text
    if (spread := _spread(ask)) is not None:
        return spread
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
    if len(entries) < 2:
        return None
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
    word = (
        ("最低" if low else "最高")
        if measure in {"rate", "score", "completion"}
        else ("最少" if low else "最多")
    )
    label = measure_label(measure) or "金额"
    extra = _facts_asked(ask, chosen[0][0], measure) if _about_projects(ask) else ""
    if not extra and len(chosen) == 1 and re.search(data.word("share_too"), text):
        extra = _share_of(ask, chosen[0][2]) or _share_computed(ask, chosen[0][2])
    if _asks_more(ask, told=bool(extra)):
        return None  # the rest of the question is another question: engine.nested
    if len(chosen) == 1:
        name, _, figure = chosen[0]
        if position:
            evidence.count(position)
            word = f"{word}第{position}位"
        return evidence.answer(
            say("rank", measure=label, word=word, name=name, value=amount(figure)) + extra
        )
    evidence.count(len(chosen))
    items = "；".join(f"{name}（{amount(figure)}）" for name, _, figure in chosen)
    return evidence.answer(
        say("rank_many", measure=label, word=word, count=len(chosen), items=items) + extra
    )


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
    if measure == "completion" and (
        re.search(data.word("below_budget"), text) or condition(text, "") == _NOT_WHOLE
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


def nested_grade(ask: Ask) -> tuple[str, str] | None:
    """The one project of a grade (等级为良的那个项目), and the rest of the question about it."""
    match = re.search(data.word("graded_one"), ask.text)
    if not match:
        return None
    named = [
        m.name
        for m in projects(ask)
        if "grade" in m.figures and m.figures["grade"].printed == match["grade"]
    ]
    return (named[0], match["rest"]) if len(named) == 1 else None


def points_to_first(text: str) -> bool:
    """Whether the question goes on about what it ranks first by a pronoun: …最多的是哪个，它的…."""
    match = re.search(data.word("nested_rank"), text)
    return match is not None and match["it"] is not None


def nested(ask: Ask) -> tuple[str, str, tuple[Citation, ...]] | None:
    """The project that a nested question ranks first, the rest of the question about it, and
    where the ranking stands."""
    match = re.search(data.word("nested_rank"), ask.text)
    if not match or not (match["it"] or _asks_more(ask)):
        return None
    inner = replace(ask, reading=read_question(match["rank"]))
    members = _ranked_members(inner)
    if members is None or len(members[1]) < 2:
        return None
    low = bool(_LOW.search(match["rank"]))
    _, position = how_many(match["rank"])
    ordered = sorted(members[1], key=lambda e: e[1], reverse=not low)
    if position > len(ordered):
        return None
    name, _, figure = ordered[max(position, 1) - 1]
    for place in (figure, *_elsewhere(ask, figure)):
        ask.evidence.cite(place)
    return name, match["rest"], tuple(ask.evidence.citations)


def _elsewhere(ask: Ask, figure: Figure) -> list[Figure]:
    """The same fact in the other places: a ranking over a table is evidence with its table."""
    return split_same(ask, figure)[0][:2]


def _ranked_members(ask: Ask) -> tuple[str, list[tuple[str, Decimal, Figure]]] | None:
    text = ask.text
    if (far := gaps.ordered(ask, text)) is not None:
        # In the order asked for, whatever the sign: the first is the farthest.
        sign = -1 if _LOW.search(text) and not _HIGH.search(text) else 1
        return "final", [(g.final.subject, sign * Decimal(-i), g.final) for i, g in enumerate(far)]
    if _about_projects(ask) and not re.search(r"科目|明细|支出项目", text):
        if (listed := _rows_of_named(ask)) is not None:
            return "executed", listed
        members = filter_projects(ask, projects(ask))
        if members:
            measure = _project_measure(ask)
            rows = [
                (m.name, value, m.figures[measure])
                for m in members
                if (value := m.amount(measure)) is not None
            ]
            return (measure, rows) if rows else None
        if re.search(data.word("project_scores"), text):
            return None
    if ask.reading.measure == "completion" or re.search(r"完成率|完成.{0,4}预算", text):
        figures = completions(ask)
        return "completion", [(f.subject, f.value, f) for f in figures if f.value is not None]
    if ask.reading.measure == "budget_initial" and re.search(r"科目|支出项|项级", text):
        budgets = [f for f in _prose_budgets(ask).values() if f.value]
        if len(budgets) >= 2:
            return "budget_initial", [(f.subject, amount_of(f), f) for f in budgets]
    found = items_under(ask, text) or rows_named(ask)
    if found is None:
        return None
    _, figures = found
    money = [f for f in figures if f.unit in MONEY and f.value is not None]
    return (
        money[0].measure if money else "final",
        [(f.subject, convert(f.value, f.unit, "元"), f) for f in money if f.value is not None],
    )


def _rows_of_named(ask: Ask) -> list[tuple[str, Decimal, Figure]] | None:
    """The rows of a list of services or purchases that the question names without 表.

    政府购买服务项目 are the rows of 政府购买服务支出情况表, no projects of the evaluation.
    """
    text = squeeze(ask.text)
    for table in ask.catalogue.tables.values():
        name = re.sub(data.word("title_frame"), "", squeeze(table.title))
        if table.kind == "form" or len(name) < _TITLE or name not in text:
            continue
        rows = [
            e.figure
            for e in ask.catalogue.entries
            if e.figure.table_id == table.id
            and not e.figure.total
            and not e.figure.project
            and e.figure.value is not None
            and e.figure.unit in MONEY
        ]
        first = {f.row: f for f in reversed(rows)}
        if len(first) > 1 and not any(f.code for f in first.values()):
            return [(f.subject, amount_of(f), f) for f in first.values()]
    return None


_TITLE = 5  # characters of a table's name that tell it apart


def _project_measure(ask: Ask) -> str:
    measure = ask.reading.measure
    if re.search(data.word("asks_rate_of_projects"), ask.text):
        return "rate"
    if re.search(data.word("asks_score"), ask.text):
        return "score"
    if measure in {"budget", "budget_initial", "budget_adjusted", "executed", "rate", "score"}:
        if measure == "budget" and any("budget_adjusted" in m.figures for m in projects(ask)):
            return "budget_adjusted"
        return measure
    if measure == "completion":
        return "rate"
    told = {m for member in projects(ask) for m in member.figures}
    return next((m for m in ("executed", "final", "budget") if m in told), "executed")


def _excluded(text: str, names: Sequence[str]) -> set[str]:
    match = re.search(data.word("excluding"), text)
    if not match:
        return set()
    words = key(match[2])
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
    for words, measure in (
        (r"年初", "budget_initial"),
        (r"执行率", "rate"),
        (r"得分|多少分", "score"),
        (r"执行(数|了多少)", "executed"),
    ):
        figure = member.figures.get(measure)
        if measure != ranked and figure is not None and re.search(words, ask.text):
            ask.evidence.cite(figure)
            text += say("reported", label=measure_label(measure), value=amount(figure))
    return text


# -- filtering: list and count ---------------------------------------------------------------------


def listed(ask: Ask) -> Answer | None:
    """有哪些 under a condition: projects or items, each with its figure."""
    found = _filtered(ask)
    if found is None:
        return None
    what, rows = found
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
    if ask.reading.has("sum") and set(ask.reading.units) & MONEY:
        return None  # 满分的几个项目一共花了多少: a sum
    told = _told_grade(ask) or _told_count(ask)
    if told is not None:
        return told
    found = _filtered(ask)
    if found is None:
        return None
    what, rows = found
    evidence = ask.evidence
    cited = _cite_rows(ask, rows, values=False)
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
    told = [
        f
        for f in ask.report.figures
        if f.measure == "count" and f.value is not None and f"“{match[1]}”" in f.subject
    ]
    if len({f.value for f in told}) != 1 or re.search("单位", told[0].subject):
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
    if measure == "completion" and rule is not None and not re.search(r"项目", text):
        kept = [f for f in completions(ask) if f.value is not None and rule.holds(f.value)]
        return "科目", [(f.subject, f) for f in kept]
    if measure == "budget_initial" and rule is not None and re.search(r"科目|支出项|项级", text):
        budgets = _prose_budgets(ask).values()
        kept = [f for f in budgets if f.value is not None and rule.holds(amount_of(f))]
        return "科目", [(f.subject, f) for f in kept]
    if _about_projects(ask) and not re.search(r"科目|明细", text):
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
            return "项目", rows
        if re.search(data.word("adjusted_at_all"), text):
            return "项目", [*_adjusted(members, 1), *_adjusted(members, -1)]
        for name, sign in (("raised", 1), ("cut", -1)):
            if re.search(data.word(name), text):
                return "项目", _adjusted(members, sign)
        if len(members) < len(projects(ask)) and ask.reading.has("list", "count"):
            shown = [
                (m.name, m.figures.get(_project_measure(ask)) or next(iter(m.figures.values())))
                for m in members
            ]
            return "项目", shown
        grade = re.search(data.word("grade_counted"), text)
        if grade and re.search(data.word("graded"), text):
            rows = [
                (m.name, m.figures["grade"])
                for m in members
                if "grade" in m.figures and m.figures["grade"].printed == grade[1]
            ]
            return "项目", rows
        wanted = _project_measure(ask)
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
        and _is_heading(figures)
    ):
        return "科目", [(f.subject, f) for f in figures]
    if ask.reading.has("count", "list") and any(
        re.search(data.word(n), text) for n in ("last_levels", "middle_levels", "first_levels")
    ):
        return "科目", [(f.subject, f) for f in figures]
    if re.search(r"用在|用于|支出方面|哪几类|哪些类", text):
        return what, [(f.subject, f) for f in figures if f.value]
    return None


def _adjusted(members: Sequence[Member], sign: int) -> list[tuple[str, Figure]]:
    """The projects whose adjusted budget is above (sign 1) or below (-1) the initial one."""
    return [
        (m.name, adjusted)
        for m, (initial, adjusted) in told_in_full(members, "budget_initial", "budget_adjusted")
        if (amount_of(adjusted) - amount_of(initial)) * sign > 0
    ]


def _more_asked(ask: Ask, what: str) -> bool:
    """Whether the question says more of the items than their heading and level (有结转的科目)."""
    rest = key(ask.reading.content).replace(core(what), "")
    rest = re.sub(data.word("level_frame"), "", rest)
    return len(weighty(rest)) >= 2


def _is_heading(figures: Sequence[Figure]) -> bool:
    """Whether the items are those of a functional heading."""
    return bool(figures) and all(f.code.startswith("2") for f in figures)


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
    budgets = _prose_budgets(ask)
    for f in ask.report.figures:
        budget = budgets.get(f.item)
        if budget is None or f.measure != "final" or f.table_id != budget.table_id:
            continue
        if f.value is None or budget.value is None:
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
    return "科目", rows


def _prose_budgets(ask: Ask) -> dict[tuple[str, ...], Figure]:
    """The initial budgets of the items that the prose explains one by one, by item."""
    known = [
        f
        for f in ask.report.figures
        if f.measure == "budget_initial" and not f.table and not f.project
    ]
    deepest = 3 if any(len(f.item) >= 3 for f in known) else 1
    return {f.item: f for f in known if len(f.item) >= deepest and _is_expense(f)}


def _is_expense(figure: Figure) -> bool:
    """Whether a figure of the prose is about a functional item, not a total or a 三公 expense."""
    return len(figure.item) >= 3 or bool(re.search(r"支出$", figure.subject))


def summed(ask: Ask) -> Answer | None:
    """The sum over a set: 12个项目的执行数合计."""
    text = ask.text
    if not _about_projects(ask) or not re.search(r"项目", text):
        return None
    if ask.reading.counter:
        return None  # 26家企业: no amount of money
    if (gap := _stages_apart(ask)) is not None:
        return gap
    measure = _summed_measure(ask)
    if measure not in {"executed", "budget_initial", "budget_adjusted"}:
        return None  # rates and scores are not added up
    named = first_sure(ask.find(units=()))
    members = filter_projects(ask, projects(ask))
    if len(members) < 2 or (named is not None and named.figure.project and named.named > 0.7):
        return None
    if (rule := condition(text, "")) is not None and rule.measure != measure:
        members = [m for m in members if rule.holds(m.amount(rule.measure))]
        for m in members:
            ask.evidence.cite(m.figures[rule.measure])
    figures = [
        m.figures[measure]
        for m in members
        if m.figures.get(measure) is not None and m.figures[measure].value is not None
    ]
    if len(figures) < 2:
        return None
    calculation = run(
        Plan((Step("add", tuple(f.id for f in figures)),), ask.reading.unit_out), by_id(figures)
    )
    label = f"{len(figures)}个项目的{measure_label(measure)}合计"
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


def _summed_measure(ask: Ask) -> str:
    """What is added up: the measure named last, behind a condition (得满分的…，执行数合计)."""
    clauses = [c for c in re.split("[,。]", ask.text) if c]
    last = read_question(clauses[-1]).measure if len(clauses) > 1 else ""
    return {"budget": "budget_adjusted"}.get(last, last) or _project_measure(ask)


def _stages_apart(ask: Ask) -> Answer | None:
    """年初预算总和与调整后预算总和差多少: two sums over the projects, and their difference."""
    if not re.search(r"年初.*(调整|全年)|(调整|全年).*年初", ask.text) or "差" not in ask.text:
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
