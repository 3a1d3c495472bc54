"""Slips that need no arithmetic: wrong years and directions, template residues, missing tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.check.equations import Rule
from index.check.findings import Finding, Term, base_value, label_of, place_of, shown, term
from index.check.lookup import Reading, plain
from index.check.places import Place, places, text_term
from index.check.rules import TextRule, role_name, rules
from index.links import agree, fact_names
from index.text import fold
from index.values import Figure
from prompts import say

_ABOVE = ("大于", "高于", "超过", "多于")
_BELOW = ("小于", "低于", "少于")
_ENOUGH_TABLES = 5  # standard tables from which on a report is taken to publish them all
# The order in which they are published; the one of 国有资本经营预算 is left out by some provinces.
_ORDER = ("total", "income", "outlay", "fiscal", "general", "basic", "fund", "three")
_BUDGETS = ("budget_initial", "budget_adjusted", "budget")


def check_wording(reading: Reading) -> Iterator[Finding]:
    found = list(places(reading))
    yield from _years(reading, found)
    yield from _directions(reading)
    for rule in rules().texts:
        yield _residue(reading, rule, found)
    yield from _tables(reading)


# --- years


def _years(reading: Reading, found: list[Place]) -> Iterator[Finding]:
    """The year in titles, and the closing day, against the report's year."""
    year = reading.report.year
    if year is None:
        return
    rule = Rule("year", "标题和时点的年度与报告一致", rules().prose_source)
    fine = True
    for place in found:
        text = fold(place.text)
        pattern = rules().wrong_year if place.title else rules().closing_day
        if not place.title and reading.report.kind != "accounts":
            continue
        for match in re.finditer(pattern, text):
            if int(match[1]) == year or re.match(r"[比较与和同]", text[: match.start()][-1:]):
                continue
            fine = False
            stated = place.text[match.start() : match.end()]
            words = {"place": place.name, "stated": stated, "year": year}
            evidence = (text_term(place, match.start(), match.end()),)
            text_of = say("check_year", **words)
            yield Finding(rule.key, rule.name, rule.source, "differs", "error", text_of, evidence)
    if fine:
        text_of = say("check_year_ok", year=year)
        yield Finding(rule.key, rule.name, rule.source, "ok", "note", text_of, (), bound=True)


# --- directions


def _directions(reading: Reading) -> Iterator[Finding]:
    """决算数大于预算数 against the two amounts of the paragraph."""
    rule = Rule("direction", "“大于／小于／持平”与数字相符", rules().prose_source)
    for key, paragraph in reading.paragraphs.items():
        text = fold(paragraph.text)
        matches = list(re.finditer(rules().direction, text))
        if not matches:
            continue
        pairs = _pairs(reading.by_table.get(key, []))
        if len(pairs) != 1:
            continue  # of two things told in one paragraph nobody can say which is meant
        for match in matches:
            stated = match.group()
            final, budgets = pairs[0]
            budget = _meant(stated, budgets)
            expected = _relation(final, budget)
            fine = _fits(stated, match["word"], final, budget)
            place = Place(paragraph.text, paragraph, False, reading.report.label(paragraph.page))
            evidence = text_term(place, match.start(), match.end())
            text_of = say(
                "check_direction_ok" if fine else "check_direction",
                place=place_of(evidence),
                stated=paragraph.text[match.start() : match.end()],
                label=label_of(final),
                final=shown(final),
                budget=shown(budget),
                expected=expected,
            )
            terms = (evidence, term(final, "compared"), term(budget, "compared"))
            yield rule.judged(
                fine,
                text_of,
                terms,
                severity="error",
                bound=True,
            )


def _meant(stated: str, budgets: dict[str, Figure]) -> Figure:
    """The budget that the words speak of: 全年预算 and 调整后预算 are named, 年初预算 seldom."""
    order = _BUDGETS if not re.search("全年|调整", stated) else _BUDGETS[1:] + _BUDGETS[:1]
    return next(budgets[m] for m in order if m in budgets)


def _pairs(figures: list[Figure]) -> list[tuple[Figure, dict[str, Figure]]]:
    """Outlay and budgets of every subject that has both in the paragraph."""
    named: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        if figure.value is not None and not figure.project:
            named.setdefault(plain(figure.subject), {}).setdefault(figure.measure, figure)
    pairs = []
    for told in named.values():
        budgets = {m: told[m] for m in _BUDGETS if m in told}
        if budgets and "final" in told:
            pairs.append((told["final"], budgets))
    return pairs


def _relation(final: Figure, budget: Figure) -> str:
    if agree(final, budget):
        return "等于"
    return "大于" if base_value(final) > base_value(budget) else "小于"


def _fits(stated: str, word: str, final: Figure, budget: Figure) -> bool:
    difference = base_value(final) - base_value(budget)
    if word in _ABOVE:
        return difference > 0
    if word in _BELOW:
        return difference < 0
    if "基本" in stated:
        return abs(difference) <= abs(base_value(budget)) * rules().nearly
    return agree(final, budget)


# --- residues


def _residue(reading: Reading, rule: TextRule, found: list[Place]) -> Finding:
    """One finding a kind of slip, with the first place and the number of places."""
    evidence: list[Term] = []
    pattern = re.compile(rule.pattern)
    if rule.where == "cells":
        evidence = [
            term(f, "stated")
            for f in reading.report.figures
            if f.table and pattern.search(fold(f.printed))
        ]
    else:
        for place in found:
            if rule.where == "heads" and not place.title:
                continue
            if rule.where == "prose" and place.title:
                continue
            for match in pattern.finditer(fold(place.text)):
                evidence.append(text_term(place, match.start(), match.end()))
    source = rules().prose_source
    if not evidence:
        text = say("check_text_ok", name=rule.name)
        return Finding(rule.key, rule.name, source, "ok", "note", text, (), bound=True)
    first = evidence[0]
    words = {"place": f"第{first.page}页", "quote": first.printed, "count": len(evidence)}
    text = say(rule.text, **words)
    return Finding(rule.key, rule.name, source, "differs", rule.severity, text, tuple(evidence))


# --- tables


def _tables(reading: Reading) -> Iterator[Finding]:
    """Standard tables that are missing, and empty ones that the prose contradicts."""
    if reading.report.kind == "accounts":
        yield from _missing(reading)
    rule = Rule("empty_table", "空表与正文相符", rules().prose_source, "warning")
    for role, tables in reading.roles.items():
        table = tables[0]
        if not table.empty or table.notes or role == "total":
            continue
        names = {n for f in reading.by_table[table.id] for n in fact_names(f)}
        against = [
            f
            for f in reading.prose
            if f.value and f.unit in {"元", "万元"} and names & set(fact_names(f))
        ]
        words = {"table": table.title}
        if not against:
            text = say("check_empty_table_ok", **words)
            yield Finding(rule.key, rule.name, rule.source, "ok", "note", text, (), bound=True)
            continue
        first = against[0]
        text = say(
            "check_empty_table",
            **words,
            place=place_of(first),
            label=label_of(first),
            value=shown(first),
        )
        cells = [term(f, "compared") for f in reading.by_table[table.id][:1]]
        terms = (term(first, "stated"), *cells)
        yield Finding(rule.key, rule.name, rule.source, "differs", "warning", text, terms)


def _missing(reading: Reading) -> Iterator[Finding]:
    rule = Rule("missing_table", "应当公开的表齐全", rules().prose_source, "warning")
    expected = [t.role for t in rules().tables if t.role in _ORDER]
    absent = [role for role in expected if not reading.has_role(role)]
    if len(expected) - len(absent) < _ENOUGH_TABLES:
        return
    for role in absent:
        before = next(
            (r for r in reversed(_ORDER[: _ORDER.index(role)]) if reading.has_role(r)), ""
        )
        tables = reading.roles[before or next(r for r in _ORDER if reading.has_role(r))]
        evidence = tuple(term(f, "compared") for f in reading.by_table[tables[0].id][:1])
        place = f"第{tables[0].pages[-1]}页《{tables[0].title}》"
        text = say("check_no_table", name=role_name(role), place=place)
        yield Finding(rule.key, rule.name, rule.source, "differs", "warning", text, evidence)
    if not absent:
        text = say("check_tables_ok")
        yield Finding(rule.key, rule.name, rule.source, "ok", "note", text, (), bound=True)
