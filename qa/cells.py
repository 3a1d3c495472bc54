"""Rows of a list chosen by a cell of words: 组织形式为集中采购的有几项, 林场的项目有哪些.

The rows of one table whose cell in one column (the unit, the form of procurement, the nature)
holds the words that the question names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import branches, data
from qa.ask import Ask, by_id, unexplained
from qa.evidence import amount
from qa.names import MONEY, content_pairs, key, pairs, same_family
from qa.plan import Plan, Step, run
from qa.values import Answer

_SHORTEST = 4  # characters of the words in a cell that tell its row apart
_PART = 0.6  # share of a cell's words, at their end, that call it: 林场 of 县国有某某林场


@dataclass(frozen=True)
class _Chosen:
    """The rows that a cell of words chooses, each with its amount where it has one."""

    said: str
    cells: tuple[Figure, ...]
    amounts: tuple[Figure, ...]


def counted(ask: Ask) -> Answer | None:
    """How many rows have the words that the question names in their cell."""
    chosen = _chosen(ask) if not ask.reading.has("sum") or not ask.reading.measure else None
    if chosen is None:
        return None
    cited = [ask.evidence.cite(f) for f in chosen.cells]
    ask.evidence.quote(chosen.said)
    unit = "项" if "几项" in ask.text or "多少项" in ask.text else "个"
    ask.evidence.count_value(len(chosen.cells), unit, "个数", cited)
    names = [f.subject for f in chosen.cells]
    ask.evidence.quote("、".join(names))
    return ask.evidence.answer(say("count", count=len(names), unit=unit, items="、".join(names)))


def listed(ask: Ask) -> Answer | None:
    """The rows that have the words in their cell, with their amounts."""
    chosen = _chosen(ask)
    if chosen is None:
        return None
    for cell in chosen.cells:
        ask.evidence.cite(cell)
    for figure in chosen.amounts:
        ask.evidence.value(figure)
    ask.evidence.count(len(chosen.cells))
    told = {f.row: amount(f) for f in chosen.amounts}
    items = "；".join(
        f"{f.subject}（{told[f.row]}）" if f.row in told else f.subject for f in chosen.cells
    )
    ask.evidence.quote(items)
    return ask.evidence.answer(say("list", count=len(chosen.cells), items=items))


def summed(ask: Ask) -> Answer | None:
    """What the rows that have the words in their cell come to."""
    if not re.search(data.word("rows_summed"), ask.text):
        return None
    chosen = _chosen(ask)
    if chosen is None or len(chosen.amounts) < 2 or len(chosen.amounts) < len(chosen.cells):
        return None
    figures = list(chosen.amounts)
    plan = Plan((Step("add", tuple(f.id for f in figures)),), ask.reading.unit_out)
    calculation = run(plan, by_id(figures))
    label = f"{chosen.said}的{len(figures)}项合计"
    ask.evidence.quote(chosen.said)
    ask.evidence.count(len(figures))
    for cell in chosen.cells:
        ask.evidence.cite(cell)
    ask.evidence.result(calculation, figures, label)
    return ask.evidence.answer(say("computed", label=label, formula=calculation.formula))


def _chosen(ask: Ask) -> _Chosen | None:
    text = squeeze(ask.text)
    asked = all(re.search(data.word(w), text) for w in ("rows_by_words", "things_in_rows"))
    if not asked or ask.reading.has("rank", "yes_no"):
        return None
    tables = ask.catalogue.mentioned_tables(ask.reading)
    best: tuple[tuple[bool, bool, float, int, int], str, list[Figure]] | None = None
    for (table, column), cells in {**_columns(ask), **_under_bodies(ask)}.items():
        if tables and table not in tables:
            continue
        called = branches.bodies_named(text, list(dict.fromkeys(w for w, _ in cells)))
        for printed in dict.fromkeys(w for w, _ in cells):
            share = _called(printed, text) or (_SHORT_NAME if printed in called else 0.0)
            share = share or float(_said_under(printed, column, text))
            if not share:
                continue
            rows = [f for w, f in cells if w == printed]
            headed = key(column)[-4:] in key(text)
            bought = "采购" in rows[0].table
            order = ("采购" in text or not bought, headed, share, len(key(printed)), len(rows))
            if best is None or order > best[0]:
                best = (order, printed, rows)
    if best is None:
        return None
    _, printed, rows = best
    fields = pairs(key(printed + "".join(rows[0].column) + rows[0].table))
    rest = re.sub(data.word("rows_by_words_frame"), " ", ask.reading.content)
    if content_pairs(rest) and len(unexplained(rest, fields)) >= _UNTOLD:
        return None  # what else the question names would choose otherwise
    amounts = [a for f in rows if (a := _amount_of_row(ask, f)) is not None]
    return _Chosen(printed, tuple(rows), tuple(amounts))


_UNTOLD = 3  # characters of a name that the cell, its column and its table do not hold


def _said_under(printed: str, column: str, text: str) -> bool:
    """Whether the question says the cell's words behind the head of its column: 年限填“长期”."""
    name, head = key(printed), key(column)
    if not name or len(head) < 2:
        return False
    ends = "|".join(re.escape(head[i:]) for i in range(len(head) - 1))
    said = f'({ends}){data.word("cell_said")}[“"「]?{re.escape(name)}[”"」]?的'
    return bool(re.search(said, text))


def _called(printed: str, text: str) -> float:
    """How much of a cell's words the question says: all, or their end; 0 for too little."""
    name, said = key(re.sub(r"[（(].*?[）)]", "", printed)), key(text)
    if len(name) < _SHORTEST:
        return 0.0
    if name in said:
        return 1.0
    for size in range(len(name) - 1, max(_SHORTEST, int(len(name) * _PART)) - 1, -1):
        if name[-size:] in said:
            return size / len(name)
    return 0.0


def _columns(ask: Ask) -> dict[tuple[str, str], list[tuple[str, Figure]]]:
    """The cells of words of the lists, by table and head; one project's form is no list."""
    found: dict[tuple[str, str], list[tuple[str, Figure]]] = {}
    for figure in ask.report.figures:
        if figure.state != "text" or not figure.table or not figure.item or figure.total:
            continue
        if ask.catalogue.tables[figure.table_id].kind == "form":
            continue
        head = figure.column[-1] if figure.column else ""
        if re.search(data.word("cell_heads"), squeeze(head)):
            found.setdefault((figure.table_id, head), []).append((figure.printed, figure))
    return {place: cells for place, cells in found.items() if len(cells) > 1}


def _under_bodies(ask: Ask) -> dict[tuple[str, str], list[tuple[str, Figure]]]:
    """The rows of lists under the names of bodies: each body's name with its rows."""
    found: dict[tuple[str, str], list[tuple[str, Figure]]] = {}
    seen: set[tuple[str, int]] = set()
    for figure in ask.report.figures:
        place = (figure.table_id, figure.row)
        if not figure.table or len(figure.item) < _NESTED or place in seen:
            continue
        if figure.value is None or figure.unit not in MONEY or figure.code:
            continue
        if ask.catalogue.tables[figure.table_id].kind == "form":
            continue
        seen.add(place)
        for label in figure.item[:-1]:
            name = re.sub(r"[（(].*", "", label)
            if re.search(data.word("body_name_end"), name) and len(key(name)) >= _SHORTEST:
                found.setdefault((figure.table_id, ""), []).append((label, figure))
    return {place: rows for place, rows in found.items() if len(rows) > 1}


_NESTED = 2  # labels of a row that stands under another
_SHORT_NAME = 0.9  # a body under a short name is named nearly as surely as in full


def _amount_of_row(ask: Ask, cell: Figure) -> Figure | None:
    """The amount of money in the row of a cell that is asked for, the first (its whole) if none."""
    row = [
        f
        for f in ask.report.figures
        if f.table_id == cell.table_id
        and f.row == cell.row
        and f.page == cell.page
        and f.value is not None
        and f.unit in MONEY
    ]
    asked = ask.reading.measure
    fits = [f for f in row if asked and same_family(f.measure, asked)]
    return next(iter(fits or row), None)
