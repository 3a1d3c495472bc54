"""The same question put to each report, and its figures brought to one item, measure and scope.

The single-report engine answers; here is only looked whether the answers are of the same thing.
Where one is not, the report's figure that is of the same thing is taken, or it is said why there
is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.values import Figure
from qa.engine import Engine
from qa.evidence import value_of
from qa.names import core, key, same_family, topic
from qa.plan import label_of, name_of
from qa.several.identity import Identity
from qa.units import compatible
from qa.values import Answer, Citation

Key = tuple[str, ...]
_FISCAL = frozenset({"财政拨款", "一般公共预算财政拨款"})


@dataclass(frozen=True, slots=True)
class Told:
    """What one report says: the answer, its first value, and the figure where one is printed.

    derived  worked out by the report of the year after (`identity` is whom it is about)
    other    why it cannot be put beside the others, "" when it can
    """

    identity: Identity
    answer: Answer
    value: Decimal | None = None
    unit: str = ""
    label: str = ""
    figure: Figure | None = None
    citations: tuple[Citation, ...] = ()
    derived: bool = False
    other: str = ""

    @property
    def usable(self) -> bool:
        return self.value is not None and not self.other


def tell(engine: Engine, identity: Identity, question: str, history: Sequence[str] = ()) -> Told:
    """The report's answer to `question`, with its first value."""
    answer = engine.unaided().ask(question, history)  # a model is not asked once for each report
    if answer.status != "answered" or not answer.values:
        return Told(identity, answer, citations=answer.citations)
    first = answer.values[0]
    cited = tuple(answer.citations[i] for i in first.citations)
    figure = _figure(engine, answer)
    value, unit = first.value, first.unit
    if figure is not None:
        value, unit = value_of(figure)
    return Told(identity, answer, value, unit, first.label, figure, cited)


def _figure(engine: Engine, answer: Answer) -> Figure | None:
    """The figure behind a value that is printed, or only converted; None for a computed one."""
    first = answer.values[0]
    if not first.citations:
        return None
    figure = engine.places.figure(answer.citations[first.citations[0]])
    if figure is None or figure.value is None:
        return None
    single = answer.calculation is None or len(answer.calculation.operands) == 1
    return figure if single and label_of(figure) == first.label else None


# -- of the same thing -----------------------------------------------------------------------------


def align(told: Sequence[Told], engines: dict[str, Engine], measures: bool = True) -> list[Told]:
    """`told` with figures of one thing, the one that most of them are of.

    `measures`: whether the measure must be the same too; not where a budget is put beside accounts.
    """
    keys = [k for t in told if (k := _key(t)) is not None]
    if not keys:
        return list(told)
    counts = Counter(keys)
    best = max(keys, key=lambda k: (counts[k], -keys.index(k)))
    lead = next(t for t in told if _key(t) == best)
    return [_aligned(t, lead, engines, measures) for t in told]


def _aligned(told: Told, lead: Told, engines: dict[str, Engine], measures: bool) -> Told:
    if told.value is None or told is lead or told.derived:
        return told
    reason = _difference(told, lead, measures)
    if not reason:
        return told
    if lead.figure is not None and (figure := _same(engines[told.identity.id], lead, measures)):
        return _with(told, figure, engines[told.identity.id])
    return replace(told, other=reason)


def _key(told: Told) -> Key | None:
    figure = told.figure
    if told.value is None or told.derived:
        return None
    if figure is None:
        return ("computed", key(told.label), told.unit)
    return (topic(figure), _code(figure), _measure(figure.measure), _scope(figure), figure.facet)


def _difference(told: Told, lead: Told, measures: bool) -> str:
    """What keeps two values apart: unit, item, measure or scope; "" when nothing does."""
    if not compatible(told.unit, lead.unit):
        return "unit"
    a, b = told.figure, lead.figure
    if a is None or b is None:
        same = _plain(told.label) == _plain(lead.label) or not measures
        return "" if same else "item"
    if not _same_item(a, b):
        return "item"
    if measures and not same_family(a.measure, b.measure):
        return "measure"
    if _scope(a) != _scope(b) and (measures or not {a.scope, b.scope} <= _FISCAL):
        return "scope"
    return ""


def _plain(label: str) -> str:
    """A computed value's label without the scope in front and the measures' names."""
    name = key(label)
    for word in ("财政拨款", "决算数", "执行数", "预算数"):
        name = name.replace(word, "")
    return name


def _same_item(a: Figure, b: Figure) -> bool:
    if _code(a) != _code(b) and (_code(a) or _code(b)):
        return False
    if core(a.project) != core(b.project):
        return False
    if (a.facet or b.facet) and name_of(a)[-4:] != name_of(b)[-4:] and not _code(a):
        return False
    first, second = topic(a), topic(b)
    longer, shorter = sorted((first, second), key=len, reverse=True)
    # 局机关的机关运行经费 and 机关运行经费
    return first == second or (len(shorter) >= 4 and longer.endswith(shorter))


def _code(figure: Figure) -> str:
    """The economic code: the item within 基本支出 is not the item as a whole."""
    return figure.code if figure.code.startswith("3") else ""


def _measure(measure: str) -> str:
    return next((m for m in ("budget", "final", "rate") if same_family(m, measure)), measure)


def _scope(figure: Figure) -> str:
    """The scope as it is compared: 三公 are 财政拨款 whether the table says 一般公共预算 or not."""
    public = "三公" in figure.table or "三公" in figure.subject
    return "财政拨款" if public and figure.scope in _FISCAL else figure.scope


def _same(engine: Engine, lead: Told, measures: bool) -> Figure | None:
    """The report's own figure of the same thing as `lead`, from the same kind of table first."""
    wanted = lead.figure
    assert wanted is not None
    found = [
        e.figure
        for e in engine.catalogue.entries
        if e.figure.value is not None
        and e.figure.year == engine.report.year
        and not _difference(
            replace(lead, figure=e.figure, unit=value_of(e.figure)[1]), lead, measures
        )
    ]
    if not measures:
        kind = "budget" if engine.report.kind == "budget" else "final"
        found = [f for f in found if same_family(f.measure, kind)]
    found.sort(key=lambda f: (not f.table, core(f.table) != core(wanted.table), f.page))
    return found[0] if found else None


def _with(told: Told, figure: Figure, engine: Engine) -> Told:
    """`told` with another figure of its report."""
    citation = engine.places.citation(figure.id)
    value, unit = value_of(figure)
    return replace(
        told,
        value=value,
        unit=unit,
        label=label_of(figure),
        figure=figure,
        citations=(citation,),
    )
