"""What moved: accounts against last year, budgets during the year; parts told group by group."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from index.values import Report
from qa import (
    accept,
    cells,
    compare,
    conditions,
    dimensions,
    explain,
    filters,
    lookup,
    movers,
    posts,
    purpose,
    ranking,
    ratios,
    titled,
)
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
    name, told, rest = ranking.nested_grade(ask) or ("", None, "")
    assert (name, rest) == ("查档大厅改造", "最后执行了多少?")
    assert told is not None


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
    for row, (name, amounts) in enumerate(
        (("防疫员补助", ("98.10", "47.40", "50.70")), ("合计", ("150.10", "67.40", "82.70")))
    ):
        for head, printed in zip(("合计", "甲县", "乙县"), amounts, strict=True):
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


STAFF = (
    ("松原县档案局（本级）", "24", "22"),
    ("松原县档案馆", "40", "35"),
    ("松原县方志编纂中心", "16", "16"),
)


def staffed() -> Report:
    place: dict[str, Any] = {"table": "机构设置", "table_id": "s1", "measure": "count"}
    rows = []
    for row, (name, established, held) in enumerate(STAFF):
        for head, printed in (("编制人数", established), ("在职人数", held)):
            rows.append(figure(name, printed, "人", column=(head,), facet=head, row=row, **place))
    return report(*rows, tables=[table("s1", "机构设置")])


@pytest.mark.parametrize(
    ("question", "pieces", "polarity"),
    [
        ("哪个单位空编最多", ("档案馆空编5人（编制40人，在职35人）",), None),
        ("档案馆和方志编纂中心谁空着的编制多，多几个", ("档案馆空编5人", "多5人"), None),
        ("方志编纂中心满编了吗", ("空编0人",), "yes"),
        ("档案馆满编了吗", ("空编5人",), "no"),
    ],
)
def test_posts_not_filled(question: str, pieces: tuple[str, ...], polarity: str | None) -> None:
    answer = posts.vacant(ask_of(staffed(), question))
    assert answer is not None
    assert [p for p in pieces if p not in answer.text] == []
    assert answer.polarity == polarity


@pytest.mark.parametrize("question", ["编制一共多少", "档案馆在职多少人", "还空着几个编制"])
def test_no_body_and_no_vacancy_asked(question: str) -> None:
    assert posts.vacant(ask_of(staffed(), question)) is None


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("住房公积金决算比年初预算高百分之几", "1.50", "%"),
        ("住房公积金决算比年初预算多多少", "1.73", "万元"),
    ],
)
def test_the_gap_to_the_budget_in_either_unit(question: str, value: str, unit: str) -> None:
    sentence = "住房公积金年初预算为115.36万元，支出决算为117.09万元。"
    found = report(
        told("住房公积金", "115.36", sentence, measure="budget_initial", row=0),
        told("住房公积金", "117.09", sentence, measure="final", row=0),
    )
    answer = compare.budget_gap(ask_of(found, question))
    assert answer is not None
    assert (f"{answer.values[0].value:.2f}", answer.values[0].unit) == (value, unit)


def terms() -> Report:
    place: dict[str, Any] = {"table": "专项资金目录", "table_id": "l1"}
    rows = []
    for row, (name, term, money) in enumerate(
        (
            ("库房值守", "长期", "18.00"),
            ("展览更新", "2025年", "42.00"),
            ("消防维保", "长期", "6.50"),
        )
    ):
        words = figure(
            name, term, column=("执行年限",), measure="attribute", state="text", row=row, **place
        )
        rows += [words, figure(name, money, column=("合计",), measure="budget", row=row, **place)]
    return report(*rows, tables=[table("l1", "专项资金目录")])


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("执行年限填“长期”的项目有几个", {"库房值守", "消防维保"}),
        ("执行年限为2025年的项目有几个", {"展览更新"}),
        ("需要长期坚持的项目有几个", None),
    ],
)
def test_rows_by_a_short_word_under_the_head_named(question: str, names: set[str] | None) -> None:
    answer = cells.counted(ask_of(terms(), question))
    if names is None:
        assert answer is None
    else:
        assert answer is not None and answer.values[0].value == len(names)
        assert [n for n in names if n not in answer.text] == []


@pytest.mark.parametrize(
    ("behind", "told_too"),
    [("较上一年度减少了培训费支出等。", True), ("公用经费支出12.30万元。", False)],
)
def test_a_reason_takes_along_what_adds_to_it(behind: str, told_too: bool) -> None:
    moved = "机关运行经费支出142.80万元，比2023年度减少13.52万元。主要原因是厉行节约。"
    sentence = "机关运行经费支出142.80万元，比2023年度减少13.52万元。"
    found = report(
        told("机关运行经费支出", "142.80", sentence),
        paragraphs=(f"{moved}{behind}",),
    )
    answer = explain.reason(ask_of(found, "机关运行经费为什么减少"))
    assert answer is not None and "厉行节约" in answer.text
    assert (behind in answer.text) == told_too


@pytest.mark.parametrize(
    ("text", "holds", "fails"),
    [
        ("执行率在60%到80%之间的项目", ("60", "79.11"), ("59.9", "80.1")),
        ("执行数在100万至500万之间的项目", ("1000000", "4999999"), ("999999", "5000001")),
        ("得分在95和90分之间的项目", ("90", "95"), ("89.9", "95.1")),
    ],
)
def test_a_range(text: str, holds: tuple[str, ...], fails: tuple[str, ...]) -> None:
    rule = conditions.condition(text, "")
    assert rule is not None
    assert all(rule.holds(Decimal(v)) for v in holds)
    assert not any(rule.holds(Decimal(v)) for v in fails)


def funds() -> Report:
    place: dict[str, Any] = {"table": "收入支出决算总表", "table_id": "g1"}
    return report(
        figure("一般公共预算财政拨款收入", "903.10", **place),
        figure("政府性基金预算财政拨款收入", "20.00", **place),
        figure("本年支出合计", "880.00", scope="一般公共预算财政拨款", total=True),
        tables=[table("g1", "收入支出决算总表")],
    )


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("一般公共预算财政拨款收入是多少", "903.10"),
        ("一般公共预算收了多少", "903.10"),
        ("政府性基金预算财政拨款收入多少", "20.00"),
        ("一般公共预算财政拨款支出合计多少", "880.00"),
    ],
)
def test_a_fund_is_named_by_the_row_as_well_as_by_the_table(question: str, value: str) -> None:
    answer = lookup.lookup(ask_of(funds(), question))
    assert answer is not None and str(answer.values[0].value) == value


def test_one_amount_printed_to_more_places_is_no_difference() -> None:
    ask = ask_of(projects(), "档案数字化项目年初预算和全年预算差多少")
    figures = {f.measure: f for f in ask.report.figures if f.project == "档案数字化"}
    answer = compare.compared(ask, figures["budget_adjusted"], figures["budget_initial"])
    assert answer is not None
    assert "642.193" in answer.text and "按印出的位数相等" in answer.text
