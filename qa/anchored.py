"""Follow-ups answered from where the last answer stands: its row, beside it, its project.

目标值是多少 after an indicator's actual value, 那桥梁呢 after another part of the sum: what a
follow-up leaves open is taken from the place of the figure that the turn before was answered with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.labels import UNIT
from index.values import Figure
from qa import data
from qa.accept import counted_in
from qa.ask import Ask
from qa.catalogue import Hit
from qa.evidence import amount_of, value_of
from qa.lookup import figure_answer
from qa.names import MONEY, content_pairs, core, key, pairs, same_family
from qa.ratios import quotient
from qa.sets import project_named
from qa.values import Answer

_OWN = 0.2  # share of a neighbour's own name that the follow-up must hold
_COLUMN = 0.5  # and of a column's
_ASKED = 0.5  # share of the follow-up's words, by weight, that the neighbour's name must hold
_CLEARLY = 0.1  # by which it must hold more than the next neighbour
_STAGES = {"actual", "target", "budget", "budget_initial", "budget_adjusted", "executed", "final"}


@dataclass(frozen=True)
class _Neighbour:
    """A figure near the last one: how near (0 the nearest), and the words that tell it apart."""

    figure: Figure
    far: int
    name: str


def figures_of(ask: Ask, answer: Answer) -> list[Figure]:
    """The figures that the values of an answer were read from, in order."""
    found: dict[str, Figure] = {}
    for value in answer.values:
        for cited in value.citations[:1]:
            place = answer.citations[cited]
            for figure in ask.report.figures:
                if figure.page != place.page or figure.box != place.box or figure.value is None:
                    continue
                if abs(value_of(figure)[0]) == abs(value.value):
                    found.setdefault(figure.id, figure)
                    break
    return list(found.values())


def of_project(ask: Ask) -> list[Figure]:
    """A figure of the project that the question is about, [] where it names none."""
    member = project_named(ask, least=_NAMED)
    if member is None:
        return []
    return [
        e.figure
        for e in ask.catalogue.entries
        if e.project == member.name and e.figure.table and e.figure.measure in {"actual", "target"}
    ][:1]


_NAMED = 0.5  # share of a project's name, by weight, that names it


def apart(ask: Ask, last: Sequence[Figure], figures: Sequence[Figure]) -> bool:
    """Whether an answer is not what the follow-up leans on: of another project, or, where it names
    a thing alone (那桥梁呢), a quotation or another kind of number."""
    if not _content(ask) and ask.reading.measure in _STAGES:
        return not any(a.table_id == b.table_id and a.row == b.row for a in last for b in figures)
    if alone(ask) and not figures:
        return True
    if alone(ask) and last[-1].unit in MONEY and not any(f.unit in MONEY for f in figures):
        return True
    near = any(
        a.table_id == b.table_id or (a.project and a.project == b.project)
        for a in last
        for b in figures
    )
    return bool(figures) and not near and any(f.project for f in figures)


def alone(ask: Ask) -> bool:
    """Whether the follow-up names a thing and asks nothing of it: 那桥梁呢."""
    return bool(re.search("呢[?？。]?$", ask.reading.original)) and not ask.reading.numeric


def _content(ask: Ask) -> str:
    return re.sub(data.word("follow_up_words"), " ", ask.reading.content).strip()


def follow(ask: Ask, last: Figure) -> Answer | None:
    """The neighbour of the last figure that the follow-up names; None where none or several fit."""
    reading = ask.reading
    bound = {"rank"} if re.search(data.word("upper_bound_asked"), ask.text) else set()
    if not set(reading.ops) <= {"lookup", "count", "text"} | bound:
        return None
    if reading.codes or reading.negated:
        return None
    asked = content_pairs(_content(ask))
    if not asked:
        return _other_stage(ask, last) if reading.measure in _STAGES else None
    ranked: list[tuple[float, int, _Neighbour]] = []
    for neighbour in _neighbours(ask, last):
        own = pairs(key(neighbour.name))
        shared = own & asked
        least = _OWN if neighbour.far else _COLUMN
        if not own or len(shared) < least * len(own) or not _fits(ask, last, neighbour):
            continue
        share = ask.catalogue.explained(asked, (own, 1.0))
        if share >= _ASKED:
            ranked.append((share, neighbour.far, neighbour))
    ranked.sort(key=lambda r: (-r[0], r[1]))
    if not ranked:
        return None
    share, far, best = ranked[0]
    for other, distance, neighbour in ranked[1:]:
        same = neighbour.figure.value == best.figure.value
        if not same and distance == far and other > share - _CLEARLY:
            return None
    return figure_answer(ask, Hit(ask.catalogue.entry(best.figure), 1.0, 1.0, 1.0))


def share_of(ask: Ask, part: Figure, earlier: Sequence[Figure]) -> Answer | None:
    """占多大比例, after a part: of the whole asked for before it, or of its project's money."""
    bare = re.sub("比例|比重|占比", "", _content(ask)).strip()
    if not ask.reading.has("share") or bare or part.unit not in MONEY:
        return None
    project = [
        e.figure
        for e in ask.catalogue.entries
        if part.project and e.figure.project == part.project and e.figure.measure == part.measure
    ]
    wholes = [f for f in earlier if f.unit in MONEY]
    wholes += [f for f in project if ask.catalogue.is_project_level(f)]
    whole = next((f for f in wholes if f.value and amount_of(f) > amount_of(part)), None)
    return quotient(ask, part, whole, "percent", "占比") if whole is not None else None


def _other_stage(ask: Ask, last: Figure) -> Answer | None:
    """The same row in the stage asked for: 目标值是多少, 年初预算呢."""
    asked = ask.reading.measure
    row = [
        f
        for f in ask.report.figures
        if f.table_id == last.table_id
        and f.row == last.row
        and f.id != last.id
        and core(f.subject) == core(last.subject)
        and (f.measure == asked or same_family(f.measure, asked))
    ]
    found = next(iter(sorted(row, key=lambda f: f.measure != asked)), None)
    if found is None or found.value is None:
        return None
    return figure_answer(ask, Hit(ask.catalogue.entry(found), 1.0, 1.0, 1.0))


def _neighbours(ask: Ask, last: Figure) -> list[_Neighbour]:
    found = []
    for entry in ask.catalogue.entries:
        f = entry.figure
        if f.id == last.id or f.value is None:
            continue
        if f.table_id == last.table_id and f.table and f.row == last.row and f.item == last.item:
            column = "".join(UNIT.sub("", c) for c in f.column[-1:]) or f.facet
            found.append(_Neighbour(f, 0, column))
        elif f.table_id == last.table_id and f.measure == last.measure and f.column == last.column:
            if f.project == last.project:
                found.append(_Neighbour(f, 1, f.subject))
        elif f.project and f.project == last.project and f.table:
            found.append(_Neighbour(f, 2, f.subject))
    return found


def _fits(ask: Ask, last: Figure, neighbour: _Neighbour) -> bool:
    """Whether the neighbour is the kind of number asked for, or of the last one where none is."""
    figure, reading = neighbour.figure, ask.reading
    if figure.measure in {"weight", "score"} and reading.measure not in {"weight", "score"}:
        return False
    if reading.measure and not (
        figure.measure == reading.measure or same_family(figure.measure, reading.measure)
    ):
        return False
    if alone(ask) and (figure.unit in MONEY) != (last.unit in MONEY):
        return False
    if set(reading.units) & MONEY:
        return figure.unit.split("/")[0] in MONEY
    if reading.counter:
        return counted_in(figure.unit, reading.counter)
    if neighbour.far == 1:
        return bool(figure.table and figure.project) or figure.unit == last.unit
    return neighbour.far == 0 or figure.measure in {"actual", "target"}
