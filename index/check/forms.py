"""Performance self-evaluations: the forms as values, their arithmetic, grades against scores.

After the Ministry of Finance's 项目支出绩效自评表: sub-total = sum of scores, execution rate =
B / A, execution score = rate x weight, total = sub-total + execution score.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.check.equations import Rule, equation, unknown
from index.check.findings import (
    Finding,
    Severity,
    half_unit,
    label_of,
    number,
    place_of,
    shown,
    span,
    term,
)
from index.check.lookup import Reading
from index.check.ratios import quotient
from index.check.rules import rules
from index.text import fold, squeeze
from index.values import Figure, Table
from prompts import say

_SUBTOTAL = ("小计", "合计")
_TOTAL = ("总分", "总计")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator row of a form."""

    name: str
    path: tuple[str, ...]
    cells: dict[str, Figure]

    def get(self, measure: str) -> Figure | None:
        return self.cells.get(measure)


@dataclass(frozen=True, slots=True)
class Form:
    """A form: money rows and indicators, with the totals row by row."""

    table: Table
    money: tuple[dict[str, Figure], ...]
    indicators: tuple[Indicator, ...]
    totals: dict[tuple[str, str], Figure]
    goals: tuple[str, ...]
    results: tuple[Figure, ...]

    @property
    def execution(self) -> dict[str, Figure]:
        """The row of the yearly total; its score is that of the execution."""
        return self.money[0] if self.money else {}


def read_forms(reading: Reading) -> list[Form]:
    return [_form(reading, t) for t in reading.report.tables if t.kind == "form"]


def _form(reading: Reading, table: Table) -> Form:
    rows: dict[int, list[Figure]] = defaultdict(list)
    for figure in reading.by_table[table.id]:
        rows[figure.row].append(figure)
    money: list[dict[str, Figure]] = []
    indicators: list[Indicator] = []
    totals: dict[tuple[str, str], Figure] = {}
    goals: list[str] = []
    results: list[Figure] = []
    for figures in rows.values():
        cells = {f.measure: f for f in figures}
        first = figures[0]
        if first.total:
            name = squeeze(first.name)
            totals.update({(name, f.measure): f for f in figures})
        elif "target" in cells or "actual" in cells:
            indicators.append(Indicator(first.name, first.item, cells))
        elif {"executed", "budget_adjusted", "budget_initial"} & set(cells):
            money.append(cells)
        goals.extend(squeeze(f.printed) for f in figures if f.measure in {"goal", "result"})
        results.extend(f for f in figures if f.measure == "result")
    told = tuple(goal for goal in goals if goal)
    return Form(table, tuple(money), tuple(indicators), totals, told, tuple(results))


def check_forms(reading: Reading) -> Iterator[Finding]:
    """The arithmetic of every form and the grades of every summary."""
    for form in read_forms(reading):
        yield from _scores(form)
        yield from _money(form)
    yield from _grades(reading)


# --- arithmetic


def form_rule(key: str, name: str, severity: Severity = "error") -> Rule:
    return Rule(key, name, rules().forms.source, severity)


def _scores(form: Form) -> Iterator[Finding]:
    for measure, word in (("score", "得分"), ("weight", "分值")):
        cells = [(1, f) for i in form.indicators if (f := i.get(measure)) and f.value is not None]
        subtotal = _total(form, _SUBTOTAL, measure)
        total = _total(form, _TOTAL, measure)
        execution = form.execution.get(measure)
        if subtotal is not None and cells:
            rule = form_rule(f"form_{measure}_subtotal", f"小计＝各指标{word}之和")
            yield equation(rule, subtotal, cells)
        if total is None or execution is None or execution.value is None:
            continue
        rule = form_rule(f"form_{measure}_total", f"总分＝小计＋预算执行{word}")
        if subtotal is not None:
            yield equation(rule, total, [(1, subtotal), (1, execution)])
        elif cells:
            alone = equation(rule, total, cells)  # where the execution is one of the indicators
            both = equation(rule, total, [*cells, (1, execution)])
            yield alone if alone.verdict == "ok" else both
    yield from _groups(form)
    yield from _execution(form)


def _total(form: Form, names: Sequence[str], measure: str) -> Figure | None:
    for name in names:
        figure = form.totals.get((name, measure))
        if figure is not None and figure.value is not None:
            return figure
    return None


def _groups(form: Form) -> Iterator[Finding]:
    """产出指标（40分）: the weights of its indicators add up to 40."""
    rule = form_rule("form_group_weight", "一级指标的分值＝所属指标分值之和")
    groups: dict[str, list[Figure]] = defaultdict(list)
    for indicator in form.indicators:
        weight = indicator.get("weight")
        for label in indicator.path[:-1]:
            if weight is not None and re.search(rules().forms.group, fold(label)):
                groups[label].append(weight)
    for label, weights in groups.items():
        match = re.search(rules().forms.group, fold(label))
        filled = [w for w in weights if w.value is not None]
        if match and filled:
            whole = _group_figure(filled[0], label, Decimal(match[1]))
            yield equation(rule, whole, [(1, w) for w in filled])


def _group_figure(like: Figure, label: str, value: Decimal) -> Figure:
    """The weight that the label of a group states, as a figure at the group's first indicator."""
    return replace(like, id="", subject=label, item=(label,), value=value, printed=f"{value}分")


def _execution(form: Form) -> Iterator[Finding]:
    """Execution score = executed / budget x weight."""
    row = form.execution
    score, weight = row.get("score"), row.get("weight")
    done, budget = row.get("executed"), row.get("budget_adjusted") or row.get("budget_initial")
    rate = row.get("rate")
    if score is None or score.value is None or weight is None or not weight.value:
        return
    rule = form_rule("form_execution_score", "预算执行得分＝执行率×分值", "warning")
    if done is not None and budget is not None and done.value is not None and budget.value:
        part = quotient(span(done), span(budget))
        used = [done, budget, weight]
    elif rate is not None and rate.value is not None:
        part, used = span(rate), [rate, weight]
    else:
        yield unknown(rule, say("check_no_right", what="执行数和预算数"), score)
        return
    if part is None:
        return
    full = weight.value
    low, high = (min(full, p * full / 100) for p in (part.low, part.high))
    half = half_unit(score)
    fine = low - half <= score.value <= high + half
    expected = ((low + high) / 2).quantize(Decimal("0.0001"))
    words = {"label": label_of(score), "left": shown(score), "place": place_of(score)}
    text = (
        say("check_sum_ok", name=rule.name, **words)
        if fine
        else say(
            "check_rate",
            **words,
            word="得分",
            printed=shown(score),
            calculation="×".join(["执行率", shown(weight)]),
            expected=f"{number(expected.quantize(Decimal('0.01')))}分",
        )
    )
    yield rule.judged(
        fine,
        text,
        (term(score, "stated"), *(term(f, "compared") for f in used)),
        stated=score.value,
        expected=expected,
        unit="分",
        difference=score.value - expected,
        tolerance=half,
    )


def _money(form: Form) -> Iterator[Finding]:
    """年度资金总额 = 当年财政拨款 + 上年结转资金 + 其他资金, in every column."""
    if len(form.money) < 3:  # the total and at least two sources
        return
    rule = form_rule("form_money", "年度资金总额＝各来源资金之和")
    for measure in ("budget_initial", "budget_adjusted", "executed"):
        whole = form.money[0].get(measure)
        parts = [(1, f) for row in form.money[1:] if (f := row.get(measure))]
        if whole is not None and parts and (whole.value is not None or _filled(parts)):
            yield equation(rule, whole, parts)


def _filled(parts: Sequence[tuple[int, Figure]]) -> bool:
    return any(f.value is not None for _, f in parts)


# --- grades


def _grades(reading: Reading) -> Iterator[Finding]:
    """The grade of a summary row against its score: 90 优, 80 良, 60 中."""
    rule = form_rule("grade", "等级与得分相符")
    for grade in reading.report.figures:
        if grade.measure != "grade" or squeeze(grade.printed) not in rules().forms.grades:
            continue
        row = [f for f in reading.by_table[grade.table_id] if f.row == grade.row]
        score = next((f for f in row if f.measure == "score" and f.value is not None), None)
        if score is None or score.value is None:
            continue
        levels = rules().forms.grades
        expected = next(g for g, least in levels.items() if score.value >= least)
        fine = expected == squeeze(grade.printed)
        if not fine and {expected, squeeze(grade.printed)} <= set(list(levels)[2:]):
            continue  # where 中 ends and 差 begins differs between provinces
        text = say(
            "check_grade_ok" if fine else "check_grade",
            place=place_of(grade),
            label=label_of(grade),
            score=shown(score),
            grade=grade.printed,
            expected=expected,
        )
        yield rule.judged(
            fine,
            text,
            (term(grade, "stated"), term(score, "compared")),
            severity="error",
            bound=True,
        )
