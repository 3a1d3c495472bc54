"""Where a journey went: 出国去了哪些国家, 推介会去哪几个城市 - the sentence that names them."""

from __future__ import annotations

import re

from index.claims import sentences
from index.text import squeeze
from prompts import say
from qa import data
from qa.ask import Ask
from qa.names import content_pairs, key, pairs
from qa.reading import content_of
from qa.textual import Quote, cite_quote
from qa.values import Answer

_ENOUGH = 0.5  # share of what the question names that the sentence and its paragraph must hold


def received(ask: Ask) -> Answer | None:
    """公务接待主要接待谁: the sentence that says for whom the reception was, None for none."""
    if not re.search(data.word("asks_received"), ask.text):
        return None
    for paragraph in ask.report.paragraphs:
        if paragraph.heading or "接待" not in paragraph.text:
            continue
        for start, end in sentences(paragraph.text):
            text = squeeze(paragraph.text[start:end])
            if "原因" not in text and re.search(data.word("received_told"), text):
                quote = Quote(paragraph, start, end)
                cite_quote(ask, quote)
                return ask.evidence.answer(say("quote", quote=quote.text.strip()))
    return None


def told(ask: Ask) -> Answer | None:
    """The sentence that names the places gone to on the matter asked about, None for none."""
    match = re.search(data.word("asks_destination"), ask.text)
    if match is None:
        return None
    asked = f"{ask.text[: match.start()]} {ask.text[match.end() :]}"
    wanted = content_pairs(content_of(re.sub(data.word("destination_frame"), " ", asked)))
    if not wanted:
        return None
    best: tuple[float, Quote] | None = None
    for paragraph in ask.report.paragraphs:
        if paragraph.heading:
            continue
        around = pairs(key(paragraph.text + "".join(paragraph.section[-1:])))
        for start, end in sentences(paragraph.text):
            text = paragraph.text[start:end]
            if not re.search(data.word("destination"), text):
                continue
            share = ask.catalogue.explained(wanted, (pairs(key(text)), 1.0), (around, 0.9))
            if share >= _ENOUGH and (best is None or share > best[0]):
                best = share, Quote(paragraph, start, end)
    if best is None:
        return None
    cite_quote(ask, best[1])
    return ask.evidence.answer(say("quote", quote=best[1].text.strip()))
