"""The answer writer: no number of unknown origin, every value cited, no citation twice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.text import numbers_in
from index.values import Report
from qa.errors import AnswerError
from qa.evidence import Evidence, amount, place_of, value_of
from qa.plan import Plan, Step, run
from tests.test_qa_helpers import figure, report, told

MEALS = figure("公务接待费", "3.36")
TOTAL = figure("本年支出合计", "10,954.78")
VISITS = told("国内公务接待", "214", "接待26批次，共214人次。", unit="人次", measure="count")
REPORT: Report = report(MEALS, TOTAL, VISITS)
QUESTION = "100元以上的公务接待费是多少"


def evidence() -> Evidence:
    return Evidence(REPORT, QUESTION)


@pytest.mark.parametrize(
    "text",
    [
        "公务接待费为3.36万元。",
        "公务接待费为3.360万元。",
        "接待214人次。",
        "引文里还有26批次。",
        "2024年度的3.36万元。",
        "上年是2023年。",
        "超过100元。",
        "没有数字。",
        "",
    ],
)
def test_numbers_that_may_stand(text: str) -> None:
    made = evidence()
    made.cite(MEALS)
    made.cite(VISITS)
    assert made.answer(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "公务接待费为3.37万元。",
        "公务接待费为33600元。",
        "公务接待费为336万元。",
        "本年支出合计10,954.78万元。",
        "接待215人次。",
        "3.36万元，增长5.2%。",
        "2022年为3.36万元。",
        "３．３７万元。",
        "-3.37万元。",
    ],
)
def test_numbers_that_may_not(text: str) -> None:
    made = evidence()
    made.cite(MEALS)
    made.cite(VISITS)
    with pytest.raises(AnswerError):
        made.answer(text)


@given(st.decimals(0, 10**6, places=2))
def test_any_other_number_is_caught(number: Decimal) -> None:
    made = evidence()
    made.cite(MEALS)
    known = {Decimal(n) for n in ("3.36", "2024", "2023", "100")}
    assume(number not in known)
    with pytest.raises(AnswerError):
        made.answer(f"公务接待费为{number}万元。")
    assert made.answer("公务接待费为3.36万元。").status == "answered"


@pytest.mark.parametrize("status", ["answered", "refused", "clarify"])
def test_the_guard_holds_for_every_status(status: str) -> None:
    with pytest.raises(AnswerError):
        evidence().answer("差不多7.77万元。", status=status)  # type: ignore[arg-type]


def test_nothing_is_allowed_for_other_answers() -> None:
    first = evidence()
    first.cite(MEALS)
    with pytest.raises(AnswerError):
        evidence().answer("公务接待费为3.36万元。")


def test_quotes_counts_and_calculations_bring_their_numbers() -> None:
    made = evidence()
    with pytest.raises(AnswerError):
        made.answer("共5项，其中9.99万元。")
    made.count(5)
    made.quote("文中说9.99万元")
    assert made.answer("共5项，其中9.99万元。")
    both = {f.id: f for f in (MEALS, TOTAL)}
    calculation = run(Plan((Step("percent", (MEALS.id, TOTAL.id)),)), both)
    made.result(calculation, both.values(), "占比")
    answer = made.answer(f"占比：{calculation.formula}。")
    assert answer.calculation is calculation
    assert answer.values[0].kind == "computed"


def test_values_are_cited_at_all_their_places() -> None:
    twin = told("公务接待费", "3.36", "公务接待费3.36万元。")
    made = Evidence(report(MEALS, twin), QUESTION)
    made.value(MEALS, [twin, MEALS])
    answer = made.answer("公务接待费为3.36万元。")
    value = answer.values[0]
    assert value.citations == (0, 1)
    assert [c.page for c in answer.citations] == [1, 2]
    assert answer.citations[1].quote == "公务接待费3.36万元。"
    assert answer.citations[0].quote.endswith("3.36")


def test_citations_are_not_repeated() -> None:
    made = evidence()
    assert [made.cite(f) for f in (MEALS, VISITS, MEALS, VISITS, MEALS)] == [0, 1, 0, 1, 0]
    assert len(made.citations) == 2


def test_no_citation_number_points_beyond_the_list() -> None:
    many = [figure(f"科目{i}", f"{i}.5") for i in range(40)]
    made = Evidence(report(*many), QUESTION)
    for one in many:
        made.value(one)
    made.conflict(many)
    answer = made.answer("好。")
    assert answer.citations
    cited = [*(v.citations for v in answer.values), *(c.citations for c in answer.conflicts)]
    assert all(0 <= i < len(answer.citations) for each in cited for i in each)


def test_a_refusal_gives_no_values() -> None:
    made = evidence()
    made.value(MEALS)
    assert made.answer("没有。", status="refused").values == ()


def test_both_sides_of_a_conflict_are_shown_and_cited() -> None:
    other = told("公务接待费", "3.63", "公务接待费3.63万元。")
    made = Evidence(report(MEALS, other), QUESTION)
    answer = made.answer(made.conflict([MEALS, other]))
    assert [i for c in answer.conflicts for i in c.citations] == [0, 1]
    for words in ("3.36", "3.63", "1页", "2页"):
        assert words in answer.text


def test_a_converted_value_keeps_its_cell() -> None:
    made = evidence()
    found = made.value(MEALS, unit="元")
    assert (found.value, found.unit) == (Decimal(33600), "元")
    assert made.answer("即33600元。").citations[0].quote.endswith("3.36")


@pytest.mark.parametrize(
    ("one", "shown", "value", "unit"),
    [
        (MEALS, "3.36万元", "3.36", "万元"),
        (TOTAL, "10,954.78万元", "10954.78", "万元"),
        (figure("执行率", "0.9270", "", measure="rate"), "92.7%", "92.7", "%"),
        (figure("执行率", "92.70", "%", measure="rate"), "92.70%", "92.70", "%"),
        (figure("购置", "0.00"), "0.00万元", "0", "万元"),
    ],
)
def test_amounts(one: object, shown: str, value: str, unit: str) -> None:
    assert amount(one).startswith(shown)  # type: ignore[arg-type]
    assert value_of(one) == (Decimal(value), unit)  # type: ignore[arg-type]


def test_a_blank_cell_is_not_shown_as_zero() -> None:
    assert not numbers_in(amount(figure("水费")))


def test_a_place_names_the_printed_page_where_there_is_one() -> None:
    assert "18" in place_of(18, None)
    assert {"16", "18"} <= {str(n) for _, _, n in numbers_in(place_of(18, "16"))}
