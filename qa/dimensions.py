"""The parts of an evaluation's score: 决策, 过程, 产出 and 效益, each with its full score.

Named by 项目支出绩效评价管理办法（财预〔2020〕10号）; reports print them in a small table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, by_id
from qa.evidence import amount
from qa.names import content_pairs, key, pairs
from qa.plan import Plan, Step, run
from qa.units import plain
from qa.values import Answer

_LEAST = 3  # parts that make a table one of them


@dataclass(frozen=True)
class Part:
    """One part with its full score, its points and, where printed, the share of points won (%)."""

    name: str
    weight: Figure
    score: Figure
    rate: Figure | None

    @property
    def lost(self) -> Decimal:
        return (self.weight.value or Decimal(0)) - (self.score.value or Decimal(0))

    @property
    def won(self) -> Decimal:
        """The share of the full score, as printed or worked out, in percent."""
        if self.rate is not None and self.rate.value is not None:
            return self.rate.value
        return (self.score.value or Decimal(0)) * 100 / (self.weight.value or Decimal(1))


def ranked(ask: Ask) -> Answer | None:
    """得分率最低的是哪个维度, 哪个一级指标扣分最多: of the one evaluation that is meant."""
    text = squeeze(ask.text)
    low = bool(re.search(data.word("lowest"), text))
    high = bool(re.search(data.word("highest"), text))
    if not re.search(data.word("evaluation_parts_asked"), text) or not (low or high):
        return None
    parts = _meant(ask)
    if len(parts) < 2:
        return None
    end = min if low else max
    loses = bool(re.search(data.word("lost_most"), text))
    if loses:
        what, first = "扣分", end(parts, key=lambda p: p.lost)
    elif "率" in text:
        what, first = "得分率", end(parts, key=lambda p: p.won)
    else:
        what, first = "得分", end(parts, key=lambda p: p.score.value or Decimal(0))
    ask.evidence.value(first.rate or first.score)
    plan = Plan((Step("subtract", (first.weight.id, first.score.id)),))
    calculation = run(plan, by_id([first.weight, first.score]))
    ask.evidence.result(calculation, [first.score, first.weight], f"{first.name}扣分")
    if loses:
        ask.evidence.to_front()
    return ask.evidence.answer(
        say(
            "dimension",
            what=what,
            word=("最少" if low else "最多") if loses else ("最低" if low else "最高"),
            name=first.name,
            score=amount(first.score),
            weight=amount(first.weight),
            rate=say("dimension_rate", rate=amount(first.rate)) if first.rate else "",
            lost=f"{plain(calculation.result)}{calculation.unit}",
        )
    )


def _meant(ask: Ask) -> list[Part]:
    """The parts of the evaluation that the question names; of the only one without a name."""
    tables = _tables(ask)
    if len(tables) == 1:
        return next(iter(tables.values()))
    asked = content_pairs(ask.reading.content)
    shares = {
        t: ask.catalogue.explained(pairs(key(ask.catalogue.tables[t].title)), (asked, 1.0))
        for t in tables
    }
    ordered = sorted(shares, key=lambda t: -shares[t])
    if not ordered or shares[ordered[0]] - shares[ordered[1]] < _CLEARLY:
        return []
    return tables[ordered[0]]


_CLEARLY = 0.1  # by which the title of one table must fit better than the next


def _tables(ask: Ask) -> dict[str, list[Part]]:
    """Every table whose rows are the parts of a score, by its id."""
    rows: dict[str, dict[str, dict[str, Figure]]] = defaultdict(lambda: defaultdict(dict))
    names = re.compile(data.word("evaluation_part"))
    for figure in ask.report.figures:
        if not figure.table or figure.value is None or not names.fullmatch(key(figure.subject)):
            continue
        kind = "rate" if figure.unit == "%" else figure.measure
        rows[figure.table_id][figure.subject].setdefault(kind, figure)
    found = {}
    for table, named in rows.items():
        parts = [
            Part(name, cells["weight"], cells["score"], cells.get("rate"))
            for name, cells in named.items()
            if {"weight", "score"} <= cells.keys() and cells["weight"].value
        ]
        if len(parts) >= _LEAST:
            found[table] = parts
    return found
