"""A report whose words are markup, formulas and control characters: they stay words everywhere."""

from __future__ import annotations

import csv
import json
import logging
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from index.build import read_report
from index.check import check_report
from index.check.export import write_html, write_xlsx
from index.pictures import Sheet
from index.values import Report
from qa import browse
from qa.browse import Query
from qa.panes import Shown, evidence_html, header_html
from qa.places import Places
from qa.serve.logs import AsJson
from qa.show import answer_html
from qa.talk import Talk, Turn
from qa.transcript import as_markdown
from qa.values import Answer, Citation
from tests.pdfs import Leaf, write_pdf

FORMULA = '=HYPERLINK("http://evil/","x")'
PICTURE = "<img src=x onerror=alert(1)>"
LINK = "[x](javascript:alert(1))![](http://evil/p.png)"
QUOTE = '"><script>alert(1)</script>'
WORDS = ("@SUM(1+1)*cmd|' /C calc'!A0", FORMULA, PICTURE, QUOTE)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report of two tables: one whose labels are hostile, one with a sum that is wrong."""
    rows = [[word, f"{i + 1}.00", f"{i + 1}.00"] for i, word in enumerate(WORDS)]
    first = Leaf(
        above=(f"{PICTURE}市2024年度部门决算", "收入支出决算总表", "单位：万元"),
        grid=[["项目", "预算数", "决算数"], *rows, ["合计", "11.00", "99.00"]],
        below=(
            f"一、收入支出决算情况说明 {LINK}",
            f"2024年度收入总计99.00万元，其中{PICTURE}支出3.36万元，{QUOTE}支出4.00万元。",
        ),
        widths=(420, 120, 120),
    )
    return read_report(write_pdf(tmp_path_factory.mktemp("evil") / "evil.pdf", first), 1)


class Seen(HTMLParser):
    """The elements and attributes that a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def is_harmless(page: str) -> None:
    seen = Seen(page)
    assert "script" not in seen.tags
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    urls = [v for name, v in seen.attributes if name in {"src", "href", "action"}]
    assert not [u for u in urls if "evil" in u or u.startswith("javascript:") or u == "x"]


def test_the_report_was_read_with_its_hostile_words(hostile: Report) -> None:
    labels = {part for figure in hostile.figures for part in figure.item}
    assert {FORMULA, PICTURE, QUOTE} <= labels, labels


def test_the_page(hostile: Report) -> None:
    places = Places(hostile)
    for query in (Query(), Query(PICTURE), Query(QUOTE)):
        is_harmless(browse.table_html(browse.find(hostile, query), query))
    is_harmless(header_html(hostile))
    figure = next(f for f in hostile.figures if PICTURE in f.item)
    cited = Citation(hostile.id, figure.page, QUOTE, figure.box, PICTURE, LINK + PICTURE)
    answer = Answer("answered", f"{PICTURE}{QUOTE}{LINK}", citations=(cited,))
    shown = answer_html(answer, 0, places=places)
    is_harmless(shown)
    assert "&lt;img" in shown
    is_harmless(evidence_html(Shown((cited,)), Sheet("data:,", 100, 100), "data:,"))


def test_csv_and_workbook_of_the_figures(hostile: Report, tmp_path: Path) -> None:
    found = browse.find(hostile, Query())
    path = browse.write_csv(found, tmp_path / "f.csv")
    cells = [c for row in csv.reader(path.open(encoding="utf-8-sig")) for c in row]
    assert f"'{FORMULA}" in cells
    assert not [c for c in cells if c[:1] in "=+-@\t\r" and c and not browse._is_number(c)]
    is_plain(browse.write_xlsx(found, tmp_path / "f.xlsx"), FORMULA)


def test_the_report_of_the_checks(hostile: Report, tmp_path: Path) -> None:
    findings = check_report(hostile)
    assert findings
    write_html(hostile, findings, tmp_path / "c.html")
    is_harmless((tmp_path / "c.html").read_text("utf-8"))
    write_xlsx(hostile, findings, tmp_path / "c.xlsx")
    is_plain(tmp_path / "c.xlsx")


def is_plain(path: Path, word: str = "") -> None:
    """No cell is a formula or a link."""
    cells = [c for s in openpyxl.load_workbook(path) for row in s.iter_rows() for c in row]
    assert not [c.value for c in cells if c.data_type == "f" or c.hyperlink]
    assert not word or word in {c.value for c in cells}


def test_the_dialogue_as_markdown(hostile: Report) -> None:
    figure = next(f for f in hostile.figures if PICTURE in f.item)
    cited = Citation(hostile.id, figure.page, "1", figure.box, LINK, f"{PICTURE}\n# head\n{LINK}")
    answer = Answer("answered", f"{LINK}\n\n{PICTURE}", citations=(cited,))
    talk = Talk(hostile.id, turns=(Turn(f"{LINK}\n# {PICTURE}", answer),))
    text = as_markdown(talk, hostile, Places(hostile), datetime(2026, 1, 1))
    bare = text.replace("\\\\", "").replace("\\[", "").replace("\\]", "").replace("\\<", "")
    assert "[" not in bare and "<img" not in bare and "\n# head" not in text


def test_the_log(hostile: Report) -> None:
    forged = f'{hostile.title}\n{{"level": "ERROR"}}\x1b]0;x\x07{LINK}'
    record = logging.LogRecord("qa", logging.WARNING, "f", 1, "cannot open %s", (forged,), None)
    line = AsJson().format(record)
    assert len(line.splitlines()) == 1 and "\x1b" not in line
    assert json.loads(line)["level"] == "WARNING"
