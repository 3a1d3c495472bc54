"""The values that flow from a question to an answer.

`Answer.as_dict` is the JSON that other programs rely on (see README, "答案的 JSON").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from index.values import Box

Status = Literal["answered", "refused", "clarify"]
Polarity = Literal["yes", "no"]
ValueKind = Literal["reported", "computed"]


@dataclass(frozen=True, slots=True)
class Question:
    """The user's words and the earlier user turns of the dialogue, oldest first."""

    text: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a figure or a sentence stands: page from 1, printed label, box in points.

    `ocr` is true for a scanned page, whose words were recognised; the JSON then says so too.
    """

    report: str
    page: int
    page_label: str | None
    box: Box
    source: str
    quote: str
    ocr: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "report": self.report,
            "page": self.page,
            "page_label": self.page_label,
            "bbox": self.box.as_list(),
            "source": self.source,
            "quote": self.quote,
            **({"ocr": True} if self.ocr else {}),
        }


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an answer; `citations` are positions in `Answer.citations`."""

    value: Decimal
    unit: str
    label: str
    kind: ValueKind
    citations: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": format(self.value, "f"),
            "unit": self.unit,
            "label": self.label,
            "kind": self.kind,
            "citations": list(self.citations),
        }


@dataclass(frozen=True, slots=True)
class Calculation:
    """How a computed value came about; `formula` shows operands with units."""

    formula: str
    operands: tuple[Mapping[str, Any], ...]
    result: Decimal
    unit: str
    rounding: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "formula": self.formula,
            "operands": [dict(o) for o in self.operands],
            "result": format(self.result, "f"),
            "unit": self.unit,
            "rounding": self.rounding,
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two places of the report that do not say the same."""

    text: str
    citations: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"text": self.text, "citations": list(self.citations)}


@dataclass(frozen=True, slots=True)
class Compared:
    """One report's part in an answer over several: what it says, None where it says nothing.

    `name` tells it from the others; `note` says why there is no value, or how it was come by.
    `citations` are positions in `Answer.citations`.
    """

    report: str
    name: str
    title: str
    body: str
    year: int | None
    kind: str
    value: Decimal | None = None
    unit: str = ""
    label: str = ""
    note: str = ""
    citations: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "report": self.report,
            "name": self.name,
            "title": self.title,
            "body": self.body,
            "year": self.year,
            "kind": self.kind,
            "value": None if self.value is None else format(self.value, "f"),
            "unit": self.unit,
            "label": self.label,
            "note": self.note,
            "citations": list(self.citations),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its evidence. `values[0]` answers a question that asks for one number.

    `unsure` marks a refusal because nothing was found, which another reading of the question might
    overcome; `notice` is said beside the answer. Neither is part of the JSON.
    """

    status: Status
    text: str
    values: tuple[Value, ...] = ()
    polarity: Polarity | None = None
    calculation: Calculation | None = None
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    choices: tuple[str, ...] = field(default=())
    elapsed_ms: float = 0.0
    unsure: bool = False
    notice: str = ""
    compared: tuple[Compared, ...] = ()
    each: bool = False  # over several reports: no value stands for all of them

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready data, fields and order as the interface fixes them.

        `compared` is there only where several reports took part.
        """
        several = {"compared": [c.as_dict() for c in self.compared]} if self.compared else {}
        return {
            "status": self.status,
            "text": self.text,
            "values": [v.as_dict() for v in self.values],
            "polarity": self.polarity,
            "calculation": self.calculation.as_dict() if self.calculation else None,
            "citations": [c.as_dict() for c in self.citations],
            "conflicts": [c.as_dict() for c in self.conflicts],
            "elapsed_ms": round(self.elapsed_ms, 1),
            **several,
        }
