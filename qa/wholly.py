"""Whether all of it: 采购预算是不是全部预留给小微企业, 8台火化机都改造完了吗."""

from __future__ import annotations

import re

from qa import data, incomes
from qa.ask import Ask
from qa.evidence import amount_of
from qa.indicators import Indicator, forms, indicators_of, verdict
from qa.lookup import told
from qa.names import MONEY, content_pairs, core, key, pairs
from qa.reading import content_of, numeral
from qa.sets import project_named
from qa.values import Answer


def wholly(ask: Ask) -> Answer | None:
    """A是不是全部给了B: the part that goes to B against the whole of A."""
    if (income := re.search(data.word("income_wholly"), ask.text)) is not None:
        return _of_income(ask, income["part"], income["whole"])
    if (use := re.search(data.word("asks_spent_wholly"), ask.text)) is not None:
        return _of_project(ask, use["whole"], use["part"])
    match = re.search(data.word("asks_wholly"), ask.text)
    if match is None:
        return None
    by_share = _by_share(ask, match["whole"], match["part"])
    if by_share is not None:
        return by_share
    kept = "budget" if re.search(data.word("set_aside"), match["whole"]) else ask.reading.measure
    whole = ask.link(match["whole"], measure=kept, units=tuple(MONEY))
    part = ask.link(f"{match['part']}{match['verb'] or ''}", units=tuple(MONEY)) or ask.link(
        f"{match['whole']}{match['part']}", units=tuple(MONEY)
    )
    if whole is None or part is None:
        return None
    one, other = part.figure, whole.figure
    if one.project or other.project or one.table or other.table:
        return None
    if ask.catalogue.section_of(one) != ask.catalogue.section_of(other):
        return None  # both are told in one place where the one is of the other
    if one.id == other.id or one.value is None or other.value is None:
        return None
    if one.unit not in MONEY or other.unit not in MONEY or amount_of(one) > amount_of(other):
        return None
    yes = amount_of(one) == amount_of(other)
    text = told(ask, one) + told(ask, other)
    return ask.evidence.decided(yes, text)


def _of_project(ask: Ask, whole: str, part: str) -> Answer | None:
    """某专项的钱是不是全用在X上: the part of the project against its whole money."""
    member = project_named(ask, whole)
    hit = ask.link(f"{whole}{part}", units=tuple(MONEY)) if member is not None else None
    if member is None or hit is None or ask.catalogue.project_of(hit.figure.project) != member.name:
        return None
    one, other = hit.figure, member.figures.get(hit.figure.measure)
    if other is None or one.id == other.id or one.value is None or other.value is None:
        return None
    yes = amount_of(one) == amount_of(other)
    return ask.evidence.decided(yes, told(ask, one) + told(ask, other))


def _of_income(ask: Ask, part: str, whole: str) -> Answer | None:
    """收入是不是全都来自财政拨款: the source against the whole of this year's income."""
    found = incomes.of_income(ask, part, whole)
    if found is None:
        return None
    yes = amount_of(found[0]) == amount_of(found[1])
    text = "".join(told(ask, figure) for figure in found)
    return ask.evidence.decided(yes, text)


def _by_share(ask: Ask, whole: str, part: str) -> Answer | None:
    """The same where the report tells the share alone: 服务采购授予中小企业占99.98%."""
    content = content_of(whole + part)
    hits = ask.find(content=content, measure="share", units=("%",)) if content else []
    kind = re.search(data.word("procurement_kind"), whole)
    name = kind.group() if kind else core(content_of(whole))
    told_share = next(
        (
            h.figure
            for h in hits
            if h.figure.measure == "share"
            and h.figure.value is not None
            and h.cover >= _COVERED
            and any(name in key(n) for n in (h.figure.subject, h.figure.base, h.figure.sentence))
        ),
        None,
    )
    if told_share is None:
        return None
    yes = told_share.value == _ALL
    return ask.evidence.decided(yes, told(ask, told_share))


_ALL = 100  # percent
_COVERED = 0.55  # share of the question that the printed share must explain


def planned(ask: Ask) -> Answer | None:
    """8台火化机都改造完了吗: the number reached against the number planned, of one indicator."""
    match = re.search(data.word("asks_planned_all"), ask.text)
    number = numeral(match["number"]) if match is not None else None
    if match is None or number is None:
        return None
    wanted = content_pairs(content_of(f"{match['thing']}{match['verb']}"))
    lead = pairs(key(match["what"]))
    best: tuple[tuple[float, int], Indicator] | None = None
    for form in forms(ask):
        for indicator in indicators_of(ask, form):
            target, actual = indicator.target, indicator.actual
            if target is None or target.value != number or actual is None or indicator.met is None:
                continue
            project = pairs(key(target.project))
            share = ask.catalogue.explained(
                wanted, (pairs(key(target.subject)), 1.0), (project, 0.7)
            )
            rank = (share, len(lead & project))
            if share >= _COVERED and (best is None or rank > best[0]):
                best = rank, indicator
    if best is None:
        return None
    found = best[1]
    return ask.evidence.decided(bool(found.met), verdict(ask, found))
