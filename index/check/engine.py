"""All checks over one report, in the order in which a reader would make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.check.findings import MONEY, ONE, Finding, Term, place_of
from index.check.forms import check_forms
from index.check.indicators import check_indicators
from index.check.lookup import Reading
from index.check.names import check_names
from index.check.projects import check_projects
from index.check.rates import check_rates
from index.check.shares import check_shares
from index.check.tables import check_tables
from index.check.told import check_prior, check_told
from index.check.wholes import check_wholes
from index.check.wording import check_wording
from index.values import Report
from prompts import say

_CHECKS = (
    check_tables,
    check_told,
    check_prior,
    check_rates,
    check_shares,
    check_wholes,
    check_projects,
    check_forms,
    check_indicators,
    check_names,
    check_wording,
)


def check_report(report: Report) -> tuple[Finding, ...]:
    """Every check of every rule over the report; each comparison is told once.

    A sum that fails only because one of its parts is told wrongly elsewhere says so.
    """
    reading = Reading(report)
    seen: set[tuple[str, tuple[str, ...]]] = set()
    found: list[Finding] = []
    for check in _CHECKS:
        for finding in check(reading):
            figures = tuple(sorted(t.figure for t in finding.terms if t.figure))
            key = (finding.rule, figures)
            if len(figures) > 1 and key in seen:
                continue
            seen.add(key)
            found.append(finding)
    return tuple(_with_causes(found))


def _with_causes(findings: Sequence[Finding]) -> list[Finding]:
    slips = {
        f.terms[0].figure: f
        for f in findings
        if f.verdict == "differs" and f.rule in {"told_twice", "project_told"}
    }
    return [_with_cause(f, slips) for f in findings]


def _with_cause(finding: Finding, slips: dict[str, Finding]) -> Finding:
    """The finding, with a word on its cause where a part's slip explains the whole difference."""
    if finding.verdict != "differs" or finding.difference is None or finding.tolerance is None:
        return finding
    for part in finding.terms:
        slip = slips.get(part.figure)
        if part.role != "part" or slip is None or slip.difference is None:
            continue
        factor = MONEY.get(slip.unit, ONE) / MONEY.get(finding.unit, ONE)
        if abs(finding.difference + slip.difference * factor) <= finding.tolerance:
            other = _usual(slip)
            follows = say(
                "check_follows",
                label=part.label,
                place=place_of(other),
                value=f"{other.printed}{'' if other.printed.endswith(other.unit) else other.unit}",
            )
            return replace(finding, severity="note", text=finding.text + follows)
    return finding


def _usual(slip: Finding) -> Term:
    """The telling that the odd one is held against."""
    return next(t for t in slip.terms[1:] if t.value is not None)
