"""Whether a picked plan says what the question asks, word for word.

The model is not believed: its figures and operation must be those that the question's own words
name. Then even a lying model cannot give a wrong figure; what cannot be borne out is only offered
as a question to ask instead.

- each figure's name stands in the question, as a whole and not within a longer name;
- nothing that names something is left of the question;
- looked up under its name, each figure is what the deterministic look-up gives (measure, scope);
- the year is the report's, no second measure is named, nothing is negated;
- the operations are those that the question's wording asks for, and a share or a multiple is taken
  in the order in which the question names its parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.values import Figure
from qa import data
from qa.accept import acceptable
from qa.ask import Ask, agree, first_sure, weighty
from qa.model.planner import Picked
from qa.names import MONEY, core, key
from qa.plan import Plan, Step, name_of
from qa.reading import content_of, read_question


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure's name stands in the question's text (`names.key` of it)."""

    start: int
    end: int


def borne_out(ask: Ask, picked: Picked) -> Picked | None:
    """The plan in the order that the question asks for, None when its words do not bear it out."""
    if not asks_plainly(ask):
        return None
    places = _places(ask, picked.figures)
    if places is None or _left_over(ask, list(places.values())):
        return None
    if not all(_looked_up(ask, figure, places[figure.id]) for figure in picked.figures):
        return None
    if picked.plan is None:
        fits = set(ask.reading.ops) <= {"lookup"} and acceptable(ask, picked.figures[0])
        return picked if fits else None
    plan = _in_order(ask, picked.plan, places)
    return replace(picked, plan=plan) if plan is not None else None


def asks_plainly(ask: Ask) -> bool:
    """Whether the question is one whose whole meaning is names, one measure and operations."""
    reading = ask.reading
    operations = data.model_words().operations
    year = ask.report.year
    return (
        not reading.negated
        and not reading.counter
        and not reading.codes
        and all(y == year for y in reading.years)
        and all(op == "lookup" or op in operations for op in reading.ops)
        and not read_question(reading.rest).measure
        and not ask.catalogue.mentioned_tables(reading)
    )


def _names(ask: Ask, figure: Figure) -> list[str]:
    """What a figure may be called, longest first."""
    if figure.project and ask.catalogue.is_project_level(figure):
        names = [key(n) for n in ask.catalogue.names_of_project(figure.project)]
    elif figure.project:
        return []
    else:
        names = [key(figure.subject), core(figure.subject), key(name_of(figure))]
    return sorted({n for n in names if len(n) >= 3}, key=len, reverse=True)


def _places(ask: Ask, figures: Sequence[Figure]) -> dict[str, Place] | None:
    """The place of each figure's name, by figure id; None when one is missing or two are one."""
    text = key(ask.text)
    found: dict[str, Place] = {}
    for figure in figures:
        name = next((n for n in _names(ask, figure) if n in text), "")
        if not _part_named(figure, text):
            return None
        if not name or text.count(name) != 1:
            return None
        place = Place(text.find(name), text.find(name) + len(name))
        longer = (n for n in ask.catalogue.names if len(n) > len(name) and name in n and n in text)
        if any(text.find(n) <= place.start and place.end <= text.find(n) + len(n) for n in longer):
            return None
        if any(p.start < place.end and place.start < p.end for p in found.values()):
            return None
        found[figure.id] = place
    return found


def _part_named(figure: Figure, text: str) -> bool:
    """Whether a figure of a part (基本支出, 事业收入) is asked for by the part's name.

    An economic item's part is the whole of its table and part of no name.
    """
    part = core(figure.facet)
    return not part or figure.code.startswith("3") or part in text


def _left_over(ask: Ask, places: Sequence[Place]) -> bool:
    """Whether the question names anything besides the figures."""
    text = key(ask.text)
    for place in sorted(places, key=lambda p: -p.start):
        text = text[: place.start] + "|" + text[place.end :]
    if ask.reading.scope:
        for scope in data.lexicon().scopes:
            text = data.compiled(scope.pattern).sub("|", text)
    if any(name in text for name in _known_names(ask)):
        return True
    text = content_of(re.sub(r"20\d\d年?度?", "|", text))
    text = data.compiled(data.model_words().asking).sub("|", text)
    return bool(re.sub(r"[\W_]", "", weighty(text)))


def _known_names(ask: Ask) -> set[str]:
    """What the report's figures are called; 合计 and the like name nothing by themselves."""
    asking = data.compiled(data.model_words().asking)
    return {name for name in ask.catalogue.subjects if len(asking.sub("", name)) >= 2}


def _looked_up(ask: Ask, figure: Figure, place: Place) -> bool:
    """Whether the deterministic look-up gives the same figure under its name in the question."""
    reading = ask.reading
    if reading.scope and figure.scope != reading.scope:
        return False
    name = key(ask.text)[place.start : place.end]
    hit = first_sure(ask.find(content=name, units=(), measure=reading.measure))
    return hit is not None and hit.figure.unit == figure.unit and agree(hit.figure, figure)


def _in_order(ask: Ask, plan: Plan, places: Mapping[str, Place]) -> Plan | None:
    """The plan with its last step in the question's order; None when the wording is another."""
    operations = data.model_words().operations
    asked = {operations[op] for op in ask.reading.ops if op in operations}
    used = [step.operation for step in plan.steps]
    if set(used) != asked or len(asked - {"add"}) > 1:
        return None
    if any(step.operation != "add" for step in plan.steps[:-1]) or not _once(plan):
        return None
    last = plan.steps[-1]
    if last.operation == "add":
        return plan if len(plan.steps) == 1 else None
    if len(last.operands) != 2:
        return None
    if len(plan.steps) > 1 and not _added_together(ask, plan, places):
        return None
    first, second = (_span(plan, operand, places) for operand in last.operands)
    if max(first) >= min(second) and max(second) >= min(first):
        return None  # the two sides are mixed up in the question
    if last.operation == "subtract":
        return plan
    before, after = (first, second) if first < second else (second, first)
    top_first = True
    if last.operation == "percent":
        text = key(ask.text)
        match = data.compiled(data.model_words().share_word).search(text)
        if match is None:
            return None
        # 甲占乙的几成 has the part first; 乙里甲占几成 has it last.
        if not max(before) < match.start():
            return None
        top_first = match.start() <= min(after)
    top = before if top_first else after
    operands = last.operands if first == top else last.operands[::-1]
    return replace(plan, steps=(*plan.steps[:-1], Step(last.operation, operands)))


def _added_together(ask: Ask, plan: Plan, places: Mapping[str, Place]) -> bool:
    """Whether what is added is all that the question names before it says so: 甲和乙之和占丙."""
    if len(plan.steps) != 2:
        return False
    said = list(data.compiled(data.model_words().sum_word).finditer(key(ask.text)))
    added = {places[o].start for o in plan.steps[0].operands if o in places}
    others = {place.start for place in places.values()} - added
    return len(said) == 1 and max(added) < said[0].start() < min(others)


def _once(plan: Plan) -> bool:
    """Whether every figure and every earlier result is used exactly once."""
    used = [operand for step in plan.steps for operand in step.operands]
    results = {f"#{n}" for n in range(len(plan.steps) - 1)}
    return len(used) == len(set(used)) and results <= set(used)


def _span(plan: Plan, operand: str, places: Mapping[str, Place]) -> tuple[int, ...]:
    """Where the names of an operand start."""
    if operand.startswith("#"):
        step = plan.steps[int(operand[1:])]
        return tuple(sorted(p for o in step.operands for p in _span(plan, o, places)))
    return (places[operand].start,)


def unit_of(ask: Ask, figures: Sequence[Figure]) -> str:
    """The money unit that the question asks the result in, "" for the natural one."""
    wanted = ask.reading.unit_out
    return wanted if wanted in MONEY and all(f.unit in MONEY for f in figures) else ""
