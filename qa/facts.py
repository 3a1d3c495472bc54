"""Cells of words: the fund, the unit, the goal, the contact of a project; dates of indicators."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text import fold, squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask
from qa.evidence import place_of
from qa.indicators import DATE, date_of, form_named, in_time
from qa.lookup import answer_with
from qa.names import content_pairs, core, key, pairs
from qa.sets import project_named
from qa.textual import Quote, cite_quote
from qa.values import Answer


def text_fact(ask: Ask) -> Answer | None:
    """A cell of words: the fund, the unit or the grade of a project; a target in words.

    Where the report writes it in two ways, both are told.
    """
    content = ask.reading.content
    if not content or ask.reading.has("rank"):
        return None  # of what is ranked first, which these words do not name
    shared = _facts_of_table(ask)
    if shared is not None:
        return shared
    figure = _best_fact(ask, content)
    if figure is None:
        return None
    if len(_distinct(_places(ask, figure))) > 1:
        return conflicting_text(ask)
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
        column = re.sub(r"\(.*?\)|/.*$", "", squeeze(_column(figure)))
        if not column or figure.state != "text" or column in {"项目名称", "序号"}:
            continue
        if not _asks_column(column, words) or "联系" in column:
            continue
        wanted = content_pairs(content) - pairs(column)
        cover = ask.catalogue.explained(wanted, (entry.fields, 1.0))
        if wanted and cover >= 0.5 and (best is None or cover > best[0]):
            best = (cover, figure)
    return best[1] if best else None


def _column(figure: Figure) -> str:
    """What a cell of words is called: its column, or the label beside it in a form."""
    return figure.column[-1] if figure.column else figure.subject


def _places(ask: Ask, figure: Figure) -> list[Figure]:
    """Every place that writes the same fact of the same project."""
    project = ask.catalogue.project_of(figure.project)
    column = key(_column(figure))
    return [
        e.figure
        for e in ask.catalogue.facts
        if e.project == project and e.figure.state == "text" and key(_column(e.figure)) == column
    ]


def _facts_of_table(ask: Ask) -> Answer | None:
    """用的是哪笔资金, of all projects of the table that the question names."""
    tables = ask.catalogue.mentioned_tables(ask.reading)
    words = squeeze(ask.text)
    if not tables or not re.search(data.word("several_projects"), words):
        return None
    found: dict[str, list[Figure]] = {}
    for entry in ask.catalogue.facts:
        figure = entry.figure
        column = squeeze(_column(figure))
        if figure.table_id not in tables or figure.state != "text":
            continue
        if _asks_column(column, words):
            found.setdefault(figure.printed, []).append(figure)
    if not found:
        return None
    for figures in found.values():
        for figure in figures:
            ask.evidence.cite(figure)
    items = "；".join(
        f"{'、'.join(f.project or f.name for f in figures)}：{printed}"
        for printed, figures in found.items()
    )
    label = _column(next(iter(found.values()))[0])
    return ask.evidence.answer(say("text_fact", label=label, printed=items))


def contact(ask: Ask) -> Answer | None:
    """The contact that a project's form prints, where literally a contact is asked for."""
    if not re.search(data.word("asks_contact"), ask.reading.original):
        return None
    form = form_named(ask)
    found = [
        e.figure
        for e in ask.catalogue.facts
        if form and e.figure.table_id == form.table_id and "联系" in _column(e.figure)
    ]
    found = [f for f in found if f.state == "text"]
    if not found:
        return _published_contact(ask) if not form else None
    for figure in found:
        ask.evidence.cite(figure)
    text = "".join(
        say("text_fact", label=f"{f.project} {_column(f)}", printed=f.printed) for f in found
    )
    return ask.evidence.answer(text)


def _published_contact(ask: Ask) -> Answer | None:
    """The number that the report itself gives for questions about it."""
    for paragraph in ask.report.paragraphs:
        if re.search(data.word("published_contact"), fold(paragraph.text)):
            quote = Quote(paragraph, 0, len(paragraph.text))
            cite_quote(ask, quote)
            return ask.evidence.answer(say("quote", quote=quote.text.strip()))
    return None


def of_project(ask: Ask) -> Answer | None:
    """X项目得了多少分, 执行率多少: the project's own figure, not that of one of its indicators."""
    measure = ask.reading.measure
    if measure not in {"score", "rate"} or ask.reading.ops != ("lookup",):
        return None
    if "项目" not in ask.text or re.search(data.word("indicators"), ask.text):
        return None
    member = project_named(ask)
    asked = content_pairs(re.sub("(自评)?项目", " ", ask.reading.content))
    figure = member.figures.get(measure) if member else None
    if member is None or figure is None or figure.value is None:
        return None
    names = {p for n in ask.catalogue.names_of_project(member.name) for p in pairs(key(n))}
    if not asked or not asked <= names:
        return None
    return answer_with(ask, figure)


def grade(ask: Ask) -> Answer | None:
    """X项目评了什么等级: the grade of the project named."""
    if ask.reading.measure != "grade" or ask.reading.has("yes_no", "rank", "list", "count"):
        return None
    member = project_named(ask)
    told = [f for f in member.others.get("grade", ()) if f.state == "text"] if member else []
    if member is None or not told:
        return None
    for figure in told[:3]:
        ask.evidence.cite(figure)
    return ask.evidence.answer(
        say("text_fact", label=f"{member.name}的等级", printed=f"“{told[0].printed}”")
    )


def date_met(ask: Ask) -> Answer | None:
    """是按时到位的吗: the date of an indicator against the date that its target sets."""
    if not ask.reading.has("yes_no", "conflict") or not re.search(
        data.word("asks_on_time"), ask.text
    ):
        return None
    words = re.sub(data.word("on_time_words"), " ", DATE.sub(" ", ask.text))
    asked = content_pairs(ask.reading.content)
    best: tuple[float, Figure, Figure] | None = None
    for actual, target in _dated(ask.report.figures):
        own = pairs(key(actual.subject))
        share = ask.catalogue.explained(
            own, (content_pairs(words) | asked | pairs(key(words)), 1.0)
        )
        if share >= 0.4 and (best is None or share > best[0]):
            best = (share, actual, target)
    if best is None:
        return None
    _, actual, target = best
    done, due = date_of(actual.printed), date_of(target.printed)
    if done is None or due is None:
        return None
    met = in_time(done, due)
    ask.evidence.cite(actual)
    ask.evidence.cite(target)
    text = say(
        "met",
        label=actual.subject,
        target=target.printed,
        actual=actual.printed,
        verdict="按时" if met else "晚于目标",
    )
    return ask.evidence.decided(met, text)


def date_told(ask: Ask) -> Answer | None:
    """计划几月几号前到位，实际哪天到的: an indicator's date and the date that it aimed at."""
    if not re.search(data.word("asks_date"), ask.text) or ask.reading.has("yes_no", "conflict"):
        return None
    asked = content_pairs(re.sub(data.word("asks_date"), " ", ask.text))
    ranked = sorted(
        (
            (
                ask.catalogue.explained(pairs(key(a.subject)), (asked, 1.0))
                + ask.catalogue.explained(pairs(core(a.project)), (asked, 1.0)),
                a.id,
            )
            for a, _ in _dated(ask.report.figures)
        ),
        reverse=True,
    )
    if not ranked or ranked[0][0] < _DATED:
        return None
    actual, target = next(p for p in _dated(ask.report.figures) if p[0].id == ranked[0][1])
    ask.evidence.cite(actual)
    ask.evidence.cite(target)
    return ask.evidence.answer(
        say("dated", label=actual.subject, target=target.printed, actual=actual.printed)
    )


_DATED = 0.6  # of an indicator's and its project's name that the question must hold, together


def _dated(figures: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """(actual, target) of the indicators whose target is a date."""
    targets = {
        (f.table_id, f.row): f for f in figures if f.measure == "target" and date_of(f.printed)
    }
    return [
        (f, targets[f.table_id, f.row])
        for f in figures
        if f.measure == "actual" and (f.table_id, f.row) in targets
    ]


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
    column = key(_column(figure))
    places = _places(ask, figure)
    distinct = _distinct(places)
    decides = ask.reading.has("yes_no", "conflict")
    for f in places:
        ask.evidence.cite(f)
    pieces = []
    for f in distinct if len(distinct) > 1 else places[:4]:
        place = place_of(f.page, f.page_label)
        ask.evidence.quote(place)
        pieces.append(say("conflict_piece", label=column, place=place, value=f.printed))
    text = "，".join(pieces)
    if len(distinct) > 1:
        return ask.evidence.answer(say("conflict", pieces=text), polarity="no" if decides else None)
    return ask.evidence.answer(say("agree", pieces=text), polarity="yes") if places else None


def _asks_column(column: str, words: str) -> bool:
    """Whether the words ask for what stands under the column, by its name or another."""
    said = data.names("fact_columns")
    return column in words or (column in said and bool(re.search(said[column], words)))


def _distinct(places: Sequence[Figure]) -> list[Figure]:
    """One figure for each wording; a name and its short form (县水利站, 岚溪县水利站) are one."""
    kept: list[Figure] = []
    for f in sorted(places, key=lambda f: -len(f.printed)):
        short = squeeze(f.printed)
        if not any(squeeze(k.printed).endswith(short) for k in kept):
            kept.append(f)
    return sorted(kept, key=lambda f: places.index(f))
