"""Values with units and figures in words, compared as the gold sets' README says. Pure.

The units are read by a small table of this module's own and not by the engine's, so that a slip
there cannot hide itself here. `%` and `个百分点` are different units. Two measure words are the
same when they are equal, one is missing, one is 个, or one is an alternative of the other
(台 of 台（套）); a denominator that only one side names (元 / 元每人次) is taken from the question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from eval.answers import AnsweredValue
from eval.gold import GoldItem
from index.text import fold, squeeze

_MONEY = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
    "万亿元": Decimal(10**12),
}
_MULTIPLES = {"万亿": Decimal(10**12), "亿": Decimal(10**8), "万": Decimal(10**4)}
_SAME = {
    "人民币元": "元",
    "percent": "%",
    "百分点": "个百分点",
    "毫秒": "ms",
    "s": "秒",
    "km": "公里",
    "千米": "公里",
    "㎡": "平方米",
    "m2": "平方米",
    "天": "日",
    "千瓦": "kw",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit as compared: what it measures, the multiple of its base, the denominator if any."""

    kind: Literal["money", "percent", "points", "count"]
    scale: Decimal
    word: str
    per: str = ""


def read_unit(unit: str) -> Measure:
    """The unit of a value. An unknown word is a measure word of its own."""
    text = squeeze(unit)
    text, _, per = text.partition("/")
    if not per and "每" in text[1:]:
        text, _, per = text.partition("每")
    text = _SAME.get(text, text)
    if text in _MONEY:
        return Measure("money", _MONEY[text], "元", per)
    if text == "%":
        return Measure("percent", Decimal(1), "%", per)
    if text == "个百分点":
        return Measure("points", Decimal(1), text, per)
    for prefix, scale in _MULTIPLES.items():
        if text.startswith(prefix):
            word = text.removeprefix(prefix)
            return Measure("count", scale, _SAME.get(word, word), per)
    return Measure("count", Decimal(1), text, per)


def _same_word(one: str, other: str) -> bool:
    if one == other or not one or not other or "个" in (one, other):
        return True
    parts = [set(re.split(r"[()/、或]", word)) - {""} for word in (one, other)]
    return bool(parts[0] & parts[1])


def convert(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """`value` in the unit `wanted`; None when the two units do not measure the same thing."""
    have, want = read_unit(unit), read_unit(wanted)
    if have.kind != want.kind or not _same_word(have.word, want.word):
        return None
    if have.per and want.per and not _same_word(have.per, want.per):
        return None
    return value * have.scale / want.scale


def value_matches(given: AnsweredValue, item: GoldItem) -> bool:
    """Whether the value is the gold value within its tolerance, or another accepted one.

    The tolerance is in the gold unit and is converted along with an accepted value's unit.
    """
    if item.value is None or item.unit is None:
        return False
    targets = [(item.value, item.unit)] + [(other.value, other.unit) for other in item.also_accept]
    for value, unit in targets:
        found = convert(given.value, given.unit, unit)
        slack = convert(item.tolerance, item.unit, unit) or Decimal(0)
        if found is not None and abs(found - value) <= slack:
            return True
    return False


_NUMBER = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+)?")
_PLAIN = re.compile(r"\d[\d,]*(?:\.\d+)?")


def _figures(text: str) -> list[Decimal]:
    """The numbers of a text, without sign; `1,234.5` is one, `332.96,256.72` are two."""
    found = []
    for match in _NUMBER.finditer(fold(text)):
        raw = match.group()
        whole = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", raw)
        found += [Decimal(p) for p in ([raw.replace(",", "")] if whole else raw.split(",")) if p]
    return found


def _stands_in(entry: str, text: str) -> bool:
    """Whether one alternative stands in the text.

    A figure stands there when a number of the text equals it, or has more decimals and rounds to
    it: `10.7` stands in `10.70%`, not in `110.7`. In words with a digit at an end the digit is not
    part of a longer number: `0万元` does not stand in `10万元`.
    """
    if _PLAIN.fullmatch(fold(entry)):
        wanted = Decimal(fold(entry).replace(",", ""))
        places = -int(wanted.as_tuple().exponent)
        for figure in _figures(text):
            if figure == wanted:
                return True
            longer = -int(figure.as_tuple().exponent) > places > 0
            if longer and figure.quantize(wanted, ROUND_HALF_UP) == wanted:
                return True
        return False
    words = _no_separators(squeeze(entry))
    before = r"(?<![\d.])" if words[:1].isdigit() else ""
    after = r"(?!\d|\.\d*[1-9])" if words[-1:].isdigit() else ""
    return bool(re.search(before + re.escape(words) + after, _no_separators(squeeze(text))))


def _no_separators(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)


def includes(entry: str, text: str) -> bool:
    """Whether one of the alternatives `a|b|c` stands in the text."""
    return any(_stands_in(part, text) for part in entry.split("|"))
