"""Where a report's figures stand: from a citation back to its figure, and from a figure to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from index.errors import StoreError
from index.values import Box, Figure, Report
from qa.evidence import Evidence
from qa.plan import label_of
from qa.values import Answer, Citation


class Located(Protocol):
    """What the page needs to know of the places of an answer, over one report or several."""

    def form(self, citation: Citation) -> str: ...

    def figure(self, citation: Citation) -> Figure | None: ...

    def operands(self, answer: Answer) -> tuple[int | None, ...]: ...


class Places:
    """The places of one report. Thread-safe: nothing changes after construction."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._figures = {f.id: f for f in report.figures}
        self._at: dict[tuple[int, Box], list[Figure]] = defaultdict(list)
        for figure in report.figures:
            self._at[figure.page, figure.box].append(figure)
        self._forms = {
            (table.title, page): table.form_code for table in report.tables for page in table.pages
        }

    def form(self, citation: Citation) -> str:
        """The form code printed over the cited table (公开09表), "" when there is none."""
        return self._forms.get((citation.source, citation.page), "")

    def figure(self, citation: Citation) -> Figure | None:
        """The figure that is cited, None when words are."""
        found = self._at.get((citation.page, citation.box), [])
        return found[0] if found else None

    def all_at(self, citation: Citation) -> list[Figure]:
        """Every figure that stands at the cited place."""
        return list(self._at.get((citation.page, citation.box), []))

    def citation(self, figure: str) -> Citation:
        """The citation of a figure by id. Raises StoreError when the report has no such figure."""
        if figure not in self._figures:
            raise StoreError(
                f"报告 {self.report.id} 里没有编号为 {figure} 的数字：请重新打开报告。"
            )
        evidence = Evidence(self.report, "")
        evidence.cite(self._figures[figure])
        return evidence.citations[0]

    def operands(self, answer: Answer) -> tuple[int | None, ...]:
        """For each operand of the calculation the position of its citation, None if not cited."""
        if answer.calculation is None:
            return ()
        return tuple(self._position(operand, answer) for operand in answer.calculation.operands)

    def _position(self, operand: Mapping[str, Any], answer: Answer) -> int | None:
        loose: int | None = None
        for i, citation in enumerate(answer.citations):
            if citation.page != operand.get("page"):
                continue
            for figure in self._at.get((citation.page, citation.box), []):
                if figure.value != Decimal(str(operand["value"])):
                    continue
                if label_of(figure) == operand["label"]:
                    return i
                loose = i if loose is None else loose
        return loose
