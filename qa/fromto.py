"""What the report tells as moved from one value to another: 普及率由上年的90.2%提高到92.8%.

The difference asked for is worked out of the two numbers of the sentence; the value before is the
first of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from weakref import WeakKeyDictionary

from index.claims import sentences
from index.text import fold
from index.values import Paragraph
from prompts import say
from qa import data
from qa.ask import Ask
from qa.catalogue import Catalogue
from qa.names import content_pairs, key, pairs
from qa.textual import Quote, cite_quote
from qa.units import plain
from qa.values import Answer

_MOVED = re.compile(data.word("moved_from_to"))
_COVERED = 0.7  # share of what the question names that the words before the numbers must hold


@dataclass(frozen=True)
class _Move:
    """A sentence's two numbers, their unit, and the words that they are told of."""

    before: Decimal
    after: Decimal
    unit: str
    name: str
    quote: Quote


def moved(ask: Ask) -> Answer | None:
    """By how much (提高了几个百分点), or what it was before; None where no sentence tells it."""
    earlier = re.search(data.word("value_before"), ask.text)
    if not earlier and not ask.reading.has("change", "difference"):
        return None
    if not ask.reading.numeric:
        return None
    content = re.sub(data.word("move_frame"), " ", ask.reading.content)
    wanted = content_pairs(content)
    fits = [m for m in _moves(ask.catalogue) if _covers(ask, m, wanted)] if wanted else []
    if len({(m.before, m.after) for m in fits}) != 1:
        return None
    move = fits[0]
    cite_quote(ask, move.quote)
    quoted = say("quote", quote=move.quote.text.strip())
    if earlier:
        ask.evidence.read_value(move.before, move.unit, move.name, [0])
        return ask.evidence.answer(quoted)
    gap = abs(move.after - move.before)
    unit = "个百分点" if move.unit == "%" else move.unit
    ask.evidence.count_value(gap, unit, move.name, [0])
    high, low = max(move.after, move.before), min(move.after, move.before)
    formula = f"{plain(high)}{move.unit} - {plain(low)}{move.unit} = {plain(gap)}{unit}"
    return ask.evidence.answer(say("computed", label=move.name, formula=formula) + quoted)


def _covers(ask: Ask, move: _Move, wanted: frozenset[str]) -> bool:
    return ask.catalogue.explained(wanted, (pairs(key(move.name)), 1.0)) >= _COVERED


# Read once for each report, and read only.
_known: WeakKeyDictionary[Catalogue, list[_Move]] = WeakKeyDictionary()


def _moves(catalogue: Catalogue) -> list[_Move]:
    """Every 由…到… of the prose."""
    if catalogue not in _known:
        _known[catalogue] = _read(catalogue.report.paragraphs)
    return _known[catalogue]


def _read(paragraphs: Iterable[Paragraph]) -> list[_Move]:
    found = []
    for paragraph in paragraphs:
        if paragraph.heading:
            continue
        for start, end in sentences(paragraph.text):
            folded = fold(paragraph.text[start:end])
            for match in _MOVED.finditer(folded):
                unit = match["unit"] or match["unit1"]
                if match["unit1"] and match["unit1"] != unit:
                    continue
                numbers = [Decimal(match[g].replace(",", "")) for g in ("before", "after")]
                name = match["name"].strip()
                quote = Quote(paragraph, start, end)
                found.append(_Move(numbers[0], numbers[1], unit, name, quote))
    return found
