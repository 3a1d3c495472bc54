"""Tables by bodies and the staff they count: a small invented report, a table of cases each."""

from __future__ import annotations

import pytest

from index.values import Report
from qa import branches, heads, twoyears
from qa.values import Answer
from tests.test_qa_helpers import ask_of, figure, report, table, told

STAFF = "t2"
THREE = "t3"
UNITS = [
    ("松原县档案局（本级）", "24", "22", "21.75"),
    ("松原县档案馆", "40", "37", "4.53"),
    ("松原县方志编纂中心", "16", "16", ""),
    ("松原县档案修复管理站", "12", "9", "3.35"),
]


def units() -> Report:
    figures = []
    for name, posts, held, money in UNITS:
        staff = {"table": "部门所属单位人员情况", "table_id": STAFF, "measure": "count"}
        figures.append(
            figure(name, posts, "人", column=("编制数（人）",), facet="编制数（人）", **staff)
        )
        figures.append(
            figure(name, held, "人", column=("在职人数（人）",), facet="在职人数（人）", **staff)
        )
        figures.append(
            figure(
                name,
                money,
                column=("公务接待费",),
                facet="公务接待费",
                table="“三公”经费支出表",
                table_id=THREE,
                measure="budget",
            )
        )
    total = {"table": "部门所属单位人员情况", "table_id": STAFF, "measure": "count", "total": True}
    figures.append(figure("编制数", "92", "人", column=("编制数（人）",), **total))
    figures.append(figure("在职人数", "84", "人", column=("在职人数（人）",), **total))
    figures.append(figure("公用经费", "168.00", table="基本支出决算表", table_id="t4"))
    return report(
        *figures,
        tables=(
            table(STAFF, "部门所属单位人员情况"),
            table(THREE, "“三公”经费支出表"),
            table("t4", "基本支出决算表"),
        ),
        body="松原县档案局",
    )


def text(answer: Answer | None) -> str:
    return answer.text if answer is not None else ""


@pytest.mark.parametrize(
    ("question", "name", "value"),
    [
        ("哪家单位在职人数最多", "松原县档案馆", "37人"),
        ("四家单位里编制最少的是哪家", "松原县档案修复管理站", "12人"),
        ("下属单位中公务接待费最多的是哪家", "松原县档案馆", "4.53万元"),
        ("3个二级单位当中，公务接待费最多的是哪家", "松原县档案馆", "4.53万元"),
        ("除了局本级，哪个下属单位公务接待费最多", "松原县档案馆", "4.53万元"),
    ],
)
def test_the_first_of_the_bodies(question: str, name: str, value: str) -> None:
    answer = branches.ranked(ask_of(units(), question))
    assert name in text(answer) and value in text(answer)


@pytest.mark.parametrize(
    ("question", "difference"),
    [
        ("档案馆的在职人数比修复站多几个人", "28人"),
        ("公务接待费，档案馆多还是局本级多？差多少", "17.22万元"),
        ("方志中心和档案修复站哪家在职人数多？多几个人", "7人"),
    ],
)
def test_two_bodies_compared(question: str, difference: str) -> None:
    assert difference in text(branches.compared(ask_of(units(), question)))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("方志编纂中心在职人数是多少", "16人"),
        ("局本级编制数是多少", "24人"),
        ("修复站的公务接待费是多少", "3.35万元"),
        ("方志编纂中心的公务接待费是多少", "空白"),
    ],
)
def test_one_body_under_any_short_name(question: str, words: str) -> None:
    assert words in text(branches.told(ask_of(units(), question)))


@pytest.mark.parametrize(
    "question",
    [
        "县博物馆在职人数是多少",  # no such body
        "档案馆的培训费是多少",  # no such column
        "在职人数是多少",  # no body named
    ],
)
def test_no_body_or_no_column_is_no_answer(question: str) -> None:
    assert branches.told(ask_of(units(), question)) is None


def test_bodies_under_a_condition() -> None:
    answer = branches.filtered(ask_of(units(), "在职人数超过20人的单位有几家"))
    assert answer is not None
    assert [(v.value, v.unit) for v in answer.values] == [(2, "家")]
    assert "松原县档案馆" in answer.text and "方志" not in answer.text


def test_an_amount_per_head_of_the_staff() -> None:
    found = units()
    top = next(f for f in found.figures if f.subject == "公用经费")
    answer = heads.per_head(ask_of(found, "人均公用经费多少"), top)
    assert "168万元 ÷ 84人 = 20000元/人" in text(answer)


def test_no_staff_printed_no_amount_per_head() -> None:
    top = figure("人员经费", "168.00")
    visits = told("国内公务接待", "152", "国内公务接待152人次。", "人次", measure="count")
    answer = heads.per_head(ask_of(report(top, visits), "人均人员经费多少"), top)
    assert answer is not None and answer.status == "refused"
    assert "152" not in answer.text


def test_posts_less_the_staff_in_them() -> None:
    sentence = "行政编制44人，实有42人；事业编制112人，实有105人。"
    counts = [
        told(name, printed, sentence, "人", measure="count")
        for name, printed in (
            ("行政编制", "44"),
            ("行政编制实有人数", "42"),
            ("事业编制", "112"),
            ("事业编制实有人数", "105"),
        )
    ]
    found = report(*counts)
    assert "(44人 + 112人) - (42人 + 105人) = 9人" in text(
        heads.vacant(ask_of(found, "全部编制比实有人数多几个"))
    )
    assert "42人 + 105人 = 147人" in text(heads.staff_told(ask_of(found, "在职人员一共多少人")))


def test_a_change_between_two_printed_years() -> None:
    row = {"table_id": "t2", "table": "基础数据表", "row": 5}
    found = report(
        figure("政府采购金额", "1,042.70", year=2023, column=("2023年决算数",), **row),
        figure("政府采购金额", "2,386.45", year=2024, column=("2024年决算数",), **row),
        tables=(table("t2", "基础数据表"),),
    )
    answer = twoyears.change(ask_of(found, "2024年政府采购金额比2023年多了多少万元"))
    assert "2386.45万元 - 1042.7万元 = 1343.75万元" in text(answer)
    assert twoyears.change(ask_of(found, "2024年会议费比2023年多了多少万元")) is None


@pytest.mark.parametrize(
    ("question", "before", "whole"),
    [
        ("修复站呢？", "档案馆的公务接待费是多少", "修复站的公务接待费是多少"),
        ("那方志编纂中心呢", "局本级编制数是多少", "方志编纂中心编制数是多少"),
        ("会议费呢", "档案馆的公务接待费是多少", ""),  # another item, not another body
        ("修复站呢？", "公务接待费是多少", ""),  # no body before
    ],
)
def test_a_follow_up_on_another_body(question: str, before: str, whole: str) -> None:
    found = ask_of(units(), question).catalogue
    assert branches.of_other_body(question, before, found) == whole


@pytest.mark.parametrize(
    ("sentence", "question", "told_so"),
    [
        ("会议费12.30万元，与上年预算数相同。", "上年会议费预算是多少", True),
        ("会议费12.30万元，与2023年决算数持平。", "2023年会议费是多少", True),
        ("会议费12.30万元，与2022年决算数持平。", "2023年会议费是多少", False),
        ("会议费12.30万元，与2023年决算数持平。", "2023年会议费预算是多少", False),
        ("会议费12.30万元，比上年增加。", "上年会议费是多少", False),
        ("会议费12.30万元，与上年预算数相同。", "上年培训费预算是多少", False),
    ],
)
def test_last_years_amount_where_this_years_is_the_same(
    sentence: str, question: str, told_so: bool
) -> None:
    found = report(told("会议费", "12.30", sentence), paragraphs=(sentence,))
    answer = twoyears.as_before(ask_of(found, question))
    assert (answer is not None and "12.30万元" in answer.text) == told_so


def two_years() -> Report:
    figures = []
    for name, before, now in (
        ("松原县档案馆", "4.10", "6.53"),
        ("松原县档案修复管理站", "3.35", "3.35"),
    ):
        for year, money in ((2023, before), (2024, now)):
            column = (f"{year}年预算数", "公务用车购置及运行费", "运行费")
            place = {"table": "“三公”经费支出表", "table_id": THREE, "measure": "budget"}
            figures.append(figure(name, money, column=column, facet="运行费", year=year, **place))
    return report(*figures, tables=(table(THREE, "“三公”经费支出表"),), body="松原县档案局")


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("档案馆的公务用车运行费预算是多少", "6.53万元"),
        ("2023年档案馆的公车运行费预算是多少", "4.10万元"),
        ("档案馆去年的公车运行费预算多少", "4.10万元"),
        ("2021年档案馆的公车运行费预算是多少", None),
    ],
)
def test_the_column_of_the_year_asked_for(question: str, value: str | None) -> None:
    answer = branches.told(ask_of(two_years(), question))
    assert (value in text(answer)) if value else answer is None


def test_a_body_named_in_full_is_no_short_name_of_another() -> None:
    names = ["津川市公路事务中心", "津川市道路运输服务中心"]
    assert list(branches.bodies_named("公路事务中心有几个项目", names)) == names[:1]
