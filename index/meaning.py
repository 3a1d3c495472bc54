"""What a cell means: subject, facet, measure, base, scope, year and unit, from header and label.

The header path of a column says the measure (预算数, 决算数, 增减率), the part that it takes
(基本支出), a scope (政府性基金预算财政拨款), a year and a unit (金额（万元）); the label path says
the subject. Words are compared squeezed (`text.squeeze`) and kept as printed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from index import data
from index.labels import UNIT, strip_number, unit_in
from index.text import squeeze
from index.wording import base_of

_SUMS = {"合计", "小计", "总计", "本年支出合计", "本年收入合计"}
_HALVES = {"收入", "支出", "本年收入", "本年支出", "项目"}
_PREFIXED = re.compile(
    r"^(?P<name>.{2,}?)(?P<measure>(?:年初|全年|调整后?)?预算数?|决算数?|执行数)$"
)
_MEASURED = re.compile(r"(?:年初|全年|调整后?)?(?:预算数?|决算数?|执行数)(?:[(（].*[)）])?$")
_ROW_MEASURE = re.compile(
    r"(?:(?P<year>20\d\d)年度?)?(?:年初|全年|调整后?)?(?:预算数?|决算数?|执行数)"
)
_PROJECT_TABLE = re.compile("项目支出(决算|预算)?(明细)?表")
_INCOME_TABLE = re.compile(
    r"(?<!支)收入(?:(?:决算|预算)(?:总|总体情况)?|总体情况)表(?:\([^()]*\))?$"
)
_INCOME = re.compile("(收入|拨款|资金|结余|结转|余额)$")  # rows that are kinds of income
_NESTED_SUMS = {"支出合计", "收入合计", "合计", "小计"}
_PARTS = {"基本支出", "项目支出", "人员经费", "公用经费"}
_ECONOMIC = (3, 5)  # digits of a code of an economic account; longer ones are of bodies
_COMPARES = re.compile(r"[比较](上年|20\d\d年度?).*(预算|决算|执行)数?$")
_EVALUATED = "绩效|自评|项目"
_STOCK = re.compile(r"^(上年|年初|年末|本年收入$)(.*(结转|结余)|$)")
_TIME = re.compile(r"^(?:本年度?|上年度?|当年|20\d\d年度?)+")
_PLAIN = re.compile(r"^(?:支出|收入|年初|全年|调整后?|预算|决算)*$")


@dataclass(frozen=True)
class Column:
    """What the header path of a column says; `unit` and `measure` are None and "" for nothing."""

    measure: str
    base: str
    unit: str | None
    year: int | None
    scope: str
    facets: tuple[str, ...]  # printed words that name a part, outermost first
    sure: bool  # a word of the header says the measure
    row: bool = False  # the row's name says it, and the header what is measured


@dataclass(frozen=True)
class Meaning:
    """What a row's label and a column say together."""

    subject: str
    facet: str
    scope: str


def read_column(
    path: Sequence[str],
    scope: str,
    year: int | None,
    plain: str,
    block: Collection[str],
    compared: str = "",
) -> Column:
    """Meaning of a header path. `plain`: the measure that an unsaid one is; `compared`: what a
    change is measured against where its header does not say."""
    measure, unit, base, sure = plain, None, "", False
    facets: list[str] = []
    measure_at = -1
    words = [squeeze(UNIT.sub("", p)) for p in path]
    for i in range(len(words) - 1, -1, -1):
        found = data.measure_of(words[i])
        if found and not (found.key in {"budget", "final"} and _is_scope(words[i])):
            measure = plain if found.key == "amount" else found.key
            unit, measure_at, sure = found.unit, i, True
            break
    for i, (printed, word) in enumerate(zip(path, words, strict=True)):
        if i == measure_at:
            match = _PREFIXED.match(word)
            name = _TIME.sub("", match["name"]) if match else ""
            if name and not _PLAIN.match(name):
                facets.append(_MEASURED.sub("", printed))
        elif _COMPARES.search(word):
            continue  # says what a change is measured against
        elif (
            word and word not in block and (word not in _HALVES or word == words[-1] == "本年收入")
        ):
            facets.append(printed)
        if word.endswith(("财政拨款", "预算")) or word in {"政府性基金", "国有资本经营"}:
            scope = data.scope_of(word, scope)
        if match := re.search(r"(20\d\d)年", word):
            year = int(match[1])
    if measure in {"change", "change_rate", "difference"}:
        said = next((w for w in reversed(words) if re.search(r"上年|预算|决算|同比|20\d\d", w)), "")
        said = re.split("[比较]", said)[-1] or said  # 2025年预算数比2024年执行数
        base = base_of(said, year) if re.search(r"上年|预算|同比|20\d\d", said) else compared
        year = year if not re.search(r"20\d\d", said) else None
    elif measure == "prior" and year is not None and not any("20" in w for w in words):
        year -= 1
    for printed in path:
        unit = unit_in(printed) or unit
    if unit is None and any("(%)" in w or w.endswith("%") for w in words):
        unit = "%"
    if unit is None and any(re.search(r"人数|编制数|实有数", w) for w in words):
        unit = "人"
    if measure == "rate" and unit != "%":
        unit = ""
    stock = next(
        (p for p, w in zip(path[:-1], words, strict=False) if _STOCK.match(w) and w not in block),
        "",
    )
    if (
        stock
    ):  # 年初结转和结余 | 本年收入 | 本年支出 | 年末结转和结余 side by side over the same parts
        inner = [f for f in facets if f != stock and squeeze(f) not in _SUMS]
        facets = [stock + "".join(inner[-1:])]
    sums = {"小计"} if len(facets) > 1 and squeeze(facets[-2]) not in _PARTS else _SUMS
    if len(facets) > 1 and squeeze(facets[-1]) in sums:
        facets.pop()  # 事业收入 > 小计, beside 其中：教育收费, is 事业收入
    return Column(measure, base, unit, year, scope, tuple(facets), sure)


def of_row(column: Column, item: Sequence[str], code: str) -> Column:
    """The column as a row says it that has a measure for its name: 2025年预算数 under 年度."""
    word = squeeze(item[0]) if len(item) == 1 and not code else ""
    match = _ROW_MEASURE.fullmatch(word)
    found = data.measure_of(word) if match and not column.sure else None
    if match is None or found is None or not column.facets:
        return column
    year = int(match["year"]) if match["year"] else column.year
    return replace(column, measure=found.key, year=year, sure=True, row=True)


def _is_scope(word: str) -> bool:
    return bool(re.search(r"(一般公共|政府性基金|国有资本经营)预算$", word)) or word in {
        "支出预算",
        "收入预算",
    }


def read_meaning(
    item: Sequence[str],
    code: str,
    column: Column,
    title: str,
    scope: str,
    block: Collection[str],
    total: bool,
) -> Meaning:
    """Subject and facet of a cell; `scope` is that of the table."""
    words = squeeze(title)
    subject = strip_number(item[-1]) if item else ""
    if len(item) > 1 and not code and squeeze(subject) in _NESTED_SUMS:
        subject = strip_number(item[-2])  # 一、“三公”经费支出 > （一）支出合计
    facet = column.facets[-1] if column.facets else ""
    plain = squeeze(facet)
    scoped = column.scope != scope and data.scope_of(plain, "") == column.scope
    if facet and scoped and not _STOCK.match(plain):
        facet = plain = ""  # the column names a scope, not a part
    if not item or column.row:
        return Meaning(_column_subject(column.facets, title), "", column.scope)
    if total:
        named = _total_subject(title, subject, facet, block)
        part = "项目支出" if _of_projects(words, named, facet) else _government(words)
        return Meaning(named, part, column.scope)
    if len(item) > 1 and "结转" in item[-2] and not code:
        part = data.scope_of(squeeze(item[-1]), "")
        if part:  # 年初结转和结余 > 一般公共预算财政拨款
            return Meaning(strip_number(item[-2]), "", part)
    income = bool(_INCOME_TABLE.search(words)) and not _INCOME.search(squeeze(subject))
    if plain in _SUMS or plain.endswith("支出预算"):
        facet = ""
    if not facet and income:
        facet = column.facets[-1] if plain == "本年收入合计" else "收入合计"
    if code and not facet and _PROJECT_TABLE.search(words):
        facet = "项目支出"  # 一般公共预算财政拨款项目支出决算明细表
    economic = code.startswith("3") and len(code) in _ECONOMIC
    if not facet and re.search(data.layout().body_names, squeeze(subject)):
        facet = next((v for k, v in data.layout().body_parts.items() if k in words), "")
    if not economic and _part_of(words):
        facet = "".join(dict.fromkeys((_part_of(words), facet)))
    if _government(words):
        facet = f"{facet}{_government(words)}"
    if economic and "基本支出" in words and (not facet or "基本支出" in plain):
        facet = "基本支出"
    return Meaning(subject, facet, column.scope)


def _part_of(title: str) -> str:
    """The part of 基本支出 that a table by accounts or by units is of, as its title says."""
    return next((p for p in data.layout().part_titles if p in title), "")


def _government(title: str) -> str:
    """What tells the amounts of a table by the government's classification from the others."""
    return "政府预算经济分类" if data.matches(data.layout().government_titles, title) else ""


def _of_projects(title: str, subject: str, column: str) -> bool:
    """Whether a sum of a table on 项目支出 is a part of it: 公用经费合计, not 项目支出 itself."""
    name = squeeze(subject)
    part = name.endswith(("人员经费", "公用经费")) or (bool(column) and subject == column)
    return bool(_PROJECT_TABLE.search(title)) and part and not name.endswith("项目支出")


def _column_subject(facets: Sequence[str], title: str) -> str:
    """The subject of a table without row labels: the innermost column name that is no sum."""
    chain = [f for f in facets if squeeze(f) not in _SUMS]
    if not chain:
        text = re.sub(
            r"^\d{4}年度?(部门|单位)?|(支出|收入支出)?(决算|预算)(明细|总)?表$", "", title
        )
        return text or title
    name, above = chain[-1], chain[-2] if len(chain) > 1 else ""
    if above.startswith("公务用车") and not name.startswith("公务用车") and len(name) <= 6:
        return "公务用车" + name  # 公务用车购置及运行费 > 购置费
    return name


def _total_subject(title: str, subject: str, facet: str, block: Collection[str]) -> str:
    """What a total row measures: its column (基本支出), its half (支出总计) or its own name."""
    plain, part, words = squeeze(subject), squeeze(facet), squeeze(title)
    if facet and part not in {"合计", "小计", "总计"} and not part.endswith("支出预算"):
        return "本年收入合计" if part == "本年收入" else facet
    if plain not in {"合计", "总计", "小计"}:
        stem = re.sub(r"(合计|总计|小计)$", "", plain)
        own = stem and not re.search(r"(收入|支出|本年)$", stem)
        return subject[: len(subject) - 2] if own else subject
    for half in ("收入", "支出"):
        if any(w.endswith(half) for w in block):
            return half + plain
    if not re.search(r"(决算|预算).*表", words):
        name = re.sub(r"^20\d\d年度?(部门|单位)?|(情况|明细|汇总|一览)*表.*$", "", words)
        other = re.search(r"(支出|收入|采购|购买\S*)$", name) and not re.search(_EVALUATED, words)
        return f"{name}合计" if other else subject  # 政府购买服务支出合计
    if (named := re.search("三公|政府采购|机关运行经费|购买服务", words)) is not None:
        return {"三公": "“三公”经费"}.get(named[0], named[0])
    if "基本支出" in words:
        return _part_of(words) or "基本支出"
    if "项目支出" in words and "绩效" not in words:
        return "项目支出"
    if "收入决算" in words or "收入预算" in words:
        return "本年收入合计"
    return "本年支出合计" if "支出" in words or "收入" in words else subject
