"""Accounts ranked by how far the final amount is from the initial budget.

预算和决算差得最多的科目, 比年初预算少花最多的是哪个: both amounts stand in the prose, item by item.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from index.values import Figure
from prompts import say
from qa import data, headings
from qa.ask import Ask, by_id
from qa.compare import compared as compare_figures
from qa.evidence import amount, amount_of
from qa.names import MONEY, core, key
from qa.plan import Plan, Step, rounding_of, run
from qa.reading import how_many
from qa.units import plain
from qa.values import Answer, Calculation

_FEW_PAGES = 4
_TWO = 2


@dataclass(frozen=True)
class Gap:
    """An account with its initial budget and its final amount."""

    budget: Figure
    final: Figure

    @property
    def over(self) -> Decimal:
        """By how much the final amount is above the budget, in 元; negative where it is below."""
        return amount_of(self.final) - amount_of(self.budget)


def gaps(ask: Ask) -> list[Gap]:
    """The accounts that the prose gives a budget and a final amount of, in its order."""
    finals: dict[tuple[str, str], Figure] = {}
    budgets: dict[tuple[str, str], Figure] = {}
    for f in ask.report.figures:
        if f.table or f.project or f.value is None or f.unit not in MONEY or len(f.item) < 3:
            continue
        place = (f.table_id, core(f.subject))
        if f.measure == "final":
            finals.setdefault(place, f)
        elif f.measure == "budget_initial":
            budgets.setdefault(place, f)
    return [Gap(budgets[p], f) for p, f in finals.items() if p in budgets]


def ordered(ask: Ask, text: str) -> list[Gap] | None:
    """The accounts in the order that the question's wording asks for, None where it asks none."""
    if not re.search(data.word("budget_gap_ranked"), text):
        return None
    found = gaps(ask)
    if len(found) < 2:
        return None
    if re.search(data.word("gap_below"), text):
        return sorted((g for g in found if g.over < 0), key=lambda g: g.over)
    if re.search(data.word("gap_above"), text):
        return sorted((g for g in found if g.over > 0), key=lambda g: -g.over)
    return sorted(found, key=lambda g: -abs(g.over))


def by_completion(ask: Ask) -> Answer | None:
    """完成年初预算比例最低的科目: worked out from both amounts, where no rates are printed."""
    text = ask.text
    if not re.search(data.word("accounts_by_completion"), text) or headings.completions(ask):
        return None
    rows = [g for g in gaps(ask) if g.budget.value]
    low, high = (re.search(data.word(w), text) for w in ("lowest", "highest"))
    if len(rows) < _TWO or not (low or high) or how_many(text)[0]:
        return None
    rows.sort(key=_share, reverse=not low)
    place = how_many(text)[1] or 1
    if place > len(rows):
        return None
    gap = rows[place - 1]
    ask.evidence.cite_pages([g.final for g in rows], _FEW_PAGES)
    ask.evidence.count(place)
    told, calculation = _completion(ask, gap)
    word = f"最{'低' if low else '高'}{f'第{place}位' if place > 1 else ''}"
    value = f"{plain(calculation.result)}%"
    first = say("rank", measure="完成率", word=word, name=gap.final.subject, value=value)
    return ask.evidence.answer(first + told + rounding_of(calculation))


def compared(ask: Ask) -> Answer | None:
    """A和B都超了预算，哪个超得更多: the gaps of the two accounts, the greater first."""
    if not re.search(data.word("gaps_compared"), ask.text):
        return None
    named = _two_named(ask)
    if len(named) != _TWO or (named[0].over > 0) != (named[1].over > 0):
        return None
    named.sort(key=lambda g: -abs(g.over))
    pieces = [_told(ask, g, place) for g, place in zip(named, ("较大", "较小"), strict=True)]
    return ask.evidence.answer("".join(pieces))


def completions_compared(ask: Ask) -> Answer | None:
    """A和B哪个完成预算的比例更高: both as printed, or worked out, the greater first."""
    if not re.search(data.word("completions_compared"), ask.text):
        return None
    said = key(ask.text)
    printed = [f for f in headings.completions(ask) if core(f.subject) in said]
    if len(printed) == _TWO and all(f.value is not None for f in printed):
        return compare_figures(ask, *printed)
    named = _two_named(ask)
    if len(named) != _TWO or any(not g.budget.value for g in named):
        return None
    named.sort(key=_share, reverse=True)
    told = "".join(_completion(ask, g)[0] for g in named)
    first, second = (g.final.subject for g in named)
    return ask.evidence.answer(told + say("higher_of_two", first=first, second=second))


def _two_named(ask: Ask) -> list[Gap]:
    """The accounts that the question names, none whose name is a part of another's."""
    named = [g for g in gaps(ask) if core(g.final.subject) in key(ask.text)]
    names = [core(g.final.subject) for g in named]
    return [
        g
        for i, g in enumerate(named)
        if not any(names[i] in other for k, other in enumerate(names) if k != i)
    ]


def _share(gap: Gap) -> Decimal:
    return amount_of(gap.final) / amount_of(gap.budget)


def _completion(ask: Ask, gap: Gap) -> tuple[str, Calculation]:
    """How much of its initial budget an account came to: as told, and as worked out."""
    pair = [gap.final, gap.budget]
    calculation = run(Plan((Step("percent", tuple(f.id for f in pair)),)), by_id(pair))
    label = f"{gap.final.subject}完成年初预算的比例"
    ask.evidence.result(calculation, pair, label)
    return say("computed", label=label, formula=calculation.formula), calculation


def _told(ask: Ask, gap: Gap, place: str) -> str:
    """An account at its place with both amounts and their difference."""
    pair = [gap.final, gap.budget] if gap.over >= 0 else [gap.budget, gap.final]
    calculation = run(
        Plan((Step("subtract", tuple(f.id for f in pair)),), ask.reading.unit_out), by_id(pair)
    )
    ask.evidence.result(calculation, pair, f"{gap.final.subject}决算数与年初预算数之差")
    return say(
        "gap_ranked",
        place=place,
        name=gap.final.subject,
        budget=amount(gap.budget),
        final=amount(gap.final),
        word="多" if gap.over >= 0 else "少",
        difference=f"{plain(calculation.result)}{calculation.unit}",
    )


def ranked(ask: Ask) -> Answer | None:
    """The account at the place asked for, with both amounts and their difference."""
    rows = ordered(ask, ask.text)
    place = how_many(ask.text)[1] or 1
    if not rows or place > len(rows) or re.search(data.word("asked_of_it"), ask.text):
        return None
    ask.evidence.cite_pages([g.final for g in rows], _FEW_PAGES)
    ask.evidence.count(place)
    return ask.evidence.answer(_told(ask, rows[place - 1], f"第{place}" if place > 1 else "最多"))
