"""The offices inside a department (内设机构): which there are, and how many."""

from __future__ import annotations

import re

from index.claims import sentences
from index.text import fold, squeeze
from prompts import say
from qa import data
from qa.ask import Ask
from qa.evidence import amount
from qa.textual import Quote, cite_quote
from qa.values import Answer

_FEWEST = 3  # names that make a list of offices


def offices(ask: Ask) -> Answer | None:
    """局机关设了哪些股室, 内设机构有几个: the sentence that lists them, with their number."""
    asked = re.search(data.word("asks_offices"), squeeze(ask.reading.original))
    found = _listed(ask) if asked is not None else None
    if asked is None or found is None:
        return None
    quote, names = found
    cited = len(ask.evidence.citations)
    cite_quote(ask, quote)
    told = say("quote", quote=quote.text.strip())
    if re.search(data.word("how_many_offices"), asked.group()) is None:
        return ask.evidence.answer(told)
    printed = next(
        (
            f
            for f in ask.report.figures
            if f.measure == "count"
            and f.value is not None
            and f.unit == "个"
            and f.sentence.strip() == quote.text.strip()
        ),
        None,
    )
    if printed is not None:
        ask.evidence.value(printed)
        return ask.evidence.answer(f"{amount(printed)}。{told}")
    ask.evidence.count_value(len(names), "个", "内设机构个数", range(cited, cited + 1))
    items = "、".join(names)
    return ask.evidence.answer(say("count", count=len(names), unit="个内设机构", items=items))


def _listed(ask: Ask) -> tuple[Quote, list[str]] | None:
    """The sentence that names the most offices, and their names."""
    best: tuple[Quote, list[str]] | None = None
    for paragraph in ask.report.paragraphs:
        if paragraph.heading:
            continue
        for start, end in sentences(paragraph.text):
            match = re.search(data.word("offices_listed"), fold(paragraph.text[start:end]))
            if match is None:
                continue
            begin = start + match.start("names")
            listed = paragraph.text[begin : start + match.end("names")]
            names = [n for n in re.split("[、，,]|和(?=[^和]*$)", listed) if n]
            if len(names) >= _FEWEST and (best is None or len(names) > len(best[1])):
                best = Quote(paragraph, start, end), names
    return best
