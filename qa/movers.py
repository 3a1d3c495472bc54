"""Accounts ranked by how far they moved against last year: 比上年增加最多的科目是哪个."""

from __future__ import annotations

import re

from index.text import squeeze
from index.values import FUND_SCOPES, Figure
from prompts import say
from qa import data
from qa.ask import Ask
from qa.evidence import amount, amount_of
from qa.headings import THREE
from qa.names import MONEY, core
from qa.reading import how_many
from qa.rows import counted_rows, digits_of
from qa.values import Answer


def ranked(ask: Ask) -> Answer | None:
    """The account that rose, fell or moved most, by the amount or by the rate that is told."""
    match = re.search(data.word("moved_most"), ask.text)
    if match is None or not ask.reading.has("rank"):
        return None
    measure = "change_rate" if re.search(data.word("asks_change_rate"), ask.text) else "change"
    rows = _told(ask, measure)
    if match["up"] or match["up2"]:
        rows = sorted((r for r in rows if amount_of(r) > 0), key=amount_of, reverse=True)
    elif match["down"] or match["down2"]:
        rows = sorted((r for r in rows if amount_of(r) < 0), key=amount_of)
    else:
        rows = sorted(rows, key=lambda r: -abs(amount_of(r)))
    place = how_many(ask.text)[1] or 1
    if len(rows) < place:
        return None
    first = rows[place - 1]
    ask.evidence.magnitude(first)
    ask.evidence.cite_pages(rows)
    ask.evidence.count(place)
    fallen = amount_of(first) < 0
    word = ("减少" if fallen else "增加") if measure == "change" else ("下降" if fallen else "增长")
    name = "moved_most_nth" if place > 1 else "moved_most"
    return ask.evidence.answer(
        say(
            name,
            base=first.base or "上年",
            word=word,
            place=place,
            name=first.subject,
            change=amount(first).removeprefix("-"),  # 减少 says the sign
        )
    )


def listed(ask: Ask) -> Answer | None:
    """比上年减少的科目有哪些, 有几个: the accounts that rose or fell against last year."""
    match = re.search(data.word("moved_so"), ask.text)
    if match is None or not re.search(data.word("moved_accounts"), ask.text):
        return None
    fallen = bool(match["down"])
    scope = ask.reading.scope
    rows = [
        r
        for r in _told(ask, "change")
        if (amount_of(r) < 0) == fallen
        and not (scope and scope != r.scope and FUND_SCOPES & {scope, r.scope})
    ]
    if not rows:
        return None
    cited = [ask.evidence.cite(figure) for figure in rows]
    word = "减少" if fallen else "增加"
    told = [f"{r.subject}（{word}{amount(r).removeprefix('-')}）" for r in rows]
    for figure in rows:
        ask.evidence.quote(amount(figure).removeprefix("-"))
    items = "、".join(told)
    ask.evidence.count_value(len(rows), "个", f"比上年{word}的科目个数", cited)
    return ask.evidence.answer(say("count", count=len(rows), unit="个", items=items))


def level(ask: Ask) -> Answer | None:
    """预算数与上年完全一样的科目有几个: accounts with one amount in both years' columns."""
    if not re.search(data.word("level_accounts"), ask.text):
        return None
    rows = [now for now, before in _both_years(ask) if amount_of(now) == amount_of(before)]
    if not rows:
        return None
    return counted_rows(ask, rows, "与上年相同的科目个数")


def _both_years(ask: Ask) -> list[tuple[Figure, Figure]]:
    """(this year's, last year's) whole amount of each account in the table that prints both, at
    the level asked for (项 if none)."""
    digits = digits_of(squeeze(ask.text)) or _LEAVES
    year = ask.report.year
    rows: dict[tuple[str, str], dict[int | None, Figure]] = {}
    for f in (e.figure for e in ask.catalogue.entries):
        if not f.table or f.facet or f.value is None or f.unit not in MONEY:
            continue
        if len(f.code) == digits and f.code.startswith("2"):
            rows.setdefault((f.table_id, f.code), {}).setdefault(f.year, f)
    both = [
        (found[year], found[year - 1])
        for found in rows.values()
        if year is not None and year in found and year - 1 in found
    ]
    first = next((now.table_id for now, _ in both), "")
    return [pair for pair in both if pair[0].table_id == first]


_LEAVES = 7  # digits of an account of the third level


def _told(ask: Ask, measure: str) -> list[Figure]:
    """One change of each item: the three public expenses where they are named, else accounts."""
    three = "三公" in ask.text
    digits = 7 if re.search(data.word("last_levels"), squeeze(ask.text)) else 0
    coded = {
        core(e.figure.subject)
        for e in ask.catalogue.entries
        if e.figure.code[:1] == "2" and (not digits or len(e.figure.code) == digits)
    }
    found: dict[str, Figure] = {}
    for figure in ask.report.figures:
        name = core(figure.subject)
        if figure.measure != measure or not figure.value or figure.project:
            continue
        if measure == "change" and figure.unit not in MONEY:
            continue
        if not re.match(r"上年|20\d\d", figure.base) or name not in (THREE if three else coded):
            continue
        found.setdefault(name, figure)
    return list(found.values())
