"""Answers of the kind asked for, in the sentence nearest to the question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from index.errors import DataError
from index.values import Report
from qa import data, nearest, prior, turns
from qa.engine import Engine
from qa.values import Answer
from tests.test_qa_helpers import WordSearch, ask_of, figure, report, table

WORDS = (
    "对捐赠家谱的单位按每件3,000元标准给予奖励。",
    "查档大厅周一至周五每日17:30停止受理，节假日不开放。",
    "库房每季度开展一次消防设施检测，检测结果在馆内公示。",
    "档案库房防洪标准由20年一遇提高到50年一遇。",
    "与上年相比，项目支出增加1133.95万元，主要由于库房改造等。",
    "单价100万元以上设备1台，是档案真空充氮密封机。",
    "补贴资金于每年12月25日前拨付到个人账户。",
)


def prose() -> Report:
    target = {"measure": "target", "table": "绩效目标表", "project": "家谱征集", "code": ""}
    return report(
        figure(
            "征集家谱平均价格", "2,600", "元/件", item=("成本指标", "征集家谱平均价格"), **target
        ),
        figure("开放家谱数量", "120", "件", item=("产出指标", "开放家谱数量"), **target),
        paragraphs=WORDS,
    )


def values(answer: Answer | None) -> list[str]:
    return [f"{v.value.normalize():f}{v.unit}" for v in answer.values] if answer else []


@pytest.mark.parametrize(
    ("question", "value", "holds"),
    [
        ("给捐赠家谱的单位每件奖励多少钱", ["3000元"], "每件3,000元"),
        ("查档大厅每日几点停止受理", [], "17:30停止受理"),
        ("库房消防设施检测多久开展一次", [], "每季度开展一次"),
        ("档案库房的防洪标准是多少年一遇", ["50年"], "50年一遇"),
        ("补贴资金几号前拨付到个人账户", [], "12月25日前"),
    ],
)
def test_the_kind_asked_for_is_found(question: str, value: list[str], holds: str) -> None:
    answer = nearest.nearest(ask_of(prose(), question))
    assert answer is not None
    assert holds in answer.text
    assert values(answer) == value
    assert {c.page for c in answer.citations} == {2}


@pytest.mark.parametrize(
    "question",
    [
        "库房改造花了多少钱",  # a change of something else is no amount of it
        "档案真空充氮密封机多少钱",  # a bound is no price
        "查档大厅停止受理以后去哪儿办",
        "库房消防设施检测花了多少钱",
        "每件家谱和每件照片各奖励多少钱",
        "查档大厅的门票多少钱",
        "没有给捐赠家谱的单位奖励多少钱",
    ],
)
def test_nothing_is_made_of_what_is_not_told(question: str) -> None:
    assert nearest.nearest(ask_of(prose(), question)) is None


def by_likeness(near: str) -> Callable[[str, Sequence[str]], list[float]]:
    return lambda question, texts: [0.95 if near in t else 0.5 for t in texts]


def test_meaning_finds_what_fewer_words_name() -> None:
    ask = ask_of(prose(), "征集一件老家谱均价多少元")
    assert nearest.nearest(ask) is None
    answer = nearest.nearest(replace(ask, closeness=by_likeness("征集家谱")))
    assert values(answer) == ["2600元/件"]


def test_two_answers_as_near_as_each_other_are_none() -> None:
    alike = report(
        paragraphs=("东库房面积1200平方米。", "西库房面积900平方米。"),
    )
    ask = replace(ask_of(alike, "库房面积多大"), closeness=by_likeness("库房"))
    assert nearest.nearest(ask) is None


def test_every_kind_has_patterns_that_compile() -> None:
    for kind in data.kinds():
        for pattern in (kind.asked, kind.told, kind.units, kind.not_before, kind.not_behind):
            data.compiled(pattern)
    with pytest.raises(DataError):
        data.load("kinds.yaml", data.Refusals)


# -- a project's budget of the year before -----------------------------------------------------


def of_forms() -> Report:
    form = {
        "measure": "budget",
        "table": "项目绩效目标表",
        "table_id": "t9",
        "project": "档案抢救修复",
        "column": (),
    }
    return report(
        figure("年度资金总额", "5,120,000.00", "元", item=("项目总预算（元）",), **form),
        figure("同名项目上年预算额（元）", "5,380,000.00", "元", **form),
        figure("同名项目上年预算执行率", "96.25", "%", **form),
        tables=(table("t9", "项目绩效目标表", kind="form"),),
    )


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("档案抢救修复上年预算是多少", "5380000元"),
        ("档案抢救修复项目上一年的预算执行率是多少", "96.25%"),
        ("档案抢救修复今年的预算比上年少了多少", "260000元"),
        ("档案抢救修复的预算比上年下降了百分之几", "4.83%"),
    ],
)
def test_last_year_of_a_project(question: str, value: str) -> None:
    assert values(prior.of_project(ask_of(of_forms(), question))) == [value]


@pytest.mark.parametrize("question", ["档案抢救修复的预算是多少", "家谱征集上年预算是多少"])
def test_last_year_is_of_what_was_asked(question: str) -> None:
    assert prior.of_project(ask_of(of_forms(), question)) is None


# -- follow-ups --------------------------------------------------------------------------------


def test_it_is_put_in_its_place() -> None:
    put = turns.put_for_it("购房补贴比它多多少？", "住房公积金", "budget")
    assert put is not None
    assert put.text.startswith("购房补贴比住房公积金预算数多多少")
    assert turns.put_for_it("比它多多少？", "住房公积金", "budget") is None
    assert turns.put_for_it("购房补贴多少？", "住房公积金", "budget") is None


def test_the_engine_looks_there_last() -> None:
    found = report(figure("公务接待费", "3.59"), paragraphs=WORDS)
    engine = Engine(found, WordSearch(found))  # type: ignore[arg-type]
    assert "3,000元" in engine.ask("给捐赠家谱的单位每件奖励多少钱").text
    assert engine.ask("给捐赠照片的个人每张奖励多少钱").status == "refused"
