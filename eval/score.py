"""Scoring: one gold item and one answer give one `Score`. Pure; no I/O.

The rules are those of the gold sets' README:

- a right answer has the status asked for, the value or the texts, the polarity, and among its
  citations at least one sufficient set of pages;
- the first value is compared in the unit of the gold item, exactly within its tolerance;
- a wrong figure (a number question answered with another number, or a question that the report
  cannot answer answered with a figure) is counted on its own;
- an answer that is missing or malformed cannot be scored, which is neither right nor wrong.

The units are read by a small table of this module's own and not by the engine's, so that a slip
there cannot hide itself here. `%` and `个百分点` are different units. Two measure words are the
same when they are equal, one is missing, one is 个, or one is an alternative of the other
(台 of 台（套）); a denominator that only one side names (元 / 元每人次) is taken from the question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from eval.answers import AnsweredValue, AnswerRecord, Fault, parse_answer
from eval.gold import GoldItem, join_pages
from index.text import fold, squeeze

State = Literal["right", "wrong", "unscorable"]

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


_AMOUNT = re.compile(
    r"\d\.\d|\d(?:余|多|几)?\s*(?:[百千万亿]|元|%|％|个百分点|人次|批次|人|次|辆|台|套|个|项|家|条|分|倍|户|件)"
)


def has_figure(answer: AnswerRecord) -> bool:
    """Whether the answer states an amount, as a value or in its words; a year is none."""
    return bool(answer.values) or bool(_AMOUNT.search(re.sub(r"第\s*\d+\s*\w", "", answer.text)))


def pages_suffice(item: GoldItem, cited: frozenset[int]) -> bool | None:
    """Whether one sufficient set of pages is cited; None when the item asks for none."""
    sets = item.page_sets
    return any(pages <= cited for pages in sets) if sets else None


@dataclass(frozen=True, slots=True)
class Score:
    """How one answer fares. A part that the item does not ask for is None."""

    id: str
    category: str
    state: State
    status: str
    reasons: tuple[str, ...] = ()
    status_ok: bool | None = None
    value_ok: bool | None = None
    text_ok: bool | None = None
    polarity_ok: bool | None = None
    pages_ok: bool | None = None
    wrong_figure: bool = False
    cited: tuple[int, ...] = ()
    elapsed_ms: float | None = None

    @property
    def ok(self) -> bool:
        return self.state == "right"


def score_answer(item: GoldItem, raw: Mapping[str, object] | Fault | None) -> Score:
    """The score of one answer, given as read from JSON; None when there is no answer."""
    answer = parse_answer(raw)
    if isinstance(answer, Fault):
        return Score(item.id, item.category, "unscorable", "", (answer.reason,))
    reasons: list[str] = []
    wanted = "refused" if item.answer_type == "refusal" else "answered"
    status_ok = answer.status == wanted
    if not status_ok:
        reasons.append(f"状态应为 {wanted}，实为 {answer.status}")
    value_ok = text_ok = polarity_ok = pages_ok = None
    wrong_figure = False
    if item.answer_type == "refusal":
        wrong_figure = answer.status == "answered" and has_figure(answer)
    elif answer.status == "answered":
        if item.answer_type == "number":
            value_ok, reason = _value_part(item, answer)
            wrong_figure = not value_ok and has_figure(answer)
            reasons += reason
        if item.answer_type == "yes_no":
            polarity_ok = answer.polarity == item.polarity
            if not polarity_ok:
                reasons.append(f"是否应为 {item.polarity}，实为 {answer.polarity or '未给出'}")
        pages_ok = pages_suffice(item, answer.pages)
        if pages_ok is False:
            shown = join_pages(answer.pages) or "无"
            reasons.append(f"引用页 {shown} 不足以证明，需要 {_page_need(item)}")
    if status_ok and (item.must_include or item.must_not_include):
        faults = _text_faults(item, answer.text)
        text_ok = not faults
        reasons += faults
    return Score(
        id=item.id,
        category=item.category,
        state="wrong" if reasons else "right",
        status=answer.status,
        reasons=tuple(reasons),
        status_ok=status_ok,
        value_ok=value_ok,
        text_ok=text_ok,
        polarity_ok=polarity_ok,
        pages_ok=pages_ok,
        wrong_figure=wrong_figure,
        cited=tuple(sorted(answer.pages)),
        elapsed_ms=answer.elapsed_ms,
    )


def _value_part(item: GoldItem, answer: AnswerRecord) -> tuple[bool, list[str]]:
    wanted = f"{item.value}{item.unit}"
    if not answer.values:
        return False, [f"没有给出数值，应为 {wanted}"]
    first = answer.values[0]
    if value_matches(first, item):
        return True, []
    given = f"{first.value}{first.unit}"
    if convert(first.value, first.unit, item.unit or "") is None:
        return False, [f"数值 {given} 的单位不能换算成 {item.unit or '无单位'}，应为 {wanted}"]
    later = any(value_matches(value, item) for value in answer.values[1:])
    hint = "（正确的值在后面的位置）" if later else ""
    return False, [f"数值应为 {wanted}，实为 {given}{hint}"]


def _text_faults(item: GoldItem, text: str) -> list[str]:
    missing = [entry for entry in item.must_include if not includes(entry, text)]
    banned = [entry for entry in item.must_not_include if includes(entry, text)]
    faults = [f"文字中缺少 {entry}" for entry in missing]
    return faults + [f"文字中不应出现 {entry}" for entry in banned]


def _page_need(item: GoldItem) -> str:
    parts = [f"{join_pages(item.pages)} 之一"] if item.pages else []
    parts += [f"{join_pages(item.pages_all)} 全部"] if item.pages_all else []
    parts += [f"{join_pages(pages)} 全部" for pages in item.pages_alt]
    return "，或 ".join(parts)
