"""Questions that check the report: do the parts add up to the whole that it states?"""

from __future__ import annotations

import re
from decimal import Decimal

from index.data import measure_label
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, by_id, first_sure
from qa.evidence import amount
from qa.headings import items_under
from qa.names import MONEY, core, key, topic
from qa.plan import Plan, Step, label_of, run
from qa.reading import content_of, read_question
from qa.sets import filter_projects, projects
from qa.stated import is_amount
from qa.units import convert, plain
from qa.values import Answer
from qa.wordpairs import split_pieces


def parts_against_whole(ask: Ask) -> Answer | None:
    """各科目相加等于合计吗: the parts added up, against the total that the report states."""
    by_item = re.search(data.word("last_levels"), ask.text) is not None
    named = (
        _facet_parts(ask)
        or (_prose_items(ask) if by_item else None)
        or _of_projects(ask)
        or _told_total(ask)
        or _named_parts(ask)
    )
    if named is None and not re.search(data.word("added_up"), ask.text):
        return None
    if named is None and re.search(data.word("counted_things"), ask.text):
        return None  # the cars of each use do not add up to an amount
    found = named or _prose_items(ask) or _heading(ask)
    if found is None:
        return None
    parts, whole = found
    calculation = run(Plan((Step("add", tuple(f.id for f in parts)),)), by_id(parts))
    evidence = ask.evidence
    evidence.count(len(parts))
    first = {f.page: f for f in reversed(parts)}
    ordered = [whole, *first.values(), *(f for f in parts if f not in first.values())]
    label = f"{label_of(whole)}的各项之和"
    evidence.result(calculation, ordered, label)
    equal = whole.value is not None and calculation.result == convert(
        whole.value, whole.unit, calculation.unit
    )
    text = say(
        "parts_whole",
        count=len(parts),
        measure=measure_label(whole.measure),
        total=f"{plain(calculation.result)}{calculation.unit}",
        whole=amount(whole),
        verdict="两者相等" if equal else "两者不相等",
    )
    if not equal and whole.value is not None:
        gap = abs(calculation.result - convert(whole.value, whole.unit, calculation.unit))
        if gap <= convert(ROUNDING * len(parts), whole.unit, calculation.unit):
            text += say("rounding_gap")
    return evidence.answer(text, polarity="yes" if equal else "no")


def signed_parts(ask: Ask) -> Answer | None:
    """年初结转加收入减支出等于年末结转吗: sums with a subtraction, against the figure named."""
    match = re.search(data.word("equals"), ask.text)
    terms = re.split(data.word("taken_off"), match["parts"]) if match else []
    if match is None or len(terms) < 2:
        return None
    tables = ask.catalogue.mentioned_tables(ask.reading)

    def linked(words: str) -> Figure | None:
        hit = ask.link(words, tables=tables, units=tuple(MONEY), scope=ask.reading.scope)
        fits = hit is not None and hit.figure.value is not None and hit.figure.unit in MONEY
        return hit.figure if hit is not None and fits else None

    added = [linked(p) for p in split_pieces(ask, terms[0], data.word("added_pieces"))]
    taken = [linked(p) for p in terms[1:]]
    whole = linked(match["whole"])
    figures = [f for f in (*added, *taken, whole) if f is not None]
    if whole is None or len(figures) < len(added) + len(taken) + 1:
        return None
    plus = tuple(f.id for f in added if f)
    minus = tuple(f.id for f in taken if f)
    steps = (Step("add", plus), Step("add", minus), Step("subtract", ("#0", "#1")))
    calculation = run(Plan(steps), by_id(figures))
    ask.evidence.result(calculation, figures, f"{label_of(whole)}（按式子计算）")
    assert whole.value is not None
    equal = calculation.result == convert(whole.value, whole.unit, calculation.unit)
    text = say(
        "signed_parts",
        formula=calculation.formula,
        label=label_of(whole),
        whole=amount(whole),
        verdict="两者相等" if equal else "两者不相等",
    )
    return ask.evidence.answer(text, polarity="yes" if equal else "no")


def parts_told(ask: Ask) -> Answer | None:
    """A yes/no question that holds parts against a whole: 加起来是不是等于…."""
    told = re.search(data.word("equals_number"), ask.reading.original) or (
        (re.search(data.word("equals"), ask.text) and re.search("加|和|与|、", ask.text))
        or re.search(data.word("project_sum"), ask.text)
    )
    return parts_against_whole(ask) if told else None


ROUNDING = data.decimal("rounding_per_part")


def _facet_parts(ask: Ask) -> tuple[list[Figure], Figure] | None:
    """行政运行的基本支出加项目支出等于合计吗: two columns of one row against the row's total."""
    match = re.search(data.word("facet_sum"), ask.text)
    lead = ask.text[: match.start()] if match else ""
    if match is None or not content_of(lead):
        return None
    tables = ask.catalogue.mentioned_tables(ask.reading)
    whole = ask.link(lead, tables=tables)
    if whole is None:
        return None
    row = [
        f
        for f in ask.report.figures
        if f.table_id == whole.figure.table_id
        and f.row == whole.figure.row
        and f.value is not None
        and f.unit in MONEY
    ]
    parts = [f for name in ("one", "other") for f in row if key(f.facet) == key(match[name])]
    totals = [f for f in row if not key(f.facet)]
    return (parts, totals[0]) if len(parts) == 2 and totals else None


def _of_projects(ask: Ask) -> tuple[list[Figure], Figure] | None:
    """各项目的执行数加起来等于X吗: one measure of every project, against the figure named."""
    match = re.search(data.word("project_sum"), ask.text)
    if match is None:
        return None
    measure = read_question(match["sum"]).measure or "executed"
    in_prose = re.search(data.word("in_prose"), match["lead"] + match["sum"])
    parts = []
    for member in filter_projects(ask, projects(ask)):
        told = member.others.get("budget_adjusted" if measure == "budget" else measure, [])
        told = [f for f in told if f.value is not None and not (in_prose and f.table)]
        parts += told[:1]
    whole = _whole_named(ask, match["lead"], match["rest"])
    return (parts, whole) if len(parts) > 1 and whole is not None else None


def _whole_named(ask: Ask, lead: str, rest: str) -> Figure | None:
    """What a sum is held against: the figure named behind it, else the amount told before."""
    words = re.sub(data.word("agreement_asked") + "|" + data.word("joins_whole"), "", rest)
    if content_of(words):
        hit = ask.link(words)
        return hit.figure if hit is not None and hit.figure.unit in MONEY else None
    stated = re.search(data.word("stated_amount"), lead)
    return next(
        (
            f
            for f in ask.report.figures
            if stated and f.unit in MONEY and is_amount(f, stated["number"], stated["unit"])
        ),
        None,
    )


def _told_total(ask: Ask) -> tuple[list[Figure], Figure] | None:
    """五类支出加起来是不是9746.50万元: the parts that one paragraph tells, against the whole."""
    match = re.search(data.word("equals_number"), ask.reading.original)
    if match is None:
        return None
    number = Decimal(match["number"].replace(",", ""))
    for whole in ask.report.figures:
        if whole.value != number or whole.unit not in MONEY or whole.project:
            continue
        shares = {
            core(f.subject)
            for f in ask.report.figures
            if f.measure == "share" and f.table_id == whole.table_id
        }
        parts = {
            core(f.subject): f
            for f in reversed(ask.report.figures)
            if f.table_id == whole.table_id
            and f.measure == whole.measure
            and f.id != whole.id
            and core(f.subject) in shares
            and f.value is not None
        }
        if len(parts) >= 2:
            return list(reversed(parts.values())), whole
    return None


def _named_parts(ask: Ask) -> tuple[list[Figure], Figure] | None:
    """A加B等于C: the parts and the whole that the question names."""
    match = re.search(data.word("equals"), ask.text)
    if not match:
        return None
    told = re.sub(data.word("sum_tail"), "", match["parts"])
    pieces = [p for p in re.split(r"加上?|\+|、|和|与|跟", told) if len(p) > 1]
    tables = ask.catalogue.mentioned_tables(ask.reading)
    money = {"tables": tables, "units": tuple(MONEY), "measure": ask.reading.measure or "final"}
    hits = [ask.link(p, **money) for p in pieces]
    total = re.search(data.word("the_total"), match["whole"])
    whole = ask.link("本年支出合计" if total else match["whole"], tables=tables)
    if len(pieces) < 2 or whole is None or not all(hits):
        return None
    parts = [h.figure for h in hits if h]
    figures = [*parts, whole.figure]
    if any(f.value is None or f.unit not in MONEY for f in figures):
        return None
    return parts, whole.figure


def _prose_items(ask: Ask) -> tuple[list[Figure], Figure] | None:
    """The expenditure items that the prose explains one by one, and their total."""
    if not re.search(data.word("all_items"), ask.text):
        return None
    measure = ask.reading.measure or "final"
    parts = list(
        {
            f.item: f
            for f in ask.report.figures
            if f.measure == measure
            and not f.table
            and len(f.item) >= 3
            and f.value is not None
            and f.unit in MONEY
            and not f.project
        }.values()
    )
    totals = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.measure == measure
        and not e.figure.table
        and len(e.figure.item) == 1
        and topic(e.figure) == "本年支出"
        and e.figure.value is not None
        and (not parts or e.figure.scope == parts[0].scope)
    ]
    return (parts, totals[0]) if len(parts) >= 2 and totals else None


def _heading(ask: Ask) -> tuple[list[Figure], Figure] | None:
    """The items of a heading that the question names (三公, 301), and the heading's figure."""
    found = items_under(ask, ask.text)
    if found is None:
        return None
    name, parts = found
    parts = [p for p in parts if p.unit in MONEY and p.value is not None]
    total = data.word_or("total_of", name, name)
    if parts and (heading := _head_of(ask, parts)) is not None:
        return parts, heading
    hit = (
        first_sure(
            [
                h
                for h in ask.find(content=total, units=(), scope="", measure=parts[0].measure)
                if h.figure.unit in MONEY and h.figure.value is not None and h.figure not in parts
            ]
        )
        if parts
        else None
    )
    return (parts, hit.figure) if hit is not None and len(parts) >= 2 else None


def _head_of(ask: Ask, parts: list[Figure]) -> Figure | None:
    """The figure of the account that the parts stand under, in their own column."""
    codes = [f.code for f in parts if f.code]
    if len(codes) < len(parts) or len(parts) < 2:
        return None
    head = codes[0][: len(codes[0]) - 2]
    if len(head) < 3 or not all(c.startswith(head) and len(c) == len(head) + 2 for c in codes):
        return None
    return next(
        (
            f
            for f in ask.report.figures
            if f.code == head
            and f.table_id == parts[0].table_id
            and f.column == parts[0].column
            and f.value is not None
        ),
        None,
    )
