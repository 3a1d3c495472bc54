"""Things behind things, values that moved, two years at once, two numbers that differ."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.values import Figure, Report
from qa import (
    accounts,
    anchored,
    between,
    bodies,
    branches,
    compare,
    described,
    destinations,
    each,
    fromto,
    grades,
    lookup,
    purpose,
    sums,
    verify,
    wholly,
    yesno,
)
from qa.compound import without_asides
from qa.engine import Engine
from qa.reading import read_question
from qa.values import Answer
from tests.test_qa_helpers import WordSearch, ask_of, figure, report, table, told, values

POOL = "泳池改造"
AT_FORM = {"table": "项目支出绩效自评结果汇总表", "table_id": "t6", "project": POOL}


def one_account(repeat: bool = False) -> Report:
    """A project whose money is that of one account's project expenditure, or of two accounts."""
    ledger = {"code": "2070307", "item": ("文化", "体育", "体育场馆")}
    cells = [
        figure("体育场馆", "437.30", row=1, **ledger),
        figure("体育场馆", "268.90", row=1, facet="项目支出", column=("项目支出",), **ledger),
        figure("体育场馆", "200.00", measure="budget_initial", row=1, column=("预算",), **ledger),
    ]
    if repeat:
        cells.append(figure("群众体育", "268.90", code="2070308", item=("群众体育",)))
    own = [
        figure(POOL, "268.90", measure="executed", item=(POOL,), row=1, **AT_FORM),
        figure(POOL, "98.00", "分", measure="score", item=(POOL,), row=1, **AT_FORM),
    ]
    return report(*cells, *own, tables=(table("t6", "项目支出绩效自评结果汇总表"),))


def asked(found: Report, question: str, history: tuple[str, ...] = ()) -> Answer:
    return Engine(found, WordSearch(found)).ask(question, history)  # type: ignore[arg-type]


# -- behind ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "kind", "more"),
    [
        ("它的实施单位有多少人", "body", "有多少人"),
        ("它对应的那个绩效自评项目打了多少分", "project", "打了多少分"),
        ("对应的科目年初预算多少", "account", "年初预算多少"),
        ("对应的科目是哪个", "", ""),
        ("为什么没达到预算", "", ""),
    ],
)
def test_what_is_asked_of_something_behind(rest: str, kind: str, more: str) -> None:
    assert described.behind(rest) == (kind, more)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("体育场馆科目对应的项目得了多少分", "98分"),
        ("泳池改造对应的科目年初预算是多少", "200万元"),
    ],
)
def test_the_account_behind_a_project_and_back(question: str, value: str) -> None:
    answer = asked(one_account(), question)
    assert values(answer)[:1] == [value], answer.text
    assert "推断" in answer.text  # by equal amounts, which has to be said


def test_two_accounts_of_one_amount_are_none() -> None:
    found = one_account(repeat=True)
    assert accounts.account_behind(ask_of(found, "x"), POOL) is None
    assert accounts.projects_behind(ask_of(found, "x"), {"2070307"}) == {}


def test_a_clause_on_what_stands_behind_the_one_before() -> None:
    question = "体育场馆的项目支出是多少？它对应的那个绩效自评项目打了多少分？"
    assert values(asked(one_account(), question)) == ["268.9万元", "98分"]


# -- follow-ups that name a column ---------------------------------------------------------------


def carried() -> Report:
    fund = {"code": "2137202", "item": ("基础设施建设",), "table": "政府性基金表", "table_id": "t7"}
    heads = {"年初结转和结余": "18.60", "本年收入": "228.20"}
    cells = [
        figure("基础设施建设", value, facet=head, column=(head,), row=5, **fund)
        for head, value in heads.items()
    ]
    return report(
        figure("基础设施建设", "246.80", code="2137202"),
        figure("年初结转和结余", "98.24", column=("决算数",)),
        *cells,
        tables=(table("t7", "政府性基金表"),),
    )


@pytest.mark.parametrize(
    ("question", "value"), [("年初结转有多少", "18.6万元"), ("本年收入呢", "228.2万元")]
)
def test_the_column_is_of_the_account_asked_about(question: str, value: str) -> None:
    answer = asked(carried(), question, ("2137202基础设施建设支出多少",))
    assert values(answer) == [value], answer.text


@pytest.mark.parametrize("question", ["培训费呢", "为什么", "年初结转的项目有几个"])
def test_what_names_no_column_is_not_read_there(question: str) -> None:
    found = carried()
    assert anchored.of_its_account(ask_of(found, question), found.figures[0]) is None


# -- from one value to another ---------------------------------------------------------------------

RATE = "自来水普及率由上年的90.2%提高到92.8%。"
HOURS = "开放时间从每周40小时增加到56小时。"


@pytest.mark.parametrize(
    ("sentence", "question", "expected"),
    [
        (RATE, "自来水普及率比上年提高了几个百分点", ["2.6个百分点"]),
        (RATE, "自来水普及率上年是多少", ["90.2%"]),
        (RATE, "污水处理率比上年提高了几个百分点", []),
        (RATE, "自来水普及率是多少", []),
        (f"{RATE}自来水普及率由80%提高到85%。", "自来水普及率提高了几个百分点", []),
    ],
)
def test_moved_from_to(sentence: str, question: str, expected: list[str]) -> None:
    found = report(figure("水费", "1"), paragraphs=(sentence,))
    assert values(fromto.moved(ask_of(found, question))) == expected


# -- two years -----------------------------------------------------------------------------------


def two_years(change: bool = True) -> Report:
    sentence = "公务接待费支出决算0.39万元，比2023年减少0.15万元。"
    figures = [figure("公务接待费", "0.39"), figure("本年支出合计", "900", total=True)]
    if change:
        at = {"measure": "change", "base": "2023年"}
        figures.append(told("公务接待费", "-0.15", sentence, **at))
    return report(*figures, paragraphs=(sentence,))


@pytest.mark.parametrize(
    "question",
    ["公务接待费2023年和2024年分别是多少", "去年和今年公务接待费各花了多少"],
)
def test_the_amount_of_both_years(question: str) -> None:
    assert values(asked(two_years(), question)) == ["0.54万元", "0.39万元"]


def test_the_year_that_is_not_told_is_said_to_be() -> None:
    answer = asked(two_years(change=False), "公务接待费2023年和2024年分别是多少")
    assert values(answer) == ["0.39万元"]  # and not the total of 2024
    assert "2023" in answer.text


def test_other_years_are_not_answered() -> None:
    assert each.years(ask_of(two_years(), "公务接待费2021年和2024年分别是多少")) is None


# -- differing numbers ---------------------------------------------------------------------------


def scopes() -> Report:
    at = {"code": "2130311", "item": ("节水",)}
    granted = {"scope": "一般公共预算财政拨款", "table": "财政拨款支出表", "table_id": "t8"}
    return report(
        figure("节水", "892.55", **at),
        figure("节水", "864.15", **granted, **at),
        tables=(table("t8", "财政拨款支出表"),),
    )


def test_why_two_tables_differ() -> None:
    question = "节水（2130311）支出，有张表写892.55，另一张写864.15，为什么不一样"
    answer = verify.two_stated(ask_of(scopes(), question))
    assert answer is not None
    assert values(answer) == ["892.55万元", "864.15万元"]
    assert "全口径" in answer.text
    assert "一般公共预算" in answer.text
    assert verify.two_stated(ask_of(scopes(), "节水892.55和123.45为什么不一样")) is None


def test_a_third_place_contradicts_two_that_agree() -> None:
    income = {"item": ("收入总计",), "scope": "全口径", "total": True}
    sentence = "2024年度收入支出总计0万元。"
    found = report(
        figure("收入总计", "2995.39", **income),
        figure("支出总计", "2995.39", item=("支出总计",), total=True),
        told("收入支出总计", "0", sentence, item=("收入支出总计",)),
        tables=(),
        paragraphs=(sentence,),
    )
    ask = ask_of(found, "收入总计和支出总计对得上吗")
    agreed: list[Figure] = list(found.figures[:2])
    answer = between.whether_same(ask, agreed, same=True)
    assert answer.polarity == "no"
    assert {2, 1} <= {c.page for c in answer.citations}
    assert "0万元" in answer.text


# -- bodies, parts and what was left -------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "polarity"),
    [
        ("局执法大队是参公单位吗", "yes"),
        ("土地发展中心是参公的吗", "no"),
        ("土地发展中心是事业单位吗", "yes"),
        ("测绘院是事业单位吗", None),
    ],
)
def test_the_kind_of_a_body(
    monkeypatch: pytest.MonkeyPatch, question: str, polarity: str | None
) -> None:
    found = report(figure("水费", "1"))
    place = found.passages[0]
    listed = [
        bodies.Body("松原县资源局执法大队", "下属参公事业单位", place),
        bodies.Body("松原县土地发展中心", "下属事业单位", place),
    ]
    monkeypatch.setattr(bodies, "bodies", lambda ask: listed)
    answer = bodies.is_kind(ask_of(found, question))
    assert (answer.polarity if answer else None) == polarity


@pytest.mark.parametrize(("part", "polarity"), [("268.90", "yes"), ("200.00", "no")])
def test_whether_all_of_a_project_goes_there(part: str, polarity: str) -> None:
    item = (POOL, "水泵更换")
    found = report(
        figure(POOL, "268.90", measure="budget", item=(POOL,), **AT_FORM),
        figure("水泵更换", part, measure="budget", item=item, **AT_FORM),
        tables=(table("t6", "项目支出绩效自评结果汇总表"),),
    )
    answer = wholly.wholly(ask_of(found, "泳池改造的钱是不是全都用在水泵更换上"))
    assert answer is not None
    assert answer.polarity == polarity


def test_what_was_left_is_told_where_not_all_was_spent() -> None:
    at = {"item": ("污水处理",), "code": "2121401"}
    found = report(
        figure("污水处理", "4600", measure="budget", column=("预算数",), **at),
        figure("污水处理", "4520.66", **at),
    )
    answer = yesno.fully_spent(ask_of(found, "污水处理的预算花完了吗"))
    assert answer is not None
    assert answer.polarity == "no"
    assert Decimal("79.34") in [v.value for v in answer.values]


def test_an_aside_that_explains_is_left_out() -> None:
    assert without_asides("信息化建设这个科目,就是平时维护系统的钱,决算是多少") == [
        "信息化建设这个科目,决算是多少"
    ]
    assert without_asides("就是多少") == []


# -- what restricts a sum, a comparison or a rank --------------------------------------------------


def pools(*grades: str) -> Report:
    rows = []
    for row, grade in enumerate(grades):
        name = f"第{row}泳池改造"
        at = {"project": name, "item": (name,), "row": row}
        rows.append(figure(name, f"{row + 1}0.00", measure="executed", **at))
        rows.append(figure(name, grade, "", state="text", measure="grade", column=("等级",), **at))
    return report(*rows)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("自评被评为“良”的项目,全年执行数加起来是多少", "50万元"),
        ("没评上“优”的项目执行数合计是多少", "50万元"),
        ("全部项目的执行数合计是多少", "60万元"),
    ],
)
def test_only_the_projects_of_the_grade_are_added(question: str, value: str) -> None:
    answer = sums.summed(ask_of(pools("优", "良", "良"), question))
    assert values(answer) == [value]


def test_the_two_sides_of_an_account() -> None:
    at = {"code": "2130212", "item": ("湿地保护",)}
    income = {"table": "收入决算表", "table_id": "t9", "facet": "本年收入合计"}
    found = report(
        figure("本年收入合计", "5729.63", table="收入决算表", table_id="t9", total=True),
        figure("本年支出合计", "5687.54", total=True),
        figure("湿地保护", "150.00", **income, **at),
        figure("湿地保护", "96.75", **at),
        tables=(table("t9", "收入决算表"),),
    )
    answer = compare.difference(ask_of(found, "湿地保护(2130212)的收入决算比支出决算多多少"))
    assert values(answer)[:1] == ["53.25万元"]


def test_a_table_of_one_thing_is_summed_under_its_name() -> None:
    def row(name: str, total: str, cars: str) -> list[Figure]:
        at = {"table": "“三公”经费支出表", "table_id": "t3", "measure": "budget"}
        return [
            figure(name, total, column=("合计",), **at),
            figure(name, cars, column=("公务用车购置及运行费", "小计"), **at),
        ]

    found = report(
        *row("松原县公路养护管理段", "20.00", "18.50"),
        *row("松原县交通执法大队", "19.00", "18.80"),
        tables=(table("t3", "“三公”经费支出表"),),
    )
    ask = ask_of(found, "三公经费最多的是哪个单位")
    answer = branches.ranked(ask)
    assert answer is not None
    assert "公路养护管理段" in answer.text
    assert values(answer) == ["20万元"]


# -- words of the prose ----------------------------------------------------------------------------

RECEIVED = "公务接待费0.39万元，主要用于接待上级部门及外省市单位调研。"
WHY = "公务接待费减少的主要原因是上级部门来访的接待减少。"


@pytest.mark.parametrize(
    ("sentence", "expected"), [(RECEIVED, True), (WHY, False), ("公务接待费0.39万元。", False)]
)
def test_whom_the_reception_was_for(sentence: str, expected: bool) -> None:
    found = report(figure("公务接待费", "0.39"), paragraphs=(sentence,))
    answer = destinations.received(ask_of(found, "公务接待费主要是用来接待谁的"))
    assert (answer is not None) == expected


@pytest.mark.parametrize(
    ("sentence", "question", "polarity"),
    [
        ("主要原因：项目支出增加，新开两个展厅。", "项目支出比上年多了吗", "yes"),
        ("主要原因：项目支出减少，展厅已完工。", "项目支出比上年多了吗", "no"),
        ("项目支出20.00万元。", "项目支出比上年多了吗", None),  # that there is some decides nothing
    ],
)
def test_more_than_last_year_without_an_amount(
    sentence: str, question: str, polarity: str | None
) -> None:
    found = report(figure("项目支出", "20.00"), paragraphs=(sentence,))
    answer = yesno.yes_no(ask_of(found, question))
    assert (answer.polarity if answer else None) == polarity


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("100万元以上的项目6个，均已开展事前绩效评估。", "yes"),
        ("单价100万元以上的设备0台，没有开展事前绩效评估。", "no"),
    ],
)
def test_a_bound_is_no_denial(sentence: str, polarity: str) -> None:
    found = report(figure("水费", "1"), paragraphs=(sentence,))
    answer = yesno.yes_no(ask_of(found, "100万元以上的项目都开展了事前绩效评估吗"))
    assert answer is not None
    assert answer.polarity == polarity


def test_a_blank_cell_for_words_is_no_number() -> None:
    form = {"table": "自评表", "table_id": "t5", "project": "执法记录仪更新"}
    found = report(
        figure("执法人员满意度", measure="reason", item=("满意度", "执法人员满意度"), **form),
        tables=(table("t5", "自评表", kind="form"),),
    )
    assert lookup.lookup(ask_of(found, "在编执法人员满意度有多少人")) is None


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("自然资源事务(22001)下面有哪些科目", ()),
        ("2023年的收入是多少", (2023,)),
    ],
)
def test_a_code_is_no_year(question: str, years: tuple[int, ...]) -> None:
    assert read_question(question).years == years


@pytest.mark.parametrize(
    ("names", "expected"),
    [(("优", "良", "良"), ["1个", "2个"]), (("优", "优"), ["2个"]), ((), [])],
)
def test_how_many_projects_of_each_grade(names: tuple[str, ...], expected: list[str]) -> None:
    found = pools(*names) if names else report(figure("水费", "1"))
    answer = grades.counted_each(ask_of(found, "各个等级分别有多少个项目"))
    assert values(answer) == expected


# -- pay of persons, and in all --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("在职人员的津贴补贴一年发了多少", "answered"),
        ("局长的津贴补贴一年多少", "refused"),
        ("在职人员的人均津贴补贴是多少", "refused"),
    ],
)
def test_an_account_of_pay_is_no_persons_pay(question: str, status: str) -> None:
    found = report(figure("津贴补贴", "1238.58", code="30102", item=("津贴补贴",)))
    assert asked(found, question).status == status


def test_a_use_is_no_reason() -> None:
    sentence = "委托业务支出（项）支出决算449.52万元。主要用于：委托中介机构开展审计及绩效评价。"
    found = report(told("委托业务支出", "449.52", sentence), paragraphs=(sentence,))
    question = "委托中介做审计和绩效评价的钱,为什么没有花完"
    assert purpose.spent_on(ask_of(found, question)) is None


@pytest.mark.parametrize(
    ("history", "question", "value"),
    [
        (("2130101行政运行支出多少",), "基本支出呢", "1096.91万元"),
        (("2130101行政运行支出多少", "基本支出呢"), "占多少", "99.21%"),
    ],
)
def test_a_follow_up_stays_with_the_account(
    history: tuple[str, ...], question: str, value: str
) -> None:
    at = {"code": "2130101", "item": ("农林水支出", "行政运行"), "row": 7}
    other = {"code": "2130101", "scope": "一般公共预算财政拨款", "table_id": "t8"}
    found = report(
        figure("基本支出", "5377.64", column=("决算数",), row=1),
        figure("行政运行", "1105.68", column=("本年支出合计",), **at),
        figure("行政运行", "1096.91", column=("基本支出",), facet="基本支出", **at),
        figure(
            "行政运行", "1084.02", column=("基本支出",), facet="基本支出", table="财政拨款", **other
        ),
        tables=(table("t8", "财政拨款"),),
    )
    assert values(asked(found, question, history))[:1] == [value]


def test_no_account_is_made_up_for_a_project() -> None:
    found = report(
        figure("体育场馆", "437.30", code="2070307", item=("体育场馆",)),
        figure(POOL, "268.90", measure="executed", item=(POOL,), row=1, **AT_FORM),
        tables=(table("t6", "项目支出绩效自评结果汇总表"),),
    )
    answer = asked(found, "泳池改造对应的科目决算是多少")
    assert answer.status == "refused"
    assert "列在哪个科目" in answer.text
