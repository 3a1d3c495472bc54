"""Finding the figures that a rule speaks of: tables by role, rows, paragraphs, names.

Built once for a report; every look-up is pure. Names are compared squeezed (`text.squeeze`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache

from index.check.findings import MONEY
from index.check.rules import Select, role_of
from index.labels import strip_number
from index.links import fact_names
from index.text import squeeze
from index.values import Figure, Report, Table


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """A name as it is compared: squeezed, without numbering."""
    return squeeze(strip_number(text))


class Reading:
    """A report ordered for checking: figures by table, by paragraph, by name."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.by_id = {figure.id: figure for figure in report.figures}
        self.by_table: dict[str, list[Figure]] = defaultdict(list)
        for figure in report.figures:
            self.by_table[figure.table_id].append(figure)
        self.tables = {table.id: table for table in report.tables}
        self.roles: dict[str, list[Table]] = defaultdict(list)
        for table in report.tables:
            if table.kind != "form" and (role := role_of(squeeze(table.title))):
                self.roles[role].append(table)
        self.prose = [f for f in report.figures if f.sentence]
        self._named: dict[tuple[str, str], list[Figure]] = defaultdict(list)
        for figure in report.figures:
            if figure.project:
                continue
            for name in fact_names(figure):
                self._named[name].append(figure)
        self.paragraphs = {f"p{n}": p for n, p in enumerate(report.paragraphs)}

    def pick(self, select: Select) -> list[Figure]:
        """The figures that fulfil every condition, in reading order; blank cells among them."""
        if select.prose:
            pool: Iterable[Figure] = self.prose
        else:
            tables = self.roles.get(select.table, [])
            pool = self.by_table[tables[0].id] if tables else ()
        found = [figure for figure in pool if _fits(figure, select)]
        if select.first:
            return found[:1]
        return found[-1:] if select.last else found

    def same_name(self, figure: Figure, measures: Collection[str]) -> list[Figure]:
        """Figures of other places that bear the figure's name and scope, of these measures."""
        found: list[Figure] = []
        for name in fact_names(figure):
            found.extend(f for f in self._named[name] if f.measure in measures and not f.facet)
        return [f for f in found if f.value is not None and f.id != figure.id]

    def section(self, figure: Figure) -> tuple[str, ...]:
        """The chapter (`五、…`) that a figure of the prose stands in."""
        paragraph = self.paragraphs.get(figure.table_id)
        if paragraph is None:
            return ()
        path = paragraph.section
        for depth, heading in enumerate(path):
            if re.match(r"^[一二三四五六七八九十]+[、.]", heading):
                return path[: depth + 1]
        return path

    def has_role(self, role: str) -> bool:
        return bool(self.roles.get(role))


def _fits(figure: Figure, select: Select) -> bool:
    if figure.state == "text" or figure.project:
        return False
    if select.table and figure.value is not None and figure.unit not in MONEY:
        return False
    if select.total is not None and figure.total != select.total:
        return False
    if select.code and not re.search(select.code, figure.code):
        return False
    if select.facet is not None and squeeze(figure.facet) != select.facet:
        return False
    if select.subject and not re.fullmatch(select.subject, plain(figure.subject)):
        return False
    if select.measure and not re.fullmatch(select.measure, figure.measure):
        return False
    if select.scope and not re.search(select.scope, figure.scope):
        return False
    if select.top and len(figure.item) != 1:
        return False
    if select.label and not (figure.item and re.search(select.label, squeeze(figure.item[-1]))):
        return False
    if select.under and not (len(figure.item) > 1 and plain(figure.item[-2]) == select.under):
        return False
    return not select.column or bool(re.fullmatch(select.column, squeeze("/".join(figure.column))))


def head(column: tuple[str, ...]) -> str:
    """The innermost header word of a column, squeezed; a unit in brackets is left out."""
    return re.sub(r"\((?:亿|万|千)?元\)$", "", squeeze(column[-1])) if column else ""
