"""Indicators of the self-evaluation forms: targets that were missed, scores, values told twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from rapidfuzz import fuzz

from index.check.equations import Rule
from index.check.findings import Finding, half_unit, number, place_of, shown, span, term
from index.check.forms import Form, Indicator, form_rule, read_forms
from index.check.lookup import Reading, plain
from index.check.rules import rules
from index.check.targets import judge
from index.text import read_cell, squeeze
from index.values import Figure
from prompts import say

_NAME = 5  # characters from which on a name is one's own: 满意度 is everybody's


def check_indicators(reading: Reading) -> Iterator[Finding]:
    """Every indicator of every form, then the indicators that two forms share."""
    forms = read_forms(reading)
    for form in forms:
        for indicator in form.indicators:
            yield from _indicator(form, indicator)
        yield from _told_in_words(reading, form)
    yield from _same_indicators(forms)


def _indicator(form: Form, indicator: Indicator) -> Iterator[Finding]:
    score, weight = indicator.get("score"), indicator.get("weight")
    if score is not None and score.value is not None and weight and weight.value is not None:
        yield _within(indicator, score, weight)
    target, actual = indicator.get("target"), indicator.get("actual")
    if target is None or actual is None:
        return
    yield from _target(indicator, target, actual, score, weight)
    yield from _payment(form, indicator, actual, score, weight)
    sign = read_cell(actual.printed)
    if sign and sign.sign and squeeze(actual.printed) == squeeze(target.printed):
        rule = form_rule("indicator_copied", "实际完成值是实际数", "warning")
        words = {"place": place_of(actual), "label": indicator.name, "actual": actual.printed}
        terms = (term(actual, "stated"), term(target, "compared"))
        text = say("check_copied", **words)
        yield Finding(rule.key, rule.name, rule.source, "differs", "warning", text, terms)


def _within(indicator: Indicator, score: Figure, weight: Figure) -> Finding:
    rule = form_rule("score_within_weight", "指标得分不高于分值")
    assert score.value is not None and weight.value is not None
    fine = score.value <= weight.value
    text = say(
        "check_score_within" if fine else "check_score_above",
        place=place_of(score),
        label=indicator.name,
        score=shown(score),
        weight=shown(weight),
    )
    return rule.judged(
        fine,
        text,
        (term(score, "stated"), term(weight, "compared")),
        severity="error",
        stated=score.value,
        expected=weight.value,
        unit="分",
        difference=score.value - weight.value,
        tolerance=Decimal(0),
        bound=True,
    )


def _target(
    indicator: Indicator,
    target: Figure,
    actual: Figure,
    score: Figure | None,
    weight: Figure | None,
) -> Iterator[Finding]:
    """A full score where the target was missed."""
    met = judge(target, actual)
    if met is None or score is None or weight is None or score.value is None:
        return
    full = weight.value is not None and score.value >= weight.value
    wrong = full and not met
    rule = form_rule("target_missed", "没有达到目标不得满分")
    text = say(
        "check_target_missed" if wrong else "check_target_met",
        place=place_of(actual),
        label=indicator.name,
        target=target.printed,
        actual=actual.printed,
        score=number(score.value),
    )
    terms = (term(score, "stated"), term(actual, "compared"), term(target, "compared"))
    yield rule.judged(
        not wrong,
        text,
        terms,
        severity="error",
        bound=True,
    )


def _payment(
    form: Form, indicator: Indicator, actual: Figure, score: Figure | None, weight: Figure | None
) -> Iterator[Finding]:
    """An indicator that says all was paid in a project that paid nothing."""
    executed = form.execution.get("executed")
    rate = form.execution.get("rate")
    nothing = executed is not None and not executed.value
    nothing = nothing and (rate is None or not rate.value)
    if (
        not nothing
        or executed is None
        or not re.search(rules().forms.payment, plain(indicator.name))
    ):
        return
    full = bool(score and weight and score.value and score.value == weight.value)
    if not full or not actual.value:
        return
    rule = form_rule("paid_nothing", "付款类指标与执行数相符")
    text = say(
        "check_payment",
        place=place_of(actual),
        label=indicator.name,
        actual=actual.printed,
        score=number(score.value) if score and score.value else "",
        executed="0" if executed.value is not None else "空白（执行率为零）",
    )
    evidence = [executed if executed.value is not None else rate or executed]
    terms = (term(actual, "stated"), *(term(f, "compared") for f in evidence))
    yield Finding(rule.key, rule.name, rule.source, "differs", "error", text, terms)


# --- against the words


def _told_in_words(reading: Reading, form: Form) -> Iterator[Finding]:
    """A percentage of the results, or of the project's paragraph, against the indicator's."""
    rule = form_rule("indicator_told", "指标完成值与文字说明一致", "warning")
    for indicator in form.indicators:
        actual = indicator.get("actual")
        core = re.sub(r"(数量|比例|比率|情况|程度)$", "", plain(indicator.name))
        if actual is None or actual.value is None or actual.unit != "%" or len(core) < _NAME:
            continue
        pattern = re.compile(re.escape(core) + r"(?:达到?|为|是|约)?(\d+(?:\.\d+)?)%")
        for words in form.results:
            match = pattern.search(squeeze(words.printed))
            if match:
                yield _words(rule, indicator, actual, words, Decimal(match[1]))
        for told in reading.prose:
            if told.unit != "%" or told.project != actual.project or told.value is None:
                continue
            named = plain(told.subject)
            if len(named) >= _NAME and (core in named or named in core):
                yield _words(rule, indicator, actual, told, told.value)


def _words(
    rule: Rule, indicator: Indicator, actual: Figure, words: Figure, value: Decimal
) -> Finding:
    """The indicator's percentage against `value`, which stands in the text of `words`."""
    told = replace(words, value=value, unit="%", measure="rate")
    stated = replace(actual, measure="rate")
    fine = span(stated).meets(span(told))
    text = say(
        "check_told_words_ok" if fine else "check_told_words",
        label=indicator.name,
        actual=actual.printed,
        place=place_of(actual),
        told=f"{value:f}%",
        other_place=place_of(words),
    )
    return rule.judged(
        fine,
        text,
        (term(actual, "stated"), term(words, "compared")),
        stated=actual.value,
        expected=told.value,
        unit="%",
        difference=(actual.value or Decimal(0)) - (told.value or Decimal(0)),
        tolerance=half_unit(stated) + half_unit(told),
    )


# --- between forms


def _same_indicators(forms: Sequence[Form]) -> Iterator[Finding]:
    """One indicator with two values in forms whose goal or result is told in the same words.

    Equal names alone prove nothing: 系统故障修复时间 of two systems are two things.
    """
    rule = form_rule("indicator_twice", "同一指标在两张自评表里一致", "warning")
    for i, first in enumerate(forms):
        for second in forms[i + 1 :]:
            alike = any(
                len(a) > 12 and fuzz.ratio(a, b) >= rules().forms.same_goal
                for a, b in zip(first.goals, second.goals, strict=False)
            )
            if not alike:
                continue
            named = {plain(ind.name): ind for ind in second.indicators}
            for indicator in first.indicators:
                other = named.get(plain(indicator.name))
                if other is not None:
                    yield from _twice(rule, indicator, other)


def _twice(rule: Rule, first: Indicator, second: Indicator) -> Iterator[Finding]:
    a, b = first.get("actual"), second.get("actual")
    if a is None or b is None or a.value is None or b.value is None or a.unit != b.unit:
        return
    signs = [cell.sign for cell in (read_cell(a.printed), read_cell(b.printed)) if cell]
    same = a.value == b.value
    if any(signs) and not same:
        return  # `≥10个` beside `22个` is no contradiction
    text = say(
        "check_twice_ok" if same else "check_twice",
        label=first.name,
        first=a.printed,
        second=b.printed,
        first_place=place_of(a),
        second_place=place_of(b),
    )
    yield rule.judged(
        same,
        text,
        (term(a, "stated"), term(b, "compared")),
        stated=a.value,
        expected=b.value,
        unit=a.unit,
        difference=a.value - b.value,
        tolerance=Decimal(0),
    )
