"""Findings as a page to print and as a spreadsheet. Only here is something written to disk.

The page is self-contained and every text in it escaped. In the spreadsheet every text is a text
cell: a sentence that begins with `=` is never a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from jinja2 import Environment, PackageLoader, StrictUndefined

from index.check.findings import Finding, number
from index.check.listing import SEVERITIES, head, places_text, sort_findings
from index.errors import PdfError
from index.values import Report
from prompts import say, templates

_SHOWN = Decimal("0.0001")  # places of an amount on the page; the workbook has all
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_COLUMNS = (
    ("check_col_number", 6),
    ("check_col_verdict", 10),
    ("check_col_severity", 8),
    ("check_col_text", 80),
    ("check_col_stated", 16),
    ("check_col_expected", 16),
    ("check_col_difference", 14),
    ("check_col_tolerance", 12),
    ("check_col_unit", 8),
    ("check_col_pages", 12),
    ("check_col_places", 60),
    ("check_col_rule", 40),
    ("check_col_source", 40),
)


def write_html(report: Report, findings: Sequence[Finding], target: Path) -> None:
    """A page to read or print. Raises PdfError where it cannot be written."""
    page = html(report, findings)
    try:
        target.write_text(page, "utf-8")
    except OSError as error:
        raise _unwritable(target, "--html") from error


def html(report: Report, findings: Sequence[Finding]) -> str:
    found = sort_findings(findings)
    environment = Environment(
        loader=PackageLoader("prompts", ""), autoescape=True, undefined=StrictUndefined
    )
    words = {name: text for name, text in templates().items() if name.startswith("check_")}
    return environment.get_template("check.html.j2").render(
        title=report.title or report.file,
        head=head(report, found),
        words=words,
        differs=[_row(finding) for finding in found.differs],
        explained=[f.text for f in found.explained],
        open=[f.text for f in found.open],
        by_rule=found.by_rule,
    )


def _row(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity,
        "severity_word": say(SEVERITIES[finding.severity]),
        "text": finding.text,
        "places": say("check_evidence", places=places_text(finding.terms)).strip(),
        "rule": say("check_rule", name=finding.name, source=finding.source).strip(),
        "stated": _amount(finding.stated, finding.unit),
        "expected": _amount(finding.expected, finding.unit),
        "difference": _amount(finding.difference, finding.unit),
        "tolerance": _amount(finding.tolerance, finding.unit),
    }


def _amount(value: Decimal | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{number(value.quantize(_SHOWN, ROUND_HALF_UP).normalize())}{unit}"


def write_xlsx(report: Report, findings: Sequence[Finding], target: Path) -> None:
    """A workbook: the differences on the first sheet, every check on the second.

    Raises PdfError where it cannot be written.
    """
    found = sort_findings(findings)
    try:
        with xlsxwriter.Workbook(str(target), _OPTIONS) as book:
            _sheet(book, say("check_verdict_differs"), head(report, found), found.differs)
            _sheet(book, say("check_col_rule"), say("check_about"), findings)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise _unwritable(target, "--xlsx") from error


def _sheet(book: Any, name: str, title: str, findings: Sequence[Finding]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bg_color": "#F4F5F7", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, title)
    for column, (key, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width, wrap)
        sheet.write_string(1, column, say(key), bold)
    sheet.freeze_panes(2, 0)
    for row, finding in enumerate(findings, 2):
        for column, value in enumerate(_cells(row - 1, finding)):
            if isinstance(value, str):
                sheet.write_string(row, column, value, wrap)
            elif value is not None:
                sheet.write_number(row, column, float(value), wrap)
    if findings:
        sheet.autofilter(1, 0, 1 + len(findings), len(_COLUMNS) - 1)


def _cells(place: int, finding: Finding) -> tuple[str | int | Decimal | None, ...]:
    return (
        place,
        _verdict(finding),
        say(SEVERITIES[finding.severity]) if finding.verdict == "differs" else "",
        finding.text,
        finding.stated,
        finding.expected,
        finding.difference,
        finding.tolerance,
        finding.unit,
        "、".join(map(str, finding.pages)),
        places_text(finding.terms),
        finding.name,
        finding.source,
    )


def _verdict(finding: Finding) -> str:
    if finding.verdict == "differs":
        return say("check_verdict_differs")
    if finding.verdict == "not_checkable":
        return say("check_verdict_open")
    return say("check_verdict_explained" if finding.explained else "check_ok")


def _unwritable(target: Path, option: str) -> PdfError:
    return PdfError(f"无法写入 {target}：请检查目录和权限，或用 {option} 换一个位置。")
