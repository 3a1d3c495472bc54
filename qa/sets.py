"""Sets of figures that questions rank, count or list: projects with their figures by measure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from weakref import WeakKeyDictionary

from index.text import squeeze
from index.values import Figure
from qa import data
from qa.ask import Ask, percent
from qa.catalogue import Catalogue
from qa.names import MONEY, core, key, pairs
from qa.units import convert


@dataclass
class Member:
    """One member of a set: its name and its figures by measure, the first place winning."""

    name: str
    figures: dict[str, Figure] = field(default_factory=dict)
    facts: dict[str, Figure] = field(default_factory=dict)
    others: dict[str, list[Figure]] = field(default_factory=dict)

    def amount(self, measure: str) -> Decimal | None:
        """The value of a measure in a unit that members share (元, %, 分)."""
        figure = self.figures.get(measure)
        if figure is None or figure.value is None:
            return None
        if measure in {"rate", "completion"}:
            share = percent(figure)
            return share[0] if share else figure.value
        if figure.unit in MONEY:
            return convert(figure.value, figure.unit, "元")
        return figure.value


def projects(ask: Ask, every: bool = False) -> list[Member]:
    """Every project with its figures: summary table first, then form, then prose.

    Where some have been evaluated these alone, unless `every` one is wanted.
    """
    members = _members.get(ask.catalogue)
    if members is None:
        members = _members[ask.catalogue] = _read_members(ask.catalogue)
    named = ask.catalogue.mentioned_tables(ask.reading)
    members = tuple(m for m in members if not _only_bought(m) or _in_tables(m, named))
    evaluated = [m for m in members if _evaluated(m)]
    other = _of_other_table(ask, members) or _by_other_fact(ask, members)
    if evaluated and not every and not other:
        return evaluated
    return [m for m in members if {"final", "budget", "executed"} & m.figures.keys()]


def _only_bought(member: Member) -> bool:
    """Whether a name stands in lists of purchases alone, which may be lists by unit."""
    return all("采购" in f.table for fs in member.others.values() for f in fs)


def _evaluated(member: Member) -> bool:
    """Whether an evaluation tells of it: what was executed, or how it was scored."""
    return bool({"executed", "score", "rate"} & member.figures.keys())


def _in_tables(member: Member, tables: frozenset[str]) -> bool:
    return any(f.table_id in tables for fs in member.others.values() for f in fs)


def _of_other_table(ask: Ask, members: Sequence[Member]) -> bool:
    """Whether the question names a table that lists projects which were not evaluated."""
    tables = ask.catalogue.mentioned_tables(ask.reading)
    tables = frozenset(t for t in tables if ask.catalogue.tables[t].kind != "form")
    inside = [m for m in members if _in_tables(m, tables)]
    return any(not _evaluated(m) for m in inside)


def _by_other_fact(ask: Ask, members: Sequence[Member]) -> bool:
    """Whether the question names a column that only projects not evaluated have: 项目单位."""
    heads = [
        {c for m in some for c in m.facts if len(c) >= _HEAD}
        for some in (
            [m for m in members if not _evaluated(m)],
            [m for m in members if _evaluated(m)],
        )
    ]
    text = squeeze(ask.text)
    return any(c in text for c in heads[0] - heads[1])


# Put together once for each report, and read only.
_members: WeakKeyDictionary[Catalogue, tuple[Member, ...]] = WeakKeyDictionary()


def _read_members(catalogue: Catalogue) -> tuple[Member, ...]:
    members: dict[str, Member] = {}

    def rank(figure: Figure) -> int:
        if not figure.table:
            return 2
        if "采购" in figure.table:
            return 3  # what is bought for a project is a part of its money
        return 1 if catalogue.tables[figure.table_id].kind == "form" else 0

    for entry in sorted(catalogue.entries, key=lambda e: rank(e.figure)):
        figure = entry.figure
        if not entry.project or not catalogue.is_project_level(figure):
            continue
        member = members.setdefault(entry.project, Member(entry.project))
        measure = "rate" if figure.measure == "completion" else figure.measure
        if figure.state in {"value", "text"}:
            member.others.setdefault(measure, []).append(figure)
            member.figures.setdefault(measure, figure)
    for entry in catalogue.facts:
        figure = entry.figure
        if entry.project in members and figure.state == "text":
            column = squeeze(figure.column[-1] if figure.column else figure.subject)
            members[entry.project].facts.setdefault(column, figure)
    return tuple(members.values())


def project_called(ask: Ask, name: str) -> Member | None:
    """The project of that very name, evaluated or not; None for none."""
    return next((m for m in projects(ask, every=True) if m.name == name), None)


_LEAST_NAMED = 0.15  # share of a project's name, by weight, that the question must hold


def project_named(ask: Ask, words: str = "", least: float = _LEAST_NAMED) -> Member | None:
    """The project whose name the words (the question's, if none) hold clearly more of than of
    any other's, and at least that share of."""
    asked = pairs(key(words or ask.text))
    named = [
        (ask.catalogue.explained(pairs(core(n)), (asked, 1.0)), m)
        for m in projects(ask)
        for n in ask.catalogue.names_of_project(m.name)
    ]
    if not named:
        return None
    named.sort(key=lambda item: -item[0])
    share, member = named[0]
    second = next((s for s, m in named if m is not member), 0.0)
    return member if share >= least and share - second >= _CLEARLY else None


def told_of_grade(ask: Ask, grade: str) -> list[Figure]:
    """The places of the one number of projects of a grade that the prose gives for all; [] where
    it gives none, several, or counts units."""
    told = [
        f
        for f in ask.report.figures
        if f.measure == "count" and f.value is not None and f"“{grade}”" in f.subject
    ]
    return told if len({f.value for f in told}) == 1 and "单位" not in told[0].subject else []


_CLEARLY = 0.1  # by which its share is above that of every other project


def told_in_full(members: Iterable[Member], *measures: str) -> list[tuple[Member, list[Figure]]]:
    """The members that have a number of every one of the measures, with these figures."""
    found = []
    for member in members:
        figures = [member.figures[m] for m in measures if m in member.figures]
        if len(figures) == len(measures) and all(f.value is not None for f in figures):
            found.append((member, figures))
    return found


def filter_projects(ask: Ask, members: Sequence[Member]) -> list[Member]:
    """The projects of the table, the fund or the department that the question names."""
    text = squeeze(ask.text)
    tables = ask.catalogue.mentioned_tables(ask.reading)
    tables = frozenset(t for t in tables if ask.catalogue.tables[t].kind != "form")
    titles = {ask.catalogue.tables[t].title for t in tables}
    kept = list(members)
    if tables:
        chosen = [m for m in kept if _in_tables(m, tables)]
        kept = chosen or kept
    elif not titles:
        words = pairs(key(text))
        for table in ask.catalogue.tables.values():
            if table.kind == "form" or not any(
                f.table_id == table.id for m in members for fs in m.others.values() for f in fs
            ):
                continue
            name = re.sub(data.word("summary_table_words"), "", squeeze(table.title))
            if len(name) >= 4 and len(pairs(name) & words) >= 0.8 * len(pairs(name)):
                kept = [
                    m
                    for m in kept
                    if any(f.table_id == table.id for fs in m.others.values() for f in fs)
                ]
                break
    kept = _under_named(kept, text, core(ask.report.body))
    for column in ("资金", "类别", "单位", "部门"):
        values = dict.fromkeys(
            f.printed for m in kept for c, f in m.facts.items() if column in c and f.printed
        )
        if len(values) < 2:
            continue
        if column not in {"资金", "类别"}:
            ends = _named_by_end(values, text)
            if len(ends) == 1:
                kept = [m for m in kept if any(f.printed == ends[0] for f in m.facts.values())]
            if len(ends) == 1 or column not in text:
                continue
        best = max(values, key=lambda v: _share_named(v, text), default="")
        if best and _share_named(best, text) >= 0.6:
            kept = [m for m in kept if any(f.printed == best for f in m.facts.values())]
    return kept


def of_grade(text: str, members: Sequence[Member]) -> list[Member] | None:
    """The projects of the grade that the words restrict them to (评为“良”的, 没评上优的); None for
    no restriction."""
    apart = re.search(data.word("not_graded"), text)
    if apart and re.search(data.word("graded") + '|[“"]', text):
        return [m for m in members if _grade(m) not in {"", apart["grade"]}]
    grade = re.search(data.word("grade_counted"), text)
    if grade and re.search(data.word("graded"), text):
        return [m for m in members if _grade(m) == (grade["grade"] or grade["grade2"])]
    return None


def _grade(member: Member) -> str:
    return member.figures["grade"].printed if "grade" in member.figures else ""


def under_account(ask: Ask) -> list[tuple[str, Figure]] | None:
    """The projects of the table of projects under the account named, each with its amount."""
    members = projects(ask, every=True)
    kept = _under_named(members, squeeze(ask.text), core(ask.report.body))
    if len(kept) == len(members):
        return None
    rows = [
        (m.name, next(m.figures[k] for k in ("final", "budget", "executed") if k in m.figures))
        for m in kept
    ]
    return rows or None


def _under_named(members: list[Member], text: str, body: str) -> list[Member]:
    """The projects that stand under the account or the unit, not the department itself, that the
    question names: 公路养护下面的项目."""
    heads: dict[str, list[Member]] = {}
    for member in members:
        figure = next(iter(member.figures.values()))
        for label in figure.item:
            if core(label) != core(member.name) and len(core(label)) >= _HEAD:
                heads.setdefault(core(label), []).append(member)
    some = {h: under for h, under in heads.items() if len(under) < len(members)}
    named = [h for h in some if h in key(text)]
    if not named:  # 执法大队名下有几个项目, of the unit whose rows stand below its name
        units = [h for h in some if re.search(data.word("body_name_end"), h) and h != body]
        named = ends if len(ends := _named_by_end(units, text)) == 1 else []
    return heads[max(named, key=len)] if named else members


def _named_by_end(names: Iterable[str], text: str) -> list[str]:
    """The units of which the question has the end of the name (体育中心 for 某某市体育中心), those
    of which it has the most."""
    held: dict[str, int] = {}
    for name in names:
        plain = key(re.sub(r"[（(].*?[）)]", "", name))
        sizes = range(len(plain), min(_HEAD, len(plain)) - 1, -1)
        size = next((n for n in sizes if plain[-n:] in key(text)), 0)
        if len(plain) >= _UNIT and size:
            held[name] = size
    most = max(held.values(), default=0)
    return [n for n, size in held.items() if size == most]


_UNIT = 3  # characters of the shortest name of a unit: 院本级
_HEAD = 4  # characters that name an account or a unit


def _share_named(name: str, text: str) -> float:
    own = pairs(key(name))
    return len(own & pairs(key(text))) / max(len(own), 1)


def about_projects(ask: Ask) -> bool:
    text = ask.text
    measure = ask.reading.measure
    heading = re.search(
        data.word("account_headings"),
        text,
    )
    if heading and not re.search(r"自评|绩效|执行率|得分", text):
        return False
    return bool(
        re.search(r"项目(?!支出)|自评|绩效|[个类各]专项|(所有|全部)的?专项", text)
        or measure in {"score", "rate", "grade"}
    )


def measure_of_projects(ask: Ask) -> str:
    measure = ask.reading.measure
    if re.search(data.word("asks_rate_of_projects"), ask.text):
        return "rate"
    if re.search(data.word("asks_score"), ask.text):
        return "score"
    if measure in {"budget", "budget_initial", "budget_adjusted", "executed", "rate", "score"}:
        if measure == "budget" and any("budget_adjusted" in m.figures for m in projects(ask)):
            return "budget_adjusted"
        return measure
    if measure == "completion":
        return "rate"
    told = {m for member in projects(ask) for m in member.figures}
    return next((m for m in ("executed", "final", "budget") if m in told), "executed")
