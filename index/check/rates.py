"""Every completion and growth of the report computed anew from its amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.check.equations import Rule, amount_text, equation, unknown
from index.check.findings import (
    MONEY,
    ZERO,
    Finding,
    Span,
    base_value,
    in_unit,
    label_of,
    number,
    place_of,
    shown,
    span,
    term,
)
from index.check.lookup import Reading, plain
from index.check.ratios import rate_finding
from index.check.rules import rules
from index.check.told import whole_told_with
from index.links import agree
from index.text import fold
from index.values import Figure
from prompts import say

_BUDGETS = {
    "年初预算": (("budget_initial",), ("budget",)),
    "全年预算": (("budget_adjusted",), ("budget",)),
}
_ANY_BUDGET = (("budget_adjusted", "budget"), ("budget_initial",))
_NAMES = {"budget_initial": "年初预算", "budget_adjusted": "全年预算", "budget": "预算数"}
_SAME = frozenset({"final", "budget", "budget_initial", "budget_adjusted", "prior"})


def check_rates(reading: Reading) -> Iterator[Finding]:
    """Completion rates, execution rates and changes, in reading order."""
    for figure in reading.report.figures:
        if figure.value is None:
            continue
        if figure.measure in {"completion", "rate"}:
            yield _completion(reading, figure)
        elif figure.measure in {"change", "difference"} and figure.unit in MONEY:
            yield from _change(reading, figure)


# --- completion


def _completion(reading: Reading, rate: Figure) -> Finding:
    rule = Rule("completion", "完成率、执行率＝执行数÷预算数", rules().prose_source)
    near = beside(reading, rate)
    executed = rate.project or rate.measure == "rate"
    done = _first(near, ("executed", "final") if executed else ("final", "executed"))
    if done is None:
        told = reading.same_name(rate, ("final",)) if not rate.project else []
        done = told[0] if told else None
    budget = _budget(reading, rate, near, done)
    word = "" if rate.table else f"完成{rate.base or '预算'}的"
    if rate.measure == "rate" and rate.sentence:
        word = "执行率"
    if done is None or budget is None:
        what = "决算数（执行数）" if done is None else rate.base or "预算数"
        text = say(
            "check_rate_why", label=label_of(rate), word=word, printed=shown(rate), what=what
        )
        return unknown(rule, text, rate)
    others = [
        (_NAMES[f.measure], f)
        for f in (*near, *_elsewhere(reading, rate))
        if f.measure in _NAMES and f.value and f is not budget
    ]
    if rate.base in _BUDGETS and budget.measure not in _BUDGETS[rate.base][0]:
        rule = replace(rule, severity="warning")  # 预算数 need not be the budget that is meant
    findings = [
        rate_finding(rule, rate, [amount], [budget], word=word, others=others)
        for amount in (done, *otherwise(reading, done))
    ]
    return best(findings)


def otherwise(reading: Reading, figure: Figure) -> list[Figure]:
    """The same amount where another place tells it otherwise: that slip is a finding of its own,
    and a percentage that follows from the other value is no second one."""
    if figure.project or not figure.sentence:
        return []
    told = reading.same_name(figure, (figure.measure,))
    return [f for f in told if f.table and not agree(f, figure)][:1]


def best(findings: Sequence[Finding]) -> Finding:
    """The first that agrees; where none does, the one of the nearest amounts."""
    return next((f for f in findings if f.verdict == "ok"), findings[0])


def beside(reading: Reading, rate: Figure) -> list[Figure]:
    """Filled figures of the same thing in the same row or paragraph."""
    name = plain(rate.subject)
    same = [f for f in reading.by_table[rate.table_id] if f.value is not None]
    if rate.table:
        return [f for f in same if f.row == rate.row and f.project == rate.project]
    return [f for f in same if plain(f.subject) == name and f.project == rate.project]


def _elsewhere(reading: Reading, rate: Figure) -> list[Figure]:
    if rate.project:
        return []
    return reading.same_name(rate, tuple(_NAMES))


def _first(figures: Sequence[Figure], measures: Sequence[str]) -> Figure | None:
    found = [f for m in measures for f in figures if f.measure == m and f.unit in MONEY]
    return found[0] if found else None


def _budget(
    reading: Reading, rate: Figure, near: Sequence[Figure], done: Figure | None
) -> Figure | None:
    wanted, instead = _BUDGETS.get(rate.base, _ANY_BUDGET)
    found = _first(near, wanted) or _first(near, instead)
    if found is None and not rate.project:
        told = reading.same_name(rate, wanted) or reading.same_name(rate, instead)
        found = told[0] if told else None
    if found is None and done is not None and done.measure == "executed":
        found = _first(near, ("final",))  # 涉及资金 ..., 实际执行 ...
    return found


# --- changes


def _change(reading: Reading, change: Figure) -> Iterator[Finding]:
    if change.table and (years := _two_years(reading, change)) is not None:
        yield _gap(change, *years)
        return
    now = whole_told_with(reading, change)
    if now is None:
        told = reading.same_name(change, ("final",))
        now = told[0] if told else None
    rate = _rate_behind(reading, change)
    if rate is not None and _against(change, rate):
        if not _undecided(change.sentence):
            yield _signs(change, rate)
        return
    if now is None:
        return
    budget = _compared_budget(reading, change)
    if budget is now:
        return
    if budget is not None:
        yield _gap(change, now, budget)
        if rate is not None:
            rule = Rule("growth_on_budget", "增减率＝增减额÷预算数", rules().prose_source)
            yield rate_finding(rule, rate, [change], [budget], word=_word(rate))
    elif change.base == "年初":
        opening = _opening(reading, now)
        if opening is not None:
            yield _gap(change, now, opening)
    elif change.measure == "change" and rate is not None:
        yield best(
            [_growth(change, f, rate) for f in (now, *otherwise(reading, now))],
        )


def _two_years(reading: Reading, change: Figure) -> tuple[Figure, Figure] | None:
    """This year's and last year's amount of a row that holds both; None where it holds one year."""
    cells = [f for f in beside(reading, change) if f.unit in MONEY]
    year = reading.report.year
    row = [f for f in cells if f.measure in _SAME or (f.measure == "executed" and f.year != year)]
    if sum(f.measure == change.measure for f in cells) > 1:  # a change for each part of the row
        row = [f for f in row if f.facet == change.facet]
    years = sorted({f.year for f in row if f.year is not None})
    if len(years) != 2:
        return None
    before, now = ([f for f in row if f.year == year] for year in years)
    alike = before[0].measure in {now[0].measure, "executed"}  # 预算数 against 上年执行数
    return (now[0], before[0]) if alike else None


def _against(change: Figure, rate: Figure) -> bool:
    """Whether one tells an increase and the other a decrease."""
    return bool(change.value and rate.value) and (base_value(change) < 0) != (base_value(rate) < 0)


def _undecided(sentence: str) -> bool:
    """Whether the sentence still holds a choice of the template: 增加（减少）."""
    choices = [rule.pattern for rule in rules().texts if rule.key == "template_choice"]
    return any(re.search(pattern, fold(sentence)) for pattern in choices)


def _rate_behind(reading: Reading, change: Figure) -> Figure | None:
    """The percentage that is told with a change, in the same sentence behind it."""
    line = reading.by_table[change.table_id]
    place = line.index(change)
    for figure in line[place + 1 :]:
        if figure.measure == "change" or figure.row != change.row:
            return None
        if figure.measure == "change_rate" and figure.value is None:
            return None
        if figure.measure == "change_rate" and plain(figure.subject) == plain(change.subject):
            return figure
    return None


def _growth(change: Figure, now: Figure, rate: Figure) -> Finding:
    rule = Rule("growth", "增减率＝增减额÷上年数", rules().prose_source)
    moved, current = span(change), span(now)
    before = Span(current.low - moved.high, current.high - moved.low)
    if before.high < 0:  # no year's amount is below nothing: the two do not belong together
        words = {"label": label_of(rate), "word": _word(rate), "printed": shown(rate)}
        return unknown(rule, say("check_rate_why", **words, what=f"{change.base}数"), rate)
    others = [("本年数", now)]
    return rate_finding(
        rule,
        rate,
        [change],
        [now, change],
        word=_word(rate),
        base=f"{change.base}数",
        whole_span=before,
        others=others,
    )


def _word(rate: Figure) -> str:
    return "增长" if rate.value is not None and rate.value > 0 else "下降"


def _compared_budget(reading: Reading, change: Figure) -> Figure | None:
    """The budget that a change is measured against; None where it is against last year."""
    if "预算" not in change.base or "上年" in change.base:
        return None
    wanted, instead = _BUDGETS.get(change.base, _ANY_BUDGET)
    near = beside(reading, change)
    found = _first(near, wanted) or _first(near, instead)
    if found is None:
        told = reading.same_name(change, wanted) or reading.same_name(change, instead)
        found = told[0] if told else None
    return found


def _opening(reading: Reading, now: Figure) -> Figure | None:
    """年初…结转和结余 for 年末…结转和结余."""
    name = plain(now.subject).replace("年末", "年初")
    for figure in reading.report.figures:
        if plain(figure.subject) == name and figure.scope == now.scope and figure.value is not None:
            return figure
    return None


def _gap(change: Figure, now: Figure, base: Figure) -> Finding:
    """A stated difference against the two amounts; 差额 tells no direction."""
    rule = Rule("gap", "增减额＝决算数－比较基数", rules().prose_source)
    more, less = now, base
    if change.measure == "difference" and base_value(base) > base_value(now):
        more, less = base, now
    finding = equation(rule, change, [(1, more), (-1, less)])
    unit = change.unit
    expected = in_unit(base_value(more) - base_value(less), unit)
    words = {
        "label": label_of(change),
        "base": change.base,
        "word": "相差" if change.measure == "difference" else _direction(change),
        "printed": shown(change),
        "calculation": f"{shown(more)}－{shown(less)}",
        "place": place_of(change),
        "expected": amount_text(abs(expected), unit),
    }
    text = say("check_change_ok" if finding.verdict == "ok" else "check_change", **words)
    return replace(finding, text=text)


def _direction(change: Figure) -> str:
    return "增加" if change.value is not None and change.value > 0 else "减少"


def _signs(change: Figure, rate: Figure) -> Finding:
    rule = Rule("direction_of_change", "增减额与增减率方向相同", rules().prose_source)
    text = say(
        "check_sign",
        place=place_of(change),
        label=label_of(change),
        amount=f"{number(change.value or ZERO)}{change.unit}",
        rate=f"{number(rate.value or ZERO)}%",
    )
    terms = (term(change, "stated"), term(rate, "compared"))
    return Finding(rule.key, rule.name, rule.source, "differs", "error", text, terms)
