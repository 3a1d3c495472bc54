"""Questions over the indicators of one project's self-evaluation form: list, count, met or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.data import measure_label
from index.text import fold, squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask
from qa.evidence import amount
from qa.names import SUMS, content_pairs, core, key, pairs, shortens
from qa.units import compatible, convert
from qa.values import Answer

_KIND = re.compile(data.word("indicator_kind"))


@dataclass(frozen=True)
class Indicator:
    """One row of a form: the actual value, the target, the score and the weight.

    A budget's form has targets alone.
    """

    actual: Figure | None
    target: Figure | None
    score: Figure | None
    weight: Figure | None

    @property
    def told(self) -> Figure:
        """The figure that the row is known by: the actual value, or the target."""
        figure = self.actual or self.target
        assert figure is not None  # no row is read without one of them
        return figure

    @property
    def met(self) -> bool | None:
        """Whether the target was reached, None where the two cannot be compared."""
        target, actual = self.target, self.actual
        if target is None or actual is None:
            return None
        if target.state == "text" and actual.state == "text":
            due, done = date_of(target.printed), date_of(actual.printed)
            return in_time(done, due) if done and due else None
        if target.value is None or actual.value is None:
            return None
        value: Decimal = actual.value
        if target.unit != actual.unit:
            if not compatible(target.unit, actual.unit):
                return None
            value = convert(value, actual.unit, target.unit)
        if lower_is_better(target):
            return value <= target.value
        return value >= target.value


DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})[日号])?")


def date_of(text: str) -> tuple[int, int, int] | None:
    """(year or 0, month, day) of a date; a month alone ends with its last day. None for none."""
    match = DATE.search(fold(text))
    return (int(match[1] or 0), int(match[2]), int(match[3] or 31)) if match else None


def in_time(done: tuple[int, int, int], due: tuple[int, int, int]) -> bool:
    """Whether one date is not after another; years count where both have one."""
    return done <= due if done[0] and due[0] else done[1:] <= due[1:]


def verdict(ask: Ask, indicator: Indicator) -> str:
    """Whether an indicator that has both met its target, told with both."""
    assert indicator.actual is not None and indicator.target is not None
    for figure in (indicator.actual, indicator.target):
        ask.evidence.value(figure)
    return say(
        "met",
        label=indicator.actual.subject,
        target=indicator.target.printed,
        actual=indicator.actual.printed,
        verdict="完成了目标" if indicator.met else "没有达到目标",
    )


@dataclass(frozen=True)
class Form:
    """The form of one project: a table, or the rows of one project in a list of forms."""

    table_id: str
    project: str = ""


def forms(ask: Ask) -> list[Form]:
    """Every form of the report, in its order."""
    kinds = {t.id: t for t in ask.catalogue.tables.values() if t.kind == "form"}
    told: dict[str, dict[str, None]] = {}
    for figure in ask.report.figures:
        if figure.table_id in kinds:
            told.setdefault(figure.table_id, {}).setdefault(figure.project)
    found: list[Form] = []
    for table, names in told.items():
        single = bool(kinds[table].project) and len([n for n in names if n]) < _SEVERAL
        found += [Form(table)] if single else [Form(table, n) for n in names]
    return found


_SEVERAL = 2  # projects that make a form a list of forms


def lower_is_better(target: Figure) -> bool:
    """Whether the target is an upper bound, as its sign says."""
    return bool(re.match(data.word("upper_bound"), target.printed))


def indicators_of(ask: Ask, form: Form) -> list[Indicator]:
    """The indicators of a form, in its order."""
    rows = _rows_of(ask, form, least=2).values()
    kept = [r for r in rows if "actual" in r] or [r for r in rows if "target" in r]
    return [
        Indicator(r.get("actual"), r.get("target"), r.get("score"), r.get("weight")) for r in kept
    ]


def _rows_of(ask: Ask, form: Form, least: int = 0) -> dict[int, dict[str, Figure]]:
    """The rows of a form by measure; `least`: how many labels lead to each figure."""
    rows: dict[int, dict[str, Figure]] = {}
    for figure in ask.report.figures:
        if form.project and figure.project != form.project:
            continue
        if figure.table_id == form.table_id and len(figure.item) >= least:
            rows.setdefault(figure.row, {})[figure.measure] = figure
    return rows


def form_named(ask: Ask) -> Form | None:
    """The form whose project the question names best, None when none is named."""
    if re.search(data.word("whole_department"), ask.text):
        unnamed = [t for t in ask.catalogue.tables.values() if t.kind == "form" and not t.project]
        whole = [t.id for t in unnamed if re.search(data.word("whole_department"), t.title)]
        if len(whole) == 1:
            return Form(whole[0])
    asked = content_pairs(ask.reading.content)
    shares: dict[Form, float] = {}
    for form in forms(ask):
        project = form.project or ask.catalogue.tables[form.table_id].project
        for name in ask.catalogue.names_of_project(project):
            share = ask.catalogue.explained(pairs(core(name)), (asked, 1.0))
            shares[form] = max(shares.get(form, 0.0), share)
    ranked = sorted(shares.items(), key=lambda item: -item[1])
    clear = (
        bool(ranked)
        and ranked[0][1] >= 0.2
        and (len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= 0.08 or ranked[0][1] >= 0.6)
    )
    if clear:
        return ranked[0][0]
    if (short := _by_short_name(ask)) is not None:
        return short
    best = next((h.figure for h in ask.find(units=()) if h.figure.project), None)
    if best is None or not best.table or len(pairs(key(best.project)) & asked) < 3:
        return None
    return next(
        (f for f in forms(ask) if f.table_id == best.table_id and f.project in {"", best.project}),
        None,
    )


def _by_short_name(ask: Ask) -> Form | None:
    """The one form whose project a word of the question shortens: 智慧平台."""
    known = forms(ask)
    for word in ask.reading.content.split():
        found = {
            form
            for form in known
            for name in ask.catalogue.names_of_project(
                form.project or ask.catalogue.tables[form.table_id].project
            )
            if len(word) >= _SHORT and shortens(key(word), key(name))
        }
        if len(found) == 1:
            return found.pop()
    return None


_SHORT = 4  # characters of a short name


def _selected(ask: Ask) -> list[Indicator] | None:
    """The indicators of a form that the question's kind and condition leave, None for no form."""
    text = squeeze(ask.text)
    kind = _KIND.search(text)
    if not kind and not re.search(data.word("indicators"), text):
        return None
    form = form_named(ask)
    if not form:
        return None
    rows = indicators_of(ask, form)
    if kind:
        words = key(kind.group())
        rows = [r for r in rows if any(words in key(i) for i in r.told.item)]
    if re.search(data.word("not_met"), text):
        rows = [r for r in rows if r.met is False]
    elif re.search(data.word("exceeded"), text):
        rows = [r for r in rows if r.met and r.target and r.told.value != r.target.value]
    elif re.search(data.word("lost_points"), text):
        rows = [
            r
            for r in rows
            if r.score
            and r.weight
            and r.score.value is not None
            and r.weight.value is not None
            and r.score.value < r.weight.value
        ]
    return rows


def listed(ask: Ask) -> Answer | None:
    """The indicators that the question selects, each with target and actual value."""
    rows = _selected(ask)
    if rows is None:
        return None
    if not rows:
        return ask.evidence.answer(say("none", what="指标"))
    return ask.evidence.answer(say("list", count=len(rows), items=_shown(ask, rows)))


def counted(ask: Ask) -> Answer | None:
    """How many indicators the question selects."""
    rows = _selected(ask)
    if rows is None:
        return None
    shown = _shown(ask, rows)
    cited = range(len(ask.evidence.citations))
    ask.evidence.count_value(len(rows), "个", "指标个数", cited)
    ask.evidence.to_front()
    return ask.evidence.answer(say("count", count=len(rows), unit="个", items=shown or "无"))


def all_met(ask: Ask) -> Answer | None:
    """X项目的指标都完成了吗: every indicator of the form against its target."""
    if not re.search(data.word("all_indicators"), ask.text):
        return None
    form = form_named(ask)
    kind = _KIND.search(squeeze(ask.text))
    if not form and kind is None:
        return None
    rows = [
        r
        for each in ([form] if form else forms(ask))
        for r in indicators_of(ask, each)
        if r.met is not None
        and (kind is None or any(key(kind.group()) in key(i) for i in r.told.item))
    ]
    if not rows:
        return None
    missed = [r for r in rows if not r.met]
    shown = missed or rows
    text = say("list", count=len(shown), items=_shown(ask, shown))
    ask.evidence.count(len(rows))
    if missed:
        text = say("some_missed", count=len(missed), whole=len(rows)) + text
    else:
        text = say("all_met", whole=len(rows)) + text
    yes = not missed
    return ask.evidence.decided(yes, text)


def lost(ask: Ask) -> Answer | None:
    """那5.87分丢在哪儿了: the rows of a project's form with less than their full score."""
    text = squeeze(ask.text)
    if "指标" in text or not re.search(data.word("lost_of_project"), text):
        return None
    if not ask.reading.has("reason") and not re.search(data.word("lost_where"), text):
        return None
    form = form_named(ask)
    if not form:
        return None
    pieces = []
    for row in _rows_of(ask, form).values():
        score, weight = row.get("score"), row.get("weight")
        if score is None or weight is None or score.value is None or weight.value is None:
            continue
        if score.value >= weight.value or score.total or key(score.subject) in _SUMS:
            continue
        ask.evidence.cite(score)
        ask.evidence.cite(weight)
        ask.evidence.quote(score.printed)
        rate, reason = row.get("rate"), row.get("reason")
        told = ""
        if rate is not None and rate.value is not None:
            ask.evidence.cite(rate)
            told = say("lost_rate", rate=amount(rate))
        if reason is not None and reason.printed:
            ask.evidence.cite(reason)
            told += say("lost_reason", reason=reason.printed)
        pieces.append(
            say(
                "lost_row",
                name=score.subject,
                score=score.printed,
                weight=weight.printed,
                told=told,
            )
        )
    if not pieces:
        return None
    ask.evidence.count(len(pieces))
    return ask.evidence.answer(say("lost", count=len(pieces), rows="；".join(pieces)))


_SUMS = SUMS | {"总分"}


def ranked(ask: Ask) -> Answer | None:
    """The indicator of a form that lost or won the most points."""
    text = squeeze(ask.text)
    if "指标" not in text or not ask.reading.has("rank"):
        return None
    form = form_named(ask)
    if not form:
        return None
    rows = [
        (
            r,
            r.weight.value - r.score.value
            if re.search(data.word("lost_points"), text)
            else r.score.value,
        )
        for r in indicators_of(ask, form)
        if r.score and r.weight and r.score.value is not None and r.weight.value is not None
    ]
    if not rows:
        return None
    lowest = bool(re.search(r"最(低|少|小)", text))
    row, _ = sorted(rows, key=lambda item: item[1], reverse=not lowest)[0]
    assert row.score is not None and row.weight is not None
    ask.evidence.value(row.score)
    ask.evidence.cite(row.weight)
    return ask.evidence.answer(
        say(
            "indicator_rank",
            name=row.told.subject,
            score=row.score.printed,
            weight=row.weight.printed,
        )
    )


def _shown(ask: Ask, rows: Sequence[Indicator]) -> str:
    pieces = []
    points = re.search("(多少|几)分", ask.text)
    for row in rows:
        ask.evidence.cite(row.told)
        if row.actual is None:
            ask.evidence.value(row.told)
            pieces.append(
                f"{row.told.subject}：{measure_label(row.told.measure)}{amount(row.told)}"
            )
            continue
        aim = ""
        if row.target is not None:
            ask.evidence.quote(row.target.printed)
            aim = f"（目标{row.target.printed}）"
        scored = ""
        if points and row.score is not None and row.weight is not None:
            ask.evidence.cite(row.score)
            ask.evidence.quote(row.score.printed)
            ask.evidence.quote(row.weight.printed)
            scored = f"，得{row.score.printed}分（分值{row.weight.printed}）"
        pieces.append(f"{row.actual.subject}：实际{row.actual.printed}{aim}{scored}")
    ask.evidence.count(len(pieces))
    return "；".join(pieces)
