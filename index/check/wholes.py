"""A whole and its parts as the explanation tells them: sums of a sentence, a section, all items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.check.equations import Rule, equation, unknown
from index.check.findings import ZERO, Finding
from index.check.lookup import Reading, plain
from index.check.rules import ProseSum, rules
from index.links import fact_names
from index.values import FUND_SCOPES, Figure
from prompts import say

_ITEM = 3  # 类, 款, 项
_GENERAL = "一般公共预算财政拨款"  # accounts explain the items of this budget
_FISCAL = "财政拨款"  # and budgets those of all three


def check_wholes(reading: Reading) -> Iterator[Finding]:
    """Sums told in words, and the expenditure items against their total."""
    for prose_sum in rules().prose:
        for measure in prose_sum.measures:
            yield from _sums(reading, prose_sum, measure)
    yield from _items(reading)


def _sums(reading: Reading, prose_sum: ProseSum, measure: str) -> Iterator[Finding]:
    rule = Rule(prose_sum.key, prose_sum.name, rules().prose_source)
    pool = [f for f in reading.prose if f.measure == measure and not f.project]
    pool = [f for f in pool if f.value is not None]
    seen: set[tuple[str, ...]] = set()
    for whole in pool:
        if not re.fullmatch(prose_sum.whole, plain(whole.subject)):
            continue
        near = [
            f
            for f in pool
            if f is not whole
            and f.unit == whole.unit
            and f.base == whole.base
            and plain(f.subject) != plain(whole.subject)
            and _near(reading, whole, f, prose_sum.within)
        ]
        if prose_sum.shared:
            near = [f for f in near if _share(reading, f) is not None]
        if prose_sum.same_scope:
            near = [f for f in near if _money_of(f) == _money_of(whole)]
        parts = _top_parts(_parts(prose_sum, near))
        if prose_sum.shared and not _complete(reading, parts):
            continue
        if len(parts) < max(2 if prose_sum.within == "section" else 1, prose_sum.need):
            continue
        key = (str(whole.value), *sorted(f.id for f in parts))
        if key in seen:
            continue
        seen.add(key)
        if prose_sum.main and not any(_is(prose_sum.main, f) for f in parts):
            yield unknown(rule, say("check_no_right", what="其余分项"), whole)
            continue
        finding = equation(rule, whole, [(1, f) for f in parts])
        if prose_sum.every and finding.verdict == "differs" and not _all_shares(reading, parts):
            yield unknown(rule, say("check_no_right", what="其余分项"), whole)
            continue
        if finding.verdict == "ok" or len(parts) > 1:  # one part may be told of several
            yield finding


def _is(pattern: str, figure: Figure) -> bool:
    return bool(re.fullmatch(pattern, plain(figure.subject)))


def _money_of(figure: Figure) -> tuple[str, bool]:
    """Scope of a figure, and whether its sentence speaks of 财政拨款 at all."""
    return figure.scope, bool(re.search("(?<!非)财政拨款", figure.sentence))


def _top_parts(parts: Sequence[Figure]) -> list[Figure]:
    """Without the parts of a part: 一般公共预算财政拨款收入 beside 财政拨款收入."""
    names = {plain(f.subject) for f in parts}
    return [
        f
        for f in parts
        if not any(n != plain(f.subject) and plain(f.subject).endswith(n) for n in names)
    ]


def _all_shares(reading: Reading, parts: Sequence[Figure]) -> bool:
    """Whether the shares told beside all parts add up; where not all have one, nobody knows."""
    shares = [_any_share(reading, part) for part in parts]
    told = [s for s in shares if s is not None]
    return len(told) < len(parts) or abs(sum((s.value or ZERO for s in told), ZERO) - 100) <= 1


def _any_share(reading: Reading, figure: Figure) -> Figure | None:
    line = reading.by_table[figure.table_id]
    alike = (f for f in line if f.measure == "share" and f.subject == figure.subject)
    return next(alike, None)


def _near(reading: Reading, whole: Figure, other: Figure, within: str) -> bool:
    if within == "section":
        return reading.section(whole) == reading.section(other)
    same = whole.table_id == other.table_id
    return same and (within == "paragraph" or whole.row == other.row)


def _parts(prose_sum: ProseSum, near: Sequence[Figure]) -> list[Figure]:
    """The figures of the parts; one a pattern, or one a name where `every` is set."""
    parts: list[Figure] = []
    for pattern in prose_sum.parts:
        named: dict[str, Figure] = {}
        for figure in near:
            name = plain(figure.subject)
            if re.fullmatch(pattern, name) and figure not in parts:
                named.setdefault(name, figure)
        found = list(named.values())
        parts.extend(found if prose_sum.every else found[:1])
    return parts


def _share(reading: Reading, figure: Figure) -> Figure | None:
    """The share that is told beside an amount."""
    for other in reading.by_table[figure.table_id]:
        if (other.measure, other.subject, other.row) == ("share", figure.subject, figure.row):
            return other if not other.base else None
    return None


def _complete(reading: Reading, parts: Sequence[Figure]) -> bool:
    """Whether the shares told beside the parts add up to the whole: else some are left out."""
    shares = [share for part in parts if (share := _share(reading, part)) is not None]
    return abs(sum((s.value or ZERO for s in shares), ZERO) - 100) <= 1


# --- all items against the total


def _items(reading: Reading) -> Iterator[Finding]:
    """The 项 that the prose explains one by one: budgets and outlays against the total told."""
    rule = Rule("prose_items", "正文：支出总数＝各“项”之和", rules().prose_source)
    items: dict[tuple[str, ...], dict[str, Figure]] = {}
    for figure in reading.prose:
        if figure.scope in FUND_SCOPES:
            continue  # told in a section of its own, beside the total of the general budget
        if len(figure.item) == _ITEM and not figure.project and figure.value is not None:
            key = tuple(plain(p) for p in figure.item)
            items.setdefault(key, {}).setdefault(figure.measure, figure)
    if len(items) < 2:
        return
    first = next(iter(next(iter(items.values())).values()))
    listed = _listed_items(reading)
    for measure in ("budget_initial", "budget_adjusted", "budget", "final"):
        whole = _whole_of_items(reading, first, measure)
        if whole is None:
            continue
        parts: list[Figure] = []
        absent: list[str] = []
        for path, told in items.items():
            part = _item_amount(told, measure)
            if part is not None:
                parts.append(part)
            elif not (measure == "budget_initial" and _unplanned(reading, told)):
                absent.append(path[-1])
        if len(parts) < 2 and absent:
            continue
        if absent or (listed and len(items) < listed):
            what = f"“{absent[0]}”的数" if absent else f"全部{listed}个“项”的说明"
            yield unknown(rule, say("check_no_right", what=what), whole)
        else:
            yield equation(rule, whole, [(1, f) for f in parts])


def _whole_of_items(reading: Reading, first: Figure, measure: str) -> Figure | None:
    section = reading.section(first)
    scopes = {first.scope, _GENERAL}
    if reading.report.kind == "budget":
        scopes.add(_FISCAL)
    for figure in reading.prose:
        if figure.table_id == first.table_id:
            return None
        if (
            figure.measure == measure
            and len(figure.item) < _ITEM
            and reading.section(figure) == section
            and figure.scope in scopes
            and figure.value is not None
            and any(name == "本年支出合计" for name, _ in fact_names(figure))
        ):
            return figure
    return None


def _item_amount(told: dict[str, Figure], measure: str) -> Figure | None:
    """The amount of an item; 完成年初预算的100% means that the budget was the outlay."""
    if measure in told or measure != "budget_initial":
        return told.get(measure)
    completion = told.get("completion")
    return told.get("final") if completion is not None and completion.value == 100 else None


def _unplanned(reading: Reading, told: dict[str, Figure]) -> bool:
    """Whether the prose says that the item had no budget at the start of the year."""
    paragraph = reading.paragraphs.get(next(iter(told.values())).table_id)
    return paragraph is not None and bool(re.search(rules().unplanned, paragraph.text))


def _listed_items(reading: Reading) -> int:
    """How many 项 the table of the general budget holds an outlay for; 0 where it is not read."""
    tables = reading.roles.get("general", [])
    if not tables:
        return 0
    codes = {
        f.code
        for f in reading.by_table[tables[0].id]
        if len(f.code) == 7 and not f.facet and f.value
    }
    return len(codes)
