"""Every share of the report computed anew; where the whole is a guess, no share is called wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.check.equations import Rule, unknown
from index.check.findings import MONEY, ZERO, Finding, base_value, label_of, shown
from index.check.lookup import Reading, plain
from index.check.rates import beside, best, otherwise
from index.check.ratios import rate_finding
from index.check.rules import rules
from index.values import Figure
from prompts import say

_AMOUNTS = frozenset({"final", "executed", "budget"})
_CORE = re.compile(r"政府采购|采购|支出|金额|总额|合计|总计|类|数$")


def check_shares(reading: Reading) -> Iterator[Finding]:
    """The shares told in words, in reading order."""
    for figure in reading.prose:
        if figure.measure == "share" and figure.value is not None and not figure.project:
            yield _share(reading, figure)


def _share(reading: Reading, share: Figure) -> Finding:
    rule = Rule("share", "占比＝部分÷总数", rules().prose_source)
    word = f"占{share.base}" if share.base else "占"
    amounts = [f for f in beside(reading, share) if f.measure in _AMOUNTS and f.unit in MONEY]
    pairs: list[tuple[Figure, list[Figure]]] = []
    if share.base:
        wholes = _named_whole(reading, share, amounts)
        pairs = [(amount, whole) for whole in wholes for amount in amounts]
    else:
        wholes = []
        for amount in amounts:  # a share of the outlays is one of outlays, not of budgets
            likely = _likely_wholes(reading, share, [f for f in amounts if _alike(f, amount)])
            wholes.extend(likely)
            pairs.extend((amount, whole) for whole in likely)
    words = {"label": label_of(share), "word": word, "printed": shown(share)}
    if not wholes:
        what = share.base or "总数"
        return unknown(rule, say("check_rate_why", **words, what=what), share)
    if not amounts:
        if all(not f.value for f in wholes[0]):
            text = say("check_rate_zero_fine", **words, base=share.base)
            return unknown(rule, text, share, *wholes[0])
        return unknown(rule, say("check_rate_why", **words, what="金额"), share, *wholes[0])
    finding = best(
        [
            rate_finding(rule, share, [amount], whole, word=word, base=share.base)
            for part, whole in pairs
            for amount in (part, *otherwise(reading, part))
        ]
    )
    if finding.verdict == "differs" and not _is_sure(reading, share, wholes):
        return unknown(rule, say("check_share_which", **words), share, *wholes[0])
    return finding


def _alike(first: Figure, second: Figure) -> bool:
    return first.measure == second.measure


def _is_sure(reading: Reading, share: Figure, wholes: Sequence[Sequence[Figure]]) -> bool:
    """Whether the report says what the whole is: by name, as what is taken apart, as all parts."""
    parent = plain(share.item[-2]) if len(share.item) > 1 else ""
    named = any(parent and plain(f.subject) == parent for whole in wholes for f in whole)
    return bool(share.base) or named or any(len(whole) > 1 for whole in wholes)


def _named_whole(reading: Reading, share: Figure, amounts: Sequence[Figure]) -> list[list[Figure]]:
    """The amount that a share says to be of: by name in its paragraph, its section, the report."""
    name = plain(share.base)
    core = _CORE.sub("", name)
    local = [
        f
        for f in reading.by_table[share.table_id]
        if f.measure in _AMOUNTS
        and f.unit in MONEY
        and f.value is not None
        and _is_core(_CORE.sub("", plain(f.subject)), core)
    ]
    if local:
        return [[local[0]]]
    for whole in rules().wholes:
        if re.fullmatch(whole.name, name):
            found = [reading.pick(select) for select in whole.of]
            if all(f or s.if_absent == "zero" for f, s in zip(found, whole.of, strict=True)):
                return [[f[0] for f in found if f and f[0].value is not None]]
    named = [
        f
        for f in reading.report.figures
        if plain(f.subject) == name and f.measure in _AMOUNTS and f.value is not None
    ]
    # 基本支出 of the section on 一般公共预算 is that of the same scope.
    told = {f.measure for f in amounts}
    named.sort(
        key=lambda f: (
            f.measure not in told,
            f.scope != share.scope,
            f.scope != "全口径",
            not f.table,
        )
    )
    if not named:  # the name in other words: “三公”经费财政拨款支出决算
        like = replace(share, subject=re.sub(r"决算数?$", "", share.base))
        named = reading.same_name(like, told)
    return [[named[0]]] if named else []


def _is_core(subject: str, core: str) -> bool:
    """财政拨款安排的“三公”经费 is the “三公”经费 of its paragraph."""
    return subject == core or (bool(core) and subject.endswith("的" + core))


def _likely_wholes(
    reading: Reading, share: Figure, amounts: Sequence[Figure]
) -> list[list[Figure]]:
    """Where the whole is not named: what the sentence takes apart, else the sum told before it."""
    if not amounts:
        return []
    least = max(abs(base_value(f)) for f in amounts)
    section = reading.section(share)
    before: list[Figure] = []
    for figure in reading.prose:
        if figure is share:
            break
        if figure.measure in _AMOUNTS and figure.unit in MONEY and figure.value is not None:
            before.append(figure)
    measure = amounts[0].measure
    mine = {plain(f.subject) for f in amounts}
    parent = plain(share.item[-2]) if len(share.item) > 1 else ""
    partners = {
        (f.table_id, plain(f.subject)) for f in reading.prose if f.measure == "share" and not f.base
    }
    rest = [
        f
        for f in before
        if reading.section(f) == section
        and f.measure == measure
        and plain(f.subject) not in mine
        and (f.table_id, plain(f.subject)) not in partners
        and (base_value(f) >= least or f.value == 0)
    ]
    named = [f for f in reversed(rest) if plain(f.subject) == parent]
    here = [f for f in rest if f.table_id == share.table_id]
    ordered = [*named[:1], *here[:1], *rest[:1], *rest[-1:]]
    return [[f] for f in dict.fromkeys(ordered)] or _siblings(reading, share, measure)


def _siblings(reading: Reading, share: Figure, measure: str) -> list[list[Figure]]:
    """The amounts of the paragraph beside which shares are told that add up to 100%."""
    line = reading.by_table[share.table_id]
    shares = [f for f in line if f.measure == "share" and not f.base and f.value is not None]
    if abs(sum((f.value or ZERO for f in shares), ZERO) - 100) > 1:
        return []
    names = {plain(f.subject) for f in shares}
    amounts = [f for f in line if f.measure == measure and plain(f.subject) in names]
    return [amounts] if len(amounts) == len(shares) > 1 else []
