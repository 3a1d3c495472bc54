"""Where the money comes from: the sources of income, as the summary tables list them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index.text import squeeze
from index.values import Figure
from qa import data
from qa.ask import Ask
from qa.names import MONEY, key


def sources(ask: Ask, plain: str) -> list[Figure]:
    """The sources of this year's income that the question is about, [] where it is about none.

    `plain`: the question without spaces. Rows of the summary of income and expenditure where it
    lists them, otherwise the columns of the table of income, in its total.
    """
    if not re.search(data.word("income_asked"), plain):
        return []
    tables = [[f for f in rows if _is_source(f)] for rows in _tables(ask)]
    wide = [t for t in tables if len({f.subject for f in t}) > 1]
    return _undivided(wide[0] if wide else [])


def of_income(ask: Ask, part: str, whole: str) -> tuple[Figure, Figure] | None:
    """(the source that `part` names, this year's income) of one table, where `whole` is income."""
    if not re.fullmatch(data.word("all_income"), key(whole)):
        return None
    tables = _tables(ask)
    wholes = [
        (rows, t)
        for rows in tables
        if _FISCAL not in rows[0].table and (t := _total(rows)) is not None
    ]
    for rows, whole_income in wholes:
        named = [f for f in rows if _is_source(f) and _short(f.subject) == _short(part)]
        if len(named) == 1 and named[0].value is not None:
            return named[0], whole_income
    # Told by a table of its own alone, whose total bears no name of its own.
    fiscal = [t for rows in tables if _FISCAL in rows[0].table and (t := _total(rows)) is not None]
    if _short(part) != _FISCAL or not fiscal or not wholes:
        return None
    return replace(fiscal[0], subject=f"{_FISCAL}收入"), wholes[0][1]


_FISCAL = "财政拨款"


def _total(rows: Sequence[Figure]) -> Figure | None:
    """This year's income as a whole, of the rows of one table."""
    totals = (f for f in rows if re.match(data.word("total_income"), key(f.subject)) and f.value)
    return next(totals, None)


def _tables(ask: Ask) -> list[list[Figure]]:
    """The rows of each table on income, or the totals of its columns, in reading order."""
    tables: dict[str, list[Figure]] = {}
    for f in ask.report.figures:
        if (
            f.table
            and f.unit in MONEY
            and f.measure in {"final", "budget"}
            and f.year == ask.report.year
            and re.search(data.word("income_tables"), squeeze(f.table))
            and (f.total or re.search("^(本年)?收入", key("".join(f.column[:1]))))
            and not f.facet
            and not f.code
        ):
            tables.setdefault(f.table_id, []).append(f)
    return sorted(tables.values(), key=lambda t: t[0].page)


def _is_source(figure: Figure) -> bool:
    return re.search(data.word("income_sources"), key(figure.subject)) is not None


def _short(name: str) -> str:
    """A source without what all are called: 一般公共预算财政拨款收入 is 一般公共."""
    return re.sub(data.word("income_frame"), "", key(name)) or key(name).removesuffix("收入")


def _undivided(rows: Sequence[Figure]) -> list[Figure]:
    """The rows without those that only divide the one above: 其中：经费拨款, 非税收入拨款."""
    kept: list[Figure] = []
    i = 0
    while i < len(rows):
        kept.append(rows[i])
        parts = Decimal(0)
        after = i + 1
        for k in range(i + 1, len(rows)):
            parts += rows[k].value or 0
            if rows[i].value and parts == rows[i].value:
                after = k + 1
                break
        i = after
    return kept
