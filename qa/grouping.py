"""Which names of a report are one thing: projects under several names, accounts under one path."""

from __future__ import annotations

import re

from index.values import Figure, Report
from qa import data
from qa.names import core, key, pairs, same_family

# Measures that answer each other: a budget is asked for as 预算 whatever its stage.
_PLAIN = frozenset({"final", "executed", "count", "actual"})


_RELATIVE = frozenset({"share", "change", "change_rate", "completion", "rate", "reason_amount"})


def part_of_sum(figure: Figure) -> str:
    """What the prose takes a part such as 项目支出 of, where that is not the whole expenditure."""
    if figure.table or figure.project or len(figure.item) < 2:
        return ""
    parent = key(figure.item[-2])
    if key(figure.subject) not in data.lexicon().parts or re.search(_WHOLE, parent):
        return ""
    return core(parent)


_WHOLE = "(支出|收入|合计|总计|总额|经费|预算|决算)$"


def measure_fit(asked: str, figure: Figure) -> float:
    measure = figure.measure
    if asked:
        if measure == asked:
            return 0.35
        if same_family(asked, measure):
            return 0.2 if not (asked == "budget_initial" and measure != asked) else -0.1
        if asked == "final" and measure in {"actual", "count"}:
            return 0.0
        if asked == "actual" and measure in {"executed", "final", "count"}:
            return 0.0
        return -0.6
    if measure in _PLAIN:
        return 0.0
    if measure in _RELATIVE:
        return -0.45
    if measure in {"score", "weight", "target", "target_half", "grade", "reason", "goal", "result"}:
        return -0.4
    return -0.25


def unit_words(figure: Figure) -> tuple[str, ...]:
    """What a unit says of its figure: 平方米 measure an area."""
    return (figure.unit, "占用面积") if figure.unit == "平方米" else ()


def words_behind(figure: Figure) -> str:
    """The words right behind a count of the prose: 1214台|云主机已经完成…更换."""
    if figure.measure != "count" or not figure.sentence:
        return ""
    at = figure.sentence.find(figure.printed)
    rest = figure.sentence[at + len(figure.printed) :]
    return re.split(r"[，,。；;、:：]", rest)[0][:24]


def base_named(base: str) -> str:
    return "上年" if base.startswith("20") or base == "上年" else base


def unit_named(figure: Figure) -> str:
    if figure.measure in {"rate", "completion", "share"}:
        return "%"
    return figure.unit


def cluster_projects(report: Report) -> dict[str, str]:
    """Every name under which a project appears -> the name in the summary table or the form.

    Two names are one project when they share most of their characters, or enough of them and the
    same score and executed amount.
    """
    facts: dict[str, dict[str, object]] = {}
    origin: dict[str, int] = {}
    for figure in report.figures:
        if not figure.project:
            continue
        known = facts.setdefault(figure.project, {})
        rank = 2 if not figure.table else (0 if "汇总" in figure.table else 1)
        origin[figure.project] = min(origin.get(figure.project, 9), rank)
        if figure.value is not None and figure.measure in {"executed", "score"}:
            subject = key(figure.subject)
            if subject in {"年度资金总额", "总分"} or figure.subject == figure.project:
                known.setdefault(figure.measure, figure.value.quantize(figure.value.__class__("1")))
    clusters: dict[str, str] = {}
    for name in sorted(facts, key=lambda n: (origin[n], -len(n))):
        mine = pairs(core(name))
        best, best_share = "", 0.0
        for other in dict.fromkeys(clusters.values()):
            theirs = pairs(core(other))
            share = len(mine & theirs) / max(min(len(mine), len(theirs)), 1)
            agree = any(
                facts[name].get(m) is not None and facts[name].get(m) == facts[other].get(m)
                for m in ("executed", "score")
            )
            needed = 0.5 if agree else 0.85
            clash = origin[name] == origin[other]
            if share >= needed and share > best_share and not clash:
                best, best_share = other, share
        clusters[name] = best or name
    return clusters


def codes_by_path(report: Report) -> dict[tuple[str, ...], str]:
    """Account codes by the last two labels of their path, where a path has one code only."""
    found: dict[tuple[str, ...], set[str]] = {}
    for figure in report.figures:
        if len(figure.code) == 7 and len(figure.item) >= 2:
            found.setdefault(tuple(core(i) for i in figure.item[-2:]), set()).add(figure.code)
    return {path: next(iter(codes)) for path, codes in found.items() if len(codes) == 1}
