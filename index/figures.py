"""Cells of a table to figures: label path, account code, column path, measure, unit, scope.

Figures are values read from the report. Nothing here rounds; units are as printed. A blank cell, a
dash and `0.00` stay three different things (`Figure.state`).

Account codes follow the Ministry of Finance's 政府收支分类科目: function codes of 3 / 5 / 7 digits
(类 / 款 / 项), economic codes of 3 / 5 digits (类 / 款).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from index import data
from index.tables import Sheet
from index.text import fold, is_blank, is_dash, read_cell, squeeze
from index.values import Box, Cell, Figure, Page, Row, State, Table

_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d{1,2}[、.．](?!\d))"
)
_AMONG = re.compile(r"^(?:其中[:：]|[1-9]\.)")


def strip_number(label: str) -> str:
    """A label without its `一、`, `（二）`, `3.` or `其中：`."""
    text = label.strip()
    while True:
        shorter = re.sub(r"^其中\s*[:：]\s*", "", _NUMBERING.sub("", text)).strip()
        if shorter == text or not shorter:
            return text
        text = shorter


@dataclass(frozen=True)
class _Group:
    """Columns that belong together: label columns and the value columns they name."""

    codes: tuple[int, ...]
    names: tuple[int, ...]
    attributes: tuple[int, ...]
    values: tuple[int, ...]


class FigureMaker:
    """Collects a table's figures and rows; one for each table."""

    def __init__(
        self, sheet: Sheet, number: int, year: int | None, kind: str, pages: Sequence[Page]
    ) -> None:
        self.sheet = sheet
        self.table_id = f"t{number:03d}"
        self.year = sheet.year or year
        self.report_kind = kind
        self.labels = {page.number: page.label for page in pages}
        self.scope = data.scope_of(squeeze(sheet.title), data.layout().default_scope)
        self.figures: list[Figure] = []
        self.rows: list[Row] = []

    def add(
        self,
        cell: Cell,
        row: int,
        item: tuple[str, ...],
        code: str,
        column: tuple[str, ...],
        *,
        subject: str,
        facet: str = "",
        measure: str = "",
        project: str = "",
        scope: str = "",
        unit: str | None = None,
        total: bool = False,
        year: int | None = None,
        words: bool = False,
    ) -> Figure:
        """One cell as a figure. `unit` overrides the table's, None leaves it; `words`: digits of
        the cell (a telephone number, a serial number) are no amount."""
        printed = cell.text
        number = None if words else read_cell(printed)
        state: State
        value: Decimal | None = None
        if number is not None:
            state, value = "value", number.value
            unit = number.unit or (self.sheet.unit if unit is None else unit)
        elif is_dash(printed):
            state = "dash"
        elif is_blank(printed):
            state = "blank"
        else:
            state = "text"
        key = f"{self.table_id}:{cell.page}:{cell.row}:{cell.column}:{row}"
        figure = Figure(
            id="f" + hashlib.sha1(key.encode()).hexdigest()[:10],
            item=item,
            code=code,
            column=column,
            measure=measure,
            base="",
            year=year if year is not None else self.year,
            scope=scope or self.scope,
            value=value,
            unit=(unit or "") if state == "value" else "",
            printed=printed,
            state=state,
            page=cell.page,
            page_label=self.labels.get(cell.page),
            box=cell.box,
            table=self.sheet.title,
            table_id=self.table_id,
            row=row,
            project=project,
            subject=subject,
            facet=facet,
            total=total,
        )
        self.figures.append(figure)
        return figure

    def close_row(
        self,
        item: tuple[str, ...],
        code: str,
        cells: Sequence[Cell],
        made: Sequence[Figure],
        total: bool,
    ) -> None:
        if made:
            box = Box.around(c.box for c in cells if c.page == cells[0].page)
            self.rows.append(Row(item, code, cells[0].page, box, tuple(f.id for f in made), total))

    def table(self, project: str = "") -> Table:
        s = self.sheet
        empty = not any(f.value for f in self.figures)
        return Table(
            id=self.table_id,
            title=s.title,
            form_code=s.form_code,
            unit=s.unit,
            year=self.year,
            scope=self.scope,
            kind=s.kind,
            pages=s.pages,
            boxes=s.boxes,
            columns=s.columns,
            rows=tuple(self.rows),
            notes=s.notes,
            project=project,
            empty=empty,
        )


def split_groups(sheet: Sheet) -> list[_Group]:
    """The side-by-side parts of a table: a label column after a value column opens a new part."""
    layout = data.layout()
    groups: list[_Group] = []
    codes: list[int] = []
    names: list[int] = []
    attributes: list[int] = []
    values: list[int] = []

    def close() -> None:
        if values or names:
            groups.append(_Group(tuple(codes), tuple(names), tuple(attributes), tuple(values)))
        for part in (codes, names, attributes, values):
            part.clear()

    for c, path in enumerate(sheet.columns):
        leaf = squeeze(path[-1]) if path else ""
        whole = squeeze("".join(path))
        is_code = data.matches(layout.code_columns, leaf) or (
            data.matches(layout.code_parts, leaf) and data.matches(layout.code_columns, whole)
        )
        is_code = is_code or any(data.matches(layout.code_columns, squeeze(p)) for p in path)
        if data.matches(layout.line_columns, leaf):
            continue
        if not is_code and data.matches(layout.attribute_columns, leaf):
            if values and not names:
                close()
            attributes.append(c)
        elif is_code or data.matches(layout.name_columns, leaf):
            if values and _labels_below(sheet, c):
                close()
            (codes if is_code else names).append(c)
        else:
            values.append(c)
    close()
    return groups


def _labels_below(sheet: Sheet, column: int) -> bool:
    filled = [row[column].text for row in sheet.rows if row[column].text]
    return bool(filled) and sum(1 for t in filled if "." in t and read_cell(t)) < len(filled) / 2


def read_table(maker: FigureMaker) -> Table:
    """All figures of a standard table, group by group, in reading order."""
    groups = split_groups(maker.sheet)
    for group in groups:
        _read_group(maker, group, side_by_side=len(groups) > 1)
    return maker.table()


def _read_group(maker: FigureMaker, group: _Group, side_by_side: bool) -> None:
    names: dict[str, str] = {}  # code -> name, for the label path
    taken: set[str] = set()
    parent: str | None = None  # 一、 above 其中：
    closing: str | None = None  # a 结转和结余 row whose parts repeat earlier names
    parts = ["", "", ""]
    for index, row in enumerate(maker.sheet.rows):
        code = _code(row, group.codes, parts)
        name = _name(row, group)
        label_cells = [row[c] for c in (*group.names, *group.codes)]
        if not name and not code and group.names:
            continue
        plain = strip_number(name)
        short = squeeze(plain)
        total = data.matches(data.layout().totals, short) and not code
        if code:
            names[code] = name
            path = tuple(names[k] for k in _ancestors(code) if k in names)
            item = (*path[:-1], name) if path else (name,)
        else:
            if short in taken and closing and not total:
                item = (closing, name)
            elif _AMONG.match(squeeze(name)) and parent and not total:
                item = (parent, name)
            else:
                item = (name,)
                if not total:
                    parent = name
            if "结转" in short and not _NUMBERING.match(name):
                closing = name
            taken.add(short)
        project = _project(maker.sheet, row, group)
        made = []
        used: list[Cell] = []
        for c in group.values:
            cell = row[c]
            if any(cell is other for other in label_cells) or any(cell is u for u in used):
                continue
            used.append(cell)
            made.append(_value(maker, cell, index, c, item if name else (), code, total, project))
        maker.close_row(item if name else (), code, row, made, total)
        if project:
            for c in group.attributes:
                cell = row[c]
                head = maker.sheet.columns[c]
                if cell.text and not read_cell(cell.text):
                    maker.add(
                        cell,
                        index,
                        item,
                        code,
                        head,
                        subject=plain,
                        project=project,
                        measure="attribute",
                        unit="",
                        words=True,
                    )


def _code(row: Sequence[Cell], columns: Sequence[int], parts: list[str]) -> str:
    """The account code of a row, in one column or with 类 / 款 / 项 apart (gaps inherited)."""
    found = [re.sub(r"\D", "", fold(row[c].text)) for c in columns]
    if not any(found) or any(
        fold(row[c].text) and not re.fullmatch(r"[\d\s.]+", fold(row[c].text)) for c in columns
    ):
        return ""
    if len(columns) == 1:
        return found[0]
    lasts = max(i for i, t in enumerate(found) if t)
    for i, text in enumerate(found):
        if text:
            parts[i] = text
    if found[0] and len(found[0]) > 3:  # whole code in the first column
        return found[0]
    code = ""
    for i in range(lasts + 1):
        piece = found[i] or parts[i]
        code = piece if len(piece) > len(code) and piece.startswith(code) and code else code + piece
    return code


def _ancestors(code: str) -> list[str]:
    steps = [3, 5, 7]
    return [code[:n] for n in steps if n < len(code)] + [code]


def _name(row: Sequence[Cell], group: _Group) -> str:
    """The row's name; of a merged 合计 that covers code and name columns, that word."""
    filled = [c for c in group.names if row[c].text]
    if filled:
        return row[filled[-1]].text
    for c in group.codes:
        text = row[c].text
        if text and not re.fullmatch(r"[\d\s.]+", fold(text)):
            return text
    return ""


def _project(sheet: Sheet, row: Sequence[Cell], group: _Group) -> str:
    for c in group.names:
        leaf = squeeze(sheet.columns[c][-1]) if sheet.columns[c] else ""
        if (
            leaf.startswith("项目名称")
            and row[c].text
            and not data.matches(data.layout().totals, squeeze(row[c].text))
        ):
            return row[c].text
    return ""


def _value(
    maker: FigureMaker,
    cell: Cell,
    index: int,
    column: int,
    item: tuple[str, ...],
    code: str,
    total: bool,
    project: str,
) -> Figure:
    path = maker.sheet.columns[column]
    words = [squeeze(p) for p in path]
    measure, facet_words, unit = _measure(words, maker.report_kind)
    facets = [
        p
        for p, w in zip(path, words, strict=True)
        if w in facet_words and w not in {"收入", "支出", "本年收入", "本年支出", "项目"}
    ]
    scope = maker.scope
    for w in words:
        scope = data.scope_of(w, scope) if w.endswith(("财政拨款", "预算", "算财政拨款")) else scope
    year = maker.year
    for w in words:
        if match := re.search(r"(20\d\d)年", w):
            year = int(match[1])
    facet = facets[-1] if facets else ""
    plain_facet = squeeze(facet)
    subject = strip_number(item[-1]) if item else ""
    if facet and scope != maker.scope and data.scope_of(plain_facet, "") == scope:
        facet = ""  # the column names a scope, not a part
    if plain_facet in {"合计", "小计", "本年支出合计", "本年收入合计", "总计"} and not (
        total or not item
    ):
        facet = ""
    if not item:
        chain = [f for f in facets if squeeze(f) not in {"合计", "小计"}]
        subject = chain[-1] if chain else _title_subject(maker.sheet.title)
        facet = ""
    elif total:
        subject, facet = _total_subject(maker.sheet, subject, path, facet), ""
    if unit is None and any("(%)" in w or w.endswith("%") for w in words):
        unit = "%"
    if measure == "rate":
        unit = ""
    if measure in {"reason", "grade", ""} and "%" in fold(cell.text) and project:
        measure = "rate"  # percentages that stand in a column of words are the execution rate
    return maker.add(
        cell,
        index,
        item,
        code,
        path,
        subject=subject,
        facet=facet,
        measure=measure,
        project=project,
        scope=scope,
        unit=unit,
        total=total,
        year=year,
    )


def _measure(words: Sequence[str], kind: str) -> tuple[str, set[str], str | None]:
    """Measure key, the header words that do not say it, and its inherent unit."""
    for word in reversed(words):
        found = data.measure_of(word)
        if found and not (found.key in {"budget", "final"} and _is_scope(word)):
            return found.key, {w for w in words if w != word}, found.unit
    return ("budget" if kind == "budget" else "final"), set(words), None


def _is_scope(word: str) -> bool:
    return bool(re.search(r"(一般公共|政府性基金|国有资本经营)预算$", word)) or word in {
        "支出预算",
        "收入预算",
    }


def _title_subject(title: str) -> str:
    text = re.sub(r"^\d{4}年度?(部门|单位)?|(支出|收入支出)?(决算|预算)(明细|总)?表$", "", title)
    return text or title


def _total_subject(sheet: Sheet, subject: str, path: Sequence[str], facet: str) -> str:
    """What a total row measures: its column (基本支出), its half (本年支出) or its own name."""
    plain = squeeze(subject)
    if facet and squeeze(facet) not in {"合计", "小计"}:
        return facet
    if plain not in {"合计", "总计", "小计"}:
        return subject
    half = next((p for p in path if squeeze(p) in {"收入", "支出"}), "")
    if half:
        return half + plain
    upper = next((p for p in path if squeeze(p) in {"本年支出", "本年收入"}), "")
    if upper:
        return upper + "合计"
    words = squeeze(sheet.title)
    return (
        ("本年收入" if "收入决算" in words or "收入预算" in words else "本年支出") + "合计"
        if ("支出" in words or "收入" in words)
        else subject
    )
