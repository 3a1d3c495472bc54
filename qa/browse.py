"""All figures of a report as rows: filtered, sorted, a screenful at a time, and as CSV and XLSX.

Values stay exact decimals. What a spreadsheet would take for a formula is written as text, since
the words of a PDF are nobody's to trust.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

import xlsxwriter

from index.text import squeeze
from index.values import Figure, Report
from qa.words import CHINESE, Words

PER_SCREEN = 50
PROSE = "prose"  # instead of a table's id: the figures of the text

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list: the text's name, a figure's entry there, and what it is sorted by."""

    name: str
    entry: Callable[[Figure], str]
    order: Callable[[Figure], Any] | None = None


def _path(parts: Sequence[str]) -> str:
    return " > ".join(parts)


def _item(figure: Figure) -> str:
    return _path(figure.item) or figure.subject


def _value(figure: Figure) -> str:
    return "" if figure.value is None else format(figure.value, "f")


COLUMNS = (
    Column("item", _item),
    Column("code", lambda f: f.code),
    Column("column", lambda f: _path(f.column)),
    Column("year", lambda f: str(f.year or ""), lambda f: f.year or 0),
    Column("scope", lambda f: f.scope),
    Column("value", _value, lambda f: f.value if f.value is not None else Decimal("-Infinity")),
    Column("unit", lambda f: f.unit),
    Column("printed", lambda f: f.printed),
    Column("page", lambda f: str(f.page), lambda f: f.page),
    Column("page_label", lambda f: f.page_label or ""),
    Column("table", lambda f: f.table),
)
# On the screen, from left to right; the rest is for the spreadsheet.
SHOWN = ("item", "code", "column", "year", "value", "unit", "page")
_BY_NAME = {column.name: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words and codes that must all occur, a table's id, order, screen from 0.

    `sort` is a column's name, `-` in front for the other way round, "" for the report's order.
    """

    words: str = ""
    table: str = ""
    sort: str = ""
    screen: int = 0

    def sorted_by(self, column: str) -> Query:
        """Sorted by a column, the other way round when it was already."""
        sort = f"-{column}" if self.sort == column else column
        return Query(self.words, self.table, sort)

    def turned(self, step: int) -> Query:
        return Query(self.words, self.table, self.sort, max(0, self.screen + step))


def find(report: Report, query: Query) -> list[Figure]:
    """The figures with a value that `query` asks for."""
    wanted = [squeeze(word).lower() for word in query.words.split()]
    found = [
        figure
        for figure in report.figures
        if figure.value is not None
        and (not query.table or _in_table(figure, query.table))
        and all(word in _searched(figure) for word in wanted)
    ]
    name = query.sort.removeprefix("-")
    if column := _BY_NAME.get(name):
        found.sort(key=column.order or column.entry, reverse=query.sort.startswith("-"))
    return found


def tables(report: Report, words: Words = CHINESE) -> list[tuple[str, str]]:
    """What the list can be narrowed to, as (shown, id): the tables that hold figures, the text."""
    filled = {f.table_id for f in report.figures if f.value is not None and not f.sentence}
    names = [
        (" ".join(p for p in (t.form_code, t.title, t.project) if p), t.id)
        for t in report.tables
        if t.id in filled
    ]
    return [(words("all_tables"), ""), *names, (words("prose"), PROSE)]


def table_html(found: Sequence[Figure], query: Query, words: Words = CHINESE) -> str:
    """One screen of the list. A row opens its figure, a column's head sorts."""
    if not found:
        return f'<p class="rq-none">{words("figures_none")}</p>'
    last = (len(found) - 1) // PER_SCREEN
    screen = min(query.screen, last)
    rows = found[screen * PER_SCREEN : (screen + 1) * PER_SCREEN]
    count = words(
        "figures_found",
        count=f"{len(found):,}",
        first=screen * PER_SCREEN + 1,
        last=screen * PER_SCREEN + len(rows),
    )
    heads = "".join(_head(name, query, words) for name in SHOWN)
    body = "".join(_row(figure, words) for figure in rows)
    turns = _turn(-1, screen > 0, words("figures_prev")) + _turn(
        1, screen < last, words("figures_next")
    )
    return (
        f'<div class="rq-list"><div class="rq-count-line"><span role="status">{count}</span>'
        f'<span class="rq-turns">{turns}</span></div>'
        f'<div class="rq-scroll" tabindex="0"><table class="rq-figures"><thead><tr>{heads}</tr>'
        f"</thead><tbody>{body}</tbody></table></div></div>"
    )


def as_rows(found: Iterable[Figure], words: Words = CHINESE) -> list[list[str]]:
    """Head and rows with every column, as printed text."""
    head = [words(f"column_{column.name}") for column in COLUMNS]
    return [head, *([column.entry(figure) for column in COLUMNS] for figure in found)]


def write_csv(found: Iterable[Figure], path: Path, words: Words = CHINESE) -> Path:
    """CSV that spreadsheets open as UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    numeric = {i for i, column in enumerate(COLUMNS) if column.name == "value"}
    for row in as_rows(found, words):
        writer.writerow([c if i in numeric else _as_text(c) for i, c in enumerate(row)])
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    return path


def write_xlsx(found: Sequence[Figure], path: Path, words: Words = CHINESE) -> Path:
    """One sheet with the value as a number, everything else as text."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(words("tab_figures")[:31])
        bold = book.add_format({"bold": True})
        rows = as_rows(found, words)
        for r, row in enumerate(rows):
            figure = found[r - 1] if r else None
            for c, entry in enumerate(row):
                value = figure.value if figure else None
                if COLUMNS[c].name == "value" and value is not None:
                    sheet.write_number(r, c, float(value))
                else:
                    sheet.write_string(r, c, entry, None if r else bold)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows) - 1, len(COLUMNS) - 1)
        sheet.autofit(400)
    return path


def _as_text(entry: str) -> str:
    """An entry that no spreadsheet takes for a formula; a plain minus sign is no danger."""
    return f"'{entry}" if entry.startswith(_FORMULA) and not _is_number(entry) else entry


def _is_number(entry: str) -> bool:
    return entry.replace(",", "").lstrip("+-").replace(".", "", 1).isdigit()


def _in_table(figure: Figure, table: str) -> bool:
    return bool(figure.sentence) if table == PROSE else figure.table_id == table


def _searched(figure: Figure) -> str:
    parts = (*figure.item, figure.subject, figure.code, *figure.column, figure.printed)
    return squeeze(" ".join((*parts, figure.project, figure.table, _value(figure)))).lower()


def _head(name: str, query: Query, words: Words) -> str:
    label = words(f"column_{name}")
    order = {name: "ascending", f"-{name}": "descending"}.get(query.sort, "none")
    sign = {"ascending": " ↑", "descending": " ↓", "none": ""}[order]
    return (
        f'<th scope="col" class="rq-{name}" aria-sort="{order}"><button type="button"'
        f' data-sort="{name}" title="{words("sort_hint", name=label)}">{label}{sign}</button></th>'
    )


def _row(figure: Figure, words: Words) -> str:
    cells = []
    for name in SHOWN:
        text = escape(_BY_NAME[name].entry(figure))
        if name == "value":
            text = escape(_shown_value(figure))
        elif name == "item":
            text = (
                f'<button type="button" data-figure="{escape(figure.id)}"'
                f' title="{words("open_figure", page=figure.page)}">{text or "—"}</button>'
                f'<small class="rq-narrow">{escape(_path(figure.column))}</small>'
                f"<small>{escape(figure.table or figure.sentence)}</small>"
            )
        cells.append(f'<td class="rq-{name}">{text}</td>')
    return f'<tr data-row="{escape(figure.id)}">{"".join(cells)}</tr>'


def _shown_value(figure: Figure) -> str:
    """The digits as printed (0.00 is not 0); the value where they leave out sign or unit."""
    printed = figure.printed.strip()
    same = _is_number(printed) and Decimal(printed.replace(",", "")) == figure.value
    return printed if same else format(figure.value or Decimal(0), ",f")


def _turn(step: int, possible: bool, label: str) -> str:
    off = "" if possible else " disabled"
    return f'<button type="button" class="rq-button" data-screen="{step}"{off}>{label}</button>'
