"""Questions over time: change against last year, and last year's amount derived from it."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace

from index.claims import sentences
from index.text import squeeze
from index.values import Figure, Passage
from prompts import say
from qa import data
from qa.ask import Ask, agree, by_id, first_sure, split_same, unexplained, weighty
from qa.errors import PlanError
from qa.evidence import amount
from qa.lookup import figure_answer
from qa.names import MONEY, content_pairs, core, key, pairs, topic
from qa.plan import Plan, Step, rounding_of, run
from qa.reading import content_of
from qa.thisyear import in_table, this_year
from qa.units import plain
from qa.values import Answer

WORKED_BACK = "上年数（推算）"  # behind the name of an amount of last year that is not printed
_UP, _DOWN = "增加", "减少"
_TIME = re.compile(data.word("time_base"))
_CHANGE = re.compile(data.word("change_words"))


def compared_content(ask: Ask) -> str:
    """The names in a question about a change, without the words that ask for it."""
    content = content_of(_CHANGE.sub(" ", _TIME.sub(" ", ask.reading.rest)))
    content = re.sub(r"(^| )(亿|万)?元(?= |$)", "", content)
    content = re.sub(r"(比|和|与|跟|较|同|相比)(?= |$)", "", content).strip()
    whole = data.word_or("trend_of", content, content)
    if whole == content:
        return content
    if content.endswith("总计"):
        return content if _moves(ask, frozenset({core(content)})) else whole
    own = next((s for s in _WHOLES if s in content), "")
    return f"本年{own}合计" if own and _moves(ask, _WHOLES[own]) else whole


def _moves(ask: Ask, names: frozenset[str]) -> bool:
    """Whether the report tells a change of what has one of the names, of all funds."""
    return any(
        e.figure.measure in {"change", "change_rate", "prior"}
        and e.figure.scope == "全口径"
        and e.figure.value is not None
        and core(e.figure.subject) in names
        for e in ask.catalogue.entries
    )


def changes(ask: Ask, content: str) -> tuple[Figure | None, Figure | None]:
    """The change and the rate of change of what the question names, from one place if possible."""
    found: list[Figure | None] = [None, None]
    for i, measure in enumerate(("change", "change_rate")):
        hits = [
            h
            for h in ask.find(content=content, measure=measure, units=(), tables=frozenset())
            if h.figure.measure == measure and _base_fits(ask, h.figure)
        ]
        hit = first_sure([h for h in hits if not _of_another(ask, content, h.entry.fields)])
        if hit is not None and (hit.named >= 0.3 or hit.cover >= _COVERED):
            found[i] = hit.figure
    change, rate = found
    if change is None and rate is not None:  # the amount stands beside the rate
        change = told_beside(ask, rate, "change")
    if change is not None and rate is None:
        rate = _rate_elsewhere(ask, change)
    if change is not None:
        rate = told_beside(ask, change, "change_rate") or (
            rate if rate and core(rate.subject) == core(change.subject) else None
        )
    return change, rate


def _of_another(ask: Ask, content: str, fields: Container[str]) -> bool:
    """Whether a name of the question is another figure's: 项目支出, where 收、支总计 was found."""
    names = [part for word in content.split() for part in (word, word.split("的")[0])]
    return any(
        core(word) in ask.catalogue.subjects and unexplained(word, fields) == weighty(key(word))
        for word in names
    )


def _rate_elsewhere(ask: Ask, change: Figure) -> Figure | None:
    """The rate that the prose gives for a change that a table prints."""
    name = topic(change)
    return next(
        (
            f
            for f in ask.report.figures
            if f.measure == "change_rate"
            and f.value is not None
            and topic(f) == name
            and f.scope == change.scope
            and (told := told_beside(ask, f, "change")) is not None
            and agree(told, change)
        ),
        None,
    )


def _fiscal_twin(ask: Ask, content: str) -> str:
    """财政拨款收入 for 收入 where the change is told of the former alone and both are one amount.

    收入预算9101万元，其中：财政拨款收入9101万元，比上年预算减少…: nothing else moved.
    """
    side = next((s for s in ("收入", "支出") if data.names("fiscal_twins").get(s) == content), "")
    side = next((s for s in ("收入", "支出") if s in ask.text), "") if side else ""
    if not side or (side == "收入" and "支出" in ask.text):
        return ""
    whole = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.value and e.figure.scope == "全口径" and core(e.figure.subject) in _WHOLES[side]
    ]
    part = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.value
        and core(e.figure.subject) == core(f"财政拨款{side}")
        and e.figure.measure in {"final", "budget"}
    ]
    if not whole or not part or not any(agree(w, p) for w in whole for p in part):
        return ""
    return f"财政拨款{side}"


_WHOLES = {
    side: frozenset(core(f"{side}{total}") for total in ("总计", "合计", "预算"))
    | {core(f"本年{side}合计")}
    for side in ("收入", "支出")
}


def told_beside(ask: Ask, figure: Figure, measure: str) -> Figure | None:
    """Another measure of the same subject in the same sentence: the rate of a change, and back."""
    return next(
        (
            f
            for f in ask.report.figures
            if f.measure == measure
            and f.sentence == figure.sentence
            and f.table_id == figure.table_id
            and core(f.subject) == core(figure.subject)
        ),
        None,
    )


def _base_fits(ask: Ask, figure: Figure) -> bool:
    """Whether the base of a change is the one the question compares with (last year if open)."""
    if "预算" in figure.base:
        budget = ask.report.kind == "budget" and not re.search(data.word("asks_executed"), ask.text)
        return "预算" in ask.text or budget
    named = [y for y in ask.reading.years if y != ask.report.year]
    year = re.match(r"20\d\d", figure.base)
    return not (named and year) or int(year.group()) in named


def change(ask: Ask) -> Answer | None:
    """比上年增加还是减少, 幅度多少: the amount and the rate as printed."""
    content = compared_content(ask)
    if not content:
        return None
    amount_figure, rate = changes(ask, content)
    if amount_figure is None and rate is None:
        amount_figure = _told_in_reason(ask, content)
    if amount_figure is None and rate is None and (twin := _fiscal_twin(ask, content)):
        content = twin
        amount_figure, rate = changes(ask, content)
    if amount_figure is None and rate is None:
        quote = level(ask, content) if ask.reading.op == "change" else None
        return ask.evidence.answer(quote) if quote else None
    first = rate if rate is not None and _asks_rate(ask) else amount_figure or rate
    assert first is not None
    if _asks_rate(ask) and rate is None and amount_figure is not None:
        noted = _zero_base(ask, amount_figure) or _rate_worked_out(ask, content, amount_figure)
        if noted:
            return noted
    evidence = ask.evidence
    for figure in dict.fromkeys(f for f in (first, amount_figure, rate) if f is not None):
        same, different = split_same(ask, figure)
        evidence.magnitude(figure, same[:3] if figure is first else ())
        if different and figure is first:
            note = evidence.conflict([figure, *different[:2]])
            break
    else:
        note = ""
    label = first.subject
    base = first.base or "上年"
    text = ""
    if amount_figure is not None and rate is not None:
        text = say(
            "change_both",
            label=label,
            base=base,
            word=_word(amount_figure),
            change=amount(amount_figure),
            rate_word="增长" if (rate.value or 0) > 0 else "下降",
            rate=amount(rate),
        )
    else:
        text = say("change", label=label, base=base, word=_word(first), change=amount(first))
    return evidence.answer(text + note)


def _rate_worked_out(ask: Ask, content: str, moved: Figure) -> Answer | None:
    """The rate of a change of which the report tells the amount alone, over last year's amount."""
    now = this_year(ask, content, moved)
    if now is None or moved.value is None or moved.unit not in MONEY:
        return None
    steps = (Step("before", (now.id, moved.id)), Step("percent", (moved.id, "#0")))
    try:
        calculation = run(Plan(steps), by_id([now, moved]))
    except PlanError:
        return None
    word = "下降" if moved.value < 0 else "增长"
    label = f"{moved.subject}比{moved.base or '上年'}{word}的幅度（推算）"
    ask.evidence.result(calculation, [moved, now], label, size=True)
    ask.evidence.magnitude(moved)
    told = say(
        "change",
        label=moved.subject,
        base=moved.base or "上年",
        word=_word(moved),
        change=amount(moved),
    )
    formula = say("computed", label=f"{word}幅度（推算）", formula=calculation.formula)
    return ask.evidence.answer(told + formula + rounding_of(calculation))


def level(ask: Ask, words: str) -> str | None:
    """The sentence that says that an item stays as it was (持平), cited and quoted."""
    wanted = content_pairs(content_of(words))
    must = re.compile(data.word("stays_level"))
    best: tuple[float, Passage, str] | None = None
    for passage, _ in ask.search(f"{words}与上年持平", 20):
        if passage.kind != "paragraph":
            continue
        for start, end in sentences(passage.text):
            sentence = passage.text[start:end]
            inside, above = pairs(key(sentence)), pairs(key("".join(passage.section[-1:])))
            share = ask.catalogue.explained(wanted, (inside, 1.0), (above, 0.9))
            if must.search(sentence) and share >= 0.6 and (best is None or share > best[0]):
                best = share, passage, sentence
    if best is None:
        return None
    ask.evidence.cite_passage(best[1], best[2])
    return say("quote", quote=best[2])


def _asks_rate(ask: Ask) -> bool:
    return bool(re.search(data.word("asks_change_rate"), ask.text))


def _word(figure: Figure) -> str:
    return _UP if (figure.value or 0) > 0 else (_DOWN if (figure.value or 0) < 0 else "变化")


def _zero_base(ask: Ask, figure: Figure) -> Answer | None:
    """A growth rate on a zero base is refused with the report's own words."""
    for passage in ask.report.passages:
        if (
            figure.sentence
            and figure.sentence[:12] in passage.text
            and re.search(r"不可比|基数为0|--", squeeze(passage.text))
        ):
            sentence = _holding(passage.text, "不可比|基数|--")
            ask.evidence.magnitude(figure)
            ask.evidence.cite_passage(passage, sentence)
            return ask.evidence.answer(
                say("zero_base", label=figure.subject, reason=say("quote", quote=sentence))
            )
    return None


def _holding(text: str, pattern: str) -> str:
    return next((text[s:e] for s, e in sentences(text) if re.search(pattern, text[s:e])), text)


def last_year(ask: Ask) -> Answer | None:
    """Last year's amount: printed where the report has it, else this year's less the change."""
    year = ask.report.year
    if year is None or re.search(data.word("asks_by_percent"), ask.text):
        return None  # by how many percent, worked out from the change: `change` answers
    content = compared_content(ask)
    if not content and not ask.reading.codes:
        return None
    printed = first_sure(
        [
            h
            for h in ask.find(content=content, year=year - 1, measure="", units=())
            if h.figure.year == year - 1
            and (h.named >= _NAMED_PRIOR or h.figure.code in ask.reading.codes)
            and h.figure.value is not None
            and h.figure.measure not in {"change", "change_rate"}
        ]
    )
    executed = re.search(data.word("asks_executed"), ask.text)
    if printed is not None and ask.reading.counter and printed.figure.unit in MONEY:
        return None  # 接待了几批: no amount
    if printed is not None:
        if executed and printed.figure.measure.startswith("budget"):
            return None  # the accounts of that year were asked, its budget is printed
        return figure_answer(ask, printed)
    change_figure, rate = changes(ask, content)
    if change_figure is None and rate is None:
        change_figure = _told_in_reason(ask, content)
    if change_figure is None and rate is None and (twin := _fiscal_twin(ask, content)):
        content = twin
        change_figure, rate = changes(ask, content)
    moved = change_figure or rate
    if moved is None or moved.value is None:
        return None
    if ask.report.kind == "budget" and executed and not moved.base.endswith("执行"):
        return None  # a budget tells no accounts of the year before
    budget_asked = ask.reading.measure.startswith("budget") and ask.report.kind != "budget"
    if budget_asked and "预算" not in moved.base:
        return None  # and the change of accounts tells no budget of it
    if ask.reading.counter and moved.unit in MONEY:
        return None  # 接待了几批: no amount
    now = in_table(ask, moved) or this_year(ask, content, moved)
    if now is None:
        return None
    if now.value == 0:  # where a table has an amount, the 0 of the prose is the slip
        now = next((f for f in split_same(ask, now)[1] if f.value and f.table), now)
    operation = "before" if moved is change_figure else "grow_back"
    try:
        calculation = run(
            Plan((Step(operation, (now.id, moved.id)),), ask.reading.unit_out),  # type: ignore[arg-type]
            by_id([now, moved]),
        )
    except PlanError:
        return None
    same, different = split_same(ask, now)
    name = now.subject
    if topic(now) == "总计" and now.scope not in {"全口径", ""} and now.scope not in name:
        name = f"{now.scope}{name}"
    label = f"{name}{WORKED_BACK}"
    ask.evidence.result(calculation, [moved, now, *same[:2]], label)
    base = moved.base if moved.base.startswith("20") else f"{year - 1}年度"
    text = say(
        "last_year",
        label=name,
        base=base,
        value=f"{plain(calculation.result)}{calculation.unit}",
    )
    text += say("computed", label="计算", formula=calculation.formula)
    if different:  # then so is what was worked out from it
        text += ask.evidence.conflict([now, *different[:2]])
    return ask.evidence.answer(text)


def initial_budget(ask: Ask) -> Answer | None:
    """The initial budget worked back, where only the gap to it is told: 比年初预算增加23.11万元."""
    if ask.reading.measure not in {"budget", "budget_initial"} or not ask.reading.numeric:
        return None
    content = compared_content(ask)
    if not content or ask.report.kind == "budget":
        return None
    hits = [
        h
        for h in ask.find(content=content, measure="change", units=tuple(MONEY))
        if h.figure.measure == "change" and "预算" in h.figure.base and h.named >= _NAMED_GAP
    ]
    hit = first_sure(hits)
    now = this_year(ask, content, hit.figure) if hit is not None else None
    if hit is None or now is None or core(now.subject) != core(hit.figure.subject):
        return None
    calculation = run(
        Plan((Step("before", (now.id, hit.figure.id)),), ask.reading.unit_out),
        by_id([now, hit.figure]),
    )
    ask.evidence.result(calculation, [hit.figure, now], f"{now.subject}年初预算数（推算）")
    value = f"{plain(calculation.result)}{calculation.unit}"
    return ask.evidence.answer(
        say("initial_budget", label=now.subject, value=value)
        + say("computed", label="计算", formula=calculation.formula)
    )


_NAMED_GAP = 0.75  # share of the name of an item whose budget is worked back


def _told_in_reason(ask: Ask, content: str) -> Figure | None:
    """The change that a reason gives of another item: 主要原因是项目支出增加1133.95万元."""
    hits = ask.find(content=content, measure="reason_amount", units=tuple(MONEY))
    for hit in hits[:12]:
        figure = hit.figure
        if figure.measure != "reason_amount" or not figure.value or hit.named < _NAMED_WHOLLY:
            continue
        before = figure.sentence.split(figure.printed)[0]
        word = re.search(data.word("moved_by") + "$", before)
        if word is not None and not re.search("预算", before[-24:]):
            return replace(figure, value=-figure.value) if word["down"] else figure
    return None


_COVERED = 0.85  # share of the question that a change explains, where its name says little
_NAMED_PRIOR = 0.45  # of a figure of last year that the report prints
_NAMED_WHOLLY = 0.95  # of a change that stands in the reason of another change
