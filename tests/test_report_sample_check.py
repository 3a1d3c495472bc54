"""The sample report checked as a whole: its three slips on purpose, nothing else; what is changed
in it is found."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from index.check import Finding, check_report
from index.values import Figure, Report

MUTATIONS = 80


@pytest.fixture(scope="module")
def findings(sample_report: Report) -> tuple[Finding, ...]:
    return check_report(sample_report)


def test_the_slips_on_purpose(findings: Sequence[Finding]) -> None:
    differs = [(f.rule, f.severity, f.terms[0].printed, f.pages) for f in findings if bad(f)]
    assert differs == [
        ("told_twice", "error", "117.23", (21, 11, 13)),
        ("project_told", "error", "96.64", (33, 36, 27)),
        ("project_told", "error", "86.39", (28, 33, 37)),
        ("completion", "error", "86.39", (28,)),
        ("prose_classes", "note", "9,870.78", (21,)),  # follows from the first
    ]


def bad(finding: Finding) -> bool:
    return finding.verdict == "differs"


def test_every_kind_of_rule_was_applied(findings: Sequence[Finding]) -> None:
    applied = {f.rule for f in findings if f.verdict != "not_checkable"}
    assert len(applied) > 60
    assert sum(f.verdict == "ok" for f in findings) > 750


def test_what_cannot_be_checked_says_why(findings: Sequence[Finding]) -> None:
    unknown = [f.text for f in findings if f.verdict == "not_checkable"]
    assert 0 < len(unknown) < 10
    assert all(text.endswith("，无法核对。") for text in unknown)


def test_legitimate_differences_are_explained(findings: Sequence[Finding]) -> None:
    explained = {f.rule: f for f in findings if f.explained}
    assert {"fiscal_within_total", "running_within_public", "reception_within_three"} <= set(
        explained
    )
    assert "机关运行经费只算行政单位" in explained["running_within_public"].text
    assert all(f.verdict == "ok" for f in explained.values())


def test_values_stand_where_they_are_printed(
    findings: Sequence[Finding], sample_report: Report
) -> None:
    by_id = {f.id: f for f in sample_report.figures}
    for finding in findings:
        for term in finding.terms:
            if term.figure:
                figure = by_id[term.figure]
                assert (term.page, term.box, term.value) == (figure.page, figure.box, figure.value)


def test_the_check_takes_less_than_two_seconds(sample_report: Report) -> None:
    start = time.perf_counter()
    check_report(sample_report)
    assert time.perf_counter() - start < 2


# --- one changed digit


def mutated(figure: Figure, choice: random.Random) -> Figure:
    """The figure with one digit changed, any of them, the last decimal place too."""
    assert figure.value is not None
    text = list(figure.printed)
    place = choice.choice([i for i, c in enumerate(text) if c.isdigit()])
    text[place] = choice.choice([d for d in "0123456789" if d != text[place]])
    digits = "".join(c for c in text if c.isdigit() or c == ".")
    value = Decimal(digits).copy_sign(figure.value)
    return replace(figure, value=value, printed="".join(text))


def test_a_changed_digit_is_found(findings: Sequence[Finding], sample_report: Report) -> None:
    """Of the figures that take part in an equation, with a seed: at least 95 in 100."""
    by_id = {f.id: f for f in sample_report.figures if f.value is not None}
    taking_part = sorted(
        {
            term.figure
            for f in findings
            if not f.bound and f.verdict != "not_checkable"
            for term in f.terms
            if term.figure in by_id
        }
    )
    assert len(taking_part) > 850
    known = {key(f) for f in findings if bad(f)}
    choice = random.Random(20240101)
    missed = []
    for _ in range(MUTATIONS):
        figure = by_id[choice.choice(taking_part)]
        other = mutated(figure, choice)
        changed = tuple(other if f.id == figure.id else f for f in sample_report.figures)
        found = [
            f
            for f in check_report(replace(sample_report, figures=changed))
            if bad(f) and key(f) not in known and any(t.figure == figure.id for t in f.terms)
        ]
        if not found:
            missed.append((figure.page, figure.subject, figure.printed, other.printed))
    assert len(missed) <= MUTATIONS * 0.05, missed


def key(finding: Finding) -> tuple[str, tuple[str, ...]]:
    return finding.rule, tuple(term.figure for term in finding.terms)
