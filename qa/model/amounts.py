"""Every number of a text as it is compared: digits, Chinese numerals, dates, percentages.

3.59万元, ３５，９００元 and 三点五九万元 are one amount; 15%, 15个百分点 and 15 are three different
ones. What says a quantity without a number (一半, 数百万, 翻番) is given as words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from index.text import fold, numbers_in, squeeze
from qa import data

_NUMERALS = "零〇一二两三四五六七八九十百千"
_CHINESE = re.compile(
    rf"(?P<percent>百分之)?(?P<run>[{_NUMERALS}]+(?:[万亿][{_NUMERALS}]*)*"
    r"(?:点[零〇一二三四五六七八九]+)?)"
)
_POSITIONAL = str.maketrans("零〇一二三四五六七八九", "00123456789")
_CONTEXT = 2  # characters before a number that say what it is of


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit (money in 元, 万人 in 人) and the characters that lead to it."""

    value: Decimal
    unit: str
    lead: str
    written: str
    start: int
    end: int

    def same(self, other: Amount) -> bool:
        """Whether both are the same quantity of the same unit."""
        return self.value == other.value and self.unit == other.unit

    @property
    def is_date(self) -> bool:
        return self.unit in set(data.model_words().dates.values())


def amounts_of(text: str) -> list[Amount]:
    """The numbers of a text, in order; Chinese numerals only where they count something."""
    folded = fold(text)
    found: list[Amount] = []
    for start, end, value in numbers_in(folded):
        unit, behind = _unit_at(folded, end)
        found.append(_amount(folded, start, behind, abs(value), unit))
    for match in _CHINESE.finditer(folded):
        amount = _chinese(folded, match)
        if amount is not None:
            found.append(amount)
    return sorted(found, key=lambda a: a.start)


def single_numerals(text: str) -> list[tuple[int, str]]:
    """Chinese numerals that `amounts_of` takes for words (三公, 一般), with their neighbours."""
    folded = fold(text)
    found = []
    for match in _CHINESE.finditer(folded):
        if _chinese(folded, match) is None:
            start, end = match.span()
            found.append((start, folded[max(0, start - 1) : end + 1]))
    return found


def vague_words(text: str) -> list[str]:
    """Quantities that are said without a number."""
    return [m.group() for m in data.compiled(data.model_words().vague).finditer(fold(text))]


def odd_digits(text: str) -> list[str]:
    """Characters that are numbers and neither digits nor the usual Chinese numerals (½, 壹, ٣)."""
    known = set(_NUMERALS + "万亿")
    return [
        c
        for c in fold(text)
        if unicodedata.numeric(c, None) is not None and not (c.isascii() or c in known)
    ]


def _amount(folded: str, start: int, end: int, value: Decimal, unit: str) -> Amount:
    factor, base = data.model_words().scaled.get(unit, (Decimal(1), unit))
    return Amount(value * factor, base, _lead(folded[:start]), folded[start:end], start, end)


def _lead(before: str) -> str:
    """The last characters before a number that say something."""
    before = re.sub(r"\[\d+\]", "", before)
    return squeeze(data.compiled(data.model_words().filler).sub("", before))[-_CONTEXT:]


@lru_cache(maxsize=1)
def _units() -> re.Pattern[str]:
    words = data.model_words()
    names = sorted({*words.units, *words.dates}, key=len, reverse=True)
    return re.compile(r"\s*[余多]?(" + "|".join(map(re.escape, names)) + ")")


def _unit_at(folded: str, end: int) -> tuple[str, int]:
    """The unit that follows at `end`, "" for none, and where it ends."""
    match = _units().match(folded, end)
    if match is None:
        return "", end
    unit = match[1]
    return data.model_words().dates.get(unit, unit), match.end()


def _chinese(folded: str, match: re.Match[str]) -> Amount | None:
    """A Chinese numeral as an amount, None where it is part of a word."""
    run, start, end = match["run"], match.start(), match.end()
    if start and folded[start - 1].isdigit():
        return None
    if not match["percent"] and folded[end - 1] == "百" and folded[end : end + 1] == "分":
        return None  # 百分点
    if match["percent"]:
        value = _value(run)
        return None if value is None else _amount(folded, start, end, value, "%")
    unit, behind = _unit_at(folded, end)
    if not unit and len(run) < 2:
        return None
    value = _value(run)
    return None if value is None else _amount(folded, start, behind, value, unit)


def _value(run: str) -> Decimal | None:
    """The number that Chinese numerals write; 二〇二四 is 2024."""
    if len(run) >= 3 and all(c in "零〇一二三四五六七八九" for c in run):
        return Decimal(run.translate(_POSITIONAL))
    plain = run.replace("两", "二").replace("〇", "零")
    plain = re.sub("^(?=[百千万亿])", "一", plain)
    try:
        import cn2an  # 0.3 s, and few texts spell a number

        return Decimal(str(cn2an.cn2an(plain, "smart")))
    except ValueError:  # 千百
        return None
