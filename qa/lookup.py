"""Single figures: the value of a table cell or a sentence, its unit, its other places.

Also the four kinds of nothing: `0.00`, a blank cell, a table without data, and not in the report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.labels import UNIT
from index.values import FUND_SCOPES, Figure, Table
from prompts import say
from qa import data, titled
from qa.accept import acceptable
from qa.ask import Ask, agree, by_id, first_sure, split_same, sure, unexplained, weighty
from qa.catalogue import Hit
from qa.counts import told_by_group
from qa.evidence import amount, value_of
from qa.names import MONEY, content_pairs, core, key, pairs, same_family, topic
from qa.plan import Plan, Step, label_of, rounding_of, run
from qa.units import plain
from qa.values import Answer


def lookup(ask: Ask) -> Answer | None:
    """The one figure that the question names."""
    people = bool(re.search(data.word("asks_people"), ask.text))
    hits = [h for h in ask.find() if not (_asks_another(h) or (people and not _persons(h.figure)))]
    if ask.reading.numeric:  # that a cell for words is blank says nothing of a number
        hits = [h for h in hits if h.figure.value is not None or h.figure.measure not in _WORDS]
    hit = first_sure(hits)
    hit = _closer(ask, hit, hits) if hit is not None else None
    if hit is not None and not acceptable(ask, hit.figure):
        near = [h for h in hits if h.score >= hit.score - 0.3 and acceptable(ask, h.figure)]
        hit = first_sure(near)
    if (
        hit is not None
        and hit.figure.value is None
        and not ask.catalogue.mentioned_tables(ask.reading)
    ):
        hit = _told_elsewhere(ask, hit, hits) or hit
    if hit is not None and len(groups := told_by_group(ask, hit.figure)) > 1:
        heading, group = (pairs(key(name)) for name in hit.figure.item[-2:])
        if not content_pairs(ask.reading.content) & (group - heading):
            return _added(ask, groups)
    if hit is None and (whole := titled.total(ask.catalogue, ask.reading.content)) is not None:
        hit = Hit(ask.catalogue.entry(whole), 1.0, 1.0, 1.0)
    return figure_answer(ask, hit) if hit is not None else None


def answer_with(ask: Ask, figure: Figure) -> Answer:
    """The answer with a figure that is surely the one meant."""
    return figure_answer(ask, Hit(ask.catalogue.entry(figure), 1.0, 1.0, 1.0))


def _added(ask: Ask, counts: Sequence[Figure]) -> Answer:
    """The sum of the counts that are told group by group."""
    calculation = run(Plan((Step("add", tuple(f.id for f in counts)),)), by_id(counts))
    label = f"{counts[0].item[0].removesuffix('费')}合计"
    ask.evidence.result(calculation, counts, label)
    return ask.evidence.answer(say("computed", label=label, formula=calculation.formula))


def _asks_another(hit: Hit) -> bool:
    """Whether the last words, the thing asked about, are nothing the figure names: 门票多少钱."""
    asked = "".join(hit.content.split()[-1:])
    if len(weighty(asked)) < 2 or re.fullmatch(data.word("unit_words"), asked):
        return False
    return unexplained(asked, hit.entry.fields) == key(asked)


def _closer(ask: Ask, hit: Hit, hits: Sequence[Hit]) -> Hit:
    """The hit that holds more of the question where another one is nearly as good.

    年末结转和结余 of the account named, not of all; 实际投资 of two columns of a row alike.
    """
    found = hit.figure
    near = [h for h in hits[:8] if h is not hit and h.score >= hit.score - _NEAR]
    for other in near:
        column = core(other.figure.facet)
        if not found.facet and column == core(found.subject) and other.cover >= hit.cover + _MORE:
            return other
        same = other.figure.row == found.row and other.figure.table_id == found.table_id
        named = key(UNIT.sub("", other.figure.facet))
        if same and other.score >= hit.score - _EQUAL and named and named in key(ask.text):
            return other
    return hit


_WORDS = {"reason", "goal", "result", "attribute", "grade"}  # measures whose cells hold words
_NEAR = 0.15  # in score
_MORE = 0.15  # share of the question that the closer one explains besides
_EQUAL = 0.03


def _persons(figure: Figure) -> bool:
    """Whether a figure counts persons, or is left blank."""
    return figure.value is None or figure.unit.endswith(("人", "名", "人次"))


def told(ask: Ask, figure: Figure) -> str:
    """A figure as one sentence of an answer, cited with its other places."""
    ask.evidence.value(figure, split_same(ask, figure)[0][:2])
    return say("reported", label=label_of(figure), value=amount(figure))


def numbered_column(ask: Ask) -> Answer | None:
    """09表第12栏, 03表 2010301 第3栏: the cell of a row under the column of that number (栏次)."""
    match = re.search(r"第(\d{1,2})(栏|列)", ask.text)
    tables = ask.catalogue.mentioned_tables(ask.reading)
    if match is None or not tables:
        return None
    codes = ask.reading.codes
    cells = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.table_id in tables and (not codes or e.figure.code in codes)
    ]
    if len({f.table_id for f in cells}) != 1:
        return None
    if not codes and len({f.row for f in cells}) > 1:
        cells = [f for f in cells if f.total]
    if not cells:
        return None
    row = sorted((f for f in cells if f.row == cells[0].row), key=lambda f: f.box.x0)
    number = int(match[1])
    if not 0 < number <= len(row):
        return None
    figure = row[number - 1]
    if figure.value is None:
        return nothing(ask, figure)
    return ask.evidence.answer(told(ask, figure))


def empty_table(ask: Ask) -> Answer | None:
    """A question about a table that has no data, or why it has none: the report's own note."""
    tables = [ask.catalogue.tables[t] for t in ask.catalogue.mentioned_tables(ask.reading)]
    if not tables or not all(t.empty for t in tables):
        return None
    for table in tables:
        if note := note_of_table(ask, table):
            if not ask.reading.has("yes_no"):
                return ask.evidence.answer(note)
            yes = bool(re.search(data.word("asks_empty"), ask.text))
            return ask.evidence.decided(yes, note)
    return None


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
    if (year := _year_told(ask, figure)) is not None:
        label = f"{year}年{label}"
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
        ) + rounding_of(calculation)
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
    elif figure.project == "" or ask.catalogue.is_project_level(figure):
        for finding in ask.catalogue.findings.get(figure.id, ())[:1]:
            if finding.severity == "error" and finding.rule in _TOLD_ALONG:
                text += say("finding", text=evidence.finding(finding))
    return evidence.answer(text)


def _year_told(ask: Ask, figure: Figure) -> int | None:
    """The year of an amount where it could be mistaken: of another year's column, or 去年 asked."""
    own = ask.report.year
    year = figure.year or own
    mistaken = re.search(data.word("names_last_year"), ask.reading.original)
    amount_asked = figure.measure not in {"change", "change_rate", "difference"}
    return year if year != own or (mistaken and amount_asked) else None


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


_TOLD_ALONG = {
    "told_twice",
    "project_told",
    "growth",
    "completion",
    "share",
}  # rules whose finding an answer mentions
_OVERLAPPING = {"全口径", "财政拨款", "一般公共预算财政拨款"}


def nothing(ask: Ask, figure: Figure) -> Answer:
    """A cell without a number: an empty table, a dash or a blank, told apart."""
    evidence = ask.evidence
    note = note_of_empty_table(ask, figure)
    evidence.cite(figure)
    label = label_of(figure)
    if note:
        unit = _unit_of_table(ask, figure)
        if re.search(data.word("said_to_be_none"), note) and unit:
            # 没有…支出 says that the amount is nought, which the table leaves out.
            evidence.count_value(0, unit, label, range(len(evidence.citations)))
            return evidence.answer(say("none_told", label=label, amount=f"0{unit}", note=note))
        return evidence.answer(f"{label}：{note}", polarity=None)
    if figure.state == "dash":
        return evidence.answer(say("dash", label=label, table=figure.table, printed=figure.printed))
    return evidence.answer(say("blank", label=label, table=figure.table))


def _unit_of_table(ask: Ask, figure: Figure) -> str:
    """The unit of money of the table that a cell without a number stands in."""
    table = ask.catalogue.tables.get(figure.table_id)
    return figure.unit or (table.unit if table is not None and table.unit in MONEY else "")


def note_of_empty_table(ask: Ask, figure: Figure) -> str:
    """What the report says of a table without data, cited; "" when it says nothing."""
    table = ask.catalogue.tables.get(figure.table_id)
    if table is not None and not table.empty and figure.scope in FUND_SCOPES:
        own = [t for t in ask.catalogue.tables.values() if t.scope == figure.scope]
        table = next((t for t in own if t.empty), table)
    return note_of_table(ask, table) if table is not None and table.empty else ""


def note_of_table(ask: Ask, table: Table) -> str:
    """The report's note that a table has no data, cited; "" when it has none."""
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
