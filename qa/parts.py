"""What a named amount is made of: 三公经费各项分别花了多少, 专项怎么分的, 公用经费花在哪些科目.

The parts are the items under a heading of a table (economic accounts, the three public expenses,
kinds of procurement), or what a sentence of the prose takes the amount apart into.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.values import Figure
from prompts import say
from qa import data, incomes
from qa.ask import Ask, first_sure, weighty
from qa.evidence import amount
from qa.headings import items_under
from qa.names import MONEY, SUMS, content_pairs, core, key, pairs, same_family
from qa.plan import label_of
from qa.reading import content_of, read_question
from qa.values import Answer

_OTHER_OPS = ("rank", "share", "difference", "per", "change", "conflict", "yes_no")


def listed(ask: Ask) -> Answer | None:
    """The parts that have an amount, each with it, and the whole where the report tells it."""
    match = re.search(data.word("asks_parts"), ask.text)
    if match is None or ask.reading.has(*_OTHER_OPS):
        return None
    lead = ask.text[: match.start()]
    found = (
        _under_heading(ask, lead, match.group())
        or _in_prose(ask, lead)
        or told(ask, lead)
        or _of_income(ask, lead)
    )
    if found is None:
        return None
    whole, parts = found
    some = [f for f in parts if f.value]
    if not some:
        return None
    if whole is not None:
        ask.evidence.value(whole)
    for figure in some:
        ask.evidence.value(figure)
    ask.evidence.count(len(some))
    items = "；".join(f"{f.subject}（{amount(f)}）" for f in some)
    text = say("list", count=len(some), items=items)
    if len(some) < len(parts):
        ask.evidence.count(len(parts) - len(some))
        text += say("other_parts_none", count=len(parts) - len(some))
    if whole is not None:
        text = say("reported", label=label_of(whole), value=amount(whole)) + text
    return ask.evidence.answer(text)


def _under_heading(
    ask: Ask, lead: str, asked: str
) -> tuple[Figure | None, Sequence[Figure]] | None:
    """The items of the heading that the words before the asking end with."""
    found = items_under(ask, lead + ("大类" if "类" in asked else "各项"))
    if found is None or len(found[1]) < _PARTS:
        return None
    name, parts = found
    rest = re.sub(data.word("fund_words"), " ", read_question(lead).content)
    rest = weighty(rest).replace(" ", "")
    if core(name) not in key(lead) and len(rest) > _REST:
        return None  # 公务接待的钱都用在…: not what all money was spent on
    if not re.search(rf"{re.escape(core(name))}|三公|采购|支出|财政拨款|钱", lead):
        return None  # 单位的车有哪几类: no expenditure
    first = parts[0]
    total = data.word_or("total_of", name, name)
    hits = ask.find(content=total, measure=first.measure, units=tuple(MONEY), tables=frozenset())
    hit = first_sure([h for h in hits if same_family(h.figure.measure, first.measure)])
    whole = hit.figure if hit is not None and hit.figure.value is not None else None
    return whole, parts


def _in_prose(ask: Ask, lead: str) -> tuple[Figure | None, Sequence[Figure]] | None:
    """What the sentence on the amount named goes on with under 其中, 包括 or 用于."""
    content = content_of(lead)
    content = data.word_or("whole_of", content, content)
    hit = first_sure(ask.find(content=content, units=tuple(MONEY))) if content else None
    if hit is None or hit.named < _NAMED:
        return None
    name = core(hit.figure.subject)
    best: tuple[Figure | None, list[Figure]] = (None, [])
    for whole in (e.figure for e in ask.catalogue.entries if core(e.figure.subject) == name):
        if whole.table or whole.value is None or whole.unit not in MONEY:
            continue
        if ask.reading.scope and whole.scope != ask.reading.scope:
            continue
        parts = [
            f
            for f in ask.report.figures
            if f.table_id == whole.table_id
            and f.measure == whole.measure
            and f.unit in MONEY
            and len(f.item) == len(whole.item) + 1
            and f.item[: len(whole.item)] == whole.item
            and f.subject not in SUMS
        ]
        if len(parts) > len(best[1]):
            best = whole, parts
    return best if best[1] else None


def _of_income(ask: Ask, lead: str) -> tuple[Figure | None, Sequence[Figure]] | None:
    """The sources of income, where the words before the asking are about it."""
    parts = incomes.sources(ask, lead)
    hit = first_sure(ask.find(content=data.word_or("whole_of", "收入", "收入"))) if parts else None
    return (hit.figure if hit is not None else None, parts) if parts else None


def told(ask: Ask, lead: str) -> tuple[Figure | None, Sequence[Figure]] | None:
    """The amounts that a sentence on the matter named lists under one whole, whatever its name.

    实施政府购买服务项目6个，支出合计218.60万元，主要包括：河道保洁96.00万元……
    """
    wanted = content_pairs(content_of(lead))
    if not wanted:
        return None
    groups: dict[tuple[str, tuple[str, ...], str], list[Figure]] = {}
    for f in ask.report.figures:
        if not f.table and not f.project and f.unit in MONEY and f.value and len(f.item) > 1:
            groups.setdefault((f.table_id, f.item[:-1], f.measure), []).append(f)
    best: tuple[float, list[Figure]] = (0.0, [])
    for parts in groups.values():
        if len(parts) < _PARTS + 1 or "." in parts[0].subject:
            continue
        words = parts[0].sentence + "".join(ask.catalogue.section_of(parts[0]))
        share = ask.catalogue.explained(wanted, (pairs(key(words)), 1.0))
        if share > best[0]:
            best = share, parts
    return (None, best[1]) if best[0] >= _TOLD else None


_TOLD = 0.6  # share of the matter's name, by weight, that the sentence must hold
_REST = 2  # characters of a name that the heading does not explain
_PARTS = 2  # items that a heading has at least
_NAMED = 0.75  # share of the amount's name that the question must hold
