"""A plan is data: steps of a closed set of operations over figures and earlier steps.

`run` checks a plan against the figures before anything is calculated, then calculates exactly:
Decimal, units checked, rounding once at the end and said. No other code of `qa` does arithmetic on
figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from index.data import measure_label
from index.labels import UNIT
from index.values import FUND_SCOPES, Figure
from qa.errors import PlanError
from qa.names import SUMS
from qa.units import compatible, convert, parse, plain
from qa.values import Calculation

Operation = Literal[
    "add", "subtract", "divide", "percent", "convert", "grow_back", "before", "mean", "portion"
]

_SIGNS = {"add": "+", "subtract": "-", "divide": "÷", "percent": "÷", "before": "-"}
_ARITY = {
    "add": (1, 200),
    "subtract": (2, 2),
    "divide": (2, 2),
    "percent": (2, 2),
    "convert": (1, 1),
    "before": (2, 2),
    "grow_back": (2, 2),
    "mean": (2, 200),
    "portion": (1, 1),
}
_PLACES = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One operation. An operand is a figure id or `#n`, the result of step n counted from 0.

    add        sum of all operands
    subtract   first - second; of two percentages in 个百分点, where it
               is the last step and no other unit is wanted
    divide     first / second, as a ratio or in units such as 元/人次
    percent    first / second x 100
    convert    the operand in the plan's unit
    before     first - second where second is a signed change: last year's amount
    mean       sum of all operands / their number
    grow_back  first / (1 + second%): last year's amount from a growth rate
    portion    the operand / `count`: a year's amount over its twelve months
    """

    operation: Operation
    operands: tuple[str, ...]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps and the unit wanted for the last result, "" for the natural one."""

    steps: tuple[Step, ...]
    unit: str = ""
    places: int = _PLACES


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal
    unit: str
    words: str


_asked: ContextVar[int | None] = ContextVar("places", default=None)


@contextmanager
def rounded_to(places: int | None) -> Iterator[None]:
    """While inside, every plan's result is rounded to the places that a question asks for.

    None asks for none: quotients are rounded to their plan's places, all else is exact.
    """
    token = _asked.set(places)
    try:
        yield
    finally:
        _asked.reset(token)


def over_sum(top: str, parts: Sequence[str]) -> tuple[Step, ...]:
    """The steps that divide a figure by the sum of others, or by the one that there is."""
    if len(parts) == 1:
        return (Step("divide", (top, parts[0])),)
    return Step("add", tuple(parts)), Step("divide", (top, "#0"))


def run(plan: Plan, figures: Mapping[str, Figure]) -> Calculation:
    """The result of a plan over `figures` (by id).

    Raises PlanError for an unknown operand, units that do not fit and a division by zero.
    """
    if not plan.steps:
        raise PlanError("计算步骤为空。")
    results: list[_Number] = []
    used: list[Figure] = []
    with localcontext() as context:
        context.prec = 40
        for step in plan.steps:
            low, high = _ARITY[step.operation]
            if not low <= len(step.operands) <= high:
                raise PlanError(f"运算 {step.operation} 的操作数个数不对。")
            numbers = [_operand(o, figures, results, used) for o in step.operands]
            if step.operation == "portion":
                results.append(_portion(numbers[0], step.count))
            else:
                results.append(_apply(step.operation, numbers, plan.unit))
        last = results[-1]
        if plan.steps[-1].operation == "subtract" and (last.unit, plan.unit) == ("%", ""):
            last = replace(last, unit="个百分点")
        result, unit = _in_unit(last, plan.unit)
        rounded, rounding = _rounded(result, unit, plan, figures, used)
    shown = f"{plain(rounded)}{unit}"
    equals = "=" if rounded == result else "≈"
    return Calculation(
        formula=f"{last.words} {equals} {shown}",
        operands=tuple(
            {
                "label": label_of(f),
                "value": format(f.value or Decimal(0), "f"),
                "unit": f.unit,
                "page": f.page,
            }
            for f in used
        ),
        result=rounded,
        unit=unit,
        rounding=rounding,
    )


def rounding_of(calculation: Calculation) -> str:
    """How a result was rounded, in brackets; "" when it was not."""
    exact = calculation.rounding == "未舍入"
    return "" if exact else f"（{calculation.rounding}）"


def name_of(figure: Figure) -> str:
    """What a figure measures, without its measure: 行政运行基本支出, 项目“指标”."""
    name = figure.subject or figure.name
    if figure.project and name != figure.project:
        whole = name in {"年度资金总额", "总分"}
        name = figure.project if whole else f"{figure.project}“{name}”"
    if figure.unit == "人次":
        name = re.sub(
            r"(团组|批次)$", "", name
        )  # 团组2个、累计3人次: the persons are not the groups
    facet = figure.facet if figure.facet not in {"金额", "收入合计"} else ""
    facet = UNIT.sub("", facet)
    if figure.total and figure.table and name in SUMS and facet not in SUMS:
        name = f"“{figure.table}”{name}"  # of which table
    elif figure.scope in FUND_SCOPES and name.startswith("本年"):
        name = f"{figure.scope}{name}"  # of which fund
    if figure.measure == "count":
        name = UNIT.sub("", name)  # 在职人数（人）
    if figure.code.startswith("3"):
        facet = ""
    return f"{name}{facet}"


def label_of(figure: Figure) -> str:
    """A figure's name as people say it: 项目“指标”实际完成值, 行政运行基本支出决算数."""
    measure = measure_label(figure.measure)
    base = figure.base if figure.measure in {"completion", "change", "change_rate"} else ""
    if figure.measure == "completion":
        measure = f"完成{base or '预算'}的比例"
    elif base:
        measure = f"比{base}的{measure}"
    name = name_of(figure)
    if figure.measure == "count" and name.endswith(("数", "数量")):
        measure = ""  # 图书馆在职人数, no 在职人数数量
    return f"{name}{measure}"


def _operand(
    name: str, figures: Mapping[str, Figure], results: Sequence[_Number], used: list[Figure]
) -> _Number:
    if name.startswith("#"):
        position = int(name[1:]) if name[1:].isdigit() else -1
        if not 0 <= position < len(results):
            raise PlanError(f"计算步骤引用了不存在的结果 {name}。")
        part = results[position]
        summed = any(sign in part.words for sign in (" + ", " - "))
        return _Number(part.value, part.unit, f"({part.words})" if summed else part.words)
    figure = figures.get(name)
    if figure is None or figure.value is None:
        raise PlanError(f"计算用到的数字 {name} 不在报告里。")
    used.append(figure)
    value, unit = figure.value, figure.unit
    if figure.measure == "rate" and unit == "":
        value, unit = value * 100, "%"
    return _Number(value, unit, f"{plain(value)}{unit}")


def _portion(number: _Number, count: int) -> _Number:
    if count < 2:
        raise PlanError("平均的份数不对。")
    return _Number(number.value / count, number.unit, f"{number.words} ÷ {count}")


def _apply(operation: Operation, numbers: Sequence[_Number], wanted: str) -> _Number:
    first = numbers[0]
    if operation == "convert":
        return first
    if operation == "grow_back":
        share = 1 + convert(numbers[1].value, numbers[1].unit, "")
        if share == 0:
            raise PlanError("增长率为 -100%，不能倒推上年数。")
        words = f"{first.words} ÷ (1 + ({numbers[1].words}))"
        return _Number(first.value / share, first.unit, words)
    if operation in {"add", "subtract", "before"}:
        total = first.value
        for number in numbers[1:]:
            if not compatible(number.unit, first.unit):
                raise PlanError(f"{first.unit} 与 {number.unit} 单位不同，不能相加减。")
            amount = convert(number.value, number.unit, first.unit)
            total = total + amount if operation == "add" else total - amount
        sign = f" {_SIGNS[operation]} "
        words = sign.join(f"({n.words})" if n.value < 0 else n.words for n in numbers)
        return _Number(total, first.unit, words)
    if operation == "mean":
        whole = _apply("add", numbers, wanted)
        words = f"({whole.words}) ÷ {len(numbers)}"
        return _Number(whole.value / len(numbers), whole.unit, words)
    second = numbers[1]
    if second.value == 0:
        raise PlanError(f"除数（{second.words}）为零，无法计算比率：基数为0，不可比。")
    words = f"{first.words} ÷ {second.words}"
    if operation == "percent":
        if not compatible(first.unit, second.unit):
            raise PlanError(f"{first.unit} 与 {second.unit} 单位不同，不能求百分比。")
        share = first.value / convert(second.value, second.unit, first.unit)
        return _Number(share * 100, "%", f"{words} × 100%")
    if compatible(first.unit, second.unit):
        return _Number(first.value / convert(second.value, second.unit, first.unit), "倍", words)
    above, below = first.unit, second.unit
    if wanted and "/" in wanted:
        above = wanted.split("/")[0]
    value = convert(first.value, first.unit, above) / second.value
    return _Number(value, f"{above}/{below}", words)


def _in_unit(number: _Number, wanted: str) -> tuple[Decimal, str]:
    if not wanted or wanted == number.unit:
        return number.value, number.unit
    if parse(wanted).dimensionality != parse(number.unit).dimensionality:
        raise PlanError(f"结果的单位是 {number.unit}，不能换成 {wanted}。")
    return convert(number.value, number.unit, wanted), wanted


def _rounded(
    value: Decimal,
    unit: str,
    plan: Plan,
    figures: Mapping[str, Figure],
    used: Sequence[Figure],
) -> tuple[Decimal, str]:
    """Sums, differences and conversions stay exact unless places are asked for; quotients are
    rounded half up, once."""
    exact = plan.steps[-1].operation in {"add", "subtract", "before", "convert"}
    asked = _asked.get()
    if exact and asked is None:
        return (value.normalize() if value else Decimal(0)), "未舍入"
    places = plan.places if asked is None else asked
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if rounded == value:
        return rounded, "未舍入"
    return rounded, f"四舍五入到小数点后{places}位" if places else "四舍五入到整数"
