"""The sentence nearest to the question that holds an answer of the kind asked for.

The last look before a refusal: 海葬每具奖补多少钱, 检测报告几个工作日要出, 多久抽检一次. What kind
of answer is asked for, and what it looks like in the report, `data/kinds.yaml` says. A sentence, a
cell of words or an indicator is the answer when its words explain enough of the question, or fewer
of them and its vector lies close to the question's; when every name of the question has something
in it; and when none that tells something else comes near. Amounts of accounts are no matter of
this: they come from the structured look-up, and where that has failed no sentence makes up for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from index.claims import sentences
from index.text import fold
from index.values import Figure
from prompts import say
from qa import data
from qa.accept import counted_in
from qa.ask import Ask, weighty
from qa.lookup import answer_with
from qa.names import MONEY, content_pairs, key, pairs
from qa.textual import Quote, cite_words
from qa.unitcost import stage_of_indicators
from qa.values import Answer

_LEAST = 2  # pairs of characters that a question names something by
_CANDIDATE = 0.25  # share of the question's weight that a sentence must hold to be looked at
_NAMED = 0.3  # share of a name of the question that must be in it
_WORDS = 0.6  # share that is enough by itself, with
_CLAUSE = 0.3  # this much of it in the clause of the answer
_ALL = 0.85  # or share that is enough where the sentence tells nothing else of the kind
_CLOSE = 0.92  # or the cosine of the vectors, with
_CLOSE_CLAUSE = 0.2  # this share in the clause
_CLOSE_NAMED = 0.91  # or this cosine, where something of every name is held, or the kind is rare
_CLOSE_TWICE = 0.9  # or this one, where another place tells the same
_COMPARED = 4  # candidates whose vectors are compared
_CLEARLY = 0.08  # by which the words of the first must hold more than those of another answer, or
_CLEARLY_CLOSER = 0.01  # its vector lie closer
_HEAD = 24  # characters of a heading that are embedded with the clause
_STAGES = {"", "goal", "target", "actual"}  # measures of indicators, or none
_INTENTS = {"lookup", "count", "text", "list", "where"}


@dataclass(frozen=True)
class _Told:
    """An answer of the kind asked for, with the words around it."""

    printed: str
    number: Decimal | None
    unit: str
    clause: str
    sentence: str
    head: str
    place: Quote | Figure
    sole: bool = True
    rare: bool = False


@dataclass(frozen=True)
class _Ranked:
    """How well the words around an answer fit: shares of the question's weight, names lacking."""

    told: _Told
    whole: float
    clause: float
    lacking: int
    close: float = 0.0
    twice: bool = False

    @property
    def words(self) -> float:
        return self.whole + self.clause / 2

    @property
    def fits(self) -> bool:
        if self.lacking > 1:
            return False
        easier = self.told.rare or not self.lacking
        least = _CLOSE_TWICE if self.twice and not self.lacking else 0.0
        by_meaning = self.close >= (least or (_CLOSE_NAMED if easier else _CLOSE))
        return self.by_words or (by_meaning and self.clause >= _CLOSE_CLAUSE)

    @property
    def by_words(self) -> bool:
        """Whether the words alone are enough."""
        in_clause = self.whole >= _WORDS and self.clause >= _CLAUSE
        return not self.lacking and (in_clause or (self.whole >= _ALL and self.told.sole))


def nearest(ask: Ask) -> Answer | None:
    """The answer of the kind asked for that stands nearest; None where none is near enough."""
    kind = _kind_asked(ask)
    if kind is None or ask.reading.negated:
        return None
    used = ask.reading.measure == "executed" and kind.kind != "money"  # 实际用了几个小时
    if ask.reading.measure not in _STAGES and not used:
        return None
    intents = _INTENTS if kind.words else _INTENTS | {"sum", "per"}
    if not set(ask.reading.ops) <= intents or re.search(data.word("several_asked"), ask.text):
        return None
    ranked = _ranked(ask, kind)
    best = next(iter(sorted(ranked, key=lambda r: (-r.close, -r.words))), None)
    if best is None or not best.fits:
        return None
    for other in ranked:
        alike = other.words > best.words - _CLEARLY and other.close > best.close - _CLEARLY_CLOSER
        if alike and _differs(other.told, best.told):
            return None
    answer = _answer(ask, best.told, kind)
    if best.by_words:
        return answer
    return replace(answer, text=answer.text + say("nearest_in_meaning"))


def _kind_asked(ask: Ask) -> data.Kind | None:
    for kind in data.kinds():
        if re.search(kind.asked, ask.text) or re.search(kind.asked, ask.reading.original):
            return None if kind.kind == "count" and not _counted(ask) else kind
    return None


def _counted(ask: Ask) -> str:
    """What is to be counted: the counter, or the thing itself (多少活跃用户)."""
    thing = re.search(data.word("thing_counted"), ask.text)
    return ask.reading.counter or (thing["thing"] if thing else "")


def _ranked(ask: Ask, kind: data.Kind) -> list[_Ranked]:
    """The candidates whose words fit best, with the closeness of their vectors."""
    wanted = content_pairs(ask.reading.content)
    if len(wanted) < _LEAST:
        return []
    names = [n for s in ask.reading.content.split() if len(weighty(n := key(s))) >= _LEAST]
    each = kind.kind == "money" and re.search(data.word("for_each"), ask.text)
    sides = [s for several in data.lexicon().parallels for s in several if s in ask.text]
    found: list[_Ranked] = []
    for told in _candidates(ask, kind):
        if each and not _of_each(told):
            continue
        if any(side not in told.sentence + told.head for side in sides):
            continue  # what is told of all kinds is not told of one
        clause, sentence, head = (pairs(key(t)) for t in (told.clause, told.sentence, told.head))
        whole = ask.catalogue.explained(wanted, (sentence, 1.0), (head, 0.8))
        if whole < _CANDIDATE:
            continue
        held = sentence | head
        lacking = sum(ask.catalogue.explained(pairs(n), (held, 1.0)) < _NAMED for n in names)
        near = ask.catalogue.explained(wanted, (clause, 1.0), (head, 0.5))
        found.append(_Ranked(told, whole, near, lacking))
    found = sorted(found, key=lambda r: -r.words)[:_COMPARED]
    texts = [f"{r.told.head[-_HEAD:]}：{r.told.clause}" for r in found]
    close = ask.closeness(ask.reading.original, texts) if found else []
    return [
        replace(r, told=replace(r.told, rare=kind.rare), close=c, twice=_told_twice(r, found))
        for r, c in zip(found, close, strict=True)
    ]


def _told_twice(one: _Ranked, found: list[_Ranked]) -> bool:
    """Whether another place tells the same number of it."""
    return any(
        other is not one
        and other.told.place != one.told.place
        and (other.told.number, other.told.unit) == (one.told.number, one.told.unit)
        for other in found
    )


def _of_each(told: _Told) -> bool:
    """Whether what is told is of one of several: 每具3,000元, a cost indicator."""
    cost = isinstance(told.place, Figure) and any("成本" in i for i in told.place.item)
    return cost or bool(re.search(data.word("of_each"), told.clause + told.unit))


def _differs(one: _Told, other: _Told) -> bool:
    return (one.number, one.unit, one.printed) != (other.number, other.unit, other.printed)


def _candidates(ask: Ask, kind: data.Kind) -> Iterator[_Told]:
    """What is of the kind in the sentences, the cells of words and the indicators."""
    for paragraph in ask.report.paragraphs:
        if not paragraph.heading:
            head = "".join(paragraph.section[-1:])
            for start, end in sentences(paragraph.text):
                quote = Quote(paragraph, start, end)
                yield from _inside(ask, kind, quote.text, head, quote)
    asked = {"executed": "actual"}.get(ask.reading.measure, ask.reading.measure)
    measure = asked if asked in {"actual", "target"} else stage_of_indicators(ask)
    for figure in ask.report.figures:
        if figure.state == "text":
            head = figure.project + "".join(figure.item[-1:])
            for start, end in sentences(figure.printed):
                yield from _inside(ask, kind, figure.printed[start:end], head, figure)
        elif figure.measure == measure and figure.table and figure.value is not None:
            head = figure.project + "".join(figure.item[-2:-1])
            text = f"{figure.subject}{figure.printed}"
            text += "" if text.endswith(figure.unit) else figure.unit
            told = _Told(figure.printed, figure.value, figure.unit, text, text, head, figure)
            if _is_of(ask, kind, figure.unit) and (kind.kind != "count" or _is_thing(ask, told)):
                yield told


def _is_of(ask: Ask, kind: data.Kind, unit: str) -> bool:
    """Whether a number in this unit is of the kind."""
    if kind.kind == "count" and ask.reading.counter:
        return bool(unit) and counted_in(unit, ask.reading.counter)
    if kind.kind == "count" and (unit in MONEY or unit in {"", "%"}):
        return False
    return bool(kind.units) and re.fullmatch(kind.units, unit) is not None


def _inside(
    ask: Ask, kind: data.Kind, sentence: str, head: str, place: Quote | Figure
) -> Iterator[_Told]:
    folded = fold(sentence)
    found: list[_Told] = []
    for match in data.compiled(kind.told).finditer(folded):
        ahead, behind = folded[: match.start()], folded[match.end() :]
        parts = match.groupdict()
        number, unit = parts.get("number"), parts.get("unit") or ""
        if number and kind.units and not _is_of(ask, kind, unit):
            continue
        if kind.kind == "count" and not _is_of(ask, kind, unit):
            continue
        if kind.not_before and re.search(f"({kind.not_before})$", ahead):
            continue
        if kind.not_behind and re.match(kind.not_behind, behind):
            continue
        clause = re.split("[,;。:(]", ahead)[-1] + match.group() + re.split("[,;。:)、]", behind)[0]
        value = Decimal(number.replace(",", "")) if number else None
        told = _Told(match.group(), value, unit, clause, sentence, head, place)
        if kind.kind == "count" and not _is_thing(ask, told):
            continue
        if found and re.search(data.word("moved_to"), ahead):
            found.pop()  # 由20年一遇提高到50年一遇: the second is what it is now
        found.append(told)
    for told in found:
        yield replace(told, sole=len(found) == 1)


def _is_thing(ask: Ask, told: _Told) -> bool:
    """Whether the clause names what is counted, where no counter is asked for."""
    if ask.reading.counter:
        return True
    return bool(pairs(_counted(ask)) & pairs(key(told.clause)))


def _answer(ask: Ask, told: _Told, kind: data.Kind) -> Answer:
    place = told.place
    if isinstance(place, Figure) and place.value is not None:
        return answer_with(ask, place)
    cited = len(ask.evidence.citations)
    cite_words(ask, place, told.sentence)
    name = "quote" if isinstance(place, Quote) else "told_of"
    text = say(name, label=told.head, quote=told.sentence.strip())
    if told.number is not None and not kind.words:
        ask.evidence.read_value(told.number, told.unit, told.clause[:20], [cited])
    return ask.evidence.answer(text)
