"""Question to answer over one report: resolve, refuse, look up, calculate, quote.

Deterministic, without a language model and without the network, unless one is set: then
`qa.model` may add to what was found here. Thread-safe after construction.
"""

from __future__ import annotations

import copy
import logging
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from index.settings import Settings
from index.shelf import some_names
from index.source import Progress
from index.store import Store
from index.values import Report
from prompts import say
from qa import (
    asked,
    branches,
    caution,
    clauses,
    data,
    described,
    each,
    entries,
    facts,
    lastyear,
    lookup,
    loosely,
    nearest,
    premise,
    purpose,
    ranking,
    ratios,
    refuse,
    shares,
    stated,
    textual,
    trend,
    twoyears,
    unitcost,
)
from qa.ask import Ask
from qa.catalogue import Catalogue
from qa.compound import Compound, carried, without_asides
from qa.dialogue import resolve
from qa.errors import AnswerError, PlanError, QuestionError
from qa.evidence import Evidence
from qa.handlers import FIRST, HANDLERS, Handler
from qa.leaning import leaning
from qa.model.assistant import Assistant, open_assistant
from qa.model.settings import shared_settings
from qa.places import Places
from qa.plan import rounded_to
from qa.privacy import without_contacts
from qa.reading import LONGEST, Reading, normalise, places_asked, read_question
from qa.rerank import open_reranker
from qa.search import PassageSearch
from qa.spelling import correct
from qa.values import Answer

logger = logging.getLogger(__name__)


class Engine:
    """Answers to questions about one report."""

    def __init__(
        self, report: Report, retriever: PassageSearch, assistant: Assistant | None = None
    ) -> None:
        self.report = report
        self.retriever = retriever
        self.assistant = assistant
        self.catalogue = Catalogue(report)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """One answer. Raises QuestionError for an empty question and for one that is too long."""
        started = time.perf_counter()
        check_question(question)
        places = places_asked(question)
        question = (
            re.sub(data.word("places_asked"), "", question) if places is not None else question
        )
        turns = [h for h in history if h.strip()]
        resolved = resolve(question, turns, self.catalogue)
        text = refuse.without_own_body(resolved.text, self.report.body)
        reading, assumed = correct(text, self.catalogue)
        with rounded_to(places):
            answer = self.whole(reading, question, history)
            leant = leaning(self.unaided(), question, turns, answer) if turns else answer
        if leant is not answer:
            answer, resolved = leant, replace(resolved, carried="")  # it says what it leans on
        answer = asked.in_order(answer, asked.kind_asked(reading))
        answer = premise.with_premise(self.new_ask(reading, question), answer)
        if self.assistant is not None:
            answer = self.assistant.improved(
                without_contacts(answer, question),  # nor is a model told
                lambda: self.new_ask(reading, question),
                self.unaided().ask,
            )
        if assumed and answer.status == "answered":
            answer = replace(answer, text=answer.text + say("assumed", name=assumed))
        if resolved.carried and answer.status == "answered":
            answer = replace(answer, text=answer.text + say("carried", carried=resolved.carried))
        answer = caution.of_scans(answer, self.report)
        answer = without_contacts(answer, question)
        return replace(answer, elapsed_ms=(time.perf_counter() - started) * 1000)

    @cached_property
    def places(self) -> Places:
        """Where the report's figures stand."""
        return Places(self.report)

    @cached_property
    def compound(self) -> Compound:
        """How questions of several parts are answered."""
        return Compound(self.catalogue, self._answer, self.new_ask)

    def unaided(self) -> Engine:
        """The same engine without a language model."""
        if self.assistant is None:
            return self
        plain = copy.copy(self)
        plain.assistant = None
        return plain

    def warm(self) -> None:
        """Load what the first question would otherwise wait for."""
        self.retriever.search("决算", 1)
        _ = self.catalogue.findings

    # -- inside --------------------------------------------------------------------------------

    def new_ask(self, reading: Reading, question: str) -> Ask:
        evidence = Evidence(self.report, normalise(question) + reading.text)
        search = self.retriever
        return Ask(self.catalogue, reading, search.search, evidence, search.closeness)

    def whole(self, reading: Reading, question: str, history: Sequence[str]) -> Answer:
        """The answer to the question as it stands, or else without its lead-in."""
        for first in (facts.contact, refuse.refusal, refuse.unfilled):
            told = first(self.new_ask(reading, question))
            if told is not None:
                return told
        ask = self.new_ask(reading, question)
        if (meant := ranking.nested_grade(ask) or stated.project_meant(ask)) is not None:
            name, figure, rest = meant
            joint = "" if rest.startswith("是") else "的"
            answer = self.compound.about(name, f"{name}{joint}{rest}", question)
            if answer is not None:
                ask.evidence.cite(figure)
                return carried(name, answer, ask.evidence.citations)

        def clause(text: str, before: Sequence[str]) -> Answer | None:
            return self.compound.clause(text, before, turns, question)

        turns = [h for h in history if h.strip()]
        said = refuse.without_own_body(normalise(question), self.report.body)
        if clauses.parted(said) and (answer := clauses.one_by_one(said, clause)) is not None:
            return answer
        if (answer := self.compound.of_what_is_behind(reading.text, question)) is not None:
            return answer
        pointing = ranking.points_to_first(reading.text)
        answer = self.compound.of_first(reading, question) if pointing else None
        answer = answer or self._answer(reading, question)
        if answer is not None:
            whose = described.described(reading.text)
            wanted = clauses.kinds_asked(whose.rest) if whose is not None else set()
            if wanted & {"reason", "purpose"} and not clauses.fits(wanted, answer):
                answer = self.compound.of_described(reading.text, question) or answer
            return clauses.completed(said, answer, clause)
        if not pointing and (answer := self.compound.of_first(reading, question)) is not None:
            return answer
        last_year = lastyear.meant(self.report, reading)
        for shorter in (*without_asides(reading.text), *self.compound.without_lead(reading.text)):
            inner = read_question(shorter)
            if last_year and not lastyear.meant(self.report, inner):
                continue
            answer = self._answer(inner, question)
            if answer is not None:
                return answer
        if last_year:
            return _no_last_year(ask)
        if (answer := clauses.one_by_one(said, clause)) is not None:
            return answer
        if (answer := clauses.first_of_them(said, clause)) is not None:
            return answer
        if (answer := self.compound.of_described(reading.text, question)) is not None:
            return answer
        if (answer := nearest.nearest(self.new_ask(reading, question))) is not None:
            return answer
        return replace(refuse.nothing_found(ask), unsure=True)

    def _answer(self, reading: Reading, question: str) -> Answer | None:
        for handler in self._handlers(reading):
            ask = self.new_ask(reading, question)
            try:
                answer = handler(ask)
            except (AnswerError, PlanError) as error:
                logger.warning("%s: %s", handler.__name__, error)
                continue
            if answer is not None:
                return answer
        return None

    def _handlers(self, reading: Reading) -> list[Handler]:
        handlers: list[Handler] = [*FIRST]
        if reading.measure in {"completion", "rate"} and reading.op in {"lookup", "share"}:
            handlers.append(ratios.completion)
        if reading.measure in {"completion", "rate"}:
            handlers.insert(0, ratios.overall_rate)
        if reading.measure == "goal" and not reading.has("yes_no"):
            handlers.append(facts.goal)
        if reading.negated:
            handlers.append(shares.complement)
        for op in _ordered(reading):
            if op == "text" and reading.has("difference"):
                continue  # 哪个更高 asks for no words
            if op == "conflict" and re.search(data.word("accounts_listed"), reading.text):
                continue  # 哪些科目的决算跟预算一样 asks for accounts
            if op == "sum" and re.search(data.word("asks_gap"), reading.text):
                continue  # 和项目支出合计相差多少 asks for no sum
            handlers.extend(HANDLERS.get(op, ()))
        if lastyear.named(self.report, reading):
            handlers[:0] = [each.years, branches.told, trend.last_year, twoyears.as_before]
            if lastyear.meant(self.report, reading):
                # A question about last year must not be answered with this year's figure.
                return [h for h in handlers if h is not lookup.lookup]
        if reading.op == "definition" and re.search(data.word("terms_compared"), reading.text):
            return list(dict.fromkeys(handlers))  # what two terms mean is told by no amount
        handlers[:0] = [lookup.numbered_column, lookup.empty_table]
        words = [entries.numbered_item, facts.text_fact, textual.passage_answer]
        if (
            reading.numeric and reading.measure != "grade"
        ):  # a number that cannot be found is not made up for by a quotation
            handlers += [lookup.lookup, trend.initial_budget, purpose.spent_on]
            handlers += [unitcost.told, loosely.counted]
            if reading.has("change"):
                handlers.append(textual.moved)
        elif re.search(data.word("asks_purpose"), reading.text):
            handlers += [purpose.told, *words]  # an amount does not say what it is for
        elif reading.op == "reason":
            handlers += words  # an amount is no reason
        elif reading.has("text", "list", "where", "definition", "reason", "change"):
            handlers += [*words, lookup.lookup]
        else:
            handlers += [lookup.lookup, loosely.counted, *words]
        return list(dict.fromkeys(handlers))


def _ordered(reading: Reading) -> Iterable[str]:
    """The intents in the order to be tried: a change against last year is no other difference, and
    whether a share is reached no share."""
    reached = re.search(data.word("asks_reached"), reading.text)
    if reached and reading.has("yes_no") and reading.has("share"):  # 占比达到85%了吗
        return sorted(reading.ops, key=lambda op: op != "yes_no")
    if not re.search(data.word("against_last_year"), reading.text):
        return reading.ops
    return sorted(reading.ops, key=lambda op: op == "difference")


def _no_last_year(ask: Ask) -> Answer:
    year = ask.report.year
    asked = "、".join(map(str, ask.reading.years)) or (year - 1 if year else "上一")
    return ask.evidence.answer(
        say("refuse_last_year", year=year or "", asked=asked),
        status="refused",
    )


def check_question(question: str) -> None:
    """Raises QuestionError, naming the remedy, for a question that cannot be read."""
    if not question.strip():
        raise QuestionError("问题为空：请输入要问的内容，例如“公务接待费花了多少钱”。")
    if len(question) > LONGEST:
        raise QuestionError(
            f"问题有{len(question)}个字符，超过{LONGEST}个的上限：请把问题缩短后再问。"
        )


def open_engine(
    settings: Settings,
    *,
    report: str | None = None,
    pdf: Path | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
) -> Engine:
    """The engine of one report: by id, by PDF (indexed first if needed), or the store's only one.

    Raises ReportIndexError subclasses and QuestionError when it is open which report is meant.
    """
    store = store or Store(settings)
    if pdf is not None:
        report = store.build(Path(pdf), progress).report
    if report is None:
        known = store.reports()
        if len(known) != 1:
            raise QuestionError(
                f"请用 --pdf 或 --report 说明问哪份报告；索引中现有：{some_names(known)}。"
            )
        report = known[0].id
    store.check_model(report)
    found = store.load(report)
    reranker = open_reranker(shared_settings().reranker)
    return Engine(found, PassageSearch(store, found, reranker=reranker), open_assistant())
