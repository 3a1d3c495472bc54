"""What moved: accounts against last year, budgets during the year; parts told group by group."""

from __future__ import annotations

from typing import Any

import pytest

from index.values import Report
from qa import accept, dimensions, filters, lookup, movers, purpose, ranking, ratios, titled
from tests.test_qa_helpers import ask_of, figure, report, table, told


def accounts() -> Report:
    def moved(subject: str, change: str) -> Any:
        sentence = f"{subject}比上年变动{change}万元。"
        return told(subject, change, sentence, measure="change", base="上年")

    names = {"2010301": "行政运行", "2080505": "养老保险缴费", "2210201": "住房公积金"}
    return report(
        *(figure(name, "90.00", code=code) for code, name in names.items()),
        moved("行政运行", "-36.52"),
        moved("养老保险缴费", "4.10"),
        moved("住房公积金", "-2.00"),
    )


@pytest.mark.parametrize(
    ("question", "count", "holds"),
    [
        (
            "比上年减少的科目有几个",
            "2",
            ("行政运行（减少36.52万元）", "住房公积金（减少2.00万元）"),
        ),
        ("哪些科目的预算比去年增加了", "1", ("养老保险缴费（增加4.10万元）",)),
    ],
)
def test_accounts_that_rose_or_fell(question: str, count: str, holds: tuple[str, ...]) -> None:
    answer = movers.listed(ask_of(accounts(), question))
    assert answer is not None
    assert [w for w in holds if w not in answer.text] == []
    assert str(answer.values[0].value) == count


@pytest.mark.parametrize("question", ["基本支出比上年减少了多少", "哪些科目决算数最大"])
def test_no_list_of_accounts_where_none_is_asked(question: str) -> None:
    assert movers.listed(ask_of(accounts(), question)) is None


def projects() -> Report:
    """Three projects: one as budgeted (printed to another digit in its form), one cut, one not."""
    rows = []
    for row, (name, initial, adjusted, spent) in enumerate(
        (
            ("档案数字化", "642.193", "642.1931", "640.00"),
            ("查档大厅改造", "418.65", "400.65", "397.38"),
            ("展览更新", "90.00", "90.00", "80.00"),
        )
    ):
        place: dict[str, Any] = {"project": name, "table": "项目自评汇总表", "row": row}
        for measure, printed in (
            ("budget_initial", initial),
            ("budget_adjusted", adjusted),
            ("executed", spent),
        ):
            rows.append(figure(name, printed, measure=measure, column=(measure,), **place))
    return report(*rows)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("哪些项目的全年预算比年初预算少了", {"查档大厅改造"}),
        ("哪些项目预算调减了", {"查档大厅改造"}),
        ("哪个项目的预算调减了18万元", {"查档大厅改造"}),
        ("哪个项目的预算调减了20万元", set()),
        ("哪些项目预算调增了", set()),
    ],
)
def test_projects_whose_budget_was_moved(question: str, names: set[str]) -> None:
    ask = ask_of(projects(), question)
    answer = filters.listed(ask)
    assert answer is not None and answer.citations
    told_names = {n for n in ("档案数字化", "查档大厅改造", "展览更新") if n in answer.text}
    assert told_names == names


def test_the_one_project_moved_by_an_amount_is_asked_about() -> None:
    ask = ask_of(projects(), "有个项目年中预算被调减了18万元，是哪个？最后执行了多少？")
    assert ranking.nested_grade(ask) == ("查档大厅改造", "最后执行了多少?")


def travels() -> Report:
    sentence = "用于局机关赴甲国招商1个团组2人次，研究院赴乙国交流1个团组3人次。"
    rows = []
    for name, people in (("局机关赴甲国招商", "2"), ("研究院赴乙国交流", "3")):
        item = ("因公出国(境)费", name)
        rows.append(told(name, "1", sentence, "个团组", measure="count", item=item, row=1))
        rows.append(told(name, people, sentence, "人次", measure="count", item=item, row=1))
    return report(
        figure("因公出国（境）费", "15.60"),
        *rows,
        paragraphs=(sentence,),
    )


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("今年出国一共几个人次", "5", "人次"),
        ("去甲国招商的有几人次", "2", "人次"),
    ],
)
def test_groups_are_added_unless_one_is_named(question: str, value: str, unit: str) -> None:
    answer = lookup.lookup(ask_of(travels(), question))
    assert answer is not None
    assert (str(answer.values[0].value), answer.values[0].unit) == (value, unit)


def test_an_amount_is_divided_by_the_counts_of_all_groups() -> None:
    answer = ratios.per(ask_of(travels(), "平均每人次的出国（境）费是多少元"))
    assert answer is not None
    assert answer.values[0].value == 31200


def transfers() -> Report:
    place: dict[str, Any] = {"table": "市对下转移支付预算表", "table_id": "t9", "measure": "budget"}
    rows = []
    for row, (name, cells) in enumerate(
        (("防疫员补助", ("98.10", "47.40", "50.70")), ("合计", ("150.10", "67.40", "82.70")))
    ):
        for head, printed in zip(("合计", "甲县", "乙县"), cells, strict=True):
            rows.append(
                figure(
                    name,
                    printed,
                    column=(head,),
                    row=row,
                    total=name == "合计",
                    facet="" if head == "合计" else head,
                    **place,
                )
            )
    return report(*rows, tables=[table("t9", "市对下转移支付预算表")])


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("市对下转移支付一共多少钱", "150.10"),
        ("市对下转移支付总额是多少", "150.10"),
        ("转移支付多少", None),
    ],
)
def test_the_total_of_the_table_that_is_named(question: str, value: str | None) -> None:
    ask = ask_of(transfers(), question)
    found = titled.total(ask.catalogue, ask.reading.content)
    assert (found and str(found.value)) == value


def test_one_row_s_columns_are_no_contradiction() -> None:
    answer = lookup.lookup(ask_of(transfers(), "防疫员补助预算多少"))
    assert answer is not None
    assert not answer.conflicts
    assert str(answer.values[0].value) == "98.10"


def scored() -> Report:
    """The parts of two evaluations, the second with another weakest part."""
    rows, tables = [], []
    for number, (title, points) in enumerate(
        (
            (
                "库房修缮部门评价",
                (("决策", "15", "14.1"), ("过程", "20", "16"), ("产出", "35", "33")),
            ),
            (
                "展览更新部门评价",
                (("决策", "15", "10.5"), ("过程", "20", "19"), ("产出", "35", "34")),
            ),
        )
    ):
        place: dict[str, Any] = {"table": title, "table_id": f"d{number}"}
        tables.append(table(f"d{number}", title))
        for row, (name, weight, score) in enumerate(points):
            rows.append(figure(name, weight, "分", measure="weight", row=row, **place))
            rows.append(figure(name, score, "分", measure="score", row=row, **place))
    return report(*rows, tables=tables)


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("库房修缮部门评价的一级指标里，得分率最低的是哪个", "“过程”：得分16分（分值20分），扣4分"),
        ("展览更新部门评价哪个维度扣分最多", "“决策”：得分10.5分（分值15分），扣4.5分"),
        ("部门评价哪个维度得分率最低", None),  # of which evaluation is open
        ("库房修缮花了多少", None),
    ],
)
def test_the_weakest_part_of_an_evaluation(question: str, holds: str | None) -> None:
    answer = dimensions.ranked(ask_of(scored(), question))
    assert answer is None if holds is None else answer is not None and holds in answer.text


@pytest.mark.parametrize(
    ("subject", "question", "fits"),
    [
        ("图书馆", "图书馆花了多少钱", True),
        ("图书馆", "少年儿童图书馆划过来以后花了多少钱", False),
        ("行政运行", "后勤保障行政运行花了多少钱", True),  # no body's name
    ],
)
def test_an_account_is_not_the_body_that_its_name_ends(
    subject: str, question: str, fits: bool
) -> None:
    found = figure(subject, "258.08", code="2070104")
    ask = ask_of(report(found), question)
    assert accept.acceptable(ask, found) == fits


@pytest.mark.parametrize(
    ("question", "fits"),
    [("一共几家检验机构", True), ("6家检验机构分别叫什么", False), ("分给了哪些村", False)],
)
def test_a_number_is_no_name(question: str, fits: bool) -> None:
    found = told("检验机构", "6", "由6家检验机构承担。", "家", measure="count")
    assert accept.acceptable(ask_of(report(found), question), found) == fits


@pytest.mark.parametrize(
    ("subject", "question", "fits"),
    [
        ("政府采购支出合计", "政府采购服务支出多少", False),
        ("服务类", "政府采购服务支出多少", True),
        ("政府采购支出合计", "政府采购支出多少", True),
    ],
)
def test_all_procurement_is_not_one_kind_of_it(subject: str, question: str, fits: bool) -> None:
    found = figure(subject, "5420.60", item=("政府采购支出合计", subject))
    assert accept.acceptable(ask_of(report(found), question), found) == fits


@pytest.mark.parametrize("question", ["委托中介机构做审计和绩效评价花了多少", "请中介做审计多少钱"])
def test_a_use_in_other_verbs_names_the_account(question: str) -> None:
    sentence = "支出决算为449.52万元。"
    use = "主要用于：委托中介机构开展各类审计及绩效评价工作。"
    words = f"4、财政委托业务支出。{use}{sentence}"
    spent = told("财政委托业务支出", "449.52", sentence, row=words.index(sentence))
    answer = purpose.spent_on(ask_of(report(spent, paragraphs=(words,)), question))
    assert (answer is not None) == ("委托" in question)
