"""What a question says about reports: bodies, years, relations, what is left to ask."""

from __future__ import annotations

import pytest

from qa.several.asked import in_dialogue
from qa.several.identity import Bodies, Identity
from qa.several.selection import select

DATA, ARCHIVE = "云海市数据资源管理局", "云海市档案馆"
FINANCE, OTHER = "北原市南岭区财政局", "北原市东湖区财政局"
OFFICE = "北原市南岭区人民政府办公室"
BODIES = Bodies([DATA, ARCHIVE, FINANCE, OTHER, OFFICE])

POOL = [
    Identity("a", DATA, 2024, "accounts", "A"),
    Identity("b", DATA, 2023, "accounts", "B"),
    Identity("c", ARCHIVE, 2024, "accounts", "C"),
    Identity("p", DATA, 2024, "budget", "P"),
    Identity("f", FINANCE, 2022, "accounts", "F"),
]


@pytest.mark.parametrize(
    ("question", "bodies", "assumed"),
    [
        ("云海市数据资源管理局的水费", [(DATA,)], False),
        ("数据资源管理局的水费", [(DATA,)], False),
        ("请问数据局和档案馆的水费", [(DATA,), (ARCHIVE,)], False),
        ("数椐资源管理局的水费", [(DATA,)], True),
        ("档安馆公务接待费", [(ARCHIVE,)], True),
        ("南岭区财政局的水费", [(FINANCE,)], False),
        ("财政局的水费", [(FINANCE, OTHER)], False),
        ("西山区财政局的水费", [], False),
        ("区政府办公室的水费", [(OFFICE,)], False),
        ("办公费是多少", [], False),
        ("培训中心的会议费", [], False),
    ],
)
def test_bodies_named(question: str, bodies: list[tuple[str, ...]], assumed: bool) -> None:
    found = BODIES.mentions(question)
    assert [m.bodies for m in found] == bodies
    if assumed:
        assert all(m.assumed for m in found)


@pytest.mark.parametrize(
    ("question", "item", "relation"),
    [
        ("去年和今年的公务接待比", "公务接待", "compare"),
        ("哪个部门三公最高", "三公", "rank"),
        ("近三年公务接待费的趋势", "公务接待费", "trend"),
        ("数据局和档案馆2024年三公经费相差多少", "三公经费", "compare"),
        ("数据局2023年的公务接待费是多少", "公务接待费是多少", ""),
        ("三公经费预算和决算相差多少", "三公经费", "compare"),
        ("有几个部门公务接待费超过3万元", "公务接待费", "filter"),
        ("数据局两年的培训费一共多少", "培训费多少", "sum"),
        ("各部门公务接待费平均是多少", "公务接待费多少", "mean"),
        ("数据局和档案馆谁的培训费多", "培训费", "rank"),
        ("为什么2024年公务接待费比上年减少", "为什么公务接待费比上年减少", ""),
        ("2010401年初预算是多少", "2010401年初预算是多少", ""),
    ],
)
def test_item_and_relation(question: str, item: str, relation: str) -> None:
    asked = in_dialogue(question, (), BODIES)
    assert (asked.item, asked.relation) == (item, relation)


@pytest.mark.parametrize(
    ("question", "history", "reports", "missing"),
    [
        ("数据局2023年水费", (), "b", []),
        ("数据局2024年水费", (), "a", []),
        ("数据局今年的水费", (), "a", []),
        ("数据局去年的水费", (), "b", []),
        ("数据局2024年部门预算的水费", (), "p", []),
        ("数据局水费和上年相差多少", (), "ba", []),
        ("数据局近三年水费趋势", (), "ba", [(DATA, 2022)]),
        ("数据局2022到2024年水费趋势", (), "ba", [(DATA, 2022)]),
        ("哪个部门水费最高", (), "ac", [(FINANCE, 2024)]),
        ("数据局水费的预算和决算相差多少", (), "pa", []),
        ("云海的水费", (), "ac", []),
        ("那2023年呢", ("数据局2024年水费是多少",), "b", []),
        ("档案馆呢", ("数据局2024年水费是多少",), "c", []),
        ("比去年多多少", ("数据局2024年水费是多少",), "ba", []),
        ("南岭区财政局2022年水费", (), "f", []),
    ],
)
def test_reports_selected(
    question: str, history: tuple[str, ...], reports: str, missing: list[tuple[str, int]]
) -> None:
    asked = in_dialogue(question, history, Bodies(i.body for i in POOL))
    selection = select(asked, POOL)
    assert "".join(i.id for i in selection.reports) == reports
    assert list(selection.missing) == missing


def test_nothing_named_is_open_and_a_name_of_two_bodies_is_unclear() -> None:
    asked = in_dialogue("水费是多少", (), Bodies(i.body for i in POOL))
    assert select(asked, POOL).open
    twice = [*POOL, Identity("g", OTHER, 2022, "accounts", "G")]
    asked = in_dialogue("财政局水费是多少", (), Bodies(i.body for i in twice))
    assert set(select(asked, twice).unclear) == {FINANCE, OTHER}


def test_a_body_that_no_report_is_of() -> None:
    assert in_dialogue("西山区财政局2024年的水费", (), BODIES).unknown == ("西山区财政局",)
    assert in_dialogue("市教育局的水费", (), BODIES).unknown == ("市教育局",)
