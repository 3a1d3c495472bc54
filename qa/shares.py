"""Shares of a whole: as printed, or worked out, and what is left of the whole."""

from __future__ import annotations

import re

from index.data import measure_label
from index.values import Figure
from prompts import say
from qa import data, incomes
from qa.accept import of_kind_asked
from qa.ask import Ask, agree, by_id, unexplained
from qa.catalogue import Hit, Wanted
from qa.compare import target_pair
from qa.evidence import amount, amount_of
from qa.lookup import figure_answer, told
from qa.names import MONEY, core, key, of_two_worlds, pairs
from qa.plan import Plan, Step, label_of, rounding_of, run
from qa.ratios import quotient
from qa.reading import content_of, read_question
from qa.sets import filter_projects, projects, told_in_full
from qa.trend import told_beside
from qa.units import compatible
from qa.values import Answer
from qa.wordpairs import split_pieces


def share(ask: Ask) -> Answer | None:
    """A占B的比例: as printed where the report says it, otherwise computed."""
    text = ask.text
    if re.search(data.word("points_apart"), text):
        return None  # two shares compared
    if re.search(data.word("classes_with_share"), text):
        return _classes(ask)
    ratio = re.search(data.word("percent_of"), text)
    if ratio and re.search("目标|指标", ratio["b"]):
        pair = target_pair(ask)
        return quotient(ask, pair[1], pair[0], "percent", "完成比例") if pair else None
    a, b = _parts_of_share(text) or ((ratio["a"], ratio["b"]) if ratio else (text, ""))
    if (of_income := incomes.of_income(ask, a, b)) is not None:
        return _of_income(ask, *of_income)
    if (kind := _of_procurement(ask, a, b)) is not None:
        return quotient(ask, *kind, "percent", "占比")
    printed = _printed_share(ask, a, b)
    if printed is not None:
        return figure_answer(ask, printed)
    if not b:
        return None
    if re.fullmatch(data.word("procurement_kind"), key(a)):
        a = f"{a}采购"  # 政府采购里服务占多少
    everything = "全口径" if re.match(data.word("all_of_it"), b) else ""
    if everything and read_question(b).scope:  # 全部政府性基金支出
        b, everything = re.sub(data.word("all_of_it"), "", b), ""
    name = data.word_or("total_of", b, b)
    whole = _linked(ask, name, _whole_measure(ask, a, b), everything)
    if whole is None and (part := _linked(ask, a, _part_measure(ask, a))) is not None:
        whole = _of_project(ask, part.figure, b)  # 专项里，X的钱占整个专项
    if whole is None or whole.figure.value is None:
        return None
    if (several := _of_projects(ask, a, whole.figure)) is not None:
        return several
    pieces = split_pieces(ask, re.sub(data.word("sum_tail"), "", a), data.word("added_pieces"))
    top = [ask.link(p, measure=_money_measure(ask), scope=ask.reading.scope) for p in pieces]
    if len(pieces) > 1 and all(top):
        figures = [h.figure for h in top if h]
        steps = (
            Step("add", tuple(f.id for f in figures)),
            Step("percent", ("#0", whole.figure.id)),
        )
        calculation = run(Plan(steps), by_id([*figures, whole.figure]))
        label = f"{'、'.join(label_of(f) for f in figures)}之和占{label_of(whole.figure)}的比例"
        ask.evidence.result(calculation, [*figures, whole.figure], label)
        return ask.evidence.answer(
            say("computed", label=label, formula=calculation.formula) + rounding_of(calculation)
        )
    if len(pieces) > 1 and any(top) and re.search(data.word("sum_tail"), a):
        return None  # one of the things added up is not in the report
    one = _facet_of(ask, a, b, whole) or _linked(ask, a, _part_measure(ask, a))
    if one is None or one.figure.value is None:
        return None
    whole = _of_project(ask, one.figure, b) or whole
    if one.figure.id == whole.figure.id or of_two_worlds(one.figure, whole.figure):
        return None
    told_twice = label_of(one.figure) == label_of(whole.figure) and agree(one.figure, whole.figure)
    if told_twice:
        return None  # one thing is no share of itself
    top_figure, bottom = _same_scope(ask, one, whole, a, b)
    return quotient(ask, top_figure, bottom, "percent", "占比")


def _of_income(ask: Ask, source: Figure, whole: Figure) -> Answer | None:
    """The share of a source in the income: as the prose tells it, otherwise worked out."""
    printed = (
        f
        for f in ask.report.figures
        if f.measure == "share"
        and f.value is not None
        and not f.project
        and core(f.subject) == core(source.subject)
        and f.year == source.year
    )
    if (told_share := next(printed, None)) is not None:
        return ask.evidence.answer(told(ask, told_share))
    return quotient(ask, source, whole, "percent", "占比")


def _of_procurement(ask: Ask, a: str, b: str) -> tuple[Figure, Figure] | None:
    """(a kind of procurement, the whole that the sentence divides into kinds), where both are
    asked for: 政府采购预算中工程占多少."""
    said = re.findall(data.word("procurement_kind"), a)
    asked = said[-1] if said else ""  # in a follow-up, the kind asked for before stands first
    if not asked or "企业" in a or not re.fullmatch(data.word("all_procurement"), key(b)):
        return None
    if "采购" not in a + b:
        return None
    prose = [
        f for f in ask.report.figures if not f.table and f.unit in MONEY and f.value is not None
    ]
    for f in prose:
        if asked not in f.subject or len(f.item) < 2 or "企业" in f.subject:
            continue
        above = "".join(f.item[:-1])
        if "采购" not in above or re.search(data.word("procurement_kind"), above):
            continue
        wholes = (
            w
            for w in prose
            if w.table_id == f.table_id and w.item == f.item[:-1] and w.measure == f.measure
        )
        if (whole := next(wholes, None)) is not None:
            return f, whole
    return None


def _classes(ask: Ask) -> Answer | None:
    """花在哪三大类，各占百分之几: the shares that one paragraph tells, each with its amount."""
    side = "收入" if "收入" in ask.text else "支出"
    told: dict[str, list[Figure]] = {}
    for f in ask.report.figures:
        if f.measure == "share" and not f.table and not f.project and f.value is not None:
            told.setdefault(f.table_id, []).append(f)
    groups = [
        g
        for g in told.values()
        if len(g) > 1
        and all(side in f.subject for f in g)
        and ask.reading.scope in {"", g[0].scope}
    ]
    if not groups:
        return None
    pieces = []
    for share_told in max(groups, key=len):
        amount_told = told_beside(ask, share_told, "final")
        if amount_told is not None:
            ask.evidence.value(amount_told)
        ask.evidence.value(share_told)
        money = f"{amount(amount_told)}，" if amount_told is not None else ""
        pieces.append(f"{share_told.subject}（{money}占{amount(share_told)}）")
    ask.evidence.count(len(pieces))
    return ask.evidence.answer(say("list", count=len(pieces), items="；".join(pieces)))


def _of_projects(ask: Ask, words: str, whole: Figure) -> Answer | None:
    """四个专项的总预算加起来占项目支出的百分之几: one measure of every project, over the whole."""
    match = re.search(data.word("project_sum"), words)
    if match is None:
        return None
    measure = read_question(match["sum"]).measure or "executed"
    rows = told_in_full(filter_projects(ask, projects(ask)), measure)
    if len(rows) < 2:
        return None
    figures = [f for _, (f,) in rows]
    steps = (Step("add", tuple(f.id for f in figures)), Step("percent", ("#0", whole.id)))
    calculation = run(Plan(steps), by_id([*figures, whole]))
    label = f"{len(figures)}个项目的{measure_label(measure)}之和占{label_of(whole)}的比例"
    ask.evidence.result(calculation, [*figures, whole], label)
    ask.evidence.count(len(figures))
    return ask.evidence.answer(
        say("computed", label=label, formula=calculation.formula) + rounding_of(calculation)
    )


def _facet_of(ask: Ask, a: str, b: str, whole: Hit) -> Hit | None:
    """The part of an item that a column gives: 教育支出里，项目支出占多少."""
    hit = ask.link(f"{b}{a}", measure=_money_measure(ask), scope=whole.figure.scope)
    if hit is None or core(hit.figure.subject) != core(whole.figure.subject):
        return None
    facet = key(hit.figure.facet)
    return hit if facet and facet in key(a) else None


def _of_project(ask: Ask, part: Figure, b: str) -> Hit | None:
    """The whole of the part's own project, where the question says no more of it than that."""
    rest = content_of(read_question(b).rest)
    if not part.project or re.sub(data.word("project_whole"), "", rest).strip():
        return None
    if re.search(data.word("every_project"), b):
        return None  # of all projects
    return ask.link(f"{part.project}{b}", measure=read_question(b).measure or "executed")


def _whole_measure(ask: Ask, a: str, b: str) -> str:
    """The measure of a whole: its own words', the final one where only the part says a budget."""
    own = read_question(b).measure
    if own:
        return own
    if read_question(a).measure == "budget" and ask.report.kind != "budget":
        return "final"
    return _money_measure(ask)


def _part_measure(ask: Ask, a: str) -> str:
    """The measure of a part: what its own words say, else that of the question's money."""
    own = read_question(a).measure
    return own or _money_measure(ask)


def _money_measure(ask: Ask) -> str:
    plain = "budget" if ask.report.kind == "budget" else "final"
    return ask.reading.measure if ask.reading.measure in {"budget", "budget_initial"} else plain


def _linked(ask: Ask, words: str, measure: str, scope: str = "") -> Hit | None:
    """The figure that a part of the question names; an amount where no count is asked for."""
    wanted = {"scope": scope} if scope else {}
    hit = ask.link(words, measure=measure, **wanted)
    counted = hit is not None and hit.figure.unit not in MONEY and hit.figure.value is not None
    if counted and not read_question(words).counter and not ask.reading.counter:
        return ask.link(words, measure=measure, units=tuple(MONEY), **wanted) or hit
    return hit


def _same_scope(ask: Ask, one: Hit, whole: Hit, a: str, b: str) -> tuple[Figure, Figure]:
    """The part and the whole under one scope where the report has both."""
    if one.figure.scope == whole.figure.scope or one.figure.project:
        return one.figure, whole.figure
    again = ask.link(b, measure="final", scope=one.figure.scope)
    if (
        again
        and again.figure.value is not None
        and core(again.figure.subject) == core(whole.figure.subject)
    ):
        return one.figure, again.figure
    return one.figure, whole.figure


def _parts_of_share(text: str) -> tuple[str, str] | None:
    text = re.sub(
        data.word("share_asked"), lambda m: "占比例" if m.group().startswith("占") else "比例", text
    )
    match = re.search(data.word("share_of"), text)
    if not match:  # X中Y的比重是多少
        words = re.sub("(占)?的?(比例|比重|占比).*$", "", text)
        apart = re.match(data.word("part_of_whole"), words)
        return (apart["a"], apart["b"]) if apart else None
    a, b = match["a"], match["b"].strip("的")
    within = re.match(data.word("part_within"), a)
    if within and len(b) < 2:
        return within["a"], within["b"]
    inner = re.search(data.word("part_of_whole"), a)
    if inner and (len(b) < 2 or re.fullmatch(data.word("bare_whole"), b)):
        return inner["a"], inner["b"]
    facet = re.fullmatch(f"(?P<whole>.{{3,}})的(?P<part>{data.word('facets')})", a)
    if facet and len(b) < 2:
        return facet["part"], facet["whole"]
    return a, b


def _printed_share(ask: Ask, a: str, b: str) -> Hit | None:
    """The share that the report prints for A, when it is a share of B."""
    part = read_question(a)
    content = part.content or ask.reading.content
    if not content or ask.reading.codes:
        return None  # what is printed is of the whole, not of the account with the code
    wanted = Wanted(content=content, measure="share", year=ask.report.year, scope="")
    asked = pairs(key(content_of(b))) if b else frozenset()
    for hit in ask.catalogue.find(wanted)[:10]:
        if hit.figure.measure != "share" or hit.figure.value is None:
            continue
        if hit.named < 0.75 and not (hit.cover >= _WHOLLY and hit.named >= 0.5):
            continue
        if not of_kind_asked(ask.text, hit.figure):
            continue
        if len(unexplained(content, ask.catalogue.fields_of(hit.figure))) > _UNTOLD:
            continue  # of another thing: 自评项目涉及的预算金额 is not 项目支出
        base = pairs(key(hit.figure.base))
        if asked and base and len(asked & base) < 0.5 * len(asked):
            continue
        if asked and not base and hit.figure.sentence:
            whole = pairs(key(hit.figure.sentence))
            section = pairs(key("".join(ask.catalogue.section_of(hit.figure))))
            if len(asked & (whole | section)) < 0.7 * len(asked):
                continue
        return hit
    return None


_WHOLLY = 0.95  # share of the question that the figure explains
_UNTOLD = 2  # characters of a part's name that its share need not hold


def _beside(ask: Ask, words: str, whole: Figure) -> Hit | None:
    """The amount of the whole's own paragraph that the words name."""
    content = content_of(words)
    hits = ask.find(content=content, measure=whole.measure, units=tuple(MONEY)) if content else []
    return next(
        (
            h
            for h in hits
            if not whole.table
            and h.figure.table_id == whole.table_id
            and h.figure.measure == whole.measure
            and h.cover >= _COVERED
            and of_kind_asked(words, h.figure)
        ),
        None,
    )


_COVERED = 0.8  # share of the words on a part that the figure beside the whole explains


def complement(ask: Ask) -> Answer | None:
    """没有给A的B, 不是A的B: the whole less the part."""
    match = re.search(data.word("complement"), ask.text)
    if not match:
        return None
    whole_name = match["whole"] or match["whole0"]
    part_name = match["part"] or match["part0"]
    whole_name = data.word_or("total_of", whole_name, whole_name)
    whole = ask.link(whole_name, measure=_money_measure(ask))
    verb = match["verb"] or match["verb0"]
    named = (part_name + whole_name, verb + part_name, part_name)
    linked = [_beside(ask, part_name, whole.figure) if whole else None]
    linked += [ask.link(words, measure=_money_measure(ask)) for words in named]
    part = next(
        (
            h
            for h in linked
            if h
            and whole
            and h.figure.id != whole.figure.id
            and compatible(h.figure.unit, whole.figure.unit)
            and not of_two_worlds(h.figure, whole.figure)
        ),
        None,
    )
    if whole is None or part is None:
        return None
    a, b = whole.figure, part.figure
    if a.value is None or b.value is None or amount_of(b) > amount_of(a):
        return None
    calculation = run(Plan((Step("subtract", (a.id, b.id)),), ask.reading.unit_out), by_id([a, b]))
    label = f"{label_of(a)}中除{label_of(b)}以外的部分"
    ask.evidence.result(calculation, [a, b], label)
    return ask.evidence.answer(say("computed", label=label, formula=calculation.formula))
