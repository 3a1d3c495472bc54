"""What the report does not hold: other years, other bodies, persons, chat; the nearest figure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text import squeeze
from prompts import say
from qa import data, destinations
from qa.ask import Ask, first_sure
from qa.evidence import amount
from qa.heads import staff_of
from qa.names import MONEY, core, key, same_family, shortens
from qa.plan import label_of
from qa.values import Answer

_BODY = re.compile(data.word("bodies"))
_PERSONS = {"人", "名"}
_LEAD = re.compile(data.word("body_lead"))


def refusal(ask: Ask) -> Answer | None:
    """A refusal when the question asks for what no such report holds; None otherwise."""
    text = ask.reading.original
    for rule in data.refusals():
        if not data.first_match(rule.patterns, text):
            continue
        if rule.unless and data.compiled(rule.unless).search(text):
            continue
        if rule.kind == "chat" and _in_report(ask, rule.patterns):
            continue
        if rule.unless_figure and _has_unit(ask, rule.unless_figure):
            continue
        if rule.kind == "salary" and _whole_named(ask):
            continue
        if rule.kind == "place":
            named = destinations.told(ask) or destinations.received(ask)
            if named is not None:
                return named
        if rule.kind in {"injection", "chat"}:
            return ask.evidence.answer(
                say("refuse_out", missing=rule.missing, title=ask.report.title), status="refused"
            )
        return refused(ask, rule.missing)
    return other_year(ask) or other_body(ask) or unknown_code(ask)


def _whole_named(ask: Ask) -> bool:
    """Whether the question names an account of pay and no person: 在职人员的津贴补贴."""
    if re.search(data.word("of_one_person"), ask.reading.original):
        return False
    return any(
        e.figure.code.startswith("3")
        and len(core(e.figure.subject)) >= _ACCOUNT
        and core(e.figure.subject) in key(ask.reading.original)
        for e in ask.catalogue.entries
    )


_ACCOUNT = 4  # characters of the name of an account of pay: 津贴补贴


def _in_report(ask: Ask, patterns: Sequence[str]) -> bool:
    """Whether the words that sound like chat stand in the report as the question has them.

    校园足球 of a report on schools is no talk of football. The characters beside are compared.
    """
    text = ask.reading.original
    found = [m for p in patterns if (m := data.compiled(p).search(text))]
    return bool(found) and all(
        any(len(m.group()) > 1 and m.group() in name for name in ask.catalogue.subjects)
        or key(text[max(m.start() - 1, 0) : m.end() + 1]) in ask.catalogue.text
        or key(text[max(m.start() - 2, 0) : m.end()]) in ask.catalogue.text
        for m in found
    )


def unfilled(ask: Ask) -> Answer | None:
    """A question for a number, put to a form that has not been filled in."""
    asks = ask.reading.numeric or ask.reading.codes or ask.reading.has("change", "share", "rank")
    if not asks or not ask.catalogue.unfilled:
        return None
    return refused(ask, say("unfilled"))


def unknown_code(ask: Ask) -> Answer | None:
    """Account codes that the report does not have."""
    codes = ask.reading.codes
    if not codes or any(ask.catalogue.has_code(code) for code in codes):
        return None
    ask.evidence.quote("、".join(codes))
    return refused(ask, say("no_code", codes="、".join(codes)))


def _has_unit(ask: Ask, unit: str) -> bool:
    """Whether the report prints a count of persons that the question may mean."""
    if unit == "人" and _staff_told(ask):
        return True
    hits = ask.find(units=tuple(_PERSONS), measure="") if unit == "人" else ask.find(units=(unit,))
    return any(
        h.figure.unit in (_PERSONS if unit == "人" else {unit})
        and (h.cover >= 0.5 or h.named >= 0.7)
        and h.cover >= 0.25
        for h in hits[:5]
    )


def _staff_told(ask: Ask) -> bool:
    """Whether the report counts the kind of staff that the question names."""
    kinds = [k for k in data.word("staff_kinds").split("|") if k in ask.text]
    if kinds and staff_of(ask):
        return True
    return any(
        f.measure == "count" and f.unit in _PERSONS and f.value and kind in f.subject
        for kind in kinds
        for f in ask.report.figures
    )


def other_year(ask: Ask) -> Answer | None:
    """Years that the report is not about. Last year is answered elsewhere, by derivation."""
    year = ask.report.year
    if year is None:
        return None
    asked = [y for y in ask.reading.years if y != year and not _dated(ask, y)]
    told = {f.year for f in ask.report.figures} | {
        int(m) for f in ask.report.figures for m in re.findall(r"20\d\d", f.base)
    }
    missing = [y for y in asked if y != year - 1 and (y not in told or _told_of_else(ask, y))]
    if not missing or (
        year in ask.reading.years
        and len(asked) < len(ask.reading.years)
        and not _only_about(ask, missing)
    ):
        return None
    near = _nearest(ask)
    name = "refuse_year_near" if near else "refuse_year"
    asked_words = "、".join(str(y) for y in missing)
    ask.evidence.quote(asked_words)
    return ask.evidence.answer(say(name, year=year, asked=asked_words, near=near), status="refused")


def _told_of_else(ask: Ask, year: int) -> bool:
    """Whether a later year is told of something else only: 核减2025年预算30万元."""
    if ask.report.year is None or year < ask.report.year:
        return False
    hit = first_sure(
        [h for h in ask.find(year=year, measure="", units=()) if h.figure.year == year]
    )
    return hit is None


def _dated(ask: Ask, year: int) -> bool:
    """Whether the question names a month of the year that the report names too: 2025年2月."""
    months = re.findall(rf"{year}年\d{{1,2}}月", ask.reading.original)
    return bool(months) and all(key(m) in ask.catalogue.text for m in months)


def _only_about(ask: Ask, missing: list[int]) -> bool:
    return len(missing) == len([y for y in ask.reading.years if y != ask.report.year])


def other_body(ask: Ask) -> Answer | None:
    """A body that is neither the report's own, under any short name, nor named in it."""
    if re.search(data.word("asks_duty"), ask.text):
        return None  # 县爱国卫生运动委员会的工作归卫健局管吗: bodies are what is asked for
    if school := _school(ask):
        return _not_this_body(ask, school)
    own = key(ask.report.body)
    for match in _BODY.finditer(ask.reading.content):
        name = _LEAD.sub("", match[1])
        plain = key(re.split(data.word("joining_bodies"), name)[-1])
        if len(plain) < 4 or plain in ask.catalogue.text or shortens(plain, own):
            continue
        if plain[:2] in own and shortens(re.sub(data.word("place_prefix"), "", plain), own):
            continue
        if _own_at_end(plain, own):
            continue
        return _not_this_body(ask, name)
    return None


def _not_this_body(ask: Ask, name: str) -> Answer:
    ask.evidence.quote(name)
    return ask.evidence.answer(
        say("refuse_body", body=ask.report.body, asked=name), status="refused"
    )


def _school(ask: Ask) -> str:
    """A school under a short name (县一中) that the report does not name, "" for none."""
    match = re.search(data.word("school_short"), ask.text)
    return match.group() if match and key(match.group()) not in ask.catalogue.text else ""


def _own_at_end(words: str, body: str) -> bool:
    """Whether the words are a clause that ends with the report's own body: 纳入了民政局.

    青岛市民政局 is no clause, but another body.
    """
    for size in range(len(words), _SUFFIX - 1, -1):
        if body.endswith(words[-size:]):
            return bool(re.search(data.word("body_clause"), words[:-size]))
    return False


_SUFFIX = 3  # characters that the short name of a body has at least


def without_own_body(question: str, body: str) -> str:
    """The question without the report's own body in front, under any short name (规资局的…)."""
    match = re.match(data.word("own_body"), question)
    if match and shortens(key(match["body"]), key(body)):
        return (match["lead"] + question[match.end() :]) or question
    inside = re.search(data.word("own_body_s_money"), question)
    if inside and shortens(key(inside["body"]), key(body)):  # 跟上年比，区府办的钱多了还是少了
        whole = data.word_or("money_of_body", inside["money"], inside["money"])
        return question[: inside.start("body")] + whole + question[inside.end("money") :]
    return question


def refused(ask: Ask, missing: str) -> Answer:
    """A refusal that says what is missing and offers the nearest figure that exists."""
    near = _nearest(ask)
    if near:
        return ask.evidence.answer(say("refuse_near", missing=missing, near=near), status="refused")
    return ask.evidence.answer(say("refuse", missing=missing), status="refused")


def nothing_found(ask: Ask) -> Answer:
    """The refusal when neither a figure nor a sentence explains enough of the question."""
    if not ask.reading.content and not ask.reading.codes and ask.reading.numeric:
        return _which_item(ask)
    words = "、".join(ask.reading.content.split()) or squeeze(ask.reading.original)
    words = words[:40]
    ask.evidence.quote(words)
    return refused(ask, f"没有找到与“{words}”对应的数字或文字")


def _which_item(ask: Ask) -> Answer:
    """The question back to the user, when it names no item at all."""
    names: list[str] = []
    for entry in ask.catalogue.entries:
        figure = entry.figure
        if (
            figure.value
            and figure.unit in MONEY
            and figure.subject not in names
            and (not ask.reading.measure or same_family(figure.measure, ask.reading.measure))
        ):
            names.append(figure.subject)
    choices = tuple(names[:4])
    if not choices:
        return refused(ask, say("which_open", asked=ask.reading.original))
    for name in choices:
        ask.evidence.quote(name)
    return ask.evidence.answer(
        say("which_item", choices="、".join(choices)), status="clarify", choices=choices
    )


def _nearest(ask: Ask) -> str:
    """The figure that explains most of the question, when it explains anything; cited."""
    for hit in ask.find(units=())[:5]:
        figure = hit.figure
        if figure.value is not None and hit.cover >= 0.3 and hit.named >= 0.5:
            ask.evidence.cite(figure)
            return f"{label_of(figure)}{amount(figure)}"
    return ""
