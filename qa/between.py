"""Two things compared that share one name: an item in two tables, a measure of two projects."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, agree
from qa.compare import compared
from qa.evidence import amount_of, place_of, told_at
from qa.names import MONEY, content_pairs, core, key, pairs
from qa.reading import content_of, read_question
from qa.sets import Member, project_named
from qa.values import Answer
from qa.wordpairs import pair_in, pair_of


def two_tables(ask: Ask) -> Answer | None:
    """X在支出决算表里比在财政拨款支出决算表里多多少: the item's figure in each of the tables."""
    pair = pair_of(ask)
    if pair is None:
        return None
    found = _in_each(ask, pair)
    return compared(ask, *found) if found is not None else None


def _in_each(ask: Ask, pair: tuple[str, str]) -> list[Figure] | None:
    """The item's figure in the table that each side names; None where one has none."""
    tables = [ask.catalogue.mentioned_tables(read_question(words)) for words in pair]
    if not all(tables) or tables[0] & tables[1]:
        return None
    reading = ask.reading
    pieces = [re.sub("[比与和跟多少]+$", "", p) for p in content_of(reading.rest).split()]
    content = " ".join(dict.fromkeys(p for p in pieces if p))  # named once, or on both sides
    if not content:
        return None
    found = []
    for ids in tables:
        hits = ask.find(content=content, tables=ids, scope="", codes=(), units=tuple(MONEY))
        inside = [h for h in hits if h.figure.table_id in ids and h.figure.value is not None]
        if not inside or (inside[0].named < _NAMED and not _called(inside[0].figure, content)):
            return None
        found.append(inside[0].figure)
    return found


def _called(figure: Figure, name: str) -> bool:
    """Whether the figure bears the name, besides what its table says: 年末财政拨款结转和结余."""
    return core(figure.subject.replace("财政拨款", "")) == core(name)


def tables_agree(ask: Ask) -> Answer | None:
    """X在收入决算表和支出决算表里一样吗: the item's figure in each of the tables named."""
    text = re.sub(data.word("agreement_asked"), "", ask.text)
    pair = pair_in(ask, text)
    if pair is None:
        return None
    found = _in_each(ask, pair)
    if found is None:
        return None
    one, other = found
    return whether_same(ask, found, agree(one, other))


def whether_same(ask: Ask, figures: Sequence[Figure], same: bool) -> Answer:
    """That figures agree or do not, each told with its place.

    Where the two that agree are contradicted by another place of the same number, that is told.
    """
    if same and (wrong := _contradicted(ask, figures)) is not None:
        return wrong
    for figure in figures:
        ask.evidence.value(figure)
        ask.evidence.quote(place_of(figure.page, figure.page_label))
    text = say("agree" if same else "differ", pieces=told_at(figures))
    return ask.evidence.answer(text, polarity="yes" if same else "no")


def _contradicted(ask: Ask, figures: Sequence[Figure]) -> Answer | None:
    """What the consistency checks found of one of the figures against the place asked about."""
    for figure in figures:
        for finding in ask.catalogue.findings.get(figure.id, ()):
            if finding.severity == "error" and finding.rule == _TOLD_TWICE:
                ask.evidence.cite(figure)
                return ask.evidence.answer(ask.evidence.finding(finding), polarity="no")
    return None


def beyond_basic(ask: Ask) -> Answer | None:
    """公务接待费扣掉基本支出表里列的那部分: the whole, less what the basic table has of it."""
    match = re.search(data.word("beyond_basic"), ask.text)
    said = (match["item"] or match["item2"]) if match else ""
    item = re.sub(
        data.word("three_public_before"), "", content_of(read_question(said).rest).split(" ")[-1]
    )
    if not item:
        return None
    hits = ask.find(content=item, tables=frozenset(), units=tuple(MONEY))
    named = [h.figure for h in hits if h.named >= _NAMED and h.figure.value is not None]
    basic = [f for f in named if f.code.startswith("3") and "基本支出" in f.table]
    whole = [f for f in named if not f.code and "三公" in f.table] or [
        f for f in named if not f.code and not f.project
    ]
    whole = [f for f in whole if basic and f.measure == basic[0].measure]
    return compared(ask, whole[0], basic[0], told_twice=True) if whole else None


def two_scopes(ask: Ask) -> Answer | None:
    """X的全口径支出比财政拨款支出多多少: one item under the two scopes named."""
    said = list(re.finditer(data.word("scope_said"), ask.text))
    scopes = [data.word_or("scope_called", m["scope"], m["scope"]) for m in said]
    if len(said) != _SIDES or scopes[0] == scopes[1]:
        return None
    between = ask.text[said[0].end() : said[1].start()]
    item = content_of(re.sub("按$", "", ask.text[: said[0].start()].rstrip(",")))
    if not item or not re.match(f"[,]?({data.word('scopes_compared')})", between):
        return None
    found = [f for s in scopes if (f := _in_scope(ask, item, s)) is not None]
    return compared(ask, *found) if len(found) == _SIDES else None


def _in_scope(ask: Ask, item: str, scope: str) -> Figure | None:
    """The amount of an item under one scope, None where the report has none."""
    hits = ask.find(content=item, scope=scope, units=tuple(MONEY))
    inside = [h for h in hits if h.figure.scope == scope and h.figure.value is not None]
    return inside[0].figure if inside and inside[0].named >= _NAMED else None


def not_granted(ask: Ask) -> Answer | None:
    """不是财政拨款安排的支出: the item from all funds, less what the grants pay of it."""
    rest, said = re.subn(data.word("not_granted"), " ", ask.text)
    if (beyond := re.search(data.word("beyond_grants"), ask.text)) is not None:
        rest, said = beyond["item"], 1
    item = content_of(re.sub(data.word("all_of"), " ", rest)) if said else ""
    item = data.word_or("whole_of", item, item)
    if not item or ask.reading.has("yes_no", "reason", "list"):
        return None
    whole = _in_scope(ask, item, "全口径")
    granted = _in_scope(ask, item, "财政拨款")
    if granted is None:  # the budgets that the grants are made of: one of them has all
        funds = [_in_scope(ask, item, s) for s in data.word("grants_of").split("|")]
        paying = [f for f in funds if f is not None and f.value]
        granted = paying[0] if len(paying) == 1 else None
    if (
        whole is None
        or granted is None
        or whole.measure != granted.measure
        or amount_of(granted) > amount_of(whole)
    ):
        return None
    return compared(ask, whole, granted)


def two_projects(ask: Ask) -> Answer | None:
    """A奖补和B奖补哪个实际发得多: one measure of the two projects that the question names."""
    pair = pair_of(ask)
    if pair is None or not ask.reading.has("difference"):
        return None
    one, other = (project_named(ask, words) for words in pair)
    if one is None or other is None or one is other:
        return None
    asked = ask.reading.measure
    if asked in {"actual", "target"} and (named := _indicators(ask, (one, other))) is not None:
        return compared(ask, *named)
    measure = _MEASURES.get(asked, asked) if asked else "executed"
    if not asked and ask.report.kind == "budget":
        measure = "budget"
    figures = [m.figures[measure] for m in (one, other) if measure in m.figures]
    if len(figures) < 2 or any(f.value is None for f in figures):
        return None
    return compared(ask, *figures)


def _indicators(ask: Ask, members: Sequence[Member]) -> list[Figure] | None:
    """The indicator that the question names besides the two projects, of each of them."""
    found = []
    for member in members:
        names = {p for n in ask.catalogue.names_of_project(member.name) for p in pairs(key(n))}
        asked = content_pairs(ask.reading.content)
        hits = [
            h.figure
            for h in ask.find(measure=ask.reading.measure, units=())
            if ask.catalogue.project_of(h.figure.project) == member.name
            and h.figure.measure == ask.reading.measure
            and h.figure.value is not None
            and not ask.catalogue.is_project_level(h.figure)
            and pairs(key(h.figure.subject).removeprefix("项目")) - names <= asked
        ]
        if not hits:
            return None
        found.append(hits[0])
    return found if core(found[0].subject) == core(found[1].subject) else None


_MEASURES = {"actual": "executed", "final": "executed", "budget": "budget_adjusted"}
_TOLD_TWICE = "told_twice"  # the rule of the checks: one number is the same everywhere
_SIDES = 2  # of a comparison
_NAMED = 0.9  # share of the item's name that the question must hold
