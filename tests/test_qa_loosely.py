"""Counts, dates and gaps that only a sentence tells: small invented reports, a table of cases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.values import Report
from qa import conflicts, duties, gaps, loosely, ranking, textual
from qa.values import Answer
from tests.test_qa_helpers import ask_of, figure, report, told

WORDS = (
    "县图书馆等14个单位、32个查档窗口已经接入全市统一查档平台。",
    "馆藏档案48.6万卷（件），不计入前述资产。",
    "本部门预算由松原县财政局于2024年2月19日批复，并于批复后二十日内公开。",
    "全年接待查档群众2140人次，修复破损档案360卷。",
)


def prose() -> Report:
    target = {"measure": "target", "table": "绩效目标表", "project": "档案抢救修复"}
    return report(
        figure("修复工作时限", "15", "天", item=("产出指标", "时效指标", "修复工作时限"), **target),
        figure(
            "修复档案数量", "360", "卷", item=("产出指标", "数量指标", "修复档案数量"), **target
        ),
        paragraphs=WORDS,
    )


def values(answer: Answer | None) -> list[str]:
    return [f"{v.value.normalize():f}{v.unit}" for v in answer.values] if answer else []


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("接入全市统一查档平台的单位有几家", "14个"),
        ("接入统一查档平台的查档窗口有多少个", "32个"),
        ("档案抢救修复工作要求多长时间内完成", "15天"),
    ],
)
def test_the_number_of_a_thing(question: str, value: str) -> None:
    assert values(loosely.counted(ask_of(prose(), question))) == [value]


@pytest.mark.parametrize(
    "question",
    [
        "接入全市统一查档平台花了多少钱",
        "县博物馆有几个展厅",
        "接入统一查档平台的有几个",  # units or windows: two numbers fit alike
        "没有接入统一查档平台的单位有几家",
        "查档的群众从多少公里外来",
    ],
)
def test_no_number_where_none_is_told_of_it(question: str) -> None:
    assert loosely.counted(ask_of(prose(), question)) is None


@pytest.mark.parametrize("question", ["预算是哪一天批复的", "财政局什么时候批复预算"])
def test_a_day(question: str) -> None:
    answer = textual.dated(ask_of(prose(), question))
    assert answer is not None and "2024年2月19日" in answer.text


@pytest.mark.parametrize("question", ["新馆哪一天开放", "预算批复了多少钱"])
def test_no_day(question: str) -> None:
    assert textual.dated(ask_of(prose(), question)) is None


def accounts() -> Report:
    found = []
    for n, (name, given, done) in enumerate(
        (
            ("行政运行", "100.00", "104.20"),
            ("档案馆", "60.00", "71.50"),
            ("机关服务", "9.00", "8.00"),
        )
    ):
        item = ("一般公共服务支出", "档案事务", name)
        place = {"table_id": f"p{n}", "item": item, "row": n}
        sentence = f"{name}（项）年初预算{given}万元，决算{done}万元。"
        found.append(told(name, given, sentence, measure="budget_initial", **place))
        found.append(told(name, done, sentence, measure="final", **place))
    return report(*found, paragraphs=tuple(f.sentence for f in found[::2]))


def test_two_accounts_that_went_over_their_budgets() -> None:
    answer = gaps.compared(
        ask_of(accounts(), "行政运行和档案馆都超了年初预算，哪个超得更多？分别超多少")
    )
    assert values(answer) == ["11.5万元", "4.2万元"]


def test_two_accounts_by_completion() -> None:
    answer = gaps.completions_compared(
        ask_of(accounts(), "行政运行和机关服务，哪个完成预算比例更高")
    )
    assert values(answer)[0] == "104.2%" and "行政运行的比例更高" in (answer.text if answer else "")


@pytest.mark.parametrize(
    "question",
    [
        "行政运行和机关服务都超了年初预算，哪个超得更多",  # one of them did not
        "行政运行超了年初预算，哪个超得更多",
        "行政运行和档案馆哪个花得多",
    ],
)
def test_no_gaps_compared(question: str) -> None:
    assert gaps.compared(ask_of(accounts(), question)) is None


@pytest.mark.parametrize(
    ("question", "name", "share"),
    [
        ("完成年初预算比例最低的科目是哪个", "机关服务", "88.89%"),
        ("哪个科目预算完成率最高", "档案馆", "119.17%"),
        ("完成年初预算比例第二高的科目是哪个，预算完成率最高的其次是谁", "行政运行", "104.2%"),
    ],
)
def test_accounts_by_completion(question: str, name: str, share: str) -> None:
    answer = gaps.by_completion(ask_of(accounts(), question))
    assert answer is not None and name in answer.text and share in answer.text


def test_both_ends_of_a_ranking() -> None:
    parts = [("办公费", "9.00"), ("水电费", "14.00"), ("差旅费", "3.50")]
    place = {"table": "一般公共预算财政拨款基本支出决算表"}
    found = [
        figure(name, money, code=f"3020{n}", item=("商品和服务支出", name), **place)
        for n, (name, money) in enumerate(parts, 1)
    ]
    head = figure("商品和服务支出", "26.50", code="302", item=("商品和服务支出",), **place)
    question = "商品和服务支出里哪项最多、哪项最少"
    answer = ranking.rank(ask_of(report(head, *found), question))
    assert values(answer) == ["14万元", "3.5万元"]


DUTIES = (
    "本馆是保管利用档案的事业单位，加挂方志馆牌子，负责查档等工作。",
    "1.负责全县重要档案的接收、征集和保管，开展档案保护技术研究。",
    "2.承担方志编纂，指导乡镇志和部门志的编写。",
)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("职责里方志这一块具体管什么", "承担方志编纂"),
        ("档案保护方面的职责是什么", "接收、征集和保管"),
    ],
)
def test_what_the_duties_say_of_a_matter(question: str, words: str) -> None:
    found = report(paragraphs=DUTIES)
    inside = tuple(replace(p, section=("一、主要职责",)) for p in found.paragraphs)
    answer = duties.about(ask_of(replace(found, paragraphs=inside), question))
    assert answer is not None and words in answer.text


def test_no_duty_of_another_matter() -> None:
    found = report(paragraphs=DUTIES)
    inside = tuple(replace(p, section=("一、主要职责",)) for p in found.paragraphs)
    assert duties.about(ask_of(replace(found, paragraphs=inside), "渔业方面的职责是什么")) is None


def test_a_count_told_otherwise_in_a_form() -> None:
    sentence = "全年接待查档群众2140人次，修复破损档案360卷。"
    count = told("接待查档群众", "2140", sentence, "人次", measure="count", table_id="p3", row=0)
    form = figure(
        "接待查档人次", "2410", "人次", measure="actual", table="绩效自评表", project="查阅服务"
    )
    found = report(count, form, paragraphs=WORDS)
    answer = conflicts.conflict_question(
        ask_of(found, "全年接待了多少人次查档群众，报告里前后说的一样吗")
    )
    assert answer is not None and answer.polarity == "no" and len(answer.conflicts) == 1
