"""Lists of forms: a table whose rows are the indicators of several projects.

In front of the indicators stand the project, its budget and its goal, each over the rows of its
project (项目名称 | 预算数 | 年度目标 | 一级指标 …), as in Sichuan's and Hunan's budgets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import data
from index.figures import FigureMaker
from index.meaning import unit_in
from index.text import read_cell, squeeze
from index.values import Cell

GOAL = 8  # characters that a goal in words has at least
LEVELS = re.compile(r"[一二三四]级指标|^指标名称$")


def lead_of(header: dict[int, str]) -> dict[int, str]:
    """The heads in front of the indicators where each row has its project: a list of forms."""
    first = min((c for c, head in header.items() if LEVELS.search(squeeze(head))), default=0)
    lead = {c: header[c] for c in range(first)}
    labels = data.layout().project_labels
    named = any(data.matches(labels, squeeze(head)) for head in lead.values())
    return lead if named else {}


def project_of_row(row: Sequence[Cell], lead: dict[int, str], above: dict[int, str]) -> str:
    """The project that a row of a list of forms belongs to, "" in the form of one project."""
    labels = data.layout().project_labels
    column = next((c for c, head in lead.items() if data.matches(labels, squeeze(head))), None)
    return "" if column is None else row[column].text or above.get(column, "")


def read_lead(
    maker: FigureMaker, index: int, row: Sequence[Cell], project: str, lead: dict[int, str]
) -> None:
    """The budget and the goal of a project in a list of forms, from the columns in front."""
    made = []
    for c, printed in lead.items():
        head = squeeze(printed)
        if re.search("(预算|资金|金额)(数|总额|额)?(\\(|$)", head) and read_cell(row[c].text):
            made.append(
                maker.add(
                    row[c],
                    index,
                    (project, "年度资金总额"),
                    "",
                    (printed,),
                    subject="年度资金总额",
                    measure="budget" if maker.report_kind == "budget" else "budget_adjusted",
                    project=project,
                    unit=unit_in(printed),
                )
            )
        elif data.matches(data.layout().goal_labels, head) and len(row[c].text) >= GOAL:
            made.append(
                maker.add(
                    row[c],
                    index,
                    ("年度总体目标",),
                    "",
                    (),
                    subject="年度总体目标",
                    measure="goal",
                    project=project,
                    unit="",
                    words=True,
                )
            )
    if made:
        maker.close_row((project,), "", row, made, False)
