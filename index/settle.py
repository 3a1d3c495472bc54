"""Which amount of a sentence a change is of, settled by arithmetic where words leave it open.

公务用车运行维护费39.15万元，其中：加油16.20万元、…、其他7.20万元，比2024年41.76万元减少2.61万元:
the change stands behind the last part and is one of the whole, as 41.76 - 2.61 = 39.15 says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index.values import Figure

_AMOUNTS = frozenset({"final", "budget"})
_CHANGES = frozenset({"prior", "change", "change_rate"})
_CENT = Decimal("0.011")  # of the unit of print: amounts and rates of two decimals


def settled(figures: Sequence[Figure]) -> list[Figure]:
    """The figures of one sentence, each change with the subject whose amount it fits.

    A change keeps its subject unless it contradicts that one's amount and fits one other alone.
    """
    result = list(figures)
    for i, change in enumerate(figures):
        if change.measure != "change" or change.value is None:
            continue
        group = _around(figures, i)
        amounts = [
            f for f in figures[:i] if f.measure in _AMOUNTS and f.value and f.unit == change.unit
        ]
        own = [f for f in amounts if f.item == change.item]
        others = {f.item: f for f in amounts if f.item != change.item and _fits(f, group)}
        if len(group) > 1 and own and not _fits(own[-1], group) and len(others) == 1:
            (whole,) = others.values()
            for at, figure in enumerate(figures):
                if figure in group:
                    result[at] = replace(
                        figure, item=whole.item, subject=whole.subject, scope=whole.scope
                    )
    return result


def _around(figures: Sequence[Figure], at: int) -> list[Figure]:
    """The change at `at` with last year's amount before it and the rate behind it."""
    item = figures[at].item
    before = figures[max(at - 1, 0) : at]
    behind = figures[at + 1 : at + 2]
    beside = [
        f
        for f in (*before, *behind)
        if f.item == item and f.measure in _CHANGES - {"change"} and f.value is not None
    ]
    return [figures[at], *beside]


def _fits(amount: Figure, group: Sequence[Figure]) -> bool:
    """Whether this year's amount agrees with last year's and the rate, as far as told."""
    values = {f.measure: f.value for f in group if f.value is not None}
    now, change = amount.value or Decimal(0), values["change"]
    before = now - change
    if "prior" in values and abs(before - values["prior"]) > _CENT:
        return False
    if "change_rate" in values:
        return before > 0 and abs(change / before * 100 - values["change_rate"]) <= _CENT
    return True
