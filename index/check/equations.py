"""Equations over figures: one value against another, against a sum, against an upper bound.

The building stone of the other modules. All arithmetic is in the base unit (元, %, points); the
finding tells it in the unit of the stated figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.check.findings import (
    MONEY,
    ZERO,
    Finding,
    Role,
    Severity,
    Term,
    Verdict,
    base_value,
    full_label,
    half_unit,
    in_unit,
    number,
    place_of,
    shown,
    shown_unit,
    term,
)
from index.values import Figure
from prompts import say


@dataclass(frozen=True, slots=True)
class Rule:
    """What all findings of one rule share."""

    key: str
    name: str
    source: str
    severity: Severity = "error"
    explain: str = ""

    def judged(
        self,
        fine: bool,
        text: str,
        terms: Iterable[Term],
        *,
        severity: Severity | None = None,
        stated: Decimal | None = None,
        expected: Decimal | None = None,
        unit: str = "",
        difference: Decimal | None = None,
        tolerance: Decimal | None = None,
        bound: bool = False,
    ) -> Finding:
        """A finding of this rule: `ok` as a note, `differs` as grave as the rule or `severity`."""
        return Finding(
            self.key,
            self.name,
            self.source,
            "ok" if fine else "differs",
            "note" if fine else severity or self.severity,
            text,
            tuple(terms),
            stated,
            expected,
            unit,
            difference,
            tolerance,
            bound,
        )


def unknown(rule: Rule, text: str, *figures: Figure) -> Finding:
    """A rule that cannot be computed; `text` says why."""
    terms = tuple(term(f, "stated" if i == 0 else "compared") for i, f in enumerate(figures))
    return Finding(rule.key, rule.name, rule.source, "not_checkable", "note", text, terms)


def amount_text(value: Decimal, unit: str) -> str:
    return f"{number(value)}{unit}"


def gap_text(difference: Decimal, unit: str) -> str:
    """The size of a difference; between two percentages it is one in points."""
    return f"{number(abs(difference))}{'个百分点' if unit == '%' else unit}"


def equation(
    rule: Rule,
    left: Figure,
    parts: Sequence[tuple[int, Figure]],
    *,
    told: str = "sum",
    bound: bool = False,
) -> Finding:
    """`left` against the signed sum of `parts`; with `bound`, whether it is not above the sum.

    `told`: `equal` or `sum`, the wording. Blank cells count as nothing; where all is blank, or all
    parts are, there is nothing to compare.
    """
    unit = shown_unit(left)
    label = full_label(left)
    figures = [figure for _, figure in parts]
    filled = [figure for figure in figures if figure.value is not None]
    if left.value is None and not filled:
        return unknown(rule, say("check_blank", label=label), left)
    if not filled and left.value:
        return unknown(rule, say("check_no_parts", label=label, left=shown(left)), left)
    stated = base_value(left)
    expected = sum((sign * base_value(f) for sign, f in parts), ZERO)
    tolerance = half_unit(left) + sum((half_unit(f) for f in figures), ZERO)
    if left.value is None:
        unit = shown_unit(filled[0])
        if expected == 0:
            return unknown(rule, say("check_blank", label=label), left)
        if left.state == "dash":  # a heading row: nothing is stated there
            return unknown(rule, say("check_dash_whole", label=label), left, *filled)
    difference = stated - expected
    fine = difference <= tolerance if bound else abs(difference) <= tolerance
    verdict: Verdict = "ok" if fine else "differs"
    text = _sentence(rule, left, parts, told, bound, verdict, stated, expected, tolerance, unit)
    role: Role = "compared" if told == "equal" or bound else "part"
    return Finding(
        rule=rule.key,
        name=rule.name,
        source=rule.source,
        verdict=verdict,
        severity=rule.severity if verdict == "differs" else "note",
        text=text,
        terms=(term(left, "stated"), *(term(f, role) for f in filled)),
        stated=in_unit(stated, unit),
        expected=in_unit(expected, unit),
        unit=unit,
        difference=in_unit(difference, unit),
        tolerance=in_unit(tolerance, unit),
        bound=bound,
        explained=bool(bound and fine and rule.explain and stated != expected),
    )


def _sentence(
    rule: Rule,
    left: Figure,
    parts: Sequence[tuple[int, Figure]],
    told: str,
    bound: bool,
    verdict: Verdict,
    stated: Decimal,
    expected: Decimal,
    tolerance: Decimal,
    unit: str,
) -> str:
    first = next((f for _, f in parts if f.value is not None), parts[0][1])
    single = sum(f.value is not None for _, f in parts) == 1
    words = {
        "name": rule.name,
        "label": full_label(left),
        "place": place_of(left),
        "left": _told(left),
        "right": _told(first) if single else amount_text(in_unit(expected, unit), unit),
        "other": full_label(first),
        "other_place": place_of(first),
        "count": sum(f.value is not None for _, f in parts),
        "difference": gap_text(in_unit(stated - expected, unit), unit),
        "tolerance": amount_text(in_unit(tolerance, unit), unit),
    }
    if left.value is None:
        return say("check_blank_whole", **words)
    if bound and verdict == "ok" and stated != expected and rule.explain:
        return say("check_scope_note", **words, explain=rule.explain)
    if bound:
        return say("check_most_ok" if verdict == "ok" else "check_most", **words)
    if told == "equal":
        text = say("check_equal_ok" if verdict == "ok" else "check_equal", **words)
    elif verdict == "ok":
        text = say("check_sum_ok" if stated == expected else "check_sum_rounding", **words)
    else:
        text = say("check_sum", **words)
    return text + slip(stated, expected) if verdict == "differs" else text


def _told(figure: Figure) -> str:
    """The value as printed; a change with its direction, which the digits do not show."""
    if figure.measure != "change" or not figure.value:
        return shown(figure)
    return f"{'增加' if figure.value > 0 else '减少'}{shown(figure)}"


def slip(stated: Decimal, expected: Decimal) -> str:
    """A hint where two amounts differ by exactly the factor between two units of money."""
    if not stated or not expected or stated == expected:
        return ""
    times = max(stated / expected, expected / stated)
    factors = {a / b for a in MONEY.values() for b in MONEY.values() if a > b}
    return say("check_unit_slip", times=number(times)) if times in factors else ""
