"""The header of a ruled table: how deep it is, the path over every column, what is data."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text import is_blank, read_cell, squeeze
from index.values import Cell, distinct


def column_numbers(row: Sequence[Cell]) -> bool:
    """A row of 栏次: nothing but the word and the numbers of the columns, rising."""
    words = [squeeze(c.text) for c in distinct(row) if c.text]
    numbers = [w for w in words if w.isdigit()]
    others = {w for w in words if not w.isdigit()}
    if not numbers or not others <= {"栏次", "行次", "项目", "类", "款", "项"}:
        return False
    values = [int(n) for n in numbers]
    rising = values == sorted(set(values)) and values[-1] <= 40 and values[0] == 1
    return rising and (bool(others) or len(values) >= 3)


def header_depth(rows: Sequence[Sequence[Cell]]) -> int:
    """Number of header rows: the rows tied together by merged cells, and a 栏次 row below them."""
    depth = 1
    while depth < len(rows):
        row, above = rows[depth], rows[depth - 1]
        if column_numbers(row):
            depth += 1
            continue
        words = {squeeze(c.text) for c in row if c.text}
        if has_data(row) or words <= {"合计", "总计"}:
            break
        first = rows[0][0].row
        own, higher = _row_of(row), _row_of(above)
        begun = any(c.row < own and c.row >= first and c.row_span > 1 for c in row)
        begun = begun or any(c.row + c.row_span - 1 > higher for c in above)
        split = any(c.column_span > 1 for c in above) and not column_numbers(above)
        starts = sum(1 for c in row if c.text)
        if not ((begun or split) and starts) or column_numbers(above):
            break
        depth += 1
    return depth


def _row_of(row: Sequence[Cell]) -> int:
    """The number of a row of the grid; cells that reach into it from above have lower ones."""
    return max(c.row for c in row)


YEAR_HEAD = re.compile(r"20\d\d年度?(预算|决算|执行)?数?")


def has_data(row: Sequence[Cell]) -> bool:
    for cell in row:
        text = squeeze(cell.text)
        if re.fullmatch(r"\d{2,7}", text) and cell.column < 2:
            return True
        if YEAR_HEAD.fullmatch(text):
            continue  # 2024年 | 2025年 side by side head columns
        if cell.text and not is_blank(cell.text) and read_cell(cell.text) and not text.isdigit():
            return True
    return False


def header_path(header: Sequence[Sequence[Cell]], column: int) -> tuple[str, ...]:
    path: list[str] = []
    seen: list[Cell] = []
    for row in header:
        cell = row[column]
        if cell.text and not any(cell is s for s in seen):
            seen.append(cell)
            if not path or squeeze(path[-1]) != squeeze(cell.text):
                path.append(cell.text)
    return tuple(path)


def heads_anew(row: Sequence[Cell], kept: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first row of a page is a row above said again: the heads of a form."""
    words = [squeeze(c.text) for c in row]
    return any(words == [squeeze(c.text) for c in above] for above in kept[:_HEADS])


_HEADS = 16  # rows of a form down to the heads of its indicators
