"""Whether something is among the duties of the department: 取水许可归这个局管吗."""

from __future__ import annotations

import re

from index.claims import sentences
from prompts import say
from qa import data
from qa.ask import Ask
from qa.names import content_pairs, key, pairs
from qa.reading import content_of
from qa.textual import Quote, cite_quote
from qa.values import Answer

_ENOUGH = 0.75  # share of what is asked for, by weight, that one sentence must hold


def held(ask: Ask) -> Answer | None:
    """Yes, with the entry of the duties that says so; None where no entry names it."""
    match = re.search(data.word("asks_duty"), ask.text)
    if match is None:
        return None
    asked = next((g for g in match.groupdict().values() if g), "")
    wanted = content_pairs(content_of(re.sub(data.word("duty_frame"), " ", asked)))
    if not wanted:
        return None
    best: tuple[float, Quote] | None = None
    for paragraph in ask.report.paragraphs:
        about = "".join(paragraph.section[-1:])
        if paragraph.heading or not re.search(data.word("duties"), about):
            continue
        for start, end in sentences(paragraph.text):
            inside = pairs(key(paragraph.text[start:end]))
            share = ask.catalogue.explained(wanted, (inside, 1.0))
            if best is None or share > best[0]:
                best = share, Quote(paragraph, start, end)
    if best is None or best[0] < _ENOUGH:
        return None
    cite_quote(ask, best[1])
    text = say("is_yes", text=say("quote", quote=best[1].text.strip()))
    return ask.evidence.answer(text, polarity="yes")
