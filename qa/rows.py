"""Rows of a table chosen by one of its columns: 用到上年结转的项目有几个, 用政府性基金安排的项目.

A column (上年结转, 政府性基金预算拨款, 年末结转和结余) chooses the rows that have an amount in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, weighty
from qa.conditions import condition
from qa.evidence import amount, amount_of
from qa.names import MONEY, key, pairs
from qa.values import Answer

_SHORT = 4  # characters of a column's name that tell it apart
_NAMED = 0.75  # share of the column's name that the question must hold


def listed(ask: Ask) -> Answer | None:
    """The rows with an amount in the column that the question names."""
    rows = _chosen(ask)
    if rows is None:
        return None
    for f in rows:
        ask.evidence.value(f)
    ask.evidence.count(len(rows))
    items = "；".join(f"{f.subject}（{amount(f)}）" for f in rows)
    return ask.evidence.answer(say("list", count=len(rows), items=items))


def counted(ask: Ask) -> Answer | None:
    """How many rows have an amount in the column that the question names."""
    rows = _chosen(ask)
    if rows is None:
        return None
    return counted_rows(ask, rows, "个数")


def counted_rows(ask: Ask, rows: Sequence[Figure], label: str) -> Answer:
    """How many rows there are, each with its amount."""
    cited = [ask.evidence.cite(f) for f in rows]
    for f in rows:
        ask.evidence.quote(amount(f))
    ask.evidence.count_value(len(rows), "个", label, cited)
    items = "、".join(f"{f.subject}（{amount(f)}）" for f in rows)
    return ask.evidence.answer(say("count", count=len(rows), unit="个", items=items))


def _chosen(ask: Ask) -> list[Figure] | None:
    text = squeeze(ask.text)
    kind = re.search(data.word("rows_asked"), text)
    if kind is None or condition(text, "") is not None or ask.reading.has("rank"):
        return None
    projects = "项目" in kind.group() and "科目" not in kind.group()
    digits = digits_of(text)
    bare = re.sub(data.word("table_said"), " ", text)
    words = pairs(key(re.sub(data.word("rows_frame"), " ", bare)))
    best: tuple[float, int, list[Figure]] | None = None
    for rows in _by_name(_columns(ask, projects, digits)):
        name = _name(rows[0])
        own = pairs(name)
        share = len(own & words) / max(len(own), 1)
        if share < _NAMED or len(name) < _SHORT:
            continue
        filled = list({f.row: f for f in reversed(rows) if f.value}.values())[::-1]
        # A column that all rows fill chooses nothing.
        if not filled or len(filled) == len({f.row for f in rows}):
            continue
        score = (share + _fit(ask, rows[0]), len(name), filled)
        if best is None or score[:2] > best[:2]:
            best = score
    return best[2] if best else None


def of_level(ask: Ask) -> Answer | None:
    """支出预算表上有几个类级科目: the accounts of one level of the table that is meant."""
    text = squeeze(ask.text)
    digits = digits_of(text)
    if not digits or not re.search(data.word("accounts_counted"), text):
        return None
    rest = re.sub(data.word("level_frame"), "", squeeze(ask.reading.content))
    rest = re.sub(data.word("accounts_counted_frame"), "", rest)
    if len(weighty(rest)) >= _OTHER or condition(text, "") is not None:
        return None  # which of them is asked
    tables: dict[str, dict[str, Figure]] = {}
    named = ask.catalogue.mentioned_tables(ask.reading)
    for f in (e.figure for e in ask.catalogue.entries):
        if not f.table or f.project or len(f.code) != digits or not f.code.startswith("2"):
            continue
        if f.value and (f.table_id in named or (not named and _of_side(ask, f))):
            tables.setdefault(f.table_id, {}).setdefault(f.code, f)
    counts = {len(codes) for codes in tables.values()}
    if len(counts) != 1:
        return None  # the tables differ, and none is named
    codes = next(iter(tables.values()))
    cited = [ask.evidence.cite(f) for f in codes.values()]
    ask.evidence.count_value(len(codes), "个", "科目个数", cited)
    items = "、".join(f.subject for f in codes.values())
    ask.evidence.quote(items)
    return ask.evidence.answer(say("count", count=len(codes), unit="个", items=items))


_OTHER = 2  # characters of what chooses among the accounts


def _of_side(ask: Ask, figure: Figure) -> bool:
    """Whether a figure stands in a table of the side and the fund that are asked for."""
    side = "收入" if "收入" in ask.text else "支出"
    scope = ask.reading.scope or "全口径"
    scopes = {scope, "一般公共预算财政拨款"} if scope == "财政拨款" else {scope}
    return side in figure.table and figure.scope in scopes


def _fit(ask: Ask, figure: Figure) -> float:
    tables = ask.catalogue.mentioned_tables(ask.reading)
    fit = 0.5 if figure.table_id in tables else 0.0
    if ask.reading.scope:
        fit += 0.3 if figure.scope == ask.reading.scope else -0.1
    return fit


def _column(figure: Figure) -> str:
    last = figure.column[-1] if figure.column else ""
    if len(key(last)) >= _SHORT and key(last) not in key(figure.facet):
        return last  # 政府性基金预算 of the table that has 项目支出 in its title
    return figure.facet or last


def _name(figure: Figure) -> str:
    """The name of a figure's column, without the fund in brackets and 预算拨款 behind it."""
    name = key(re.sub(r"[（(].*?[）)]", "", _column(figure))) or key(_column(figure))
    short = re.sub(r"(预算)?(财政)?(拨款|资金)?$", "", name)
    return short if len(short) >= _SHORT else name


def _by_name(columns: dict[tuple[str, tuple[str, ...]], list[Figure]]) -> list[list[Figure]]:
    """The columns of one table and one name together: 上年结转 of either fund."""
    found: dict[tuple[str, str], list[Figure]] = {}
    for (table, _), rows in columns.items():
        found.setdefault((table, _name(rows[0])), []).extend(rows)
    return [sorted(rows, key=lambda f: (f.page, f.row)) for rows in found.values()]


def digits_of(text: str) -> int:
    """How many digits the codes of the level named have (项 7, 款 5, 类 3), 0 for none named."""
    for name, digits in (("last_levels", 7), ("middle_levels", 5), ("first_levels", 3)):
        if re.search(data.word(name), text):
            return digits
    return 0


def _columns(
    ask: Ask, projects: bool, digits: int
) -> dict[tuple[str, tuple[str, ...]], list[Figure]]:
    """The cells of every column of money, by table and header; totals are no rows."""
    found: dict[tuple[str, tuple[str, ...]], list[Figure]] = {}
    for entry in ask.catalogue.entries:
        f = entry.figure
        if not f.table or ask.catalogue.tables[f.table_id].kind == "form":
            continue
        if f.total or not f.item or (f.value is not None and f.unit not in MONEY):
            continue
        named = (
            bool(f.project) if projects else bool(f.code) and len(f.code) == (digits or len(f.code))
        )
        if named and f.state in {"value", "blank", "dash"}:
            found.setdefault((f.table_id, f.column), []).append(f)
    if not projects and not digits:  # the leaves of the account tree
        for place, rows in found.items():
            longest = max(len(f.code) for f in rows)
            found[place] = [f for f in rows if len(f.code) == longest]
    return found


def of_named_list(ask: Ask) -> list[tuple[str, Decimal, Figure]] | None:
    """The rows of a list of services or purchases that the question names without 表.

    政府购买服务项目 are the rows of 政府购买服务支出情况表, no projects of the evaluation.
    """
    text = squeeze(ask.text)
    for table in ask.catalogue.tables.values():
        name = re.sub(data.word("title_frame"), "", squeeze(table.title))
        if table.kind == "form" or len(name) < _TITLE or name not in text:
            continue
        rows = [
            e.figure
            for e in ask.catalogue.entries
            if e.figure.table_id == table.id
            and not e.figure.total
            and not e.figure.project
            and e.figure.value is not None
            and e.figure.unit in MONEY
        ]
        first = {f.row: f for f in reversed(rows)}
        if len(first) > 1 and not any(f.code for f in first.values()):
            return [(f.subject, amount_of(f), f) for f in first.values()]
    return None


_TITLE = 5  # characters of a table's name that tell it apart
