"""Which reports a question is put to: bodies by years, with what is missing and what is open.

Chosen from identities alone. 今年 is the latest year that the bodies have a report of; where no
year is named, bodies are compared in the year that most of them have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.several.asked import Asked
from qa.several.identity import Identity

_OVER_YEARS = {"trend", "sum", "mean", "rank"}


@dataclass(frozen=True, slots=True)
class Selection:
    """The reports, oldest year first within a body.

    missing  (body, year) asked for that no report is of
    open     the question names no body and no set, and several bodies fit
    unclear  a name that fits several bodies, with these; () when none does
    by       what the reports differ in: year, body or kind
    """

    reports: tuple[Identity, ...]
    missing: tuple[tuple[str, int], ...] = ()
    open: bool = False
    unclear: tuple[str, ...] = ()
    by: str = ""


def select(asked: Asked, pool: Sequence[Identity]) -> Selection:
    """The reports of `pool` that `asked` is about."""
    bodies, unclear = _bodies(asked, pool)
    if unclear:
        return Selection((), unclear=unclear)
    is_set = asked.every or bool(asked.within) or asked.which == "body" or len(asked.bodies) > 1
    is_open = not asked.bodies and not is_set and len(bodies) > 1
    own = [i for i in pool if i.body in bodies]
    if len(asked.kinds) > 1 and not asked.bodies:  # only who has a budget and accounts
        bodies = [b for b in bodies if set(asked.kinds) <= {i.kind for i in own if i.body == b}]
        own = [i for i in own if i.body in bodies]
    years = _years(asked, own, bodies, is_set or is_open)
    found: list[Identity] = []
    missing: list[tuple[str, int]] = []
    for body in bodies:
        for year in years if years is not None else _known_years(own, body, asked):
            picked = _pick(own, body, year, asked)
            found += picked
            if not picked and year is not None and (asked.relation or not is_open):
                missing.append((body, year))
    return Selection(tuple(found), tuple(missing), is_open, (), _differ(found, missing))


def _bodies(asked: Asked, pool: Sequence[Identity]) -> tuple[list[str], tuple[str, ...]]:
    known = list(dict.fromkeys(i.body for i in pool))
    if not asked.bodies:
        return [b for b in known if not asked.within or b in asked.within], ()
    found: list[str] = []
    named = {b for names in asked.bodies for b in names if len(names) == 1}
    for names in asked.bodies:
        fitting = [b for b in names if b in known]
        if len(fitting) > 1 and not asked.every:
            narrow = [b for b in fitting if any(_fits(i, asked) for i in pool if i.body == b)]
            fitting = narrow or fitting
            if set(fitting) & named:  # the same body named twice, once in full
                fitting = [b for b in fitting if b in named]
            if len(fitting) > 1:
                return [], tuple(fitting)
        found += fitting
    return list(dict.fromkeys(found)), ()


def _fits(identity: Identity, asked: Asked) -> bool:
    return (not asked.years or identity.year in asked.years) and (
        not asked.kinds or identity.kind in asked.kinds
    )


def _years(
    asked: Asked, own: Sequence[Identity], bodies: Sequence[str], is_set: bool
) -> list[int | None] | None:
    """The years to look at; None for all that each body has."""
    known = sorted({i.year for i in own if i.year and _kind_fits(i, asked)})
    latest = _latest(own, asked, known)
    years: set[int] = set(asked.years)
    years |= {latest - back for back in asked.back if latest}
    if asked.recent is not None:
        if asked.recent == 0:
            return None if len(bodies) == 1 else [*known]
        years |= {latest - n for n in range(asked.recent) if latest}
    both = len(asked.kinds) > 1
    if asked.back == (1,) and not asked.years and asked.relation and latest:
        years.add(latest)  # 比去年增加多少
    if years:
        alone = len(years) == 1 and not is_set and len(bodies) == 1 and not both
        if alone and asked.relation in {"compare", "told"}:
            years.add(min(years) - 1)  # 2024年增加了多少: against the year before
        return [*sorted(years)]
    if asked.which == "year" or asked.relation == "trend":
        return None if len(bodies) == 1 else [*known]
    if both:
        pairs = Counter(i.year for i in own if i.year for k in asked.kinds if i.kind == k)
        return [max(pairs, key=lambda y: (pairs[y], y))] if pairs else None
    if not is_set and asked.relation in {"compare", "told"} and latest:
        return [latest - 1, latest]
    if not is_set and (asked.relation in _OVER_YEARS or len(known) < 2):
        return None
    if is_set and (asked.relation or asked.every or asked.which or _named_set(asked)):
        return [_common_year(own, asked)]
    return None


def _named_set(asked: Asked) -> bool:
    return len(asked.bodies) > 1 or bool(asked.within)


def _latest(own: Sequence[Identity], asked: Asked, known: Sequence[int]) -> int:
    """The latest year of accounts, of any report where there are none."""
    accounts = [i.year for i in own if i.year and i.kind == "accounts" and _kind_fits(i, asked)]
    return max(accounts or known, default=0)


def _common_year(own: Sequence[Identity], asked: Asked) -> int | None:
    """The year that most bodies have a report of, the latest of these."""
    counts = Counter(
        year for year, _ in {(i.year, i.body) for i in own if _kind_fits(i, asked) and i.year}
    )
    accounts = {i.year for i in own if i.kind == "accounts"}
    return max(counts, key=lambda y: (counts[y], y in accounts, y)) if counts else None


def _known_years(own: Iterable[Identity], body: str, asked: Asked) -> list[int | None]:
    years = {i.year for i in own if i.body == body and _kind_fits(i, asked)}
    with_accounts = {i.year for i in own if i.body == body and i.kind != "budget"}
    if asked.relation and not asked.kinds and years & with_accounts:
        years &= with_accounts  # a budget alone is not compared with accounts unasked
    return sorted(years, key=lambda y: y or 0)


def _kind_fits(identity: Identity, asked: Asked) -> bool:
    return not asked.kinds or identity.kind in asked.kinds


def _pick(own: Sequence[Identity], body: str, year: int | None, asked: Asked) -> list[Identity]:
    """The reports of a body and year: accounts, the budget where it is asked for or alone."""
    here = [i for i in own if i.body == body and i.year == year and _kind_fits(i, asked)]
    if asked.kinds:
        order = {kind: n for n, kind in enumerate(("budget", "accounts", "other"))}
        return sorted(here, key=lambda i: order.get(i.kind, 9))
    accounts = [i for i in here if i.kind != "budget"]
    says_budget = "预算" in asked.item and not any(
        w in asked.item for w in ("决算", "完成", "执行", "一般公共预算", "基金预算", "全年")
    )
    if says_budget and not asked.relation:
        return here
    return accounts or here


def _differ(found: Sequence[Identity], missing: Sequence[tuple[str, int]]) -> str:
    bodies = {i.body for i in found} | {b for b, _ in missing}
    years = {i.year for i in found} | {y for _, y in missing}
    if len(bodies) > 1:
        return "body" if len(years) < 2 else "both"
    return "year" if len(years) > 1 else "kind"
