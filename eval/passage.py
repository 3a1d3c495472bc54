"""The first passage retrieved as an answer: its first amount for the value, its page cited.

What retrieval by itself gives, without tables, units of a column, arithmetic or refusals.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from llama_index.core.base.base_retriever import BaseRetriever

from eval.predict import Ask
from index.text import fold


class Chunk(Protocol):
    """What is used of LlamaIndex's `TextNode`."""

    metadata: dict[str, Any]

    def get_content(self) -> str: ...


_AMOUNT = re.compile(
    r"(?P<number>-?\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<unit>亿元|万元|元|%|个百分点|人次|批次|[万亿]?[个次条项台辆套家人件分]|ms|秒)"
)
_CELL = re.compile(r"(?<![\d.])-?\d[\d,]*\.\d+(?![\d.])")
_PRINTED_UNIT = re.compile(r"单位\s*[:：]\s*(亿元|万元|元)")


def first_amount(text: str) -> tuple[Decimal, str] | None:
    """The first number with a unit; failing that the first decimal, in the unit that
    the passage names, 万元 when it names none."""
    folded = fold(text)
    if match := _AMOUNT.search(folded):
        return _exact(match["number"]), match["unit"]
    if match := _CELL.search(folded):
        unit = _PRINTED_UNIT.search(folded)
        return _exact(match.group()), unit[1] if unit else "万元"
    return None


def _exact(printed: str) -> Decimal:
    return Decimal(printed.replace(",", ""))


def top_passage_asker(retriever: BaseRetriever, report: str) -> Ask:
    """The retriever's first passage as the answer, earlier turns put before the question."""

    def ask(question: str, history: Sequence[str]) -> dict[str, Any]:
        started = time.perf_counter()
        found = retriever.retrieve(" ".join([*history, question]))
        answer = top_passage_answer(found[0].node if found else None, report)
        return {**answer, "elapsed_ms": round((time.perf_counter() - started) * 1000, 1)}

    return ask


def top_passage_answer(chunk: Chunk | None, report: str) -> dict[str, Any]:
    """The answer JSON for a top passage; a refusal when there is none."""
    values: list[dict[str, Any]] = []
    citations: list[dict[str, Any]] = []
    text = "没有找到相关内容。"
    if chunk is not None:
        text = chunk.get_content()
        citations = [
            {
                "report": report,
                "page": int(chunk.metadata["page"]),
                "page_label": None,
                "bbox": [0, 0, 0, 0],
                "source": "",
                "quote": text,
            }
        ]
        amount = first_amount(text)
        if amount:
            value, unit = amount
            kept = {"value": format(value, "f"), "unit": unit, "label": "", "kind": "reported"}
            values = [{**kept, "citations": [0]}]
    return {
        "status": "answered" if chunk is not None else "refused",
        "text": text,
        "values": values,
        "polarity": None,
        "calculation": None,
        "citations": citations,
        "conflicts": [],
    }
