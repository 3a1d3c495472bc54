"""What people get of the findings: lines, JSON, a page, a workbook."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from index.check import Finding, check_report
from index.check.export import html, write_html, write_xlsx
from index.check.listing import finding_as_dict, listing, sort_findings
from index.errors import PdfError
from index.values import Report
from tests.check_reports import prose

TEXT = "公务接待费支出预算为5.00万元，支出决算为4.00万元，完成预算的90.00%。"


@pytest.fixture
def report() -> Report:
    return prose(TEXT)


@pytest.fixture
def findings(report: Report) -> tuple[Finding, ...]:
    return check_report(report)


def test_lines_tell_differences_first(report: Report, findings: tuple[Finding, ...]) -> None:
    lines = listing(report, findings)
    assert "不一致1项" in lines[0]
    at = lines.index("不一致")
    assert lines[at + 1].startswith("1. 【错误】第1页正文写公务接待费支出完成预算的90.00%")
    assert "应为80.00%" in lines[at + 1]
    assert "第1页“公务接待费支出”4.00万元" in lines[at + 2]
    assert "无法核对" in lines


def test_lines_say_where_nothing_differs() -> None:
    fine = prose(TEXT.replace("90", "80"))
    assert "没有发现不一致。" in listing(fine, check_report(fine))


def test_a_finding_as_data(findings: tuple[Finding, ...]) -> None:
    (differs,) = sort_findings(findings).differs
    row = json.loads(json.dumps(finding_as_dict(differs)))
    assert (row["rule"], row["verdict"], row["severity"]) == ("completion", "differs", "error")
    assert (row["stated"], row["unit"], row["tolerance"]) == ("90.00", "%", "0.005")
    assert [f["role"] for f in row["figures"]] == ["stated", "compared", "compared"]
    figure = row["figures"][1]
    assert (figure["value"], figure["printed"], figure["page"]) == ("4.00", "4.00", 1)
    assert len(figure["bbox"]) == 4
    assert {"item", "column", "table", "page_label"} <= set(figure)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href"}]


ATTACK = '=HYPERLINK("http://example.org","x")<script>alert(1)</script>&'


def attacked(report: Report) -> tuple[Report, tuple[Finding, ...]]:
    """A report whose title and sentences try to be markup and formulas."""
    bad = replace(report, title=ATTACK)
    found = tuple(
        replace(f, text=ATTACK + f.text, name=ATTACK, terms=tuple(
            replace(t, label=ATTACK, printed=ATTACK, table=ATTACK) for t in f.terms
        ))
        for f in check_report(report)
    )  # fmt: skip
    return bad, found


def test_the_page_escapes_what_the_report_says(report: Report) -> None:
    page = html(*attacked(report))
    tags = Tags()
    tags.feed(page)
    assert "script" not in tags.names
    assert tags.links == []  # nothing is loaded from outside
    assert "&lt;script&gt;" in page
    assert "url(" not in page


def test_a_sentence_is_never_a_formula(report: Report, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    write_xlsx(*attacked(report), target)
    with zipfile.ZipFile(target) as book:
        names = [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
        sheets = [book.read(name).decode() for name in names]
        strings = book.read("xl/sharedStrings.xml").decode()
        relations = [n for n in book.namelist() if "worksheets/_rels" in n]
    assert len(sheets) == 2
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert relations == []
    assert "=HYPERLINK(" in strings
    assert re.search(r'<c r="E3"[^>]*><v>90</v>', sheets[0]), "amounts are numbers"


@pytest.mark.parametrize(("write", "option"), [(write_html, "--html"), (write_xlsx, "--xlsx")])
def test_a_folder_that_does_not_exist(
    report: Report, findings: tuple[Finding, ...], tmp_path: Path, write: object, option: str
) -> None:
    assert callable(write)
    with pytest.raises(PdfError, match=option):
        write(report, findings, tmp_path / "nowhere" / "a.out")
