"""The list of figures: found, sorted, shown, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from index.values import Figure, Report
from qa.browse import PER_SCREEN, PROSE, Query, as_rows, find, table_html, tables
from qa.browse import write_csv as to_csv
from qa.browse import write_xlsx as to_xlsx
from qa.words import Words

EVIL = '=HYPERLINK("http://x","<b>点我</b>")'


@pytest.fixture
def evil(sample_report: Report) -> Figure:
    """A figure whose words a spreadsheet would run and a browser would render."""
    figure = next(f for f in sample_report.figures if f.value is not None)
    value = Decimal("-3.50")
    return replace(figure, item=(EVIL,), column=("+1+1", "@x"), value=value, printed="-3.50")


@pytest.mark.parametrize(
    ("query", "test"),
    [
        (Query("30217"), lambda f: f.code == "30217"),
        (Query("公务接待费 决算"), lambda f: "公务接待费" in f"{f.item}{f.column}{f.subject}"),
        (Query("8,808.09"), lambda f: f.value == Decimal("8808.09")),
        (Query("", PROSE), lambda f: bool(f.sentence)),
    ],
    ids=["code", "words", "number", "prose"],
)
def test_find(sample_report: Report, query: Query, test: object) -> None:
    found = find(sample_report, query)
    assert found
    assert len(found) < sum(f.value is not None for f in sample_report.figures)
    assert all(test(f) for f in found)  # type: ignore[operator]


def test_every_figure_is_in_a_table_of_the_choice(sample_report: Report) -> None:
    whole = find(sample_report, Query())
    parts = [find(sample_report, Query(table=table)) for _, table in tables(sample_report) if table]
    assert all(parts), "no choice is empty"
    assert sum(map(len, parts)) == len(whole)
    assert any(name.startswith("公开09表") for name, _ in tables(sample_report))


def test_sorting_both_ways(sample_report: Report) -> None:
    query = Query("万元").sorted_by("value")
    values = [f.value for f in find(sample_report, Query(table="t010", sort="value"))]
    assert values == sorted(v for v in values if v is not None)
    assert query.sorted_by("value").sort == "-value"
    down = find(sample_report, Query(table="t010", sort="-value"))
    assert down[0].value == max(v for v in values if v is not None)


def test_screens_cover_the_list_once(sample_report: Report) -> None:
    found = find(sample_report, Query())
    seen: list[str] = []
    for screen in range(-(-len(found) // PER_SCREEN)):
        seen += re.findall(r'data-row="(\w+)"', table_html(found, Query(screen=screen)))
    assert seen == [f.id for f in found]
    beyond = table_html(found, Query(screen=999))
    assert f'data-row="{found[-1].id}"' in beyond


def test_zero_is_shown_as_printed(sample_report: Report) -> None:
    zero = next(f for f in sample_report.figures if f.printed == "0.00")
    assert ">0.00</td>" in table_html([zero], Query())


def test_a_decrease_keeps_its_sign(sample_report: Report) -> None:
    """减少1,310.40万元 is printed without a minus sign; the list would seem to be out of order."""
    less = next(f for f in sample_report.figures if f.value == Decimal("-1310.40"))
    assert less.printed == "1,310.40"
    assert ">-1,310.40</td>" in table_html([less], Query())


def test_nothing_found_is_said() -> None:
    assert "没有符合条件的数字" in table_html([], Query())


def test_words_of_the_report_are_no_markup(evil: Figure) -> None:
    html = table_html([evil], Query())
    assert "<b>" not in html
    assert "&lt;b&gt;点我" in html


def test_csv_has_no_formula_and_exact_values(evil: Figure, tmp_path: Path) -> None:
    path = to_csv([evil], tmp_path / "a.csv")
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to read UTF-8"
    head, row = csv.reader(raw.decode("utf-8-sig").splitlines())
    named = dict(zip(head, row, strict=True))
    assert named["项目"] == "'" + EVIL
    assert named["栏目"] == "'+1+1 > @x"
    assert named["数值"] == "-3.50", "a negative number is no formula"


def test_xlsx_has_no_formula_and_numbers(evil: Figure, tmp_path: Path) -> None:
    path = to_xlsx([evil], tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<v>-3.5</v>" in sheet
    assert "=HYPERLINK(" in words
    assert "<hyperlink" not in sheet


def test_rows_hold_every_column_in_the_visitor_s_language(sample_report: Report) -> None:
    found = find(sample_report, Query("30217"))
    head, *rows = as_rows(found, Words("en"))
    assert head[:3] == ["Item", "Code", "Column"]
    assert all(row[1] == "30217" for row in rows)

    assert dict(zip(head, rows[0], strict=True))["Page"] == str(found[0].page)


def test_a_figure_without_a_name_can_still_be_opened(sample_report: Report) -> None:
    figure = replace(find(sample_report, Query())[0], item=(), subject="")
    assert "—</button>" in table_html([figure], Query())
