"""Single figures: the value of a table cell or a sentence, its unit, its other places.

Also the four kinds of nothing: `0.00`, a blank cell, a table without data, and not in the report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.accept import acceptable
from qa.ask import Ask, agree, by_id, first_sure, split_same, sure
from qa.catalogue import Hit
from qa.evidence import amount, place_of, told_at, value_of
from qa.names import MONEY, content_pairs, core, key, pairs, same_family, topic
from qa.plan import Plan, Step, label_of, run
from qa.reading import content_of
from qa.units import plain
from qa.values import Answer


def lookup(ask: Ask) -> Answer | None:
    """The one figure that the question names."""
    hits = ask.find()
    hit = first_sure(hits)
    if hit is not None and not acceptable(ask, hit.figure):
        near = [h for h in hits if h.score >= hit.score - 0.3 and acceptable(ask, h.figure)]
        hit = first_sure(near)
    if (
        hit is not None
        and hit.figure.value is None
        and not ask.catalogue.mentioned_tables(ask.reading)
    ):
        hit = _told_elsewhere(ask, hit, hits) or hit
    return figure_answer(ask, hit) if hit is not None else None


def _told_elsewhere(ask: Ask, blank: Hit, hits: Sequence[Hit]) -> Hit | None:
    """The number that the prose gives where the table's cell was left blank."""
    figure = blank.figure
    for hit in hits[:12]:
        other = hit.figure
        if (
            other.value is not None
            and sure(hit)
            and acceptable(ask, other)
            and topic(other) == topic(figure)
            and same_family(other.measure, figure.measure)
            and {other.scope, figure.scope} <= _OVERLAPPING | {figure.scope}
            and other.project == figure.project
            and other.facet == figure.facet
        ):
            return hit
    return None


def figure_answer(ask: Ask, hit: Hit) -> Answer:
    """The answer that reports one figure, in the unit wanted, with conflicts and other scopes."""
    figure = hit.figure
    if figure.value is None:
        return nothing(ask, figure)
    same, different = split_same(ask, figure)
    unit = wanted_unit(ask, figure)
    evidence = ask.evidence
    label = label_of(figure)
    others = other_scopes(ask, figure)
    if unit and unit != value_of(figure)[1]:
        plan = Plan((Step("convert", (figure.id,)),), unit)
        calculation = run(plan, by_id([figure]))
        evidence.result(calculation, [figure, *same], label)
        text = say(
            "converted",
            label=label,
            value=amount(figure),
            converted=f"{plain(calculation.result)}{unit}",
        )
    else:
        evidence.value(figure, same)
        text = say("reported", label=label, value=amount(figure))
        if others:
            text = say("reported_scope", label=label, value=amount(figure), scope=figure.scope)
    if figure.value == 0:
        text += note_of_empty_table(ask, figure)
    text += others
    if different:
        text += evidence.conflict([figure, *_first_of_each(different)])
    return evidence.answer(text)


def wanted_unit(ask: Ask, figure: Figure) -> str:
    """The money unit that the question asks for, when it is not the one printed.

    Only an explicit wish counts: 多少元 of a figure in 万元 is converted, 多少钱 is not.
    """
    wanted = ask.reading.unit_out
    return wanted if wanted in MONEY and figure.unit in MONEY and wanted != figure.unit else ""


def _first_of_each(figures: list[Figure]) -> list[Figure]:
    kept: list[Figure] = []
    for figure in figures:
        if not any(agree(figure, k) for k in kept):
            kept.append(figure)
    return kept[:3]


def other_scopes(ask: Ask, figure: Figure) -> str:
    """The same item under another scope, when its amount differs and none was asked for."""
    if figure.project or figure.unit not in MONEY or figure.measure not in {"final", "budget"}:
        return ""
    seen: dict[str, Figure] = {}
    subject = core(figure.subject)
    for entry in ask.catalogue.entries:
        other = entry.figure
        if (
            entry.subject == subject
            and other.facet == figure.facet
            and other.measure == figure.measure
            and other.year == figure.year
            and other.scope != figure.scope
            and other.value
            and other.table
            and not agree(figure, other)
            and other.scope not in seen
            and {other.scope, figure.scope} <= {"全口径", "财政拨款", "一般公共预算财政拨款"}
            and bool(other.code) == bool(figure.code)
            and other.code[:3] == figure.code[:3]
        ):
            seen[other.scope] = other
    text = ""
    for scope, other in list(seen.items())[:2]:
        ask.evidence.cite(other)
        text += say("other_scope", scope=scope, value=amount(other))
    return text


_OVERLAPPING = {"全口径", "财政拨款", "一般公共预算财政拨款"}
_SPECIAL_SCOPES = {"政府性基金预算财政拨款", "国有资本经营预算财政拨款"}


def nothing(ask: Ask, figure: Figure) -> Answer:
    """A cell without a number: an empty table, a dash or a blank, told apart."""
    evidence = ask.evidence
    note = note_of_empty_table(ask, figure)
    evidence.cite(figure)
    label = label_of(figure)
    if note:
        return evidence.answer(f"{label}：{note}", polarity=None)
    if figure.state == "dash":
        return evidence.answer(say("dash", label=label, table=figure.table, printed=figure.printed))
    return evidence.answer(say("blank", label=label, table=figure.table))


def note_of_empty_table(ask: Ask, figure: Figure) -> str:
    """What the report says of a table without data, cited; "" when it says nothing."""
    table = ask.catalogue.tables.get(figure.table_id)
    if table is not None and not table.empty and figure.scope in _SPECIAL_SCOPES:
        own = [t for t in ask.catalogue.tables.values() if t.scope == figure.scope]
        table = next((t for t in own if t.empty), table)
    if table is None or not table.empty:
        return ""
    for passage in ask.report.passages:
        if (
            passage.kind == "note"
            and passage.source == table.title
            and re.search(r"无|没有|未", passage.text)
        ):
            quote = passage.text.split("：", 1)[-1]
            ask.evidence.cite_passage(passage, quote)
            return say("empty_table", label="数据", table=table.title, quote=quote)
    return ""


def text_fact(ask: Ask) -> Answer | None:
    """A cell of words: the fund, the unit or the grade of a project; a target in words."""
    content = ask.reading.content
    if not content:
        return None
    figure = _best_fact(ask, content)
    if figure is None:
        return None
    ask.evidence.cite(figure)
    label = (
        f"{figure.project or figure.name} {figure.column[-1] if figure.column else figure.subject}"
    )
    same = [
        e.figure
        for e in ask.catalogue.facts
        if e.figure.id != figure.id
        and e.figure.printed == figure.printed
        and e.figure.column[-1:] == figure.column[-1:]
        and e.project == ask.catalogue.project_of(figure.project)
    ]
    for other in same[:2]:
        ask.evidence.cite(other)
    return ask.evidence.answer(say("text_fact", label=label, printed=figure.printed))


def _best_fact(ask: Ask, content: str) -> Figure | None:
    """The cell of words whose column the question names, of the row that it names best."""
    best: tuple[float, Figure] | None = None
    words = squeeze(ask.text)
    for entry in ask.catalogue.facts:
        figure = entry.figure
        column = squeeze(figure.column[-1] if figure.column else figure.subject)
        column = re.sub(r"\(.*?\)|/.*$", "", column)
        if not column or figure.state != "text" or column in {"项目名称", "序号"}:
            continue
        asked = column in words or any(w in words for w in _COLUMN_WORDS.get(column, ()))
        if not asked or "联系" in column:
            continue
        wanted = content_pairs(content) - pairs(column)
        cover = ask.catalogue.explained(wanted, (entry.fields, 1.0))
        if wanted and cover >= 0.5 and (best is None or cover > best[0]):
            best = (cover, figure)
    return best[1] if best else None


def goal(ask: Ask) -> Answer | None:
    """The yearly goal of a project, in the words of its form."""
    hits = ask.find(measure="goal", units=())
    hit = next((h for h in hits if h.figure.measure == "goal" and h.figure.state == "text"), None)
    if hit is None or hit.cover < 0.5:
        return None
    figure = hit.figure
    ask.evidence.cite(figure)
    label = f"{figure.project}年度总体目标"
    return ask.evidence.answer(say("text_fact", label=label, printed=figure.printed))


def conflicting_text(ask: Ask) -> Answer | None:
    """实施单位写得一样吗: a text fact of a project in all its places."""
    content = ask.reading.content
    figure = _best_fact(ask, content) if content else None
    if figure is None:
        return None
    project = ask.catalogue.project_of(figure.project)
    column = key(figure.column[-1] if figure.column else figure.subject)
    places = [
        e.figure
        for e in ask.catalogue.facts
        if e.project == project
        and e.figure.state == "text"
        and key(e.figure.column[-1] if e.figure.column else e.figure.subject) == column
    ]
    distinct = list({f.printed: f for f in reversed(places)}.values())
    for f in places:
        ask.evidence.cite(f)
    pieces = []
    for f in distinct if len(distinct) > 1 else places[:4]:
        place = place_of(f.page, f.page_label)
        ask.evidence.quote(place)
        pieces.append(say("conflict_piece", label=column, place=place, value=f.printed))
    text = "，".join(pieces)
    if len(distinct) > 1:
        return ask.evidence.answer(say("conflict", pieces=text), polarity="no")
    return ask.evidence.answer(say("agree", pieces=text), polarity="yes") if places else None


_COLUMN_WORDS = {
    "资金名称": ("哪项资金", "哪笔资金", "资金来源", "什么资金", "钱从哪"),
    "项目实施单位": ("哪家单位实施", "实施单位", "谁实施", "哪个单位实施", "由谁负责"),
    "主管部门": ("主管单位", "主管部门", "归哪个部门"),
}


def conflict_question(ask: Ask) -> Answer | None:
    """是否一致: every place that states the fact, whatever its scope, and whether they agree."""
    measure = ask.reading.measure or ("change" if ask.reading.has("change") else "")
    content = _conflict_content(ask)
    found = ask.find(units=(), measure=measure, content=content, scope="")
    hit = first_sure(
        [
            h
            for h in found
            if h.figure.value is not None
            and (not measure or same_family(measure, h.figure.measure))
        ]
    )
    if hit is None:
        return None
    figure = hit.figure
    name = topic(figure)
    places = [f for f in ask.catalogue.same_fact(figure) if f.value is not None]
    for other in found:
        f = other.figure
        if (
            f.value is not None
            and f.measure == figure.measure
            and f.facet == figure.facet
            and f.project == figure.project
            and topic(f) == name
            and ask.catalogue.code_of(f)[:3] in {"", ask.catalogue.code_of(figure)[:3]}
            and f not in places
        ):
            places.append(f)
    distinct: list[Figure] = []
    for f in places:
        if not any(f.value == d.value and f.unit == d.unit for d in distinct) and _near(figure, f):
            distinct.append(f)
    evidence = ask.evidence
    if len(distinct) > 1:
        evidence.magnitude(figure) if measure == "change" else evidence.value(figure)
        text = evidence.conflict(distinct[:4])
        scopes = {d.scope for d in distinct}
        if len(scopes) > 1:
            text += "口径：" + "；".join(f"{amount(d)}为{d.scope}口径" for d in distinct[:4]) + "。"
        return evidence.answer(text, polarity="no")
    evidence.value(figure, [f for f in places if f.id != figure.id][:5])
    for f in places[:4]:
        evidence.quote(place_of(f.page, f.page_label))
    return evidence.answer(say("agree", pieces=told_at(places[:4])), polarity="yes")


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
    """Amounts that could be meant to be the same: within a twentieth of each other."""
    if a.unit != b.unit or a.value is None or b.value is None:
        return False
    low, high = sorted((abs(a.value), abs(b.value)))
    return high - low <= high * Decimal("0.35")
