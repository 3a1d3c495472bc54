"""Scoring: one gold item and one answer give one `Score`. Pure; no I/O.

The rules are those of the gold sets' README:

- a right answer has the status asked for, the value or the texts, the polarity, and among its
  citations at least one sufficient set of pages;
- the first value is compared in the unit of the gold item, exactly within its tolerance;
- a wrong figure (a number question answered with another number, or a question that the report
  cannot answer answered with a figure) is counted on its own;
- an answer that is missing or malformed cannot be scored, which is neither right nor wrong.

Beside right or wrong, each `Part` that an item asks for has a score of its own and the reason for
it. Page recall and precision and the conflict shown measure quality and decide nothing: pages
beyond the sufficient ones are not wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from eval.answers import AnswerRecord, Fault, parse_answer
from eval.gold import GoldItem, join_pages
from eval.measures import convert, includes, value_matches

_NOT_ANSWERED = {"refusal": "refused", "clarify": "clarify"}
State = Literal["right", "wrong", "unscorable"]

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


def page_recall(item: GoldItem, cited: frozenset[int]) -> float | None:
    """The share of a sufficient set that is cited, of the set that fares best."""
    sets = item.page_sets
    return max(len(pages & cited) / len(pages) for pages in sets) if sets else None


def page_precision(item: GoldItem, cited: frozenset[int]) -> float | None:
    """The share of the cited pages that belong to a sufficient set; None when none is cited."""
    if not item.page_sets or not cited:
        return None
    return len(cited & frozenset().union(*item.page_sets)) / len(cited)


PartName = Literal[
    "status", "value", "text", "polarity", "refusal", "pages", "page_recall", "page_precision",
    "conflict",
]  # fmt: skip
PART_NAMES: tuple[PartName, ...] = get_args(PartName)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that an item asks for: its score from 0 to 1, why, and whether it decides."""

    name: PartName
    score: float
    why: str
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Score:
    """How one answer fares. A part that the item does not ask for is None, and not in `parts`.

    `conflict_shown` says whether the answer names two places that differ, whatever was asked.
    """

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
    conflict_shown: bool = False
    parts: tuple[Part, ...] = ()

    @property
    def ok(self) -> bool:
        return self.state == "right"

    def part(self, name: PartName) -> float | None:
        """The score of a part; None when the item does not ask for it."""
        return next((part.score for part in self.parts if part.name == name), None)


def score_answer(item: GoldItem, raw: Mapping[str, object] | Fault | None) -> Score:
    """The score of one answer, given as read from JSON; None when there is no answer."""
    answer = parse_answer(raw)
    if isinstance(answer, Fault):
        return Score(item.id, item.category, "unscorable", "", (answer.reason,))
    parts = tuple(_parts(item, answer))
    failed = [part for part in parts if part.decides and part.score < 1]
    passed = {part.name: part.score == 1 for part in parts}
    asks_refusal = item.answer_type in _NOT_ANSWERED
    return Score(
        id=item.id,
        category=item.category,
        state="wrong" if failed else "right",
        status=answer.status,
        reasons=tuple(part.why for part in failed),
        status_ok=passed["refusal" if asks_refusal else "status"],
        value_ok=passed.get("value"),
        text_ok=passed.get("text"),
        polarity_ok=passed.get("polarity"),
        pages_ok=passed.get("pages"),
        wrong_figure=(
            answer.status == "answered"
            and has_figure(answer)
            and (asks_refusal or passed.get("value") is False)
        ),
        cited=tuple(sorted(answer.pages)),
        elapsed_ms=answer.elapsed_ms,
        conflict_shown=bool(answer.conflicts),
        parts=parts,
    )


def _parts(item: GoldItem, answer: AnswerRecord) -> Iterator[Part]:
    """The parts that the item asks for. A part of an answer that was not given is not scored."""
    refusal = item.answer_type in _NOT_ANSWERED
    wanted = _NOT_ANSWERED.get(item.answer_type, "answered")
    fits = answer.status == wanted
    said = f"状态为 {wanted}" if fits else f"状态应为 {wanted}，实为 {answer.status}"
    yield Part("refusal" if refusal else "status", float(fits), said)
    if fits and (item.must_include or item.must_not_include):
        yield _text_part(item, answer.text)
    if refusal or answer.status != "answered":
        return
    if item.answer_type == "number":
        ok, why = _value_part(item, answer)
        yield Part("value", float(ok), why)
    if item.answer_type == "yes_no":
        agrees = answer.polarity == item.polarity
        why = f"是否为 {item.polarity}"
        if not agrees:
            why = f"是否应为 {item.polarity}，实为 {answer.polarity or '未给出'}"
        yield Part("polarity", float(agrees), why)
    if item.places:
        lacking = sorted(set(item.places) - answer.places)
        why = f"没有引用 {'、'.join(lacking)}" if lacking else "各报告的依据页都已引用"
        yield Part("pages", float(not lacking), why)
    yield from _page_parts(item, answer.pages)
    if item.category == "conflict":
        shown = bool(answer.conflicts)
        why = "两处都已列为矛盾" if shown else "没有列为矛盾（conflicts 为空）"
        yield Part("conflict", float(shown), why, decides=False)


def _value_part(item: GoldItem, answer: AnswerRecord) -> tuple[bool, str]:
    wanted = f"{item.value}{item.unit}"
    if not answer.values:
        return False, f"没有给出数值，应为 {wanted}"
    first = answer.values[0]
    given = f"{first.value}{first.unit}"
    if value_matches(first, item):
        return True, f"数值 {given} 符合 {wanted}"
    if convert(first.value, first.unit, item.unit or "") is None:
        return False, f"数值 {given} 的单位不能换算成 {item.unit or '无单位'}，应为 {wanted}"
    later = any(value_matches(value, item) for value in answer.values[1:])
    hint = "（正确的值在后面的位置）" if later else ""
    return False, f"数值应为 {wanted}，实为 {given}{hint}"


def _text_part(item: GoldItem, text: str) -> Part:
    missing = [entry for entry in item.must_include if not includes(entry, text)]
    banned = [entry for entry in item.must_not_include if includes(entry, text)]
    faults = [f"文字中缺少 {entry}" for entry in missing]
    faults += [f"文字中不应出现 {entry}" for entry in banned]
    asked = len(item.must_include) + len(item.must_not_include)
    why = "；".join(faults) or f"文字要点 {asked} 项都符合"
    return Part("text", 1 - len(faults) / asked, why)


def _page_parts(item: GoldItem, cited: frozenset[int]) -> Iterator[Part]:
    if not item.page_sets:
        return
    shown = join_pages(cited) or "无"
    enough = bool(pages_suffice(item, cited))
    why = f"引用页 {shown} 足以证明"
    if not enough:
        why = f"引用页 {shown} 不足以证明，需要 {_page_need(item)}"
    yield Part("pages", float(enough), why)
    recall, precision = page_recall(item, cited), page_precision(item, cited)
    if recall is not None:
        why = f"最接近的一组依据页引到了 {recall * 100:.0f}%"
        yield Part("page_recall", recall, why, decides=False)
    if precision is not None:
        why = f"引用页 {shown} 中 {precision * 100:.0f}% 属于依据页"
        yield Part("page_precision", precision, why, decides=False)


def _page_need(item: GoldItem) -> str:
    parts = [f"{join_pages(item.pages)} 之一"] if item.pages else []
    parts += [f"{join_pages(item.pages_all)} 全部"] if item.pages_all else []
    parts += [f"{join_pages(pages)} 全部" for pages in item.pages_alt]
    return "，或 ".join(parts)
