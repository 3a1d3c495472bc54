"""Answers over the sample reports together: values, reports cited, conflicts, refusals."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.errors import StoreError
from index.settings import load_settings
from index.store import Store
from qa.__main__ import app, as_text
from qa.several.joint import Joint
from qa.several.library import Library
from qa.several.limits import Limits
from qa.several.shelf import Shelf, open_shelf
from qa.values import Answer

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FILES = ("yunhai-data-2024", "yunhai-data-2023", "yunhai-archive-2024", "yunhai-data-budget-2024")
Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def store(sample_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of all sample reports, the long one taken over."""
    folder = tmp_path_factory.mktemp("several") / "store"
    shutil.copytree(sample_store.folder, folder)
    found = Store(load_settings(store=folder))
    for name in FILES[1:]:
        found.build(SAMPLES / f"{name}.pdf")
    return found


@pytest.fixture(scope="module")
def shelf(store: Store) -> Shelf:
    return open_shelf(store.settings, store, 8)


@pytest.fixture(scope="module")
def ask(shelf: Shelf) -> Ask:
    library = Library(shelf, Limits())

    def one(question: str, history: Sequence[str] = ()) -> Answer:
        return library.ask(question, (), history)

    return one


def files(store: Store, answer: Answer) -> set[str]:
    return {store.info(c.report).file.removesuffix(".pdf") for c in answer.citations}


@pytest.mark.parametrize(
    ("question", "value", "unit", "cited"),
    [
        ("数据局2024年差旅费比2023年少花了多少", "3.65", "万元", FILES[:2]),
        ("档案馆2024年办公费比数据局少多少", "16.10", "万元", (FILES[0], FILES[2])),
        ("哪个部门的三公经费最少", "3.71", "万元", (FILES[0], FILES[2])),
        ("数据局两年的公务接待费加起来多少", "7.05", "万元", FILES[:2]),
        ("数据局2024年公务接待费预算和决算相差多少", "0.84", "万元", (FILES[0], FILES[3])),
        ("数据局2024年三公经费比2023年增长百分之几", "66.29", "%", FILES[:2]),
    ],
)
def test_value_and_reports(
    ask: Ask, store: Store, question: str, value: str, unit: str, cited: tuple[str, ...]
) -> None:
    answer = ask(question)
    first = answer.values[0]
    assert (first.value, first.unit) == (Decimal(value), unit), answer.text
    assert files(store, answer) == set(cited)
    assert all(answer.citations[i].report for i in first.citations)


def test_years_in_order_with_those_missing(ask: Ask) -> None:
    answer = ask("近四年数据局公务接待费的趋势")
    told = [(c.year, c.value, c.note) for c in answer.compared]
    assert told == [
        (2022, Decimal("3.95"), "derived"),
        (2023, Decimal("3.69"), ""),
        (2024, Decimal("3.36"), ""),
    ]
    assert "没有云海市数据资源管理局2021年的报告" in answer.text


def test_a_restatement_is_a_conflict_with_both_reports(ask: Ask, store: Store) -> None:
    answer = ask("数据局2024年机关运行经费比2023年减少多少")
    assert "276.90" in answer.text
    assert "274.9" in answer.text
    (conflict,) = answer.conflicts
    cited = {store.info(answer.citations[i].report).file for i in conflict.citations}
    assert cited == {"yunhai-data-2024.pdf", "yunhai-data-2023.pdf"}
    assert not ask("数据局2024年公务接待费比2023年减少多少").conflicts


def test_a_zero_base_has_no_rate(ask: Ask) -> None:
    answer = ask("去年和今年的公务接待比")
    assert "基数为0，不可比" in answer.text
    assert [v.value for v in answer.values if v.unit == "%"] == [Decimal("8.94")]


def test_other_scopes_are_not_put_together(ask: Ask) -> None:
    """30217 in the table of 基本支出 is not the 公务接待费 of the 三公 table."""
    basic, whole = ask("各部门30217是多少"), ask("各部门公务接待费从高到低排列")
    assert [c.value for c in basic.compared] == [Decimal("2.85"), Decimal("8500.00")]
    assert [c.value for c in whole.compared] == [Decimal("3.36"), Decimal("0.85")]
    lowest = ask("各部门公务接待费从低到高排列")
    assert [(str(c.value), c.unit) for c in lowest.compared] == [("0.85", "万元"), ("3.36", "万元")]


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ("市教育局2024年公务接待费是多少", "refused", "没有“市教育局”的报告"),
        ("数据局2019年公务接待费是多少", "refused", "2019年"),
        ("换成别的部门", "clarify", "云海市档案馆"),
        ("哪个部门最高", "clarify", "哪一项"),
    ],
)
def test_asked_back_or_refused(ask: Ask, question: str, status: str, words: str) -> None:
    answer = ask(question)
    assert answer.status == status
    assert words in answer.text
    assert not answer.values


def test_few_are_answered_each_and_many_asked_back(ask: Ask, shelf: Shelf) -> None:
    each = ask("公务接待费是多少")
    assert each.each
    assert len(each.compared) == 3
    asked_back = Library(shelf, Limits(few=2)).ask("公务接待费是多少")
    assert asked_back.status == "clarify"
    assert asked_back.choices
    for choice in asked_back.choices:  # what is offered names one report
        assert len(ask(choice).compared) == 0, choice
        assert ask(choice).status == "answered"


def test_too_many_are_refused_with_the_remedy(shelf: Shelf) -> None:
    answer = Library(shelf, Limits(compared=2)).ask("公务接待费历年趋势")
    assert answer.status == "refused"
    assert "REPORTQA_COMPARED" in answer.text


def test_only_the_addressed_reports_are_opened(store: Store) -> None:
    opened: list[str] = []
    kept = open_shelf(store.settings, store, 1)
    shelf = Shelf(store, lambda r: opened.append(r) or kept.engine(r), 1)  # type: ignore[func-returns-value]
    Library(shelf, Limits()).ask("档案馆2024年电费是多少")
    assert [store.info(r).file for r in opened] == ["yunhai-archive-2024.pdf"]


def test_one_report_is_answered_by_its_own_engine(shelf: Shelf, store: Store) -> None:
    report = store.reports()[0].id
    mine = shelf.engine(report).ask("公务接待费是多少").as_dict()
    same = Library(shelf, Limits()).ask("公务接待费是多少", [report]).as_dict()
    assert {**mine, "elapsed_ms": 0} == {**same, "elapsed_ms": 0}
    assert "compared" not in mine


def test_an_unknown_report_is_an_error(shelf: Shelf) -> None:
    with pytest.raises(StoreError, match="abc"):
        Library(shelf, Limits()).ask("公务接待费是多少", ["abc"])


def test_a_number_of_unknown_origin_makes_the_answer_void() -> None:
    from qa.errors import AnswerError

    joint = Joint("问", (), lambda i: i.label)
    with pytest.raises(AnswerError, match="4321"):
        joint.answer("是4321万元。")


def test_command_line_over_the_store(store: Store) -> None:
    arguments = ["ask", "哪个部门三公经费最高", "--store", str(store.folder), "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [c["body"] for c in found["compared"]] == ["云海市数据资源管理局", "云海市档案馆"]
    one = [*arguments[:-1], "--report", store.reports()[0].id]
    two = [*one, "--report", store.reports()[1].id, "--json"]
    result = CliRunner().invoke(app, ["ask", "公务接待费趋势", *two[2:]])
    assert [c["year"] for c in json.loads(result.stdout)["compared"]] == [2023, 2024]


def test_text_names_the_reports(ask: Ask) -> None:
    text = as_text(ask("数据局2024年差旅费比2023年少花了多少"))
    assert "《云海市数据资源管理局2023年度部门决算》第5页" in text
