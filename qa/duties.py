"""The duties of the department: whether something is among them, what they say of a matter.

取水许可归这个局管吗; 外事方面具体管什么.
"""

from __future__ import annotations

import re

from index.claims import sentences
from prompts import say
from qa import data
from qa.ask import Ask
from qa.entries import entry_number
from qa.names import content_pairs, key, pairs
from qa.reading import content_of
from qa.textual import Quote, cite_quote
from qa.values import Answer

_ENTRY = 0.1  # what a numbered entry goes before the sentence that introduces the body
_PLACES = {"区", "市", "县", "省", "镇"}  # that may stand before a matter
_ENOUGH = 0.75  # share of what is asked for, by weight, that one sentence must hold


def held(ask: Ask) -> Answer | None:
    """Yes, with the entry of the duties that says so; None where no entry names it."""
    match = re.search(data.word("asks_duty"), ask.text)
    if match is None:
        return None
    asked = next((g for g in match.groupdict().values() if g), "")
    best = _best(ask, asked)
    if best is None and asked[:1] in _PLACES:
        best = _best(ask, asked[1:])  # 区财政票据, of which the report says 财政票据
    if best is None:
        return None
    cite_quote(ask, best)
    text = say("is_yes", text=say("quote", quote=best.text.strip()))
    return ask.evidence.answer(text, polarity="yes")


def about(ask: Ask) -> Answer | None:
    """外事方面具体管什么: the entry of the duties on the matter that the question names."""
    match = re.search(data.word("duties_about"), ask.text)
    if match is None:
        return None
    asked = next((g for g in match.groups() if g), "")
    best = _best(ask, re.sub(data.word("duty_matter"), " ", asked))
    if best is None:
        return None
    cite_quote(ask, best)
    return ask.evidence.answer(say("quote", quote=best.text.strip()))


def _best(ask: Ask, asked: str) -> Quote | None:
    """The sentence of the duties that says most of what is asked, None where none says enough."""
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
            rank = share + (_ENTRY if entry_number(paragraph.text) is not None else 0.0)
            if share >= _ENOUGH and (best is None or rank > best[0]):
                best = rank, Quote(paragraph, start, end)
    return best[1] if best is not None else None
