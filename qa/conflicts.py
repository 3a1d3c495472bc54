"""Whether every place that states a fact says the same: 是否一致, 有没有对不上的数."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.accept import counted_in
from qa.ask import Ask, agree, first_sure, unexplained
from qa.between import whether_same
from qa.catalogue import Hit
from qa.evidence import amount, amount_of, place_of, told_at
from qa.names import MONEY, both_money, content_pairs, core, pairs, same_family, topic
from qa.reading import content_of
from qa.stated import is_amount
from qa.values import Answer


def _in_all_forms(ask: Ask, content: str) -> Answer | None:
    """各张自评表填的一样吗: the actual values of one indicator in every form that has it."""
    if not re.search(data.word("several_forms"), ask.text):
        return None
    hits = [
        h
        for h in ask.find(content=content, measure="actual", units=(), tables=frozenset())
        if h.figure.measure == "actual" and h.figure.table
    ]
    if not hits or hits[0].named < 0.6:
        return None
    name = core(hits[0].figure.subject)
    places = list(
        {
            h.figure.table_id: h.figure for h in reversed(hits) if core(h.figure.subject) == name
        }.values()
    )
    if len(places) < 2:
        return None
    evidence = ask.evidence
    for f in places:
        evidence.value(f) if f.value is not None else evidence.cite(f)
        evidence.quote(place_of(f.page, f.page_label))
    same = len({squeeze(f.printed) for f in places}) == 1
    return evidence.answer(
        say("agree" if same else "differ", pieces=told_at(places)),
        polarity="yes" if same else "no",
    )


def alike_names(ask: Ask) -> Answer | None:
    """0.88万元那笔，表里和说明里的科目名称一样吗: the names that bear the amount stated."""
    match = re.search(data.word("stated_amount"), ask.text)
    if match is None or not re.search(data.word("asks_names"), ask.text):
        return None
    asked = content_pairs(ask.reading.content)
    figures = [
        f
        for f in ask.report.figures
        if is_amount(f, match["number"], match["unit"])
        and f.measure in {"final", "budget", "executed"}
        and not f.total
        and not f.facet
        and pairs(core(f.subject)) & asked
    ]
    places: dict[tuple[bool, str], Figure] = {}
    for f in figures:
        places.setdefault((bool(f.table), core(f.subject)), f)
    if {told for told, _ in places} != {True, False}:
        return None
    for f in places.values():
        ask.evidence.value(f)
        ask.evidence.quote(place_of(f.page, f.page_label))
    same = len({name for _, name in places}) == 1
    return ask.evidence.answer(
        say("agree" if same else "names_differ", pieces=told_at(list(places.values()))),
        polarity="yes" if same else "no",
    )


def all_found(ask: Ask) -> Answer | None:
    """这份报告里有没有前后对不上的数: the contradictions that the consistency checks found."""
    if not re.search(data.word("whole_report"), ask.text):
        return None
    if unexplained(content_of(re.sub(data.word("whole_report"), " ", ask.reading.rest)), ()):
        return None
    wrong = [f for found in ask.catalogue.findings.values() for f in found]
    wrong = [f for f in dict.fromkeys(wrong) if f.severity == "error"]
    if not wrong:
        return ask.evidence.answer(say("none_found"), polarity="no")
    ask.evidence.count(len(wrong))
    texts = [ask.evidence.finding(f) for f in wrong[:8]]
    return ask.evidence.answer(
        say("all_found", count=len(wrong), texts="".join(texts)), polarity="yes"
    )


def found_wrong(ask: Ask) -> Answer | None:
    """What the consistency checks found about the figure that the question doubts."""
    content = _conflict_content(ask)
    for hit in ask.find(units=(), content=content, scope="", measure="")[:8]:
        coded = ask.catalogue.code_of(hit.figure) in ask.reading.codes
        if not coded and (hit.named < 0.6 or not (hit.cover >= 0.5 or hit.named >= 0.9)):
            continue
        for finding in ask.catalogue.findings.get(hit.figure.id, ()):
            ask.evidence.cite(hit.figure)
            return ask.evidence.answer(ask.evidence.finding(finding), polarity="no")
    return None


def conflict_question(ask: Ask) -> Answer | None:
    """是否一致: every place that states the fact, whatever its scope, and whether they agree."""
    counter = ask.reading.counter
    measure = ask.reading.measure or ("change" if ask.reading.has("change") else "")
    content = _conflict_content(ask)
    if (everywhere := _in_all_forms(ask, content)) is not None:
        return everywhere
    found = ask.find(units=(), measure=measure, content=content, scope="")
    hit = first_sure(
        [
            h
            for h in found
            if h.figure.value is not None
            and (not measure or same_family(measure, h.figure.measure))
            and (not counter or counted_in(h.figure.unit, counter))
        ]
    )
    if hit is None:
        return None
    figure = hit.figure
    name = topic(figure)
    same = [f for f in ask.catalogue.same_fact(figure) if f.value is not None]
    places = list(same)
    for other in found:
        f = other.figure
        if (
            f.value is not None
            and f.measure == figure.measure
            and f.facet == figure.facet
            and f.project == figure.project
            and topic(f) == name
            and ask.reading.scope in {"", f.scope}
            and ask.catalogue.code_of(f)[:3] in {"", ask.catalogue.code_of(figure)[:3]}
            and f not in places
        ):
            places.append(f)
    if len(places) == 1 and (elsewhere := _under_another_head(ask, found, figure)) is not None:
        return whether_same(ask, (figure, elsewhere), agree(figure, elsewhere))
    if len(places) == 1:
        places += _like_counts(found, figure)
        same = places
    distinct: list[Figure] = []
    for f in places:
        if not any(agree(f, d) for d in distinct) and (f in same or _near(figure, f)):
            distinct.append(f)
    evidence = ask.evidence
    if len(distinct) > 1:
        evidence.magnitude(figure) if measure == "change" else evidence.value(figure)
        text = evidence.conflict(distinct[:4])
        scopes = {d.scope for d in distinct}
        if len(scopes) > 1:
            text += (
                "口径："
                + "；".join(
                    f"{amount(d)}为{d.scope.removesuffix('口径')}口径" for d in distinct[:4]
                )
                + "。"
            )
        return evidence.answer(text, polarity="no")
    places = [f for f in places if agree(figure, f)]
    if (wrong := found_wrong(ask)) is not None:
        return wrong
    evidence.value(figure, [f for f in places if f.id != figure.id][:5])
    if len(places) == 1:
        evidence.quote(place_of(figure.page, figure.page_label))
        return evidence.answer(say("told_once", piece=told_at(places)))
    for f in places[:4]:
        evidence.quote(place_of(f.page, f.page_label))
    return evidence.answer(say("agree", pieces=told_at(places[:4])), polarity="yes")


def _under_another_head(ask: Ask, found: Sequence[Hit], figure: Figure) -> Figure | None:
    """The item in another place, under a column of a part: 培训费 of the table of basic
    expenditure beside that of the prose, where the question names a place for it."""
    places = re.search(data.word("two_places"), ask.text)
    if places is None or figure.unit not in MONEY:
        return None
    others = (
        h.figure
        for h in found
        if core(h.figure.subject) == core(figure.subject)
        and h.figure.table_id != figure.table_id
        and h.figure.value is not None
        and h.figure.project == figure.project
        and same_family(h.figure.measure, figure.measure)
    )
    return next(others, None)


def _like_counts(found: Sequence[Hit], figure: Figure) -> list[Figure]:
    """Counts under other names, almost equal: what 在职人员 and 年末实有人数 say of one body.

    Told in the prose and in an indicator of a form, or twice in the prose.
    """
    if figure.measure not in _COUNTS or figure.value is None or figure.unit in MONEY | {"%", "分"}:
        return []
    own = pairs(core(figure.subject))

    def alike(other: Figure) -> bool:
        if other.value is None or figure.value is None:
            return False
        name = pairs(core(other.subject))
        close = len(own & name) >= _ALIKE * min(len(own), len(name) or 1)
        return abs(other.value - figure.value) <= figure.value / (5 if close else 10)

    return [
        h.figure
        for h in found
        if h.figure.measure in _COUNTS
        and h.figure.value
        and h.figure.table_id != figure.table_id
        and h.figure.year == figure.year
        and (counted_in(h.figure.unit, figure.unit) or counted_in(figure.unit, h.figure.unit))
        and h.cover >= _LIKE
        and alike(h.figure)
    ][:1]


_COUNTS = {"count", "actual", "target"}
_ALIKE = 0.5  # share of the shorter name that two names of one thing have alike
_LIKE = 0.4  # share of the question that a count under another name must explain


def _conflict_content(ask: Ask) -> str:
    """The name whose figures are to be compared: a quoted one first."""
    quoted = re.search(r"[“\"]([^”\"]{3,20})[”\"]", ask.text)
    if quoted and "三公" not in quoted[1]:
        return content_of(quoted[1])
    text = re.sub(
        data.word("agreement_words"),
        " ",
        ask.reading.rest,
    )
    return content_of(text) or ask.reading.content


def _near(a: Figure, b: Figure) -> bool:
    """Amounts that could be meant to be the same: a third apart at the most."""
    if a.value is None or b.value is None:
        return False
    if a.unit != b.unit and not both_money(a, b):
        return False
    low, high = sorted((abs(amount_of(a)), abs(amount_of(b))))
    return high - low <= high * Decimal("0.35")
