"""Question to answer over one report: resolve, refuse, look up, calculate, quote.

Deterministic, without a language model and without the network, unless one is set: then
`qa.model` may add to what was found here. Thread-safe after construction.
"""

from __future__ import annotations

import copy
import logging
import re
import time
from collections.abc import Iterable, Iterator, Sequence
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
from qa.catalogue import Catalogue, Wanted
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
from qa.reading import LONGEST, Reading, content_of, normalise, places_asked, read_question
from qa.rerank import open_reranker
from qa.search import PassageSearch
from qa.sets import project_named
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
            name, rest = meant
            joint = "" if rest.startswith("是") else "的"
            answer = self._about(name, f"{name}{joint}{rest}", question)
            if answer is not None:
                return replace(answer, text=say("carried", carried=name) + answer.text)

        def clause(text: str, before: Sequence[str]) -> Answer | None:
            readings = (words for words in self._standing(text, before, turns, question) if words)
            answers = (self._answer(read_question(words), question) for words in readings)
            return next((answer for answer in answers if answer is not None), None)

        turns = [h for h in history if h.strip()]
        said = refuse.without_own_body(normalise(question), self.report.body)
        if clauses.parted(said) and (answer := clauses.one_by_one(said, clause)) is not None:
            return answer
        pointing = ranking.points_to_first(reading.text)
        answer = self._of_first(reading, question) if pointing else None
        answer = answer or self._answer(reading, question)
        if answer is not None:
            return clauses.completed(said, answer, clause)
        if not pointing and (answer := self._of_first(reading, question)) is not None:
            return answer
        last_year = lastyear.meant(self.report, reading)
        for shorter in (*_without_asides(reading.text), *self._without_lead(reading.text)):
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
        if (answer := self._of_described(reading.text, question)) is not None:
            return answer
        if (answer := nearest.nearest(self.new_ask(reading, question))) is not None:
            return answer
        return replace(refuse.nothing_found(ask), unsure=True)

    def _standing(
        self, text: str, before: Sequence[str], turns: Sequence[str], question: str
    ) -> Iterator[str]:
        """What a clause may ask when it stands alone, the likeliest first."""
        body = branches.named_before(text, before[0], self.catalogue) if before else ""
        yield f"{body}{text}" if body else ""  # 执法大队核了几个编，年底实际有几个人
        pointing = bool(before and described.pointed_at(text)[0])
        if pointing:
            yield self._of_which(text, before, turns, question)
        whole = self._after(text, before, turns)
        yield whole
        if before and not pointing:
            yield self._of_which(text, before, turns, question)
        if before:
            member = project_named(self.new_ask(read_question(before[0]), question))
            yield f"{member.name}的{text}" if member is not None else ""
        if before and whole == text:
            yield f"{_whole_before(before[0])}{text}"

    def _of_which(
        self, text: str, before: Sequence[str], turns: Sequence[str], question: str
    ) -> str:
        """A clause after one that asks for the one thing it is about: 是哪个项目，为什么没付."""
        kind, rest = described.pointed_at(text)
        earlier = before[-1] if kind else before[0]
        kind = kind or described.kind_asked(earlier)
        if not kind:
            return ""
        whole = self._after(earlier, before[:-1], turns) if len(before) > 1 else earlier
        inner = self._answer(read_question(whole or earlier), question)
        name = described.only_one(self.catalogue, inner, kind)
        return f"{name}的{re.sub(data.word('its'), '', rest or text)}" if name else ""

    def _after(self, text: str, before: Sequence[str], turns: Sequence[str]) -> str:
        """A clause as it stands alone after the clauses before it; "" where it cannot."""
        if before and re.match(r"哪(一)?(个|类|项|块|家|笔).{0,6}最", text):  # 哪类最大，哪类最小
            return f"{re.sub(data.word('rank_behind'), '', before[0])}里{text}"
        bare = bool(re.search(data.word("bare_reason"), text))
        if before and read_question(before[0]).has("rank"):
            text = re.sub(data.word("its"), "", text)
            name = self._first_of(f"{before[0]},它的{text}", text)
            ranked = re.search(data.word("ranked_by"), before[0])
            if name and bare and ranked:
                return f"{name}为什么{ranked['what']}{ranked['how']}"
            return f"{name}的{text}" if name else ""
        if before and (of_them := re.match(data.word("of_them"), text)) is not None:
            they, listed = re.subn(data.word("lists_them"), "", before[0])
            if listed:  # 执行率不到九成的项目有哪些，它们一共执行了多少
                return f"{they},{text[of_them.end() :]}"
        if before and text.startswith("占"):  # 加起来多少，占人员经费的几成
            name = self._first_of(f"{before[0]},它{text}", text)
            return f"{name}{text}" if name else _whole_before(before[-1]) + text
        if before and re.match(data.word("part_of_before"), text):
            return f"{_whole_before(before[-1])}里{text}"
        if before and re.match(data.word("the_total_asked"), text):
            return f"{_whole_before(before[-1])}{text}"
        if before and bare:
            why = f"为什么{re.sub(data.word('how_much'), '', before[-1])}"
            return resolve(why, [*turns, *before[:-1]], self.catalogue).text
        return resolve(text, [*turns, *before], self.catalogue).text

    def _first_of(self, text: str, question: str) -> str:
        """The project that a question ranks first before it asks more of it, "" for none."""
        reading = read_question(text)
        if not reading.has("rank") or not ranking.points_to_first(text):
            return ""
        inner = ranking.nested(self.new_ask(reading, question))
        return inner[0] if inner else ""

    def _of_first(self, reading: Reading, question: str) -> Answer | None:
        """What the question asks of the project that it ranks first."""
        inner = ranking.nested(self.new_ask(reading, question)) if reading.has("rank") else None
        if inner is None:
            return None
        name, rest, ranked = inner
        text = f"{name}{rest}" if re.match("[中是由]", rest) else f"{name}的{rest}"
        answer = self._about(name, text, question)
        if answer is None:
            return None
        cited = tuple(dict.fromkeys((*answer.citations, *ranked)))
        return replace(answer, text=say("carried", carried=name) + answer.text, citations=cited)

    def _of_described(self, text: str, question: str) -> Answer | None:
        """What the question asks of the one thing that it describes."""
        found = described.described(text)
        if found is None:
            return None
        inner = self._answer(read_question(found.which), question)
        name = described.only_one(self.catalogue, inner, found.kind)
        return self._of_one(name, found.rest, inner, question) if name and inner else None

    def _of_one(self, name: str, rest: str, found: Answer, question: str) -> Answer | None:
        """What is asked of the one thing that was found, or of the body behind it."""
        told = found.citations
        if (more := described.body_of(rest)) != "":
            ask = self.new_ask(read_question(rest), question)
            if (body := described.body_behind(ask, name)) is None:
                return None
            ask.evidence.cite(body)
            name, rest, told = body.printed, more, (*told, *ask.evidence.citations)
        rest = re.sub(data.word("its"), "", rest)
        joint = "" if re.match("[中是由]", rest) else "的"
        answer = self._about(name, f"{name}{joint}{rest}", question)
        if answer is None or answer.status != "answered":
            return None
        cited = tuple(dict.fromkeys((*answer.citations, *told)))
        return replace(answer, text=say("carried", carried=name) + answer.text, citations=cited)

    def _about(self, name: str, text: str, question: str) -> Answer | None:
        """What the clauses of a text ask of one project."""

        def clause(words: str, before: Sequence[str]) -> Answer | None:
            whole = words if not before else f"{name}的{re.sub(data.word('its'), '', words)}"
            kind, rest = described.pointed_at(words) if before else ("", "")
            if kind in {"account", "body"}:  # 这个科目, of which the clause before told the name
                told = clause(before[-1], before[:-1])
                other = described.only_one(self.catalogue, told, kind)
                whole = f"{other}的{rest}" if other else whole
            return self._answer(read_question(whole), question + name)

        if clauses.parted(text) and (told := clauses.one_by_one(text, clause)) is not None:
            return told
        answer = self._answer(read_question(text), question + name)
        return clauses.completed(text, answer, clause) if answer is not None else None

    def _without_lead(self, text: str) -> Iterator[str]:
        """The question without its first clauses, as long as these name nothing of the report."""
        clauses = [c for c in re.split(r"[,。:;!]", text) if c]
        for i in range(1, len(clauses)):
            content = content_of(clauses[i - 1])
            hits = self.catalogue.find(Wanted(content), 1) if content else []
            if hits and hits[0].named >= 0.4 and hits[0].cover >= 0.2:
                return
            if re.search(data.word("computing_lead"), clauses[i - 1]):
                return
            if re.search(data.word("within_purchases"), clauses[i - 1]):
                return  # 服务类采购里，给中小企业的…: it says of what
            if re.search(data.word("describes_one"), clauses[i - 1]):
                return  # 年初没安排预算的那个科目，支出占…: it says which is asked about
            if re.match(data.word("of_the_lead"), clauses[i]):
                return  # 得分最低的项目，它的…: of what the lead names
            if re.match(data.word("compares_with_lead"), clauses[i]):
                return  # 相当于…的百分之几: of what stands before
            yield ",".join(clauses[i:])

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
        if reading.measure == "goal":
            handlers.append(facts.goal)
        if reading.negated:
            handlers.append(shares.complement)
        for op in _ordered(reading):
            if op == "text" and reading.has("difference"):
                continue  # 哪个更高 asks for no words
            handlers.extend(HANDLERS.get(op, ()))
        if lastyear.named(self.report, reading):
            handlers[:0] = [branches.told, trend.last_year, twoyears.as_before]
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


def _whole_before(clause: str) -> str:
    """What a clause before asked the amount of: 政府采购总共多少钱."""
    bare = re.sub(data.word("sum_tail"), "", clause)
    return re.sub(data.word("how_many_behind"), "", bare)


def _without_asides(text: str) -> list[str]:
    """The question without its remarks in brackets, unless one of them restricts what is asked."""
    shorter = re.sub(r"\([^()]{3,30}\)", "", text)
    asides = re.findall(r"\(([^()]{3,30})\)", text)
    asides = [a for a in asides if not re.match(r"(含|包括|包含)[\u4e00-\u9fff]{2}", a)]
    if shorter == text or any(re.search(data.word("restricts"), a) for a in asides):
        return []
    return [shorter]


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
