"""The invented projects of the sample report: summary table and self-evaluation forms.

Money in 万元. A form's execution score and total are derived; the weights of its indicators add up
to 90 and the execution of the budget brings the last 10. The three constants below are the only
places where the report contradicts itself on purpose; nothing else in it should.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import yaml
from sample_accounts import OPENING_FISCAL, ZERO, d, percent, total

# The three deliberate contradictions (see also README.md): what stands where, and what is right.
# 1. Explanation 五（二）prints digits swapped; tables 01, 02, 03, 04 and 05 give 117.32.
HEALTH_IN_PROSE = "117.23"
# 2. The summary table prints the score of project 3 swapped; form and explanation give 96.46.
SCORE_IN_SUMMARY = {3: "96.64"}
# 3. Explanation 十一（二）prints the rate of project 4 swapped; 782.36 / 900.00 is 86.93%.
RATE_IN_PROSE = {4: "86.39"}


@dataclass(frozen=True)
class Indicator:
    first: str  # 一级指标
    second: str  # 二级指标
    name: str
    target: str
    actual: str
    weight: int
    score: Decimal
    reason: str


@dataclass(frozen=True)
class Project:
    number: int
    name: str
    fund: str
    unit: str
    budget: Decimal
    adjusted: Decimal
    spent: Decimal
    carried: Decimal  # of adjusted, what came from last year
    goal: str = ""
    result: str = ""
    indicators: list[Indicator] = field(default_factory=list)
    given_score: Decimal = ZERO  # of a project that has no form in the report

    @property
    def rate(self) -> str:
        return percent(self.spent, self.adjusted)

    @property
    def execution_score(self) -> Decimal:
        exact = self.spent / self.adjusted * 10
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def subtotal(self) -> Decimal:
        return sum((i.score for i in self.indicators), ZERO)

    @property
    def score(self) -> Decimal:
        return self.given_score or self.subtotal + self.execution_score

    @property
    def grade(self) -> str:
        grades = (("优", 90), ("良", 80), ("中", 60), ("差", 0))
        return next(grade for grade, lowest in grades if self.score >= lowest)


FIRST = {"成本": 10, "产出": 40, "效益": 30, "满意度": 10}

DIGITAL = "政务信息化专项资金"


def read_projects(path: Path) -> list[Project]:
    """The projects in the order of the file, which is also their 序号."""
    projects = []
    for number, raw in enumerate(yaml.safe_load(path.read_text("utf-8")), 1):
        indicators = [
            Indicator(first, second, name, target, actual, int(weight), d(score), reason)
            for first, second, name, target, actual, weight, score, reason in raw.pop(
                "indicators", []
            )
        ]
        for name in ("budget", "adjusted", "spent", "carried", "score"):
            raw[name] = d(raw.get(name, ""))
        given = raw.pop("score")
        projects.append(Project(number, **raw, indicators=indicators, given_score=given))
    return projects


PROJECTS = read_projects(Path(__file__).with_name("projects.yaml"))
WITH_FORM = [project for project in PROJECTS if project.indicators]
EVALUATED = sum((project.spent for project in PROJECTS), ZERO)
EVALUATED_BUDGET = sum((project.adjusted for project in PROJECTS), ZERO)


def summary_score(project: Project) -> str:
    """The score as the summary table prints it."""
    return SCORE_IN_SUMMARY.get(project.number, f"{project.score:.2f}")


def prose_rate(project: Project) -> str:
    """The execution rate as the explanation prints it."""
    return RATE_IN_PROSE.get(project.number, project.rate)


def check_projects() -> None:
    """Assert weights, parts and the tie of the projects to the accounts."""
    assert total("general_project") + total("fund_project") == EVALUATED
    assert sum(p.carried for p in PROJECTS) == OPENING_FISCAL
    informatics = sum((p.spent for p in PROJECTS if p.fund == DIGITAL), ZERO)
    assert informatics == total("general_project", "2010499")
    for project in WITH_FORM:
        for first, weight in FIRST.items():
            given = sum(i.weight for i in project.indicators if i.first == first)
            assert given == weight, (project.name, first, given)
        assert all(i.score <= i.weight for i in project.indicators), project.name
