"""The same fact told twice, and last year's figure that two statements lead back to.

`links.link_facts` groups the figures that mean the same; here each group becomes a finding.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from index.check.equations import Rule, amount_text, gap_text, slip, unknown
from index.check.findings import (
    Finding,
    Span,
    base_value,
    full_label,
    half_unit,
    in_unit,
    label_of,
    place_of,
    shown,
    shown_unit,
    term,
)
from index.check.lookup import Reading, plain
from index.check.rules import rules
from index.links import Fact, link_facts
from index.text import squeeze
from index.values import Figure
from prompts import say

_CARRIED = re.compile("结转|结余")
_PRIOR_BASES = ("上年", "年度")
_NOW = ("final", "executed", "budget")  # what this year's amount is told as, the surest first


def check_told(reading: Reading) -> Iterator[Finding]:
    """One finding a fact that stands in several places."""
    apart: dict[str, Finding] = {}  # 收入支出总计 is two facts; a slip in it is one
    for fact in link_facts(reading.report.figures):
        figures = [reading.by_id[i] for i in fact.figures]
        if figures[0].measure == "count" and not _same_count(figures):
            continue
        project = bool(figures[0].project)
        key, name = (
            ("project_told", "项目：正文、汇总表、自评表一致")
            if project
            else ("told_twice", "同一个数在各处一致")
        )
        rule = Rule(key, name, rules().prose_source)
        finding = _told(rule, fact, figures)
        if finding.verdict == "differs" and not project:
            clear = [f for f in figures if not _of_one_budget(reading, f)]
            if len(clear) < len(figures):
                finding = _without(rule, fact, clear, finding)
        odd = finding.terms[0].figure
        if finding.verdict == "ok":
            yield finding
        elif odd not in apart:
            apart[odd] = finding
        else:
            known = {t.figure for t in apart[odd].terms}
            more = tuple(t for t in finding.terms if t.figure not in known)
            apart[odd] = replace(apart[odd], terms=apart[odd].terms + more)
    yield from apart.values()


def _same_count(figures: Sequence[Figure]) -> bool:
    """Whether a table and the prose count the same: 车辆, 设备.

    用车0辆 is told of the cars there are and of those to be bought; in the prose alone a name may
    count any two things.
    """
    places = {bool(f.table) for f in figures}
    return len(places) == 2 and not any("用车" in f.subject for f in figures)


def _of_one_budget(reading: Reading, figure: Figure) -> bool:
    """Whether a telling of 财政拨款 stands in a section on one of its budgets: which is meant?"""
    paragraph = reading.paragraphs.get(figure.table_id)
    if paragraph is None or figure.scope != "财政拨款" or not re.search(_CARRIED, figure.subject):
        return False
    return any(re.search(rules().one_budget, squeeze(name)) for name in paragraph.section)


def _without(rule: Rule, fact: Fact, clear: Sequence[Figure], finding: Finding) -> Finding:
    """The finding over the clear tellings; where they agree, that the rest cannot be compared."""
    values = {base_value(f) for f in clear}
    if len(values) > 1:
        return _told(rule, replace(fact, agree=False), clear)
    label = finding.terms[0].label
    text = say("check_told_why", label=label, place=f"第{finding.terms[0].page}页")
    return replace(finding, verdict="not_checkable", severity="note", text=text)


def _told(rule: Rule, fact: Fact, figures: Sequence[Figure]) -> Finding:
    usual, odd = _sides(figures)
    unit = shown_unit(odd)
    difference = base_value(odd) - base_value(usual)
    tolerance = half_unit(odd) + half_unit(usual)
    label = full_label(max(figures, key=lambda f: len(f.facet)))
    pieces = "，".join(say("check_told_piece", place=place_of(f), value=shown(f)) for f in figures)
    if fact.agree and len({base_value(f) for f in figures}) == 1:
        text = say("check_told_ok", label=label, count=len(figures), value=shown(usual))
    elif fact.agree:
        text = say("check_told_rounding", label=label, pieces=pieces)
    else:
        gap = gap_text(in_unit(difference, unit), unit)
        text = say("check_told", label=label, pieces=pieces, difference=gap)
        text += slip(base_value(odd), base_value(usual))
    others = [f for f in figures if f is not odd]
    return rule.judged(
        fact.agree,
        text,
        (term(odd, "stated"), *(term(f, "compared") for f in others)),
        severity="error",
        stated=in_unit(base_value(odd), unit),
        expected=in_unit(base_value(usual), unit),
        unit=unit,
        difference=in_unit(difference, unit),
        tolerance=in_unit(tolerance, unit),
    )


def _sides(figures: Sequence[Figure]) -> tuple[Figure, Figure]:
    """The value that most places tell (a table's before the prose's), and the one furthest off."""
    votes = Counter(base_value(f) for f in figures)
    usual = max(figures, key=lambda f: (votes[base_value(f)], bool(f.table)))
    odd = max(figures, key=lambda f: (abs(base_value(f) - base_value(usual)), bool(f.sentence)))
    return usual, odd if odd is not usual else next(f for f in reversed(figures) if f is not usual)


def check_prior(reading: Reading) -> Iterator[Finding]:
    """Two totals that are equal this year and moved by different amounts since last year.

    Where nothing but fiscal money was received in both years, they are one amount.
    """
    rule = Rule("prior_twice", "倒推的上年数一致", rules().prose_source, "warning")
    pairs: dict[Decimal, list[tuple[Figure, Figure]]] = defaultdict(list)
    for change in reading.prose:
        if change.measure != "change" or not change.base.endswith(_PRIOR_BASES):
            continue
        now = whole_told_with(reading, change)
        if now is not None and now.value and _is_total(change):
            pairs[base_value(now)].append((now, change))
    for told in pairs.values():
        seen = [base_value(told[0][0]) - base_value(told[0][1])]
        for now, change in told[1:]:
            if (plain(now.subject), now.scope) == (plain(told[0][0].subject), told[0][0].scope):
                continue
            before = base_value(now) - base_value(change)
            if before not in seen[1:]:  # a third total that agrees with the second says no more
                yield _prior(rule, told[0], (now, change))
            seen.append(before)


def _is_total(figure: Figure) -> bool:
    name = plain(figure.subject)
    return name.endswith(("总计", "合计")) or "财政拨款支出" in name


def whole_told_with(reading: Reading, change: Figure) -> Figure | None:
    """The amount of this year that a change is told of, in the same paragraph."""
    name = plain(change.subject)
    beside = [
        f
        for f in reading.by_table[change.table_id]
        if plain(f.subject) == name and f.value is not None and f.unit == change.unit
    ]
    return next((f for m in _NOW for f in beside if f.measure == m), None)


def _prior(rule: Rule, first: tuple[Figure, Figure], second: tuple[Figure, Figure]) -> Finding:
    spans: list[Span] = []
    values: list[Decimal] = []
    tolerance = Decimal(0)
    for now, change in (first, second):
        value = base_value(now) - base_value(change)
        half = half_unit(now) + half_unit(change)
        tolerance += half
        values.append(value)
        spans.append(Span(value - half, value + half))
    same = spans[0].meets(spans[1])
    if not same and abs(values[1] - values[0]) > rules().slight * abs(values[0]):
        amounts = [amount_text(in_unit(v, first[0].unit), first[0].unit) for v in values]
        names = {"first": label_of(first[0]), "second": label_of(second[0])}
        priors = {"first_prior": amounts[0], "second_prior": amounts[1]}
        return unknown(rule, say("check_prior_why", **names, **priors), second[1], first[1])
    unit = first[0].unit
    difference = values[1] - values[0]
    text = say(
        "check_prior_ok" if same else "check_prior",
        first=label_of(first[0]),
        second=label_of(second[0]),
        value=shown(first[0]),
        first_prior=amount_text(in_unit(values[0], unit), unit),
        second_prior=amount_text(in_unit(values[1], unit), unit),
        difference=gap_text(in_unit(difference, unit), unit),
    )
    figures = (second[1], first[1], second[0], first[0])
    return rule.judged(
        same,
        text,
        tuple(term(f, "compared" if i else "stated") for i, f in enumerate(figures)),
        stated=in_unit(values[1], unit),
        expected=in_unit(values[0], unit),
        unit=unit,
        difference=in_unit(difference, unit),
        tolerance=in_unit(tolerance, unit),
    )
