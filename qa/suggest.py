"""Questions to offer: made from the report's own figures, and only those that it does answer.

A candidate of `data/suggestions.yaml` is tried on the engine before it is shown: a suggestion that
ended in a refusal would teach a visitor that the page does not work.
"""

from __future__ import annotations

import logging
import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from index.labels import strip_number
from index.values import Figure, Report
from qa import data
from qa.data import Suggestion
from qa.errors import QaError
from qa.evidence import amount_of
from qa.names import MONEY, core
from qa.places import Places
from qa.plan import name_of
from qa.values import Answer

logger = logging.getLogger(__name__)

_MOST_START = 6
_MOST_FOLLOW = 3
_LONGEST_NAME = 24  # characters; a longer name makes a suggestion nobody reads
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、])"
)


class Asks(Protocol):
    """What answers a question about the report."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer: ...


class Candidate(NamedTuple):
    """A question, "" for none, and the name that its source must quote, "" for no such demand."""

    question: str
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """The question and answer that suggestions follow, and all that was asked before."""

    question: str
    answer: Answer
    asked: Sequence[str] = ()


def to_begin_with(report: Report, engine: Asks) -> tuple[str, ...]:
    """Up to six questions that the report answers with a source."""
    slots = _slots(report)
    wanted = [s for s in data.suggestions().start if not s.kinds or report.kind in s.kinds]
    return _answered([Candidate(_filled(s, slots)) for s in wanted], engine, _MOST_START, set())


def to_follow(followed: Followed, places: Places, engine: Asks) -> tuple[str, ...]:
    """Up to three questions on what the answer was about, none that was asked already."""
    answer = followed.answer
    figure = _subject(answer, places)
    if figure is None or answer.status == "clarify":
        return ()
    name = strip_number(name_of(figure))
    project = figure.project
    slots = {"item": name} if not project and _readable(name) else {}
    if _readable(project):
        slots["project"] = project.strip("“”\"'")
    measures = {f.measure for f in places.report.figures if _same(f, figure)}
    candidates = [
        Candidate(_filled(s, slots), name if s.quoted else "")
        for s in data.suggestions().follow
        if (not s.measures or figure.measure in s.measures)
        and figure.measure not in s.unless
        and (not s.has or not measures.isdisjoint(s.has))
        and (not s.kinds or places.report.kind in s.kinds)
        and s.project == bool(project)
        and not (s.unlike and re.search(s.unlike, name))
    ]
    known = {_squeezed(q) for q in (followed.question, *followed.asked)}
    return _answered(candidates, engine, _MOST_FOLLOW, known, answer)


def _answered(
    candidates: Iterable[Candidate],
    engine: Asks,
    most: int,
    known: set[str],
    before: Answer | None = None,
) -> tuple[str, ...]:
    """The first `most` candidates with an answer from a source, no two with the same answer."""
    texts = {before.text} if before else set()
    found: list[str] = []
    for question, quoted in candidates:
        if not question or _squeezed(question) in known:
            continue
        try:
            answer = engine.ask(question)
        except QaError as error:
            logger.info("suggestion %s: %s", question, error)
            continue
        if answer.status != "answered" or not answer.citations or answer.text in texts:
            continue
        if core(quoted) in core("".join(c.quote for c in answer.citations)):
            texts.add(answer.text)
            found.append(question)
            if len(found) == most:
                break
    return tuple(found)


def _subject(answer: Answer, places: Places) -> Figure | None:
    """The figure that an answer is about: its first value's, else its first citation's."""
    first = answer.values[0].citations if answer.values else ()
    for position in (*first, *range(len(answer.citations))):
        if figure := places.figure(answer.citations[position]):
            return figure
    return None


def _slots(report: Report) -> dict[str, str]:
    """Names of the report: the largest class of expenditure, the project with the largest sum."""
    slots: dict[str, str] = {}
    values = [f for f in report.figures if f.value and f.unit in MONEY]
    classes = [f for f in values if len(f.code) == 3 and f.code[0] == "2" and not f.facet]
    if classes:
        slots["class"] = max(classes, key=amount_of).name
    projects = [f for f in values if _readable(f.project) and f.measure == "executed"]
    if projects:
        slots["project"] = max(projects, key=amount_of).project.strip("“”\"'")
    return slots


def _same(a: Figure, b: Figure) -> bool:
    """Whether two figures measure the same thing, each in its own way."""
    return (a.project, a.subject, a.facet) == (b.project, b.subject, b.facet) and bool(a.value)


def _readable(name: str) -> bool:
    return 0 < len(name) <= _LONGEST_NAME


def _filled(suggestion: Suggestion, slots: dict[str, str]) -> str:
    """The question, "" when the report has nothing for one of its slots."""
    needed = {name for _, name, _, _ in string.Formatter().parse(suggestion.ask) if name}
    return suggestion.ask.format(**slots) if needed <= slots.keys() else ""


def _squeezed(question: str) -> str:
    return re.sub(r"[\s?？。！!，,“”\"]", "", question)
