"""What an answer looks like: numbers keep their digits, and nothing is taken for markup."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.values import Box
from qa.show import (
    answer_html,
    error_html,
    evidence_html,
    header_html,
    number,
    page_name,
    progress_html,
)
from qa.values import Answer, Calculation, Citation, Conflict, Value

EVIL = '<img src=x onerror="alert(1)">'


def cite(page: int = 18, label: str | None = "15", source: str = "三公经费表") -> Citation:
    return Citation("yunhai", page, label, Box(1, 2, 3, 4), source, "公务接待费 3.36")


def money(value: str, label: str = "公务接待费", citations: tuple[int, ...] = (0,)) -> Value:
    return Value(Decimal(value), "万元", label, "reported", citations)


@pytest.mark.parametrize(
    ("label", "expected"), [("15", "第15页（PDF第18页）"), (None, "PDF第18页"), ("", "PDF第18页")]
)
def test_page_name(label: str | None, expected: str) -> None:
    assert page_name(cite(label=label)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3.36", "3.36"),
        ("3.360", "3.360"),
        ("1234567.80", "1,234,567.80"),
        ("-1234.5", "-1,234.5"),
        ("0.00", "0.00"),
        ("1E+3", "1,000"),
    ],
)
def test_number_keeps_every_digit(value: str, expected: str) -> None:
    assert number(Decimal(value)) == expected


def test_figure_stands_before_the_text() -> None:
    html = answer_html(Answer("answered", "共3.36万元。", (money("3.36"),), citations=(cite(),)), 4)
    assert html.index(">3.36<") < html.index("万元</span>") < html.index("共3.36万元。")
    assert 'href="#cite-4-0"' in html
    assert "第15页 · 三公经费表" in html


@pytest.mark.parametrize(
    ("answer", "present", "absent"),
    [
        (Answer("refused", "没有2019年的数字。"), ["报告里没有"], ["rq-figure", "rq-chips"]),
        (
            Answer("refused", "没有。", (money("3.36"),), citations=(cite(),)),
            ["报告里没有", "rq-chips"],
            ["rq-figure"],
        ),
        (Answer("clarify", "哪一种口径？", choices=("全口径",)), ["请再说明一点"], ["rq-figure"]),
        (Answer("answered", "是。", polarity="yes"), ["rq-yes", ">是<"], ["rq-badge"]),
        (Answer("answered", "没有超过。", polarity="no"), ["rq-no", ">否<"], ["rq-badge"]),
        (Answer("answered", "因为自理增多。"), ["因为自理增多。"], ["rq-figure", "<details"]),
    ],
    ids=["refused", "refused with a figure", "clarify", "yes", "no", "text"],
)
def test_kinds_of_answer(answer: Answer, present: list[str], absent: list[str]) -> None:
    html = answer_html(answer, 0)
    for piece in present:
        assert piece in html
    for piece in absent:
        assert piece not in html


def test_calculation_is_folded_and_shows_operands_and_rounding() -> None:
    calculation = Calculation(
        "4.20万元 − 3.36万元 = 0.84万元",
        (
            {"label": "预算数", "value": "4.20", "unit": "万元"},
            {"label": "决算数", "value": "3.36", "unit": "万元"},
        ),
        Decimal("0.84"),
        "万元",
        "未取整",
    )
    html = answer_html(Answer("answered", "少0.84万元。", calculation=calculation), 0)
    fold = html[html.index("<details") : html.index("</details>")]
    for piece in ("4.20万元 − 3.36万元", "预算数：4.20万元", "决算数：3.36万元", "未取整"):
        assert piece in fold


def test_conflicts_name_both_pages() -> None:
    answer = Answer(
        "answered",
        "表中3.36万元。",
        citations=(cite(), cite(26, "23")),
        conflicts=(Conflict("表与说明不一致。", (0, 1)),),
    )
    html = answer_html(answer, 2)
    note = html[html.index("rq-note") : html.index("rq-chips-name")]
    assert "表与说明不一致。" in note
    assert 'href="#cite-2-0"' in note
    assert 'href="#cite-2-1"' in note


def test_citations_of_one_place_share_a_link() -> None:
    cited = (cite(), cite(26, "23", "说明"), cite(), cite(26, None, "说明"))
    html = answer_html(Answer("answered", "共4处。", citations=cited), 0)
    chips = html[html.index("rq-chips-name") :]
    assert chips.count('rq-chip"') == 2
    assert "第15页 · 三公经费表（2处）" in chips
    assert 'href="#cite-0-1"' in chips


def test_long_lists_are_folded_but_complete() -> None:
    values = tuple(money(f"{i}.5", f"项目{i}") for i in range(20))
    html = answer_html(Answer("answered", "共20项。", values, citations=(cite(),)), 0)
    assert "其余 8 项" in html
    for i in range(20):
        assert f"项目{i}</td>" in html


def test_everything_from_outside_is_escaped() -> None:
    citation = Citation(EVIL, 1, None, Box(0, 0, 1, 1), EVIL, EVIL)
    calculation = Calculation(EVIL, ({"label": EVIL, "value": EVIL, "unit": EVIL},),
                              Decimal(1), EVIL, EVIL)  # fmt: skip
    answer = Answer(
        "answered",
        EVIL,
        (Value(Decimal(1), EVIL, EVIL, "reported", (0,)),) * 2,
        calculation=calculation,
        citations=(citation,),
        conflicts=(Conflict(EVIL, (0,)),),
    )
    pieces = [answer_html(answer, 0), error_html(EVIL), progress_html(EVIL, 0.5)]
    pieces.append(evidence_html(citation, 0, 1, "data:,", "data:,"))
    for html in pieces:
        assert EVIL not in html
        assert "&lt;img src=x" in html


def test_a_message_is_one_line_so_that_markdown_leaves_it_alone() -> None:
    html = answer_html(Answer("answered", "第一行\n\n* 第二行", (money("1.0"),)), 0)
    assert "\n" not in html
    assert "第一行<br><br>* 第二行" in html


@pytest.mark.parametrize(
    ("fraction", "expected"), [(0.0, "0%"), (0.456, "46%"), (1.7, "100%"), (-1.0, "0%")]
)
def test_progress(fraction: float, expected: str) -> None:
    assert f"<span>{expected}</span>" in progress_html("读取页面", fraction)


def test_nothing_to_tell_is_nothing() -> None:
    assert progress_html("", 0.5) == ""
    assert error_html("") == ""


@pytest.mark.parametrize(("count", "steps"), [(1, False), (3, True)])
def test_evidence_has_steps_only_between_citations(count: int, steps: bool) -> None:
    html = evidence_html(cite(), 0, count, "data:page", "data:cell", (0.25, 0.5))
    assert ("data-step" in html) is steps
    assert "第15页（PDF第18页）" in html
    assert 'data-middle="0.250 0.500"' in html
    assert html.index("data:cell") < html.index("data:page")


def test_header_without_a_report() -> None:
    assert "部门决算问答" in header_html(None)
