"""The kind of number that a question asks for, and whether an answer tells one of that kind.

An answer that tells several values gives the one asked for first. Whether it is of the kind decides
only where there is a choice (a follow-up asked again): an operation that says why no percentage can
be worked out is right, and another one with a percentage would be beside the point.
"""

from __future__ import annotations

import re
from dataclasses import replace

from qa import data
from qa.names import MONEY
from qa.reading import Reading
from qa.values import Answer, Value

_PERCENT = {"%", "‰", "个百分点"}


def kind_asked(reading: Reading) -> str:
    """percent, money or number, where a question surely asks for one; "" for anything else."""
    text = reading.text
    if reading.has("yes_no", "reason", "definition", "conflict", "list", "where"):
        return ""
    if len(re.findall(data.word("asks_a_number"), text)) != 1:
        return ""
    for kind, said in data.names("number_kinds").items():
        if re.search(said, text):
            return kind
    return ""


def suits(answer: Answer, kind: str) -> bool:
    """Whether an answer tells a value of the kind; a refusal and a quotation tell none."""
    return not kind or answer.status != "answered" or any(_is(v, kind) for v in answer.values)


def in_order(answer: Answer, kind: str) -> Answer:
    """The answer with the first value of the kind asked for in front."""
    if not kind or answer.status != "answered":
        return answer
    first = next((i for i, v in enumerate(answer.values) if _is(v, kind)), 0)
    if not first:
        return answer
    values = answer.values
    return replace(answer, values=(values[first], *values[:first], *values[first + 1 :]))


def _is(value: Value, kind: str) -> bool:
    unit = value.unit
    if kind == "percent":
        return unit in _PERCENT
    if kind == "money":
        return unit.split("/")[0] in MONEY
    return unit not in _PERCENT and unit.split("/")[0] not in MONEY
