"""What a check says: the values it compared, where they stand, whether they agree.

A finding is exact: values are `Decimal`s in the unit named, nothing is rounded but the share shown
to the reader. `ok` and `differs` are verdicts on figures; `not_checkable` says why there is none.
Tolerance: half a unit of the last printed digit of every value that goes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from index.data import measure_label
from index.text import squeeze
from index.values import Box, Figure

Verdict = Literal["ok", "differs", "not_checkable"]
Severity = Literal["error", "warning", "note"]
Role = Literal["stated", "compared", "part"]

MONEY = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "亿元": Decimal(100_000_000),
}
_PLAIN_MEASURES = {"final", "budget", "count", "attribute", "goal", "result", "reason"}
ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Term:
    """One value or piece of text that a check looked at, with its place.

    role      `stated` is what the report says, `compared` what it is held against, `part` an addend
    value     exact, in `unit`; None for a blank cell or a piece of text
    printed   the exact characters on the page
    box       in points, origin top left of `page`
    """

    role: Role
    label: str
    value: Decimal | None
    unit: str
    printed: str
    page: int
    page_label: str | None
    box: Box
    item: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    table: str = ""
    quote: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of one rule: verdict, the values compared, one plain sentence in Chinese.

    severity     how bad a difference is: `error`, `warning` (look again), `note` (wording)
    stated       what the report says; `expected` what follows from its other figures
    difference   stated - expected in `unit`; None where there is nothing to subtract
    tolerance    the greatest difference that rounding explains, in `unit`
    bound        the rule is an upper or lower bound and no equation
    explained    the two values differ for a reason that the genre knows: no mistake
    """

    rule: str
    name: str
    source: str
    verdict: Verdict
    severity: Severity
    text: str
    terms: tuple[Term, ...]
    stated: Decimal | None = None
    expected: Decimal | None = None
    unit: str = ""
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    bound: bool = False
    explained: bool = False

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages that the compared values stand on, in the order of the values."""
        return tuple(dict.fromkeys(term.page for term in self.terms))


@dataclass(frozen=True, slots=True)
class Span:
    """The values that a printed number can stand for, in a base unit (元, %, or as printed)."""

    low: Decimal
    high: Decimal

    def meets(self, other: Span) -> bool:
        return max(self.low, other.low) <= min(self.high, other.high)


def is_rate(figure: Figure) -> bool:
    return figure.unit == "%" or figure.measure in {"rate", "completion", "share", "change_rate"}


def in_percent(figure: Figure) -> bool:
    """Whether a rate without a unit tells percent: `92.00`; a share of one is seldom above 3."""
    return figure.value is not None and abs(figure.value) > 3


def scale_of(figure: Figure) -> Decimal:
    """Factor from the printed number to the base unit: 元 for money, % for rates."""
    if figure.unit == "" and figure.measure in {"rate", "completion", "share"}:
        return ONE if in_percent(figure) else Decimal(100)  # 0.69238 as an execution rate
    return MONEY.get(figure.unit, Decimal(1))


def half_unit(figure: Figure) -> Decimal:
    """Half a unit of the last printed digit, in the base unit; 0 for a blank and an exact zero.

    A count is exact. A score is exact to a hundredth: `8` beside `2.9` means 8.00. A bare `1` as a
    rate means 100%, not 50% to 150%.
    """
    value = figure.value
    if value is None or (value == 0 and not is_rate(figure)):
        return ZERO
    if figure.measure == "count":
        return ZERO
    exponent = value.as_tuple().exponent
    places = exponent if isinstance(exponent, int) else 0
    if figure.measure in {"score", "weight"}:
        places = min(places, -2)
    if figure.unit == "" and is_rate(figure) and not in_percent(figure):
        places = min(places, -4)
    return Decimal(5).scaleb(places - 1) * scale_of(figure)


def base_value(figure: Figure) -> Decimal:
    """The figure's value in the base unit; a blank counts as nothing."""
    return (figure.value or ZERO) * scale_of(figure)


def span(figure: Figure) -> Span:
    half = half_unit(figure)
    value = base_value(figure)
    return Span(value - half, value + half)


def base_unit(figure: Figure) -> str:
    """元 for money, % for rates, else the unit as printed."""
    if figure.unit in MONEY:
        return "元"
    return "%" if is_rate(figure) else figure.unit


def shown_unit(figure: Figure) -> str:
    """The unit that results of this figure are told in: 万元 stays 万元, 0.69 becomes %."""
    return "%" if is_rate(figure) else figure.unit


def in_unit(value: Decimal, unit: str) -> Decimal:
    """A value of the base unit in `unit`, exactly."""
    return value / MONEY[unit] if unit in MONEY else value


def term(figure: Figure, role: Role, label: str = "") -> Term:
    return Term(
        role=role,
        label=label or full_label(figure),
        value=figure.value,
        unit=figure.unit,
        printed=figure.printed,
        page=figure.page,
        page_label=figure.page_label,
        box=figure.box,
        item=figure.item,
        column=figure.column,
        table=figure.table,
        quote=figure.sentence,
        figure=figure.id,
    )


def terms(figures: Iterable[Figure], role: Role) -> tuple[Term, ...]:
    return tuple(term(figure, role) for figure in figures)


def label_of(figure: Figure) -> str:
    """What a person would call the figure: project, subject, facet."""
    pieces: list[str] = []
    subject = figure.subject or figure.name
    for piece in (figure.project, subject, figure.facet):
        if piece and squeeze(piece) not in {squeeze(p) for p in pieces}:
            pieces.append(piece)
    return " ".join(pieces) or (figure.column[-1] if figure.column else "")


def full_label(figure: Figure) -> str:
    """The label with what is measured, where that is no plain amount: 某项目 调整后预算数."""
    label = label_of(figure)
    if figure.measure in _PLAIN_MEASURES:
        return label
    measure = measure_label(figure.measure)
    return label if measure in label else f"{label} {measure}".strip()


def place_of(figure: Figure | Term) -> str:
    """第12页《收入决算表》, or 第20页正文."""
    return f"第{figure.page}页" + (f"《{figure.table}》" if figure.table else "正文")


def number(value: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros beyond two places."""
    text = format(value, "f")
    if "." not in text:
        return text
    whole, places = text.split(".")
    places = places.rstrip("0")
    return f"{whole}.{places.ljust(2, '0')}" if places else whole


def shown(figure: Figure) -> str:
    """The number as printed with its unit; 空白 for a blank cell."""
    if figure.value is None:
        return figure.printed or "空白"
    unit = "" if figure.printed.endswith(figure.unit) else figure.unit
    return f"{figure.printed}{unit}"


def distinct_figures(figures: Sequence[Figure]) -> list[Figure]:
    return list({figure.id: figure for figure in figures}.values())
