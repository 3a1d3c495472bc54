"""Reports in order and together: highest and lowest, sums and means, those over a threshold."""

from __future__ import annotations

import re
from decimal import Decimal

from prompts import say
from qa.errors import PlanError
from qa.plan import Step
from qa.reading import numeral
from qa.several.compare import restated, too_few
from qa.several.round import Round
from qa.several.told import Told
from qa.units import compatible, convert, plain
from qa.values import Answer, Polarity

_LOW = ("low", "low2", "up", "under")
_LESS = "[低少小差慢省]"


def ranked(r: Round) -> Answer | None:
    """The reports by value, the highest first unless the lowest is asked for."""
    if len(r.usable) < 2:
        return too_few(r)
    low = r.asked.told(*_LOW) or _asks_less(r)
    ordered = sorted(r.usable, key=r.amount, reverse=not low)
    best = [t for t in ordered if r.amount(t) == r.amount(ordered[0])]
    top = numeral(r.asked.said("top")) if r.asked.said("top") else None
    kept = ordered[:top] if top else ordered
    more = ("高", "低") if r.unit == "%" or not r.unit else ("多", "少")
    word = f"最{more[1] if low else more[0]}"
    if len(best) > 1:
        names = "、".join(r.name(t) for t in best)
        text = say("several_tie", names=names, value=r.printed(best[0])) + "。"
    else:
        text = say(
            "several_rank", label=r.label, word=word, name=r.name(best[0]), value=r.printed(best[0])
        )
    direction = "低到高" if low else "高到低"
    text += say("several_order", direction=direction, items=r.listed(kept))
    for told in kept:
        r.joint.value(told, r.unit)
    again = restated(r) if r.selection.by in {"year", "both"} else ""
    return r.finish(text + again, order=ordered)


def _asks_less(r: Round) -> bool:
    which = r.asked.said("which") + r.asked.said("which2")
    return bool(re.search(_LESS, which))


def summed(r: Round) -> Answer | None:
    """The sum of the reports' values; rates have none."""
    return _together(r, "add")


def averaged(r: Round) -> Answer | None:
    """The plain mean of the reports' values."""
    return _together(r, "mean")


def _together(r: Round, operation: str) -> Answer | None:
    if len(r.usable) < 2:
        return too_few(r)
    if operation == "add" and r.unit in {"%", ""}:
        raise PlanError("比率不能相加。")
    step = Step(operation, tuple(str(n) for n in range(len(r.usable))))  # type: ignore[arg-type]
    done = r.joint.calculate((step,), r.usable, r.unit)
    word = "合计" if operation == "add" else "平均"
    r.joint.result(done, r.usable, f"{r.label}{word}")
    template = "several_sum" if operation == "add" else "several_mean"
    text = say(template, label=r.label, formula=done.formula)
    text += say("several_told", label="其中", items=r.listed(r.usable))
    for told in r.usable:
        r.joint.value(told, r.unit)
    return r.finish(text)


def filtered(r: Round) -> Answer | None:
    """The reports whose value is above or below a threshold of the question."""
    bound = _bound(r)
    if bound is None or not r.usable:
        return None
    limit, above, equal, words = bound
    r.joint.quote(words)

    def fits(told: Told) -> bool:
        value = r.amount(told)
        return (value == limit and equal) or (value > limit if above else value < limit)

    kept = [t for t in r.usable if fits(t)]
    if not kept:
        text = say("several_filter_none", label=r.label, bound=words, items=r.listed(r.usable))
    else:
        items = r.listed(sorted(kept, key=r.amount, reverse=above))
        r.joint.count(len(kept))
        text = say("several_filter", label=r.label, bound=words, count=len(kept), items=items)
    unit = "年" if r.selection.by == "year" else "个"
    r.joint.counted(len(kept), unit, f"{r.label}{words}的", kept or r.usable)
    for told in kept:
        r.joint.value(told, r.unit)
    polarity: Polarity | None = None
    if re.search("吗|有没有|是否", r.asked.text):
        polarity = "yes" if kept else "no"
    return r.finish(text, polarity)


def _bound(r: Round) -> tuple[Decimal, bool, bool, str] | None:
    """(threshold in the common unit, above, or equal, its words) of the question."""
    above = bool(r.asked.said("over"))
    printed = r.asked.said("over") or r.asked.said("under")
    unit = r.asked.said("unit") or r.asked.said("unit2")
    unit = {"万": "万元", "亿": "亿元"}.get(unit, unit) or r.unit
    if not printed or not compatible(unit, r.unit):
        return None
    value = Decimal(printed.replace(",", ""))
    equal = bool(re.search("不(低于|少于|超过|高于)|以[上下]", r.asked.text))
    word = ("不低于" if equal else "超过") if above else ("不超过" if equal else "低于")
    return convert(value, unit, r.unit), above, equal, f"{word}{plain(value)}{unit}"
