"""Findings as text for people and as plain data for programs; nothing is judged here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from index.check.findings import Finding, Term
from index.values import Report
from prompts import say

_MOST_PLACES = 8
SEVERITIES = {"error": "check_error", "warning": "check_warning", "note": "check_note"}


@dataclass(frozen=True, slots=True)
class Sorted:
    """Findings by what a reader does with them; the gravest differences first."""

    differs: tuple[Finding, ...]
    explained: tuple[Finding, ...]
    open: tuple[Finding, ...]
    ok: int
    total: int
    by_rule: tuple[tuple[str, int, int, int], ...]  # name, ok, differs, not checkable


def sort_findings(findings: Sequence[Finding]) -> Sorted:
    differs = sorted(
        (f for f in findings if f.verdict == "differs"),
        key=lambda f: (list(SEVERITIES).index(f.severity), min(f.pages, default=0)),
    )
    unknown = {f.text: f for f in findings if f.verdict == "not_checkable"}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for finding in findings:
        counts[finding.name][finding.verdict] += 1
    return Sorted(
        differs=tuple(differs),
        explained=tuple(f for f in findings if f.explained),
        open=tuple(unknown.values()),
        ok=sum(f.verdict == "ok" for f in findings),
        total=len(findings),
        by_rule=tuple((n, c["ok"], c["differs"], c["not_checkable"]) for n, c in counts.items()),
    )


def listing(report: Report, findings: Sequence[Finding]) -> list[str]:
    """The findings as lines: differences first, then what is explained, open, and the counts."""
    found = sort_findings(findings)
    lines = [head(report, found), ""]
    if found.differs:
        lines.append(say("check_differs"))
        for number, finding in enumerate(found.differs, 1):
            severity = say(SEVERITIES[finding.severity])
            lines.append(say("check_line", number=number, severity=severity, text=finding.text))
            if finding.terms:
                lines.append(say("check_evidence", places=places_text(finding.terms)))
            lines.append(say("check_rule", name=finding.name, source=finding.source))
    else:
        lines.append(say("check_none"))
    for title, group in (("check_explained", found.explained), ("check_open", found.open)):
        if group:
            lines += ["", say(title)]
            lines += [say("check_plain_line", text=f.text) for f in group]
    lines += ["", say("check_counts")]
    for name, ok, differs, unknown in found.by_rule:
        counts = say("check_rule_counts", name=name, ok=ok, differs=differs, open=unknown)
        lines.append(say("check_plain_line", text=counts))
    return [*lines, "", say("check_about")]


def head(report: Report, found: Sorted) -> str:
    return say(
        "check_head",
        title=report.title or report.file,
        total=found.total,
        differs=len(found.differs),
        ok=found.ok,
        open=found.total - found.ok - len(found.differs),
    )


def places_text(terms: Sequence[Term]) -> str:
    """The places of the values, `第7页《收入支出决算总表》“支出总计”2,995.39万元；…`."""
    pieces = [place_text(term) for term in terms[:_MOST_PLACES]]
    more = len(terms) - _MOST_PLACES
    return "；".join(pieces) + (f"……等{len(terms)}处" if more > 0 else "")


def place_text(term: Term) -> str:
    printed = (
        term.printed
        if term.value is None or term.printed.endswith(term.unit)
        else (term.printed + term.unit)
    )
    return say(
        "check_place",
        page=term.page,
        table=f"《{term.table}》" if term.table else "",
        label=term.label,
        printed="" if printed == term.label else printed or "空白",
    )


def finding_as_dict(finding: Finding) -> dict[str, Any]:
    """A finding as the interface names its fields; decimals are strings, boxes in points."""
    return {
        "rule": finding.rule,
        "name": finding.name,
        "source": finding.source,
        "verdict": finding.verdict,
        "severity": finding.severity if finding.verdict == "differs" else None,
        "explained": finding.explained,
        "text": finding.text,
        "stated": _text(finding.stated),
        "expected": _text(finding.expected),
        "unit": finding.unit or None,
        "difference": _text(finding.difference),
        "tolerance": _text(finding.tolerance),
        "figures": [_term_as_dict(term) for term in finding.terms],
    }


def _term_as_dict(term: Term) -> dict[str, Any]:
    return {
        "role": term.role,
        "label": term.label,
        "item": " > ".join(term.item),
        "column": " > ".join(term.column),
        "value": _text(term.value),
        "unit": term.unit,
        "printed": term.printed,
        "page": term.page,
        "page_label": term.page_label,
        "bbox": term.box.as_list(),
        "table": term.table or None,
        "quote": term.quote or None,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
