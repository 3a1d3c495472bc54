"""Statements of the user held against the report: A or B, a printed share worked out again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index.claims import sentences
from index.text import fold, numbers_in
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, agree, by_id, first_sure, tolerance
from qa.between import whether_same
from qa.errors import PlanError
from qa.evidence import amount, value_of
from qa.names import MONEY, both_money, content_pairs, core, topic
from qa.plan import Plan, Step, label_of, run
from qa.reading import content_of, read_question
from qa.textual import Quote, cite_quote
from qa.thisyear import this_year
from qa.trend import told_beside
from qa.values import Answer

_EITHER = re.compile(data.word("either_number"))
_RATES = ("share", "completion", "rate", "change_rate")
_CHECK = re.compile(data.word("asks_to_check"))


def either(ask: Ask) -> Answer | None:
    """是326.71还是326.72: every place that prints one of the two numbers for the item."""
    match = _EITHER.search(fold(ask.reading.original))
    if not match:
        return None
    wanted = [Decimal(match[g].replace(",", "")) for g in ("a", "b")]
    content = content_of(_EITHER.sub(" ", ask.text))
    found: dict[Decimal, Figure] = {}
    for hit in ask.find(content=content, units=(), measure="", scope="", codes=()):
        figure = hit.figure
        if figure.value is None or hit.named < 0.3:
            continue
        value, _ = value_of(figure)
        for number in wanted:
            if abs(value) == number:
                found.setdefault(number, figure)
    if not found:
        return None
    figures = [found[n] for n in wanted if n in found]
    if len(figures) == 1:
        ask.evidence.value(figures[0])
        return ask.evidence.answer(
            say("reported", label=label_of(figures[0]), value=amount(figures[0]))
        )
    ask.evidence.value(figures[0])
    return ask.evidence.answer(ask.evidence.conflict(figures))


def rate_checked(ask: Ask) -> Answer | None:
    """这个比例算得对吗: a share or completion as printed, and worked out from its amounts."""
    if not _CHECK.search(ask.text) or re.search(data.word("compared_changes"), ask.text):
        return None
    if ask.reading.units and set(ask.reading.units) <= MONEY:
        return None  # 我在核对…，查一下公用经费是多少万元: an amount is asked for
    printed = _printed_rate(ask)
    if printed is None:
        return None
    changed = printed.measure == "change_rate"
    operands = _change_of(ask, printed) if changed else _amounts_of(ask, printed)
    if operands is None:
        return None
    top, bottom = operands
    steps: tuple[Step, ...] = (Step("percent", (top.id, bottom.id)),)
    if changed:  # against last year's amount: this year's less the change
        steps = (Step("before", (bottom.id, top.id)), Step("percent", (top.id, "#0")))
    try:
        calculation = run(Plan(steps), by_id([top, bottom]))
    except PlanError:
        return None
    told = printed.value or Decimal(0)
    same = abs(told - calculation.result) <= tolerance(printed) + Decimal("0.005")
    evidence = ask.evidence
    evidence.value(printed)
    evidence.result(calculation, [top, bottom], f"{label_of(printed)}（重新计算）")
    text = say(
        "recomputed",
        label=label_of(printed),
        printed=amount(printed),
        formula=calculation.formula,
        verdict="两者一致" if same else "两者不一致",
    )
    return evidence.answer(text, polarity="yes" if same else "no")


def _printed_rate(ask: Ask) -> Figure | None:
    numbers = [Decimal(n) for n in re.findall(r"(\d+(?:\.\d+)?)%", ask.reading.original)]
    content = content_of(_CHECK.sub(" ", re.sub(data.word("rate_words"), " ", ask.text)))
    rates = [
        h
        for measure in _RATES
        for h in ask.find(content=content, measure=measure, units=())
        if h.figure.measure == measure and h.figure.unit == "%"
    ]
    named = [h for h in rates if h.figure.value is not None and abs(h.figure.value) in numbers]
    hit = first_sure(sorted(named or rates, key=lambda h: -h.score))
    return hit.figure if hit else None


def _change_of(ask: Ask, printed: Figure) -> tuple[Figure, Figure] | None:
    """The change that a rate of change belongs to, and this year's amount."""
    change = told_beside(ask, printed, "change")
    if change is None:
        return None
    now = this_year(ask, content_of(printed.subject), change)
    return (change, now) if now is not None else None


def _amounts_of(ask: Ask, printed: Figure) -> tuple[Figure, Figure] | None:
    """The part and the whole of a printed share; the final figure and the budget of a completion.

    Both are looked for in the paragraph of the rate first, then anywhere under its scope.
    """
    beside = [
        f
        for f in ask.report.figures
        if f.table_id == printed.table_id and f.value is not None and f.unit == "万元"
    ]

    anywhere = (
        e.figure
        for e in ask.catalogue.entries
        if e.figure.value is not None
        and e.figure.scope == printed.scope
        and e.figure.unit in {"元", "万元"}
    )
    same = [f for f in (*beside, *anywhere) if core(f.subject) == core(printed.subject)]

    def first(measures: set[str]) -> Figure | None:
        return next((f for f in same if f.measure in measures), None)

    top = first({"final", "executed"})
    if top is None:
        return None
    if printed.measure in {"completion", "rate"}:
        kind = "budget_initial" if "年初" in printed.base else "budget_adjusted"
        bottom = first({kind, "budget"})
    else:
        bottom = _whole(ask, printed, beside, top)
    return (top, bottom) if bottom is not None else None


def _whole(ask: Ask, printed: Figure, beside: list[Figure], part: Figure) -> Figure | None:
    side = "收入" if "收入" in part.subject and "支出" not in part.subject else "支出"
    for figure in beside:
        if topic(figure) in {f"本年{side}", "总计"} and figure.measure in {"final", "budget"}:
            return figure
    if printed.base:
        hit = ask.link(printed.base, scope=printed.scope)
        if hit is not None and hit.figure.value is not None:
            return hit.figure
    return next(
        (
            e.figure
            for e in ask.catalogue.entries
            if topic(e.figure) == f"本年{side}"
            and e.figure.measure in {"final", "budget"}
            and e.figure.scope == printed.scope
            and e.figure.value is not None
            and not e.figure.project
        ),
        None,
    )


def two_told(ask: Ask) -> Answer | None:
    """A跟B对得上吗: two figures that the question names, or an amount of its own and a figure."""
    text = re.sub(data.word("agreement_asked"), "", ask.text)
    for match in re.finditer(data.word("pair_word"), text):
        left, right = text[: match.start()], text[match.end() :]
        if re.fullmatch(data.word("bare_total"), right) or (
            re.search(data.word("place_alone"), left) and re.search(data.word("place_alone"), right)
        ):
            continue  # 文字里的数和决算表的合计: of one item, which stands before
        one, other = _side(ask, left), _side(ask, right)
        if one is None or other is None or one.id == other.id or one.value is None:
            continue
        if one.unit != other.unit and not both_money(one, other):  # a count, but an amount is meant
            one = one if one.unit in MONEY else _side(ask, left, tuple(MONEY))
            other = other if other.unit in MONEY else _side(ask, right, tuple(MONEY))
            if one is None or other is None or one.id == other.id or one.value is None:
                continue
        if other.value is None or (one.unit != other.unit and not both_money(one, other)):
            continue
        return _with_scopes((one, other), whether_same(ask, (one, other), agree(one, other)))
    return None


def two_stated(ask: Ask) -> Answer | None:
    """一张表写892.55，另一张写864.15，为什么不一样: where each stands, and their scopes."""
    if not re.search(data.word("why_not_alike"), ask.text):
        return None
    text = fold(ask.reading.original)
    numbers = [n for _, _, n in numbers_in(text) if n % 1]
    asked = content_pairs(ask.reading.content)
    found = [f for n in numbers if (f := _stating(ask, n, asked)) is not None]
    if len(numbers) != _TWO or len(found) != _TWO:
        return None
    return _with_scopes(found, whether_same(ask, found, agree(*found)))


_TWO = 2


def _stating(ask: Ask, number: Decimal, asked: frozenset[str]) -> Figure | None:
    """The figure of this number that bears the code or the name asked about."""
    codes = ask.reading.codes
    found = [
        (bool(f.code and f.code in codes), not f.facet, len(asked & e.fields.keys()), f)
        for e in ask.catalogue.entries
        if (f := e.figure).value is not None and abs(f.value) == number
    ]
    best = max(found, key=lambda x: x[:3], default=None)
    return best[3] if best is not None and (best[0] or best[2]) else None


def _with_scopes(figures: Sequence[Figure], answer: Answer) -> Answer:
    """The answer with the scopes of two figures, where these are why they differ."""
    one, other = figures
    if answer.polarity == "yes" or one.scope == other.scope:
        return answer
    scopes = say("two_scopes", first=one.scope, second=other.scope)
    return replace(answer, text=answer.text + scopes)


def listed_but_blank(ask: Ask) -> Answer | None:
    """说明把奖金写进人员经费，表上有数吗: the sentence that lists the items, and their cells."""
    text = ask.text
    if not re.search(data.word("told_in_prose"), text) or not re.search(
        data.word("in_the_table"), text
    ):
        return None
    names = re.findall(r"[“\"]([^”\"]{2,20})[”\"]", ask.reading.original)
    names = [n for n in names if not re.search("包括", n)]
    if not names:
        match = re.search(r"把(?P<names>[^,。?]{2,24}?)(写|列|归|算|放)", text) or re.search(
            r"包括[”\"]?(?P<names>[^,。?]{2,24}?)[,。?]", ask.reading.original
        )
        names = re.split("[、和与]", match["names"]) if match else []
    cells: list[Figure] = []
    for name in names:
        hit = first_sure(
            [
                h
                for h in ask.find(content=name, units=(), measure="", scope="")
                if h.figure.table and core(h.figure.subject) == core(name)
            ]
        )
        if hit is None:
            return None
        cells.append(hit.figure)
    told = _listing(ask, names) if cells else None
    if told is None:
        return None
    cite_quote(ask, told)
    text_out = say("quote", quote=told.text.strip())
    for cell in cells:
        if cell.value is None:
            ask.evidence.cite(cell)
            text_out += say("blank", label=label_of(cell), table=cell.table)
        else:
            ask.evidence.value(cell)
            text_out += say("reported", label=label_of(cell), value=amount(cell))
    yes = any(c.value for c in cells)
    return ask.evidence.decided(yes, text_out, have=True)


def _listing(ask: Ask, names: Sequence[str]) -> Quote | None:
    """The clause of the prose that lists all the names as parts of something."""
    for paragraph in ask.report.paragraphs:
        if paragraph.heading or not all(n in paragraph.text for n in names):
            continue
        for start, end in sentences(paragraph.text):
            clause = paragraph.text[start:end]
            if all(n in clause for n in names) and re.search("包括|包含|用于|、", clause):
                return Quote(paragraph, start, end)
    return None


_NAMED = 0.6  # share of its name that the question must hold, or
_COVERED = 0.65  # share of the question's side that it must explain


def _side(ask: Ask, words: str, units: tuple[str, ...] = ()) -> Figure | None:
    """The figure that one side of a comparison names: by the amount it states, else by name."""
    stated = re.findall(r"(\d[\d,]*(?:\.\d+)?)(万元|亿元|元)", fold(words))
    if stated:
        number = Decimal(stated[-1][0].replace(",", ""))
        asked = content_pairs(content_of(words))
        told = [
            e
            for e in ask.catalogue.entries
            if e.figure.value is not None
            and abs(e.figure.value) == number
            and e.figure.unit == stated[-1][1]
        ]
        if told:
            return max(told, key=lambda e: len(asked & e.fields.keys())).figure
    if not content_of(words):
        return None
    tables = ask.catalogue.mentioned_tables(read_question(words))
    changed = re.search(data.word("names_change"), words)
    if changed is not None:
        bare = words[: changed.start()]
        hit = ask.link(bare, measure="change", tables=tables)
        hit = hit if hit is not None and hit.figure.measure == "change" else None
    else:
        hit = ask.link(words, tables=tables, units=units)
    clear = hit is not None and (hit.named >= _NAMED or hit.cover >= _COVERED)
    return hit.figure if hit is not None and clear else None
