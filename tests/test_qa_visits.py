"""Visits received, under the names that reports give them; schools that a report does not name."""

from __future__ import annotations

import pytest

from index.values import Report
from qa import refuse, visits
from qa.values import Answer
from tests.test_qa_helpers import ask_of, figure, report, told

# the sentence of a report, and its counts: name, number, unit
Counts = list[tuple[str, str, str]]
PLAIN: Counts = [("国内公务接待", "12", "批次"), ("国内公务接待", "98", "人次")]
GROUPS: Counts = [("共接待来访团组", "9", "个"), ("来宾", "77", "人次")]
FOREIGN: Counts = [
    ("国内接待", "14", "批次"),
    ("国内接待", "105", "人次"),
    ("外事接待", "2", "批次"),
    ("外事接待", "16", "人次"),
]


def received(counts: Counts) -> Report:
    sentence = "，".join(f"{name}{number}{unit}" for name, number, unit in counts) + "。"
    found = [
        told(name, number, sentence, unit, measure="count", item=("公务接待费支出", name))
        for name, number, unit in counts
    ]
    return report(figure("公务接待费", "3.60"), *found, paragraphs=(sentence,))


def values(answer: Answer | None) -> list[str]:
    return [f"{v.value}{v.unit}" for v in answer.values] if answer else []


@pytest.mark.parametrize(
    ("counts", "question", "expected"),
    [
        (PLAIN, "接待了几批、多少人次？", ["12批次", "98人次"]),
        (PLAIN, "国内公务接待总共几个批次", ["12批次"]),
        (GROUPS, "全年接待了几批客人", ["9个"]),
        (GROUPS, "公务接待来了多少人", ["77人次"]),
        (FOREIGN, "接待了多少批次", ["14批次"]),
        (FOREIGN, "外事接待几批", ["2批次"]),
        (GROUPS, "外事接待几批", []),
        (PLAIN, "公务接待费花了多少钱", []),
        (PLAIN, "博物馆接待了多少人次观众", []),
        (PLAIN, "平均每批次接待多少人", []),
    ],
)
def test_visits(counts: Counts, question: str, expected: list[str]) -> None:
    assert values(visits.counted(ask_of(received(counts), question))) == expected


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("县一中2024年一共花了多少钱", True),
        ("市第二小学花了多少", True),
        ("区实验小学今年的预算", True),
        ("县中心的支出是多少", False),
        ("面向中小企业采购了多少", False),
    ],
)
def test_a_school_that_the_report_does_not_name(question: str, refused: bool) -> None:
    answer = refuse.other_body(ask_of(received(PLAIN), question))
    assert (answer is not None and answer.status == "refused") == refused
