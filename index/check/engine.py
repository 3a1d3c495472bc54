"""All checks over one report, in the order in which a reader would make them."""

from __future__ import annotations

from index.check.findings import Finding
from index.check.forms import check_forms
from index.check.lookup import Reading
from index.check.names import check_names
from index.check.projects import check_projects
from index.check.rates import check_rates
from index.check.tables import check_tables
from index.check.told import check_prior, check_told
from index.check.wholes import check_wholes
from index.check.wording import check_wording
from index.values import Report

_CHECKS = (
    check_tables,
    check_told,
    check_prior,
    check_rates,
    check_wholes,
    check_projects,
    check_forms,
    check_names,
    check_wording,
)


def check_report(report: Report) -> tuple[Finding, ...]:
    """Every check of every rule over the report; each comparison is told once."""
    reading = Reading(report)
    seen: set[tuple[str, tuple[str, ...]]] = set()
    found = []
    for check in _CHECKS:
        for finding in check(reading):
            figures = tuple(sorted(t.figure for t in finding.terms if t.figure))
            key = (finding.rule, figures)
            if figures and len(figures) > 1 and key in seen:
                continue
            seen.add(key)
            found.append(finding)
    return tuple(found)
