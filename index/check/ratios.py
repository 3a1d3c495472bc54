"""A printed percentage against the one that follows from two amounts, with all rounding allowed.

An amount stands for every value that prints like it, so a quotient is a span. A percentage agrees
where the span of its own printed digits meets that of the quotient.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from index.check.equations import Rule, unknown
from index.check.findings import (
    Finding,
    Span,
    base_value,
    half_unit,
    in_percent,
    label_of,
    number,
    place_of,
    scale_of,
    shown,
    span,
    term,
)
from index.values import Figure
from prompts import say

_HUNDRED = Decimal(100)


def total_span(figures: Sequence[Figure]) -> Span:
    """The span of a sum."""
    spans = [span(f) for f in figures]
    return Span(sum((s.low for s in spans), Decimal(0)), sum((s.high for s in spans), Decimal(0)))


def quotient(part: Span, whole: Span) -> Span | None:
    """part / whole in %; None where the whole can be nothing."""
    if whole.low <= 0 <= whole.high:
        return None
    ends = [p / w * _HUNDRED for p in (part.low, part.high) for w in (whole.low, whole.high)]
    return Span(min(ends), max(ends))


def percent(figure: Figure) -> Span:
    """The values in % that a printed percentage stands for."""
    return span(figure)


def places_of(figure: Figure) -> int:
    """Decimal places of a printed percentage, in %; at least two are shown."""
    exponent = (figure.value or Decimal(0)).as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return max(0, places - 2 if figure.unit == "" and not in_percent(figure) else places)


def rounded(value: Decimal, places: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-max(2, places)), ROUND_HALF_UP):f}%"


def rate_finding(
    rule: Rule,
    rate: Figure,
    part: Sequence[Figure],
    whole: Sequence[Figure],
    *,
    word: str = "",
    base: str = "",
    part_span: Span | None = None,
    whole_span: Span | None = None,
    others: Sequence[tuple[str, Figure]] = (),
) -> Finding:
    """`rate` against part / whole.

    `part_span`, `whole_span`: where they are no plain sum (last year's amount). `word` and `base`
    go into the sentence. `others`: denominators that people take by mistake, with their names.
    """
    above = part_span or total_span(part)
    below = whole_span or total_span(whole)
    label = label_of(rate)
    words = {"label": label, "word": word, "printed": shown(rate), "place": place_of(rate)}
    expected = quotient(above, below)
    used = [*part, *(f for f in whole if f not in part)]
    if expected is None:
        base = base or (label_of(whole[0]) if whole else "")
        if not rate.value or _middle(below) != 0:
            return unknown(rule, say("check_rate_zero_fine", **words, base=base), rate, *used)
        text = say("check_rate_zero", **words, base=base)
        return _finding(rule, rate, used, False, text, None)
    printed = percent(rate)
    exact = _middle(above) / _middle(below) * _HUNDRED
    calculation = f"{_amount(part, above)}÷{_amount(whole, below)}"
    falls = exact < 0 and base_value(rate) < 0  # the word 下降 tells the sign
    result = rounded(-exact if falls else exact, places_of(rate))
    fine = printed.meets(expected)
    if fine:
        text = say("check_rate_ok", **words, calculation=f"{calculation}＝{result}")
    else:
        text = say("check_rate", **words, calculation=calculation, expected=result)
        text += _hint(rate, above, exact, others)
    severity = "warning" if not fine and _truncated(rate, exact) else rule.severity
    return _finding(Rule(rule.key, rule.name, rule.source, severity), rate, used, fine, text, exact)


def _finding(
    rule: Rule,
    rate: Figure,
    used: Sequence[Figure],
    fine: bool,
    text: str,
    exact: Decimal | None,
) -> Finding:
    stated = base_value(rate)
    expected = None if exact is None else exact.quantize(Decimal("0.000001"))
    return rule.judged(
        fine,
        text,
        (term(rate, "stated"), *(term(f, "compared") for f in used)),
        stated=stated,
        expected=expected,
        unit="%",
        difference=None if expected is None else stated - expected,
        tolerance=half_unit(rate),
    )


def _middle(s: Span) -> Decimal:
    return (s.low + s.high) / 2


def _amount(figures: Sequence[Figure], s: Span) -> str:
    """The amount as printed; a sum or a derived amount is told in the unit of its first figure."""
    if len(figures) == 1 and _middle(s) == base_value(figures[0]):
        return shown(figures[0])
    first = figures[0]
    return f"{number(_middle(s) / scale_of(first))}{first.unit}"


def _truncated(rate: Figure, exact: Decimal) -> bool:
    """Whether the printed percentage is the exact one with its tail cut off."""
    cut = exact.quantize(Decimal(1).scaleb(-places_of(rate)), ROUND_DOWN)
    return places_of(rate) > 0 and base_value(rate) == cut


def _hint(rate: Figure, above: Span, exact: Decimal, others: Sequence[tuple[str, Figure]]) -> str:
    if _truncated(rate, exact):
        return say("check_rate_truncated")
    for name, figure in others:
        other = quotient(above, span(figure))
        if other and percent(rate).meets(other):
            return say("check_rate_other", other=f"{name}（{shown(figure)}）", rate=shown(rate))
    stated = base_value(rate)
    if (
        stated
        and exact
        and any(
            abs(stated * factor - exact) <= half_unit(rate) * factor
            for factor in (Decimal(100), Decimal("0.01"))
        )
    ):
        return say("check_rate_hundred")
    return ""
