"""The evidence pane, the head, progress and the report cards."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.pictures import Sheet
from index.store import ReportInfo
from index.values import Box
from qa.panes import (
    Card,
    Shown,
    cards_html,
    chart_html,
    error_html,
    evidence_html,
    header_html,
    progress_html,
)
from qa.values import Citation
from qa.words import Words

EVIL = '<img src=x onerror="alert(1)">'
SHEET = Sheet("data:page", 400, 200)


def cite(page: int = 18, box: Box | None = None, quote: str = "公务接待费｜3.36") -> Citation:
    return Citation("yunhai", page, "15", box or Box(102, 52, 198, 98), "三公经费表", quote)


def info(title: str = "某局2024年度部门决算", **changes: object) -> ReportInfo:
    given = {"id": "abc", "file": "a.pdf", "title": title, "body": "某局", "year": 2024,
             "kind": "accounts", "pages": 40, "tables": 18, "figures": 1086, "passages": 9,
             "model": "m", "pdf": Path("a.pdf")}  # fmt: skip
    return ReportInfo(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(("count", "steps"), [(1, False), (3, True)])
def test_evidence_has_steps_only_between_citations(count: int, steps: bool) -> None:
    html = evidence_html(Shown([cite()] * count, 0, "公开09表"), SHEET, "data:cell")
    assert ("data-step" in html) is steps
    assert "第15页（PDF第18页）" in html
    assert "公开09表 · 三公经费表" in html
    assert html.index("data:cell") < html.index("data:page")


def test_the_mark_is_the_citation_s_box_with_a_little_room() -> None:
    html = evidence_html(Shown([cite()]), SHEET, "data:cell")
    style = re.search(r'class="rq-mark"[^>]*style="([^"]*)"', html)
    assert style
    assert style[1] == "left:25.000%;top:25.000%;width:25.000%;height:25.000%"


def test_other_citations_on_the_page_can_be_selected() -> None:
    cited = [cite(), cite(box=Box(0, 0, 20, 10)), cite(page=19, box=Box(5, 5, 9, 9))]
    html = evidence_html(Shown(cited, 0), SHEET, "data:cell")
    assert re.findall(r'data-cite="(\d)"', html) == ["1"]
    assert html.index("rq-other") < html.index('class="rq-mark" '), "the cited one lies on top"
    assert "left:0.000%;top:0.000%" in html, "a mark does not leave the page"


@pytest.mark.parametrize(
    ("fraction", "expected"), [(0.0, "0%"), (0.456, "46%"), (1.7, "100%"), (-1.0, "0%")]
)
def test_progress(fraction: float, expected: str) -> None:
    assert f"<span>{expected}</span>" in progress_html("读取页面", fraction)


def test_nothing_to_tell_is_nothing() -> None:
    assert progress_html("", 0.5) == ""
    assert error_html("") == ""


def test_header_without_a_report() -> None:
    assert "部门决算问答" in header_html(None)
    assert "final accounts" in header_html(None, Words("en"))


def test_a_card_can_be_opened_and_removed_unless_it_is_open_or_the_sample() -> None:
    html = cards_html([Card(info(), "data:cover")])
    for piece in ('data-open="abc"', 'data-remove="abc"', "1,086个数字", "40页", "data:cover"):
        assert piece in html
    html = cards_html([Card(info(), "data:cover", is_open=True, is_sample=True)])
    assert "data-open" not in html
    assert "data-remove" not in html
    assert "还没有报告" in cards_html([])


def test_everything_from_outside_is_escaped() -> None:
    citation = Citation(EVIL, 1, None, Box(0, 0, 1, 1), EVIL, EVIL)
    other = Citation(EVIL, 1, None, Box(2, 2, 3, 3), EVIL, EVIL)
    pieces = [
        evidence_html(Shown([citation, other], 0, EVIL), SHEET, "data:,"),
        error_html(EVIL),
        progress_html(EVIL, 0.5),
        chart_html(EVIL, [(EVIL, EVIL)]),
        cards_html([Card(info(EVIL, file=EVIL, body=EVIL), "data:,")]),
    ]
    for html in pieces:
        assert EVIL not in html
        assert "&lt;img src=x" in html
