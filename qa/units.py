"""Units of the genre, dimension-checked by Pint over Decimal.

`%` is 百分之一 and `""` a pure ratio. A unit that the data file does not know (平方米) becomes a
dimension of its own, so that it can be compared with itself and with nothing else.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

import pint

from qa.errors import PlanError

_INNER = {"%": "百分之一", "": "比", "‰": "千分之一"}


_SAID = {"万": "万元", "亿": "亿元"}


def money_said(unit: str) -> str:
    """The unit of money that a question says: 万 is 万元; any other as it is."""
    return _SAID.get(unit, unit)


@lru_cache(maxsize=1)
def registry() -> pint.UnitRegistry[Any]:
    units: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Decimal)
    text = resources.files("qa.data").joinpath("units.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            units.define(line.strip())
    return units


@lru_cache(maxsize=512)
def parse(unit: str) -> Any:
    """The Pint unit of a printed unit; `元/人次` is a quotient, other words are dimensions."""
    units = registry()
    if unit in _INNER:
        return units.Unit(_INNER[unit])
    if "/" in unit:
        above, _, below = unit.partition("/")
        return parse(above) / parse(below)
    name = re.sub(r"[^\w]", "_", unit)
    if name not in units:
        units.define(f"{name} = [dimension_{name}]")
    return units.Unit(name)


def quantity(value: Decimal, unit: str) -> Any:
    return registry().Quantity(value, parse(unit))


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """`value` in another unit, exact. Raises PlanError when the dimensions differ."""
    if unit == to:
        return value
    try:
        return Decimal(quantity(value, unit).to(parse(to)).magnitude)
    except pint.DimensionalityError as error:
        raise PlanError(f"单位不同，不能换算：{unit or '比值'} 与 {to or '比值'}。") from error


def compatible(a: str, b: str) -> bool:
    """Whether two units measure the same dimension."""
    return bool(parse(a).dimensionality == parse(b).dimensionality)


def plain(value: Decimal) -> str:
    """Digits of a value without an exponent and without trailing zeros behind the point."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
