"""What other programs can ask of the running page: `ask`, `ask_several`, `figures`, `reports`.

Plain functions over a desk; app.py publishes them under their names. Their descriptions are shown
to users, and so are Chinese. Failures are ReportIndexError and QaError, one line each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from index.__main__ import figure_as_dict
from qa.browse import Query, find
from qa.desk import Desk

_MOST_FIGURES = 5000


def endpoints(desk: Desk) -> list[Callable[..., Any]]:
    """The functions to publish; an empty report means the sample."""

    def ask(question: str, report: str = "") -> dict[str, Any]:
        """一个问题的答案（JSON，见 README）。

        Args:
            question: 中文问题，例如“公务接待费花了多少钱”。
            report: 报告编号，见 reports；留空为示例报告。
        """
        return desk.ask(question, report or desk.sample_or_wait()).as_dict()

    def ask_several(
        question: str, reports: list[str] | None = None, history: list[str] | None = None
    ) -> dict[str, Any]:
        """几份报告一起回答一个问题的答案（JSON，见 README；compared 是各报告的数）。

        Args:
            question: 中文问题，例如“去年和今年的公务接待费比”“哪个部门三公经费最高”。
            reports: 报告编号的列表，见 reports；留空为库中全部报告。
            history: 此前的提问，由早到晚。
        """
        return desk.ask_several(question, reports or (), history or ()).as_dict()

    def figures(report: str = "", words: str = "") -> list[dict[str, Any]]:
        """报告里的数字，每个带科目、栏目、年度、口径、单位、页码和位置。

        Args:
            report: 报告编号，见 reports；留空为示例报告。
            words: 只要含有这些词的：项目、科目代码、栏目或数字，空格分开；留空为全部。
        """
        found = find(desk.report(report or desk.sample_or_wait()), Query(words))
        return [figure_as_dict(figure) for figure in found[:_MOST_FIGURES]]

    def reports() -> list[dict[str, Any]]:
        """已建立索引的报告：编号、标题、单位、年度、页数、表数、数字个数。"""
        return [
            {
                "report": info.id,
                "file": info.file,
                "title": info.title,
                "body": info.body,
                "year": info.year,
                "kind": info.kind,
                "pages": info.pages,
                "tables": info.tables,
                "figures": info.figures,
            }
            for info in desk.reports()
        ]

    return [ask, ask_several, figures, reports]
