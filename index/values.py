"""The values that flow out of a report: pages, tables, figures, passages.

Nothing here does I/O and nothing rounds. Boxes are in points with the origin at the top left of
the page; page numbers start at 1 as a PDF viewer counts; money keeps the unit it was printed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

# scopes with tables and sections of their own, beside the general budget
FUND_SCOPES = frozenset({"政府性基金预算财政拨款", "国有资本经营预算财政拨款"})


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points, origin top left."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        """Whether the point lies inside, `slack` points beyond the edges allowed."""
        return (
            self.x0 - slack <= x <= self.x1 + slack and self.top - slack <= y <= self.bottom + slack
        )

    def as_list(self) -> list[float]:
        return [round(v, 2) for v in (self.x0, self.top, self.x1, self.bottom)]

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box:
        """The smallest box around all of `boxes`. Raises ValueError when there are none."""
        found = list(boxes)
        return Box(
            min(b.x0 for b in found),
            min(b.top for b in found),
            max(b.x1 for b in found),
            max(b.bottom for b in found),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """Characters on one printed line, left to right, white space between ideographs dropped.

    `edges[i]` is the left edge of `text[i]` in points; one more entry closes the line.
    """

    text: str
    box: Box
    edges: tuple[float, ...]
    size: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table as it stands on one page, before its meaning is read.

    `cells[r][c]` is the cell that covers that position; a merged cell stands in every position
    that it covers, so that all rows have the same length.
    """

    page: int
    box: Box
    cells: tuple[tuple[Cell, ...], ...]

    @property
    def width(self) -> int:
        return len(self.cells[0]) if self.cells else 0

    def texts(self) -> list[list[str]]:
        return [[cell.text for cell in row] for row in self.cells]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: text as printed with white space removed, its box, its place in the grid."""

    text: str
    box: Box
    page: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


def distinct(row: Iterable[Cell]) -> list[Cell]:
    """The cells of a row of a full grid, a merged one once and not at every place it covers."""
    return list({id(cell): cell for cell in row}.values())


@dataclass(frozen=True, slots=True)
class Page:
    """A page: number from 1, printed label (`- 24 -` gives `24`), lines, grids.

    `scan` is true for a picture of a page: its text is what OCR recognised, not what was written.
    `hidden` is text that nobody sees and that was not read: why (see `index.hidden`), and the text.
    """

    number: int
    label: str | None
    width: float
    height: float
    lines: tuple[Line, ...]
    grids: tuple[Grid, ...]
    scan: bool = False
    hidden: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Span:
    """The piece `text[start:end]` of a paragraph that stands on one printed line."""

    start: int
    end: int
    page: int
    box: Box
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose, rebuilt over line and page breaks, with its section path."""

    text: str
    section: tuple[str, ...]
    spans: tuple[Span, ...]
    heading: bool = False

    @property
    def page(self) -> int:
        return self.spans[0].page

    def place(self, start: int, end: int) -> tuple[int, Box]:
        """Page and box of `text[start:end]`; the box covers the part on the page it starts on."""
        page: int | None = None
        boxes: list[Box] = []
        for span in self.spans:
            if span.end <= start or span.start >= end:
                continue
            if page is None:
                page = span.page
            if span.page != page:
                break
            left = span.edges[max(start, span.start) - span.start]
            right = span.edges[min(end, span.end) - span.start]
            boxes.append(Box(left, span.box.top, max(right, left), span.box.bottom))
        if page is None:
            return self.spans[0].page, self.spans[0].box
        return page, Box.around(boxes)


State = Literal["value", "blank", "dash", "text"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell or number of the report, with its meaning and its place.

    item       label path, outermost first, e.g. ("一般公共服务支出", "行政运行")
    code       account code as digits, "" when there is none
    column     header path, outermost first, e.g. ("本年支出", "基本支出")
    measure    key of `data/measures.yaml` (budget, final, rate, ...), "" when unknown
    base       what a change or a rate is measured against (上年决算, 年初预算, ...), "" when none
    value      exact Decimal in `unit`, None when the cell holds no number
    state      value / blank (an empty cell) / dash (`-`, `—`) / text (a cell of words)
    printed    the exact characters on the page
    table      title of its table, "" for a figure of the prose
    sentence   the sentence it stands in, "" for a cell
    project    the project that its form or row is about, "" when none
    subject    what is measured, numbering stripped: the row's name, or the column's on a total row
    facet      the part of the subject that the column takes (基本支出, 财政拨款收入), "" for all
    """

    id: str
    item: tuple[str, ...]
    code: str
    column: tuple[str, ...]
    measure: str
    base: str
    year: int | None
    scope: str
    value: Decimal | None
    unit: str
    printed: str
    state: State
    page: int
    page_label: str | None
    box: Box
    table: str
    table_id: str
    row: int
    sentence: str = ""
    project: str = ""
    subject: str = ""
    facet: str = ""
    total: bool = False

    @property
    def name(self) -> str:
        """The innermost label: what a person would call the figure's row."""
        return self.item[-1] if self.item else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A body row of a table: label path, account code, the ids of its figures."""

    item: tuple[str, ...]
    code: str
    page: int
    box: Box
    figures: tuple[str, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Caption:
    """A line of words over a table: its title, its unit, the body that it is of."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report, over all pages that it runs on."""

    id: str
    title: str
    form_code: str
    unit: str
    year: int | None
    scope: str
    kind: str
    pages: tuple[int, ...]
    boxes: tuple[tuple[int, Box], ...]
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    project: str = ""
    empty: bool = False
    captions: tuple[Caption, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to retrieve: a paragraph with its section, or a table row with title and header."""

    id: str
    text: str
    kind: Literal["paragraph", "row", "note"]
    page: int
    page_label: str | None
    box: Box
    source: str
    section: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything read from one PDF; `warnings` are for the user, such as text that nobody sees."""

    id: str
    file: str
    title: str
    body: str
    year: int | None
    kind: Literal["accounts", "budget", "other"]
    pages: tuple[Page, ...]
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    passages: tuple[Passage, ...]
    warnings: tuple[str, ...] = field(default=())

    def label(self, page: int) -> str | None:
        return self.pages[page - 1].label if 0 < page <= len(self.pages) else None

    def scanned(self, page: int) -> bool:
        """Whether the page is a scan, so that its figures were recognised by OCR."""
        return 0 < page <= len(self.pages) and self.pages[page - 1].scan
