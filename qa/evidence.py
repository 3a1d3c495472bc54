"""The answer writer: collects figures, quotes and calculations, and refuses any other number.

Every number of an answer's text must be one of: a figure that is cited (as printed or by value),
the result or an operand of the calculation, part of a quote or a name from the report, a page
number of a citation, a count of things listed, or a number of the question itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from index.check import Finding
from index.text import numbers_in
from index.values import Figure, Passage, Report
from prompts import say
from qa.errors import AnswerError
from qa.names import MONEY
from qa.plan import label_of
from qa.units import convert, plain
from qa.values import Answer, Calculation, Citation, Conflict, Polarity, Status, Value, ValueKind

_MOST_CITATIONS = 12


def amount(figure: Figure) -> str:
    """A figure as shown: digits as printed, with its unit."""
    if figure.value is None:
        return figure.printed or "（空白）"
    printed = figure.printed.strip()
    if figure.measure == "rate" and figure.unit == "":
        return f"{plain(figure.value * 100)}%（表中印作{printed}）"
    if re.search(r"[^\d.,+\-()（）≤≥<>=＝＜＞]", printed):
        return printed
    return f"{printed}{figure.unit}"


def value_of(figure: Figure) -> tuple[Decimal, str]:
    """Value and unit as answered: a rate printed as a ratio becomes a percentage."""
    value = figure.value if figure.value is not None else Decimal(0)
    if figure.measure == "rate" and figure.unit == "":
        return value * 100, "%"
    return value, figure.unit


def amount_of(figure: Figure) -> Decimal:
    """A figure's value as it is compared: money in 元, a rate as a percentage."""
    value, unit = value_of(figure)
    return convert(value, unit, "元") if unit in MONEY else value


def told_at(figures: Iterable[Figure]) -> str:
    """Each figure's name, place and amount: 公务接待费决算数（第16页）3.59万元，…"""
    return "，".join(
        say(
            "conflict_piece",
            label=label_of(f),
            place=place_of(f.page, f.page_label),
            value=amount(f),
        )
        for f in figures
    )


class Evidence:
    """One answer in the making."""

    def __init__(self, report: Report, question: str) -> None:
        self.report = report
        self._allowed: set[Decimal] = set()
        self._texts: list[str] = [question, report.title, report.body]
        self._citations: list[Citation] = []
        self._values: list[Value] = []
        self._conflicts: list[Conflict] = []
        self._calculation: Calculation | None = None
        if report.year:
            self._allowed.update({Decimal(report.year), Decimal(report.year - 1)})

    @property
    def citations(self) -> Sequence[Citation]:
        return self._citations

    def fresh(self) -> Evidence:
        """An empty answer in the making for the same question."""
        return Evidence(self.report, self._texts[0])

    # -- what the answer stands on ---------------------------------------------------------------

    def cite(self, figure: Figure) -> int:
        """Cite a figure's cell or sentence; gives the position of the citation."""
        quote = figure.sentence.strip() or self._cell_quote(figure)
        source = figure.table or self._section(figure)
        citation = Citation(
            self.report.id, figure.page, figure.page_label, figure.box, source, quote
        )
        value, _ = value_of(figure)
        self._allowed.update({value, abs(value), figure.value or Decimal(0)})
        self._allowed.add(abs(figure.value or Decimal(0)))
        self._texts.extend([figure.printed, *figure.item, *figure.column, figure.project, source])
        return self._add(citation)

    def cite_passage(self, passage: Passage, quote: str, page: int | None = None) -> int:
        """Cite a passage with the words quoted from it."""
        self._texts.append(quote)
        number = page or passage.page
        return self._add(
            Citation(
                self.report.id,
                number,
                self.report.label(number),
                passage.box,
                passage.source,
                quote,
            )
        )

    def cite_pages(self, figures: Sequence[Figure], most: int = 5) -> None:
        """What was compared may stand on several pages: one figure of each, `most` at the most."""
        pages = {f.page: f for f in reversed(figures)}
        if len(pages) <= most:
            for figure in pages.values():
                self.cite(figure)

    def quote(self, text: str) -> None:
        """Words of the report whose numbers may stand in the answer."""
        self._texts.append(text)

    def count(self, number: int | Decimal) -> None:
        """A count of things that the answer lists."""
        self._allowed.add(Decimal(number))

    def _add(self, citation: Citation) -> int:
        for i, known in enumerate(self._citations):
            same_place = known.page == citation.page and known.box == citation.box
            if same_place and known.quote == citation.quote:
                return i
        self._citations.append(citation)
        return len(self._citations) - 1

    # -- values ----------------------------------------------------------------------------------

    def value(self, figure: Figure, places: Sequence[Figure] = (), unit: str = "") -> Value:
        """A reported value, cited at the figure and at `places` that say the same."""
        cited = tuple(dict.fromkeys(self.cite(f) for f in (figure, *places)))
        number, own = value_of(figure)
        if unit and unit != own:
            number, own = convert(number, own, unit), unit
            self._allowed.add(number)
        found = Value(number, own, label_of(figure), "reported", cited)
        self._values.append(found)
        return found

    def magnitude(self, figure: Figure, places: Sequence[Figure] = ()) -> Value:
        """A change as the report prints it: the size as value, the direction in the text."""
        found = replace(self.value(figure, places), value=abs(figure.value or Decimal(0)))
        self._values[-1] = found
        return found

    def result(
        self, calculation: Calculation, figures: Iterable[Figure], label: str, size: bool = False
    ) -> Value:
        """A computed value, cited at all its operands; `size`: of a change, without its sign."""
        cited = tuple(dict.fromkeys(self.cite(f) for f in figures))
        self._calculation = calculation
        self._allowed.update({calculation.result, abs(calculation.result)})
        self._texts.append(calculation.formula)
        self._texts.append(calculation.rounding)
        number = abs(calculation.result) if size else calculation.result
        found = Value(number, calculation.unit, label, "computed", cited)
        self._values.append(found)
        return found

    def per_unit(
        self, calculation: Calculation, figures: Iterable[Figure], label: str, unit: str
    ) -> Value:
        """A quotient such as 元/人次, answered as an amount of money for one of the counted."""
        found = replace(self.result(calculation, figures, label), unit=unit)
        self._values[-1] = found
        return found

    def to_front(self) -> None:
        """Make the value added last the first: the one that was asked for."""
        self._values.insert(0, self._values.pop())

    def read_value(self, number: Decimal, unit: str, label: str, cited: Iterable[int]) -> Value:
        """A number read in the words cited, where no figure was made of it."""
        return self._of_words(number, unit, label, "reported", cited)

    def count_value(
        self, number: int | Decimal, unit: str, label: str, cited: Iterable[int]
    ) -> Value:
        """A number of things that were counted."""
        return self._of_words(number, unit, label, "computed", cited)

    def _of_words(
        self, number: int | Decimal, unit: str, label: str, kind: ValueKind, cited: Iterable[int]
    ) -> Value:
        self.count(number)
        found = Value(Decimal(number), unit, label, kind, tuple(dict.fromkeys(cited)))
        self._values.append(found)
        return found

    def conflict(self, figures: Sequence[Figure]) -> str:
        """State that figures which should agree do not; gives the text."""
        cited = tuple(dict.fromkeys(self.cite(f) for f in figures))
        for f in figures:
            self._allowed.add(Decimal(f.page))
            if f.page_label and f.page_label.isdigit():
                self._allowed.add(Decimal(f.page_label))
        text = say("conflict", pieces=told_at(figures))
        self._conflicts.append(Conflict(text, cited))
        return text

    def finding(self, finding: Finding) -> str:
        """State what a consistency check found, cited at its values; gives the text."""
        cited = []
        for term in finding.terms[:6]:
            source = term.table or "正文"
            quote = term.quote or f"{term.label}｜{term.printed}"
            cited.append(
                self._add(
                    Citation(self.report.id, term.page, term.page_label, term.box, source, quote)
                )
            )
        self._texts.append(finding.text)
        self._conflicts.append(Conflict(finding.text, tuple(dict.fromkeys(cited))))
        return finding.text

    # -- the answer ------------------------------------------------------------------------------

    def answer(
        self,
        text: str,
        status: Status = "answered",
        polarity: Polarity | None = None,
        choices: tuple[str, ...] = (),
    ) -> Answer:
        """The answer, checked. Raises AnswerError for a number of unknown origin in its text."""
        self._check(text)
        keep = self._citations[:_MOST_CITATIONS]
        values = tuple(
            replace(v, citations=tuple(c for c in v.citations if c < len(keep)))
            for v in self._values
        )
        conflicts = tuple(
            replace(c, citations=tuple(i for i in c.citations if i < len(keep)))
            for c in self._conflicts
        )
        return Answer(
            status=status,
            text=text,
            values=values if status == "answered" else (),
            polarity=polarity,
            calculation=self._calculation,
            citations=tuple(keep),
            conflicts=conflicts,
            choices=choices,
        )

    def decided(self, yes: bool, text: str, have: bool = False) -> Answer:
        """A yes/no answer; `have`: 有 and 没有 instead of 是 and 否."""
        name = ("is_yes" if yes else "is_no") + ("_have" if have else "")
        return self.answer(say(name, text=text), polarity="yes" if yes else "no")

    def _check(self, text: str) -> None:
        check_numbers(text, self._allowed, (*self._texts, *(c.quote for c in self._citations)))

    def _cell_quote(self, figure: Figure) -> str:
        label = " > ".join(figure.item)
        column = " > ".join(figure.column)
        return "｜".join(p for p in (label, column, figure.printed or "（空白）") if p)

    def _section(self, figure: Figure) -> str:
        if figure.table_id.startswith("p") and figure.table_id[1:].isdigit():
            section = self.report.paragraphs[int(figure.table_id[1:])].section
            return section[-1] if section else "正文"
        return "正文"


def check_numbers(text: str, allowed: Iterable[Decimal], sources: Iterable[str]) -> None:
    """Raises AnswerError for a number of `text` that is not allowed and stands in no source."""
    known = set(allowed)
    for source in sources:
        known.update(abs(v) for _, _, v in numbers_in(source))
    for _, _, number in numbers_in(text):
        if number not in known and abs(number) not in known:
            raise AnswerError(f"答句中的数字 {number} 不是报告中的数字，也不是计算结果。")


def place_of(page: int, label: str | None) -> str:
    return say("place_label", label=label, page=page) if label else say("place", page=page)
