"""Cells of a table to figures: label path, account code, column path, measure, unit, scope.

Figures are values read from the report. Nothing here rounds; units are as printed. A blank cell, a
dash and `0.00` stay three different things (`Figure.state`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index import data
from index.labels import (
    Group,
    LabelPaths,
    code_of,
    level_of,
    names_of,
    split_groups,
    strip_number,
)
from index.meaning import Column, of_row, read_column, read_meaning, unit_in
from index.tables import Sheet
from index.text import fold, is_blank, is_dash, read_cell, squeeze
from index.values import Box, Cell, Figure, Page, Row, State, Table
from index.wording import BUDGETS


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
        base: str = "",
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
            base=base,
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
            captions=s.captions,
        )


def read_table(maker: FigureMaker) -> Table:
    """All figures of a standard table, group by group, in reading order."""
    for group in split_groups(maker.sheet):
        _read_group(maker, group)
    return maker.table()


def _read_group(maker: FigureMaker, group: Group) -> None:
    sheet = maker.sheet
    columns = _columns(maker, group)
    paths = LabelPaths()
    parts = ["", "", ""]
    account: tuple[str, ...] = ()  # the path of the last account, which projects may stand under
    body: tuple[str, ...] = ()  # the body that the rows below its own are of
    last = ""  # the code of the last account
    economic = "基本支出" in squeeze(sheet.title)
    for index, row in enumerate(sheet.rows):
        code = code_of(row, group.codes, parts)
        names = names_of(row, group)
        label_cells = [row[c] for c in (*group.names, *group.codes)]
        if not names and not code and (group.names or group.codes):
            continue
        name = names[-1] if names else ""
        if not code and not group.codes and economic:
            code = data.economic_code(strip_number(name))
        total = data.matches(data.layout().totals, squeeze(strip_number(name))) and not code
        nested = total and level_of(name) >= 0  # （一）支出合计: the sum of what it stands under
        total = total and not nested
        project = _project(sheet, row, group) or _under_account(sheet, row, group, code, total)
        of_body = group.body is not None and bool(row[group.body].text)
        if of_body and code == last != "" and _lists_projects(sheet):
            project = project or name  # below the row of its account, with the same code
        item = paths.item(names, code, total, bool(project), nested) if names else ()
        if project and (not code or of_body):
            item = (*account, *names)
        elif code:
            item = account = (*body, *item)
        elif of_body and not total:
            body = item
        last = code
        row_unit = squeeze(row[group.unit].text) if group.unit is not None else None
        made: list[Figure] = []
        used: list[Cell] = []
        for c in group.values:
            cell = row[c]
            if any(cell is other for other in (*label_cells, *used)):
                continue
            used.append(cell)
            made.append(
                _value(
                    maker, cell, index, columns[c], c, item, code, total, project, group, row_unit
                )
            )
        maker.close_row(item, code, row, made, total)
        if project:
            _attributes(maker, row, index, item, code, project, group)


def _is_amount(unit: str) -> bool:
    return unit.endswith("元") or unit in {"%", "分"}


def _is_count(path: Sequence[str]) -> bool:
    """Whether a column beside the units counts things: 数量, not 账面原值."""
    return bool(path) and squeeze(path[-1]).endswith(("数量", "数", "面积"))


def _columns(maker: FigureMaker, group: Group) -> dict[int, Column]:
    """Meaning of every value column; a change is against the budget where no 上年 stands beside."""
    plain = "budget" if maker.report_kind == "budget" else "final"
    sheet = maker.sheet

    def read(compared: str) -> dict[int, Column]:
        return {
            c: read_column(sheet.columns[c], maker.scope, maker.year, plain, group.block, compared)
            for c in group.values
        }

    measures = {column.measure for column in read("").values()}
    if "prior" in measures:
        return read("上年")
    return read(next((name for key, name in BUDGETS.items() if key in measures), "上年"))


def _with_carried(sheet: Sheet, group: Group, place: int) -> bool:
    """Whether a total of all income holds what was carried over: a column of its own beside it."""
    path = [squeeze(p) for p in sheet.columns[place]]
    heads = ["".join(squeeze(p) for p in sheet.columns[c]) for c in group.values]
    carried = any(re.match("(上年|年初).{0,4}(结转|结余)", head) for head in heads)
    return carried and len(path) == 1 and path[0] in {"合计", "总计"}


def _attributes(
    maker: FigureMaker,
    row: Sequence[Cell],
    index: int,
    item: tuple[str, ...],
    code: str,
    project: str,
    group: Group,
) -> None:
    """The words beside a project's name: its kind, its fund, the unit that carries it out."""
    for c in group.attributes:
        cell = row[c]
        if cell.text and not read_cell(cell.text):
            maker.add(
                cell,
                index,
                item,
                code,
                maker.sheet.columns[c],
                subject=strip_number(item[-1]) if item else "",
                project=project,
                measure="attribute",
                unit="",
                words=True,
            )


def _lists_projects(sheet: Sheet) -> bool:
    return "项目支出" in squeeze(sheet.title)


def _under_account(sheet: Sheet, row: Sequence[Cell], group: Group, code: str, total: bool) -> str:
    """The project that a row without a code names, in a column of accounts and projects."""
    mixed = data.layout().mixed_columns
    for c in group.names:
        leaf = squeeze(sheet.columns[c][-1]) if sheet.columns[c] else ""
        if data.matches(mixed, leaf) and row[c].text and not code and not total:
            return row[c].text
    return ""


def _project(sheet: Sheet, row: Sequence[Cell], group: Group) -> str:
    for c in group.names:
        leaf = squeeze(sheet.columns[c][-1]) if sheet.columns[c] else ""
        if (
            data.matches(data.layout().project_labels, leaf)
            and row[c].text
            and not data.matches(data.layout().totals, squeeze(row[c].text))
        ):
            return row[c].text
    return ""


def _value(
    maker: FigureMaker,
    cell: Cell,
    index: int,
    column: Column,
    place: int,
    item: tuple[str, ...],
    code: str,
    total: bool,
    project: str,
    group: Group,
    row_unit: str | None = None,
) -> Figure:
    sheet = maker.sheet
    column = of_row(column, item, code)
    meaning = read_meaning(item, code, column, sheet.title, maker.scope, group.block, total)
    if total and meaning.subject == "本年收入合计" and _with_carried(sheet, group, place):
        meaning = replace(meaning, subject="收入总计")
    measure, unit = column.measure, column.unit
    if unit is None and item:
        unit = unit_in(item[-1])  # 车辆数合计（辆）
        above = unit_in(item[-2]) if unit is None and len(item) > 1 else None
        if above and not _is_amount(above) and "." not in cell.text:
            unit = above  # 机要通信用车 under it
    if unit is None and group.unit is not None and _is_count(sheet.columns[place]):
        unit = row_unit
    if unit is None and squeeze("".join(sheet.columns[place][-1:])) == "数量":
        measure, unit = "count", ""  # of things bought, in a table of money
    facet = meaning.facet
    counted = measure == "final" or (measure == "budget" and not column.sure)
    if counted and unit and not _is_amount(unit):
        measure = "count"
        facet = "" if squeeze(facet) == "数量" else facet
    if measure in {"reason", "grade"} or not column.sure:
        if "%" in fold(cell.text) and project:
            measure = "rate"  # percentages in a column of words are the execution rate
        elif not column.sure and not (is_blank(cell.text) or read_cell(cell.text)):
            measure = "attribute"
    return maker.add(
        cell,
        index,
        item,
        code,
        sheet.columns[place],
        subject=meaning.subject,
        facet=facet,
        measure=measure,
        base=column.base,
        project=project,
        scope=meaning.scope,
        unit=unit,
        total=total,
        year=column.year,
    )
