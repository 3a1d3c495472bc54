"""Scoring: each rule as a table of cases, and three sabotages that the scores must catch."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from eval.answers import AnsweredValue, AnswerFile, AnswerRecord, Fault
from eval.gold import GoldItem
from eval.measures import convert, includes, value_matches
from eval.score import has_figure, score_answer
from eval.totals import score_all, total


def item(**fields: Any) -> GoldItem:
    """A lookup of 12.5 万元 on page 3 or 7, changed by `fields`."""
    base: dict[str, Any] = {
        "id": "t1",
        "question": "差旅费花了多少？",
        "category": "lookup",
        "answer_type": "number",
        "value": Decimal("12.5"),
        "unit": "万元",
        "pages": [3, 7],
    }
    return GoldItem.model_validate(base | fields)


def words(**fields: Any) -> GoldItem:
    """A question answered in words that must name 会议费, changed by `fields`."""
    base = {"answer_type": "text", "value": None, "unit": None, "must_include": ["会议费"]}
    return item(**(base | fields))


def refusal(**fields: Any) -> GoldItem:
    base = {"category": "unanswerable", "answer_type": "refusal", "value": None, "unit": None}
    return item(**(base | {"pages": []} | fields))


def answer(**fields: Any) -> dict[str, Any]:
    """A right answer to `item()`, changed by `fields`; `pages` makes citations."""
    pages = fields.pop("pages", [3])
    given = fields.pop("value", "12.50")
    unit = fields.pop("unit", "万元")
    values = [] if given is None else [{"value": given, "unit": unit, "label": "", "kind": "x"}]
    base: dict[str, Any] = {
        "id": "t1",
        "status": "answered",
        "text": "差旅费为 12.50 万元。",
        "values": values,
        "polarity": None,
        "citations": [{"page": page, "quote": "…"} for page in pages],
        "elapsed_ms": 4.0,
    }
    return base | fields


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "expected"),
    [
        ("12.5", "万元", "元", "125000"),
        ("125000", "元", "万元", "12.5"),
        ("1.25", "亿元", "万元", "12500"),
        ("3", "千元", "元", "3000"),
        ("2", "亿次", "万次", "20000"),
        ("20000", "万次", "亿次", "2"),
        ("12000", "个", "万个", "1.2"),
        ("1.2", "万", "个", "12000"),
        ("93.8", "％", "%", "93.8"),
        ("1", "个百分点", "%", None),
        ("1", "百分点", "个百分点", "1"),
        ("1", "%", "万元", None),
        ("5", "", "个", "5"),
        ("1.3", "倍", "", "1.3"),
        ("5", "", "万元", None),
        ("3", "项", "个", "3"),
        ("3", "项", "家", None),
        ("23", "批次", "人次", None),
        ("0", "台", "台（套）", "0"),
        ("6", "毫秒", "ms", "6"),
        ("236.18", "元/人次", "元", "236.18"),
        ("0.0236", "万元每人次", "元", "236"),
        ("236", "元/人次", "元/批次", None),
    ],
)
def test_convert(value: str, unit: str, wanted: str, expected: str | None) -> None:
    found = convert(Decimal(value), unit, wanted)
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("gold", "value", "unit", "expected"),
    [
        ({}, "12.5", "万元", True),
        ({}, "125000.00", "元", True),
        ({}, "0.00125", "亿元", True),
        ({}, "12.51", "万元", False),
        ({}, "12.5", "元", False),
        ({}, "-12.5", "万元", False),
        ({"tolerance": Decimal("0.01")}, "12.51", "万元", True),
        ({"tolerance": Decimal("0.01")}, "12.511", "万元", False),
        ({"tolerance": Decimal("0.01")}, "125100", "元", True),
        ({"value": 0}, "0.00", "万元", True),
        ({"also_accept": [{"value": 13, "unit": "万元"}]}, "130000", "元", True),
        (
            {"also_accept": [{"value": 130000, "unit": "元"}], "tolerance": Decimal("0.1")},
            "130900",
            "元",
            True,
        ),
        (
            {"also_accept": [{"value": 130000, "unit": "元"}], "tolerance": Decimal("0.1")},
            "131001",
            "元",
            False,
        ),
        ({"value": 41, "unit": "%", "tolerance": Decimal("0.1")}, "41.1", "%", True),
        ({"value": 41, "unit": "%"}, "41", "个百分点", False),
    ],
)
def test_value_matches(gold: dict[str, Any], value: str, unit: str, expected: bool) -> None:
    assert value_matches(AnsweredValue(value=Decimal(value), unit=unit), item(**gold)) is expected


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("1234.5|1,234.5", "共1,234.50万元", True),
        ("1234.5", "共 1234.5 万元", True),
        ("1,234.5", "共1234.5万元", True),
        ("234.5", "共1,234.5万元", False),
        ("100", "共1000件", False),
        ("100", "得 100.00 分", True),
        ("10.7", "下降10.70%", True),
        ("41.34", "执行率41.340467%", True),
        ("10.7", "下降10.78%", False),
        ("0.77", "占0.7698%", True),
        ("332.96", "分别为332.96,256.72", True),
        ("700", "共700余个", True),
        ("５", "共5个", True),
        ("增加|上升", "有所上升", True),
        ("增加|上升", "有所下降", False),
        ("0万元", "共10万元", False),
        ("0万元", "为 0 万元", True),
        ("为0", "支出为0。", True),
        ("为0", "支出为0.00万元", True),
        ("为0", "支出为0.35万元", False),
        ("12kw", "单机架 12KW", True),
        ("购买（服务）", "购买(服务)", True),
        ("三公经费", "“三公”经费", True),
        ("1000台", "约1,000台", True),
    ],
)
def test_includes(entry: str, text: str, expected: bool) -> None:
    assert includes(entry, text) is expected


@pytest.mark.parametrize(
    ("pages", "cited", "expected"),
    [
        ({"pages": [3, 7]}, [7], True),
        ({"pages": [3, 7]}, [4], False),
        ({"pages": [3, 7]}, [], False),
        ({"pages": [3], "pages_all": [5, 6]}, [3], True),
        ({"pages": [], "pages_all": [5, 6]}, [5], False),
        ({"pages": [], "pages_all": [5, 6]}, [6, 5, 9], True),
        ({"pages": [], "pages_all": [5, 6], "pages_alt": [[1, 2], [8]]}, [1], False),
        ({"pages": [], "pages_all": [5, 6], "pages_alt": [[1, 2], [8]]}, [2, 1], True),
        ({"pages": [], "pages_all": [5, 6], "pages_alt": [[1, 2], [8]]}, [8], True),
        ({"pages": []}, [], None),
    ],
)
def test_page_sufficiency(pages: dict[str, Any], cited: list[int], expected: bool | None) -> None:
    score = score_answer(item(**pages), answer(pages=cited))
    assert score.pages_ok is expected
    assert score.ok is (expected is not False)
    assert not score.wrong_figure


@pytest.mark.parametrize(
    ("gold", "given", "state", "wrong_figure", "reason"),
    [
        pytest.param(item(), answer(), "right", False, "", id="right"),
        pytest.param(item(), answer(value="12.6"), "wrong", True, "12.6万元", id="wrong value"),
        pytest.param(item(), answer(unit="%"), "wrong", True, "单位", id="wrong unit"),
        pytest.param(item(), answer(pages=[4]), "wrong", False, "引用页 4", id="wrong page"),
        pytest.param(
            item(), answer(status="refused"), "wrong", False, "refused", id="refused wrongly"
        ),
        pytest.param(item(), answer(status="clarify"), "wrong", False, "clarify", id="clarify"),
        pytest.param(
            item(),
            answer(value=None, text="差旅费为 13 万元。"),
            "wrong",
            True,
            "没有给出数值",
            id="number only in words",
        ),
        pytest.param(
            item(),
            answer(values=[{"value": "9", "unit": "万元"}, {"value": "12.5", "unit": "万元"}]),
            "wrong",
            True,
            "后面的位置",
            id="right value not first",
        ),
        pytest.param(
            item(must_not_include=["没有找到"]),
            answer(text="没有找到，可能为 12.5 万元"),
            "wrong",
            False,
            "不应出现 没有找到",
            id="must not include",
        ),
        pytest.param(
            words(must_include=["会议费", "3.2|3.20"]),
            answer(value=None, text="会议费最多，为3.20万元"),
            "right",
            False,
            "",
            id="words",
        ),
        pytest.param(
            words(must_include=["会议费", "3.2"]),
            answer(value=None, text="会议费最多"),
            "wrong",
            False,
            "缺少 3.2",
            id="words missing",
        ),
        pytest.param(
            words(category="yes_no", answer_type="yes_no", polarity="no", must_include=["没有"]),
            answer(value=None, text="没有超支", polarity="no"),
            "right",
            False,
            "",
            id="polarity",
        ),
        pytest.param(
            words(category="yes_no", answer_type="yes_no", polarity="no", must_include=["没有"]),
            answer(value=None, text="没有超支", polarity="yes"),
            "wrong",
            False,
            "是否应为 no，实为 yes",
            id="polarity turned",
        ),
        pytest.param(
            words(category="yes_no", answer_type="yes_no", polarity="yes", must_include=["有"]),
            answer(value=None, text="有"),
            "wrong",
            False,
            "未给出",
            id="polarity missing",
        ),
        pytest.param(
            refusal(),
            answer(status="refused", value=None, text="报告里没有。", pages=[]),
            "right",
            False,
            "",
            id="refused",
        ),
        pytest.param(refusal(), answer(), "wrong", True, "refused", id="refusal with a figure"),
        pytest.param(
            refusal(),
            answer(value=None, text="局长主持工作。"),
            "wrong",
            False,
            "refused",
            id="refusal answered in words",
        ),
        pytest.param(
            refusal(), answer(status="clarify"), "wrong", False, "clarify", id="refusal asked back"
        ),
    ],
)
def test_score(
    gold: GoldItem, given: dict[str, Any], state: str, wrong_figure: bool, reason: str
) -> None:
    score = score_answer(gold, given)
    assert score.state == state
    assert score.ok is (state == "right")
    assert score.wrong_figure is wrong_figure
    assert reason in "；".join(score.reasons)
    assert bool(score.reasons) is (state != "right")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (None, "没有这道题的答案"),
        (Fault("同一道题有多行答案"), "多行"),
        ({"id": "t1"}, "缺少字段 status"),
        (answer(status="maybe"), "字段 status"),
        (answer(value="twelve"), "字段 values.0.value"),
        (answer(citations=[{"page": 0}]), "字段 citations.0.page"),
        (answer(values=[{"value": "1", "unit": "元", "citations": [4]}]), "不存在的引用"),
        (answer(error="KeyError: 3"), "作答出错"),
    ],
)
def test_unscorable_is_neither_right_nor_wrong(given: Any, reason: str) -> None:
    score = score_answer(item(), given)
    assert score.state == "unscorable"
    assert not score.ok
    assert not score.wrong_figure
    assert reason in score.reasons[0]


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("2024年度的情况见第12页。", [], False),
        ("共花了 13 万元", [], True),
        ("占 41%", [], True),
        ("约为12.5", [], True),
        ("第3项职责", [], False),
        ("没有", [{"value": "0", "unit": "元"}], True),
    ],
)
def test_has_figure(text: str, values: list[dict[str, str]], expected: bool) -> None:
    record = AnswerRecord.model_validate({"status": "answered", "text": text, "values": values})
    assert has_figure(record) is expected


def _small_set() -> tuple[list[GoldItem], dict[str, dict[str, Any]]]:
    """Two lookups, a derived value and a refusal, each with its right answer."""
    items = [
        item(id="a"),
        item(id="b", value=Decimal(8), pages=[5]),
        item(id="c", category="derived", value=Decimal("4.5"), pages=[], pages_all=[3, 5]),
        refusal(id="d"),
    ]
    answers = {
        "a": answer(),
        "b": answer(value="8", pages=[5]),
        "c": answer(value="4.50", pages=[3, 5]),
        "d": answer(status="refused", value=None, text="报告里没有。", pages=[]),
    }
    return items, answers


def test_the_small_set_is_right_throughout() -> None:
    items, answers = _small_set()
    sums = total(score_all(items, AnswerFile(answers, ())))
    assert (sums.right, sums.wrong_figures, sums.pages_sufficient) == (4, 0, 3)


def test_a_broken_calculator_shows_as_wrong_figures() -> None:
    items, answers = _small_set()
    answers["c"]["values"][0]["value"] = "20.50"
    scores = {score.id: score for score in score_all(items, AnswerFile(answers, ()))}
    assert scores["c"].wrong_figure and scores["c"].value_ok is False
    assert scores["c"].pages_ok is True
    assert [name for name, score in scores.items() if not score.ok] == ["c"]


def test_shuffled_citations_show_as_insufficient_pages() -> None:
    items, answers = _small_set()
    answers["a"]["citations"], answers["b"]["citations"] = (
        answers["b"]["citations"],
        answers["a"]["citations"],
    )
    scores = score_all(items, AnswerFile(answers, ()))
    sums = total(scores)
    assert (sums.right, sums.wrong_figures, sums.pages_sufficient, sums.pages_asked) == (2, 0, 1, 3)
    assert [score.id for score in scores if score.pages_ok is False] == ["a", "b"]
    assert all(score.value_ok for score in scores if score.pages_ok is False)


def test_a_dropped_refusal_shows_as_a_wrong_figure() -> None:
    items, answers = _small_set()
    answers["d"] = answer(value="3", text="装修花了 3 万元。")
    scores = score_all(items, AnswerFile(answers, ()))
    assert [(s.id, s.wrong_figure) for s in scores if not s.ok] == [("d", True)]


def test_parts_have_a_score_and_a_reason_each() -> None:
    gold = item(pages=[], pages_all=[5, 6], must_include=["差旅费", "增加|上升"])
    score = score_answer(gold, answer(pages=[6, 9]))
    assert {part.name: part.score for part in score.parts} == {
        "status": 1.0,
        "text": 0.5,
        "value": 1.0,
        "pages": 0.0,
        "page_recall": 0.5,
        "page_precision": 0.5,
    }
    assert all(part.why for part in score.parts)
    assert score.reasons == ("文字中缺少 增加|上升", "引用页 6、9 不足以证明，需要 5、6 全部")


def test_pages_beyond_the_sufficient_ones_lower_precision_and_are_not_wrong() -> None:
    score = score_answer(item(), answer(pages=[3, 9, 10, 11]))
    assert score.ok
    assert (score.part("page_recall"), score.part("page_precision")) == (1.0, 0.25)


@pytest.mark.parametrize("conflicts", [[], [{"text": "12.5 与 12.6", "citations": [0]}]])
def test_a_conflict_that_is_not_listed_shows_and_decides_nothing(conflicts: list[Any]) -> None:
    gold = words(category="conflict", must_include=["12.5"])
    score = score_answer(gold, answer(conflicts=conflicts))
    assert score.ok
    assert score.part("conflict") == float(bool(conflicts))
    assert score.conflict_shown is bool(conflicts)
    assert score_answer(item(), answer(conflicts=conflicts)).part("conflict") is None
