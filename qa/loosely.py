"""A count that some sentence tells, where no figure bears the name: 接入加密平台的单位有几家.

The last look at the words of the report for a number of things (never of money): the number must
have the counter asked for, its sentence must explain the question, and no other number may explain
it nearly as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from index.claims import sentences
from index.text import fold, numbers_in
from index.values import Figure, Paragraph
from prompts import say
from qa import data
from qa.accept import counted_in
from qa.ask import Ask, weighty
from qa.lookup import answer_with
from qa.names import content_pairs, key, pairs
from qa.textual import Quote, cite_words
from qa.unitcost import stage_of_indicators
from qa.values import Answer

_ENOUGH = 0.6  # share of the question's weight that the sentence and its heading must hold
_CLEARLY = 0.08  # by which it must hold more than the sentence of another number
_EACH = 0.4  # share of each of the question's names that it must hold
_THE_THING = 0.2  # what the thing behind the counter adds, where it is the thing asked for
_LOCAL = 0.3  # share of the weight that the clause of the number must hold


@dataclass(frozen=True)
class _Told:
    """A number with its counter, the sentence that tells it and where that stands."""

    value: Decimal
    unit: str
    sentence: str
    clause: str
    behind: str
    head: str
    place: Quote | Figure


def counted(ask: Ask) -> Answer | None:
    """The number of things that one sentence tells; None where none or several fit."""
    counter = ask.reading.counter or _time(ask.text)
    denied = ask.reading.negated or re.search(data.word("things_without"), ask.text)
    if not counter or denied or ask.reading.measure not in _STAGES:
        return None
    if ask.reading.ops not in {("lookup",), ("count", "lookup")}:
        return None
    wanted = content_pairs(_content(ask))
    if len(wanted) < _LEAST:
        return None
    ranked: list[tuple[float, float, _Told]] = []
    for told in _numbers(ask, counter):
        sentence, clause, head = (pairs(key(t)) for t in (told.sentence, told.clause, told.head))
        local = ask.catalogue.explained(wanted, (clause, 1.0))
        whole = ask.catalogue.explained(wanted, (clause, 1.0), (sentence, 0.95), (head, 0.7))
        if whole < _ENOUGH or not _all_named(ask, told):
            continue
        if any(told.behind.startswith(s) for s in ask.reading.content.split()):
            whole, local = whole + _THE_THING, local + _LOCAL  # 37个单位, where 单位 are asked for
        ranked.append((whole, local, told))
    ranked.sort(key=lambda row: (-row[0], -row[1]))
    if not ranked or ranked[0][1] < _LOCAL:
        return None
    best, _, told = ranked[0]
    if any(t.value != told.value and best - share < _CLEARLY for share, _, t in ranked[1:]):
        return None
    return _answer(ask, told)


_NAME = 3  # characters of what is surely a name
_LEAST = 2  # pairs of characters that a thing is named by


_STAGES = {"", "goal", "target", "actual"}  # measures of indicators, or none


def _content(ask: Ask) -> str:
    return re.sub(data.word("how_long_asked"), " ", ask.reading.content)


def _time(text: str) -> str:
    return "time" if re.search(data.word("how_long"), text) else ""


def _all_named(ask: Ask, told: _Told) -> bool:
    """Whether every name of the question has something of it in the sentence or its heading."""
    held = pairs(key(told.sentence + told.head))
    for segment in _content(ask).split():
        own = pairs(key(segment))
        if len(key(segment)) < _NAME or not weighty(key(segment)):
            continue  # 修好 says what is done, no name
        if own and ask.catalogue.explained(own, (held, 1.0)) < _EACH:
            return False
    return True


def _answer(ask: Ask, told: _Told) -> Answer:
    place = told.place
    if isinstance(place, Figure) and place.value is not None:
        return answer_with(ask, place)
    cited = len(ask.evidence.citations)
    cite_words(ask, place, told.sentence)
    text = say("quote", quote=told.sentence.strip())
    ask.evidence.count_value(told.value, told.unit, told.clause[:20], [cited])
    return ask.evidence.answer(text)


def _numbers(ask: Ask, counter: str) -> Iterator[_Told]:
    """The numbers with the counter in the sentences, the cells of words and the indicators."""
    measure = stage_of_indicators(ask)
    for paragraph in ask.report.paragraphs:
        if not paragraph.heading:
            head = "".join(paragraph.section[-1:])
            for start, end in sentences(paragraph.text):
                yield from _inside(paragraph.text, start, end, counter, head, paragraph)
    for figure in ask.report.figures:
        indicator = figure.measure == measure and bool(figure.table)
        if indicator and figure.value is not None and _is_counted(figure.unit, counter):
            head = figure.project + "".join(figure.item[:-1])
            name = figure.subject
            yield _Told(figure.value, figure.unit, name, name, "", head, figure)
        if figure.state == "text" and len(figure.printed) >= _SENTENCE:
            text = figure.printed
            for start, end in sentences(text):
                yield from _inside(text, start, end, counter, figure.project, figure)


_SENTENCE = 12  # characters of a cell that tells something


def _inside(
    text: str, start: int, end: int, counter: str, head: str, source: Paragraph | Figure
) -> Iterator[_Told]:
    sentence = text[start:end]
    folded = fold(sentence)
    for first, last, value in numbers_in(sentence):
        match = re.match(data.word("counter_behind"), folded[last:])
        if match is None or not _is_counted(match["unit"], counter):
            continue
        ahead = re.split("[,;。:(]", folded[:first])[-1]
        behind = re.split("[,;。:)、]", folded[last + match.end() :])[0]
        place = source if isinstance(source, Figure) else Quote(source, start, end)
        clause = f"{ahead}{match['unit']}{behind}"
        yield _Told(value, match["unit"], sentence, clause, behind, head, place)


def _is_counted(unit: str, counter: str) -> bool:
    if counter == "time":
        return bool(re.fullmatch(data.word("times"), unit))
    return counted_in(unit, counter)
