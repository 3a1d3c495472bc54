"""Sets of figures that questions rank, count, list, filter or sum: projects and account items."""

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
    evaluated = [m for m in members if {"executed", "score", "rate"} & m.figures.keys()]
    if evaluated and not every:
        return evaluated
    return [m for m in members if {"final", "budget", "executed"} & m.figures.keys()]


# Put together once for each report, and read only.
_members: WeakKeyDictionary[Catalogue, tuple[Member, ...]] = WeakKeyDictionary()


def _read_members(catalogue: Catalogue) -> tuple[Member, ...]:
    members: dict[str, Member] = {}

    def rank(figure: Figure) -> int:
        if not figure.table:
            return 2
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


def project_named(ask: Ask, words: str = "") -> Member | None:
    """The project whose name the words (the question's, if none) hold clearly more of than of
    any other's."""
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
    return member if share >= _LEAST_NAMED and share - second >= _CLEARLY else None


_CLEARLY = 0.1  # by which its share is above that of every other project
_LEAST_NAMED = 0.15  # share of a project's name, by weight, that the question must hold


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
        chosen = [
            m for m in kept if any(f.table_id in tables for fs in m.others.values() for f in fs)
        ]
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
    kept = _under_named(kept, text)
    for column in ("资金", "类别", "单位", "部门"):
        values = dict.fromkeys(
            f.printed for m in kept for c, f in m.facts.items() if column in c and f.printed
        )
        if len(values) < 2:
            continue
        if column not in {"资金", "类别"} and column not in text:
            ends = [v for v in values if _ends_named(v, text)]
            if len(ends) == 1:
                kept = [m for m in kept if any(f.printed == ends[0] for f in m.facts.values())]
            continue
        best = max(values, key=lambda v: _share_named(v, text), default="")
        if best and _share_named(best, text) >= 0.6:
            kept = [m for m in kept if any(f.printed == best for f in m.facts.values())]
    return kept


def under_account(ask: Ask) -> list[tuple[str, Figure]] | None:
    """The projects of the table of projects under the account named, each with its amount."""
    members = projects(ask, every=True)
    kept = _under_named(members, squeeze(ask.text))
    if len(kept) == len(members):
        return None
    rows = [
        (m.name, next(m.figures[k] for k in ("final", "budget", "executed") if k in m.figures))
        for m in kept
    ]
    return rows or None


def _under_named(members: list[Member], text: str) -> list[Member]:
    """The projects that stand under the account that the question names: 公路养护下面的项目."""
    heads: dict[str, list[Member]] = {}
    for member in members:
        figure = next(iter(member.figures.values()))
        for label in figure.item:
            if core(label) != core(member.name) and len(core(label)) >= _HEAD:
                heads.setdefault(core(label), []).append(member)
    named = [h for h, under in heads.items() if h in key(text) and len(under) < len(members)]
    return heads[max(named, key=len)] if named else members


def _ends_named(name: str, text: str) -> bool:
    """Whether the question calls a unit by the end of its name: 体育中心 for 某某市体育中心."""
    plain = key(re.sub(r"[（(].*?[）)]", "", name))
    return len(plain) >= _HEAD and plain[-_HEAD:] in key(text)


_HEAD = 4  # characters that name an account or a unit


def _share_named(name: str, text: str) -> float:
    own = pairs(key(name))
    return len(own & pairs(key(text))) / max(len(own), 1)


@dataclass(frozen=True)
class Condition:
    """A condition on a measure: `<`, `<=`, `>`, `>=`, `=`, or `!=` against a bound."""

    measure: str
    sign: str
    bound: Decimal

    def holds(self, value: Decimal | None) -> bool:
        if value is None:
            return False
        return {
            "<": value < self.bound,
            "<=": value <= self.bound,
            ">": value > self.bound,
            ">=": value >= self.bound,
            "=": value == self.bound,
            "!=": value != self.bound,
        }[self.sign]


_BOUND = (
    (
        re.compile(data.word("bound_below")),
        "<",
    ),
    (re.compile(data.word("bound_below_after")), "<"),
    (re.compile(data.word("bound_at_least")), ">="),
    (re.compile(data.word("bound_at_least_after")), ">="),
    (re.compile(data.word("bound_above")), ">"),
    (re.compile(data.word("bound_equal")), "="),
    (re.compile(r"(?<![\d.])(100)(%|分)"), "="),
)
_SPENT = re.compile(data.word("spent"))
_UNSPENT = re.compile(data.word("nothing_spent"))
_FULL = re.compile(data.word("fully_spent"))
_NOT_FULL = re.compile(data.word("not_fully_spent"))


def condition(text: str, measure: str) -> Condition | None:
    """The condition that a question states over its members, None when there is none."""
    if re.search(r"满分", text) and not re.search(r"没|不|未", text):
        return Condition("score", "=", Decimal(100))
    if _NOT_FULL.search(text):
        return Condition("rate", "<", Decimal(100))
    for pattern, sign in _BOUND:
        match = pattern.search(text)
        if match:
            bound = Decimal(match[1])
            unit = {"万": "万元"}.get(match[2], match[2] or "")
            if not unit and measure not in {"score", "rate"}:
                continue
            if unit in {"万元", "元"}:
                bound = convert(bound, unit, "元")
            kind = {"%": "rate", "分": "score"}.get(unit, measure or "executed")
            return Condition(kind, sign, bound)
    if _FULL.search(text):
        return Condition("rate", "=", Decimal(100))
    if _UNSPENT.search(text):
        return Condition(measure or "executed", "=", Decimal(0))
    if _SPENT.search(text):
        return Condition(measure or "executed", ">", Decimal(0))
    return None


def items_under(ask: Ask, words: str) -> tuple[str, list[Figure]] | None:
    """The detail items of the heading that a question names, with the heading's name.

    Headings are economic codes (301 工资福利支出), sides of the table (人员经费, 公用经费), the
    three public expenses, the kinds of procurement, and the classes of expenditure.
    """
    plain = squeeze(words)
    figures = [e.figure for e in ask.catalogue.entries if e.figure.value is not None]
    economic = [
        f
        for f in figures
        if len(f.code) in {3, 5}
        and f.code.startswith("3")
        and f.measure in {"final", "budget"}
        and f.table
        and (not f.facet or not _is_other_facet(f))
    ]
    code = re.search(r"(?<!\d)(3\d\d)(?!\d)", plain)
    for heading in sorted(
        (f for f in economic if len(f.code) == 3), key=lambda f: -len(key(f.subject))
    ):
        if (code and heading.code == code[1]) or _heading_said(heading, plain):
            inner = [
                f
                for f in economic
                if f.code.startswith(heading.code)
                and len(f.code) == 5
                and f.table_id == heading.table_id
                and f.column == heading.column
            ]
            inner = inner or [
                f
                for f in economic
                if f.code.startswith(heading.code)
                and len(f.code) == 5
                and f.table_id == heading.table_id
            ]
            if inner:
                return heading.subject, _one_each(inner)
    if (below := _children(ask, plain, figures)) is not None:
        return below
    for side, heads in _SIDES:
        if side in plain:
            inner = [f for f in economic if len(f.code) == 5 and f.code.startswith(heads)]
            if inner:
                first = inner[0].table_id
                return side, _one_each(f for f in inner if f.table_id == first)
    if (told := _project_parts(ask, words, figures)) is not None:
        return told
    if "三公" in plain:
        parts = [
            f
            for f in figures
            if f.table
            and "三公" in squeeze(f.table)
            and f.measure == _stage(ask)
            and core(f.subject) in _THREE
        ]
        if parts:
            return "“三公”经费", _one_each(parts)
    if "采购" in plain or re.search(r"货物.{0,3}工程.{0,4}服务", plain):
        parts = [
            f
            for f in figures
            if not f.table
            and f.measure == "final"
            and re.search(data.word("procurement_kinds"), key(f.subject))
            and "采购" in "".join((*f.item, *ask.catalogue.section_of(f)))
            and not re.search("企业", f.subject)
        ]
        if parts:
            return "政府采购", _one_each(parts)
    return _classes(ask, plain, figures)


def _heading_said(heading: Figure, plain: str) -> bool:
    """工资福利里 names 工资福利支出 as well."""
    short = core(heading.subject)
    said = key(plain)
    return key(heading.subject) in said or (len(short) >= 4 and f"{short}里" in said)


def _project_parts(
    ask: Ask, words: str, figures: Sequence[Figure]
) -> tuple[str, list[Figure]] | None:
    """The parts that the prose takes a named project's money apart into."""
    asked = pairs(key(words))
    best: tuple[float, str] = (0.0, "")
    for project in {e.project for e in ask.catalogue.entries if e.project}:
        for name in ask.catalogue.names_of_project(project):
            own = pairs(core(re.sub(r"[（(].*?[）)]", "", name)))
            best = max(best, (len(own & asked) / max(len(own), 1), project))
    if best[0] < _NAMED_PROJECT:
        return None
    parts = [
        f
        for f in figures
        if f.project
        and ask.catalogue.project_of(f.project) == best[1]
        and f.sentence
        and f.unit in MONEY
        and f.measure in {"budget", "final", "executed"}
        and len(f.item) > 1
        and core(f.subject) != core(f.project)
        and not re.search("(合计|总计)$", f.subject)
    ]
    return (best[1], _one_each(parts)) if len(parts) > 1 else None


_NAMED_PROJECT = 0.7
_SIDES = (
    ("人员经费", ("301", "303")),
    ("公用经费", ("302", "307", "31", "39")),
    ("基本支出", ("30", "31", "39")),
)
_THREE = {
    core("因公出国（境）费"),
    core("公务用车购置及运行维护费"),
    core("公务接待费"),
    core("公务用车购置及运行费"),
    core("因公出国（境）费用"),
}


def _stage(ask: Ask) -> str:
    return "budget" if ask.reading.measure in {"budget", "budget_adjusted"} else "final"


def _is_other_facet(figure: Figure) -> bool:
    return key(figure.facet) not in {"人员经费", "公用经费", "基本支出", "经济分类科目", ""}


def _classes(ask: Ask, plain: str, figures: Sequence[Figure]) -> tuple[str, list[Figure]] | None:
    """功能分类: 类, 款 or 项 of the expenditure table (of the scope asked for)."""
    levels = [data.word(n) for n in ("last_levels", "middle_levels", "first_levels")]
    if not any(re.search(p, plain) for p in levels) and not re.search(
        data.word("by_function"), plain
    ):
        return None
    digits = 3
    if re.search(data.word("last_levels") + "|明细科目", plain):
        digits = 7
    elif re.search(data.word("middle_levels"), plain):
        digits = 5
    part = "项目支出" if "项目支出" in plain else ""
    scope = ask.reading.scope
    tables = ask.catalogue.mentioned_tables(ask.reading)
    rows = [
        f
        for f in figures
        if len(f.code) == digits
        and f.code.startswith("2")
        and key(f.facet) == part
        and f.measure in {"final", "budget"}
        and f.table
        and "支出" in squeeze(f.table)
        and (not tables or f.table_id in tables)
    ]
    general = "一般公共预算财政拨款"  # the coded table of fiscal appropriation
    chosen = [f for f in rows if f.scope == (scope or "全口径")] or [
        f for f in rows if f.scope == general
    ]
    if not chosen:
        return None
    first = chosen[0].table_id
    return "支出", _one_each(f for f in chosen if f.table_id == first)


def _children(ask: Ask, plain: str, figures: Sequence[Figure]) -> tuple[str, list[Figure]] | None:
    """The 款 or 项 under a functional heading that the question names by code or name."""
    if not re.search(data.word("children_of"), plain):
        return None
    part = next((p for p in ("项目支出", "基本支出") if p in plain), "")
    coded = [
        f
        for f in figures
        if f.code.startswith("2") and f.table and f.measure in {"final", "budget"}
    ]
    rows = [f for f in coded if key(f.facet) == part] or [f for f in coded if not key(f.facet)]
    heads = [f for f in rows if len(f.code) in {3, 5}]
    named = [f for f in heads if f.code in ask.reading.codes] or [
        f for f in heads if len(key(f.subject)) >= 4 and _called(f, plain)
    ]
    if not named:
        return None
    tables = ask.catalogue.mentioned_tables(ask.reading)
    wanted = ask.reading.scope
    named.sort(
        key=lambda f: (
            -len(core(f.subject)),
            f.table_id not in tables if tables else False,
            bool(wanted) and f.scope != wanted,
            "支出" not in squeeze(f.table),
        )
    )
    heading = named[0]
    inner = [
        f
        for f in rows
        if f.table_id == heading.table_id
        and f.column == heading.column
        and f.code.startswith(heading.code)
        and len(f.code) > len(heading.code)
    ]
    digits = 7 if re.search(data.word("last_levels") + "|项", plain) else len(heading.code) + 2
    level = [f for f in inner if len(f.code) == digits] or inner
    return (heading.subject, _one_each(level)) if level else None


def _called(figure: Figure, plain: str) -> bool:
    """Whether the text names a heading as such: its name, and no longer name around it."""
    name = re.escape(key(figure.subject))
    short = re.escape(core(figure.subject))
    return bool(
        re.search(
            rf"(?:{name}|{short})(支出|科目|\(\d+\)|\([类款]\)|类|这一?[类款])*(底|下|里|中|包|的|分|[,，]|$)",
            plain,
        )
    )


def rows_named(ask: Ask) -> tuple[str, list[Figure]] | None:
    """The rows of the one table that the question names, under the column that it names.

    The first column of money where it names none; totals are no rows.
    """
    tables = ask.catalogue.mentioned_tables(ask.reading)
    if len(tables) != 1:
        return None
    (table,) = tables
    rows = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.table_id == table
        and not e.figure.total
        and e.figure.value is not None
        and e.figure.unit in MONEY
        and e.figure.measure in {"final", "budget", "executed"}
        and e.figure.item
    ]
    if len({f.item for f in rows}) < 2:
        return None
    asked = pairs(key(ask.reading.content))
    columns = list(dict.fromkeys(f.column for f in rows))
    best = max(columns, key=lambda c: (len(pairs(key("".join(c[-1:]))) & asked), -columns.index(c)))
    return ask.catalogue.tables[table].title, _one_each(f for f in rows if f.column == best)


def _one_each(figures: Iterable[Figure]) -> list[Figure]:
    """The first figure of each name and code, in reading order."""
    kept: dict[tuple[str, str], Figure] = {}
    for figure in figures:
        kept.setdefault((core(figure.subject), figure.code), figure)
    return list(kept.values())


def completions(ask: Ask) -> list[Figure]:
    """The completion rates of the expenditure items that the prose explains one by one."""
    found = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.measure == "completion" and not e.figure.project and len(e.figure.item) >= 3
    ]
    return list({f.item: f for f in found}.values())
