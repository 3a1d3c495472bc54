"""Tables from elsewhere: read into rows, printed as a report, their questions as a gold set."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from eval.check import page_texts
from eval.gold import GoldError, load_gold
from eval.tables import TableError, gold_from, print_table, read_table
from index.build import read_report

TEXT = '馆名,藏书,经费\n东馆,1200,"1,050.60"\n西馆,800,72.30\n'
ROWS = (("馆名", "藏书", "经费"), ("东馆", "1200", "1,050.60"), ("西馆", "800", "72.30"))
HTML = """<html><meta charset="utf-8"><p>前言</p><table>
<tr><th rowspan="2">线路</th><th colspan="2">2024年</th></tr>
<tr><th>客运量</th><th>收入</th></tr>
<tr><td>1路</td><td>131.20</td><td> 196.8
</td></tr></table></html>"""


@pytest.mark.parametrize(
    ("name", "content", "encoding"),
    [
        ("a.csv", TEXT, "utf-8"),
        ("a.csv", TEXT, "utf-8-sig"),
        ("a.csv", TEXT, "gb18030"),
        ("a.tsv", TEXT.replace(",", "\t").replace('"1\t050.60"', "1,050.60"), "utf-8"),
        ("a.csv", TEXT.replace("\n", "\n,,\n"), "utf-8"),  # blank rows are no rows
    ],
)
def test_separated_values(tmp_path: Path, name: str, content: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode(encoding))
    assert read_table(path) == ROWS


def test_merged_cells_of_html_are_repeated(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(HTML, "utf-8")
    assert read_table(path) == (
        ("线路", "2024年", "2024年"),
        ("线路", "客运量", "收入"),
        ("1路", "131.20", "196.8"),
    )


def test_merged_cells_of_a_sheet_are_repeated(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["线路", "2024年", None], ["线路", "客运量", "收入"], ["1路", 131.5, "1,052.0"]):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx") == (
        ("线路", "2024年", "2024年"),
        ("线路", "客运量", "收入"),
        ("1路", "131.5", "1,052.0"),
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.doc", b"x", "只认"),
        ("none.csv", None, "读不到文件"),
        ("a.csv", b"", "至少要有两行两列"),
        ("a.csv", b"one,two\n", "至少要有两行两列"),
        ("a.html", b"<p>no</p>", "没有可读的表格"),
        ("a.html", b"", "没有可读的表格"),
        ("a.xlsx", b"no", "没有可读的表格"),
    ],
)
def test_what_is_no_table_is_named(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TableError, match=message):
        read_table(path)


def test_the_printed_table_is_read_back_as_a_report(tmp_path: Path) -> None:
    pdf = print_table(ROWS, tmp_path / "t.pdf", "2024年<各馆>情况", "万元")
    assert "2024年<各馆>情况" in page_texts(pdf)[1]
    report = read_report(pdf)
    assert (report.kind, report.year) == ("accounts", 2024)
    found = {(f.item[-1], f.column[-1]): (f.printed, f.unit) for f in report.figures if f.item}
    assert found["东馆", "经费"] == ("1,050.60", "万元")
    assert found["西馆", "藏书"][0] == "800"


def test_a_long_table_repeats_its_header(tmp_path: Path) -> None:
    rows = (ROWS[0], *((f"{n}馆", str(n), "1.00") for n in range(60)))
    texts = page_texts(print_table(rows, tmp_path / "t.pdf", "各馆"))
    assert len(texts) > 2
    assert all("藏书" in text for text in texts[1:])


@pytest.mark.parametrize("heads", [0, 3])
def test_a_table_is_not_all_header(tmp_path: Path, heads: int) -> None:
    with pytest.raises(TableError, match="表头"):
        print_table(ROWS, tmp_path / "t.pdf", "各馆", heads=heads)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"question": "q", "answer": "1,050.60万元"}', ("number", Decimal("1050.6"), "万元")),
        ('{"question": "q", "answer": 12.5}', ("number", Decimal("12.5"), "")),
        ('{"question": "q", "answer": "-3", "unit": "人"}', ("number", Decimal(-3), "人")),
        ('{"question": "q", "answer": "93.8％"}', ("number", Decimal("93.8"), "%")),
        ('{"question": "q", "answer": "东馆、西馆"}', ("text", None, None)),
    ],
)
def test_a_question_and_its_answer_make_an_item(
    tmp_path: Path, line: str, expected: tuple[Any, ...]
) -> None:
    given = tmp_path / "q.jsonl"
    given.write_text(line, "utf-8")
    (item,) = load_gold(gold_from(given, tmp_path / "gold.jsonl"))
    assert (item.answer_type, item.value, item.unit) == expected
    if item.answer_type == "text":
        assert item.must_include == ("东馆", "西馆")


def test_a_whole_item_is_kept(tmp_path: Path) -> None:
    given = tmp_path / "q.jsonl"
    line = '{"id": "x", "question": "q", "category": "unanswerable", "answer_type": "refusal"}'
    given.write_text(line, "utf-8")
    (item,) = load_gold(gold_from(given, tmp_path / "gold.jsonl"))
    assert (item.id, item.answer_type) == ("x", "refusal")


@pytest.mark.parametrize("line", ['{"question": "q"}', '{"answer": "1"}', "{"])
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    given = tmp_path / "q.jsonl"
    given.write_text('{"question": "q", "answer": 1}\n' + line, "utf-8")
    with pytest.raises(GoldError, match="第 2 行"):
        gold_from(given, tmp_path / "gold.jsonl")
