"""The writer: what the report says, phrased as an answer, with a mark for each passage it is from.

Only an answer that is a quotation is phrased, and the quotation stays below the phrasing, so that
nothing is lost by it. What the checker faults is written once more, then dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from prompts import instruct, say, templates
from qa.model import checker
from qa.model.client import Prompt
from qa.model.planner import as_data, without_thought
from qa.names import key
from qa.values import Answer

_MARK = re.compile(r"\[\d+\]")
_LONGEST = 3000  # characters of a passage that are sent

Reply = Callable[[Prompt], str]


class Unfaithful(Exception):
    """Twice a text that its passages do not bear out. Never leaves `qa.model`."""


def quoted(answer: Answer) -> str:
    """The words of the report that an answer consists of, "" when it is no quotation."""
    if answer.status != "answered" or answer.values or answer.calculation or answer.polarity:
        return ""
    for template in ("quote", "definition"):
        before, _, after = templates()[template].partition("{quote}")
        text = answer.text
        if answer.citations and text.startswith(before) and text.endswith(after):
            return text[len(before) : len(text) - len(after)]
    return ""


def write(answer: Answer, question: str, year: int | None, reply: Reply) -> Answer:
    """The quotation phrased. Raises Unfaithful, and what `reply` raises."""
    quote = quoted(answer)
    passages = list(dict.fromkeys(c.quote for c in answer.citations))
    pages = {c.quote: c.page_label or str(c.page) for c in reversed(answer.citations)}
    numbered = [
        {"n": n, "page": pages[text], "text": text[:_LONGEST]}
        for n, text in enumerate(passages, start=1)
    ]
    data = as_data(question, passages=numbered)
    prompt = Prompt(instruct("writer_system"), instruct("writer_user", data=data))
    faults: list[str] = []
    for _ in range(2):
        raw = reply(prompt)
        text = checker.tidy(without_thought(raw))
        faults = checker.faults(text, passages, question, year)
        if not faults and key(_MARK.sub("", text)) in key(quote):
            return answer  # the quotation itself
        if not faults:
            return replace(answer, text=say("written", text=_numbered(text, answer), quote=quote))
        prompt = prompt.again(raw, instruct("writer_again", fault="；".join(faults[:5])))
    raise Unfaithful("; ".join(faults[:5]))


def _numbered(text: str, answer: Answer) -> str:
    """Marks by passage as marks by citation of the answer, counted from 1."""
    quotes = [c.quote for c in answer.citations]
    first = {n: quotes.index(q) + 1 for n, q in enumerate(dict.fromkeys(quotes), start=1)}
    return re.sub(r"\[(\d+)\]", lambda m: f"[{first[int(m[1])]}]", text)
