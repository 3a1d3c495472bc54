"""Projects as told in the prose, the summary table and the forms: sums, counts, names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from index.check.equations import Rule, equation, unknown
from index.check.findings import (
    MONEY,
    Finding,
    Severity,
    Term,
    base_value,
    half_unit,
    number,
    place_of,
    shown,
    term,
)
from index.check.lookup import Reading, plain
from index.check.rules import rules
from index.links import agree
from index.text import squeeze
from index.values import Figure
from prompts import say

_MEASURES = ("budget_initial", "budget_adjusted", "executed", "score")
_LABELS = {"budget_initial": "年初预算", "budget_adjusted": "全年预算", "executed": "执行数"}


@dataclass
class Project:
    """One project: its figures by measure, those of the prose first."""

    name: str
    figures: dict[str, list[Figure]] = field(default_factory=lambda: defaultdict(list))
    told: bool = False  # in the prose
    listed: bool = False  # in a table

    def first(self, measure: str) -> Figure | None:
        return self.figures[measure][0] if self.figures.get(measure) else None


def read_projects(reading: Reading) -> tuple[list[Project], list[tuple[Project, Project]]]:
    """The projects of the report, and pairs of names (prose, table) that are one project.

    A project of the prose whose name no table holds is the one whose amounts are all the same.
    """
    found: dict[str, Project] = {}
    for figure in sorted(reading.report.figures, key=lambda f: bool(f.table)):
        whole = _whole_figure(figure)
        if not figure.project or figure.value is None or not whole:
            continue
        key = re.sub("项目$", "", squeeze(figure.project))
        project = found.setdefault(key, Project(figure.project))
        project.figures[figure.measure].append(figure)
        project.told |= bool(figure.sentence)
        project.listed |= bool(figure.table)
    for project in found.values():  # where only one budget is told, it is the year's
        if "budget_adjusted" not in project.figures and "budget_initial" in project.figures:
            project.figures["budget_adjusted"] = list(project.figures["budget_initial"])
    same = []
    for key, project in list(found.items()):
        if project.listed or not any(p.listed for p in found.values()):
            continue
        twin = _twin(project, [p for p in found.values() if p.listed and not p.told])
        if twin is not None:
            same.append((project, twin))
            del found[next(k for k, p in found.items() if p is twin)]
        elif len(project.figures) < 2:
            del found[key]  # a sentence that was taken for a project
    return list(found.values()), same


def _whole_figure(figure: Figure) -> bool:
    """Whether a figure is of the project as a whole and of one of the measures compared."""
    if figure.measure not in _MEASURES:
        return False
    name = re.sub("项目$", "", plain(figure.subject))
    if name == re.sub("项目$", "", squeeze(figure.project)):
        return True
    return name == ("总分" if figure.measure == "score" else "年度资金总额")


def _twin(project: Project, others: Sequence[Project]) -> Project | None:
    fitting = []
    for other in others:
        pairs = [
            (a, b)
            for m in _MEASURES
            if (a := project.first(m)) is not None and (b := other.first(m)) is not None
        ]
        alike = [agree(a, b) for a, b in pairs if a.value or b.value]
        if len(alike) >= 2 and all(alike):
            fitting.append(other)
    return fitting[0] if len(fitting) == 1 else None


def check_projects(reading: Reading) -> Iterator[Finding]:
    projects, same = read_projects(reading)
    yield from _names(projects, same)
    yield from _totals(reading, projects)
    yield from _summary(reading)


def _names(
    projects: Sequence[Project], same: Sequence[tuple[Project, Project]]
) -> Iterator[Finding]:
    rule = Rule("project_name", "同一项目的名称一致", rules().forms.source, "warning")
    for told, listed in same:
        first = told.first("executed") or next(iter(told.figures.values()))[0]
        other = listed.first("executed") or next(iter(listed.figures.values()))[0]
        names = squeeze(told.name), squeeze(listed.name)
        near = names[0] in names[1] or names[1] in names[0]
        severity: Severity = "note" if near else "warning"
        text = say(
            "check_name_project",
            place=place_of(first),
            stated=told.name,
            expected=listed.name,
            other_place=place_of(other),
        )
        terms: tuple[Term, ...]
        terms = (term(first, "stated", told.name), term(other, "compared", listed.name))
        yield Finding(rule.key, rule.name, rule.source, "differs", severity, text, terms)
    for project in projects:
        if project.told and project.listed:
            figures = next(iter(project.figures.values()))
            text = say("check_names_ok", what=f"项目“{project.name}”")
            terms = tuple(term(f, "compared", f.project) for f in figures[:3])
            yield Finding(rule.key, rule.name, rule.source, "ok", "note", text, terms, bound=True)


# --- sums and counts


def _totals(reading: Reading, projects: Sequence[Project]) -> Iterator[Finding]:
    """涉及资金 and 项目N个 against the projects listed one by one."""
    for figure in reading.prose:
        if figure.project or figure.value is None or figure.unit not in MONEY:
            continue
        if not re.search(rules().forms.projects, plain(figure.subject)):
            continue
        count = _count_beside(reading, figure)
        if figure.measure == "executed":
            yield _sum(figure, projects, count, "executed")
        elif figure.measure in {"final", "budget", "budget_initial", "budget_adjusted"}:
            initial = figure.measure == "budget_initial" or "年初" in figure.subject
            yield _sum(figure, projects, count, "budget_initial" if initial else "budget_adjusted")
            if count is not None:
                yield _count(count, projects, _most(reading, count))


def _count_beside(reading: Reading, figure: Figure) -> Figure | None:
    """The number of projects that the paragraph tells, the last one before the amount."""
    line = reading.by_table[figure.table_id]
    before = line[: line.index(figure)]
    counts = [f for f in before if f.measure == "count" and f.unit == "个" and f.value is not None]
    return counts[-1] if counts else None


def _sum(
    figure: Figure, projects: Sequence[Project], count: Figure | None, measure: str
) -> Finding:
    name = f"涉及项目资金＝各项目{_LABELS[measure]}之和"
    rule = Rule("project_sum", name, rules().forms.source)
    parts = [f for p in projects if (f := p.first(measure)) is not None]
    complete = len(parts) == len(projects) and (count is None or count.value == len(parts))
    if len(parts) < 2 or not complete:
        return unknown(rule, say("check_projects_why", measure=_LABELS[measure]), figure)
    finding = equation(rule, figure, [(1, f) for f in parts])
    words = {
        "place": place_of(figure),
        "stated": shown(figure),
        "count": len(parts),
        "measure": _LABELS[measure],
        "total": f"{number(finding.expected or Decimal(0))}{finding.unit}",
        "difference": f"{number(abs(finding.difference or Decimal(0)))}{finding.unit}",
    }
    if finding.verdict == "ok":
        return replace(finding, text=say("check_projects_ok", **words))
    other = _other(figure, projects, measure)
    if other and not re.search("预算", figure.subject):
        return unknown(rule, say("check_projects_which", **words) + other, figure)
    return replace(finding, text=say("check_projects", **words) + other)


def _other(figure: Figure, projects: Sequence[Project], measure: str) -> str:
    """A hint where the amount is the sum of another column."""
    for other, label in _LABELS.items():
        parts = [f for p in projects if (f := p.first(other)) is not None]
        if other == measure or len(parts) != len(projects):
            continue
        tolerance = half_unit(figure) + sum((half_unit(f) for f in parts), Decimal(0))
        gap = base_value(figure) - sum((base_value(f) for f in parts), Decimal(0))
        if abs(gap) <= tolerance:
            return say("check_projects_other", measure=label)
    return ""


def _most(reading: Reading, count: Figure) -> Figure:
    """The highest number of projects that the paragraph tells; the others count a part of them."""
    counts = [f for f in reading.by_table[count.table_id] if _counts_projects(f)]
    return max((count, *counts), key=lambda f: f.value or Decimal(0))


def _counts_projects(figure: Figure) -> bool:
    return figure.measure == "count" and figure.unit == "个" and "项目" in figure.subject


def _count(count: Figure, projects: Sequence[Project], most: Figure) -> Finding:
    """`most` above the number listed: a report may publish some of its projects only."""
    rule = Rule("project_count", "项目个数＝列出的项目个数", rules().forms.source, "warning")
    if len(projects) < 2:
        return unknown(rule, say("check_projects_why", measure="名称"), count)
    if count.value != len(projects) <= (most.value or Decimal(0)):
        return unknown(rule, say("check_projects_some", stated=shown(most)), most)
    fine = count.value == len(projects)
    text = say(
        "check_project_count_ok" if fine else "check_project_count",
        place=place_of(count),
        stated=shown(count),
        count=len(projects),
    )
    firsts = [f for p in projects for f in next(iter(p.figures.values()))[:1]]
    return rule.judged(
        fine,
        text,
        (term(count, "stated"), *(term(f, "part", f.project) for f in firsts)),
        stated=count.value,
        expected=Decimal(len(projects)),
        unit=count.unit,
        difference=(count.value or Decimal(0)) - len(projects),
        tolerance=Decimal(0),
    )


def _summary(reading: Reading) -> Iterator[Finding]:
    """The total row of a summary table against its projects."""
    rule = Rule("summary_total", "汇总表合计＝各项目之和", rules().forms.source)
    for table in reading.report.tables:
        if table.kind == "form":
            continue
        figures = reading.by_table[table.id]
        for total in figures:
            if not total.total or total.measure not in _LABELS or total.value is None:
                continue
            parts = [f for f in figures if f.project and f.measure == total.measure and not f.total]
            if len(parts) > 1:
                yield equation(rule, total, [(1, f) for f in parts])
