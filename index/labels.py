"""Rows to label paths: which columns hold labels, codes and values, and what nests in what.

Account codes follow the Ministry of Finance's 政府收支分类科目: function codes of 3 / 5 / 7 digits
(类 / 款 / 项), economic codes of 3 / 5 digits (类 / 款). Numbered rows nest as 一、 > （一） > 1. >
（1） > 其中：.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index import data
from index.tables import Sheet
from index.text import fold, is_blank, read_cell, squeeze
from index.values import Cell, distinct

_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d{1,2}[、.．](?!\d))"
)
_LEVELS = (
    re.compile(r"^[一二三四五六七八九十]+[、.]"),
    re.compile(r"^\([一二三四五六七八九十]+\)"),
    re.compile(r"^\d{1,2}[、.](?!\d)"),
    re.compile(r"^(?:\(\d{1,2}\)|\d{1,2}\)|[①-⑳])"),
    re.compile(r"^其中[:：]?"),
)
UNIT = re.compile(
    r"[(（](亿元|万元|千元|元|%|辆|台|套|台[、/]套|人|个|批次?|人次|次|平方米|㎡|名|户|项)[)）]"
)
_TOP = -1  # level of a row without a number


def strip_number(label: str) -> str:
    """A label without its `一、`, `（二）`, `3.` or `其中：`."""
    text = label.strip()
    while True:
        shorter = re.sub(r"^其中\s*[:：]\s*", "", _NUMBERING.sub("", text)).strip()
        if shorter == text or not shorter:
            return text
        text = shorter


def unit_in(label: str) -> str | None:
    """The unit that a label carries in brackets: `车辆数合计（辆）`, `金额（万元）`."""
    found = UNIT.findall(label)
    return str(found[-1]) if found else None


def level_of(label: str) -> int:
    """How deep a label's numbering nests: 0 for 一、, 4 for 其中：, -1 for none."""
    plain = squeeze(label)
    for level, pattern in enumerate(_LEVELS):
        if pattern.match(plain):
            return level
    return _TOP


@dataclass(frozen=True)
class Group:
    """Columns that belong together: label columns and the value columns they name.

    `block` holds the header words that stand over the labels too (收入, 人员经费): they name the
    group, not one of its columns.
    """

    codes: tuple[int, ...]
    names: tuple[int, ...]
    attributes: tuple[int, ...]
    values: tuple[int, ...]
    block: frozenset[str]
    unit: int | None = None  # the column that prints the unit of each row (计量单位)
    body: int | None = None  # the column of the codes of bodies, beside that of accounts


def split_groups(sheet: Sheet) -> list[Group]:
    """The side-by-side parts of a table: a label column after a value column opens a new part."""
    layout = data.layout()
    groups: list[Group] = []
    codes: list[int] = []
    names: list[int] = []
    attributes: list[int] = []
    values: list[int] = []
    units: list[int] = []
    bodies: list[int] = []

    def close() -> None:
        if values and not names and not codes:  # 资产类别 names the rows where nothing else does
            named = [c for c in attributes if c < values[0] and _labels_below(sheet, c)]
            names.extend(c for c in named if not _is_counter(sheet, c))
            attributes[:] = [c for c in attributes if c not in names]
        if values or names:
            heads = [squeeze(p) for c in (*names, *codes) for p in sheet.columns[c]]
            parts = tuple(codes), tuple(names), tuple(attributes), tuple(values)
            first = (units[0] if units else None, bodies[0] if bodies else None)
            groups.append(Group(*parts, frozenset(heads), *first))
        for part in (codes, names, attributes, values, units, bodies):
            part.clear()

    leaves = [squeeze(path[-1]) if path else "" for path in sheet.columns]
    projects = any(data.matches(layout.project_labels, leaf) for leaf in leaves)
    second = _second_classification(sheet)
    for c, path in enumerate(sheet.columns):
        leaf = leaves[c]
        if c in second:
            continue
        is_code = data.matches(layout.code_parts, leaf) and bool(codes or c == 0)
        is_code = is_code or any(data.matches(layout.code_columns, squeeze(p)) for p in path)
        is_code = is_code or (leaf.endswith("科目") and _codes_below(sheet, c))
        of_project = projects and data.matches(layout.project_bodies, leaf)
        of_project = of_project or (projects and leaf.endswith("功能科目") and not is_code)
        if data.matches(layout.line_columns, leaf):
            continue
        if codes and data.matches(layout.body_codes, leaf):
            bodies.append(c)
            continue
        if data.matches(layout.unit_columns, leaf) and _units_below(sheet, c):
            units.append(c)
            continue
        if not is_code and (data.matches(layout.attribute_columns, leaf) or of_project):
            if values and _is_counter(sheet, c):
                close()
            attributes.append(c)
        elif is_code or _names_rows(sheet, c, leaf, bool(names or values)):
            if values and _labels_below(sheet, c):
                close()
            (codes if is_code else names).append(c)
        else:
            values.append(c)
    close()
    return groups


def _second_classification(sheet: Sheet) -> frozenset[int]:
    """The columns of 政府预算支出经济分类 beside those of 部门预算…, which name the rows."""
    heads = ["".join(squeeze(p) for p in path) for path in sheet.columns]
    layout = data.layout()
    second = {c for c, head in enumerate(heads) if data.matches(layout.second_accounts, head)}
    first = any(data.matches(layout.first_accounts, head) for head in heads)
    return frozenset(second) if first else frozenset()


def _units_below(sheet: Sheet, column: int) -> bool:
    """Whether a column holds names of units (辆, 平方米, 台（套）), not of bodies."""
    filled = [fold(t) for row in sheet.rows if not is_blank(t := row[column].text)]
    return bool(filled) and all(len(t) <= 5 and not re.search(r"\d", t) for t in filled)


def _codes_below(sheet: Sheet, column: int) -> bool:
    """Whether a column of accounts holds their codes alone."""
    texts = [fold(row[column].text) for row in sheet.rows if row[column].column_span == 1]
    filled = [t for t in texts if not is_blank(t)]
    return bool(filled) and all(re.fullmatch(r"\d{3}(\d\d){0,2}", t) for t in filled)


def _is_counter(sheet: Sheet, column: int) -> bool:
    path = sheet.columns[column]
    return bool(path) and squeeze(path[-1]) == "序号"


def _names_rows(sheet: Sheet, column: int, leaf: str, begun: bool) -> bool:
    layout = data.layout()
    if data.matches(layout.name_columns, leaf):
        return True
    if data.matches(layout.name_columns_of_words, leaf):
        return _labels_below(sheet, column)
    numbers = _numbers_below(sheet, column)
    return not begun and not numbers and not data.measure_of(leaf) and _labels_below(sheet, column)


def _numbers_below(sheet: Sheet, column: int) -> bool:
    """Whether a column whose header says a unit or an amount holds nothing but numbers."""
    path = sheet.columns[column]
    leaf = squeeze(path[-1]) if path else ""
    if not leaf or (unit_in(leaf) is None and not leaf.endswith(("数量", "数", "金额", "值"))):
        return False
    filled = [t for row in sheet.rows if not is_blank(t := row[column].text)]
    return bool(filled) and all(read_cell(t) for t in filled)


def _labels_below(sheet: Sheet, column: int) -> bool:
    """Whether the body of a column holds words or codes rather than amounts."""
    filled = [t for row in sheet.rows if not is_blank(t := row[column].text)]
    amounts = sum(1 for t in filled if (n := read_cell(t)) and ("." in t or n.unit or "," in t))
    return bool(filled) and amounts < len(filled) / 2


class LabelPaths:
    """Label paths of one group's rows, fed in reading order."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # code -> name
        self._taken: set[str] = set()
        self._stack: list[tuple[int, str]] = []
        self._closing = ""  # a 结转和结余 row whose parts repeat earlier names

    def item(
        self,
        names: Sequence[str],
        code: str,
        total: bool,
        project: bool = False,
        nested: bool = False,
    ) -> tuple[str, ...]:
        """The path of a row with these names (outermost first), code and kind; `project`: the
        row's name is a project's; `nested`: it is the sum of what it stands under, and nothing
        stands under it."""
        name = names[-1]
        if code and project:  # the code is the project's account, not its name
            return tuple(names)
        if code:
            self._names[code] = names[0]
            path = [self._names[k] for k in ancestors(code) if k in self._names]
            return (*path[:-1], *names)
        if len(names) > 1:
            return tuple(names)
        if total:
            return (name,)
        short = squeeze(strip_number(name))
        level = level_of(name)
        if short in self._taken and self._closing:
            return self._closing, name
        self._taken.add(short)
        if level == 0:
            self._stack = []
        while self._stack and self._stack[-1][0] >= level:
            self._stack.pop()
        path = [label for _, label in self._stack]
        if nested:
            return (*path, name)
        self._stack.append((level, name))
        if "结转" in short and level == _TOP:
            self._closing = name
        return (*path, name)


def ancestors(code: str) -> list[str]:
    """`2010301` -> 201, 20103, 2010301."""
    return [code[:n] for n in (3, 5, 7) if n < len(code)] + [code]


def code_of(row: Sequence[Cell], columns: Sequence[int], parts: list[str]) -> str:
    """The account code of a row, in one column or with 类 / 款 / 项 apart.

    `parts` keeps the pieces of the rows above, which blank cells inherit.
    """
    cells = distinct([row[c] for c in columns])  # 类 | 款 | 项 under which one cell may stand
    texts = [fold(cell.text) for cell in cells]
    found = [re.sub(r"\D", "", t) for t in texts]
    if not any(found) or any(t and not re.fullmatch(r"[\d\s.]+", t) for t in texts):
        return ""
    if len(cells) == 1:
        return found[0]
    for i, text in enumerate(found):
        if text:
            parts[i : i + 1] = [text]
            if i == 0 and len(text) <= 3:
                parts[1:] = ["" for _ in parts[1:]]
    if len(found[0]) > 3:  # whole code in the first column
        return found[0]
    code = ""
    for i in range(max(i for i, t in enumerate(found) if t) + 1):
        piece = found[i] or parts[i]
        whole = len(piece) > len(code) and piece.startswith(code) and code
        code = piece if whole else code + piece
    return code


def names_of(row: Sequence[Cell], group: Group) -> list[str]:
    """The row's names, outermost first; of a merged 合计 over codes and names, that word."""
    cells: list[Cell] = []
    for c in group.names:
        if row[c].text and not any(row[c] is other for other in cells):
            cells.append(row[c])
    if cells:
        return [cell.text for cell in cells]
    for c in group.codes:
        text = row[c].text
        if text and not re.fullmatch(r"[\d\s.]+", fold(text)):
            return [text]
    return []
