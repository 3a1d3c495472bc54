"""The planner's side of the conversation: candidates out, a plan over offered figures back.

Values are not sent: the model sees what each figure is, under an alias that holds for one question.
What comes back is validated by pydantic and turned into `qa.plan.Plan`; whether it answers the
question is judged in `qa.model.gate`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.values import Figure
from prompts import instruct
from qa.ask import Ask
from qa.errors import PlanError
from qa.model.client import Prompt
from qa.plan import Plan, Step, label_of, run

_MOST = 40  # candidates offered
_FROM_EACH = 12  # of these at most so many for one part of the question
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_RESULT = re.compile(r"#(\d{1,2})")


class PlanFault(Exception):
    """A reply that is no usable plan; `str()` says why, in Chinese. Never leaves `qa.model`."""


class StepReply(BaseModel):
    """One step as the model writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    operation: Literal["add", "subtract", "divide", "percent", "mean"]
    operands: tuple[str, ...] = Field(min_length=2, max_length=20)


class PlanReply(BaseModel):
    """The model's reply: one figure, or steps, or neither."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    figure: str = ""
    steps: tuple[StepReply, ...] = Field((), max_length=6)
    none: bool = False

    @model_validator(mode="after")
    def _one(self) -> PlanReply:
        if bool(self.figure) + bool(self.steps) + self.none != 1:
            raise ValueError("figure、steps、none 三者选一")
        return self


@dataclass(frozen=True, slots=True)
class Picked:
    """A plan over the report's figures: one figure, or steps; `figures` in the order of use."""

    figures: tuple[Figure, ...]
    plan: Plan | None = None


def candidates(ask: Ask) -> dict[str, Figure]:
    """The figures that the model may pick from, by alias, found by the catalogue's look-up."""
    found: dict[tuple[object, ...], Figure] = {}

    def offer(figure: Figure | None) -> None:
        if figure is not None and figure.value is not None and len(found) < _MOST:
            told = (label_of(figure), figure.scope, figure.year, figure.unit, figure.value)
            found.setdefault(told, figure)  # told twice, offered once

    parts = [p for p in ask.reading.content.split() if len(p) > 1]
    looks = [ask.find(units=()), ask.find(units=(), measure="", scope="")]
    looks += [ask.find(content=part, units=())[:_FROM_EACH] for part in parts]
    for hits in looks:
        for hit in hits[: _MOST // 2]:
            offer(hit.figure)
    for passage, _ in ask.search(ask.text, 6):  # words that no figure shares
        for figure in passage.figures[:4]:
            offer(ask.catalogue.figure(figure))
    return {f"f{i}": figure for i, figure in enumerate(found.values(), start=1)}


def plan_prompt(ask: Ask, offered: Mapping[str, Figure]) -> Prompt:
    """What the model is told: the question and what each figure is, as JSON."""
    figures = [
        {
            "id": alias,
            "name": label_of(figure),
            "scope": figure.scope,
            "year": figure.year,
            "unit": figure.unit,
            "table": figure.table or "正文",
        }
        for alias, figure in offered.items()
    ]
    data = as_data(ask.text, figures=figures)
    return Prompt(instruct("planner_system"), instruct("planner_user", data=data))


def as_data(question: str, **more: object) -> str:
    """JSON in which nothing can end the data: no angle brackets, no line breaks."""
    text = json.dumps({"question": question, **more}, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("`", "\\u0060")


def without_thought(reply: str) -> str:
    """A reply without what a reasoning model says to itself before it."""
    return _THOUGHT.sub("", reply)


def read_plan(reply: str, offered: Mapping[str, Figure]) -> Picked | None:
    """The plan of a reply, None where the model found no figure. Raises PlanFault."""
    text = without_thought(reply)
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise PlanFault("没有 JSON 对象")
    try:
        read = PlanReply.model_validate_json(text[start : end + 1])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PlanFault(f"{where} {first['msg']}".strip()) from error
    if read.none:
        return None
    if read.figure:
        return Picked((_offered(read.figure, offered),))
    steps: list[Step] = []
    used: dict[str, Figure] = {}
    for position, step in enumerate(read.steps):
        operands = []
        for name in step.operands:
            if match := _RESULT.fullmatch(name):
                if int(match[1]) >= position:
                    raise PlanFault(f"{name} 不是前面的步骤")
                operands.append(name)
            else:
                figure = _offered(name, offered)
                used[figure.id] = figure
                operands.append(figure.id)
        steps.append(Step(step.operation, tuple(operands)))
    plan = Plan(tuple(steps))
    try:
        run(plan, used)
    except PlanError as error:
        raise PlanFault(str(error)) from error
    return Picked(tuple(used.values()), plan)


def _offered(alias: str, offered: Mapping[str, Figure]) -> Figure:
    if alias not in offered:
        raise PlanFault(f"没有编号 {alias[:20]!r}")
    return offered[alias]
