"""Rows chosen by words: lists of purchases, projects of a body, funds and unit costs of a project.

Small invented reports, a table of cases each.
"""

from __future__ import annotations

import pytest

from index.values import Figure, Report
from qa import between, cells, funds, indicators, purpose, rows, sums, unitcost
from qa.ask import Ask
from qa.values import Answer
from tests.test_qa_helpers import ask_of, figure, report, table

BOUGHT = "t5"
LIST = "t6"
FORM = "t7"
PURCHASES = [
    ("复印纸", "1.80", "集中采购"),
    ("便携式计算机", "9.60", "集中采购"),
    ("馆藏档案消毒服务", "34.50", "分散采购"),
    ("库房改造工程", "120.00", "分散采购"),
    ("档案数字化加工", "58.90", "分散采购"),
]
PROJECTS = [
    ("松原县档案馆", "库房安全改造", "120.00", "20.00"),
    ("松原县档案馆", "珍贵档案修复", "36.00", ""),
    ("松原县方志编纂中心", "县志续修", "44.00", "8.00"),
]


def text(answer: Answer | None) -> str:
    return answer.text if answer is not None else ""


def purchases() -> Report:
    found: list[Figure] = []
    for row, (name, money, form) in enumerate(PURCHASES):
        place = {"table": "政府采购支出表", "table_id": BOUGHT, "row": row, "measure": "budget"}
        found.append(figure(name, money, column=("总计",), **place))
        word = {**place, "measure": "attribute", "state": "text"}
        cell = figure(name, **word, column=("采购组织形式",))
        found.append(Figure(**{**vars_of(cell), "printed": form, "value": None, "unit": ""}))
    return report(*found, tables=(table(BOUGHT, "政府采购支出表", kind="list"),))


def vars_of(cell: Figure) -> dict[str, object]:
    return {name: getattr(cell, name) for name in Figure.__dataclass_fields__}


def projects() -> Report:
    found: list[Figure] = []
    for row, (body, name, whole, carried) in enumerate(PROJECTS):
        place = {
            "table": "项目支出表",
            "table_id": LIST,
            "row": row,
            "measure": "budget",
            "item": (body, name),
            "project": name,
        }
        found.append(figure(name, whole, column=("合计",), **place))
        head = "上年结转（一般公共预算）"
        found.append(figure(name, carried, column=("财政拨款", head), facet=head, **place))
    return report(*found, tables=(table(LIST, "项目支出表", kind="list"),))


@pytest.mark.parametrize(
    ("question", "pieces"),
    [
        ("组织形式为集中采购的有几项", ("共2项", "复印纸", "便携式计算机")),
        ("采用分散采购的项目有几个", ("共3个", "库房改造工程")),
    ],
)
def test_rows_counted_by_their_words(question: str, pieces: tuple[str, ...]) -> None:
    answer = cells.counted(ask_of(purchases(), question))
    assert all(piece in text(answer) for piece in pieces)


def test_rows_listed_with_their_amounts() -> None:
    answer = cells.listed(ask_of(purchases(), "分散采购的都有哪些项目"))
    assert "馆藏档案消毒服务（34.50万元）" in text(answer) and "复印纸" not in text(answer)


@pytest.mark.parametrize(
    ("found", "question", "total"),
    [
        (purchases, "集中采购一共多少钱", "11.4"),
        (projects, "档案馆的项目一共多少钱", "156"),
    ],
)
def test_rows_added_up(found: object, question: str, total: str) -> None:
    answer = cells.summed(ask_of(found(), question))  # type: ignore[operator]
    assert answer is not None and str(answer.values[0].value).rstrip("0").rstrip(".") == total


@pytest.mark.parametrize(
    "question",
    ["集中采购里哪项最贵", "公务接待费花了多少", "省级采购中心的项目有哪些", "电影放映有几项"],
)
def test_no_rows_where_no_words_of_a_cell_are_named(question: str) -> None:
    ask = ask_of(purchases(), question)
    assert cells.counted(ask) is None and cells.listed(ask) is None and cells.summed(ask) is None


def test_the_rows_under_a_body() -> None:
    answer = cells.listed(ask_of(projects(), "档案馆名下有哪些项目"))
    assert "库房安全改造（120.00万元）" in text(answer) and "县志续修" not in text(answer)


@pytest.mark.parametrize(
    "question", ["哪些项目用到了上年结转的资金", "项目支出表里哪些项目有上年结转"]
)
def test_rows_with_an_amount_in_a_column(question: str) -> None:
    answer = rows.listed(ask_of(projects(), question))
    assert "共2项" in text(answer) and "珍贵档案修复" not in text(answer)


# -- one project's form ----------------------------------------------------------------------------

RESTORED = "库房安全改造"


def form() -> Report:
    place = {"table": "项目支出绩效目标表", "table_id": FORM, "project": RESTORED}

    def money(label: str, printed: str, measure: str, row: int) -> Figure:
        item = ("项目资金", label)
        return figure(label, printed, measure=measure, row=row, item=item, **place)

    def target(label: str, printed: str, unit: str, row: int, kind: str) -> Figure:
        item = ("绩效指标", f"{kind}指标", label)
        return figure(
            label, printed, unit, measure="target", row=row, item=item, column=("指标值",), **place
        )

    return report(
        money("年度资金总额", "120.00", "budget_adjusted", 0),
        money("年度资金总额", "118.50", "executed", 0),
        money("上年结转资金", "20.00", "budget_adjusted", 1),
        money("上年结转资金", "18.50", "executed", 1),
        money("当年财政拨款", "100.00", "budget_adjusted", 2),
        target("改造库房面积", "860", "平方米", 3, "数量"),
        target("更换密集架数量", "24", "组", 4, "数量"),
        target("验收合格率", "100", "%", 5, "质量"),
        target("单位面积改造成本", "1395", "元/平方米", 6, "成本"),
        tables=(table(FORM, "项目支出绩效目标表", kind="form", project=RESTORED),),
    )


@pytest.mark.parametrize(
    ("question", "pieces"),
    [
        ("库房安全改造的上年结转资金是多少", ("20.00万元", "18.50万元")),
        ("库房安全改造的当年财政拨款有多少", ("100.00万元",)),
        ("库房安全改造执行了多少上年结转资金", ("18.50万元",)),
    ],
)
def test_the_funds_of_a_project(question: str, pieces: tuple[str, ...]) -> None:
    answer = funds.of_project(ask_of(form(), question))
    assert all(piece in text(answer) for piece in pieces)


@pytest.mark.parametrize("question", ["上年结转资金是多少", "库房安全改造的自筹资金是多少"])
def test_no_fund_that_the_form_does_not_have(question: str) -> None:
    assert funds.of_project(ask_of(form(), question)) is None


@pytest.mark.parametrize(
    ("question", "count", "piece"),
    [
        ("库房安全改造的数量指标有哪些", 2, "改造库房面积"),
        ("库房安全改造的质量指标有哪些", 1, "100%"),
    ],
)
def test_the_targets_of_a_budget(question: str, count: int, piece: str) -> None:
    answer = indicators.listed(ask_of(form(), question))
    assert f"共{count}项" in text(answer) and piece in text(answer)


def test_what_one_of_a_thing_costs() -> None:
    answer = unitcost.told(ask_of(form(), "库房安全改造每平方米要花多少钱"))
    assert "1395元/平方米" in text(answer)


@pytest.mark.parametrize("question", ["库房安全改造每组要花多少钱", "消防演练每平方米多少钱"])
def test_no_cost_of_another_thing(question: str) -> None:
    assert unitcost.told(ask_of(form(), question)) is None


# -- what a set of projects left -------------------------------------------------------------------


def evaluated() -> Report:
    amounts = [("库房安全改造", "120.00", "90.00"), ("珍贵档案修复", "36.00", "36.00")]
    amounts.append(("县志续修", "44.00", "40.50"))
    found = []
    for row, (name, given, done) in enumerate(amounts):
        place = {"table": "项目绩效自评汇总表", "table_id": LIST, "row": row, "project": name}
        found.append(figure(name, given, measure="budget_adjusted", **place))
        found.append(figure(name, done, measure="executed", **place))
        share = str(round(float(done) / float(given) * 100, 2))
        found.append(figure(name, share, "%", measure="rate", **place))
    return report(*found, tables=(table(LIST, "项目绩效自评汇总表", kind="list"),))


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("执行率没到100%的项目合计还有多少万元没有支出", "33.5"),
        ("所有项目加起来还剩多少没花", "33.5"),
        ("执行率不到80%的项目和全部项目一共还剩多少没花", None),
    ],
)
def test_what_the_projects_left(question: str, left: str | None) -> None:
    answer = sums.unspent(ask_of(evaluated(), question))
    told = str(answer.values[0].value) if answer is not None else None
    assert (told or "").rstrip("0") == (left or "").rstrip("0")


@pytest.mark.parametrize(
    "question",
    ["所有项目加起来还剩多少没花", "列为重点的2个项目一共执行了多少", "这个项目一共花了多少"],
)
def test_a_sum_over_all_projects_is_no_answer(question: str) -> None:
    assert sums.summed(ask_of(evaluated(), question)) is None


# -- two scopes ------------------------------------------------------------------------------------


def scopes(granted: str) -> Report:
    return report(
        figure("基本支出", "88.00"),
        figure("基本支出", granted, scope="财政拨款", table="财政拨款支出决算表", table_id="t2"),
        tables=(table("t2", "财政拨款支出决算表", scope="财政拨款"),),
    )


def not_granted(granted: str, question: str) -> Ask:
    return ask_of(scopes(granted), question)


@pytest.mark.parametrize(
    ("granted", "question", "piece"),
    [
        ("80.50", "不是财政拨款安排的基本支出有多少", "多7.5万元"),
        ("80.50", "基本支出里非财政拨款的有多少", "多7.5万元"),
        ("88.00", "财政拨款以外的基本支出有多少", "相等"),
        ("80.50", "支出总表上的基本支出，比财政拨款基本支出多出多少", "多7.5万元"),
    ],
)
def test_what_the_grants_do_not_pay(granted: str, question: str, piece: str) -> None:
    assert piece in text(between.not_granted(not_granted(granted, question)))


def test_the_purpose_told_in_the_sentence_behind_the_account() -> None:
    words = "2、其他支出（类）彩票公益金安排的支出（款）。主要用于：老年人免费查档。"
    found = report(figure("彩票公益金安排的支出", "4.80", code="22960"), paragraphs=(words,))
    answer = purpose.told(ask_of(found, "彩票公益金那笔钱拿去做什么了"))
    assert "老年人免费查档" in text(answer)
