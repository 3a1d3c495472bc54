"""Two things compared that share one name: an item in two tables, a measure of two projects."""

from __future__ import annotations

import re

from qa import data
from qa.ask import Ask
from qa.compare import compared
from qa.names import MONEY
from qa.reading import content_of, read_question
from qa.sets import project_named
from qa.values import Answer
from qa.wordpairs import split_pair


def two_tables(ask: Ask) -> Answer | None:
    """X在支出决算表里比在财政拨款支出决算表里多多少: the item's figure in each of the tables."""
    pair = split_pair(ask.text)
    if pair is None:
        return None
    tables = [ask.catalogue.mentioned_tables(read_question(words)) for words in pair]
    if not all(tables) or tables[0] & tables[1]:
        return None
    reading = ask.reading
    content = content_of(reading.rest)
    if not content:
        return None
    found = []
    for ids in tables:
        hits = ask.find(content=content, tables=ids, scope="", units=tuple(MONEY))
        inside = [h for h in hits if h.figure.table_id in ids and h.figure.value is not None]
        if not inside or inside[0].named < _NAMED:
            return None
        found.append(inside[0].figure)
    return compared(ask, *found)


def two_scopes(ask: Ask) -> Answer | None:
    """X的全口径支出比财政拨款支出多多少: one item under the two scopes named."""
    match = re.search(data.word("two_scopes"), ask.text)
    if match is None or not content_of(match["item"]):
        return None
    found = []
    for name in (match["a"], match["b"]):
        scope = data.word_or("scope_called", name, name)
        hits = ask.find(content=content_of(match["item"]), scope=scope, units=tuple(MONEY))
        inside = [h for h in hits if h.figure.scope == scope and h.figure.value is not None]
        if not inside or inside[0].named < _NAMED:
            return None
        found.append(inside[0].figure)
    return compared(ask, *found)


def two_projects(ask: Ask) -> Answer | None:
    """A奖补和B奖补哪个实际发得多: one measure of the two projects that the question names."""
    pair = split_pair(ask.text)
    if pair is None or not ask.reading.has("difference"):
        return None
    one, other = (project_named(ask, words) for words in pair)
    if one is None or other is None or one is other:
        return None
    asked = ask.reading.measure
    measure = _MEASURES.get(asked, asked) if asked else "executed"
    figures = [m.figures[measure] for m in (one, other) if measure in m.figures]
    if len(figures) < 2 or any(f.value is None for f in figures):
        return None
    return compared(ask, *figures)


_MEASURES = {"actual": "executed", "final": "executed", "budget": "budget_adjusted"}
_NAMED = 0.9  # share of the item's name that the question must hold
