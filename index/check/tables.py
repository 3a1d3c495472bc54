"""Identities within and between the standard tables: totals, columns, codes that roll up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from index.check.equations import Rule, equation, unknown
from index.check.findings import Finding, is_rate
from index.check.lookup import Reading, head
from index.check.rules import Identity, RowSum, Select, role_name, rules
from index.text import squeeze
from index.values import Figure, Table
from prompts import say


def check_tables(reading: Reading) -> Iterator[Finding]:
    """Every identity of the standard tables, in the order of the rules."""
    for identity in rules().identities:
        if reading.report.kind in identity.kinds:
            yield from _identity(reading, identity)
    for row in rules().rows:
        for role in row.tables:
            for table in reading.roles.get(role, []):
                yield from _rows(reading, row, table)
    for rollup in rules().rollups:
        for role in rollup.tables:
            for table in reading.roles.get(role, []):
                rule = Rule(rollup.key, rollup.name, rules().rollup_source)
                yield from _rollup(reading, rule, table, rollup.total)


def _identity(reading: Reading, identity: Identity) -> Iterator[Finding]:
    """The identity for every measure of its left side (预算数, 决算数), each scope or code."""
    rule = Rule(identity.key, identity.name, identity.source, identity.severity, identity.explain)
    lefts = reading.pick(identity.left)
    rights = [(select, reading.pick(select)) for select in identity.right]
    if not lefts:
        yield unknown(rule, say("check_no_left", what=_what(identity.left)))
    for number, key in enumerate(dict.fromkeys(_key(f, identity) for f in lefts)):
        mine = [f for f in lefts if _key(f, identity) == key]
        theirs = [
            (select, [f for f in found if _alike(f, key, identity, select)])
            for select, found in rights
        ]
        mine = _of_year(mine, max((f.year for f in mine if f.year is not None), default=None))
        theirs = [(select, _of_year(found, mine[0].year)) for select, found in theirs]
        absent = any(not found and select.if_absent == "why" for select, found in theirs)
        if absent and (number or identity.each == "code"):
            continue  # a column or an account that the other table does not have
        yield _compare(rule, identity, mine, theirs)


def _key(figure: Figure, identity: Identity) -> tuple[str, str]:
    """The scope or code, and the measure, that both sides must have."""
    return (getattr(figure, identity.each) if identity.each else ""), figure.measure


def _of_year(figures: Sequence[Figure], year: int | None) -> list[Figure]:
    """Of figures of several years (2024年预算数 | 2025年预算数) those of one."""
    several = len({f.year for f in figures}) > 1
    return [f for f in figures if not several or f.year == year]


def _alike(figure: Figure, key: tuple[str, str], identity: Identity, select: Select) -> bool:
    """Whether a figure belongs to the key; a rule that names its measure needs no equal one."""
    part, measure = _key(figure, identity)
    return part == key[0] and (bool(select.measure) or measure == key[1])


def _compare(
    rule: Rule,
    identity: Identity,
    lefts: Sequence[Figure],
    rights: Sequence[tuple[Select, Sequence[Figure]]],
) -> Finding:
    if not lefts:
        return unknown(rule, say("check_no_left", what=_what(identity.left)))
    left = lefts[0]
    parts: list[tuple[int, Figure]] = []
    for select, found in rights:
        if not found and select.if_absent == "why":
            return unknown(rule, say("check_no_right", what=_what(select)), left)
        if identity.relation == "sum" and len({(f.row, f.item) for f in found}) < len(found):
            return unknown(rule, say("check_ambiguous", what=_what(select)), left)
        parts.extend(
            (1, figure) for figure in (found[:1] if identity.relation == "equal" else found)
        )
    if not parts:
        return unknown(rule, say("check_no_right", what=rule.name), left)
    told = "equal" if identity.relation == "equal" else "sum"
    return equation(rule, left, parts, told=told, bound=identity.relation == "at_most")


def _what(select: Select) -> str:
    """The table (and account) that a rule looked for in vain, in words."""
    where = f"“{role_name(select.table)}”" if select.table else "正文"
    name = re.sub(r"\\[a-z.]|[.*?^$()|\[\]\\]+", " ", select.subject or select.code).split()
    return f"{where}的“{name[0]}”" if name else where


def _rows(reading: Reading, row: RowSum, table: Table) -> Iterator[Finding]:
    """One column of every row against the others."""
    rule = Rule(row.key, row.name, row.source)
    for cells in _by_row(reading, table):
        yield from _blocks(rule, row, cells)


def _blocks(rule: Rule, row: RowSum, cells: Sequence[Figure]) -> Iterator[Finding]:
    """The sum within every block of columns: 年初结转, 本年收入, 本年支出 stand side by side.

    Whole and parts hang under one header cell. Where only one block has parts and the row has one
    whole, they belong together however the header was read.
    """
    groups: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for pattern in row.parts:
        for figure in cells:
            if (block := _block(figure, pattern)) is not None:
                groups[block].append(figure)
    used = {f.id for found in groups.values() for f in found}
    wholes = [(f, b) for f in cells if f.id not in used and (b := _block(f, row.whole)) is not None]
    for block, found in groups.items():
        near = [f for f, b in wholes if b == block]
        if not near and len(groups) == 1 == len(wholes):
            near = [wholes[0][0]]
        minus = _minus(row, cells, used | {f.id for f in near}) if near and row.minus else []
        if not near or len(found) + len(minus) < 2 or bool(row.minus) != (len(minus) == 1):
            continue
        if len({head(f.column) for f in found}) < len(found):
            continue  # two cells of one name: which of them counts?
        whole = near[0]
        parts = [*((1, f) for f in found), *((-1, f) for f in minus)]
        if all(f.value is None for f in (whole, *(f for _, f in parts))):
            continue
        finding = equation(rule, whole, parts)
        rest = [
            (1, f)
            for f in cells
            if f.id not in used and f not in near and f.value and (f not in minus)
        ]
        if len(groups) > 1:
            rest = [(s, f) for s, f in rest if _squeezed(f.column)[:-1] == block]
        if finding.verdict == "differs" and rest:
            with_rest = equation(rule, whole, [*parts, *rest])  # columns of a province's own
            finding = with_rest if with_rest.verdict == "ok" else finding
        yield finding


def _minus(row: RowSum, cells: Sequence[Figure], used: set[str]) -> list[Figure]:
    """The column to subtract; of several the outermost one of the expenditure."""
    found = [f for p in row.minus for f in cells if f.id not in used and _block(f, p) is not None]
    if len(found) > 1:
        found = [f for f in found if any("支出" in word for word in f.column)]
        least = min((len(f.column) for f in found), default=0)
        found = [f for f in found if len(f.column) == least]
    return found


def _block(figure: Figure, pattern: str) -> tuple[str, ...] | None:
    """The header cells above a column of this name; the 小计 below a name bears it too."""
    path = _squeezed(figure.column)
    name = head(figure.column)
    if re.fullmatch(pattern, name):
        return path[:-1]
    if name in {"小计", "合计"} and len(path) > 1 and re.fullmatch(pattern, path[-2]):
        return path[:-2]
    return None


def _squeezed(column: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(squeeze(word) for word in column)


def _by_row(reading: Reading, table: Table) -> Iterator[list[Figure]]:
    for row in table.rows:
        yield [f for i in row.figures if (f := reading.by_id.get(i)) and f.state != "text"]


def _rollup(reading: Reading, rule: Rule, table: Table, total: bool) -> Iterator[Finding]:
    """In every column: a code against the codes right below it, the total against the classes."""
    columns: dict[str, dict[str, Figure]] = defaultdict(dict)
    totals: dict[str, Figure] = {}
    for figure in reading.by_table[table.id]:
        if figure.state == "text" or figure.unit == "%" or is_rate(figure):
            continue  # rates do not add up
        key = head(figure.column) if len(table.columns) > 3 or figure.column else ""
        if figure.code:
            if figure.code in columns[key]:
                return  # accounts listed once for every unit: no sums to be had
            columns[key][figure.code] = figure
        elif figure.total and squeeze(figure.name) in {"合计", "总计"}:
            totals.setdefault(key, figure)
    for key, by_code in columns.items():
        children: dict[str, list[Figure]] = defaultdict(list)
        for code, figure in by_code.items():
            children[_parent(code, by_code)].append(figure)
        for code, figure in by_code.items():
            below = children.get(code, [])
            if below and any(f.value is not None for f in (figure, *below)):
                yield equation(rule, figure, [(1, f) for f in below])
        classes = children.get("", [])
        if total and key in totals and any(f.value is not None for f in (totals[key], *classes)):
            yield equation(rule, totals[key], [(1, f) for f in classes])


def _parent(code: str, known: dict[str, Figure]) -> str:
    """The nearest code above that the table lists: 2010301 -> 20103, or 201 without that."""
    return next((code[:n] for n in range(len(code) - 1, 2, -1) if code[:n] in known), "")
