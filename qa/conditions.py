"""Conditions that a question states over the members of a set: 低于90%, 有支出的, 没花完的."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from qa import data
from qa.reading import numeral
from qa.units import convert, money_said


@dataclass(frozen=True)
class Condition:
    """A condition on a measure: `<`, `<=`, `>`, `>=`, `=`, or `!=` against a bound."""

    measure: str
    sign: str
    bound: Decimal
    upto: Decimal | None = None  # of a range, for which the sign is >=

    def holds(self, value: Decimal | None) -> bool:
        if value is None or (self.upto is not None and value > self.upto):
            return False
        return {
            "<": value < self.bound,
            "<=": value <= self.bound,
            ">": value > self.bound,
            ">=": value >= self.bound,
            "=": value == self.bound,
            "!=": value != self.bound,
        }[self.sign]


_BOUND = (
    (
        re.compile(data.word("bound_below")),
        "<",
    ),
    (re.compile(data.word("bound_below_after")), "<"),
    (re.compile(data.word("bound_at_least")), ">="),
    (re.compile(data.word("bound_at_least_after")), ">="),
    (re.compile(data.word("bound_at_most")), "<="),
    (re.compile(data.word("bound_above")), ">"),
    (re.compile(data.word("bound_equal")), "="),
    (re.compile(r"(?<![\d.])(100)(%|分)"), "="),
)


_RANGE = re.compile(data.word("bound_between"))


_SPENT = re.compile(data.word("spent"))


_UNSPENT = re.compile(data.word("nothing_spent"))


_FULL = re.compile(data.word("fully_spent"))


_NOT_FULL = re.compile(data.word("not_fully_spent"))


_TENTHS = re.compile("(?P<tenth>[一二两三四五六七八九])成(?P<half>半)?(?!立|果|本|员|都)")


_PER_CENT = re.compile("百分之(?P<number>[一二三四五六七八九十百]+)(?!几|多)")


_ZERO = re.compile("(?<=[为是])零")


def _in_figures(match: re.Match[str]) -> str:
    """百分之九十 as 90%."""
    number = numeral(match["number"])
    return match.group() if number is None else f"{number}%"


def _percent(match: re.Match[str]) -> str:
    """九成 as 90%, 八成半 as 85%."""
    return f"{(numeral(match['tenth']) or 0) * 10 + (5 if match['half'] else 0)}%"


def _in_yuan(bound: Decimal, unit: str) -> Decimal:
    """A bound of money in 元, any other as it is."""
    return convert(bound, unit, "元") if unit in {"万元", "元"} else bound


def _kind(unit: str, measure: str) -> str:
    """The measure that a bound is of: its unit says it, else the question."""
    return {"%": "rate", "分": "score"}.get(unit, measure or "executed")


def condition(text: str, measure: str) -> Condition | None:
    """The condition that a question states over its members, None when there is none."""
    text = _ZERO.sub("0", _TENTHS.sub(_percent, _PER_CENT.sub(_in_figures, text)))
    if re.search(r"满分", text) and not re.search(r"没|不|未", text):
        return Condition("score", "=", Decimal(100))
    if _NOT_FULL.search(text):
        return Condition("rate", "<", Decimal(100))
    if (between := _RANGE.search(text)) is not None:  # 在60%到80%之间
        unit = money_said(between["unit"] or "")
        ends = sorted(_in_yuan(Decimal(between[end]), unit) for end in ("low", "high"))
        return Condition(_kind(unit, measure), ">=", *ends)
    for pattern, sign in _BOUND:
        match = pattern.search(text)
        if match:
            bound = Decimal(match[1])
            unit = money_said(match[2] or "")
            if not unit and bound and measure not in {"score", "rate"}:
                continue
            return Condition(_kind(unit, measure), sign, _in_yuan(bound, unit))
    if _FULL.search(text):
        return Condition("rate", "=", Decimal(100))
    if _UNSPENT.search(text):
        return Condition(measure or "executed", "=", Decimal(0))
    if _SPENT.search(text):
        return Condition(measure or "executed", ">", Decimal(0))
    return None


NOT_WHOLE = Condition("rate", "<", Decimal(100))
