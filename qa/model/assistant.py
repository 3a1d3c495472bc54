"""What a language model adds to an answer that was made without it, and nothing that it takes away.

- A refusal because nothing was found, and an answer that leaves out part of what the question
  calculates, may become an answer, where the question's own words bear out the figures and the
  operation that the model picked; else the refusal offers questions to ask instead.
- A quotation may be phrased, where the checker finds it faithful.
- Refusals for a reason (another year, another body, persons, opinions, commands) and answers with
  figures stay as they are, and the former are not even sent.
- Where the model fails, the answer stays and says so in its notice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from index.values import Figure
from prompts import instruct, say
from qa import data
from qa.ask import Ask, by_id
from qa.errors import AnswerError, PlanError
from qa.evidence import value_of
from qa.lookup import answer_with
from qa.model import gate
from qa.model.client import Client, Deadline, ModelFailure, Prompt
from qa.model.planner import Picked, PlanFault, candidates, plan_prompt, read_plan
from qa.model.settings import ModelSettings, shared_settings
from qa.model.writer import Unfaithful, quoted, write
from qa.plan import Plan, Step, label_of, run
from qa.values import Answer

logger = logging.getLogger(__name__)

_MOST_CHOICES = 3
_WHY = {
    "timeout": "why_timeout",
    "key": "why_key",
    "busy": "why_busy",
    "server": "why_server",
    "unreachable": "why_unreachable",
    "cut": "why_cut",
    "invalid": "why_invalid",
    "open": "why_open",
    "unfaithful": "why_unfaithful",
}

NewAsk = Callable[[], Ask]
Plain = Callable[[str], Answer]


class Assistant:
    """A model's help with the questions of all reports. Thread-safe."""

    def __init__(self, settings: ModelSettings, client: Client | None = None) -> None:
        self.settings = settings
        self.client = client or Client(settings)

    def improved(self, answer: Answer, new_ask: NewAsk, plain: Plain) -> Answer:
        """The answer, better where the model helps; never raises for what the model does.

        `new_ask` gives the question ready to be answered anew, `plain` answers without a model.
        """
        self.client.warm()
        deadline = Deadline(self.settings.llm_timeout)

        def reply(prompt: Prompt) -> str:
            return self.client.reply(prompt, deadline)

        try:
            answer = replace(answer, unsure=answer.unsure or _in_part(answer, new_ask()))
            if self._reconsiders(answer):
                answer = self._planned(answer, new_ask, plain, reply)
            if self.settings.llm_writer and quoted(answer):
                ask = new_ask()
                return write(answer, ask.text, ask.report.year, reply)
        except ModelFailure as failure:
            return _with_notice(answer, failure.fault)
        except Unfaithful as error:
            logger.warning("the model's text was refused: %s", error)
            return _with_notice(answer, "unfaithful")
        return answer

    # -- inside --------------------------------------------------------------------------------

    def _reconsiders(self, answer: Answer) -> bool:
        mode = self.settings.llm_planner
        known = answer.status == "answered" and bool(answer.values)
        return (mode != "off" and answer.unsure) or (mode == "always" and known)

    def _planned(
        self, answer: Answer, new_ask: NewAsk, plain: Plain, reply: Callable[[Prompt], str]
    ) -> Answer:
        ask = new_ask()
        offered = candidates(ask)
        if not offered:
            return answer
        picked = _picked(plan_prompt(ask, offered), offered, reply)
        if picked is None:
            return answer
        if not answer.unsure:
            _compare(answer, picked)
            return answer
        sound = gate.borne_out(ask, picked)
        found = carried_out(ask, sound) if sound else None
        if found or answer.status == "answered":
            return found or answer
        return _with_choices(answer, picked.figures, plain)


def _in_part(answer: Answer, ask: Ask) -> bool:
    """Whether the question adds up and compares, and the calculation does less than both."""
    asked = {op for op in ask.reading.ops if op in data.model_words().operations}
    if answer.calculation is None or "sum" not in asked or len(asked) < 2:
        return False
    return len(answer.calculation.operands) < 3


def _picked(
    prompt: Prompt, offered: dict[str, Figure], reply: Callable[[Prompt], str]
) -> Picked | None:
    """The model's plan after at most one correction, None when it has none that can be run."""
    for _ in range(2):
        text = reply(prompt)
        try:
            return read_plan(text, offered)
        except PlanFault as fault:
            logger.info("the model's plan was refused: %s", fault)
            prompt = prompt.again(text[:500], instruct("planner_again", fault=fault))
    raise ModelFailure("invalid", "no plan")


def carried_out(ask: Ask, picked: Picked) -> Answer | None:
    """The answer of a plan that the question bears out, by the same calculator as any other."""
    figures = picked.figures
    if picked.plan is None:
        return answer_with(ask, figures[0])
    plan = replace(picked.plan, unit=gate.unit_of(ask, figures) if _keeps_unit(picked.plan) else "")
    try:
        calculation = run(plan, by_id(figures))
        if plan.steps[-1].operation == "subtract" and calculation.result < 0:
            last = plan.steps[-1]
            turned = Step("subtract", last.operands[::-1])
            calculation = run(replace(plan, steps=(*plan.steps[:-1], turned)), by_id(figures))
        if plan.steps[-1].operation == "percent" and not 0 <= calculation.result <= 100:
            return None  # no part of the whole
        names = say("planned_label", names="、".join(label_of(f) for f in figures))
        ask.evidence.result(calculation, figures, names)
        return ask.evidence.answer(say("planned", label=names, formula=calculation.formula))
    except (PlanError, AnswerError) as error:
        logger.info("the model's plan cannot be carried out: %s", error)
        return None


def _keeps_unit(plan: Plan) -> bool:
    return plan.steps[-1].operation in {"add", "subtract", "mean"}


def _with_choices(answer: Answer, figures: Sequence[Figure], plain: Plain) -> Answer:
    """The refusal with questions to ask instead: those that are answered with the figure."""
    choices = []
    for figure in figures[: 2 * _MOST_CHOICES]:
        question = f"{label_of(figure)}是多少"
        told = plain(question)
        first = told.values[0] if told.status == "answered" and told.values else None
        if first and (first.value, first.unit) == value_of(figure) and question not in choices:
            choices.append(question)
    if not choices:
        return answer
    choices = choices[:_MOST_CHOICES]
    text = answer.text + say("model_choices", choices="；".join(choices))
    return replace(answer, text=text, choices=tuple(choices))


def _compare(answer: Answer, picked: Picked) -> None:
    """Log where the model's plan gives another number; the answer stays."""
    try:
        if picked.plan is None:
            value = value_of(picked.figures[0])
        else:
            calculation = run(picked.plan, by_id(picked.figures))
            value = calculation.result, calculation.unit
    except PlanError as error:
        logger.info("the model's plan cannot be carried out: %s", error)
        return
    first = answer.values[0]
    if value != (first.value, first.unit):
        logger.warning(
            "the model's plan gives %s%s, the answer stays %s%s",
            *(*value, first.value, first.unit),
        )


def _with_notice(answer: Answer, fault: str) -> Answer:
    return replace(answer, notice=say("model_failed", why=say(_WHY[fault])))


@lru_cache(maxsize=4)
def _assistant(settings: ModelSettings) -> Assistant:
    return Assistant(settings)


def open_assistant() -> Assistant | None:
    """The assistant of this process's settings, None without a model. Raises DataError.

    One for all reports, so that all ask through one breaker.
    """
    settings = shared_settings()
    return _assistant(settings) if settings.enabled else None
