"""One-page reports for tests, made with reportlab: titles, ruled grids with merged cells, lines.

In a grid `<` merges a cell with its left neighbour and `^` with the one above. The Chinese font is
one of those that every PDF viewer knows; nothing is embedded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from index.figures import FigureMaker, read_table
from index.forms import read_form
from index.pages import read_pages
from index.tables import Sheet, find_tables
from index.values import Figure
from index.values import Table as ReadTable

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Leaf:
    """A page: lines above a grid, the grid, lines below it, a printed page number; `then`: what
    stands below on the same page."""

    above: Sequence[str] = ()
    grid: Rows = ()
    below: Sequence[str] = ()
    label: str = ""
    widths: Sequence[float] = ()
    text: Sequence[str] = field(default=())
    then: Leaf | None = None


def write_pdf(path: Path, *leaves: Leaf) -> Path:
    """A PDF with these pages, A4 across."""
    width, height = landscape(A4)
    canvas = Canvas(str(path), pagesize=(width, height))
    for leaf in leaves:
        y = height - 50.0
        part: Leaf | None = leaf
        while part is not None:
            y = _draw_part(canvas, part, y, width - 120)
            part = part.then
        if leaf.label:
            canvas.setFont(FONT, 10)
            canvas.drawCentredString(width / 2, 24, leaf.label)
        canvas.showPage()
    canvas.save()
    return path


def _draw_part(canvas: Canvas, part: Leaf, y: float, width: float) -> float:
    """Draws lines, grid and lines from `y` downwards; returns where the next may begin."""
    for line in (*part.above, *part.text):
        canvas.setFont(FONT, 12)
        canvas.drawString(60, y, line)
        y -= 20
    if part.grid:
        y -= _draw_grid(canvas, part, y, width) + 16
    for line in part.below:
        canvas.setFont(FONT, 10)
        canvas.drawString(60, y, line)
        y -= 16
    return y


def _draw_grid(canvas: Canvas, leaf: Leaf, top: float, width: float) -> float:
    rows = [list(row) for row in leaf.grid]
    columns = len(rows[0])
    assert all(len(row) == columns for row in rows), "rows of unequal length"
    style: list[tuple[object, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("FONT", (0, 0), (-1, -1), FONT, 9),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in {"<", "^"}:
                continue
            right, below = c, r
            while right + 1 < columns and rows[r][right + 1] == "<":
                right += 1
            while below + 1 < len(rows) and rows[below + 1][c] == "^":
                below += 1
            if (right, below) != (c, r):
                style.append(("SPAN", (c, r), (right, below)))
    clean = [["" if t in {"<", "^"} else t for t in row] for row in rows]
    widths = list(leaf.widths) or [width / columns] * columns
    table = Table(clean, colWidths=widths, rowHeights=[22] * len(rows), style=style)
    _, high = table.wrap(width, 500)
    table.drawOn(canvas, 60, top - high)
    return float(high)


def sheets_of(path: Path) -> tuple[Sheet, ...]:
    return find_tables(read_pages(path, 1))


def read_tables(
    path: Path, year: int = 2024, kind: str = "accounts"
) -> list[tuple[ReadTable, list[Figure]]]:
    """Every table of a PDF with its figures."""
    pages = read_pages(path, 1)
    result = []
    for number, sheet in enumerate(find_tables(pages)):
        maker = FigureMaker(sheet, number, year, kind, pages)
        table = (read_form if sheet.kind == "form" else read_table)(maker)
        result.append((table, maker.figures))
    return result
