"""One question on its way through several reports: what each told, and what is said besides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.text import fold
from prompts import say
from qa.evidence import place_of
from qa.reading import read_question
from qa.several.asked import Asked
from qa.several.identity import Identity
from qa.several.joint import Joint, common_unit, shown
from qa.several.selection import Selection
from qa.several.told import Told
from qa.units import compatible, convert, plain
from qa.values import Answer, Polarity

_MOST_NAMED = 6
_APART = {
    "unit": "several_other_unit",
    "item": "several_other_item",
    "measure": "several_other_measure",
    "scope": "several_other_scope",
}

Before = Callable[[Told], Told | None]


def namer(by: str, reports: Sequence[Identity]) -> Callable[[Identity], str]:
    """How the reports are told apart: by year, by body, by both, or by kind; else by file."""

    def name(i: Identity) -> str:
        year = f"{i.year}年" if i.year else i.title
        if by == "year":
            return year
        if by == "body":
            return i.body
        if by == "kind" and len(reports) == 1:
            return f"{i.body}{year}"
        if by == "kind":
            return f"{year}{i.word}报告"
        return f"{i.body}{year}{i.word if i.kind == 'budget' else ''}"

    names = [name(i) for i in reports]
    if len(set(names)) == len(names):
        return name
    labels = [i.label for i in reports]
    if len(set(labels)) == len(labels):
        return lambda i: i.label
    return lambda i: f"{i.label}（{i.file}）"


@dataclass
class Round:
    """A question with what each report told, brought to one thing; one for each question."""

    asked: Asked
    selection: Selection
    told: list[Told]
    joint: Joint
    before: Before  # what a report says of the year before its own

    def __post_init__(self) -> None:
        self.usable = [t for t in self.told if t.usable]
        self.unit = common_unit(self.usable, read_question(self.asked.text).unit_out)

    @property
    def label(self) -> str:
        """What the values are of, as the reports call it."""
        named = [t for t in self.usable if not t.derived] or self.usable
        return named[0].label if named else self.asked.item

    def name(self, told: Told) -> str:
        return self.joint.name(told.identity)

    def amount(self, told: Told) -> Decimal:
        """A value in the common unit."""
        value = told.value if told.value is not None else Decimal(0)
        return convert(value, told.unit, self.unit) if told.unit != self.unit else value

    def printed(self, told: Told) -> str:
        """A value as printed, with its amount in the common unit where that is another."""
        text = shown(told)
        if told.unit == self.unit or not compatible(told.unit, self.unit):
            return text
        amount = self.amount(told)
        self.joint.quote(plain(amount))
        return f"{text}（{plain(amount)}{self.unit}）"

    def listed(self, told: Sequence[Told], short: bool = False) -> str:
        """2023年3.69万元（第8页）；2024年3.36万元（第16页）: every value with its page.

        `short`: the body has been named, the year is enough.
        """
        return "；".join(f"{self.called(t, short)}{self.printed(t)}{self._place(t)}" for t in told)

    def called(self, told: Told, short: bool = False) -> str:
        """A report's name, or its year alone."""
        return f"{told.identity.year}年" if short and told.identity.year else self.name(told)

    def _place(self, told: Told) -> str:
        if not told.citations:
            return ""
        first = told.citations[0]
        place = place_of(first.page, first.page_label)
        self.joint.quote(place)
        return f"（{fold_brackets(place)}）"

    def rows(self, order: Sequence[Told] = ()) -> None:
        """A row for each report in the answer's table, those of `order` first, in one unit."""
        for told in [*order, *(t for t in self.told if t not in order)]:
            note = "derived" if told.derived and told.value is not None else told.other
            self.joint.row(told, note if told.value is not None else "none", self.unit)

    def finish(
        self, text: str, polarity: Polarity | None = None, order: Sequence[Told] = ()
    ) -> Answer:
        """The answer with its table and with all that has to be said besides."""
        self.rows(order)
        return self.joint.answer(text + self.remarks(), polarity=polarity)

    def remarks(self) -> str:
        """What is missing, derived, of another kind; how the question was understood."""
        parts = []
        for told in self.told:
            if told.value is None:
                if not told.derived:
                    parts.append(say("several_none", name=self.name(told)) + "。")
            elif told.other:
                scope = told.figure.scope if told.figure else ""
                self.joint.cite(told)
                parts.append(
                    say(
                        _APART[told.other],
                        name=self.name(told),
                        label=told.label,
                        scope=scope,
                        value=shown(told),
                    )
                )
            elif told.derived:
                source = told.identity.year or 0
                self.joint.quote(f"{source + 1}年")
                parts.append(
                    say("several_derived", name=self.name(told), source=f"{source + 1}年度报告")
                )
        parts += [self.missing(), self.understood()]
        return "".join(parts)

    def missing(self) -> str:
        """The reports that were asked for and are not there."""
        derived = {(t.identity.body, t.identity.year) for t in self.told if t.derived}
        left = [m for m in self.selection.missing if m not in derived]
        if not left:
            return ""
        names = missing_names(left)
        self.joint.quote(names)
        return say("several_missing", names=names)

    def understood(self) -> str:
        """How names, years and the dialogue were understood."""
        asked, parts = self.asked, []
        parts += [say("several_assumed", name=name) for name in asked.assumed]
        years = [t.identity.year for t in self.told if t.identity.year]
        if asked.back and not asked.years and years:
            parts.append(say("several_years", year=max(years)))
        several_bodies = len({t.identity.body for t in self.told}) > 1
        if not asked.timed and len(set(years)) == 1 and several_bodies:
            parts.append(say("several_common", year=years[0]))
        if asked.carried:
            self.joint.quote(asked.carried)
            parts.append(say("several_carried", carried=asked.carried))
        return "".join(parts)


def missing_names(missing: Sequence[tuple[str, int]]) -> str:
    """云海市档案馆2022年、2023年: the bodies with the years that are missing."""
    by_body: dict[str, list[int]] = {}
    for body, year in missing:
        by_body.setdefault(body, []).append(year)
    named = [f"{b}{'、'.join(f'{y}年' for y in years)}" for b, years in by_body.items()]
    more = f"等{len(named)}个单位" if len(named) > _MOST_NAMED else ""
    return "，".join(named[:_MOST_NAMED]) + more


def fold_brackets(place: str) -> str:
    """第8页（PDF第11页） inside brackets: with a comma."""
    return fold(place).replace("(", "，").replace(")", "")
