"""Follow-ups over several earlier turns: 这两项加起来, 加一起占多少, 少花了多少.

Each earlier turn is made whole by itself first; what they named is then put into one question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa import data
from qa.reading import normalise, numeral, read_question

# Of two turns only numbers are added and compared, no grades, no weights.
_NO_NUMBERS = {"grade", "weight"}
_STAGES = {k: v for k, v in data.names("measure_words").items() if k not in _NO_NUMBERS}


@dataclass(frozen=True, slots=True)
class _Turn:
    """What an earlier turn asked for: the item's words, and the measure that it named."""

    name: str
    measure: str

    @property
    def words(self) -> str:
        return f"{self.name}{_STAGES.get(self.measure, '')}"


def over_earlier(
    question: str, history: Sequence[str], whole: Callable[[int], str]
) -> tuple[str, str] | None:
    """(the question made whole, what was carried over), None where it is about no earlier turns.

    `whole(i)` gives turn i of the history as it stands alone.
    """
    text = re.sub(r"[?？。!！]+$", "", normalise(question))
    added = re.match(data.word("turns_added"), text)
    apart = re.match(data.word("turns_apart"), text)
    better = re.match(data.word("turns_compared"), text)
    match = added or apart or better
    if match is None or len(history) < 2:
        return None
    if added and not added["count"] and read_question(question).counter:
        return None  # 一共去了几个人次 counts, and adds nothing up
    count = numeral(match["count"]) if match["count"] else 2
    turns = _turns([whole(i) for i in range(len(history))], max(2, min(count or 2, 4)))
    if len(turns) < 2:
        return None
    names = [t.name for t in turns]
    carried = "、".join(dict.fromkeys(t.words for t in turns))
    if added:
        if len(set(names)) < len(names):
            return None
        parts = "加".join(t.words for t in turns)
        rest = match["rest"]
        share = re.match(data.word("turns_share"), rest)
        return (f"{parts}{rest}" if share else f"{parts}一共多少{rest}"), carried
    first, last = turns[-2:]
    if first.name == last.name and first.measure and last.measure:
        return f"{last.name}的{_STAGES[last.measure]}比{_STAGES[first.measure]}相差多少", carried
    if first.name != last.name:
        word = "相差多少" if apart else "哪个更多"
        return f"{first.words}和{last.words}{word}", carried
    return None


def _turns(texts: Sequence[str], count: int) -> list[_Turn]:
    """The last turns that name an item, oldest first; the measure alone keeps the item."""
    turns: list[_Turn] = []
    for text in texts:
        reading = read_question(text)
        name = "".join(reading.codes) or reading.content.replace(" ", "")
        if not name or reading.has("sum", "difference", "share", "reason", "definition"):
            continue
        measure = reading.measure if reading.measure in _STAGES else ""
        turns.append(_Turn(name, measure))
    return turns[-count:]
