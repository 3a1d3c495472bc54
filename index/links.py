"""The same fact in several places: figures that mean the same, and whether they agree.

`link_facts` groups figures by normalised subject, facet, measure, base, year, scope, project and
unit dimension. Two figures agree when they differ by no more than half a unit of the last printed
digit of each (the tolerance of the 勾稽 checks). Pure: no I/O, nothing is rounded.

Two names are one only where the genre defines them so: 财政拨款收入 is 本年收入合计 in the scope
财政拨款; 收、支总计 is told of both 收入总计 and 支出总计. Economic and function accounts that
bear one name (住房公积金) stay apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.labels import strip_number
from index.text import squeeze
from index.values import Figure
from index.wording import names_in

_MONEY = {"元": 1, "百元": 100, "千元": 1000, "万元": 10_000, "亿元": 100_000_000}
_FAMILY = {
    "final": "final",
    "prior": "final",
    "budget": "budget",
    "budget_adjusted": "budget",
    "budget_initial": "budget_initial",
    "executed": "executed",
    "completion": "rate",
    "rate": "rate",
    "share": "share",
    "change": "change",
    "change_rate": "change_rate",
    "score": "score",
    "count": "count",
}
_NAMELESS = {"", "合计", "小计", "总计", "项目总", "金额", "资金", "费", "费用", "经费"}
_ACCOUNT = re.compile(r"(费|费用|经费|支出|收入|总计|合计|总额|金额|结余|补助|补贴|项目|合同)$")
_SCOPE = re.compile(
    r"^(?P<time>年初|年末|上年)?(?P<scope>一般公共预算|政府性基金预算|国有资本经营预算)?财政拨款(?P<rest>.+)$"
)
_BOTH = re.compile(r"^(?P<scope>.*?)(?:收、?支|收入、?支出|收入总计[和、与及]支出)总计$")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact told in two or more places; `key` names it, `figures` are ids in reading order."""

    key: str
    figures: tuple[str, ...]
    agree: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure's value as an interval in the base unit of its dimension."""

    figure: Figure
    low: Decimal
    high: Decimal


def link_facts(figures: Sequence[Figure]) -> tuple[Fact, ...]:
    """Facts that two or more of the figures tell, in the order of their first figure."""
    names = _AccountNames.of(figures)
    groups: dict[str, list[_Told]] = defaultdict(list)
    for figure in figures:
        if figure.value is None or figure.measure not in _FAMILY or _is_aside(figure):
            continue
        for key, told in _keys(figure, names):
            groups[key].append(told)
    facts = []
    for key, tellings in groups.items():
        kept = _unambiguous(tellings)
        if len(kept) > 1:
            agree = max(t.low for t in kept) <= min(t.high for t in kept)
            facts.append(Fact(key, tuple(t.figure.id for t in kept), agree))
    return tuple(facts)


def agree(first: Figure, second: Figure) -> bool:
    """Whether two values are one within half a unit of the last printed digit of each.

    Values of different dimensions never agree.
    """
    if first.value is None or second.value is None or _dimension(first) != _dimension(second):
        return False
    a, b = _interval(first), _interval(second)
    return max(a.low, b.low) <= min(a.high, b.high)


@dataclass(frozen=True, slots=True)
class _AccountNames:
    """Names of the coded accounts: economic ones, function ones, and those of several codes."""

    economic: frozenset[str]
    function: frozenset[str]
    repeated: frozenset[str]

    @staticmethod
    def of(figures: Sequence[Figure]) -> _AccountNames:
        codes: dict[str, set[str]] = defaultdict(set)
        for figure in figures:
            if figure.code:
                codes[_plain(figure.subject)].add(figure.code)
        economic = {n for n, c in codes.items() if any(k.startswith("3") for k in c)}
        function = {n for n, c in codes.items() if any(not k.startswith("3") for k in c)}
        repeated = {n for n, c in codes.items() if len({k for k in c if k[:1] != "3"}) > 1}
        return _AccountNames(frozenset(economic), frozenset(function), frozenset(repeated))


def _keys(figure: Figure, names: _AccountNames) -> Iterator[tuple[str, _Told]]:
    told = _interval(figure)
    for subject, scope in fact_names(figure):
        kind, facet = "", _plain(figure.facet)
        if figure.code.startswith("3") or (
            not figure.code and subject in names.economic and subject not in names.function
        ):
            kind = "经济科目"
            facet = facet or ("基本支出" if "基本支出" in "".join(figure.item[:-1]) else "")
        elif subject in names.repeated and len(figure.item) > 1:
            subject = "/".join(_plain(strip_number(i)) for i in figure.item)
        family = _FAMILY[figure.measure]
        parts = (
            _project(figure.project),
            "" if _is_whole_project(figure) else subject,
            facet,
            kind,
            family,
            _base(figure, family),
            "" if figure.project else scope,
            str(figure.year or ""),
            _dimension(figure),
        )
        yield "|".join(parts), told


def _is_aside(figure: Figure) -> bool:
    """Whether the figure is a part of something that has no account name: no fact of its own."""
    if not figure.project and _plain(figure.subject) in _NAMELESS:
        return True
    above = figure.item[-2] if figure.sentence and len(figure.item) == 2 else ""
    return figure.measure != "count" and bool(above) and not _ACCOUNT.search(squeeze(above))


def fact_names(figure: Figure) -> list[tuple[str, str]]:
    """Normalised subject and scope; two of them where the figure is told of income and outlay."""
    plain = _plain(figure.subject)
    both = _BOTH.match(plain)
    listed = names_in(plain)
    if both:
        listed = [both["scope"] + "收入总计", both["scope"] + "支出总计"]
    elif len(listed) < 2 or not all(n.endswith("总计") for n in listed):
        listed = [plain]
    return [_scoped(name, figure.scope) for name in listed]


def _scoped(name: str, scope: str) -> tuple[str, str]:
    if "三公经费" in name:
        return "三公经费", scope
    if match := _SCOPE.match(name):
        named = match["scope"]
        if named:
            scope = named + "财政拨款"
        elif scope == "全口径":
            scope = "财政拨款"
        name = (match["time"] or "") + match["rest"]
    for half in ("收入", "支出"):
        if name in {half, half + "合计", "本年" + half}:
            name = f"本年{half}合计"
    return name, scope


def _plain(name: str) -> str:
    """A name squeezed, without numbering and without 支出 behind a fee."""
    return re.sub(r"(?<=[费贴])(?:用)?(?:(?:预算|决算)?支出)?$", "", squeeze(strip_number(name)))


def _project(name: str) -> str:
    return re.sub(r"项目$", "", squeeze(name))


def _is_whole_project(figure: Figure) -> bool:
    """Whether the figure is about its project as a whole and not about one of its indicators."""
    subject = squeeze(figure.subject)
    if not figure.project:
        return False
    if _project(figure.subject) == _project(figure.project):
        return True
    return subject == ("总分" if figure.measure == "score" else "年度资金总额")


def _base(figure: Figure, family: str) -> str:
    base = figure.base
    if family == "rate":
        return "" if figure.project or base in {"", "预算", "全年预算"} else base
    if family in {"change", "change_rate"} and figure.year and base == f"{figure.year - 1}年度":
        return "上年"
    return squeeze(base)


def _dimension(figure: Figure) -> str:
    if figure.unit in _MONEY:
        return "money"
    if figure.unit == "%" or figure.measure in {"rate", "completion", "share", "change_rate"}:
        return figure.unit if figure.unit == "个百分点" else "%"
    return figure.unit


def _interval(figure: Figure) -> _Told:
    value = figure.value or Decimal(0)
    exponent = value.as_tuple().exponent
    half = Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
    scale = Decimal(_MONEY.get(figure.unit, 1))
    if figure.unit == "" and figure.measure in {"rate", "completion", "share"} and abs(value) <= 3:
        scale = Decimal(100)  # 0.69238 as an execution rate
    return _Told(figure, (value - half) * scale, (value + half) * scale)


def _unambiguous(tellings: Sequence[_Told]) -> list[_Told]:
    """One telling of each table or paragraph; none where it gives several values under the key."""
    places: dict[str, list[_Told]] = defaultdict(list)
    for told in tellings:
        places[told.figure.table_id].append(told)
    return [told[0] for told in places.values() if len({t.figure.value for t in told}) == 1]
