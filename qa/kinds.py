"""The kinds that a counted thing is taken apart into: vehicles by use, staff by post.

A sentence gives the whole and its kinds: 共有车辆6辆，其中：机要通信用车1辆、应急保障用车2辆……
"""

from __future__ import annotations

import re
from collections import defaultdict

from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask
from qa.evidence import amount
from qa.names import MONEY, key, pairs
from qa.values import Answer

_LEAST = 2  # kinds that make a sentence one that takes a whole apart
_NAMED = 0.5  # share of the whole's name, by weight, that the question must hold


def listed(ask: Ask) -> Answer | None:
    """哪几类车，各几辆: the kinds that there are, each with its number."""
    if not re.search(data.word("kinds_of_a_count"), ask.text):
        return None
    found = _kinds(ask)
    if found is None:
        return None
    whole, kinds = found
    some = [f for f in kinds if f.value] or kinds
    evidence = ask.evidence
    if whole is not None:
        evidence.cite(whole)
    for figure in some:
        evidence.value(figure)
    evidence.count(len(some))
    evidence.count(len(kinds) - len(some))
    items = "；".join(f"{f.subject}（{amount(f)}）" for f in some)
    text = say("list", count=len(some), items=items)
    if whole is not None:
        text = say("reported", label=whole.subject, value=amount(whole)) + text
    if len(some) < len(kinds):
        text += say("other_kinds_none", count=len(kinds) - len(some))
    return evidence.answer(text)


def counted(ask: Ask) -> Answer | None:
    """实际有几类车: how many kinds are more than none."""
    if not re.search(data.word("how_many_kinds"), ask.text):
        return None
    found = _kinds(ask)
    if found is None:
        return None
    some = [f for f in found[1] if f.value]
    cited = [ask.evidence.cite(f) for f in some]
    for f in some:
        ask.evidence.quote(amount(f))
    ask.evidence.count_value(len(some), "类", "种类", cited)
    items = "、".join(f"{f.subject}（{amount(f)}）" for f in some)
    return ask.evidence.answer(say("count", count=len(some), unit="类", items=items))


def ranked(ask: Ask) -> Answer | None:
    """哪类车最多: the kind with the greatest number."""
    if not re.search(data.word("most_of_a_kind"), ask.text):
        return None
    found = _kinds(ask)
    if found is None:
        return None
    _, kinds = found
    most = max(f.value for f in kinds if f.value is not None)
    if not most:
        return None
    first = [f for f in kinds if f.value == most]
    for figure in first:
        ask.evidence.value(figure)
    name = "、".join(f.subject for f in first)
    return ask.evidence.answer(
        say("rank", measure="数量", word="最多", name=name, value=amount(first[0]))
    )


def _kinds(ask: Ask) -> tuple[Figure | None, list[Figure]] | None:
    """The whole and the kinds of the counted thing that the question names."""
    sentences: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for entry in ask.catalogue.entries:
        f = entry.figure
        if f.measure == "count" and f.sentence and f.value is not None and f.unit not in MONEY:
            sentences[f.table_id, f.sentence, f.unit].append(f)
    best: tuple[float, Figure | None, list[Figure]] | None = None
    for (_, _, unit), figures in sentences.items():
        whole = _whole(figures)
        kinds = [f for f in figures if f is not whole]
        if whole is None or len(kinds) < _LEAST or len({f.subject for f in kinds}) < len(kinds):
            continue
        score = _score(ask, whole, kinds, unit)
        if score is not None and (best is None or score > best[0]):
            best = score, whole, kinds
    return best[1:] if best else None


def _whole(figures: list[Figure]) -> Figure | None:
    """The first figure, where the others add up to it."""
    first, rest = figures[0], figures[1:]
    return first if rest and sum(f.value or 0 for f in rest) == first.value else None


def _score(ask: Ask, whole: Figure, kinds: list[Figure], unit: str) -> float | None:
    """How well the question names the whole; the sentence with the most kinds breaks a tie."""
    thing = data.names("counted_things").get(unit)
    text = key(ask.text)
    if any(key(f.subject) in text for f in kinds):
        return None  # one of the kinds is asked about, not all of them
    asked = pairs(text)
    share = ask.catalogue.explained(pairs(key(whole.subject)), (asked, 1.0))
    if thing and re.search(thing, text):
        share = max(share, _NAMED)
    if share < _NAMED:
        return None
    own = pairs(key("".join(f.subject for f in kinds)))
    return share + 0.5 * len(own & asked) / max(len(own), 1) + 0.01 * len(kinds)
