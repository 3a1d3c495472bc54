"""Ruled grids to tables: title, unit, header, continuation over pages.

Titles identify tables, numbers do not. `find_tables` gives `Sheet`s: the body cells of a table
with their header path, over all its pages; `figures` then gives the cells their meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index import data
from index.headers import column_numbers, has_data, header_depth, header_path, heads_anew
from index.text import fold, read_cell, squeeze
from index.values import Box, Caption, Cell, Grid, Line, Page, distinct

_FOLIO = re.compile(r"[-—–―·\s]*(第)?\d{1,4}(页)?[-—–―·\s]*")
_UNIT = re.compile(r"单位[:：]?[^元]{0,6}?((?:亿|万|千|百)?元)")
_MONEY = re.compile(r"\(((?:亿|万|千|百)?元)\)")
_FORM_CODE = re.compile(
    r"(?:部门|单位)?公开表\s*\d{1,2}(?!\d)|(?:公开|预算|决算|财决)\s*\d{1,2}(?:-\d+)?\s*表|附(?:件|表)\s*\d{1,2}(?:-\d{1,2})?(?!\d)"
)
_CONTINUED = re.compile(r"[(（]?续表?\d*[)）]?$|^续表")
_YEAR = re.compile(r"(20\d\d)\s*年")
_TITLE = re.compile(r"表(?:[-—－][^。;；]{2,16})?(?:[(（][^)）]{1,16}[)）]){0,2}$")
_FURNITURE = re.compile(
    r"^((公开|预算|决算|财决)\d{1,2}(-\d+)?表|附表\d*|(金额)?单位[:：].{0,8}|(编制|填报)?(单位|部门)(名称)?[:：].*|"
    r"[(（]?20\d\d年度?[)）]?|\(?续\)?)+$"
)
_SAME_EDGE = 4.0  # points within which the edges of two pages are one


@dataclass(frozen=True)
class Sheet:
    """A table before its cells are read: body rows as cells, header path of every column."""

    title: str
    form_code: str
    unit: str
    year: int | None
    kind: str
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    boxes: tuple[tuple[int, Box], ...]
    notes: tuple[str, ...] = ()
    header: tuple[tuple[str, ...], ...] = field(default=())
    edges: tuple[float, ...] = ()  # left edges of the columns on the first page, and the right one
    captions: tuple[Caption, ...] = ()

    @property
    def pages(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(page for page, _ in self.boxes))


@dataclass(frozen=True)
class _Block:
    grid: Grid
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    first_on_page: bool
    section: str
    under: bool = False  # right below another grid, no line between them: of the same title
    stacked: bool = False  # below another table of the same grid


def find_tables(pages: Sequence[Page]) -> tuple[Sheet, ...]:
    """All tables of the report in reading order, those that run over pages joined."""
    sheets: list[Sheet] = []
    for block in _blocks(pages):
        title, texts = _title(block)
        rows = list(block.grid.cells[_leading_rows(block.grid) :])
        notes: list[str] = []
        while rows and (note := _note_row(rows[-1])):
            notes.insert(0, note)
            rows.pop()
        if not rows:
            continue
        notes.extend(_notes(block))
        last = sheets[-1] if sheets else None
        if last and block.under and not title and (_heads_block(rows[0]) or block.stacked):
            sheets.append(_same_title(_new_sheet(block, title, texts, rows, notes), last))
            continue
        aligned = _aligned(last, block.grid, rows) if last else None
        if last and aligned and _continues(last, block, title, aligned):
            sheets[-1] = _extend(last, block, aligned, notes)
            continue
        alike = last is not None and last.kind == "form" == _kind(block.grid)
        before = last.title if last is not None and alike and not block.above else ""
        sheets.append(_with_unit(_new_sheet(block, title, texts, rows, notes, before), last))
    return tuple(sheets)


def _with_unit(sheet: Sheet, last: Sheet | None) -> Sheet:
    """The sheet in the unit of the one above it on the page, where it prints none and has the
    same columns: 市级使用资金 … 单位：万元, then 对下转移支付 without."""
    if last is None or sheet.unit or sheet.kind == "form" or last.boxes[-1][0] != sheet.boxes[0][0]:
        return sheet
    own, above = ({squeeze(c[-1]) for c in s.columns if c} for s in (sheet, last))
    alike = bool(own) and len(own & above) >= _ALIKE * len(own)
    return replace(sheet, unit=last.unit) if alike else sheet


_ALIKE = 0.8  # share of a table's columns that the table above it has too


def _blocks(pages: Sequence[Page]) -> list[_Block]:
    blocks = []
    section = ""
    parted: tuple[Line, ...] = ()  # the title at the foot of the page before
    for page in pages:
        edge = 0.0
        for i, grid in enumerate(page.grids):
            above = tuple(
                line for line in page.lines if edge - 2 <= line.box.middle[1] <= grid.box.top
            )
            if i == 0 and not above:
                above = parted
            end = page.grids[i + 1].box.top if i + 1 < len(page.grids) else page.height
            below = tuple(
                line for line in page.lines if grid.box.bottom <= line.box.middle[1] <= end
            )
            section = _section(above, section)
            for n, part in enumerate(_stacked(grid)):
                lines = above if n == 0 else ()
                under = not lines and (n > 0 or i > 0)
                first = i == 0 and n == 0
                blocks.append(_Block(part, lines, below, first, section, under, n > 0))
            edge = grid.box.bottom
        rest = [line for line in page.lines if line.box.top > edge]
        section = _section(rest, section)
        parted = _parted_title(rest)
    return blocks


def _stacked(grid: Grid) -> list[Grid]:
    """The tables that stand under each other in one grid, each below a row that names its column.

    预算数 over a header and a row of amounts, 决算数 over the same header and another row.
    """
    starts = [0]
    form = _kind(grid) == "form"
    for i, row in enumerate(grid.cells):
        heads = _heads_block(row) or (not form and _heads_columns(grid.cells, i))
        if i and heads and any(map(has_data, grid.cells[starts[-1] : i])):
            starts.append(i)
    if len(starts) == 1:
        return [grid]
    ends = [*starts[1:], len(grid.cells)]
    return [
        replace(grid, cells=rows, box=Box.around(c.box for row in rows for c in row))
        for rows in (grid.cells[a:b] for a, b in zip(starts, ends, strict=True))
    ]


def _heads_block(row: Sequence[Cell]) -> bool:
    """Whether a row is one cell over the whole width that names what stands below: 决算数."""
    cells = distinct(row)
    return len(cells) == 1 and data.matches(data.layout().block_heads, squeeze(cells[0].text))


def _heads_columns(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    """Whether a row names the columns of what stands below it: 经费控制情况 | 2023年决算数 | …"""
    label, *heads = distinct(rows[at])
    if len(heads) < 2 or at + 1 == len(rows) or not label.text or has_data(rows[at]):
        return False
    named = all(data.matches(data.layout().block_columns, squeeze(c.text)) for c in heads)
    below = [rows[at + 1][c.column] for c in heads]
    return named and all(read_cell(c.text) for c in below)


def _same_title(sheet: Sheet, last: Sheet) -> Sheet:
    unit = _MONEY.search(fold("".join(sheet.header[0][:1]))) if sheet.header else None
    return replace(
        sheet,
        title=last.title,
        form_code=last.form_code,
        unit=unit[1] if unit else sheet.unit or last.unit,
        year=sheet.year or last.year,
    )


def _parted_title(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The title and the unit that end a page, when the table itself begins on the next one."""
    kept = [line for line in lines if not _FOLIO.fullmatch(squeeze(line.text))]
    count = 0
    for line in reversed(kept):
        plain = squeeze(line.text)
        if not (_FURNITURE.match(plain) or (_TITLE.search(plain) and len(plain) <= 45)):
            break
        count += 1
    tail = tuple(kept[len(kept) - count :])
    return tail if any(_UNIT.search(squeeze(line.text)) for line in tail) else ()


def _section(lines: Sequence[Line], before: str) -> str:
    """The heading that holds after `lines`."""
    for line in lines:
        if re.match(r"^[一二三四五六七八九十]+、[^\s:：。]{2,30}$", line.text):
            before = line.text
    return before


def _leading_rows(grid: Grid) -> int:
    """Rows on top that hold the title, the unit or the form code (an Excel habit), not a header."""
    count = 0
    for row in grid.cells[:4]:
        texts = [squeeze(c.text) for c in distinct(row) if c.text]
        whole = len(row) > 1 and row[0].column_span == len(row) and row[0].row_span == 1
        titled = whole and len(texts) == 1 and len(texts[0]) <= 45 and bool(_TITLE.search(texts[0]))
        if not titled and not (texts and all(_FURNITURE.match(t) for t in texts)):
            break
        count += 1
    return count


def _note_row(row: Sequence[Cell]) -> str:
    """The text of a last row that is a note over the whole width; "" for any other row."""
    texts = [c.text for c in distinct(row) if c.text]
    return texts[0] if len(texts) == 1 and re.match(r"^(注|说明|备注)\s*[:：]", texts[0]) else ""


def _left_edges(grid: Grid) -> tuple[float, ...]:
    lefts = {c.column: c.box.x0 for row in grid.cells for c in row}
    return (*(lefts[c] for c in sorted(lefts)), grid.box.x1)


def _aligned(
    sheet: Sheet, grid: Grid, rows: Sequence[tuple[Cell, ...]]
) -> list[tuple[Cell, ...]] | None:
    """The rows of a continuation in the columns of the sheet; None where the edges do not match.

    A page that lacks some of the ruled edges has fewer columns: its wide cells cover several.
    """
    if grid.width == len(sheet.columns):
        return list(rows)
    edges = _left_edges(grid)
    if grid.width > len(sheet.columns) or len(sheet.edges) != len(sheet.columns) + 1:
        return None
    if any(min(abs(e - other) for other in sheet.edges) > _SAME_EDGE for e in edges):
        return None
    middles = [(a + b) / 2 for a, b in pairwise(sheet.edges)]
    places = [max(i for i, e in enumerate(edges[:-1]) if e <= m + _SAME_EDGE) for m in middles]
    made: dict[int, Cell] = {}
    result = []
    for row in rows:
        for c, place in enumerate(places):
            cell = row[place]
            known = made.get(id(cell))
            span = known.column_span + 1 if known and cell.row == row[0].row else 1
            column = known.column if known else c
            if known is None or span > known.column_span:
                made[id(cell)] = replace(cell, column=column, column_span=span)
        result.append(tuple(made[id(row[place])] for place in places))
    return result


def _title(block: _Block) -> tuple[str, str]:
    """The title above a grid or in its first row ("" for none), and all text there."""
    leading = block.grid.cells[: _leading_rows(block.grid)]
    inner = [c.text for row in leading for c in distinct(row) if c.text]
    lines = [*(line.text for line in block.above), *inner]
    pieces = [piece.strip() for line in lines for piece in line.split("\u3000") if piece.strip()]
    title = ""
    for piece in reversed(pieces[-8:]):
        plain = squeeze(piece)
        if _FORM_CODE.fullmatch(plain) or plain.startswith(("单位:", "注:", "说明:", "编制")):
            continue
        if re.match(r"^[一二三四五六七八九十\d]+[、.]", plain) and len(plain) > 30:
            continue
        if _TITLE.search(plain) and 3 <= len(plain) <= 45 and "。" not in plain:
            title = _FORM_CODE.sub("", piece).strip(" :：")
            break
    return title, "".join(pieces)


def _continues(last: Sheet, block: _Block, title: str, rows: Sequence[Sequence[Cell]]) -> bool:
    grid = block.grid
    first = [squeeze(c.text) for c in rows[0]]
    begins = data.matches(data.layout().project_labels, first[0])
    if grid.page - last.pages[-1] > 1 or (begins and not any("级指标" in t for t in first)):
        return False
    if title:
        same = squeeze(_CONTINUED.sub("", title)) == squeeze(last.title)
        return (
            same
            and (bool(_CONTINUED.search(title)) or _repeats_header(last, rows) > 0)
            and (last.kind != "form")
        )
    if grid.page == last.pages[-1]:
        return not block.above and _repeats_header(last, rows) == 0
    if last.notes and any(squeeze(n).startswith(("注", "说明")) for n in last.notes):
        return False
    return block.first_on_page and sum(len(line.text) for line in block.above) < 40


def _repeats_header(sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> int:
    """How many leading rows repeat a tail of the sheet's header."""
    known = [tuple(squeeze(t) for t in row) for row in sheet.header]
    count = 0
    for row in rows[: len(known)]:
        if tuple(squeeze(c.text) for c in row) in known:
            count += 1
        else:
            break
    return count


def _extend(
    sheet: Sheet, block: _Block, rows: Sequence[tuple[Cell, ...]], notes: Sequence[str]
) -> Sheet:
    body = [r for r in rows[_repeats_header(sheet, rows) :] if not column_numbers(r)]
    kept = list(sheet.rows)
    # A row torn by the page break has text but neither a code nor an amount of its own.
    if body and kept and not heads_anew(body[0], kept) and _is_tail(body[0], kept[-1]):
        kept[-1] = tuple(_joined(a, b) for a, b in zip(kept[-1], body.pop(0), strict=True))
    return replace(
        sheet,
        rows=(*kept, *body),
        boxes=(*sheet.boxes, (block.grid.page, block.grid.box)),
        notes=(*sheet.notes, *notes),
    )


def _is_tail(row: Sequence[Cell], before: Sequence[Cell]) -> bool:
    """Whether the first row of a page is the rest of the row that the page break tore apart."""
    cells = distinct(row)
    filled = [c for c in cells if c.text]
    if not filled or len(row) < 3 or any(c.column_span > 1 for c in filled):
        return False
    if any(read_cell(c.text) for c in filled) or not all(before[c.column].text for c in filled):
        return False
    if re.match(r"^([一二三四五六七八九十]+、|\d|其中|[(（])", squeeze(filled[0].text)):
        return False
    open_bracket = any(_open(before[c.column].text) for c in filled)
    if len(filled) > 1:
        return open_bracket or any(read_cell(c.text) for c in before)
    above = squeeze(before[filled[0].column].text)
    return len(above) >= 4 and (open_bracket or len(squeeze(filled[0].text)) <= 3)


def _open(text: str) -> bool:
    folded = fold(text)
    return folded.count("(") > folded.count(")")


def _joined(a: Cell, b: Cell) -> Cell:
    return Cell(a.text + b.text, a.box, a.page, a.row, a.column, a.row_span, a.column_span)


def _notes(block: _Block) -> tuple[str, ...]:
    text: list[str] = []
    for line in block.below:
        starts = re.match(r"^(注|说明|备注)\s*[:：]|^\d\s*[.、．]", line.text)
        if starts or not text:
            text.append(line.text)
        else:
            text[-1] += line.text
    return tuple(t for t in text if re.match(r"^(注|说明|备注)\s*[:：]|^\d\s*[.、．]", t))


def _new_sheet(
    block: _Block,
    title: str,
    texts: str,
    rows: Sequence[tuple[Cell, ...]],
    notes: Sequence[str],
    before: str = "",
) -> Sheet:
    """`before`: the title of the table before, where this one has none and continues its kind."""
    folded = fold(texts)
    unit = _UNIT.findall(folded)
    code = _FORM_CODE.search(folded)
    year = _YEAR.search(fold(title)) or _YEAR.search(folded[-60:])
    kind = _kind(block.grid)
    depth = 0 if kind == "form" else header_depth(rows)
    header = [r for r in rows[:depth] if not column_numbers(r)]
    columns = tuple(header_path(header, c) for c in range(block.grid.width))
    body = tuple(r for r in rows[depth:] if not column_numbers(r))
    return Sheet(
        title=_CONTINUED.sub("", title) or before or block.section or "未命名表格",
        form_code=code.group().replace(" ", "") if code else "",
        unit=unit[-1] if unit else "",
        year=int(year[1]) if year else None,
        kind=kind,
        columns=columns,
        rows=body,
        boxes=((block.grid.page, block.grid.box),),
        notes=tuple(notes),
        header=tuple(tuple(c.text for c in r) for r in header),
        edges=_left_edges(block.grid),
        captions=_captions(block),
    )


def _captions(block: _Block) -> tuple[Caption, ...]:
    """The last lines above a grid and the words in its leading rows, with their places."""
    page = block.grid.page
    above = [Caption(line.text, page, line.box) for line in block.above[-8:]]
    leading = block.grid.cells[: _leading_rows(block.grid)]
    return (
        *above,
        *(Caption(c.text, page, c.box) for row in leading for c in distinct(row) if c.text),
    )


def _kind(grid: Grid) -> str:
    flat = {squeeze(c.text) for row in grid.cells for c in row}
    form = any("三级指标" in t for t in flat) and any("一级指标" in t for t in flat)
    named = any(t == "指标名称" for t in flat) and any("绩效目标" in t for t in flat)
    form = form or (named and any("指标值" in t for t in flat))
    return "form" if form else "table"
