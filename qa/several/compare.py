"""Reports side by side: difference, growth, trend; budget and accounts; restatements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from index.text import squeeze
from prompts import say
from qa.names import MONEY, core
from qa.plan import Step
from qa.several.joint import shown
from qa.several.round import Round
from qa.several.told import Told
from qa.units import convert, plain
from qa.values import Answer, Calculation, Polarity

_ROUNDING = Decimal("0.01")  # 万元: two printed numbers that are added, half a unit each
_RATE_ROUNDING = Decimal("0.0001")  # of the amount: a rate printed with two decimals


def compared(r: Round) -> Answer | None:
    """The difference of two values, or each body's; more than two values of a kind in order."""
    if len({t.identity.kind for t in r.told}) > 1 and r.asked.kinds:
        return planned(r)
    if len(r.usable) < 2:
        return too_few(r)
    if r.selection.by == "both":
        return _by_body(r)
    if len(r.usable) > 2:
        return trend(r) if r.selection.by == "year" else None
    first, second = _pair(r)
    listed = r.listed([second, first] if r.selection.by == "year" else [first, second])
    text = say("several_told", label=r.label, items=listed)
    text += _difference(r, first, second, wants_rate=_wants_rate(r)) + "。"
    for told in (first, second):
        r.joint.value(told, r.unit)
    return r.finish(text + restated(r), polarity=_polarity(r, first, second))


def _pair(r: Round) -> tuple[Told, Told]:
    """What is compared with what: the later year with the earlier, else as named."""
    a, b = r.usable[:2]
    if r.selection.by == "year":
        return (b, a) if (b.identity.year or 0) > (a.identity.year or 0) else (a, b)
    return a, b


def _wants_rate(r: Round) -> bool:
    return r.asked.told("rate", "rate2")


def _difference(
    r: Round,
    first: Told,
    second: Told,
    wants_rate: bool = False,
    main: bool = True,
    short: bool = False,
) -> str:
    """X比Y增加Z，增长W%: in words, and as values. A zero base has no rate."""
    done = r.joint.calculate((Step("subtract", ("0", "1")),), (first, second), r.unit)
    gap, points = abs(done.result), r.unit == "%"
    label = f"{r.name(first)}比{r.name(second)}的差额"
    rate = None if points else growth(r, first, second)
    lead = wants_rate and rate is not None
    if lead and rate is not None:
        r.joint.result(rate, (first, second), f"{label}（增长率）", main=main)
    unit = "个百分点" if points else r.unit
    r.joint.result(done, (first, second), label, unit, main=main and not lead)
    if rate is not None and not lead and r.selection.by != "body":
        r.joint.result(rate, (first, second), f"{label}（增长率）", main=False)
    if not done.result:
        value = shown(first)
        names = {"first": r.called(first, short), "second": r.called(second, short)}
        return say("several_equal", **names, value=value)
    text = say(
        "several_difference",
        first=r.called(first, short),
        second=r.called(second, short),
        word=_word(r, done.result),
        difference=f"{plain(gap)}{unit}",
    )
    if points or (r.selection.by == "body" and not wants_rate):
        return text + _times(r, first, second)
    if rate is None:
        return text + say("several_zero", name=r.called(second, short))
    word = "增长" if rate.result > 0 else "下降"
    if r.selection.by == "body":
        word = "高" if rate.result > 0 else "低"
    return text + say("several_rate", word=word, rate=f"{plain(abs(rate.result))}%")


def _word(r: Round, difference: Decimal) -> str:
    if r.selection.by == "body":
        words = ("高", "低") if r.unit == "%" else ("多", "少")
    else:
        words = ("提高", "降低") if r.unit == "%" else ("增加", "减少")
    return words[0] if difference > 0 else words[1]


def _times(r: Round, first: Told, second: Told) -> str:
    """How many times the other, where that is asked for."""
    if not r.asked.told("times") or not second.value:
        return ""
    done = r.joint.calculate((Step("divide", ("0", "1")),), (first, second))
    r.joint.result(done, (first, second), f"{r.name(first)}是{r.name(second)}的倍数", "倍")
    values = r.joint.promote()
    times = f"{plain(values.value)}倍"
    return "，" + say("several_times", first=r.name(first), second=r.name(second), times=times)


def growth(r: Round, first: Told, second: Told) -> Calculation | None:
    """(first - second) / second x 100%; None on a zero base, and where that is negative."""
    if second.value is None or second.value <= 0:
        return None
    steps = (Step("subtract", ("0", "1")), Step("percent", ("#0", "2")))
    return r.joint.calculate(steps, (first, second, second))


def _polarity(r: Round, first: Told, second: Told) -> Polarity | None:
    more = r.amount(first) - r.amount(second)
    if r.asked.told("same"):
        return "yes" if not more else "no"
    if r.asked.told("up"):
        return "yes" if more > 0 else "no"
    if r.asked.told("down"):
        return "yes" if more < 0 else "no"
    return None


def _by_body(r: Round) -> Answer:
    """Several bodies over several years: for each body first and last year."""
    texts = []
    for told in by_body(r.usable):
        items = r.listed(told, short=True)
        text = say("several_told", label=f"{told[0].identity.body}{told[-1].label}", items=items)
        if len(told) > 1:
            text += _difference(r, told[-1], told[0], main=False, short=True) + "。"
        texts.append(text)
    for one in r.usable:
        r.joint.value(one, r.unit)
    return replace(r.finish("\n".join(texts) + restated(r)), each=True)


def by_body(told: Sequence[Told]) -> list[list[Told]]:
    """The values of each body, oldest year first."""
    found: dict[str, list[Told]] = {}
    for t in told:
        found.setdefault(t.identity.body, []).append(t)
    return [sorted(ts, key=lambda t: t.identity.year or 0) for ts in found.values()]


def trend(r: Round) -> Answer | None:
    """The values year by year, and from the first to the last."""
    if r.selection.by == "both":
        return _by_body(r)
    if len(r.usable) < 2:
        return too_few(r)
    told = sorted(r.usable, key=lambda t: t.identity.year or 0)
    text = say("several_trend", label=r.label, items=r.listed(told))
    for one in told:
        r.joint.value(one, r.unit)
    text += _difference(r, told[-1], told[0]) + "。"
    return replace(r.finish(text + restated(r)), each=True)


def too_few(r: Round) -> Answer:
    """What there is, where there are not two values to compare."""
    for told in r.usable:
        r.joint.value(told)
    text = f"{r.label}：{r.listed(r.usable)}。" if r.usable else ""
    r.rows()
    remarks = r.remarks()
    status = "answered" if r.usable else "refused"
    return r.joint.answer(
        text + remarks + say("several_too_few"),
        status=status,  # type: ignore[arg-type]
    )


# -- budget and accounts ---------------------------------------------------------------------------


def planned(r: Round) -> Answer | None:
    """The budget's figure beside the one of the accounts of the same body and year."""
    budget = next((t for t in r.usable if t.identity.kind == "budget"), None)
    final = next((t for t in r.usable if t.identity.kind != "budget"), None)
    if budget is None or final is None:
        return too_few(r)
    done = r.joint.calculate((Step("subtract", ("0", "1")),), (final, budget), r.unit)
    label = f"{r.name(final)}比{r.name(budget)}的差额"
    r.joint.result(done, (final, budget), label)
    word = "多" if done.result > 0 else "少"
    gap = f"{plain(abs(done.result))}{r.unit}"
    said = f"决算比预算{word}{gap}" if done.result else "决算与预算相等"
    if budget.value and budget.value > 0:
        share = r.joint.calculate((Step("percent", ("0", "1")),), (final, budget))
        r.joint.result(
            share, (final, budget), f"{r.name(final)}占{r.name(budget)}的比例", main=False
        )
        said += f"，是预算的{plain(share.result)}%"
    for told in (budget, final):
        r.joint.value(told, r.unit)
    name = final.figure.subject if final.figure else r.asked.item
    text = say(
        "several_budget",
        label=name,
        budget=r.listed([budget]).removeprefix(r.name(budget)),
        final=r.listed([final]).removeprefix(r.name(final)),
        compared=said,
    )
    return r.finish(text + replanned(r, budget))


def replanned(r: Round, budget: Told) -> str:
    """The budget as the accounts print it, where it is not what the budget report says."""
    again = r.before(budget)
    if again is None or again.value is None or budget.value is None:
        return ""
    if abs(convert(again.value, again.unit, budget.unit) - budget.value) <= _ROUNDING:
        return ""
    r.joint.know(again.identity)
    text = say(
        "several_planned", later=again.identity.label, first=shown(budget), second=shown(again)
    )
    r.joint.cite(again)
    return r.joint.conflict(text, (budget, again)) + "。"


# -- restatements ----------------------------------------------------------------------------------


def restated(r: Round) -> str:
    """Where a report tells another figure of the year before than that year's own report."""
    texts = []
    for own, later, told in _twice_told(r):
        if not _agree(own, told):
            texts.append(
                r.joint.conflict(_said_twice("several_restated", r, own, later, told), (own, told))
            )
    return "".join(f"{text}。" for text in texts)


def told_twice(r: Round) -> Answer | None:
    """上年数与上年的报告一致吗: both figures, and whether they agree."""
    pairs = list(_twice_told(r))
    if not pairs:
        return too_few(r)
    same = all(_agree(own, told) for own, _, told in pairs)
    texts = []
    for own, later, told in pairs:
        if _agree(own, told):
            texts.append(_said_twice("several_agrees", r, own, later, told))
        else:
            text = _said_twice("several_restated", r, own, later, told)
            texts.append(r.joint.conflict(text, (own, told)) + "。")
        r.joint.value(own)
        r.joint.value(told)
    return r.finish("".join(texts), polarity="yes" if same else "no")


def _twice_told(r: Round) -> list[tuple[Told, Told, Told]]:
    """(a year's own value, the report of the next year's, what that one says of the year)."""
    found = []
    for told in by_body(r.usable):
        for own, later in pairwise(told):
            next_year = (own.identity.year or 0) + 1 == later.identity.year
            if not next_year or own.derived or later.derived or own.identity.kind == "budget":
                continue
            again = r.before(later)
            if again is not None and again.value is not None and _of_same(later, again):
                found.append((own, later, again))
    return found


def _of_same(later: Told, again: Told) -> bool:
    """Whether what is told of the year before is of the same thing as the year's own value."""
    done = again.answer.calculation
    if done is None:
        return core(again.label) == core(later.label)
    if later.value is None or later.unit not in MONEY or not done.operands:
        return False
    now = done.operands[0]
    value, unit = Decimal(str(now["value"])), str(now["unit"])
    if unit not in MONEY:
        return False
    same_name = squeeze(later.label).replace("决算数", "") in squeeze(str(now["label"]))
    slack = convert(_ROUNDING, "万元", later.unit)
    return same_name or abs(convert(value, unit, later.unit) - later.value) <= slack


def _agree(own: Told, told: Told) -> bool:
    if own.value is None or told.value is None:
        return False
    if own.unit not in MONEY:
        return own.value == told.value
    first, second = (convert(t.value or Decimal(0), t.unit, "万元") for t in (own, told))
    done = told.answer.calculation
    by_rate = done is not None and "÷" in done.formula
    slack = _ROUNDING + (abs(first) * _RATE_ROUNDING if by_rate else 0)
    return abs(first - second) <= slack


def _said_twice(template: str, r: Round, own: Told, later: Told, told: Told) -> str:
    r.joint.cite(own)
    r.joint.cite(told)
    label = own.label if own.figure is None else own.figure.subject
    return say(
        template,
        year=own.identity.year,
        label=label,
        own=own.identity.label,
        later=later.identity.label,
        first=shown(own),
        second=shown(told),
    )
