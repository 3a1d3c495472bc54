"""Figures beside a figure: its siblings under one heading, and the other cells of its row.

政府采购服务预算比货物预算, 货物呢: a second name leaves out what the first has said.
"""

from __future__ import annotations

import re

from index.values import Figure
from qa import data
from qa.catalogue import Catalogue, Entry
from qa.names import content_pairs, core, key, pairs
from qa.reading import content_of


def sibling(catalogue: Catalogue, figure: Figure, words: str) -> Entry | None:
    """The figure beside `figure`, under the same heading and column, that `words` name."""
    asked = content_pairs(content_of(words)) or pairs(key(words))
    if not asked:
        return None
    own = pairs(core(figure.subject))
    best: tuple[float, Entry] | None = None
    for entry in catalogue.entries:
        other = entry.figure
        if (
            other.id == figure.id
            or other.item[:-1] != figure.item[:-1]
            or other.column != figure.column
            or other.table_id != figure.table_id
            or other.measure != figure.measure
            or other.facet != figure.facet
            or other.value is None
            or other.unit != figure.unit
        ):
            continue
        telling = entry.subject_pairs - own
        share = len(telling & asked) / len(telling) if telling else 0.0
        if share >= 0.5 and (best is None or share > best[0]):
            best = (share, entry)
    return best[1] if best else None


def row_mate(catalogue: Catalogue, figure: Figure, words: str) -> Entry | None:
    """The figure of the same row whose column `words` name: 实有 beside 编制."""
    word = key(words)
    if len(word) < 2:
        return None
    for entry in catalogue.entries:
        other = entry.figure
        if (
            other.id != figure.id
            and other.table
            and other.table_id == figure.table_id
            and other.row == figure.row
            and other.item == figure.item
            and any(word in key(c) for c in other.column)
            and not any(word in key(c) for c in figure.column)
        ):
            return entry
    return None


def of_part_named(
    catalogue: Catalogue, text: str, one: Figure, other: Figure
) -> tuple[Figure, Figure] | None:
    """Both accounts in the part that a text names once: A的项目支出比B多多少.

    None where one of them has no amount of that part: a part is not held against a whole.
    """
    parts = set(re.findall(data.word("parts_of_account"), text))
    coded = [_coded(catalogue, figure) for figure in (one, other)]
    named = [f for f in coded if f is not None]
    if len(parts) != 1 or len(named) < len(coded) or core(one.subject) == core(other.subject):
        return one, other
    (part,) = parts
    rows = [_part_of(catalogue, figure, part) for figure in named]
    found = [f for f in rows if f is not None and f.value is not None]
    return (found[0], found[1]) if len(found) == len(rows) else None


def _coded(catalogue: Catalogue, figure: Figure) -> Figure | None:
    """The account in the table of accounts, where the figure names it without its code."""
    if figure.code.startswith("2"):
        return figure
    if figure.code or figure.project:
        return None
    found = (
        e.figure
        for e in catalogue.entries
        if e.figure.code.startswith("2")
        and e.subject == core(figure.subject)
        and e.figure.scope == figure.scope
    )
    return next(found, None)


def _part_of(catalogue: Catalogue, figure: Figure, part: str) -> Figure | None:
    """The amount of an account in one part (项目支出), of the scope that the figure has."""
    if key(figure.facet) == part:
        return figure
    beside = [
        e.figure
        for e in catalogue.entries
        if e.figure.code == figure.code
        and key(e.figure.facet) == part
        and e.figure.measure == figure.measure
        and e.figure.scope == figure.scope
    ]
    beside.sort(key=lambda f: f.table_id != figure.table_id)
    return beside[0] if beside else None


def indicator_alike(catalogue: Catalogue, figure: Figure, project: str) -> str:
    """The name of another project's indicator of the same kind: 参保农户满意度 for 受益农户满意度.

    The name itself where the project has it, or no one of its indicators is of that kind.
    """
    there = [
        f
        for f in (e.figure for e in catalogue.entries)
        if catalogue.project_of(f.project) == catalogue.project_of(project)
        and f.measure == figure.measure
        and f.table
    ]
    if any(core(f.subject) == core(figure.subject) for f in there):
        return figure.subject
    kind = figure.item[:-1]
    alike = {
        f.subject
        for f in there
        if f.unit == figure.unit and key(f.subject)[-_END:] == key(figure.subject)[-_END:]
    } or {f.subject for f in there if kind and f.item[:-1] == kind and f.unit == figure.unit}
    return alike.pop() if len(alike) == 1 else figure.subject


_END = 3  # characters that names of one kind of indicator end with: 满意度
