"""A PDF to a `Report`: read pages, find tables, read figures and claims, make passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from index import data
from index.claims import read_claims
from index.errors import NotAReportError
from index.figures import FigureMaker, read_table
from index.forms import read_form
from index.pages import read_pages
from index.passages import make_passages
from index.prose import build_paragraphs
from index.source import Progress, report_id
from index.tables import find_tables
from index.text import fold, squeeze
from index.values import Figure, Page, Report, Table
from prompts import say

_NAMED = re.compile(
    r"^(?:预算)?(?:主管部门|部门名称|单位名称|编制部门|编制单位|部门|单位)[:：](.{3,40})$"
)
_MOST_WARNINGS = 10
_HIDDEN = {
    "colour": "hidden_colour",
    "tiny": "hidden_tiny",
    "invisible": "hidden_invisible",
    "outside": "hidden_outside",
}
_SHOWN = 60  # characters of a hidden text that are shown
_YEAR = re.compile(r"(20\d\d)年")


def read_report(pdf: Path, workers: int = 0, progress: Progress | None = None) -> Report:
    """Everything in one PDF. Raises PdfError for a bad file, NotAReportError for another kind."""
    pages = read_pages(pdf, workers, progress)
    title, body, year, kind = _identity(pages, pdf)
    if progress:
        progress("识别表格", 0.0)
    sheets = find_tables(pages)
    figures: list[Figure] = []
    tables: list[Table] = []
    for number, sheet in enumerate(sheets):
        maker = FigureMaker(sheet, number, year, kind, pages)
        tables.append(read_form(maker) if sheet.kind == "form" else read_table(maker))
        figures.extend(maker.figures)
    paragraphs = build_paragraphs(pages)
    projects = {figure.project for figure in figures if figure.project}
    plain = "budget" if kind == "budget" else "final"
    figures.extend(read_claims(paragraphs, year, pages, projects, plain))
    passages = make_passages(paragraphs, tables, sheets, figures, pages)
    if progress:
        progress("识别表格", 1.0)
    return Report(
        id=report_id(pdf),
        file=pdf.name,
        title=title,
        body=body,
        year=year,
        kind=kind,
        pages=tuple(Page(p.number, p.label, p.width, p.height, (), (), p.scan) for p in pages),
        paragraphs=paragraphs,
        tables=tuple(tables),
        figures=tuple(figures),
        passages=passages,
        warnings=_warnings(pages),
    )


def _warnings(pages: Sequence[Page]) -> tuple[str, ...]:
    """What the user should know of the text that was not read because nobody sees it."""
    told = [
        say("hidden_text", page=page.number, why=say(_HIDDEN[why]), text=text[:_SHOWN])
        for page in pages
        for why, text in page.hidden
    ]
    more = len(told) - _MOST_WARNINGS
    return (*told[:_MOST_WARNINGS], *([say("hidden_more", count=more)] if more > 0 else []))


def _identity(
    pages: Sequence[Page], pdf: Path
) -> tuple[str, str, int | None, Literal["accounts", "budget", "other"]]:
    """Title, body, year and kind of the report. Raises NotAReportError for any other PDF."""
    everything = squeeze(
        "".join(
            page.text + "".join(c.text for g in page.grids for row in g.cells for c in row)
            for page in pages
        )
    )
    layout = data.layout()
    present = [w for w in layout.report_words if w in everything]
    if len(present) < layout.report_needed or not {"决算", "预算"} & set(present):
        raise NotAReportError(
            f"{pdf.name} 不像部门（单位）决算或预算公开报告：没有找到收支、财政拨款等内容。"
            "请上传部门决算公开的 PDF。"
        )
    cover, named = _cover(pages)
    cover = cover or _first_title(pages)
    folded = fold(cover)
    years = _YEAR.findall(folded) or _YEAR.findall(everything[:3000])
    kind: Literal["accounts", "budget", "other"] = "other"
    if "决算" in folded or everything.count("决算") > everything.count("预算") / 2:
        kind = "accounts"
    elif "预算" in everything:
        kind = "budget"
    body = re.sub(r"20\d\d年(度)?|(部门|单位)?(决算|预算)(公开)?(报告|说明)?.*$", "", folded)
    body = named or body.replace("(", "（").replace(")", "）")
    return cover, body.strip() or pdf.stem, int(years[0]) if years else None, kind


def _cover(pages: Sequence[Page]) -> tuple[str, str]:
    """The title on the cover, its lines joined, and the body where a line of its own names it.

    What follows the line that says 决算 or 预算 (a date, a remark) is no part of the title.
    """
    title: list[str] = []
    named = ""
    for line in pages[0].lines[:8] if pages else ():
        text = line.text.replace("\u3000", "")
        if data.matches(data.layout().cover_marks, squeeze(text)):
            continue
        if match := _NAMED.match(fold(text)):
            named = named or match[1].replace("(", "（").replace(")", "）")
        elif not any(re.search("决算|预算", t) for t in title):
            title.append(text)
    whole = "".join(title)
    return (whole if re.search("决算|预算", whole) else ""), named


def _first_title(pages: Sequence[Page]) -> str:
    for page in pages[:5]:
        for line in page.lines:
            if re.search(r"20\d\d年.{0,12}(决算|预算)", fold(line.text)) and len(line.text) < 60:
                return line.text.replace("\u3000", "")
    return ""
