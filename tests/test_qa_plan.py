"""Plans and units: exact, dimension-checked, rounded once, and only over figures of the report."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import PlanError
from qa.plan import Plan, Step, label_of, rounded_to, run
from qa.units import compatible, convert, plain
from tests.test_qa_helpers import figure

VISITS = figure("国内公务接待", "214", "人次", measure="count")
MEALS = figure("公务接待费", "3.36")
TOTAL = figure("三公经费", "35.72")
ZERO = figure("公务用车购置费", "0.00")
YUAN = figure("单台云主机月均成本", "398", "元")
BLANK = figure("水费")
RATE = figure("电子政务外网", "0.9270", "", measure="rate")
CHANGE = figure("三公经费", "-12.07", measure="change")
GROWTH = figure("三公经费", "-4.39", "%", measure="change_rate")
FIGURES = {f.id: f for f in (VISITS, MEALS, TOTAL, ZERO, YUAN, BLANK, RATE, CHANGE, GROWTH)}


def plan(operation: str, *operands: str, unit: str = "") -> Plan:
    return Plan((Step(operation, operands),), unit)  # type: ignore[arg-type]


# -- units ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("3.36", "万元", "元", "33600"),
        ("10954.78", "万元", "亿元", "1.095478"),
        ("33600", "元", "万元", "3.36"),
        ("1.5", "亿元", "万元", "15000"),
        ("12", "千元", "元", "12000"),
        ("0.01", "万元", "元", "100"),
        ("92.7", "%", "", "0.927"),
        ("0.927", "", "%", "92.7"),
        ("5", "‰", "%", "0.5"),
        ("3", "倍", "%", "300"),
        ("1.2", "万人次", "人次", "12000"),
        ("2", "小时", "分钟", "120"),
        ("1500", "毫秒", "秒", "1.5"),
        ("2.1", "亿条", "万条", "21000"),
        ("7", "平方米", "平方米", "7"),
        ("-3.36", "万元", "元", "-33600"),
    ],
)
def test_conversion_is_exact(value: str, unit: str, to: str, expected: str) -> None:
    found = convert(Decimal(value), unit, to)
    assert isinstance(found, Decimal)
    assert found == Decimal(expected)


@pytest.mark.parametrize(
    ("unit", "to"),
    [
        ("万元", "人次"),
        ("人次", "批次"),
        ("万元", "%"),
        ("平方米", "万元"),
        ("平方米", "亩"),
        ("元/人次", "元"),
        ("辆", "台"),
    ],
)
def test_other_dimensions_are_refused(unit: str, to: str) -> None:
    assert not compatible(unit, to)
    with pytest.raises(PlanError, match="单位不同"):
        convert(Decimal(1), unit, to)


@given(st.decimals(-(10**9), 10**9, places=4), st.sampled_from(["元", "千元", "万元", "亿元"]))
def test_there_and_back_is_the_identity(value: Decimal, unit: str) -> None:
    for other in ("元", "千元", "万元", "亿元"):
        assert convert(convert(value, unit, other), other, unit) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [("3.360", "3.36"), ("3.36E+4", "33600"), ("100", "100"), ("0.00", "0"), ("-1.50", "-1.5")],
)
def test_plain_digits(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


# -- plans: one operation ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_plan", "result", "unit", "rounded"),
    [
        (plan("add", MEALS.id, TOTAL.id), "39.08", "万元", False),
        (plan("add", MEALS.id, YUAN.id), "3.3998", "万元", False),
        (plan("add", MEALS.id), "3.36", "万元", False),
        (plan("subtract", TOTAL.id, MEALS.id), "32.36", "万元", False),
        (plan("subtract", MEALS.id, TOTAL.id), "-32.36", "万元", False),
        (plan("subtract", MEALS.id, MEALS.id), "0", "万元", False),
        (plan("subtract", TOTAL.id, MEALS.id, unit="元"), "323600", "元", False),
        (plan("divide", TOTAL.id, MEALS.id), "10.63", "倍", True),
        (plan("divide", MEALS.id, VISITS.id, unit="元/人次"), "157.01", "元/人次", True),
        (plan("divide", MEALS.id, VISITS.id, unit="万元/人次"), "0.02", "万元/人次", True),
        (plan("percent", MEALS.id, TOTAL.id), "9.41", "%", True),
        (plan("percent", TOTAL.id, TOTAL.id), "100", "%", False),
        (plan("percent", YUAN.id, MEALS.id), "1.18", "%", True),
        (plan("percent", ZERO.id, TOTAL.id), "0", "%", False),
        (plan("convert", MEALS.id, unit="元"), "33600", "元", False),
        (plan("convert", TOTAL.id, unit="亿元"), "0.003572", "亿元", False),
        (plan("before", TOTAL.id, CHANGE.id), "47.79", "万元", False),
        (plan("grow_back", TOTAL.id, GROWTH.id), "37.36", "万元", True),
        (plan("subtract", RATE.id, RATE.id), "0", "个百分点", False),
    ],
)
def test_one_step(given_plan: Plan, result: str, unit: str, rounded: bool) -> None:
    found = run(given_plan, FIGURES)
    assert (found.result, found.unit) == (Decimal(result), unit)
    assert ("四舍五入" in found.rounding) is rounded
    assert ("≈" in found.formula) is rounded
    assert plain(found.result) in found.formula


@pytest.mark.parametrize(
    ("given_plan", "says"),
    [
        (plan("add", MEALS.id, VISITS.id), "单位不同"),
        (plan("subtract", MEALS.id, RATE.id), "单位不同"),
        (plan("percent", MEALS.id, VISITS.id), "单位不同"),
        (plan("divide", MEALS.id, ZERO.id), "为零"),
        (plan("percent", MEALS.id, ZERO.id), "基数为0"),
        (plan("convert", MEALS.id, unit="人次"), "不能换成"),
        (plan("add", MEALS.id, TOTAL.id, unit="%"), "不能换成"),
        (plan("add", "nowhere"), "不在报告里"),
        (plan("add", MEALS.id, BLANK.id), "不在报告里"),
        (plan("add", "3.36"), "不在报告里"),
        (plan("add", "#0"), "不存在的结果"),
        (plan("add", "#x"), "不存在的结果"),
        (plan("add", "#-1"), "不存在的结果"),
        (plan("add"), "操作数个数"),
        (plan("subtract", MEALS.id), "操作数个数"),
        (plan("divide", MEALS.id, TOTAL.id, MEALS.id), "操作数个数"),
        (plan("convert", MEALS.id, TOTAL.id, unit="元"), "操作数个数"),
        (Plan(()), "为空"),
    ],
)
def test_what_is_refused(given_plan: Plan, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        run(given_plan, FIGURES)


def test_a_loss_of_all_cannot_be_grown_back() -> None:
    gone = figure("三公经费", "-100", "%", measure="change_rate")
    with pytest.raises(PlanError, match="-100%"):
        run(plan("grow_back", TOTAL.id, gone.id), FIGURES | {gone.id: gone})


# -- plans: several steps ------------------------------------------------------------------------


def test_steps_refer_to_earlier_results() -> None:
    parts = [figure("事业收入", "62.00"), figure("其他收入", "131.50")]
    whole = figure("本年收入合计", "10853.50")
    steps = (Step("add", (parts[0].id, parts[1].id)), Step("percent", ("#0", whole.id)))
    found = run(Plan(steps), {f.id: f for f in (*parts, whole)})
    assert (found.result, found.unit) == (Decimal("1.78"), "%")
    assert [(o["value"], o["unit"]) for o in found.operands] == [
        ("62.00", "万元"),
        ("131.50", "万元"),
        ("10853.50", "万元"),
    ]
    for words in ("62万元", "131.5万元", "10853.5万元"):
        assert words in found.formula


def test_a_sum_that_is_divided_is_bracketed() -> None:
    """The formula must mean what was calculated: a + b ÷ c is another number."""
    parts = [figure("事业收入", "62.00"), figure("其他收入", "131.50")]
    whole = figure("本年收入合计", "10853.50")
    steps = (Step("add", (parts[0].id, parts[1].id)), Step("percent", ("#0", whole.id)))
    found = run(Plan(steps), {f.id: f for f in (*parts, whole)})
    assert "(62万元 + 131.5万元) ÷ 10853.5万元" in found.formula


def test_rounding_happens_once_at_the_end() -> None:
    third, hundred = figure("甲", "1"), figure("乙", "3")
    figures = {f.id: f for f in (third, hundred)}
    steps = (
        Step("divide", (third.id, hundred.id)),
        Step("divide", ("#0", "#0")),
    )
    found = run(Plan(steps), figures)
    assert found.result == 1
    assert found.rounding == "未舍入"


@pytest.mark.parametrize(
    ("above", "below", "places", "result"),
    [("1", "3", 2, "0.33"), ("2", "3", 4, "0.6667"), ("1", "8", 2, "0.13"), ("1", "1", 2, "1.00")],
)
def test_places_and_half_up(above: str, below: str, places: int, result: str) -> None:
    a, b = figure("甲", above), figure("乙", below)
    found = run(Plan((Step("divide", (a.id, b.id)),), places=places), {a.id: a, b.id: b})
    assert found.result == Decimal(result)
    assert (f"{places}位" in found.rounding) is (found.result * b.value != a.value)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("operation", "places", "result", "told"),
    [
        ("divide", None, "0.33", "小数点后2位"),
        ("divide", 4, "0.3333", "小数点后4位"),
        ("percent", 0, "33", "整数"),
        ("add", 0, "5", "整数"),
        ("add", None, "4.5", "未舍入"),
    ],
)
def test_places_wished_for(operation: str, places: int | None, result: str, told: str) -> None:
    a, b = figure("甲", "1" if operation != "add" else "1.5"), figure("乙", "3")
    one = Plan((Step(operation, (a.id, b.id)),))  # type: ignore[arg-type]
    with rounded_to(places):
        found = run(one, {a.id: a, b.id: b})
    assert found.result == Decimal(result) and told in found.rounding
    assert (
        run(one, {a.id: a, b.id: b}).rounding != "四舍五入到整数"
    )  # the wish ends with its question


def test_operands_carry_label_unit_and_page() -> None:
    found = run(plan("subtract", TOTAL.id, MEALS.id), FIGURES)
    assert [o["label"] for o in found.operands] == [label_of(TOTAL), label_of(MEALS)]
    assert all(o["page"] == 1 for o in found.operands)


# -- properties ----------------------------------------------------------------------------------

AMOUNTS = st.decimals(-(10**7), 10**7, places=2)


@given(st.lists(AMOUNTS, min_size=2, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_adding_is_exact_in_any_order(amounts: list[Decimal], random: object) -> None:
    figures = [figure(f"科目{i}", str(a)) for i, a in enumerate(amounts)]
    by_id = {f.id: f for f in figures}
    names = list(by_id)
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = run(plan("add", *names), by_id), run(plan("add", *shuffled), by_id)
    assert first.result == second.result == sum(amounts, Decimal(0))
    assert first.rounding == "未舍入"


@given(st.lists(st.decimals(1, 10**6, places=2), min_size=1, max_size=8))
@settings(max_examples=60)
def test_shares_of_the_parts_sum_to_the_whole(amounts: list[Decimal]) -> None:
    parts = [figure(f"科目{i}", str(a)) for i, a in enumerate(amounts)]
    whole = figure("合计", str(sum(amounts, Decimal(0))))
    by_id = {f.id: f for f in (*parts, whole)}
    shares = [run(plan("percent", p.id, whole.id), by_id).result for p in parts]
    assert abs(sum(shares, Decimal(0)) - 100) <= Decimal("0.005") * len(parts)
    for amount, share in zip(amounts, shares, strict=True):
        exact = amount * 100 / whole.value  # type: ignore[operator]
        assert share == exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@given(
    st.sampled_from(["add", "subtract", "divide", "percent", "before", "grow_back", "convert"]),
    st.lists(st.sampled_from(sorted(FIGURES)), min_size=1, max_size=3),
    st.sampled_from(["", "元", "亿元", "%", "元/人次"]),
)
@settings(max_examples=150)
def test_a_plan_gives_a_decimal_or_is_refused(
    operation: str, operands: list[str], unit: str
) -> None:
    try:
        found = run(plan(operation, *operands, unit=unit), FIGURES)
    except PlanError as error:
        assert str(error)
        return
    assert isinstance(found.result, Decimal)
    assert found.result.is_finite()
    assert found.rounding
    assert found.operands
