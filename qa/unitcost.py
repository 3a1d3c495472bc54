"""Unit costs among the indicators of projects: 平均一辆多少钱, 每户最多补助多少.

A form states them as cost indicators under names of its own (单车采购成本, 户均补助标准); what
one of a thing costs is linked to them by the counter, the project and its other indicators.
"""

from __future__ import annotations

import re

from index.values import Figure
from qa import data
from qa.ask import Ask
from qa.catalogue import Entry, Hit
from qa.lookup import figure_answer
from qa.names import MONEY, content_pairs, key, pairs
from qa.values import Answer

_ENOUGH = 0.5  # share of the question's weight that the indicator and its project must hold
_CLEARLY = 0.1  # by which it must hold more than the next indicator


def told(ask: Ask) -> Answer | None:
    """The cost indicator of one of the things that the question names; None where none is sure."""
    match = re.search(data.word("one_of_a_thing"), ask.text)
    if match is None or not ask.reading.numeric:
        return None
    words = ask.reading.content
    if match["counter"]:
        words = re.sub(data.word("one_of_a_thing"), " ", words)
    wanted = content_pairs(words)
    if not wanted:
        return None
    measure = stage_of_indicators(ask)
    ranked: list[tuple[float, Entry]] = []
    for entry in ask.catalogue.entries:
        figure = entry.figure
        if figure.measure != measure or not _is_cost(figure, match["counter"] or ""):
            continue
        own = pairs(key(figure.subject))
        names = {p for n in ask.catalogue.names_of_project(entry.project) for p in pairs(key(n))}
        beside = _beside(ask, figure)
        share = ask.catalogue.explained(wanted, (own, 1.0), (names, 0.9), (beside, 0.8))
        ranked.append((share, entry))
    ranked.sort(key=lambda row: -row[0])
    if not ranked or ranked[0][0] < _ENOUGH:
        return None
    best, entry = ranked[0]
    value = entry.figure.value
    if any(e.figure.value != value and best - share < _CLEARLY for share, e in ranked[1:3]):
        return None
    return figure_answer(ask, Hit(entry, best, best, best))


def stage_of_indicators(ask: Ask) -> str:
    """What was reached, or the target where that is asked for or nothing else can be told."""
    told = {f.measure for f in ask.report.figures if f.table}
    if "actual" not in told or re.search(data.word("cost_as_set"), ask.text):
        return "target"
    return "actual"


def _is_cost(figure: Figure, counter: str) -> bool:
    """Whether an indicator is what one of a thing costs."""
    if not figure.table or figure.value is None or figure.unit.split("/")[0] not in MONEY:
        return False
    named = "".join((*figure.item[-3:], figure.subject))
    if not re.search(data.word("cost_indicator"), named):
        return False
    if not counter:
        return "标准" in figure.subject
    said = next((s for s in data.word("alike_units").split("|") if counter in s), counter)
    return any(char in figure.subject or char in figure.unit for char in said.split("/"))


def _beside(ask: Ask, figure: Figure) -> frozenset[str]:
    """The pairs of the names of the other indicators of the same form or row."""
    return frozenset(
        p
        for f in ask.report.figures
        if f.table_id == figure.table_id and f.project == figure.project and f.page == figure.page
        for p in pairs(key(f.subject))
    )
