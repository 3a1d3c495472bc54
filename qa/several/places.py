"""Where an answer over several reports stands: each citation in its own report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from index.values import Figure
from qa.places import Places
from qa.values import Answer, Citation


class ManyPlaces:
    """The places of the reports that an answer cites; `places` gives a report's, by id."""

    def __init__(self, answer: Answer, places: Callable[[str], Places]) -> None:
        self._places = places
        self._names = {c.report: c.name for c in answer.compared}

    def form(self, citation: Citation) -> str:
        """What is said of the source beside the page: the report, then the table or section."""
        form = self._places(citation.report).form(citation) or citation.source
        name = self._names.get(citation.report, "")
        return "".join(f" · {part}" for part in (name, form) if part)

    def figure(self, citation: Citation) -> Figure | None:
        """The figure that is cited, None when words are."""
        return self._places(citation.report).figure(citation)

    def operands(self, answer: Answer) -> tuple[int | None, ...]:
        """For each operand of the calculation the position of its citation, None if not cited."""
        if answer.calculation is None:
            return ()
        return tuple(self._position(operand, answer) for operand in answer.calculation.operands)

    def _position(self, operand: Mapping[str, Any], answer: Answer) -> int | None:
        value = Decimal(str(operand["value"]))
        for i, citation in enumerate(answer.citations):
            if (citation.report, citation.page) != (operand.get("report"), operand.get("page")):
                continue
            if any(f.value == value for f in self._places(citation.report).all_at(citation)):
                return i
        return None
