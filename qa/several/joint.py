"""The answer writer over several reports: as `qa.evidence`, with the report said at every figure.

Every number of the text is one of: a value that is cited, the result of a calculation, part of a
quote, a report's name or year, a count of things listed, or a number of the question. Any other
makes the answer void.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from index.values import Box, Figure
from qa.evidence import amount, check_numbers
from qa.names import MONEY
from qa.plan import Plan, Step, run
from qa.several.identity import Identity
from qa.several.told import Told
from qa.units import convert, plain
from qa.values import (
    Answer,
    Calculation,
    Citation,
    Compared,
    Conflict,
    Polarity,
    Status,
    Value,
    ValueKind,
)

_MOST_CITATIONS = 40
_NOWHERE = Box(0, 0, 0, 0)


def shown(told: Told) -> str:
    """A report's value as shown: as printed, a change with its direction."""
    if told.figure is None:
        return f"{plain(told.value or Decimal(0))}{told.unit}"
    text = amount(told.figure)
    if told.figure.measure in {"change", "change_rate"} and told.value:
        up, down = ("增加", "减少") if told.figure.measure == "change" else ("增长", "下降")
        return f"{up if told.value > 0 else down}{text.lstrip('-')}"
    return text


class Joint:
    """One answer over several reports in the making; `name` tells them apart in it."""

    def __init__(
        self, question: str, reports: Sequence[Identity], name: Callable[[Identity], str]
    ) -> None:
        self.name = name
        self._texts = [question]
        for identity in reports:
            self.know(identity)
        self._allowed: set[Decimal] = set()
        self._citations: list[Citation] = []
        self._values: list[Value] = []
        self._conflicts: list[Conflict] = []
        self._calculation: Calculation | None = None
        self._compared: list[Compared] = []

    # -- what the answer stands on ---------------------------------------------------------------

    def know(self, identity: Identity) -> None:
        """The names and years of a report may stand in the answer."""
        years = [f"{y}年" for y in (identity.year, (identity.year or 1) - 1) if y]
        self._texts += [identity.title, identity.label, identity.file, *years]

    def quote(self, text: str) -> None:
        """A text whose numbers may stand in the answer."""
        self._texts.append(text)

    def count(self, number: int) -> None:
        self._allowed.add(Decimal(number))

    def cite(self, told: Told) -> tuple[int, ...]:
        """Cite a report's value; gives the positions of its citations."""
        if told.value is not None:
            self._allowed.update({told.value, abs(told.value)})
        if told.figure is not None:
            self._texts += [told.figure.printed, *told.figure.item, *told.figure.column]
            self._texts.append(told.figure.project)
        return tuple(dict.fromkeys(self._add(c) for c in told.citations))

    def _add(self, citation: Citation) -> int:
        if citation not in self._citations:
            self._citations.append(citation)
        return self._citations.index(citation)

    # -- values ----------------------------------------------------------------------------------

    def value(self, told: Told, unit: str = "") -> Decimal:
        """Put a report's value among the answer's, in `unit` if given; gives the amount."""
        number, own = told.value or Decimal(0), told.unit
        if unit and unit != own:
            number, own = convert(number, own, unit), unit
            number = number.normalize() if number else number
            self._allowed.update({number, abs(number)})
        kind: ValueKind = "reported" if told.figure is not None else "computed"
        name = f"{self.name(told.identity)}{told.label}"
        self._values.append(Value(number, own, name, kind, self.cite(told)))
        return number

    def row(self, told: Told, note: str, unit: str = "") -> None:
        """A report's row in the table of the answer."""
        i = told.identity
        value, own = told.value, told.unit
        if value is not None and unit and unit != own and not told.other:
            value, own = Decimal(plain(convert(value, own, unit))), unit
        cited = tuple(self._add(c) for c in told.citations) if value is not None else ()
        self._compared.append(
            Compared(
                i.id, self.name(i), i.title, i.body, i.year, i.kind,
                value, own if value is not None else "", told.label, note, cited,
            )
        )  # fmt: skip

    def calculate(
        self, steps: Sequence[Step], told: Sequence[Told], unit: str = "", places: int = 2
    ) -> Calculation:
        """The result of `steps` over `told`; their ids are `0`, `1`, ...

        Raises PlanError where units do not fit and for a division by zero.
        """
        figures = {str(n): _operand(t, str(n)) for n, t in enumerate(told)}
        done = run(Plan(tuple(steps), unit, places), figures)
        used = [n for step in steps for n in step.operands if not n.startswith("#")]
        operands: list[dict[str, Any]] = []
        for number, operand in zip(used, done.operands, strict=True):
            i = told[int(number)].identity
            label = f"{self.name(i)}{told[int(number)].label}"
            operands.append({**operand, "label": label, "report": i.id})
        self._allow(done)
        return replace(done, operands=tuple(operands))

    def _allow(self, done: Calculation) -> None:
        self._allowed.update({done.result, abs(done.result)})
        self._texts += [done.formula, done.rounding]

    def result(
        self, done: Calculation, told: Iterable[Told], label: str, unit: str = "", main: bool = True
    ) -> None:
        """A computed value, cited at all its operands; `main`: its calculation is the answer's."""
        cited = tuple(dict.fromkeys(c for t in told for c in self.cite(t)))
        size = abs(done.result)  # the direction is in the text, as with a printed change
        self._values.append(Value(size, unit or done.unit, label, "computed", cited))
        if main:
            self._calculation = done

    def promote(self) -> Value:
        """Make the value put last the answer's first; gives it."""
        self._values.insert(0, self._values.pop())
        return self._values[0]

    def counted(self, number: int, unit: str, label: str, told: Iterable[Told]) -> None:
        """A count of reports as a value."""
        self.count(number)
        cited = tuple(dict.fromkeys(c for t in told for c in self.cite(t)))
        self._values.append(Value(Decimal(number), unit, label, "computed", cited))

    def conflict(self, text: str, told: Iterable[Told]) -> str:
        """Two reports that do not say the same; gives the text."""
        cited = tuple(dict.fromkeys(c for t in told for c in self.cite(t)))
        self._conflicts.append(Conflict(text, cited))
        return text

    def adopt(self, answer: Answer, name: str) -> tuple[int, ...]:
        """The words and values of one report's answer with their places; gives its citations."""
        cited = tuple(self._add(c) for c in answer.citations)
        self._texts.append(answer.text)  # checked when it was written
        for value in answer.values:
            here = tuple(cited[i] for i in value.citations)
            self._values.append(replace(value, label=f"{name}{value.label}", citations=here))
        for conflict in answer.conflicts:
            here = tuple(cited[i] for i in conflict.citations)
            self._conflicts.append(Conflict(f"【{name}】{conflict.text}", here))
        return cited

    # -- the answer ------------------------------------------------------------------------------

    def answer(
        self,
        text: str,
        status: Status = "answered",
        polarity: Polarity | None = None,
        choices: tuple[str, ...] = (),
    ) -> Answer:
        """The answer, checked. Raises AnswerError for a number of unknown origin in its text."""
        sources = (*self._texts, *(c.quote for c in self._citations))
        check_numbers(text, map(abs, self._allowed), sources)
        kept = len(self._citations[:_MOST_CITATIONS])

        def only(cited: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(i for i in cited if i < kept)

        return Answer(
            status=status,
            text=text,
            values=tuple(replace(v, citations=only(v.citations)) for v in self._values)
            if status == "answered"
            else (),
            polarity=polarity,
            calculation=self._calculation,
            citations=tuple(self._citations[:kept]),
            conflicts=tuple(replace(c, citations=only(c.citations)) for c in self._conflicts),
            choices=choices,
            compared=tuple(replace(c, citations=only(c.citations)) for c in self._compared),
        )


def common_unit(told: Sequence[Told], wanted: str = "") -> str:
    """The unit to compare in: the one asked for, else the one most reports print; 万元 if even."""
    units = [t.unit for t in told]
    if wanted in MONEY and any(u in MONEY for u in units):
        return wanted
    order = {unit: (units.count(unit), unit == "万元") for unit in units}
    return max(order, key=lambda u: order[u]) if order else ""


def _operand(told: Told, number: str) -> Figure:
    """A value as `qa.plan` calculates with it: a printed figure, or a computed value as one."""
    if told.figure is not None:
        return replace(told.figure, id=number)
    first = told.citations[0] if told.citations else None
    return Figure(
        id=number, item=(told.label,), code="", column=(), measure="", base="",
        year=told.identity.year, scope="", value=told.value, unit=told.unit,
        printed=plain(told.value or Decimal(0)), state="value",
        page=first.page if first else 0, page_label=first.page_label if first else None,
        box=first.box if first else _NOWHERE, table="", table_id="", row=0, subject=told.label,
    )  # fmt: skip
