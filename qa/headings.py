"""The items under a heading that a question names: an account, a side of the table, a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.text import squeeze
from index.values import FUND_SCOPES, Figure
from qa import data, incomes
from qa.ask import Ask
from qa.names import MONEY, core, key, pairs


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
    if (titled := _of_titled_table(ask, plain, figures)) is not None:
        return titled
    if (leaves := _by_economy(plain, figures)) is not None:
        return leaves
    for side, heads in _SIDES:
        if side in plain and not (side == "基本支出" and _by_function(plain)):
            inner = [f for f in economic if len(f.code) == 5 and f.code.startswith(heads)]
            if inner:  # both are parts of 基本支出, whatever other tables list by account
                inner.sort(key=lambda f: "基本支出" not in squeeze(f.table))
                first = inner[0].table_id
                return side, _one_each(f for f in inner if f.table_id == first)
    if (told := _project_parts(ask, words)) is not None:
        return told
    if "三公" in plain:
        parts = [
            f
            for f in figures
            if f.table
            and "三公" in squeeze(f.table)
            and f.measure == _stage(ask)
            and core(f.subject) in THREE
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
    if ask.reading.has("rank") and (income := incomes.sources(ask, plain)):
        return "收入", _one_each(income)
    if _of_other_heading(ask, plain):
        return None
    return _classes(ask, plain, figures)


def _by_economy(plain: str, figures: Sequence[Figure]) -> tuple[str, list[Figure]] | None:
    """按经济科目: the economic accounts of the part that the question names, of one table."""
    if not re.search(data.word("by_economy"), plain):
        return None
    part = next((p for p in ("项目支出", "基本支出") if p in plain), "基本支出")
    leaves = [
        f
        for f in figures
        if f.code.startswith("3")
        and len(f.code) == _ITEM
        and f.measure in {"final", "budget"}
        and part in squeeze(f.table) + f.facet
    ]
    first = leaves[:1]
    same = [f for f in leaves if (f.table_id, f.column) == (first[0].table_id, first[0].column)]
    return (part, _one_each(same)) if same else None


def _of_titled_table(
    ask: Ask, plain: str, figures: Sequence[Figure]
) -> tuple[str, list[Figure]] | None:
    """The economic accounts of a table of its own: 机关运行经费中哪个经济科目最多."""
    if not re.search(data.word("accounts_asked"), plain):
        return None
    for table in ask.catalogue.tables.values():
        name = re.sub(data.word("title_frame"), "", squeeze(table.title))
        name = re.sub("^一般公共预算(财政拨款)?|预算$", "", name)
        if len(name) < _TITLED or name not in plain:
            continue
        rows = [
            f
            for f in figures
            if f.table_id == table.id and f.code.startswith("3") and len(f.code) == _ITEM
        ]
        if len(rows) > 1:
            return name, _one_each(rows)
    return None


_TITLED = 5  # characters of a table's name that tell it apart
_ITEM = 5  # digits of the code of an economic account (款)


def _of_other_heading(ask: Ask, plain: str) -> bool:
    """Whether the question ranks what is inside an account that has no items below it."""
    inside = re.search(data.word("inside_heading"), plain)
    if inside is None or re.search(data.word("whole_heading"), inside["name"]):
        return False
    return core(inside["name"]) in ask.catalogue.subjects


def level_named(plain: str) -> bool:
    """Whether a text names a level of the function classification: 类, 款 or 项."""
    levels = ("last_levels", "middle_levels", "first_levels")
    return any(re.search(data.word(name), plain) for name in levels)


def _by_function(plain: str) -> bool:
    """Whether 基本支出 is asked of accounts of the function classification, by level or heading."""
    if level_named(plain):
        return "经济" not in plain
    inside = re.search(data.word("inside_heading"), plain)
    if inside is None or re.search(data.word("whole_heading"), inside["name"]):
        return False
    return "基本支出" not in inside["name"]  # 卫生健康支出里哪个科目基本支出最多


def _heading_said(heading: Figure, plain: str) -> bool:
    """工资福利里 names 工资福利支出 as well."""
    short = core(heading.subject)
    said = key(plain)
    return key(heading.subject) in said or (len(short) >= 4 and f"{short}里" in said)


def _project_parts(ask: Ask, words: str) -> tuple[str, list[Figure]] | None:
    """The parts that the prose takes a named project's money apart into."""
    asked = pairs(key(words))
    best: tuple[float, str] = (0.0, "")
    for project in {e.project for e in ask.catalogue.entries if e.project}:
        for name in ask.catalogue.names_of_project(project):
            own = pairs(core(re.sub(r"[（(].*?[）)]", "", name)))
            best = max(best, (len(own & asked) / max(len(own), 1), project))
    return parts_of_project(ask, best[1]) if best[0] >= _NAMED_PROJECT else None


def parts_of_project(ask: Ask, project: str) -> tuple[str, list[Figure]] | None:
    """The project, and the parts that the prose takes its money apart into, if it does."""
    figures = [e.figure for e in ask.catalogue.entries if e.figure.value is not None]
    parts = [
        f
        for f in figures
        if f.project
        and ask.catalogue.project_of(f.project) == project
        and f.sentence
        and f.unit in MONEY
        and f.measure in {"budget", "final", "executed"}
        and len(f.item) > 1
        and core(f.subject) != core(f.project)
        and not re.search("(合计|总计)$", f.subject)
    ]
    return (project, _one_each(parts)) if len(parts) > 1 else None


_NAMED_PROJECT = 0.7


_SIDES = (
    ("人员经费", ("301", "303")),
    ("公用经费", ("302", "307", "31", "39")),
    ("基本支出", ("30", "31", "39")),
)


THREE = {
    core("因公出国（境）费"),
    core("公务用车购置及运行维护费"),
    core("公务接待费"),
    core("公务用车购置及运行费"),
    core("因公出国（境）费用"),
}


def _stage(ask: Ask) -> str:
    budgets = {"budget", "budget_adjusted"}
    return "budget" if ask.reading.measure in budgets or ask.report.kind == "budget" else "final"


def _is_other_facet(figure: Figure) -> bool:
    return key(figure.facet) not in {"人员经费", "公用经费", "基本支出", "经济分类科目", ""}


def _classes(ask: Ask, plain: str, figures: Sequence[Figure]) -> tuple[str, list[Figure]] | None:
    """功能分类: 类, 款 or 项 of the expenditure table (of the scope asked for)."""
    part = next((p for p in ("项目支出", "基本支出") if p in plain), "")
    accounts = bool(part) and "科目" in plain  # 项目支出里哪个科目最多: of the leaves
    if not level_named(plain) and not (accounts or re.search(data.word("by_function"), plain)):
        return None
    digits = 7 if accounts else 3
    if re.search(data.word("last_levels") + "|明细科目", plain):
        digits = 7
    elif re.search(data.word("middle_levels"), plain):
        digits = 5
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
    inside = [f for f in chosen if f.table_id == first]
    if digits == _CLASS and len(inside) == 1 and scope in FUND_SCOPES:  # its items tell more
        leaves = [f for f in figures if f.table_id == first and f.column == inside[0].column]
        inside = [f for f in leaves if len(f.code) == _LEAF] or inside
    return "支出", _one_each(inside)


_CLASS, _LEAF = 3, 7  # digits of the code of a function class (类) and of an item (项)


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
    if len(level) == 1 and ask.reading.has("rank"):  # one 款 alone: its items are ranked
        level = [f for f in inner if len(f.code) == max(len(f.code) for f in inner)]
    return (heading.subject, _one_each(level)) if level else None


def _called(figure: Figure, plain: str) -> bool:
    """Whether the text names a heading as such: its name, and no longer name around it."""
    name = re.escape(key(figure.subject))
    short = re.escape(core(figure.subject))
    end = re.escape(key(figure.subject)[-_END:])
    if len(key(figure.subject)) > _END and re.search(rf"{end}这一?[类款](的|底|下|里|中)", plain):
        return True  # 养老支出这一款下面
    return bool(
        re.search(
            rf"(?:{name}|{short})(支出|科目|\(\d+\)|\([类款]\)|类|这一?[类款])*(底|下|里|中|包|的|分|具体|主要|一共|都|由|各|[,，]|$)",
            plain,
        )
    )


_END = 4  # characters of a name's end that call it, where 这一款 says that it is an account


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


def prose_budgets(ask: Ask) -> dict[tuple[str, ...], Figure]:
    """The initial budgets of the items that the prose explains one by one, by item."""
    known = [
        f
        for f in ask.report.figures
        if f.measure == "budget_initial" and not f.table and not f.project
    ]
    deepest = 3 if any(len(f.item) >= 3 for f in known) else 1
    return {f.item: f for f in known if len(f.item) >= deepest and _is_expense(f)}


def _is_expense(figure: Figure) -> bool:
    """Whether a figure of the prose is about a functional item, not a total or a 三公 expense."""
    return len(figure.item) >= 3 or bool(re.search(r"支出$", figure.subject))
