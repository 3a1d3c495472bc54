"""A table from elsewhere as a one-table report, so that public table-question sets can be run.

CSV, TSV, XLSX and HTML are read into rows of text; the rows are printed as a ruled table under a
title and a unit, as a report prints one, and the PDF is indexed and asked like any report. Since
only reports of the genre are indexed, a cover names it one, of the newest year in the table. Merged
cells of XLSX and HTML are repeated in every position that they cover; in the header, equal
neighbours are merged again.

Questions are lines of a gold set, or just `question` and `answer`: an answer that is a number, with
or without a unit, asks for a number, any other for these words.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from eval.gold import EvalError, GoldError, Problem, parse_object, read_lines
from eval.predict import write_text
from index.text import fold

Rows = tuple[tuple[str, ...], ...]

FONT = "STSong-Light"  # a font that every PDF viewer knows; nothing is embedded
_SIZE = 9
_MARGIN = 45
_WIDEST = 18  # characters in a column before its text is wrapped
_REMEDY = "请运行 pip install -e '.[dev]' 后重试。"


class TableError(EvalError):
    """A table that cannot be read or printed."""


def read_table(path: Path) -> Rows:
    """The rows of a table, all of the same length, cells stripped; the first table of a file.

    Raises TableError when the file cannot be read or holds no table.
    """
    kind = path.suffix.lower()
    if kind not in _READERS:
        raise TableError(f"{path} 不是可读的表格：只认 {'、'.join(_READERS)}。")
    try:
        rows = [[" ".join(cell.split()) for cell in row] for row in _READERS[kind](path)]
    except ImportError as error:
        raise TableError(f"读 {kind} 需要 {error.name}：{_REMEDY}") from error
    except OSError as error:
        raise TableError(f"读不到文件 {path}：{error.strerror or error}。请检查路径。") from error
    except (ValueError, KeyError, csv.Error) as error:
        raise TableError(f"{path} 中没有可读的表格：{error}") from error
    rows = [row for row in rows if any(row)]
    width = max((len(row) for row in rows), default=0)
    if len(rows) < 2 or width < 2:
        raise TableError(f"{path} 中没有可读的表格：至少要有两行两列。")
    return tuple((*row, *[""] * (width - len(row))) for row in rows)


def _read_separated(path: Path) -> Iterator[list[str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")  # what spreadsheets in China save
    yield from csv.reader(text.splitlines(), delimiter="\t" if path.suffix == ".tsv" else ",")


def _read_xlsx(path: Path) -> Iterator[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(path, data_only=True).worksheets[0]
    except (InvalidFileException, BadZipFile) as error:
        raise ValueError(str(error)) from error
    cells = {(c.row, c.column): c.value for row in sheet.iter_rows() for c in row}
    for merged in sheet.merged_cells.ranges:
        for row, column in merged.cells:
            cells[row, column] = cells[merged.min_row, merged.min_col]
    for row in range(1, sheet.max_row + 1):
        values = (cells.get((row, column)) for column in range(1, sheet.max_column + 1))
        yield ["" if value is None else str(value) for value in values]


def _read_html(path: Path) -> Iterator[list[str]]:
    import lxml.etree
    import lxml.html

    try:
        table = next(lxml.html.fromstring(path.read_bytes()).iter("table"), None)
    except lxml.etree.ParserError as error:
        raise ValueError(str(error)) from error
    if table is None:
        raise ValueError("没有 table 元素")
    cells: dict[tuple[int, int], str] = {}
    for r, row in enumerate(table.iter("tr")):
        c = 0
        for cell in row.iterchildren("td", "th"):
            while (r, c) in cells:
                c += 1
            down, right = int(cell.get("rowspan") or 1), int(cell.get("colspan") or 1)
            for place in ((y, x) for y in range(r, r + down) for x in range(c, c + right)):
                cells[place] = cell.text_content()
    for r in range(max((r for r, _ in cells), default=-1) + 1):
        width = max((c for y, c in cells if y == r), default=-1) + 1
        yield [cells.get((r, c), "") for c in range(width)]


_READERS: dict[str, Any] = {
    ".csv": _read_separated,
    ".tsv": _read_separated,
    ".xlsx": _read_xlsx,
    ".html": _read_html,
    ".htm": _read_html,
}


def print_table(rows: Rows, path: Path, title: str, unit: str = "", heads: int = 1) -> Path:
    """A PDF of the table under its title and unit, as wide as the table needs.

    The first `heads` rows are the header, repeated on every page. Raises TableError.
    """
    try:
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table
    except ImportError as error:
        raise TableError(f"印成 PDF 需要 reportlab：{_REMEDY}") from error
    if not 0 < heads < len(rows):
        raise TableError(f"表头有 {heads} 行，而表共 {len(rows)} 行：表头须至少一行且少于全表。")
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    style = ParagraphStyle("cell", fontName=FONT, fontSize=_SIZE, leading=12, wordWrap="CJK")
    widths = [
        (min(max(_length(row[column]) for row in rows), _WIDEST) + 1.5) * _SIZE
        for column in range(len(rows[0]))
    ]
    spans = list(_spans(rows[:heads]))
    hidden = {
        (c, r)
        for (left, top), (right, bottom) in spans
        for c in range(left, right + 1)
        for r in range(top, bottom + 1)
        if (c, r) != (left, top)
    }
    cells = [
        ["" if (c, r) in hidden else Paragraph(_escape(cell), style) for c, cell in enumerate(row)]
        for r, row in enumerate(rows)
    ]
    grid = Table(cells, colWidths=widths, repeatRows=heads)
    grid.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            *(("SPAN", start, end) for start, end in spans),
        ]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    height, width = A4
    size = (max(width, sum(widths) + 2 * _MARGIN + 12), height)
    page = SimpleDocTemplate(
        str(path), pagesize=size, title=title, leftMargin=_MARGIN, rightMargin=_MARGIN
    )
    years = re.findall(r"(?<!\d)20\d\d(?!\d)", " ".join([title, *chain(*rows)]))
    centred = ParagraphStyle("title", style, fontSize=15, leading=24, alignment=1)
    right = ParagraphStyle("unit", style, alignment=2, leading=18)
    cover = [f"{max(years)}年度部门决算" if years else "部门决算", "收入支出与财政拨款情况"]
    above: list[Any] = [*(Paragraph(words, centred) for words in cover), PageBreak()]
    above.append(Paragraph(_escape(title), centred))
    if unit:
        above.append(Paragraph(_escape(f"单位：{unit}"), right))
    page.build([*above, grid])
    return path


def _length(text: str) -> float:
    """Characters as wide as an ideograph."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.6 for character in text)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _spans(heads: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Runs of equal cells in a header: along a row, or where a row has none, down a column."""
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(heads):
        for c, text in enumerate(row):
            if not text or (c, r) in taken:
                continue
            right, down = c, r
            while right + 1 < len(row) and row[right + 1] == text and (right + 1, r) not in taken:
                right += 1
            while down + 1 < len(heads) and all(
                heads[down + 1][x] == text for x in range(c, right + 1)
            ):
                down += 1
            if (right, down) != (c, r):
                taken |= {(x, y) for x in range(c, right + 1) for y in range(r, down + 1)}
                yield (c, r), (right, down)


_NUMBER = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)\s*(\D{0,8})")


def gold_from(questions: Path, out: Path) -> Path:
    """A gold set made from lines that may hold just a question and an answer, written to `out`.

    Raises GoldError naming the line that cannot be used.
    """
    lines = []
    for number, line in read_lines(questions):
        try:
            row = parse_object(line)
        except ValueError as error:
            raise GoldError(str(Problem(questions, number, str(error)))) from error
        if "answer_type" not in row:
            if not row.get("question") or row.get("answer") in (None, ""):
                text = "须有 question 和 answer，或是一行完整的题"
                raise GoldError(str(Problem(questions, number, text)))
            row = _with_type(row, number)
        lines.append(json.dumps(row, ensure_ascii=False, default=_plain))
    write_text(out, "\n".join(lines) + "\n")
    return out


def _with_type(row: dict[str, Any], number: int) -> dict[str, Any]:
    answer = fold(str(row["answer"])).strip()
    full = {"id": str(row.get("id") or f"t{number:03d}"), "question": row["question"]}
    full["category"] = row.get("category") or "lookup"
    if match := _NUMBER.fullmatch(answer):
        unit = row.get("unit") or match[2]
        return full | {
            "answer_type": "number",
            "value": Decimal(match[1].replace(",", "")),
            "unit": unit,
            "tolerance": row.get("tolerance", 0),
        }
    words = [part for part in re.split(r"[、;；]", answer) if part]
    return full | {"answer_type": "text", "must_include": words}


def _plain(value: object) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)
