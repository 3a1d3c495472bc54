"""The look-up: names compared without their decoration, and the same fact found in all places."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.values import Figure
from qa.ask import split_same
from qa.catalogue import Catalogue, Wanted
from qa.names import core, key, pairs, same_family, topic
from qa.reading import read_question
from tests.test_qa_helpers import ask_of, figure, report, table, told

BUDGET = "一般公共预算财政拨款"
FUND = "政府性基金预算财政拨款"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("公务接待费", "公务接待费"),
        ("因公出国（境）费", "因公出国境费"),
        ("一般公共服务支出（类）", "一般公共服务支出"),
        ("行政运行（项）", "行政运行"),
        ("“三公”经费", "三公经费"),
        ("收、支总计", "收支总计"),
        (" 公 务 接 待 费 ", "公务接待费"),
        ("ＡＢＣ", "abc"),
        ("", ""),
    ],
)
def test_key(name: str, expected: str) -> None:
    assert key(name) == expected
    assert key(key(name)) == key(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("卫生健康支出", "卫生健康"),
        ("政府采购货物支出", "政府采购货物"),
        ("政务云资源服务项目", "政务云资源服务"),
        ("其中：公务接待费", "公务接待费"),
        ("支出", "支出"),
        ("水费", "水费"),
    ],
)
def test_core(name: str, expected: str) -> None:
    assert core(name) == expected


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("支出合计", "本年支出合计", True),
        ("收、支总计", "收入总计", True),
        ("卫生健康支出", "卫生健康", True),
        ("本年收入合计", "本年支出合计", False),
        ("收入总计", "本年收入合计", False),
        ("水费", "电费", False),
    ],
)
def test_topic(a: str, b: str, same: bool) -> None:
    assert (topic(figure(a)) == topic(figure(b))) is same


def test_the_total_of_a_scoped_table_and_the_named_sum_are_one_topic() -> None:
    total = figure("合计", "1", total=True, scope=BUDGET)
    named = told("一般公共预算财政拨款支出", "1", "支出1万元。", scope=BUDGET)
    assert topic(total) == topic(named)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("水费", {"水费"}), ("公务接待", {"公务", "务接", "接待"}), ("", set()), ("水、费", {"水费"})],
)
def test_pairs(text: str, expected: set[str]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("budget", "budget_adjusted", True),
        ("final", "executed", True),
        ("rate", "completion", True),
        ("budget", "final", False),
        ("score", "weight", False),
        ("score", "score", True),
    ],
)
def test_measures_that_answer_each_other(a: str, b: str, same: bool) -> None:
    assert same_family(a, b) is same
    assert same_family(b, a) is same


# -- look-up over a hand-made report -------------------------------------------------------------

LEDGER = {
    "water": figure("水费", "2.36", code="30205"),
    "power": figure("电费", "15.74", code="30206"),
    "meals": figure("公务接待费", "2.85", code="30217", scope=BUDGET, table_id="t6"),
    "meals09": figure("公务接待费", "3.36", table_id="t9", scope="财政拨款"),
    "meals09b": figure("公务接待费", "4.20", table_id="t9", scope="财政拨款", measure="budget"),
    "all": figure("本年支出合计", "10,954.78"),
    "budget": figure("合计", "9,870.78", scope=BUDGET, table_id="t5", total=True, item=("合计",)),
    "fund": figure("合计", "880.00", scope=FUND, table_id="t7", total=True, item=("合计",)),
    "running": figure(
        "行政运行", "1,286.45", code="2010401", item=("一般公共服务支出", "行政运行")
    ),
    "visits": told("公务接待费", "214", "公务接待214人次。", unit="人次", measure="count"),
    "blank": figure("取暖费", code="30208"),
    "note": figure("资金名称", "市级产业扶持资金", unit="", state="text", measure="attribute"),
}
REPORT = report(
    *LEDGER.values(),
    tables=(
        table("t5", "一般公共预算财政拨款支出决算表", form_code="公开05表", scope=BUDGET),
        table("t6", "一般公共预算财政拨款基本支出决算表", form_code="公开06表", scope=BUDGET),
        table("t7", "政府性基金预算财政拨款收入支出决算表", form_code="公开07表", scope=FUND),
        table("t9", "财政拨款“三公”经费支出决算表", form_code="公开09表", scope="财政拨款"),
        table("form", "项目支出绩效自评表", form_code="附件3", kind="form"),
    ),
)
CATALOGUE = Catalogue(REPORT)


def best(wanted: Wanted) -> Figure:
    return CATALOGUE.find(wanted)[0].figure


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (Wanted("水费"), "water"),
        (Wanted("电费"), "power"),
        (Wanted("取暖费"), "blank"),
        (Wanted("本年支出合计"), "all"),
        (Wanted("行政运行"), "running"),
        (Wanted("", codes=("30217",)), "meals"),
        (Wanted("", codes=("2010401",)), "running"),
        (Wanted("", codes=("30208",)), "blank"),
        (Wanted("公务接待费", scope=BUDGET), "meals"),
        (Wanted("公务接待费", scope="财政拨款"), "meals09"),
        (Wanted("公务接待费", measure="budget"), "meals09b"),
        (Wanted("公务接待费", measure="budget_adjusted"), "meals09b"),
        (Wanted("公务接待费", units=("人次",)), "visits"),
        (Wanted("公务接待费", tables=frozenset({"t6"})), "meals"),
        (Wanted("公务接待费", tables=frozenset({"t9"})), "meals09"),
        (Wanted("本年支出", scope=FUND), "fund"),
        (Wanted("本年支出", scope=BUDGET), "budget"),
        (Wanted("本年支出", scope="全口径"), "all"),
    ],
)
def test_best_figure(wanted: Wanted, name: str) -> None:
    assert best(wanted) is LEDGER[name]


def test_hits_say_how_much_they_explain() -> None:
    hits = CATALOGUE.find(Wanted("公务接待费"))
    assert hits[0].cover == pytest.approx(1.0)
    assert hits[0].named == pytest.approx(1.0)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    half = CATALOGUE.find(Wanted("公务接待费 月球基地建设"))[0]
    assert half.cover < 0.6 < half.named


@pytest.mark.parametrize("content", ["月球", "外星人", "zzz"])
def test_unknown_words_find_nothing(content: str) -> None:
    assert CATALOGUE.find(Wanted(content)) == []


def test_an_unknown_code_is_not_taken_for_another() -> None:
    hits = CATALOGUE.find(Wanted("公务接待费", codes=("39999",)))
    plain = CATALOGUE.find(Wanted("公务接待费"))
    assert hits[0].score < plain[0].score


def test_asking_twice_gives_the_same() -> None:
    wanted = Wanted("公务接待费", scope=BUDGET)
    assert CATALOGUE.find(wanted) == CATALOGUE.find(wanted) == Catalogue(REPORT).find(wanted)
    assert len(CATALOGUE.find(Wanted("公务接待费"), limit=2)) == 2


@pytest.mark.parametrize(
    ("question", "tables"),
    [
        ("公开06表里30217这一行", {"t6"}),
        ("公开6表的水费", {"t6"}),
        ("06表里的水费", {"t6"}),
        ("三公经费支出决算表里的接待费", {"t9"}),
        ("三公表里的接待费", {"t9"}),
        ("一般公共预算财政拨款支出决算表的合计", {"t5"}),
        ("一般公共预算财政拨款基本支出决算表的合计", {"t6"}),
        ("附件3里的得分", {"form"}),
        ("自评表里的得分", {"form"}),
        ("公务接待费是多少", set()),
        ("公开42表里的水费", set()),
    ],
)
def test_tables_that_a_question_mentions(question: str, tables: set[str]) -> None:
    assert CATALOGUE.mentioned_tables(read_question(question)) == tables


# -- the same fact in several places -------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (told("公务接待费", "3.36", "公务接待费支出决算为3.36万元。"), True),
        (told("公务接待费", "3.63", "公务接待费支出决算为3.63万元。"), True),
        (told("公务接待费", "33,600", "公务接待费33,600元。", unit="元"), True),
        (told("公务接待费", "3.36", "执行3.36万元。", measure="executed"), True),
        (told("公务接待费", "4.20", "预算4.20万元。", measure="budget"), False),
        (told("公务接待费", "3.69", "上年3.69万元。", year=2023), False),
        (told("公务接待费", "2.85", "一般公共预算2.85万元。", scope=BUDGET), False),
        (told("公务接待费", "214", "214人次。", unit="人次"), False),
        (told("公务用车购置费", "3.36", "购置费3.36万元。"), False),
        (told("公务接待费", "3.36", "基本支出3.36万元。", facet="基本支出"), False),
        (figure("公务接待费"), False),
    ],
)
def test_same_fact(other: Figure, same: bool) -> None:
    cell = figure("公务接待费", "3.36")
    catalogue = Catalogue(report(cell, other))
    assert catalogue.same_fact(cell) == [cell, *([other] if same else [])]


def test_rows_of_other_codes_are_other_facts() -> None:
    one = figure("其他支出", "1.00", code="2019999")
    two = figure("其他支出", "2.00", code="2089999")
    assert Catalogue(report(one, two)).same_fact(one) == [one]


def test_the_sum_over_projects_is_not_the_years_spending() -> None:
    """A table of projects has a 合计 of its own, in the same unit and year."""
    year = figure("本年支出合计", "10,954.78")
    projects = figure("合计", "8,135.26", total=True, measure="executed", table_id="summary")
    found = Catalogue(
        report(year, projects, tables=(table("summary", "项目支出绩效自评情况汇总表"),))
    )
    assert found.same_fact(year) == [year]


# -- projects ------------------------------------------------------------------------------------


def project(name: str, amount: str, where: str, subject: str = "") -> Figure:
    title = {"sum": "项目支出绩效自评情况汇总表", "form": "项目支出绩效自评表", "": ""}[where]
    return figure(
        subject or name,
        amount,
        item=(subject or name,),
        measure="executed",
        project=name,
        table=title,
        table_id={"sum": "summary", "form": "form", "": "p0"}[where],
    )


@pytest.mark.parametrize(
    ("name", "amount", "canonical"),
    [
        ("政务云资源服务项目", "3,120.50", "政务云资源服务项目"),
        ("政务云资源服务", "3,120.50", "政务云资源服务项目"),
        ("政务云资源", "3,120.50", "政务云资源服务项目"),
        ("政务云资源服务", "99.00", "政务云资源服务项目"),
        ("智慧社区试点", "3,120.50", "智慧社区试点"),
    ],
)
def test_names_of_one_project_are_clustered(name: str, amount: str, canonical: str) -> None:
    named = project("政务云资源服务项目", "3,120.50", "sum")
    other = project(name, amount, "form", "年度资金总额")
    tables = (table("summary", "项目支出绩效自评情况汇总表"), table("form", "x", kind="form"))
    assert Catalogue(report(named, other, tables=tables)).projects[name] == canonical


def test_two_rows_of_the_summary_are_two_projects() -> None:
    first = project("信息化运维一期项目", "10.00", "sum")
    second = project("信息化运维二期项目", "10.00", "sum")
    found = Catalogue(report(first, second, tables=(table("summary", "汇总表"),))).projects
    assert len(set(found.values())) == 2


def test_a_project_is_found_in_summary_and_form() -> None:
    named = project("政务云资源服务项目", "3,120.50", "sum")
    form = project("政务云资源服务", "3,120.50", "form", "年度资金总额")
    part = project("政务云资源服务", "7.00", "form", "云主机数量")
    tables = (table("summary", "项目支出绩效自评情况汇总表"), table("form", "x", kind="form"))
    catalogue = Catalogue(report(named, form, part, tables=tables))
    assert catalogue.same_fact(named) == [named, form]
    assert catalogue.is_project_level(form)
    assert not catalogue.is_project_level(part)


@pytest.mark.parametrize(
    ("kind", "other", "differs"),
    [
        ("budget", "108.00", False),  # 126.35 less the 18.35 that was carried over
        ("budget", "107.00", True),
        ("accounts", "108.00", True),  # in accounts both are of the year
    ],
)
def test_amounts_with_and_without_what_was_carried_over(
    kind: str, other: str, differs: bool
) -> None:
    whole = figure("社区矫正", "126.35")
    sentence = f"社区矫正{other}万元。"
    found = replace(
        report(
            whole,
            figure("社区矫正", "18.35", facet="上年结转", column=("上年结转",)),
            told("社区矫正", other, sentence),
            paragraphs=(sentence,),
        ),
        kind=kind,
    )
    _, different = split_same(ask_of(found, "社区矫正多少"), whole)
    assert bool(different) == differs
