"""A follow-up and the answer of the turn before: whether it leans on it, and what it means then.

The figures of the last answer are the anchor (`qa.anchored`). Where the follow-up by itself found
nothing, or something of another matter, it is read from their place, or asked again of the project
or the item that they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.values import Figure
from prompts import say
from qa import anchored, asked, data
from qa.ask import Ask, weighty
from qa.evidence import value_of
from qa.names import key, pairs
from qa.places import Places
from qa.reading import Reading, read_question
from qa.sets import project_named
from qa.values import Answer

_TURNS = 2  # earlier turns that the turn before is read with


class Asking(Protocol):
    """What is needed of an engine."""

    @property
    def places(self) -> Places: ...

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer: ...

    def new_ask(self, reading: Reading, question: str) -> Ask: ...

    def whole(self, reading: Reading, question: str, history: Sequence[str]) -> Answer: ...


@dataclass(frozen=True)
class _Anchor:
    """The figures of the last answer, and of the one before it."""

    last: tuple[Figure, ...]
    earlier: tuple[Figure, ...]


def leaning(engine: Asking, question: str, turns: Sequence[str], answer: Answer) -> Answer:
    """The answer, or the better one that leans on the turn before; the same object where there is
    none."""
    ask = engine.new_ask(read_question(question), question)
    answered = answer.status == "answered"
    own = anchored.figures_of(engine.places, answer)
    if answered and (not anchored.may_lean(ask, own) or _names_project(ask)):
        return answer  # and the turn before need not be asked again
    anchor = _anchor(engine, ask, turns)
    if not anchor.last or (answered and not anchored.apart(ask, anchor.last, own)):
        return answer
    told = _told(ask, anchor)
    if told is None and not answered:
        told = _asked_again(engine, question, anchor.last[-1])
    if told is None:
        return answer
    last = anchor.last[-1]
    return replace(told, text=told.text + say("carried", carried=last.project or last.subject))


def _names_project(ask: Ask) -> bool:
    """Whether the follow-up names a project of its own, and asks something of it."""
    if anchored.alone(ask):
        return False
    return project_named(ask, least=anchored.PROJECT_NAMED) is not None


def _anchor(engine: Asking, ask: Ask, turns: Sequence[str]) -> _Anchor:
    last = anchored.figures_of(engine.places, engine.ask(turns[-1], turns[:-1][-_TURNS:]))
    if not last:
        last = anchored.of_project(engine.new_ask(read_question(turns[-1]), turns[-1]))
    needed = last and len(turns) > 1 and anchored.over_two(ask)
    earlier = engine.ask(turns[-2], turns[:-2][-_TURNS:]) if needed else None
    return _Anchor(
        tuple(last),
        tuple(anchored.figures_of(engine.places, earlier)) if earlier is not None else (),
    )


def _told(ask: Ask, anchor: _Anchor) -> Answer | None:
    """What stands at the place of the last figure, or comes of it and the one before."""
    last = anchor.last[-1]
    earlier = [*anchor.earlier, *anchor.last[:-1]]
    ways = (
        lambda: anchored.gap(ask, last, earlier),
        lambda: anchored.share_of(ask, last, earlier),
        lambda: anchored.reason(ask, last),
        lambda: anchored.of_its_account(ask, last),
        lambda: anchored.follow(ask, last),
        lambda: anchored.said_behind(ask, last),
    )
    return next((told for way in ways if (told := way()) is not None), None)


def _asked_again(engine: Asking, question: str, last: Figure) -> Answer | None:
    """The follow-up asked of the project or the item of the last figure."""
    for text in _wordings(question, last):
        reading = read_question(text)
        answer = engine.whole(reading, f"{question}{text}", ())
        if answer.status != "answered" or not asked.suits(answer, asked.kind_asked(reading)):
            continue
        if not answer.values or _tells(answer, read_question(question), last):
            return answer
    return None


def _tells(answer: Answer, reading: Reading, last: Figure) -> bool:
    """Whether the values are of what the follow-up names, and not the last one over again."""
    said = pairs(key("".join(v.label for v in answer.values)))
    names = [n for s in reading.content.split() if weighty(n := key(s))]
    if not names and not reading.measure:
        return False
    if any(not pairs(n) & said for n in names):
        return False
    return any(abs(v.value) != abs(value_of(last)[0]) for v in answer.values)


def _wordings(question: str, last: Figure) -> Iterator[str]:
    bare = re.sub(data.word("follow_up_lead"), "", question)
    bare = re.sub(data.word("that_money_of_it"), "", re.sub(data.word("its"), "", bare))
    if last.project:
        yield f"{last.project}的{bare}"
        yield f"{last.project}{last.subject}{bare}"
    else:
        yield f"{last.subject}{bare}"
        yield f"{last.subject}的{bare}"
