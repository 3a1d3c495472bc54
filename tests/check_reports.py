"""Small reports for the tests of the checks: prose alone, or the tables of a PDF made here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from index.check import Finding, check_report
from index.claims import read_claims
from index.values import Box, Figure, Paragraph, Report, Span, Table
from tests.pdfs import Leaf, read_tables, write_pdf

SECTION = ("第三部分说明", "一、情况说明")


def paragraph(
    text: str, section: tuple[str, ...] = SECTION, page: int = 1, heading: bool = False
) -> Paragraph:
    """A paragraph on one long line."""
    edges = tuple(float(i) for i in range(len(text) + 1))
    span = Span(0, len(text), page, Box(0, 0, float(len(text)), 10), edges)
    return Paragraph(text, section, (span,), heading)


def report_of(
    paragraphs: Iterable[Paragraph] = (),
    tables: Iterable[tuple[Table, list[Figure]]] = (),
    *,
    kind: str = "accounts",
    body: str = "松原县档案馆",
) -> Report:
    """A report of 2024 with these paragraphs and tables."""
    told = tuple(paragraphs)
    read = list(tables)
    figures = [figure for _, found in read for figure in found]
    projects = {figure.project for figure in figures if figure.project}
    plain = "budget" if kind == "budget" else "final"
    figures.extend(read_claims(told, 2024, [], projects, plain))
    return Report(
        id="test",
        file="test.pdf",
        title=f"{body}2024年度部门决算",
        body=body,
        year=2024,
        kind="budget" if kind == "budget" else "accounts",
        pages=(),
        paragraphs=told,
        tables=tuple(table for table, _ in read),
        figures=tuple(figures),
        passages=(),
    )


def prose(*texts: str) -> Report:
    return report_of(paragraph(text) for text in texts)


def tables_of(folder: Path, *leaves: Leaf) -> list[tuple[Table, list[Figure]]]:
    return read_tables(write_pdf(folder / "tables.pdf", *leaves))


def differing(report: Report) -> list[Finding]:
    return [f for f in check_report(report) if f.verdict == "differs"]


def verdicts(report: Report, rule: str) -> list[str]:
    return [f.verdict for f in check_report(report) if f.rule == rule]
