"""What an answer looks like: numbers keep their digits, and nothing is taken for markup."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.values import Box
from qa.show import answer_html, number, page_name, question_html, split_notes, tools_html
from qa.talk import Turn
from qa.values import Answer, Calculation, Citation, Conflict, Value
from qa.words import CHINESE, Words

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
    assert "第15页（PDF第18页） · 三公经费表" in html


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
    for piece in ("4.20万元 − 3.36万元", "预算数：4.20万元", "决算数：3.36万元", "取整：未取整"):
        assert piece in fold


def test_conflicts_name_both_pages() -> None:
    answer = Answer(
        "answered",
        "表中3.36万元。",
        citations=(cite(), cite(26, "23")),
        conflicts=(Conflict("表与说明不一致。", (0, 1)),),
    )
    html = answer_html(answer, 2)
    note = html[html.index("rq-note") : html.rindex("rq-name")]
    assert "表与说明不一致。" in note
    assert 'href="#cite-2-0"' in note
    assert 'href="#cite-2-1"' in note


def test_citations_of_one_place_share_a_link() -> None:
    cited = (cite(), cite(26, "23", "说明"), cite(), cite(26, None, "说明"))
    html = answer_html(Answer("answered", "共4处。", citations=cited), 0)
    chips = html[html.rindex("rq-name") :]
    assert chips.count('rq-chip"') == 2
    assert "第15页（PDF第18页） · 三公经费表（2处）" in chips
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
    turn = Turn("问", Answer("answered", EVIL, choices=(EVIL,)), more=(EVIL,))
    assert turn.answer
    pieces = [answer_html(answer, 0), answer_html(turn.answer, 0), tools_html(turn, 0, CHINESE)]
    pieces.append(question_html(EVIL))
    for html in pieces:
        assert EVIL not in html
        assert "&lt;img src=x" in html


def test_a_message_is_one_line_so_that_markdown_leaves_it_alone() -> None:
    html = answer_html(Answer("answered", "第一行\n\n* 第二行", (money("1.0"),)), 0)
    assert "\n" not in html
    assert "第一行<br><br>* 第二行" in html


@pytest.mark.parametrize(
    ("text", "expected", "notes"),
    [
        ("为3.36万元。", "为3.36万元。", []),
        (
            "为3.36万元。（按“公务接待费”理解）",
            "为3.36万元。",
            [("note_assumed", "公务接待费")],
        ),
        (
            "（接上文：公务接待费）预算为4.20万元。（按“预算”理解）",
            "预算为4.20万元。",
            [("note_assumed", "预算"), ("note_carried", "公务接待费")],
        ),
        (
            "为6.40万元。（接上文：因公出国（境）费）",
            "为6.40万元。",
            [("note_carried", "因公出国（境）费")],
        ),
        ("公务接待费（全口径）为3.36万元。", "公务接待费（全口径）为3.36万元。", []),
    ],
)
def test_assumptions_are_taken_out_as_notes(
    text: str, expected: str, notes: list[tuple[str, str]]
) -> None:
    assert split_notes(text) == (expected, notes)


def test_an_assumption_is_a_note_of_the_answer() -> None:
    html = answer_html(Answer("answered", "为3.36万元。（按“公务接待费”理解）"), 0)
    assert html.index("为3.36万元。</div>") < html.index("rq-assumed")
    assert "按“公务接待费”理解</div>" in html


def test_offered_readings_and_next_questions_can_be_asked() -> None:
    turn = Turn(
        "多少", Answer("clarify", "哪一项？", choices=("全口径", "财政拨款")), more=("为什么？",)
    )
    assert turn.answer
    html = answer_html(turn.answer, 3)
    assert '<a class="rq-choice" href="#ask-3-1">财政拨款</a>' in html
    assert '<a class="rq-next" href="#ask-3-0">为什么？</a>' in tools_html(turn, 3, CHINESE)


def test_a_verdict_is_shown_as_chosen() -> None:
    answer = Answer("answered", "是。")
    html = tools_html(Turn("问", answer, verdict="wrong"), 2, CHINESE)
    assert 'class="rq-judge rq-chosen" href="#wrong-2"' in html
    assert 'class="rq-judge" href="#right-2"' in html
    assert tools_html(Turn("问", error="没有报告"), 0, CHINESE) == ""


def test_english_page_keeps_the_chinese_answer() -> None:
    answer = Answer("refused", "没有2019年的数字。", citations=(cite(),))
    html = answer_html(answer, 0, Words("en"))
    for piece in ("Not in the report", "没有2019年的数字。", "p. 15 (PDF p. 18)", "Sources"):
        assert piece in html
